"""Answers in the order in which a person looks at them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landmark_gui.core.evaluation.answers import CropAnswer, Evaluation
from landmark_gui.core.evaluation.figures import cells


@dataclass(frozen=True)
class Arranged:
    """All answers of an evaluation, arranged once: of thousands it takes longer than a frame.

    Attributes:
        mistakes: the surest first.
        least_sure: all of them, the least sure first.
        cells: those of each cell of the matrix, the surest first; see `figures.cells`.
    """

    mistakes: tuple[CropAnswer, ...]
    least_sure: tuple[CropAnswer, ...]
    cells: Mapping[tuple[int, int], tuple[CropAnswer, ...]]


def arranged(evaluation: Evaluation) -> Arranged:
    """The answers of an evaluation in all their orders."""
    return Arranged(
        tuple(mistakes(evaluation.answers)),
        tuple(surest_first(evaluation.answers)[::-1]),
        {cell: tuple(surest_first(found)) for cell, found in cells(evaluation).items()},
    )


def mistakes(answers: Iterable[CropAnswer]) -> list[CropAnswer]:
    """The wrong answers, the surest first: there a label is wrong, or the model learned it so."""
    return surest_first(answer for answer in answers if not answer.is_right)


def surest_first(answers: Iterable[CropAnswer]) -> list[CropAnswer]:
    """Answers by confidence; equally sure ones stay in their order."""
    return sorted(answers, key=lambda answer: -answer.confidence)
