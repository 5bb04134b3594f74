"""What a leak is worth, and which labels are likely wrong: asked after each training.

Every example is named by a softmax regression that has not seen it, on the features of a backbone
that was trained elsewhere: once with the photos that belong together in one fold, as the
program splits, and once with every example drawn by itself, as is often done (docs/adr/0019).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_gui.core.confident_learning import label_issues
from landmark_gui.core.crops import Crop
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    DatasetError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.folds import grouped_folds
from landmark_gui.core.i18n import tr
from landmark_gui.core.label_errors import LabelError
from landmark_gui.core.run_results import Accuracy, ProbeResult
from landmark_gui.core.softmax_regression import compressed, fit_predict

FOLDS = 5
REPEATS, REPEATS_OF_MANY, MANY = 5, 2, 2000
"""How often each cross-validation is repeated with other folds: less with many examples, which
make up for it, and take longer."""
L2 = 1e-3
"""Measured on 355 photos of 7 wonders: the accuracy is the same from 3e-4 to 1e-3, and label errors
are found best there (docs/figures.md)."""

WIDTH_95 = 1.96
"""Standard errors to each side of an interval of 95 %."""

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Examined:
    """Examples as the probe needs them.

    Attributes:
        features: shape (n, d), whatever d.
        crops: the n examples.
        groups: for each the group that must stay together.
        labels: class indices, shape (n,).
        classes: their names.
    """

    features: npt.NDArray[np.floating]
    crops: Sequence[Crop]
    groups: Sequence[int]
    labels: npt.NDArray[np.int64]
    classes: tuple[str, ...]


@dataclass(frozen=True)
class Answers:
    """What cross-validation said, over its repetitions.

    Attributes:
        probabilities: the mean, shape (n, classes).
        right: how often each example was named rightly, 0 to 1.
        learned: whether its class was there to be learned each time.
    """

    probabilities: npt.NDArray[np.float64]
    right: Vector
    learned: npt.NDArray[np.bool_]


def examined(
    features: npt.NDArray[np.floating],
    crops: Sequence[Crop],
    classes: tuple[str, ...],
    group_of: Mapping[int, int],
) -> Examined:
    """Put together what is probed; a photo without a group is one of its own, under its id."""
    number = {name: index for index, name in enumerate(classes)}
    groups = [group_of.get(crop.photo_id, crop.photo_id) for crop in crops]
    labels = np.array([number[crop.landmark] for crop in crops], np.int64)
    return Examined(features, crops, groups, labels, classes)


def probe(
    data: Examined,
    backbone: str,
    seed: int = 0,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ProbeResult:
    """Cross-validate twice, honestly and naively, and look for label errors.

    Args:
        backbone: what the features are of, for the record.
        seed: of the first repetition; the same seed gives the same result.
        progress: told of each fold.

    Raises:
        DatasetError: if no landmark has photos that are independent of each other.
        Cancelled: between two folds.
    """
    if len(set(data.groups)) < 2:
        raise _inseparable()
    seeds = tuple(range(seed, seed + repeats(len(data.labels))))
    inputs = compressed(data.features)
    total = 2 * len(seeds) * FOLDS

    def second(done: int, _: int) -> None:
        progress(total // 2 + done, total)

    def first(done: int, _: int) -> None:
        progress(done, total)

    alone = list(range(len(data.labels)))
    honest = cross_validate(inputs, data.labels, data.groups, seeds, first, cancel)
    naive = cross_validate(inputs, data.labels, alone, seeds, second, cancel)
    measured = honest.learned & naive.learned
    if not measured.any():
        raise _inseparable()
    return _result(data, honest, naive, measured, seeds, backbone)


def repeats(examples: int) -> int:
    """How often to repeat a cross-validation of so many examples."""
    return REPEATS if examples <= MANY else REPEATS_OF_MANY


def cross_validate(
    inputs: npt.NDArray[np.float64],
    labels: npt.NDArray[np.int64],
    groups: Sequence[int],
    seeds: Sequence[int],
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Answers:
    """Name every example by a regression that has not seen its group, once for each seed."""
    classes = int(labels.max()) + 1
    probabilities = np.zeros((len(labels), classes))
    right = np.zeros(len(labels))
    learned = np.ones(len(labels), bool)
    for repeat, seed in enumerate(seeds):
        folds = grouped_folds(labels, groups, FOLDS, seed)
        answers = np.zeros_like(probabilities)
        for fold in range(int(folds.max()) + 1):
            if cancel():
                raise Cancelled
            held = folds == fold
            answers[held] = fit_predict(inputs[~held], labels[~held], inputs[held], classes, L2)
            learned[held] &= np.isin(labels[held], labels[~held])
            progress(repeat * FOLDS + fold + 1, len(seeds) * FOLDS)
        probabilities += answers / len(seeds)
        right += (answers.argmax(axis=1) == labels) / len(seeds)
    return Answers(probabilities, right, learned)


def _result(
    data: Examined,
    honest: Answers,
    naive: Answers,
    measured: npt.NDArray[np.bool_],
    seeds: tuple[int, ...],
    backbone: str,
) -> ProbeResult:
    groups = np.unique(np.asarray(data.groups)[measured], return_inverse=True)[1]
    sizes = np.bincount(groups)
    errors = _label_errors(data, honest, measured)
    present = set(data.labels[measured].tolist())
    return ProbeResult(
        honest=interval(honest.right[measured], groups, 0),
        naive=interval(naive.right[measured], groups, 0),
        leak=interval((naive.right - honest.right)[measured], groups, -1),
        chance=1 / len(data.classes),
        examples=int(measured.sum()),
        alike=int(sizes[sizes > 1].sum()),
        groups=len(sizes),
        folds=FOLDS,
        seeds=seeds,
        backbone=backbone,
        unmeasured=tuple(name for number, name in enumerate(data.classes) if number not in present),
        label_errors=tuple(error for error, _ in errors),
        paths={crop.photo_id: str(crop.path) for _, crop in errors},
    )


def interval(values: Vector, groups: npt.NDArray[np.integer], lowest: float) -> Accuracy:
    """The mean of values up to 1, and half of its 95 % interval. What is drawn are groups.

    The standard error is that of a ratio over groups, with two more groups of common size, one at
    1 and one at `lowest`: so few photos, all named rightly, do not count as certainty (Agresti and
    Coull, The American Statistician 52, 1998; for paired differences Agresti and Min, 2005).

    Args:
        values: shape (n,).
        groups: numbers from 0, shape (n,).
        lowest: 0 for shares, -1 for differences of them.
    """
    sizes = np.bincount(groups).astype(float)
    common = sizes.mean()
    sums = np.append(np.bincount(groups, values), [common, lowest * common])
    sizes = np.append(sizes, [common, common])
    off = sums - sums.sum() / sizes.sum() * sizes
    error = np.sqrt((off**2).sum() * len(sizes) / (len(sizes) - 1)) / sizes.sum()
    return Accuracy(float(values.mean()), WIDTH_95 * float(error))


def _label_errors(
    data: Examined, honest: Answers, measured: npt.NDArray[np.bool_]
) -> list[tuple[LabelError, Crop]]:
    """Likely label errors with their examples, the likeliest first."""
    known = np.where(measured[:, None], honest.probabilities, np.nan)
    whole = {(crop.photo_id, crop.landmark) for crop in data.crops if crop.box_id is None}
    found = []
    for index in label_issues(data.labels, known):
        crop, likely = data.crops[index], int(known[index].argmax())
        name = data.classes[likely]
        if crop.box_id is None and (crop.photo_id, name) in whole:
            continue  # both are on the photo, and both are said to be
        confidence = float(known[index, likely])
        found.append(
            (LabelError(crop.photo_id, crop.box_id, crop.landmark, name, confidence), crop)
        )
    return found


def _inseparable() -> DatasetError:
    return DatasetError(
        tr("No landmark has photos that are independent of each other. Add different ones.")
    )
