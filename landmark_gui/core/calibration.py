"""Probabilities that mean what they say: temperature scaling, and how far off a model is.

Of the verdicts that are 80 % sure, 80 of 100 should be right. Networks are usually surer than
that; dividing their logits by one number, the temperature, mends it and changes no name
(Guo et al., ICML 2017, https://arxiv.org/abs/1706.04599). NumPy only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_gui.core.card_values import count, number, share

Numbers = npt.NDArray[np.floating]
Indices = npt.NDArray[np.integer]
Flags = npt.NDArray[np.bool_]

LOWEST, HIGHEST = 0.05, 20.0
"""Temperatures: beyond them every answer is certain, or every class as likely as the next."""
BINS = 15
_SMALLEST = float(np.finfo(np.float32).tiny)
_HALVINGS = 60


@dataclass(frozen=True)
class Calibration:
    """What a training did to make its model's probabilities mean what they say.

    Attributes:
        temperature: that the model's logits are divided by; 1 changes nothing.
        ece_before, ece_after: the expected calibration error without and with it, 0 to 1.
        examples: that it was fitted on, and both errors measured.
    """

    temperature: float
    ece_before: float
    ece_after: float
    examples: int

    def to_dict(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Calibration:
        """The inverse of `to_dict`.

        Raises:
            ValueError: if a value is missing or out of its range.
        """
        try:
            return cls(
                number(values["temperature"], LOWEST, HIGHEST),
                share(values["ece_before"]),
                share(values["ece_after"]),
                count(values["examples"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error


@dataclass(frozen=True)
class Bin:
    """Verdicts whose confidence is in (`low`, `high`]; the first bin includes 0.

    Attributes:
        count: how many; 0 leaves the other two at 0.
        confidence: their mean confidence, 0 to 1.
        accuracy: share of right ones, 0 to 1.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def fit_temperature(probabilities: Numbers, labels: Indices, prior: float = 0.0) -> float:
    """The temperature with the lowest negative log-likelihood of the labels.

    The loss is convex in 1 / T, so halving the interval of its slope finds the one minimum.

    Args:
        probabilities: of the network, at temperature 1; shape (n, classes).
        labels: the n true class indices.
        prior: pulls towards 1 as if so many examples said so, by a gamma distribution of 1 / T
            with its mode at 1. Some examples that are all named rightly would otherwise call for
            certainty.

    Returns:
        `LOWEST` to `HIGHEST`; 1 without examples.
    """
    if not len(labels):
        return 1.0
    logits = _logits(probabilities)
    truth = logits[np.arange(len(labels)), labels]

    def slope(inverse: float) -> float:
        expected = (_softmax(logits * inverse) * logits).sum(axis=1)
        return float((expected - truth).sum()) + prior * (1 - 1 / inverse)

    low, high = np.log(1 / HIGHEST), np.log(1 / LOWEST)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if slope(float(np.exp(middle))) < 0 else (low, middle)
    return float(np.exp(-(low + high) / 2))


def with_temperature(probabilities: Numbers, temperature: float) -> npt.NDArray[np.float64]:
    """Probabilities as they would be with all logits divided by a temperature.

    Args:
        probabilities: shape (n, classes), at temperature 1.
        temperature: above 0; over 1 makes all less sure.
    """
    return _softmax(_logits(probabilities) / temperature)


def log_loss(probabilities: Numbers, labels: Indices) -> float:
    """The mean negative log-likelihood of the n labels, at least 1 of them."""
    return float(-_logits(probabilities)[np.arange(len(labels)), labels].mean())


def reliability(confidences: Numbers, right: Flags, bins: int = BINS) -> tuple[Bin, ...]:
    """Confidence beside accuracy, in bins of equal width.

    Args:
        confidences: the largest probability of each verdict, 0 to 1, shape (n,).
        right: whether its label is the true one, shape (n,).
        bins: their number, from 0 to 1.
    """
    confidences, right = np.asarray(confidences, np.float64), np.asarray(right, bool)
    edges = np.linspace(0, 1, bins + 1)
    number = np.clip(np.searchsorted(edges, confidences, side="left") - 1, 0, bins - 1)
    counts = np.bincount(number, minlength=bins)
    shares = np.maximum(counts, 1)
    sure = np.bincount(number, confidences, bins) / shares
    hits = np.bincount(number, right, bins) / shares
    figures = zip(edges[:-1], edges[1:], counts, sure, hits, strict=True)
    return tuple(
        Bin(float(low), float(high), int(total), float(confidence), float(accuracy))
        for low, high, total, confidence, accuracy in figures
    )


def expected_calibration_error(confidences: Numbers, right: Flags, bins: int = BINS) -> float:
    """The mean distance between confidence and accuracy of the bins, weighted by their counts.

    Naeini, Cooper, Hauskrecht, AAAI 2015; as in Guo et al. 2017, over bins of equal width. With
    few verdicts it is well above zero for a perfectly calibrated model, too.

    Args:
        confidences, right: as of `reliability`.

    Returns:
        0 to 1; 0 without verdicts.
    """
    found = reliability(confidences, right, bins)
    total = sum(part.count for part in found)
    off = sum(part.count * abs(part.confidence - part.accuracy) for part in found)
    return off / total if total else 0.0


def _logits(probabilities: Numbers) -> npt.NDArray[np.float64]:
    """Logits but for a constant of each row."""
    logits: npt.NDArray[np.float64] = np.log(
        np.maximum(np.asarray(probabilities, np.float64), _SMALLEST)
    )
    return logits


def _softmax(logits: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    powers: npt.NDArray[np.float64] = np.exp(logits - logits.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
