"""What the pixels of a photo tell: likeness, sharpness, light and colour, one decode for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np
import numpy.typing as npt

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.quality import truncation
from landmark_gui.core.quality.phash import perceptual_hash

if TYPE_CHECKING:
    from PIL.Image import Image

    from landmark_gui.core.images import Pixels

SIDE = 256
"""Longest side in pixels of the picture that is measured: about what a network sees."""
VERSION = 2
"""Another number once the same pixels give other figures."""

_REACH = 9
"""Pixels over which the contrast of an edge is taken."""
_FAINT = 12
"""Levels of 255; what is fainter over `_REACH` pixels may be noise and is no edge."""
_FEW_EDGES = 20
"""Pixels; fewer tell nothing."""
_WHITE = 250
"""Above it a grey value counts as burnt out."""


@dataclass(frozen=True)
class Look:
    """Figures of a photo or of an area of it, each from a picture of at most `SIDE` pixels.

    Attributes:
        phash: of `perceptual_hash`; "" if there is nothing to see.
        sharpness: 0 to 1, see `sharpness`.
        brightness: mean of the grey values, 0 (black) to 1 (white).
        highlights: grey value under which 98 % of the pixels lie, 0 to 1.
        midtone: median of the grey values that are not burnt out, 0 to 1.
        bright: share of pixels that are burnt out to white.
        colour: difference between the largest and the smallest of red, green and blue which 99 %
            of the pixels do not pass, 0 to 1; near 0 is a greyscale picture.
    """

    phash: str
    sharpness: float
    brightness: float
    highlights: float
    midtone: float
    bright: float
    colour: float


def measure(path: Path, size: tuple[int, int], areas: Sequence[Rect | None]) -> list[Look]:
    """Measure areas of one photo; None is all of it.

    Args:
        size: (width, height) of the upright photo in pixels, in which the areas are meant.

    Raises:
        ImageError: if the photo cannot be read, or ends too early.
    """
    shortest = min(max(rect.w, rect.h) if rect else max(size) for rect in areas)
    scale = min(1.0, SIDE / max(shortest, 1))
    picture = images.decode(path, math.ceil(scale * max(size)))
    if truncation.ends_early(path, np.asarray(picture)):
        raise ImageError(path, tr("the end of the file is missing; copy it again from its source"))
    return [look(_cut(picture, size, rect)) for rect in areas]


def look(pixels: Pixels) -> Look:
    """Measure RGB pixels, uint8 of shape (height, width, 3)."""
    small = _fitted(pixels)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    levels = np.bincount(grey.ravel(), minlength=256)
    chroma = small.max(axis=2) - small.min(axis=2)
    return Look(
        phash=perceptual_hash(grey),
        sharpness=sharpness(grey),
        brightness=float(grey.mean()) / 255,
        highlights=_level(levels, 0.98),
        midtone=_level(levels[: _WHITE + 1], 0.5),
        bright=float(levels[_WHITE + 1 :].sum()) / grey.size,
        colour=_level(np.bincount(chroma.ravel(), minlength=256), 0.99),
    )


def sharpness(grey: npt.NDArray[np.uint8]) -> float:
    """How much of an edge's contrast lies between two neighbouring pixels, 0 to 1.

    Taken at the sharpest twentieth of the strongest edges, so that one thing in focus is enough
    and a smooth sky does not count; and in four directions, of which the blurriest counts, since
    a moving camera blurs in one alone. Its inverse is the width of edges in pixels (Marziliano
    et al., 2002, "A no-reference perceptual blur metric").

    Args:
        grey: uint8, shape (height, width).

    Returns:
        0 where there is no edge at all.
    """
    views = (grey, np.ascontiguousarray(grey.T))
    slanted = (grey, np.ascontiguousarray(grey[:, ::-1]))
    found = [_steepness(view, 0) for view in views] + [_steepness(view, 1) for view in slanted]
    return min((steep for steep in found if steep is not None), default=0.0)


def _steepness(grey: npt.NDArray[np.uint8], down: int) -> float | None:
    """As `sharpness` along the rows, or with `down` 1 down to the right; None without edges."""
    if min(grey.shape) < 2:
        return None
    line = np.eye(_REACH, dtype=np.uint8) if down else np.ones((1, _REACH), np.uint8)
    contrast = cv2.morphologyEx(grey, cv2.MORPH_GRADIENT, line)[: len(grey) - down, :-1]
    step = cv2.absdiff(grey[down:, 1:], grey[: len(grey) - down, :-1])
    strong = contrast >= max(float(np.percentile(contrast, 80)), _FAINT)
    if np.count_nonzero(strong) < _FEW_EDGES:
        return None
    return float(np.percentile(step[strong] / contrast[strong], 95))


def _level(levels: npt.NDArray[np.intp], share: float) -> float:
    """The value, 0 to 1, under which a share of the counted pixels lies; 1 if there are none."""
    total = levels.sum()
    if not total:
        return 1.0
    return float(np.searchsorted(np.cumsum(levels), share * total)) / 255


def _fitted(pixels: Pixels) -> Pixels:
    height, width = pixels.shape[:2]
    scale = SIDE / max(height, width)
    if scale >= 1:
        return pixels
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    return np.asarray(cv2.resize(pixels, size, interpolation=cv2.INTER_AREA), np.uint8)


def _cut(picture: Image, size: tuple[int, int], rect: Rect | None) -> Pixels:
    if rect is None:
        return np.asarray(picture)
    across, down = picture.width / size[0], picture.height / size[1]
    left = min(max(round(rect.x * across), 0), picture.width - 1)
    top = min(max(round(rect.y * down), 0), picture.height - 1)
    right = min(max(round(rect.right * across), left + 1), picture.width)
    bottom = min(max(round(rect.bottom * down), top + 1), picture.height)
    return np.asarray(picture.crop((left, top, right, bottom)))
