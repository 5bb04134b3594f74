"""Writing a trained model as a model file, once both of its forms give the same answers."""

from __future__ import annotations

import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from landmark_gui import __version__
from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.inference.bundle import (
    CARD,
    FORMAT_VERSION,
    KERAS_MODEL,
    LABELS,
    LITERT_MODEL,
    Bundle,
)
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.rendering import Pixels
from landmark_gui.training.data import Probabilities
from landmark_gui.training.familiarity import Scores, with_familiarity
from landmark_gui.training.features import Features

AGREEMENT_TOLERANCE = 1e-3
"""Largest difference of a probability between Keras and LiteRT: under what any page shows.

Measured differences of float32 models are around 1e-7."""

_EPOCH_OF_ZIP = (1980, 1, 1, 0, 0, 0)


def to_litert(model: keras.Model, memory: Features | None = None) -> bytes:
    """Convert a model to LiteRT, with a batch of one.

    Args:
        memory: of `familiarity.remembered`, for a second output: how familiar a picture looks.

    The converter's default way, through a SavedModel, takes 18 s for MobileNetV2 where freezing
    the traced function takes 1.6 s, with equal results.
    """
    size = model.input_shape[1]
    signature = tf.TensorSpec((1, size, size, 3), tf.float32, name="pixels")
    answer = partial(model, training=False) if memory is None else with_familiarity(model, memory)
    traced = tf.function(lambda pixels: answer(pixels), autograph=False)
    converter = tf.lite.TFLiteConverter.from_concrete_functions(
        [traced.get_concrete_function(signature)], model
    )
    converter.experimental_lower_to_saved_model = False
    return bytes(converter.convert())


PLACES = ("project", "out", "weights", "model", "skipped")
"""Paths of the machine that trained: a model is given away, they are nobody's business."""


def make_card(
    *,
    threshold: float,
    metrics: Mapping[str, Any],
    config: Mapping[str, Any],
    shapes: Sequence[tuple[float, float]] = (),
    more: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """The card of a model, but for its checksums. Times are UTC.

    Args:
        shapes: of the boxes that it learned from, see `core.windows.shapes_of`.
        more: `calibration` and `unknown`, where they were measured.
    """
    size = config["image_size"]
    return {
        "format_version": FORMAT_VERSION,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "preprocessing": {"size": size, "fit": "stretch", "range": [0, 255], "color": "RGB"},
        "threshold": threshold,
        "shapes": [list(shape) for shape in shapes],
        **more,
        "metrics": _without_places(metrics),
        "training": _without_places(config),
        "versions": versions(),
    }


def _without_places(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in PLACES}


def versions() -> dict[str, str]:
    """What made the model."""
    packages = ("tensorflow", "keras", "numpy", "ai-edge-litert")
    return {"landmark-gui": __version__, **{name: version(name) for name in packages}}


def check_agreement(
    expected: Probabilities,
    classifier: Classifier,
    images: Pixels,
    scores: Scores | None = None,
) -> float:
    """Compare LiteRT with what Keras said about the same images.

    Args:
        expected: probabilities from Keras, float32 of shape (n, classes).
        images: uint8, shape (n, size, size, 3).
        scores: their familiarity, shape (n,), if the model has one.

    Returns:
        The largest absolute difference of a probability or score.

    Raises:
        TrainingError: if it is above `AGREEMENT_TOLERANCE`, or not a number.
    """
    said = classifier.ask(images)
    difference = float(np.abs(said.probabilities - expected).max())
    if scores is not None:
        difference = max(difference, float(np.abs(said.scores - scores).max()))
    if not difference <= AGREEMENT_TOLERANCE:
        raise TrainingError(
            tr(
                "The model was not saved: saved and trained, it gives probabilities that differ "
                "by {difference}, more than {tolerance}.",
                difference=f"{difference:.2g}",
                tolerance=AGREEMENT_TOLERANCE,
            )
        )
    return difference


def write_bundle(bundle: Bundle, model: keras.Model) -> None:
    """Write `bundle` with the Keras form of its model to `bundle.path`, in one step.

    Raises:
        TrainingError: if the file cannot be written; an older one is then untouched.
    """
    members = {
        KERAS_MODEL: keras_file(model),
        LITERT_MODEL: bundle.litert,
        LABELS: _json(list(bundle.labels)),
    }
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in members.items()}
    members[CARD] = _json({**bundle.card, "sha256": sums})
    try:
        write_atomic(bundle.path, _zipped(members))
    except OSError as error:
        raise TrainingError(
            tr("The model could not be saved as {path}: {detail}", path=bundle.path, detail=error)
        ) from error


def keras_file(model: keras.Model) -> bytes:
    """A model in Keras' own format, without the state of its optimizer."""
    plain = keras.Model(model.inputs, model.outputs, name=model.name)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, KERAS_MODEL)
        plain.save(path)
        return path.read_bytes()


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=1, allow_nan=False).encode()


def _zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip without compression: weights do not shrink, and the viewer opens it sooner."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            entry = zipfile.ZipInfo(name, _EPOCH_OF_ZIP)
            entry.external_attr = 0o644 << 16  # readable where somebody unpacks it
            archive.writestr(entry, content)
    return buffer.getvalue()
