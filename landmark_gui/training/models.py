"""The networks that learn from the person's crops alone: a small modern one, and a plain one.

Both take pixels 0 to 255, shape (batch, size, size, 3), and rescale them themselves. What was
tried for the modern one, and what it gained, stands in docs/adr/0024.
"""

from __future__ import annotations

from itertools import product

import keras
import numpy as np
import numpy.typing as npt
from keras import layers

from landmark_gui.core.runs import Activation

PLAIN_FILTERS = (32, 64, 128)
PLAIN_UNITS = 256

STEM_SIDE, STEM_STRIDE = 5, 2
STEM_WEAKEST = 0.185
"""Waves that are usually weaker than this hold little but noise."""
FILTERS = (32, 64, 128)
NORMALIZATION_MOMENTUM = 0.9
"""Keras' 0.99 needs some 500 steps to forget its start; a small project has 5 an epoch."""

_COLOURS = ((1, 1, 1), (1, 0, -1), (1, -2, 1))
"""Brightness, red against blue, green against both: nearly the principal axes of the colours of
natural photos (Ruderman, Cronin and Chiao, J. Opt. Soc. Am. A 15, 1998)."""
_COLOUR_SHARES = (1.0, 0.4, 0.1)
"""How strong each of them is, beside brightness, where nothing changes over a patch."""


def plain(size: int, classes: int, activation: Activation = "relu") -> keras.Model:
    """The plain network of its day, without normalisation: 4.8 million weights at 96 pixels.

    Three blocks of 3×3 convolution (32, 64, 128) and max pooling, 256 units, the classes.

    Args:
        size: side of the input in pixels, at least 8.
        classes: number of outputs.
        activation: of the convolutions and of the 256 units.

    Returns:
        A model from pixels to class probabilities.
    """
    inputs = keras.Input((size, size, 3), name="pixels")
    features = layers.Rescaling(1 / 255, name="to_unit_range")(inputs)
    for filters in PLAIN_FILTERS:
        features = layers.Conv2D(filters, 3, padding="same")(features)
        features = _activated(features, activation)
        features = layers.MaxPooling2D()(features)
    features = layers.Dense(PLAIN_UNITS)(layers.Flatten()(features))
    features = _activated(features, activation)
    return keras.Model(inputs, _probabilities(features, classes), name="plain")


def modern(
    size: int,
    classes: int,
    activation: Activation = "relu",
    batch_normalization: bool = True,
    dropout: float = 0.3,
) -> keras.Model:
    """A small network on fixed first filters: 0.1 million weights, whatever the size.

    The first layer takes each patch of 5×5 pixels apart into waves and does not learn (see
    `stem_filters`): a few hundred photos are too few to learn what all photos have in common.
    Three blocks of convolution and max pooling follow, then the mean over the whole map, in which
    it does not matter where a landmark stands (Lin et al., https://arxiv.org/abs/1312.4400).

    Args:
        size: side of the input in pixels, at least 16.
        classes: number of outputs.
        activation: of the first layer and of every convolution.
        batch_normalization: between convolution and activation
            (Ioffe and Szegedy, https://arxiv.org/abs/1502.03167); the first layer then is scaled
            by the photos, and not by what is usual.
        dropout: fraction of features dropped before the last layer.

    Returns:
        A model from pixels to class probabilities.
    """
    inputs = keras.Input((size, size, 3), name="pixels")
    features = layers.Rescaling(1 / 127.5, offset=-1, name="to_unit_range")(inputs)
    features = _stem(features, activation, batch_normalization)
    for filters in FILTERS:
        features = _convolved(features, filters, activation, batch_normalization)
        features = layers.MaxPooling2D()(features)
    features = layers.GlobalAveragePooling2D()(features)
    features = layers.Dropout(dropout)(features)
    return keras.Model(inputs, _probabilities(features, classes), name="modern")


def stem_filters() -> npt.NDArray[np.float32]:
    """The first layer of `modern`: the strongest waves of a patch, each with both signs.

    They are the basis functions of the discrete cosine transform, as JPEG has them, in three
    uncorrelated colours: close to the principal components of patches of any photos. Each is
    divided by the strength that it usually has, about one over its frequency (Field, J. Opt. Soc.
    Am. A 4, 1987), so that fine detail counts as much as light and shade. Such whitening lets
    small data sets be learned by few steps (Coates and Ng, "Learning feature representations with
    k-means", 2012; Jordan, https://arxiv.org/abs/2404.00498); networks on cosine filters by
    Ulicny et al., https://arxiv.org/abs/1905.00135. With both signs, a rectifier loses nothing
    (Shang et al., https://arxiv.org/abs/1603.05201).

    Returns:
        Shape (5, 5, 3, 46): height, width, colour, filter.
    """
    place = (np.arange(STEM_SIDE) + 0.5) * np.pi / STEM_SIDE
    waves = [np.cos(place * order) for order in range(STEM_SIDE)]
    waves = [wave / np.linalg.norm(wave) for wave in waves]
    patches = []
    for (down, vertical), (across, horizontal) in product(enumerate(waves), repeat=2):
        for colour, share in zip(_COLOURS, _COLOUR_SHARES, strict=True):
            strength = share * _strength(down + across)
            if strength >= STEM_WEAKEST:
                patch = np.einsum("i,j,k->ijk", vertical, horizontal, colour)
                patches.append(patch / np.linalg.norm(colour) / strength)
    one_sign = np.stack(patches, axis=-1)
    return np.concatenate([one_sign, -one_sign], axis=-1).astype(np.float32)


def _strength(order: int) -> float:
    """The usual standard deviation of a wave's share in a patch of pixels from -1 to 1."""
    return 4 / (1 + 4 * order)


def _stem(
    pixels: keras.KerasTensor, activation: Activation, batch_normalization: bool
) -> keras.KerasTensor:
    filters = stem_filters()
    waves = layers.Conv2D(
        filters.shape[-1],
        STEM_SIDE,
        strides=STEM_STRIDE,
        padding="same",
        use_bias=False,
        trainable=False,
        name="waves",
    )
    features = waves(pixels)
    waves.set_weights([filters])
    if batch_normalization:
        features = layers.BatchNormalization(
            momentum=NORMALIZATION_MOMENTUM, center=False, scale=False
        )(features)
    return _activated(features, activation)


def _convolved(
    features: keras.KerasTensor, filters: int, activation: Activation, batch_normalization: bool
) -> keras.KerasTensor:
    # He initialisation keeps the variance through rectifiers (https://arxiv.org/abs/1502.01852).
    features = layers.Conv2D(
        filters,
        3,
        padding="same",
        use_bias=not batch_normalization,
        kernel_initializer="he_normal",
    )(features)
    if batch_normalization:
        features = layers.BatchNormalization(momentum=NORMALIZATION_MOMENTUM)(features)
    return _activated(features, activation)


def _activated(features: keras.KerasTensor, name: Activation) -> keras.KerasTensor:
    if name != "prelu":
        return layers.Activation(name)(features)
    # One slope a channel, as in the paper (https://arxiv.org/abs/1502.01852), not one a pixel.
    places = list(range(1, len(features.shape) - 1))
    return layers.PReLU(shared_axes=places or None)(features)


def _probabilities(features: keras.KerasTensor, classes: int) -> keras.KerasTensor:
    return layers.Dense(classes, activation="softmax", name="probabilities", dtype="float32")(
        features
    )
