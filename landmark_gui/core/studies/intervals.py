"""Intervals of what repeated cross-validation measured.

Rounds learn from much the same photos, so their results are alike, and the usual interval of a
mean of k values is far too narrow. Nadeau and Bengio (Machine Learning 52, 2003) add the
overlap: the variance of the mean is (1/k + held/learned) times that of the rounds, with Student's
t of k - 1 degrees of freedom. `held/learned` is the share held out over the share learned from:
1/4 of five folds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from statistics import fmean, variance

from landmark_gui.core.run_results import Accuracy

CONFIDENCE = 0.95


def interval(values: Sequence[float], folds: int, held: float, comparisons: int = 1) -> Accuracy:
    """The mean of a figure over rounds, and half of its interval.

    Args:
        values: one a round: accuracies, or paired differences of them.
        folds: of the cross-validation.
        held: examples that were held out in a round, on average. An accuracy can only be a
            multiple of 1/held, and its variance is taken to be at least that of rounding to one:
            a handful of photos, all named rightly, is no certainty.
        comparisons: how many such intervals are looked at together. They hold for all of them at
            once with 95 % (Bonferroni): one of several may be picked.

    Returns:
        The spread is 1 if there are fewer than two values, and never more.
    """
    mean = fmean(values)
    if len(values) < 2:
        return Accuracy(mean, 1.0)
    scatter = _scatter(values, held)
    return Accuracy(mean, min(1.0, _half_width(scatter, len(values), folds, comparisons)))


def rounds_to_tell(
    values: Sequence[float], folds: int, held: float, comparisons: int, most: int
) -> int | None:
    """After how many rounds the mean would be clear of zero, if mean and scatter stay as they are.

    Args:
        values, folds, held, comparisons: as of `interval`; two values or more.
        most: rounds.

    Returns:
        None if not even after the most.
    """
    mean, scatter = abs(fmean(values)), _scatter(values, held)
    counts = range(len(values), most + 1)
    enough = (n for n in counts if _half_width(scatter, n, folds, comparisons) < mean)
    return next(enough, None)


def _scatter(values: Sequence[float], held: float) -> float:
    return max(variance(values), 1 / (12 * held**2))


def _half_width(scatter: float, count: int, folds: int, comparisons: int) -> float:
    level = 1 - (1 - CONFIDENCE) / 2 / comparisons
    error = math.sqrt((1 / count + 1 / (folds - 1)) * scatter)
    return student_t(level, count - 1) * error


@lru_cache(maxsize=1024)
def student_t(level: float, degrees: int) -> float:
    """The quantile of Student's t, for a level from 0.5 to below 1."""
    low, high = 0.0, 1.0
    while _cumulated(high, degrees) < level:
        high *= 2
    while True:
        middle = (low + high) / 2
        if not low < middle < high:
            return middle
        low, high = (middle, high) if _cumulated(middle, degrees) < level else (low, middle)


def _cumulated(t: float, degrees: int) -> float:
    """P(T <= t) for t >= 0: the finite sums of Abramowitz and Stegun, 26.7.3 and 26.7.4."""
    angle = math.atan(t / math.sqrt(degrees))
    sine, cosine = math.sin(angle), math.cos(angle)
    odd = degrees % 2
    term = cosine if odd else 1.0
    total = 0.0 if degrees == 1 else term
    for step in range(3 if odd else 2, degrees - 1, 2):
        term *= cosine**2 * (step - 1) / step
        total += term
    inside = 2 / math.pi * (angle + sine * total) if odd else sine * total
    return 0.5 + inside / 2
