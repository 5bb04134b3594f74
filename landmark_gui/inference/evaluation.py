"""All answers of a model about the examples of a project."""

from __future__ import annotations

import time
from pathlib import Path

from landmark_gui.core.crops import split_counts
from landmark_gui.core.errors import Cancel, Progress, never_cancelled, no_progress
from landmark_gui.core.evaluation import Evaluation, Part
from landmark_gui.inference.bundle import Bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.evaluate import answered, foreign, of_part, project_examples


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
