"""Whether the model is as often right as it is sure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_gui.core.calibration import (
    Bin,
    expected_calibration_error,
    reliability,
    with_temperature,
)
from landmark_gui.core.evaluation.answers import Evaluation

BINS = 10
"""Of the diagram; with the few examples of a person's project more would be noise."""


@dataclass(frozen=True)
class Reliability:
    """Confidence beside accuracy.

    Attributes:
        bins: from the least to the most confident; those without an answer have a count of 0.
        error: expected calibration error, 0 to 1.
    """

    bins: tuple[Bin, ...]
    error: float


@dataclass(frozen=True)
class MeasuredCalibration:
    """Of the answers as they are given.

    Attributes:
        before: of the network's own probabilities, without the temperature of the model's card;
            None where the card has none.
    """

    now: Reliability
    before: Reliability | None
    temperature: float


def calibration_of(evaluation: Evaluation) -> MeasuredCalibration | None:
    """How far the confidences of an evaluation can be believed; None without examples."""
    if not evaluation.answers:
        return None
    temperature, probabilities = evaluation.temperature, evaluation.probabilities
    right = evaluation.truth == evaluation.said

    def made(confidences: npt.NDArray[np.float64]) -> Reliability:
        bins = reliability(confidences, right, BINS)
        return Reliability(bins, expected_calibration_error(confidences, right))

    before = None
    if temperature != 1:  # dividing by a temperature is undone by dividing by its inverse
        before = made(with_temperature(probabilities, 1 / temperature).max(axis=1))
    return MeasuredCalibration(made(probabilities.max(axis=1)), before, temperature)
