"""What few photos can tell: a share of right answers, and luck."""

from __future__ import annotations

import math
from dataclasses import dataclass

from landmark_gui.core.intervals import wilson

LUCK = 0.05
"""What happens as rarely as this by guessing is not put down to guessing."""


@dataclass(frozen=True)
class Share:
    """`right` answers of `of`; 0 of 0 tells nothing."""

    right: int
    of: int

    @property
    def value(self) -> float:
        return self.right / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Where the share lies with 95 % confidence.

        >>> [round(bound, 3) for bound in Share(3, 10).interval]
        [0.108, 0.603]
        """
        if not self.of:
            return 0.0, 1.0
        found = wilson(self.right, self.of)
        return found.low, found.high

    @property
    def low(self) -> float:
        return self.interval[0]

    @property
    def high(self) -> float:
        return self.interval[1]

    def beats(self, guess: float) -> bool:
        """Whether so many right answers would be rare by guessing alone."""
        return luck(self.right, self.of, guess) < LUCK

    def is_guessing(self, guess: float) -> bool:
        """Whether guessing explains it, and enough answers were seen to say so.

        With few answers nothing can be told from guessing, and that accuses nobody: the interval
        must also end below the middle between guessing and knowing.
        """
        return bool(self.of) and not self.beats(guess) and self.high < (1 + guess) / 2


def luck(right: int, of: int, guess: float) -> float:
    """Probability of at least `right` of `of` answers by guessing; `guess` is that of one.

    The upper tail of the binomial distribution, exact.
    """
    if right <= 0 or guess >= 1:
        return 1.0
    if guess <= 0:
        return 0.0
    log, miss = math.log(guess), math.log1p(-guess)
    all_ways = math.lgamma(of + 1)
    return min(
        1.0,
        sum(
            math.exp(
                all_ways - math.lgamma(k + 1) - math.lgamma(of - k + 1) + k * log + (of - k) * miss
            )
            for k in range(right, of + 1)
        ),
    )
