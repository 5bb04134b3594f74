"""Parts of a photo that a search looks at: which there are, and how they lie to each other.

A window is a row x, y, width, height in shares of the photo, 0 to 1; a shape is its width and
height. Shapes are what a model has learned from, so a search need not try all of them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop, CropSettings
from landmark_gui.core.geometry import Rect

Numbers = npt.NDArray[np.float64]
Shape = tuple[float, float]

WHOLE = (0.0, 0.0, 1.0, 1.0)
KEPT_SHAPES = 64
"""So many shapes tell all that is to be told of those of a training."""
SMALLEST = 0.01
"""Of a side of the photo: a search for smaller boxes would have no end."""
TRIED_SHAPES = 8
ALIKE = 0.75
"""Two shapes one in the other that overlap by so much (IoU) need not both be tried."""
STEP = 0.25
"""Of a window's side: how far the next one lies."""
BANDWIDTH = 0.25
"""Of the logarithm of a side: how far a shape may be from those learned from."""
UNHEARD_OF = 1e-4
"""The density of shapes that no training example has: the search may still find one."""
WIDTHS, HEIGHTS = (0.14, 0.25, 0.45, 0.75, 1.0), (0.4, 0.7, 1.0)
"""Shares of the photo that are tried where no shape is known."""


def shapes_of(crops: Iterable[Crop], settings: CropSettings) -> list[Shape]:
    """The boxes' width and height in shares of their photo: at most `KEPT_SHAPES` of them.

    Args:
        settings: how the boxes became crops; their margin is taken off again.
    """
    shapes = sorted(_shape(crop, settings) for crop in crops)
    places = np.linspace(0, len(shapes) - 1, min(len(shapes), KEPT_SHAPES)).round()
    return [shapes[int(place)] for place in places]


def _shape(crop: Crop, settings: CropSettings) -> Shape:
    if crop.rect is None:
        return 1.0, 1.0
    width, height = crop.photo_size
    rect = without_margin(crop.rect, settings).clamped(width, height)
    w, h = (max(SMALLEST, side) for side in (rect.w / width, rect.h / height))
    return round(w, 4), round(h, 4)


def without_margin(rect: Rect, settings: CropSettings) -> Rect:
    """The box that a crop was cut for, but for what the border of the photo has taken off."""
    if settings.margin_unit == "fraction":
        return rect.expanded(-settings.margin / (1 + 2 * settings.margin))
    dx, dy = (min(settings.margin, side / 4) for side in (rect.w, rect.h))
    return Rect(rect.x + dx, rect.y + dy, rect.w - 2 * dx, rect.h - 2 * dy)


def usual_shapes() -> list[Shape]:
    """From slim to wide and from small to the whole, for a model that does not tell its own."""
    return [(w, h) for w in WIDTHS for h in HEIGHTS]


def tried(shapes: Sequence[Shape], most: int = TRIED_SHAPES) -> list[Shape]:
    """The fewest of the shapes that all others are like, the commonest kind first (greedy)."""
    sides = np.array(shapes, np.float64)
    laid = np.column_stack([(1 - sides) / 2, sides])
    alike = overlaps(laid, laid) >= ALIKE
    left = np.ones(len(sides), bool)
    found: list[Shape] = []
    while left.any() and len(found) < most:
        best = int((alike & left).sum(axis=1).argmax())
        found.append(shapes[best])
        left &= ~alike[best]
    return found


def grid(shapes: Sequence[Shape], most: int) -> Numbers:
    """Windows of these shapes all over the photo, the whole photo first; at most `most`.

    Where there would be more, the steps are longer.
    """
    step = STEP
    while True:
        rows = [WHOLE, *(row for shape in shapes for row in _rows(shape, step))]
        windows = np.unique(np.array(rows, np.float64).round(6), axis=0)
        if len(windows) <= most:
            whole = (windows == WHOLE).all(axis=1)
            return np.concatenate([windows[whole], windows[~whole]])
        step *= 1.15


def _rows(shape: Shape, step: float) -> list[tuple[float, ...]]:
    xs, ys = (_starts(side, step) for side in shape)
    return [(x, y, *shape) for x in xs for y in ys]


def _starts(side: float, step: float) -> Numbers:
    room = 1 - side
    return np.linspace(0, room, int(np.ceil(room / (side * step))) + 1 if room > 0 else 1)


def around(window: Numbers, by: float) -> Numbers:
    """Windows like one, moved or with one side moved by `by` of its length; inside the photo."""
    x0, y0, x1, y1 = window[0], window[1], window[0] + window[2], window[1] + window[3]
    dx, dy = window[2] * by, window[3] * by
    moves = [(a, b) for a in (-1, 0, 1) for b in (-1, 0, 1) if a or b]
    sides = [
        *((x0 + a * dx, y0, x1 + b * dx, y1) for a, b in moves),
        *((x0, y0 + a * dy, x1, y1 + b * dy) for a, b in moves),
    ]
    corners = np.array(sides).clip(0, 1)
    found = np.column_stack([corners[:, :2], corners[:, 2:] - corners[:, :2]])
    return found[(found[:, 2:] > 0.01).all(axis=1)]


def overlaps(windows: Numbers, others: Numbers) -> Numbers:
    """Intersection over union of each with each: shape (windows, others), 0 to 1."""
    a, b = windows[:, None, :], others[None, :, :]
    low = np.maximum(a[..., :2], b[..., :2])
    high = np.minimum(a[..., :2] + a[..., 2:], b[..., :2] + b[..., 2:])
    shared = (high - low).clip(0).prod(axis=-1)
    union = a[..., 2:].prod(axis=-1) + b[..., 2:].prod(axis=-1) - shared
    return np.asarray(shared / union, np.float64)


def log_density(windows: Numbers, shapes: Sequence[Shape]) -> Numbers:
    """How usual the shape of each window is: the logarithm of a kernel density, at most 0.

    Gaussian kernels over the logarithms of width and height, each with a height of 1.
    """
    known = np.log(np.array(shapes, np.float64))
    apart = (np.log(windows[:, None, 2:]) - known[None]) / BANDWIDTH
    density = np.exp(-0.5 * (apart**2).sum(axis=-1)).mean(axis=1)
    return np.asarray(np.log(density + UNHEARD_OF), np.float64)
