"""What the pixels of a photo tell: likeness, sharpness, light and colour, one decode for all."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import numpy as np

from landmark_gui.core import images
from landmark_gui.core.geometry import Rect
from landmark_gui.core.quality.phash import perceptual_hash

if TYPE_CHECKING:
    from PIL.Image import Image

    from landmark_gui.core.images import Pixels

SIDE = 256
"""Longest side in pixels of the picture that is measured: about what a network sees."""
VERSION = 2
"""Another number once the same pixels give other figures."""


@dataclass(frozen=True)
class Look:
    """Figures of a photo or of an area of it, each from a picture of at most `SIDE` pixels.

    Attributes:
        phash: of `perceptual_hash`; "" if there is nothing to see.
        sharpness: variance of the Laplacian of the grey picture with values 0 to 255
            (Pech-Pacheco et al., 2000, "Diatom autofocusing in brightfield microscopy").
        brightness: mean of the grey values, 0 (black) to 1 (white).
        dark: share of pixels under 16 of 255.
        bright: share of pixels over 250 of 255.
        colour: mean difference between the largest and the smallest of red, green and blue,
            0 to 1; 0 is a greyscale picture.
    """

    phash: str
    sharpness: float
    brightness: float
    dark: float
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
    return [look(_cut(picture, size, rect)) for rect in areas]


def look(pixels: Pixels) -> Look:
    """Measure RGB pixels, uint8 of shape (height, width, 3)."""
    small = _fitted(pixels)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8)
    return Look(
        phash=perceptual_hash(grey),
        sharpness=float(cv2.Laplacian(grey, cv2.CV_64F).var()),
        brightness=float(grey.mean()) / 255,
        dark=float((grey < 16).mean()),
        bright=float((grey > 250).mean()),
        colour=float((small.max(axis=2).astype(int) - small.min(axis=2)).mean()) / 255,
    )


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
