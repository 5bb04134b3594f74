"""What a frozen backbone makes of each example: one row of features, computed once."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop
from landmark_gui.core.errors import Cancel, Cancelled, Progress
from landmark_gui.inference.rendering import render_crops
from landmark_gui.training.data import Batches, LabelledImages

CHUNK = 128
"""Crops held in memory at a time."""
BATCH = 32

Features = npt.NDArray[np.float32]


def feature_model(transfer: keras.Model) -> keras.Model:
    """The part of a `models.transfer` model from pixels to what its last layer sees."""
    pooling = next(
        layer for layer in transfer.layers if isinstance(layer, keras.layers.GlobalAveragePooling2D)
    )
    return keras.Model(transfer.inputs, pooling.output, name="features")


def crop_features(
    model: keras.Model, crops: Sequence[Crop], progress: Progress, cancel: Cancel
) -> tuple[Features, list[Crop]]:
    """The features of all crops that can be read, in their order, and those crops.

    Args:
        model: of `feature_model`.

    Returns:
        Features of shape (n, channels of the backbone), and the n crops.

    Raises:
        Cancelled: between two photos, and between two chunks.
    """
    rows = [np.empty((0, model.output_shape[1]), np.float32)]
    kept: list[Crop] = []
    for start in range(0, len(crops), CHUNK):

        def told(done: int, _: int, start: int = start) -> None:
            progress(start + done, len(crops))

        rendered = render_crops(crops[start : start + CHUNK], model.input_shape[1], told, cancel)
        if cancel():
            raise Cancelled
        images = LabelledImages(rendered.images, np.zeros(len(rendered.crops), np.int32))
        if len(images):
            rows.append(model.predict(Batches(images, BATCH), verbose=0))
        kept += rendered.crops
    return np.concatenate(rows), kept
