"""What the pointer and the arrow keys do to boxes: pure functions in pixels of the photo."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from landmark_gui.core.geometry import (
    Handle,
    Rect,
    bounding,
    drawn,
    handle_at,
    moved_together,
    reading_order,
    snap_shift,
)

MIN_SIZE = 3.0
"""Default of the shortest side of a box, in pixels of the photo."""
MIN_SCREEN_PIXELS = 4.0
NEW = ""
"""The id of a rectangle that is no box yet."""


@dataclass(frozen=True)
class Shape:
    """A box as the canvas shows it: `rect` in pixels of the photo, `color` as "#rrggbb".

    Attributes:
        excluded: it is left out of the dataset, and so drawn dashed and dimmer.
        proposed: a model proposes it: it is drawn dashed, and is no box yet.
    """

    id: str
    rect: Rect
    name: str
    color: str
    excluded: bool = False
    proposed: bool = False

    @property
    def dashed(self) -> bool:
        return self.excluded or self.proposed


@dataclass(frozen=True)
class Size:
    """Width and height of the photo in pixels."""

    width: float
    height: float

    def clamp(self, x: float, y: float) -> tuple[float, float]:
        """The nearest place inside the photo."""
        return min(max(x, 0.0), self.width), min(max(y, 0.0), self.height)


@dataclass(frozen=True)
class Rules:
    """What holds for a drag at this moment.

    Attributes:
        ratio: width / height of the boxes; None leaves them free.
        constrained: Shift is held: a square, or the box's own ratio, or no `ratio` if there is.
        centered: the box grows about its middle, or about the place of the press.
        min_size: the shortest side that a resized box can have.
        snap_to: rectangles whose sides catch those of the dragged box, the photo's among them.
        reach: from how far they catch, in pixels of the photo.
    """

    photo: Size
    ratio: float | None = None
    constrained: bool = False
    centered: bool = False
    min_size: float = MIN_SIZE
    snap_to: tuple[Rect, ...] = ()
    reach: float = 0.0

    def ratio_for(self, own: float) -> float | None:
        """The ratio to keep, where that of the box itself is `own`."""
        if not self.constrained:
            return self.ratio
        return own if self.ratio is None else None


@dataclass(frozen=True)
class Draw:
    """A new rectangle pulled open from the point (x, y)."""

    x: float
    y: float

    def rects_at(self, x: float, y: float, *, rules: Rules) -> dict[str, Rect]:
        photo, ratio = rules.photo, rules.ratio_for(own=1.0)
        rough = drawn((self.x, self.y), (x, y), photo.width, photo.height)
        start = _caught(self.x, self.y, rough, rules)
        end = _caught(x, y, rough, rules)
        rect = drawn(start, end, photo.width, photo.height, ratio=ratio, centered=rules.centered)
        return {NEW: rect}


@dataclass(frozen=True)
class Move:
    """`shapes` carried along by the pointer that took one of them at (x, y)."""

    shapes: tuple[Shape, ...]
    x: float
    y: float

    def rects_at(self, x: float, y: float, *, rules: Rules) -> dict[str, Rect]:
        dx, dy = x - self.x, y - self.y
        whole, photo = bounding(shape.rect for shape in self.shapes), rules.photo
        if whole is None:
            return {}
        there = whole.moved(dx, dy, photo.width, photo.height)
        xs, ys = _lines(there, rules)
        dx = there.x - whole.x + snap_shift((there.x, there.right), xs, rules.reach)
        dy = there.y - whole.y + snap_shift((there.y, there.bottom), ys, rules.reach)
        return moved_shapes(self.shapes, dx, dy, photo)


@dataclass(frozen=True)
class Resize:
    """A handle of `shape` pulled by the pointer that took it at (x, y)."""

    shape: Shape
    handle: Handle
    x: float
    y: float

    def rects_at(self, x: float, y: float, *, rules: Rules) -> dict[str, Rect]:
        # The side follows the pointer's way, not its place, so that it does not jump to it.
        rect, (horizontal, vertical) = self.shape.rect, self.handle.value
        side_x = (rect.x if horizontal < 0 else rect.right) + x - self.x
        side_y = (rect.y if vertical < 0 else rect.bottom) + y - self.y
        side_x, side_y = _caught(side_x, side_y, rect, rules)
        size = rect.resized(
            self.handle,
            side_x,
            side_y,
            rules.photo.width,
            rules.photo.height,
            rules.min_size,
            ratio=rules.ratio_for(own=rect.w / rect.h if rect.w and rect.h else 1.0),
            centered=rules.centered,
        )
        return {self.shape.id: size}


@dataclass(frozen=True)
class Band:
    """A frame pulled open from (x, y) to select what it touches."""

    x: float
    y: float

    def rects_at(self, x: float, y: float, *, rules: Rules) -> dict[str, Rect]:
        end = (x, y)
        return {NEW: drawn((self.x, self.y), end, rules.photo.width, rules.photo.height)}


Drag = Draw | Move | Resize | Band


def _lines(rect: Rect, rules: Rules) -> tuple[list[float], list[float]]:
    """Upright and level lines that may catch the sides of `rect`: those it runs alongside."""
    xs: list[float] = []
    ys: list[float] = []
    if not rules.reach:
        return xs, ys
    for other in rules.snap_to:
        if other.y <= rect.bottom and rect.y <= other.bottom:
            xs += (other.x, other.right)
        if other.x <= rect.right and rect.x <= other.right:
            ys += (other.y, other.bottom)
    return xs, ys


def _caught(x: float, y: float, rect: Rect, rules: Rules) -> tuple[float, float]:
    """A corner of `rect`, or where the next line catches it."""
    xs, ys = _lines(rect, rules)
    return x + snap_shift((x,), xs, rules.reach), y + snap_shift((y,), ys, rules.reach)


def moved_shapes(shapes: Iterable[Shape], dx: float, dy: float, photo: Size) -> dict[str, Rect]:
    """Where the shapes lie after they were shifted together, stopped at the photo's border."""
    group = list(shapes)
    rects = (shape.rect for shape in group)
    moved = moved_together(rects, dx, dy, photo.width, photo.height)
    return {shape.id: rect for shape, rect in zip(group, moved, strict=True)}


