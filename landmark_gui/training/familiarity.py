"""How familiar a picture looks: how close it is to the nearest photo that was learned from.

Closeness is the cosine of what the network makes of both, before its last layer (Sun et al.,
"Out-of-distribution detection with deep nearest neighbors", ICML 2022,
https://arxiv.org/abs/2204.06507; the nearest one alone, as there are few photos). It is reckoned
in the LiteRT model itself, which holds the features of the photos; what other scores were tried
stands in docs/adr/0030.
"""

from __future__ import annotations

from collections.abc import Callable

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from landmark_gui.core.errors import Cancel, Cancelled
from landmark_gui.inference.rendering import Pixels
from landmark_gui.training.data import Labels, Probabilities
from landmark_gui.training.features import BATCH, Features

Scores = npt.NDArray[np.float32]

MOST = 1000
"""Photos that a model holds features of, at most: 5 MB of 1280 numbers each."""
_TINY = 1e-12


Ask = Callable[[Pixels], tuple[Probabilities, Features]]


def asking(model: keras.Model, cancelled: Cancel) -> Ask:
    """A function from pixels, uint8 of shape (n, size, size, 3), to probabilities and features.

    The features are what the last layer sees, shape (n, d). What it says follows the model's
    weights when they change.

    Raises:
        Cancelled: by that function, between two batches.
    """
    both = keras.Model(model.inputs, [model.outputs[0], before_answers(model)])
    signature = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
    forward = tf.function(lambda pixels: both(pixels, training=False), [signature], autograph=False)
    classes, width = (output.shape[-1] for output in both.outputs)

    def ask(images: Pixels) -> tuple[Probabilities, Features]:
        answers = np.empty((len(images), classes), np.float32)
        features = np.empty((len(images), width), np.float32)
        for start in range(0, len(images), BATCH):
            if cancelled():
                raise Cancelled
            rows = slice(start, start + BATCH)
            answers[rows], features[rows] = forward(tf.constant(images[rows], tf.float32))
        return answers, features

    return ask


def before_answers(model: keras.Model) -> keras.KerasTensor:
    """What the last layer of a model sees: shape (batch, d)."""
    return model.get_layer("probabilities").input


def remembered(features: Features, seed: int) -> tuple[Features, npt.NDArray[np.int64]]:
    """What a model keeps of the photos that it learned from.

    Args:
        features: of all of them, shape (n, d).
        seed: draws from many; as for the training.

    Returns:
        Rows of length 1, shape (at most `MOST`, d), and their places in `features`.
    """
    places = np.random.default_rng(seed).permutation(len(features))[:MOST]
    places.sort()
    return _unit(features[places]), places


def familiarity(features: Features, memory: Features) -> Scores:
    """Cosine to the nearest of the remembered photos, 0 (nothing in common) to 1, shape (n,).

    Args:
        features: shape (n, d).
        memory: of `remembered`.
    """
    return _nearest(_unit(features) @ memory.T)


def left_out_familiarity(
    features: Features, labels: Labels, memory: Features, memory_labels: Labels
) -> Scores:
    """As `familiarity`, as if each photo's own landmark had been left out of the training.

    That is honest only of features that have not learned any of the landmarks, those of a frozen
    backbone: they are what they would be without it.

    Args:
        labels: class indices, shape (n,).
        memory_labels: those of `memory`.
    """
    others = labels[:, None] != np.asarray(memory_labels)[None]
    return _nearest(np.where(others, _unit(features) @ memory.T, -1))


def with_familiarity(
    model: keras.Model, memory: Features
) -> Callable[[tf.Tensor], tuple[tf.Tensor, tf.Tensor]]:
    """A model as a function of pixels, with its familiarity, shape (batch, 1), as second result."""
    both = keras.Model(model.inputs, [model.outputs[0], before_answers(model)])
    columns = tf.constant(memory.T)

    def answer(pixels: tf.Tensor) -> tuple[tf.Tensor, tf.Tensor]:
        answers, features = both(pixels, training=False)
        unit = tf.math.l2_normalize(features, axis=1, epsilon=_TINY)
        nearest = tf.reduce_max(tf.matmul(unit, columns), axis=1, keepdims=True)
        return answers, tf.clip_by_value(nearest, 0.0, 1.0)

    return answer


def _unit(features: Features) -> Features:
    lengths = np.sqrt(np.maximum((features**2).sum(axis=1, keepdims=True), _TINY))
    return np.asarray(features / lengths, np.float32)


def _nearest(cosines: npt.NDArray[np.floating]) -> Scores:
    return np.clip(cosines.max(axis=1, initial=0), 0, 1).astype(np.float32)
