"""Where things stand in a study's chart, in device-independent pixels. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from landmark_gui.gui.studies.rows import Row, View

GAP = 12
"""Between the columns."""
ROOM = 14
"""Between the rows."""
MOST_OF_NAMES = 0.42
"""The largest share of the width that names may take."""
LIMITS: dict[View, tuple[float, float]] = {"gain": (-1.0, 1.0), "accuracy": (0.0, 1.0)}
"""What no value can be beyond."""
NARROWEST = 0.1
"""The axis spans at least this much, so that a hair's breadth does not look like a mile."""
LONGEST = 0.25
"""What is longer of an interval may run off the axis, which must stay readable."""
AIR = 0.04
NARROW = 460
"""In less width names and figures stand above the axis, which then has all of it."""


@dataclass(frozen=True)
class Layout:
    """Columns from the left: names, the axis, figures; rows from `top`, all of one height.

    Attributes:
        line: height of a line of text.
        stacked: whether each row has two lines, names and figures above the axis.
        low, high: what the ends of the axis stand for.
        left, right: the ends of the axis.
    """

    width: float
    top: float
    row_height: float
    rows: int
    line: float
    stacked: bool
    low: float
    high: float
    left: float
    right: float
    figures: float

    @property
    def bottom(self) -> float:
        return self.top + self.rows * self.row_height

    def x(self, value: float) -> float:
        """Where a value stands; what lies beyond an end stands at that end."""
        share = (value - self.low) / (self.high - self.low)
        return self.left + (self.right - self.left) * min(max(share, 0.0), 1.0)

    def y(self, row: int) -> float:
        """The height of a row's dot."""
        middle = self.top + (row + 0.5) * self.row_height
        return middle + self.line / 2 if self.stacked else middle

    def text_y(self, row: int) -> float:
        """The middle of a row's name and figure."""
        return self.y(row) - (self.line if self.stacked else 0)

    @property
    def name_width(self) -> float:
        """Room for names, beside the figures or the axis."""
        return (self.width - self.figures if self.stacked else self.left) - GAP

    def runs_off(self, value: float, view: View) -> bool:
        """Whether a value lies beyond the axis though it is possible."""
        least, most = LIMITS[view]
        return not self.low <= min(max(value, least), most) <= self.high

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
    line: float,
    names: float,
    figures: float,
) -> Layout:
    """Share the width out.

    Args:
        line: height of a line of text.
        names, figures: how wide the widest name and figure are; names may get less.
    """
    low, high = span(rows, view, chance)
    stacked = width < NARROW and any(row.value is not None for row in rows)
    if stacked:
        left, right = float(GAP), width - GAP
    else:
        left = min(names, width * MOST_OF_NAMES) + GAP
        right = width - figures - GAP
    height = (2 if stacked else 1) * line + ROOM
    return Layout(
        width, top, height, len(rows), line, stacked, low, high, left, max(right, left + 1), figures
    )


def span(rows: Sequence[Row], view: View, chance: float | None) -> tuple[float, float]:
    """The ends of the axis: all dots, trainings and lines lie within.

    >>> span([], "accuracy", None)
    (0.0, 1.0)
    """
    values, (least, most) = [value for row in rows for value in _extent(row)], LIMITS[view]
    if not values:
        return least, most
    values += [0.0] if view == "gain" else []
    values += [] if chance is None else [chance]
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
