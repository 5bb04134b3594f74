"""How good a model is on examples whose landmark is known."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from landmark_gui.core.crops import Crop, split_counts
from landmark_gui.core.dataset import Examples, load_project_examples
from landmark_gui.core.errors import (
    BundleError,
    Cancel,
    DatasetError,
    Progress,
    TrainingError,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.evaluation import CropAnswer, Evaluation, Part
from landmark_gui.core.i18n import tr
from landmark_gui.core.metrics import summarize
from landmark_gui.core.paths import data_folder
from landmark_gui.core.project import Split
from landmark_gui.core.run_list import Answer
from landmark_gui.core.run_results import split_of_model
from landmark_gui.core.runs import TrainConfig
from landmark_gui.inference.bundle import Bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.rendering import render_crops

CHUNK = 128
"""Crops held in memory at a time."""


def evaluated(
    bundle: Bundle,
    project: Path,
    part: Part = "test",
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Evaluation:
    """Ask a model about a part of a project, cut and split as the model's training did it.

    A photo that cannot be read is named in the result and the rest goes on.

    Args:
        part: of the project. Those of "test" took no part in the training.
        progress: first photos measured, then examples asked about.

    Returns:
        The answers; none of them if the part has no example that the model knows.

    Raises:
        LandmarkError: if the project cannot be read, or the model does not say how it was trained.
        Cancelled: between two photos.
    """
    started, calibration = time.monotonic(), bundle.calibration
    examples = project_examples(bundle, project, progress, cancel)
    answers, skipped = answered(Classifier(bundle), examples, part, progress, cancel)
    return Evaluation(
        bundle.path,
        bundle.labels,
        part,
        tuple(answers),
        tuple((path, reason) for path, reason in skipped),
        foreign(of_part(examples, part), bundle.labels),
        split_counts(examples.crops, examples.classes),
        1.0 if calibration is None else calibration.temperature,
        time.monotonic() - started,
    )


def answered(
    classifier: Classifier,
    examples: Examples,
    part: Part = "test",
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> tuple[list[CropAnswer], list[list[str]]]:
    """What a model says of each example of a split, or of all, whose landmark it knows.

    Returns:
        The answers, and [photo, reason] of what could not be read.

    Raises:
        Cancelled: between two photos.
    """
    labels = classifier.bundle.labels
    crops = [crop for crop in of_part(examples, part) if crop.landmark in labels]
    answers: list[CropAnswer] = []
    skipped: list[list[str]] = []
    for start in range(0, len(crops), CHUNK):

        def note(done: int, _: int, before: int = start) -> None:
            progress(before + done, len(crops))

        chunk = crops[start : start + CHUNK]
        rendered = render_crops(chunk, classifier.bundle.size, note, cancel)
        said = classifier.ask(rendered.images)
        threshold = classifier.bundle.threshold
        answers += [
            CropAnswer(
                crop.photo_id,
                crop.box_id,
                crop.landmark,
                labels[row.argmax()],
                float(row.max()),
                crop,
                tuple(row.tolist()),
                float(score),
                bool(score < threshold),
            )
            for crop, row, score in zip(
                rendered.crops, said.probabilities, said.scores, strict=True
            )
        ]
        skipped += [[str(path), reason] for path, reason in rendered.skipped]
    return answers, skipped


def of_part(examples: Examples, part: Part) -> list[Crop]:
    """The examples of a split, or all."""
    return examples.crops if part == "all" else examples.of(part)


def figures(
    classifier: Classifier,
    examples: Examples,
    split: Split,
    answers: Sequence[Answer],
    skipped: Sequence[Sequence[str]],
) -> dict[str, Any]:
    """The figures that a training keeps, from answers about a split.

    Returns:
        The figures of `core.metrics.summarize`, and `counts` (per split and class), `split`,
        `skipped` ([photo, reason] of what could not be read) and `foreign`: how many examples
        were left out because the model does not know their landmark, by its name.
    """
    labels = classifier.bundle.labels
    number = {label: index for index, label in enumerate(labels)}
    truth = [number[answer.true] for answer in answers]
    said = [number[answer.predicted] for answer in answers]
    return {
        **summarize(truth, said, labels),
        "split": split,
        "counts": split_counts(examples.crops, examples.classes),
        "skipped": list(skipped),
        "foreign": foreign(examples.of(split), labels),
    }


def nothing_to_test(project: Path) -> DatasetError:
    """The error of a model that can be asked about no example of a project."""
    return DatasetError(
        tr(
            "{path} has nothing to test this model with: no photo that was asked for can be read "
            "and shows a landmark that it knows.",
            path=project,
        )
    )


def project_examples(
    bundle: Bundle,
    project: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Examples:
    """The examples of a project, cut and split as a model's training did it.

    If the training is recorded beside the project, its photos stand where they stood in it,
    though they were pinned or shared out anew since. Otherwise the project's own split is taken.

    Raises:
        LandmarkError: if the project cannot be read, or the model does not say how it was trained.
        Cancelled: while photos are measured.
    """
    config = _training_of(bundle, project)
    stood = split_of_model(data_folder(project), bundle.path)
    return load_project_examples(
        project, config.crop_settings, config.split_settings, progress, cancel, stood
    )


def _training_of(bundle: Bundle, project: Path) -> TrainConfig:
    try:
        recorded = dict(bundle.card["training"])
        return TrainConfig.from_dict({**recorded, "project": str(project), "out": ""})
    except (KeyError, TypeError, ValueError, TrainingError) as error:
        raise BundleError(
            tr("{path} does not say how it was trained, so it cannot be tested.", path=bundle.path)
        ) from error


def foreign(crops: Sequence[Crop], labels: Sequence[str]) -> dict[str, int]:
    """How many examples show a landmark that a model does not know, by its name."""
    return dict(Counter(crop.landmark for crop in crops if crop.landmark not in labels))
