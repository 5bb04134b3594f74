"""What a study learns from: the examples of its variants, rendered once for all of its rounds."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.errors import Cancel, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.images import content_hash
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.studies.config import StudyConfig, variants
from landmark_gui.core.studies.result import Pool
from landmark_gui.core.studies.rounds import Round, fold_count, round_of
from landmark_gui.inference.rendering import Rendered, render_crops
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.data import LabelledImages, LearningData, pixels_hash
from landmark_gui.training.pixel_store import pixel_array

Look = tuple[Literal["crops", "photos"], int]
"""How a variant sees the photos: `TrainConfig.use` and `image_size`."""
Shown = tuple[int, str]
"""A photo and a landmark that is on it."""


class Picked:
    """Some rows of an array, by their number, without a copy of them."""

    def __init__(self, rows: npt.NDArray[Any], numbers: npt.NDArray[np.integer]) -> None:
        self._rows, self._numbers = rows, numbers
        self.shape = (len(numbers), *rows.shape[1:])
        self.dtype = rows.dtype

    def __len__(self) -> int:
        return len(self._numbers)

    def __getitem__(self, index: Any) -> npt.NDArray[Any]:
        return self._rows[self._numbers[index]]

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> npt.NDArray[Any]:
        return np.asarray(self._rows[self._numbers], dtype)


@dataclass(frozen=True)
class View:
    """The examples of a study as some of its variants see them.

    Attributes:
        rows: shape (n, size, size, 3), uint8.
        labels: class indices, shape (n,).
        groups: of the n examples, those that must stay together.
        features: what a frozen backbone makes of them, shape (n, d), where that is known.
    """

    rows: npt.NDArray[np.uint8]
    labels: npt.NDArray[np.int32]
    groups: Sequence[int]
    crops: Sequence[Crop]
    features: npt.NDArray[np.float32] | None = None

    def parts(self, at: Round) -> tuple[LabelledImages, LabelledImages, LabelledImages]:
        """What a round learns from, is steered by, and is measured on."""
        train, validation, held = (self._part(mask) for mask in at.masks(self.groups))
        return train, validation, held

    def _part(self, mask: npt.NDArray[np.bool_]) -> LabelledImages:
        numbers = np.flatnonzero(mask)
        images = cast("npt.NDArray[np.uint8]", Picked(self.rows, numbers))
        crops = [self.crops[number] for number in numbers.tolist()]
        features = None if self.features is None else self.features[numbers]
        return LabelledImages(images, self.labels[numbers], crops, features)


@dataclass(frozen=True)
class StudyData:
    """All that the trials of a study need.

    Attributes:
        classes: names of the landmarks.
        pool: how many examples there are; of "compare" photos.
        views: by `look_of` of a variant's config.
        drawn: the view from whose labels and groups the rounds are drawn.
    """

    classes: tuple[str, ...]
    pool: Pool
    views: dict[Look, View]
    drawn: View

    def round(self, number: int, base: TrainConfig) -> Round:
        """The groups of a round."""
        share = base.split[1] / (base.split[0] + base.split[1])
        drawn, folds = self.drawn, self.pool.folds
        return round_of(number, drawn.labels, drawn.groups, folds, base.seed, share)

    def hash(self, base: TrainConfig) -> str:
        """Of all that is learned from: pixels, labels, groups, and the weights to start with.

        What the project knows of a photo's file counts for nothing: of a large one that changes
        when the scan has come to its end.
        """
        listed: list[Any] = [self.classes, _weights_hash(base)]
        for look, view in self.views.items():
            listed.append([look, list(view.groups), pixels_hash([(view.labels, view.rows)])])
        return hashlib.blake2b(json.dumps(listed).encode(), digest_size=16).hexdigest()


def look_of(config: TrainConfig) -> Look:
    return config.use, config.image_size


def learning_data(
    classes: tuple[str, ...], train: LabelledImages, validation: LabelledImages
) -> LearningData:
    """What `fitting.fit` is given. Raises TrainingError if there is nothing to tell apart."""
    if len(np.unique(train.labels)) < 2:
        raise TrainingError(
            tr("Fewer than two landmarks have a readable photo to learn from. Add photos first.")
        )
    counts = {"train": _counts(classes, train), "validation": _counts(classes, validation)}
    return LearningData(classes, train, validation, counts)


def load(study: StudyConfig, emit: Emit, cancelled: Cancel) -> StudyData:
    """Read the project and render the examples of all variants.

    Of "augmentation" these are those to learn from and those for validation: the test split stays
    out, since a choice is made. Of "compare" they are all, once as photos and once as crops, of
    the photos that give both.

    Raises:
        LandmarkError: in words, if the data are at fault.
        Cancelled: between two photos.
    """
    looks = list(dict.fromkeys(look_of(variant.config) for variant in variants(study)))
    planned = [_planned(study, look, emit, cancelled) for look in looks]
    common = _common(crops for crops, _ in planned)
    rendered = [
        _rendered(crops, common, look[1], emit, cancelled)
        for look, (crops, _) in zip(looks, planned, strict=True)
    ]
    common = _common(one.crops for one in rendered)  # fewer, if some could not be read
    _tell_left_out(planned[0][1], rendered, emit)
    present = {landmark for _, landmark in common}
    classes = tuple(name for name in planned[0][1].classes if name in present)
    group_of = planned[0][1].group_of
    views = [_view(one, common, classes, group_of) for one in rendered]
    drawn = views[0]
    folds = fold_count(drawn.labels, drawn.groups, classes)
    pool = Pool(len(drawn.labels), len(classes), folds)
    return StudyData(classes, pool, dict(zip(looks, views, strict=True)), drawn)


def _planned(
    study: StudyConfig, look: Look, emit: Emit, cancelled: Cancel
) -> tuple[list[Crop], Examples]:
    """The crops of a look that take part, and all that the project has."""

    def progress(done: int, total: int) -> None:
        emit({"event": "preparing", "done": done, "total": total, "measuring": True})

    base = study.base
    settings = replace(base.crop_settings, use=look[0])
    examples = load_project_examples(
        Path(base.project), settings, base.split_settings, progress, cancelled
    )
    chosen = study.kind == "compare"
    return [crop for crop in examples.crops if chosen or crop.split != "test"], examples


def _common(parts: Iterable[Sequence[Crop]]) -> set[Shown]:
    """What all views show."""
    return set.intersection(*({_shown(crop) for crop in crops} for crops in parts))


def _shown(crop: Crop) -> Shown:
    return crop.photo_id, crop.landmark


def _rendered(
    crops: Sequence[Crop], common: set[Shown], size: int, emit: Emit, cancelled: Cancel
) -> Rendered:
    def progress(done: int, total: int) -> None:
        emit({"event": "preparing", "done": done, "total": total})

    def log(text: str) -> None:
        emit({"event": "log", "message": text})

    chosen = [crop for crop in crops if _shown(crop) in common]
    return render_crops(chosen, size, progress, cancelled, pixel_array(len(chosen), size, log))


def _tell_left_out(examples: Examples, rendered: Sequence[Rendered], emit: Emit) -> None:
    skipped = (pair for one in rendered for pair in one.skipped)
    for path, reason in dict.fromkeys((*examples.left_out, *skipped)):
        text = tr("{path} was left out: {reason}", path=path, reason=reason)
        emit({"event": "log", "message": text})


def _view(
    rendered: Rendered, common: set[Shown], classes: Sequence[str], group_of: Mapping[int, int]
) -> View:
    kept = [number for number, crop in enumerate(rendered.crops) if _shown(crop) in common]
    complete = len(kept) == len(rendered.crops)
    crops = [rendered.crops[number] for number in kept]
    labels = np.array([classes.index(crop.landmark) for crop in crops], np.int32)
    groups = [group_of.get(crop.photo_id, crop.photo_id) for crop in crops]
    return View(rendered.images if complete else rendered.images[kept], labels, groups, crops)


def _weights_hash(base: TrainConfig) -> str | None:
    """Of the file of weights; None without one, and if it cannot be read, as is told later."""
    try:
        return base.weights and content_hash(Path(base.weights))
    except OSError:
        return None


def _counts(classes: Sequence[str], part: LabelledImages) -> dict[str, int]:
    counts = np.bincount(part.labels, minlength=len(classes)).tolist()
    return dict(zip(classes, counts, strict=True))
