"""A model file handed on in another form, once that gives the same answers on the same crops."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import keras
import numpy as np

from landmark_gui.core.atomic import creating
from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    DatasetError,
    LandmarkError,
    Progress,
    TrainingError,
    never_cancelled,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.model_export import (
    CHECKED_CROPS,
    TOLERANCE,
    Exported,
    ModelExport,
    ModelForm,
    how_to_use,
)
from landmark_gui.inference.bundle import Bundle, read_bundle
from landmark_gui.inference.evaluation import project_examples
from landmark_gui.inference.rendering import Pixels, render_crops
from landmark_gui.training import converting
from landmark_gui.training.bundle_reader import load_keras
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.converting import Answer
from landmark_gui.training.data import Probabilities

REPRESENTATIVE = 200
"""Training crops that tell int8 the ranges of values; TensorFlow's guide asks for 100 to 500."""


def export_model(asked: ModelExport, emit: Emit, cancelled: Cancel = never_cancelled) -> Exported:
    """Write a model in another form, and a note beside it that says how it is used.

    Args:
        emit: receives "state" and "preparing" events.
        cancelled: asked between photos and between steps.

    Raises:
        LandmarkError: in words, if the model or the project cannot be read, something is there
            already, the export cannot be made or written, or answers otherwise than the model.
        Cancelled: nothing is then written.
    """
    _refuse_to_replace(asked)
    keras.config.disable_interactive_logging()
    emit({"event": "state", "state": "preparing"})
    bundle = read_bundle(asked.model)
    model = load_keras(bundle)

    def progress(done: int, total: int) -> None:
        emit({"event": "preparing", "done": done, "total": total})

    material = _Material(bundle, asked.project, progress, cancelled)
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder, "export")
        emit({"event": "state", "state": "exporting"})
        _check_cancelled(cancelled)
        with _in_words(asked.form):
            answer, names = _made(asked.form, bundle, model, material, made)
        emit({"event": "state", "state": "checking"})
        _check_cancelled(cancelled)
        found = _tried(asked, answer, model, material)
        found = material.with_accuracy(found, answer) if asked.form == "int8" else found
        _check_cancelled(cancelled)
        note = how_to_use(asked.form, bundle.labels, bundle.card["preprocessing"], names)
        _write(asked, made, {**note, "made_from": bundle.path.name})
    return replace(found, bytes=_size(asked.dest))


class _Material:
    """The crops of a project that an export takes, rendered as they are needed."""

    def __init__(
        self, bundle: Bundle, project: Path | None, progress: Progress, cancelled: Cancel
    ) -> None:
        self.bundle = bundle
        self._project, self._progress, self._cancelled = project, progress, cancelled
        self._examples: Examples | None = None
        if project is not None:
            self._examples = project_examples(bundle, project, progress, cancelled)

    def pictures(self) -> tuple[Pixels, bool]:
        """What both forms are asked about, and whether it is real."""
        if self._examples is None:
            return drawn_pictures(self.bundle.size), False
        # Those of the test split first: the model has not seen them.
        crops = self._examples.of("test") + self._examples.of("validation")
        return self._rendered(_spread(crops or self._examples.crops, CHECKED_CROPS)), True

    def representative(self) -> Pixels:
        """Training crops for the ranges of values."""
        assert self._examples is not None
        return self._rendered(_spread(self._examples.of("train"), REPRESENTATIVE))

    def with_accuracy(self, found: Exported, answer: Answer) -> Exported:
        """The same with what the export costs on the test split."""
        assert self._examples is not None
        labels = self.bundle.labels
        crops = [crop for crop in self._examples.of("test") if crop.landmark in labels]
        if not crops:
            return found
        rendered = render_crops(crops, self.bundle.size, self._progress, self._cancelled)
        truth = np.array([labels.index(crop.landmark) for crop in rendered.crops])
        before, _ = converting.litert_answer(self.bundle.litert, len(labels))
        right = [
            int((ask(rendered.images).argmax(axis=1) == truth).sum()) for ask in (before, answer)
        ]
        return replace(found, examples=len(truth), right_before=right[0], right=right[1])

    def _rendered(self, crops: Sequence[Crop]) -> Pixels:
        rendered = render_crops(crops, self.bundle.size, self._progress, self._cancelled)
        if not len(rendered.images):
            raise DatasetError(tr("{path} has no photo to try the export on.", path=self._project))
        return rendered.images


