"""Where things stand in a study's chart, in device-independent pixels. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landmark_gui.gui.studies.rows import Row, View

GAP = 12
"""Between the columns."""
MOST_OF_NAMES = 0.42
"""The largest share of the width that names may take."""
NARROWEST = 0.1
"""The axis spans at least this much, so that a hair's breadth does not look like a mile."""
LONGEST = 0.25
"""What is longer of an interval may run off the axis, which must stay readable."""
AIR = 0.04


@dataclass(frozen=True)
class Layout:
    """Columns from the left: names, the axis, figures; rows from `top`, all of one height.

    Attributes:
        low, high: what the ends of the axis stand for.
        left, right: the ends of the axis.
    """

    width: float
    top: float
    row_height: float
    rows: int
    low: float
    high: float
    left: float
    right: float

    @property
    def bottom(self) -> float:
        return self.top + self.rows * self.row_height

    def x(self, value: float) -> float:
        """Where a value stands; what lies beyond an end stands at that end."""
        share = (value - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def y(self, row: int) -> float:
        """The middle of a row."""
        return self.top + (row + 0.5) * self.row_height

    def row_at(self, y: float) -> int | None:
        row = math.floor((y - self.top) / self.row_height)
        return row if 0 <= row < self.rows else None


def arrange(
    rows: Sequence[Row],
    view: View,
    chance: float | None,
    *,
    width: float,
    top: float,
    row_height: float,
    names: float,
    figures: float,
) -> Layout:
    """Share the width out.

    Args:
        names, figures: how wide the widest name and figure are; names may get less.
    """
    low, high = span(rows, view, chance)
    left = min(names, width * MOST_OF_NAMES) + GAP
    right = max(width - figures - GAP, left + 1)
    return Layout(width, top, row_height, len(rows), low, high, left, right)


def span(rows: Sequence[Row], view: View, chance: float | None) -> tuple[float, float]:
    """The ends of the axis: all dots, trainings and lines lie within.

    >>> span([], "accuracy", None)
    (0.0, 1.0)
    """
    values = [value for row in rows for value in _extent(row)]
    if view == "gain":
        values.append(0.0)
        least, most = -1.0, 1.0
    else:
        least, most = 0.0, 1.0
    if chance is not None:
        values.append(chance)
    if view == "accuracy" and not any(row.value is not None for row in rows):
        return least, most
    low, high = min(values), max(values)
    lacking = max(NARROWEST - (high - low), 0) / 2
    air = max(high - low, NARROWEST) * AIR
    low, high = low - lacking - air, high + lacking + air
    return max(low, least), min(high, most)


def wrap(widths: Sequence[float], width: float) -> list[tuple[int, float]]:
    """Line and left edge of each entry of a legend, which flows into as many lines as it needs.

    >>> wrap([30, 30, 30], 70)
    [(0, 0.0), (0, 30.0), (1, 0.0)]
    """
    places, line, x = [], 0, 0.0
    for entry in widths:
        if x > 0 and x + entry > width:
            line, x = line + 1, 0.0
        places.append((line, x))
        x += entry
    return places


def _extent(row: Row) -> list[float]:
    if row.value is None:
        return []
    spread = min(row.spread or 0.0, LONGEST)
    return [row.value - spread, row.value + spread, *row.trials]
