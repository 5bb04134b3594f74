"""How good a model is: as a whole, landmark by landmark, and which examples stand behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_gui.core.evaluation.answers import CropAnswer, Evaluation
from landmark_gui.core.intervals import Interval, wilson
from landmark_gui.core.metrics import summarize

TOP, TOLD = (2, 3, 5), 2
"""For which k above 1 it is told how often what an example is stands among the k most probable:
the two largest that not all labels would reach.
"""


@dataclass(frozen=True)
class ClassFigures:
    """Of one landmark. Shares from 0 to 1; None where there is nothing to divide by.

    Attributes:
        support: examples of it.
        predicted: examples that were taken for it.
    """

    name: str
    precision: float | None
    recall: float | None
    f1: float | None
    support: int
    predicted: int


@dataclass(frozen=True)
class Figures:
    """Of all examples.

    Attributes:
        interval: where the accuracy lies with 95 % confidence (Wilson); None without examples.
        chance: the accuracy of guessing.
        macro_f1: mean over the landmarks; see `core.metrics.summarize`.
        top: {k: share of examples whose landmark is among the k most probable}.
        unknown: how many of them the model says are unknown to it.
        matrix: counts; rows are the truth, columns what the model says.
    """

    examples: int
    right: int
    accuracy: float | None
    interval: Interval | None
    chance: float
    macro_f1: float | None
    top: Mapping[int, float]
    classes: tuple[ClassFigures, ...]
    unknown: int
    matrix: tuple[tuple[int, ...], ...]


def figures_of(evaluation: Evaluation) -> Figures:
    """The figures of an evaluation."""
    told = summarize(evaluation.truth.tolist(), evaluation.said.tolist(), evaluation.labels)
    matrix = tuple(tuple(row) for row in told["confusion"])
    right, examples = sum(row[n] for n, row in enumerate(matrix)), told["examples"]
    predicted = [sum(column) for column in zip(*matrix, strict=True)]
    return Figures(
        examples,
        right,
        told["accuracy"],
        wilson(right, examples) if examples else None,
        told["chance"],
        told["macro_f1"],
        top_shares(evaluation.probabilities, evaluation.truth),
        tuple(
            ClassFigures(name, **told["per_class"][name], predicted=predicted[number])
            for number, name in enumerate(evaluation.labels)
        ),
        sum(answer.unknown for answer in evaluation.answers),
        matrix,
    )


def top_shares(
    probabilities: npt.NDArray[np.floating], truth: npt.NDArray[np.integer]
) -> dict[int, float]:
    """How often what an example is stands among the k most probable labels; see `TOP`.

    Of labels that are equally probable the first counts as the more probable one, as in a verdict.

    Args:
        probabilities: shape (examples, labels).
        truth: indices of labels, shape (examples,).
    """
    examples, labels = probabilities.shape
    if not examples:
        return {}
    own = probabilities[np.arange(examples), truth][:, None]
    before = np.arange(labels) < truth[:, None]
    ahead = (probabilities > own) | ((probabilities == own) & before)
    ranks = ahead.sum(axis=1)
    told = (1, *[k for k in TOP if k < labels][-TOLD:])
    return {k: float((ranks < k).mean()) for k in told}


def cells(evaluation: Evaluation) -> dict[tuple[int, int], list[CropAnswer]]:
    """The answers that stand in each cell (truth, said) of the matrix; empty ones are left out."""
    found: dict[tuple[int, int], list[CropAnswer]] = defaultdict(list)
    for given, said, answer in zip(
        evaluation.truth.tolist(), evaluation.said.tolist(), evaluation.answers, strict=True
    ):
        found[given, said].append(answer)
    return dict(found)
