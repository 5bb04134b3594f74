"""Rectangles in pixels of the EXIF-oriented photo, and the pure arithmetic of editing them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
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
        *,
        ratio: float | None = None,
        centered: bool = False,
    ) -> Rect:
        """The rectangle after its `handle` was dragged to (x, y).

        The opposite side stays where it is, the result stays inside a photo of
        `width` × `height`, and neither side becomes shorter than `min_size` where the photo
        has room for that.

        Args:
            ratio: width / height to keep; None leaves both free.
            centered: the middle stays where it is, not the opposite side.
        """
        horizontal, vertical = handle.value
        if ratio is None and not centered:
            x0, x1 = _drag_side(self.x, self.right, horizontal, x, width, min_size)
            y0, y1 = _drag_side(self.y, self.bottom, vertical, y, height, min_size)
            return Rect(x0, y0, x1 - x0, y1 - y0)
        across = _anchored(self.x, self.right, horizontal, x, centered)
        down = _anchored(self.y, self.bottom, vertical, y, centered)
        return _spanned(across, down, Rect(0, 0, width, height), ratio, min_size)

    def within(self, width: float, height: float) -> Rect:
        """The rectangle shifted into a photo of `width` × `height`, and cut where too large."""
        w, h = min(self.w, width), min(self.h, height)
        return Rect(self.x, self.y, w, h).moved(0, 0, width, height)

    def overlaps(self, other: Rect) -> bool:
        """Whether the two have a point in common; touching counts."""
        across = self.x <= other.right and other.x <= self.right
        return across and self.y <= other.bottom and other.y <= self.bottom

    @property
    def center(self) -> tuple[float, float]:
        return self.x + self.w / 2, self.y + self.h / 2

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
        return max(min(max(position, 0.0), high - min_size), min(low, 0.0)), high
    if direction > 0:
        return low, min(max(position, low + min_size), max(limit, high))
    return low, high


@dataclass(frozen=True)
class _Axis:
    """One dimension of a rectangle in the making.

    It lies on the side `direction` of `anchor` (-1 before, 1 behind, 0 on both sides of it)
    and wants to be `length` long. `led` says whether the pointer decides on that length.
    """

    anchor: float
    direction: int
    length: float
    led: bool = True

    def room(self, limit: float) -> float:
        """The greatest length inside of 0 to `limit`."""
        before, behind = self.anchor, limit - self.anchor
        return {-1: before, 1: behind, 0: 2 * min(before, behind)}[self.direction]

    def start(self, length: float) -> float:
        return self.anchor - length * (1 - self.direction) / 2


def drawn(
    start: tuple[float, float],
    end: tuple[float, float],
    width: float,
    height: float,
    *,
    ratio: float | None = None,
    centered: bool = False,
) -> Rect:
    """The rectangle pulled open from `start` to `end` inside a photo of `width` × `height`.

    Args:
        start: a corner; a place outside of the photo counts as the nearest one inside.
        end: the opposite corner, or, with a `ratio`, a place that the sides at least reach.
        ratio: width / height; None leaves both free.
        centered: `start` is the middle.
    """
    (x0, y0), (x1, y1) = (_inside(*place, width, height) for place in (start, end))
    if ratio is None and not centered:
        return Rect.from_points(x0, y0, x1, y1)
    grow = 2 if centered else 1
    across = _Axis(x0, 0 if centered else _way(x0, x1, width), abs(x1 - x0) * grow)
    down = _Axis(y0, 0 if centered else _way(y0, y1, height), abs(y1 - y0) * grow)
    return _spanned(across, down, Rect(0, 0, width, height), ratio, 0.0)


def moved_together(
    rects: Iterable[Rect], dx: float, dy: float, width: float, height: float
) -> list[Rect]:
    """The rectangles shifted by (dx, dy), all of them stopped as soon as one meets the border."""
    group = list(rects)
    whole = bounding(group)
    if whole is None:
        return []
    stopped = whole.moved(dx, dy, width, height)
    dx, dy = stopped.x - whole.x, stopped.y - whole.y
    return [rect.moved(dx, dy, width, height) for rect in group]


def bounding(rects: Iterable[Rect]) -> Rect | None:
    """The smallest rectangle round all of them; None if there is none."""
    group = list(rects)
    if not group:
        return None
    x, y = min(rect.x for rect in group), min(rect.y for rect in group)
    right, bottom = max(rect.right for rect in group), max(rect.bottom for rect in group)
    return Rect(x, y, right - x, bottom - y)


def snap_shift(positions: Iterable[float], lines: Iterable[float], reach: float) -> float:
    """The shift that brings one of `positions` onto the nearest line; 0 if none is in `reach`."""
    ways = [line - position for position in positions for line in lines]
    shift = min(ways, key=abs, default=0.0)
    return shift if abs(shift) <= reach else 0.0


def reading_order(rects: Mapping[str, Rect]) -> list[str]:
    """The keys row by row from the top, and from left to right within a row.

    A rectangle joins a row if its middle lies above the bottom of the row's first one.
    """
    rows: list[list[str]] = []
    for key in sorted(rects, key=lambda key: (rects[key].y, rects[key].x)):
        if rows and rects[key].center[1] < rects[rows[-1][0]].bottom:
            rows[-1].append(key)
        else:
            rows.append([key])
    return [key for row in rows for key in sorted(row, key=lambda key: rects[key].x)]


def _inside(x: float, y: float, width: float, height: float) -> tuple[float, float]:
    return min(max(x, 0.0), width), min(max(y, 0.0), height)


def _way(start: float, end: float, limit: float) -> int:
    """Towards where a side grows; a pointer that has not moved grows it to the roomier side."""
    if start == end:
        return 1 if start <= limit / 2 else -1
    return 1 if end > start else -1


def _anchored(low: float, high: float, direction: int, position: float, centered: bool) -> _Axis:
    middle = (low + high) / 2
    if direction == 0:
        return _Axis(middle, 0, high - low, led=False)
    if centered:
        return _Axis(middle, 0, 2 * max((position - middle) * direction, 0.0))
    anchor = low if direction > 0 else high
    return _Axis(anchor, direction, max((position - anchor) * direction, 0.0))


def _spanned(across: _Axis, down: _Axis, photo: Rect, ratio: float | None, min_size: float) -> Rect:
    room_w, room_h = across.room(photo.w), down.room(photo.h)
    w, h = max(across.length, min_size), max(down.length, min_size)
    if ratio is not None:
        led_w = w if across.led else 0.0
        led_h = h if down.led else 0.0
        w = max(led_w, led_h * ratio, min_size * max(ratio, 1.0))
        w = min(w, room_w, room_h * ratio)
        h = w / ratio
    w, h = min(w, room_w), min(h, room_h)
    return Rect(across.start(w), down.start(h), w, h).clamped(photo.w, photo.h)


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
