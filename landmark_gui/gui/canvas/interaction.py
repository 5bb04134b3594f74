"""What the pointer and the arrow keys do to boxes: pure functions in pixels of the photo."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from landmark_gui.core.geometry import Handle, Rect, handle_at

MIN_PHOTO_PIXELS = 3.0
MIN_SCREEN_PIXELS = 4.0


@dataclass(frozen=True)
class Shape:
    """A box as the canvas shows it: `rect` in pixels of the photo, `color` as "#rrggbb"."""

    id: str
    rect: Rect
    name: str
    color: str


@dataclass(frozen=True)
class Size:
    """Width and height of the photo in pixels."""

    width: float
    height: float


@dataclass(frozen=True)
class Draw:
    """A new rectangle pulled open from the point (x, y)."""

    x: float
    y: float

    def rect_at(self, x: float, y: float, photo: Size) -> Rect:
        return Rect.from_points(self.x, self.y, x, y).clamped(photo.width, photo.height)


@dataclass(frozen=True)
class Move:
    """`shape` carried along by the pointer that took it at (x, y)."""

    shape: Shape
    x: float
    y: float

    def rect_at(self, x: float, y: float, photo: Size) -> Rect:
        dx, dy = x - self.x, y - self.y
        return self.shape.rect.moved(dx, dy, photo.width, photo.height)


@dataclass(frozen=True)
class Resize:
    """A handle of `shape` pulled by the pointer that took it at (x, y)."""

    shape: Shape
    handle: Handle
    x: float
    y: float

    def rect_at(self, x: float, y: float, photo: Size) -> Rect:
        # The side follows the pointer's way, not its place, so that it does not jump to it.
        rect, (horizontal, vertical) = self.shape.rect, self.handle.value
        side_x = (rect.x if horizontal < 0 else rect.right) + x - self.x
        side_y = (rect.y if vertical < 0 else rect.bottom) + y - self.y
        return rect.resized(
            self.handle, side_x, side_y, photo.width, photo.height, MIN_PHOTO_PIXELS
        )


Drag = Draw | Move | Resize


def shape_at(shapes: Iterable[Shape], x: float, y: float) -> Shape | None:
    """The smallest shape that contains (x, y), so that a box inside another can be reached."""
    hits = [shape for shape in shapes if shape.rect.contains(x, y)]
    return min(hits, key=lambda shape: shape.rect.area, default=None)


def grip_at(rect: Rect, x: float, y: float, tolerance: float) -> Handle | None:
    """As `geometry.handle_at`, but inside a small rectangle half of it stays free for moving."""
    if rect.contains(x, y):
        tolerance = min(tolerance, min(rect.w, rect.h) / 4)
    return handle_at(rect, x, y, tolerance)


def drag_from(
    shapes: Iterable[Shape],
    selected: Shape | None,
    x: float,
    y: float,
    tolerance: float,
    always_draw: bool = False,
) -> Drag:
    """What a press at (x, y) begins: resize the selected box, move the box there, or draw.

    Args:
        tolerance: reach of a handle in pixels of the photo.
        always_draw: draw even where there is a box.
    """
    if always_draw:
        return Draw(x, y)
    handle = grip_at(selected.rect, x, y, tolerance) if selected else None
    if selected and handle:
        return Resize(selected, handle, x, y)
    hit = shape_at(shapes, x, y)
    return Move(hit, x, y) if hit else Draw(x, y)


def is_deliberate(rect: Rect, scale: float) -> bool:
    """Whether a drawn rectangle is large enough not to be a slip of the hand.

    Args:
        scale: pixels of the screen for one pixel of the photo.
    """
    side = min(rect.w, rect.h)
    return side >= MIN_PHOTO_PIXELS and side * scale >= MIN_SCREEN_PIXELS


def next_id(ids: list[str], current: str | None, step: int) -> str | None:
    """The id `step` places after `current`, round and round; None if there is none."""
    if not ids:
        return None
    if current not in ids:
        return ids[0 if step > 0 else -1]
    return ids[(ids.index(current) + step) % len(ids)]