def grown_shapes(shapes: Iterable[Shape], dx: float, dy: float, rules: Rules) -> dict[str, Rect]:
    """The shapes with their right side shifted by `dx` and their bottom by `dy`."""
    return {
        shape.id: shape.rect.resized(
            Handle.SE,
            shape.rect.right + dx,
            shape.rect.bottom + dy,
            rules.photo.width,
            rules.photo.height,
            # A box that was smaller before does not jump to the minimum.
            min(rules.min_size, shape.rect.w, shape.rect.h),
        )
        for shape in shapes
    }


def shape_at(shapes: Iterable[Shape], x: float, y: float) -> Shape | None:
    """The smallest shape that contains (x, y), so that a box inside another can be reached."""
    hits = [shape for shape in shapes if shape.rect.contains(x, y)]
    return min(hits, key=lambda shape: shape.rect.area, default=None)


def shapes_in(shapes: Iterable[Shape], frame: Rect) -> list[Shape]:
    """The shapes that a frame touches."""
    return [shape for shape in shapes if shape.rect.overlaps(frame)]


def grip_at(rect: Rect, x: float, y: float, tolerance: float) -> Handle | None:
    """As `geometry.handle_at`, but inside a small rectangle half of it stays free for moving."""
    if rect.contains(x, y):
        tolerance = min(tolerance, min(rect.w, rect.h) / 4)
    return handle_at(rect, x, y, tolerance)


def drag_from(
    shapes: Iterable[Shape],
    selected: Mapping[str, Shape],
    x: float,
    y: float,
    *,
    tolerance: float,
    always_draw: bool = False,
    selecting: bool = False,
) -> Drag:
    """What a press at (x, y) begins.

    Resize the box if only that one is selected, move the box there with the others if it is
    one of the selected, or draw.

    Args:
        tolerance: reach of a handle in pixels of the photo.
        always_draw: draw even where there is a box.
        selecting: pull open a frame rather than move or draw.
    """
    if always_draw:
        return Draw(x, y)
    sole = next(iter(selected.values())) if len(selected) == 1 else None
    handle = grip_at(sole.rect, x, y, tolerance) if sole else None
    if sole and handle:
        return Resize(sole, handle, x, y)
    if selecting:
        return Band(x, y)
    hit = shape_at(shapes, x, y)
    if hit is None:
        return Draw(x, y)
    return Move(tuple(selected.values()) if hit.id in selected else (hit,), x, y)


def focus_of(drag: Drag, rect: Rect, x: float, y: float) -> tuple[float, float] | None:
    """The corner or side of `rect` that the pointer at (x, y) aims; None if it aims at none."""
    match drag:
        case Draw():
            return (
                rect.x if abs(x - rect.x) < abs(x - rect.right) else rect.right,
                rect.y if abs(y - rect.y) < abs(y - rect.bottom) else rect.bottom,
            )
        case Resize(handle=handle):
            horizontal, vertical = handle.value
            along_x, along_y = min(max(x, rect.x), rect.right), min(max(y, rect.y), rect.bottom)
            return (
                {-1: rect.x, 0: along_x, 1: rect.right}[horizontal],
                {-1: rect.y, 0: along_y, 1: rect.bottom}[vertical],
            )
    return None


def is_deliberate(
    rect: Rect, *, scale: float, min_size: float = MIN_SIZE, photo: Size | None = None
) -> bool:
    """Whether a drawn rectangle is large enough not to be a slip of the hand.

    Args:
        scale: pixels of the screen for one pixel of the photo.
        min_size: the shortest side in pixels of the photo.
        photo: a photo smaller than `min_size` can be boxed as a whole.
    """
    least_w = min(min_size, photo.width) if photo else min_size
    least_h = min(min_size, photo.height) if photo else min_size
    fits = rect.w >= least_w and rect.h >= least_h
    return fits and is_seen(rect, scale=scale, pixels=MIN_SCREEN_PIXELS, photo=photo)


def is_seen(rect: Rect, *, scale: float, pixels: float, photo: Size | None = None) -> bool:
    """Whether both sides have so many `pixels` on the screen, or span the photo."""
    whole_w = photo is not None and rect.w >= photo.width
    whole_h = photo is not None and rect.h >= photo.height
    return (rect.w * scale >= pixels or whole_w) and (rect.h * scale >= pixels or whole_h)


def next_id(ids: list[str], current: str | None, step: int) -> str | None:
    """The id `step` places after `current`, round and round; None if there is none."""
    if not ids:
        return None
    if current not in ids:
        return ids[0 if step > 0 else -1]
    return ids[(ids.index(current) + step) % len(ids)]


def tab_order(shapes: Iterable[Shape]) -> list[str]:
    """The ids in reading order, which finds a box that was missed better than order of age."""
    return reading_order({shape.id: shape.rect for shape in shapes})
