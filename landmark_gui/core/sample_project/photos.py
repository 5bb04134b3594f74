"""Drawn photos of landmarks: each from another place, in another light, the same every time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landmark_gui.core.geometry import Rect
from landmark_gui.core.sample_project import scenery
from landmark_gui.core.sample_project.brush import Brush
from landmark_gui.core.sample_project.landmarks import SHAPES
from landmark_gui.core.sample_project.light import LIGHTS

if TYPE_CHECKING:
    from PIL.Image import Image

SIZE = (640, 480)
_SUPERSAMPLING = 2
_GRAIN = 8
"""Grey levels by which neighbouring pixels of the same thing differ at most."""
_TALLEST, _SMALLEST = 0.78, 0.26
"""Of a landmark, as a share of the photo's height."""


def draw_photo(shape: str, number: int) -> tuple[Image, Rect]:
    """A photo of one of `SHAPES`, and the box around the landmark in pixels.

    Args:
        number: another one gives another photo, the same one the same photo.
    """
    from PIL import ImageDraw

    rng = np.random.default_rng([number, *shape.encode()])
    light = list(LIGHTS.values())[rng.choice(len(LIGHTS), p=(0.3, 0.16, 0.16, 0.16, 0.1, 0.12))]
    ground = scenery.GROUNDS[rng.integers(len(scenery.GROUNDS))]
    width, height = (side * _SUPERSAMPLING for side in SIZE)
    picture = scenery.sky(light, width, height)
    whole = Brush.over(ImageDraw.Draw(picture), width, height, rng.normal(0, 2.5))
    horizon = rng.uniform(0.24, 0.4)
    scenery.behind(whole, light, rng, ground, horizon)
    tall = rng.uniform(_SMALLEST, _TALLEST)
    x, foot = rng.uniform(0.2, 1.13), horizon - rng.uniform(0.02, 0.16)
    if ground == "sea":
        scenery.island(whole, light, x, foot, tall * 0.4)
    mark = whole.at(x, foot, tall, mirrored=bool(rng.random() < 0.4))
    SHAPES[shape](mark, light, rng)
    scenery.before(whole, light, rng, ground, foot)
    box = mark.extent.clamped(width, height)
    scale = 1 / _SUPERSAMPLING
    return (
        _developed(picture.reduce(_SUPERSAMPLING), rng),
        Rect(box.x * scale, box.y * scale, box.w * scale, box.h * scale),
    )


def _developed(picture: Image, rng: np.random.Generator) -> Image:
    """With the exposure and the grain of a camera."""
    from PIL import Image

    exposure = rng.uniform(0.85, 1.1)
    exposed = picture.point([min(255, round(level * exposure)) for level in range(256)] * 3)
    grain = rng.integers(-_GRAIN, _GRAIN + 1, (picture.height, picture.width, 1), np.int16)
    return Image.fromarray(np.clip(np.asarray(exposed) + grain, 0, 255).astype(np.uint8))
