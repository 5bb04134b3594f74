"""Plain landmark photos of any size, drawn at once: for tests, benchmarks and pictures.

The sample that a person gets is of `core.sample_project`.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from landmark_gui.core.geometry import Rect

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

LANDMARKS = ("Iron Tower", "Round Dome", "Stone Arch")
_SUPERSAMPLING = 2


def write_sample_photos(
    folder: Path, each: int = 12, size: tuple[int, int] = (640, 480)
) -> dict[str, tuple[str, Rect]]:
    """Draw `each` photos of each landmark into `folder`.

    Returns:
        For each file name its landmark and the box around it, in pixels.
    """
    folder.mkdir(parents=True, exist_ok=True)
    boxes = {}
    for landmark in LANDMARKS:
        for number in range(each):
            name = f"{landmark.lower().replace(' ', '_')}_{number + 1:02}.jpg"
            picture, box = draw_sample(landmark, number, size)
            picture.save(folder / name, quality=92)
            boxes[name] = (landmark, box)
    return boxes


def draw_sample(
    landmark: str, number: int, size: tuple[int, int] = (640, 480)
) -> tuple[Image, Rect]:
    """A picture of one of `LANDMARKS` with the box around it; the same for the same number."""
    from PIL import Image, ImageDraw

    rng = np.random.default_rng([number, *landmark.encode()])
    width, height = size[0] * _SUPERSAMPLING, size[1] * _SUPERSAMPLING
    picture = Image.fromarray(_sky(rng, width, height))
    draw = ImageDraw.Draw(picture)
    ground = height * rng.uniform(0.72, 0.85)
    _hills(draw, rng, width, height, ground)
    tall = height * rng.uniform(0.4, 0.62)
    wide = tall * {"Iron Tower": 0.45, "Round Dome": 1.1, "Stone Arch": 1.0}[landmark]
    left = rng.uniform(0.05, 0.95) * (width - wide)
    shape = {"Iron Tower": _tower, "Round Dome": _dome, "Stone Arch": _arch}[landmark]
    shape(draw, left, ground - tall, wide, tall, _shade(rng, landmark))
    _trees(draw, rng, width, ground)
    box = Rect(left, ground - tall, wide, tall).clamped(width, height)
    scale = 1 / _SUPERSAMPLING
    small = picture.resize(size, Image.Resampling.LANCZOS)
    return small, Rect(box.x * scale, box.y * scale, box.w * scale, box.h * scale)


def _sky(rng: np.random.Generator, width: int, height: int) -> np.ndarray:
    top = rng.uniform((60, 110, 170), (120, 170, 230))
    bottom = rng.uniform((190, 190, 170), (250, 230, 225))
    ramp = np.linspace(0, 1, height)[:, None, None]
    sky = np.broadcast_to(top + (bottom - top) * ramp, (height, width, 3))
    return np.clip(sky + rng.normal(0, 4, (height, width, 1)), 0, 255).astype(np.uint8)


def _hills(
    draw: ImageDraw, rng: np.random.Generator, width: int, height: int, ground: float
) -> None:
    steps = np.linspace(0, width, 40)
    ridge = ground - height * 0.06 * (1.2 + np.sin(steps / width * 9 + rng.uniform(0, 6)))
    far = [(float(x), float(y)) for x, y in zip(steps, ridge, strict=True)]
    draw.polygon([*far, (width, height), (0, height)], fill=_color(rng, (90, 120, 120), 18))
    draw.rectangle((0, ground, width, height), fill=_color(rng, (96, 130, 74), 22))


def _trees(draw: ImageDraw, rng: np.random.Generator, width: int, ground: float) -> None:
    for x in rng.uniform(0, width, rng.integers(4, 12)):
        radius = rng.uniform(12, 34)
        box = (x - radius, ground - radius, x + radius, ground + radius * 0.8)
        draw.ellipse(box, fill=_color(rng, (52, 92, 50), 20))


def _shade(rng: np.random.Generator, landmark: str) -> tuple[int, int, int]:
    base = {
        "Iron Tower": (110, 82, 66),
        "Round Dome": (222, 200, 160),
        "Stone Arch": (168, 148, 128),
    }
    return _color(rng, base[landmark], 16)


def _color(
    rng: np.random.Generator, base: tuple[int, int, int], spread: float
) -> tuple[int, int, int]:
    light = rng.normal(0, spread)
    red, green, blue = (int(np.clip(part + light, 0, 255)) for part in base)
    return red, green, blue


def _tower(
    draw: ImageDraw, x: float, y: float, w: float, h: float, color: tuple[int, int, int]
) -> None:
    middle = x + w / 2
    for side in (-1, 1):
        legs = [(middle + side * w / 2, y + h), (middle + side * w * 0.09, y + h * 0.35)]
        draw.line([*legs, (middle, y)], fill=color, width=max(3, round(w * 0.07)), joint="curve")
    for part, reach in ((0.36, 0.14), (0.62, 0.24), (0.8, 0.34)):
        bar = (middle - w * reach, y + h * part, middle + w * reach, y + h * (part + 0.035))
        draw.rectangle(bar, fill=color)
    for part in np.linspace(0.4, 0.95, 8):
        reach = w * (0.08 + 0.42 * (part - 0.35) / 0.65)
        level = y + h * part
        cross = (middle - reach, level, middle + reach, level + h * 0.05)
        draw.line(cross, fill=color, width=max(1, round(w * 0.02)))


def _dome(
    draw: ImageDraw, x: float, y: float, w: float, h: float, color: tuple[int, int, int]
) -> None:
    dark = tuple(max(0, part - 50) for part in color)
    draw.rectangle((x, y + h * 0.6, x + w, y + h), fill=color)
    draw.pieslice((x + w * 0.15, y + h * 0.12, x + w * 0.85, y + h * 1.06), 180, 360, fill=color)
    draw.line((x + w / 2, y, x + w / 2, y + h * 0.14), fill=dark, width=max(2, round(w * 0.02)))
    for part in np.linspace(0.08, 0.92, 8):
        column = (x + w * (part - 0.02), y + h * 0.68, x + w * (part + 0.02), y + h)
        draw.rectangle(column, fill=dark)


def _arch(
    draw: ImageDraw, x: float, y: float, w: float, h: float, color: tuple[int, int, int]
) -> None:
    dark = tuple(max(0, part - 70) for part in color)
    draw.rectangle((x, y, x + w, y + h), fill=color)
    draw.rectangle((x, y + h * 0.12, x + w, y + h * 0.16), fill=dark)
    opening = (x + w * 0.3, y + h * 0.32, x + w * 0.7, y + h * 0.9)
    draw.pieslice(opening, 180, 360, fill=dark)
    draw.rectangle((x + w * 0.3, y + h * 0.6, x + w * 0.7, y + h), fill=dark)