def drawn_pictures(size: int) -> Pixels:
    """Pictures to try a model on where there is no photo: noise, fine and coarse, and shapes.

    Returns:
        uint8, shape (20, size, size, 3); the same each time.
    """
    random = np.random.default_rng(0)
    pictures = np.empty((CHECKED_CROPS, size, size, 3), np.uint8)
    for number, picture in enumerate(pictures):
        cells = 2 ** (number % 6 + 1)
        noise = random.integers(0, 256, (cells, cells, 3), np.uint8)
        picture[:] = cv2.resize(noise, (size, size), interpolation=cv2.INTER_LINEAR)
        if number % 2:
            (left, right), (top, bottom) = np.sort(random.integers(0, size, (2, 2)))
            picture[top : bottom + 1, left : right + 1] = random.integers(0, 256, 3)
    return pictures


def _made(
    form: ModelForm, bundle: Bundle, model: keras.Model, material: _Material, path: Path
) -> tuple[Answer, list[str]]:
    """Write the export to a temporary place; how it is asked, and the names that this takes."""
    if form == "savedmodel":
        converting.save_savedmodel(model, path)
        return converting.savedmodel_answer(path)
    if form == "onnx":
        path.write_bytes(converting.as_onnx(model))
        return converting.onnx_answer(path.read_bytes()), [converting.INPUT, converting.OUTPUT]
    if form == "int8":
        path.write_bytes(converting.quantized(model, material.representative()))
    else:
        path.write_bytes(bundle.litert)
    return converting.litert_answer(path.read_bytes(), len(bundle.labels))


@contextmanager
def _in_words(form: ModelForm) -> Iterator[None]:
    """Converters raise anything, for what they do not know."""
    try:
        yield
    except (LandmarkError, Cancelled, MemoryError):
        raise
    except Exception as error:
        text = tr("The model cannot be exported as {form}: {detail}", form=form, detail=error)
        raise TrainingError(text) from error


def _tried(asked: ModelExport, answer: Answer, model: keras.Model, material: _Material) -> Exported:
    """Ask both forms about the same pictures. Raises TrainingError if they disagree."""
    pictures, real = material.pictures()
    original = np.asarray(model(pictures.astype(np.float32), training=False), np.float32)
    difference = difference_of(original, answer(pictures), asked.form)
    if not difference <= TOLERANCE[asked.form]:
        raise TrainingError(
            tr(
                "{path} was not written: exported, the model gives probabilities that differ by "
                "{difference}, more than {tolerance}.",
                path=asked.dest,
                difference=f"{difference:.2g}",
                tolerance=TOLERANCE[asked.form],
            )
        )
    return Exported(asked.dest, asked.form, 0, len(pictures), real, difference)


def difference_of(before: Probabilities, after: Probabilities, form: ModelForm) -> float:
    """How far two forms of a model are apart, as `TOLERANCE` counts it; both of shape (n, c)."""
    worst = np.abs(before - after).max(axis=1)
    return float(worst.mean() if form == "int8" else worst.max())


def _write(asked: ModelExport, made: Path, note: dict[str, Any]) -> None:
    text = json.dumps(note, ensure_ascii=False, indent=1) + "\n"
    try:
        with creating(asked.note) as note_path, creating(asked.dest) as path:
            note_path.write_text(text, "utf-8")
            if made.is_dir():
                shutil.copytree(made, path)
            else:
                shutil.copyfile(made, path)
    except OSError as error:
        raise TrainingError(
            tr(
                "{path} could not be written: {detail}",
                path=asked.dest,
                detail=error.strerror or error,
            )
        ) from error


def _refuse_to_replace(asked: ModelExport) -> None:
    for path in (asked.dest, asked.note):
        if path.exists() or path.is_symlink():
            raise TrainingError(
                tr("{path} is there already. Choose another name; it is not replaced.", path=path)
            )


def _check_cancelled(cancelled: Cancel) -> None:
    if cancelled():
        raise Cancelled


def _spread(crops: Sequence[Crop], count: int) -> list[Crop]:
    """So many of the crops, from all over the list."""
    places = np.unique(np.linspace(0, len(crops) - 1, min(count, len(crops))).astype(int))
    return [crops[place] for place in places]


def _size(path: Path) -> int:
    files = [path] if path.is_file() else [file for file in path.rglob("*") if file.is_file()]
    return sum(file.stat().st_size for file in files)
