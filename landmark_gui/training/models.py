"""The network of `scratch`. It takes float32 pixels 0 to 255, shape (batch, size, size, 3), and
does its own rescaling, so nothing outside a model file can feed it the wrong range."""

from __future__ import annotations

from collections.abc import Iterator

import keras
from keras import layers

from landmark_gui.core.runs import Activation

SCRATCH_FILTERS = (16, 32, 64, 128)
NORMALIZATION_MOMENTUM = 0.9
"""Keras' 0.99 needs some 500 steps to forget its start; a small project has 5 an epoch."""


def scratch(
    size: int, classes: int, activation: Activation, batch_normalization: bool, dropout: float
) -> keras.Model:
    """A small CNN for 96 to 160 pixels: four blocks of convolution and pooling, then averaging.

    Args:
        size: side of the input in pixels, at least 32.
        classes: number of outputs.
        activation: of every convolution.
        batch_normalization: between convolution and activation
            (Ioffe and Szegedy, https://arxiv.org/abs/1502.03167).
        dropout: fraction of features dropped before the last layer.

    Returns:
        A model from pixels to class probabilities.
    """
    inputs = keras.Input((size, size, 3), name="pixels")
    features = _to_unit_range(inputs)
    for filters in SCRATCH_FILTERS:
        for layer in _block(filters, activation, batch_normalization):
            features = layer(features)
    return keras.Model(inputs, _head(features, classes, dropout), name="scratch")


def _to_unit_range(pixels: keras.KerasTensor) -> keras.KerasTensor:
    return layers.Rescaling(1 / 127.5, offset=-1, name="to_unit_range")(pixels)


def _block(
    filters: int, activation: Activation, batch_normalization: bool
) -> Iterator[keras.Layer]:
    # He initialisation keeps the variance through rectifiers (https://arxiv.org/abs/1502.01852).
    yield layers.Conv2D(
        filters,
        3,
        padding="same",
        use_bias=not batch_normalization,
        kernel_initializer="he_normal",
    )
    if batch_normalization:
        yield layers.BatchNormalization(momentum=NORMALIZATION_MOMENTUM)
    yield _activation(activation)
    yield layers.MaxPooling2D()


def _activation(name: Activation) -> keras.Layer:
    if name == "prelu":  # one slope a channel, as in the paper, not one a pixel
        return layers.PReLU(shared_axes=[1, 2])
    return layers.Activation(name)


def _head(features: keras.KerasTensor, classes: int, dropout: float) -> keras.KerasTensor:
    pooled = layers.GlobalAveragePooling2D()(features)
    kept = layers.Dropout(dropout)(pooled)
    return layers.Dense(classes, activation="softmax", name="probabilities")(kept)
