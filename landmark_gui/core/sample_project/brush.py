"""Shapes in units of their own, put into a picture at a place, of a size and at an angle."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from landmark_gui.core.geometry import Rect

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

Color = tuple[int, int, int]
Points = Sequence[tuple[float, float]]
_ROUND = 40
"""Corners of a whole ellipse."""


class Brush:
    """Draws polygons whose y goes up, and knows how far they reach.

    Args:
        matrix: 2×3, from the units of the shapes to pixels.
    """

    def __init__(self, draw: ImageDraw, matrix: np.ndarray) -> None:
        self._draw, self._matrix = draw, matrix
        self._low, self._high = np.full(2, np.inf), np.full(2, -np.inf)

    @classmethod
    def over(cls, draw: ImageDraw, width: int, height: int, tilt: float) -> Brush:
        """One for a whole picture: its height is 1, and (0, 0) its lower left corner.

        Args:
            tilt: by how many degrees the camera was held crooked.
        """
        turn = math.radians(tilt)
        cos, sin = math.cos(turn) * height, math.sin(turn) * height
        linear = np.array([[cos, -sin], [-sin, -cos]])
        middle = np.array([width / 2 / height, 0.5])
        return cls(draw, np.c_[linear, np.array([width / 2, height / 2]) - linear @ middle])

    def at(self, x: float, y: float, size: float, mirrored: bool = False) -> Brush:
        """One for a shape of its own that is `size` high and stands at (x, y)."""
        across = -size if mirrored else size
        own = np.array([[across, 0.0, x], [0.0, size, y], [0.0, 0.0, 1.0]])
        return Brush(self._draw, self._matrix @ own)

    def turned(self, x: float, y: float, degrees: float) -> Brush:
        """One whose shapes stand at (x, y), turned to the left."""
        turn = math.radians(degrees)
        cos, sin = math.cos(turn), math.sin(turn)
        return Brush(
            self._draw, self._matrix @ np.array([[cos, -sin, x], [sin, cos, y], [0.0, 0.0, 1.0]])
        )

    @property
    def extent(self) -> Rect:
        """The upright rectangle around all that was drawn, in pixels."""
        (left, top), (right, bottom) = self._low, self._high
        return Rect(float(left), float(top), float(right - left), float(bottom - top))

    def include(self, other: Brush) -> None:
        """Count what `other` drew as drawn here."""
        self._low = np.minimum(self._low, other._low)
        self._high = np.maximum(self._high, other._high)

    def polygon(self, points: Points, color: Color) -> None:
        placed = np.asarray(points) @ self._matrix[:, :2].T + self._matrix[:, 2]
        self._low = np.minimum(self._low, placed.min(axis=0))
        self._high = np.maximum(self._high, placed.max(axis=0))
        self._draw.polygon([(x, y) for x, y in placed.tolist()], fill=color)

    def rectangle(self, x: float, y: float, width: float, height: float, color: Color) -> None:
        self.polygon([(x, y), (x + width, y), (x + width, y + height), (x, y + height)], color)

    def trapezium(
        self, low: float, high: float, below: float, above: float, color: Color, x: float = 0.0
    ) -> None:
        """An upright one around `x` from y `low` to `high`, of those half widths."""
        corners = [(x - below, low), (x + below, low), (x + above, high), (x - above, high)]
        self.polygon(corners, color)

    def ellipse(
        self,
        x: float,
        y: float,
        across: float,
        up: float,
        color: Color,
        part: tuple[float, float] = (0, 360),
    ) -> None:
        """An ellipse, or the part of it between two angles in degrees, from the right upwards."""
        start, end = (math.radians(angle) for angle in part)
        angles = np.linspace(start, end, max(8, round(_ROUND * (end - start) / math.tau)))
        self.polygon(np.c_[x + across * np.cos(angles), y + up * np.sin(angles)].tolist(), color)

    def line(
        self, start: tuple[float, float], end: tuple[float, float], width: float, color: Color
    ) -> None:
        """A stroke of that width."""
        (x, y), (x2, y2) = start, end
        length = math.hypot(x2 - x, y2 - y) or 1.0
        dx, dy = (y - y2) / length * width / 2, (x2 - x) / length * width / 2
        self.polygon(
            [(x + dx, y + dy), (x2 + dx, y2 + dy), (x2 - dx, y2 - dy), (x - dx, y - dy)], color
        )
