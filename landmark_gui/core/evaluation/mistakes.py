"""What a model took for something else."""

from __future__ import annotations

from collections.abc import Iterable

from landmark_gui.core.evaluation.answers import CropAnswer


def mistakes(answers: Iterable[CropAnswer]) -> list[CropAnswer]:
    """The wrong answers, the surest first: there a label is wrong, or the model learned it so."""
    return surest_first(answer for answer in answers if not answer.is_right)


def surest_first(answers: Iterable[CropAnswer]) -> list[CropAnswer]:
    """Answers by confidence; equally sure ones stay in their order."""
    return sorted(answers, key=lambda answer: -answer.confidence)
