"""How far a figure from a few test photos can be trusted, and whether two can be told apart."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

Z_95 = 1.959963984540054
"""Of the normal distribution: 95 % lie within so many standard deviations."""


@dataclass(frozen=True)
class Interval:
    """Where a share lies with 95 % confidence, 0 to 1."""

    low: float
    high: float

    def overlaps(self, other: Interval) -> bool:
        return self.low <= other.high and other.low <= self.high


@dataclass(frozen=True)
class Paired:
    """Two models asked about the same examples.

    Attributes:
        examples: that both were asked about.
        first_only, second_only: right by one of them alone.
        p: how often chance would bring a difference at least as large, 0 to 1.
    """

    examples: int
    first_only: int
    second_only: int
    p: float


def wilson(right: int, total: int) -> Interval:
    """95 % interval of a share of right answers.

    That of Wilson (1927, https://doi.org/10.1080/01621459.1927.10502953): it holds for small
    numbers as well, and neither leaves 0 to 1 nor shrinks to nothing where all answers are right.

    Args:
        right: 0 to `total`.
        total: at least 1.
    """
    share, z2 = right / total, Z_95**2
    middle = (share + z2 / (2 * total)) / (1 + z2 / total)
    half = Z_95 / (1 + z2 / total) * math.sqrt(share * (1 - share) / total + z2 / (4 * total**2))
    return Interval(max(0.0, middle - half), min(1.0, middle + half))


def mcnemar(first_only: int, second_only: int) -> float:
    """The exact test of McNemar: two-sided, on the examples of which one model alone was right.

    See McNemar (1947, https://doi.org/10.1007/BF02295996): if both were equally good, each such
    example would fall to one of them as a coin does.

    Returns:
        How often chance brings a difference at least as large, 0 to 1; 1 without any example.
    """
    total, fewer = first_only + second_only, min(first_only, second_only)
    tail = sum(math.comb(total, k) for k in range(fewer + 1))
    return min(1.0, float(Fraction(2 * tail, 2**total)))


def paired(first: Mapping[Any, bool], second: Mapping[Any, bool]) -> Paired | None:
    """Compare two models on the examples that both were asked about; None if there are none.

    Args:
        first, second: whether the answer was right, by example.
    """
    common: Sequence[Any] = [key for key in first if key in second]
    if not common:
        return None
    first_only = sum(first[key] and not second[key] for key in common)
    second_only = sum(second[key] and not first[key] for key in common)
    return Paired(len(common), first_only, second_only, mcnemar(first_only, second_only))
