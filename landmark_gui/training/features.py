"""What a frozen backbone makes of each example: one row of features, computed once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from landmark_gui.core.crops import Crop
from landmark_gui.core.errors import Cancel, Cancelled, Progress
from landmark_gui.inference.rendering import Pixels, render_crops

CHUNK = 128
"""Crops held in memory at a time."""
BATCH = 32

Features = npt.NDArray[np.float32]
Look = Callable[[npt.NDArray[np.uint8 | np.float32]], Features]


def feature_model(transfer: keras.Model) -> keras.Model:
    """The part of a `recipes.transfer` model from pixels to what its last layer sees."""
    return keras.Model(transfer.inputs, pooled(transfer), name="features")


def looking(model: keras.Model) -> Look:
    """A function from pixels 0 to 255, shape (n, size, size, 3), to features, whatever n.

    It is traced once; `predict` traces anew for each other size of a batch, a second each time.
    """
    signature = tf.TensorSpec((None, *model.input_shape[1:]), tf.float32)
    forward = tf.function(
        lambda pixels: model(pixels, training=False), [signature], autograph=False
    )
    return lambda pixels: np.asarray(forward(tf.constant(pixels, tf.float32)), np.float32)


def pooled(model: keras.Model) -> keras.KerasTensor:
    """Where a model has its features: after the pooling, before dropout and last layer."""
    kind = keras.layers.GlobalAveragePooling2D
    return next(layer for layer in model.layers if isinstance(layer, kind)).output


def crop_features(
    model: keras.Model,
    crops: Sequence[Crop],
    progress: Progress,
    cancel: Cancel,
    at_hand: Mapping[Crop, Pixels] = MappingProxyType({}),
) -> tuple[Features, list[Crop]]:
    """The features of all crops that can be read, in their order, and those crops.

    Args:
        model: of `feature_model`.
        at_hand: crops that are rendered for this model already; only the others are read.

    Returns:
        Features of shape (n, channels of the backbone), and the n crops.

    Raises:
        Cancelled: between two photos, and between two chunks.
    """
    rows = [np.empty((0, model.output_shape[1]), np.float32)]
    kept: list[Crop] = []
    look = looking(model)
    for start in range(0, len(crops), CHUNK):
        chunk = crops[start : start + CHUNK]
        missing = [crop for crop in chunk if crop not in at_hand]

        def told(done: int, missing: int, end: int = start + len(chunk)) -> None:
            progress(end - missing + done, len(crops))

        rendered = render_crops(missing, model.input_shape[1], told, cancel)
        if cancel():
            raise Cancelled
        pixels = {**at_hand, **dict(zip(rendered.crops, rendered.images, strict=True))}
        readable = [crop for crop in chunk if crop in pixels]
        if readable:
            images = np.stack([pixels[crop] for crop in readable]).astype(np.float32)
            rows += [look(images[place : place + BATCH]) for place in range(0, len(images), BATCH)]
        kept += readable
    return np.concatenate(rows), kept
