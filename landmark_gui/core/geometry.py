"""Rectangles in pixels of the EXIF-oriented photo, and the pure arithmetic of editing them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Handle(Enum):
    """A grip on a rectangle's border; the value is (horizontal, vertical) in -1, 0, 1."""

    NW = (-1, -1)
    N = (0, -1)
    NE = (1, -1)
    E = (1, 0)
    SE = (1, 1)
    S = (0, 1)
    SW = (-1, 1)
    W = (-1, 0)


@dataclass(frozen=True)
class Rect:
    """An axis-aligned rectangle: left `x`, top `y`, width `w`, height `h`, in pixels."""

    x: float
    y: float
    w: float
    h: float

    @classmethod
    def from_points(cls, x0: float, y0: float, x1: float, y1: float) -> Rect:
        """The rectangle between two opposite corners, in any order."""
        return cls(min(x0, x1), min(y0, y1), abs(x1 - x0), abs(y1 - y0))

    @property
    def right(self) -> float:
        return self.x + self.w

    @property
    def bottom(self) -> float:
        return self.y + self.h

    @property
    def area(self) -> float:
        return self.w * self.h

    def contains(self, x: float, y: float) -> bool:
        return self.x <= x <= self.right and self.y <= y <= self.bottom

    def clamped(self, width: float, height: float) -> Rect:
        """The part of the rectangle inside a photo of `width` × `height`; may be empty.

        One that lies inside comes back as it is, to the last bit.
        """
        if 0 <= self.x <= self.right <= width and 0 <= self.y <= self.bottom <= height:
            return self
        x0, y0 = min(max(self.x, 0.0), width), min(max(self.y, 0.0), height)
        x1, y1 = min(max(self.right, 0.0), width), min(max(self.bottom, 0.0), height)
        return Rect(x0, y0, x1 - x0, y1 - y0)

    def moved(self, dx: float, dy: float, width: float, height: float) -> Rect:
        """The rectangle shifted by (dx, dy) but stopped at the border of the photo."""
        x = min(max(self.x + dx, 0.0), max(width - self.w, 0.0))
        y = min(max(self.y + dy, 0.0), max(height - self.h, 0.0))
        return Rect(x, y, self.w, self.h)

    def scaled(self, x: float, y: float) -> Rect:
        """The same part of a photo that is `x` times as wide and `y` times as high."""
        return Rect(self.x * x, self.y * y, self.w * x, self.h * y)

    def is_near(self, other: Rect, tolerance: float = 0.5) -> bool:
        """Whether no side is further than `tolerance` pixels from that of `other`."""
        sides = (self.x, other.x), (self.y, other.y), (self.right, other.right)
        return all(abs(a - b) <= tolerance for a, b in (*sides, (self.bottom, other.bottom)))

    def resized(
        self,
        handle: Handle,
        x: float,
        y: float,
        width: float,
        height: float,
        min_size: float = 3.0,
    ) -> Rect:
        """The rectangle after its `handle` was dragged to (x, y).

        The opposite side stays where it is, the result stays inside a photo of
        `width` × `height`, and neither side becomes shorter than `min_size`.
        """
        horizontal, vertical = handle.value
        x0, x1 = _drag_side(self.x, self.right, horizontal, x, width, min_size)
        y0, y1 = _drag_side(self.y, self.bottom, vertical, y, height, min_size)
        return Rect(x0, y0, x1 - x0, y1 - y0)

    def expanded(self, margin: float) -> Rect:
        """The rectangle grown on each side by `margin`, a fraction of that dimension."""
        dx, dy = self.w * margin, self.h * margin
        return Rect(self.x - dx, self.y - dy, self.w + 2 * dx, self.h + 2 * dy)


def _drag_side(
    low: float,
    high: float,
    direction: int,
    position: float,
    limit: float,
    min_size: float,
) -> tuple[float, float]:
    if direction < 0:
        return min(max(position, 0.0), high - min_size), high
    if direction > 0:
        return low, max(min(position, limit), low + min_size)
    return low, high


def handle_at(rect: Rect, x: float, y: float, tolerance: float) -> Handle | None:
    """The handle within `tolerance` of (x, y), corners before sides; None if there is none.

    Sides are hit along their whole length, corners in a square of 2 × `tolerance`.
    """
    near_x = -1 if abs(x - rect.x) <= tolerance else 1 if abs(x - rect.right) <= tolerance else 0
    near_y = -1 if abs(y - rect.y) <= tolerance else 1 if abs(y - rect.bottom) <= tolerance else 0
    inside_x = rect.x - tolerance <= x <= rect.right + tolerance
    inside_y = rect.y - tolerance <= y <= rect.bottom + tolerance
    if (near_x, near_y) == (0, 0) or not (inside_x and inside_y):
        return None
    return Handle((near_x, near_y))
