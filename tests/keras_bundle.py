"""Model files of Keras models, written as a training writes them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any


def write_keras_bundle(path: Path, model: Any, labels: Sequence[str]) -> Path:
    """A model file of a model from pixels to the probabilities of `labels`."""
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.inference.bundle import Bundle
    from landmark_gui.training.bundle_writer import make_card, to_litert, write_bundle

    config = {**TrainConfig("", "").to_dict(), "image_size": model.input_shape[1]}
    card = make_card(threshold=0.5, metrics={}, config=config)
    write_bundle(Bundle(path, tuple(labels), card, to_litert(model)), model)
    return path
