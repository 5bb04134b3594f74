"""What stands around a landmark on a drawn photo: sky, hills, water, houses, trees."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from landmark_gui.core.sample_project.brush import Brush, Color
from landmark_gui.core.sample_project.light import Light

if TYPE_CHECKING:
    from PIL.Image import Image

GROUNDS = ("meadow", "sea", "square", "snow")
_GROUND = {
    "meadow": (110, 150, 78),
    "sea": (62, 116, 140),
    "square": (172, 164, 152),
    "snow": (232, 236, 242),
}
_HILLS, _TRUNK, _HALF_TIMBER = (92, 122, 122), (84, 62, 46), (236, 226, 204)
_BRIGHT = ((204, 66, 56), (232, 178, 66), (64, 128, 176), (240, 236, 226), (72, 142, 116))
_ROOFS = ((168, 78, 58), (120, 70, 56), (86, 92, 106))
_LEAVES = ((62, 108, 58), (92, 128, 56), (48, 92, 66), (176, 118, 48))
_LEFT, _RIGHT = -0.3, 1.7
"""From where to where things are drawn, so that a tilted photo has no empty corner."""


def sky(light: Light, width: int, height: int) -> Image:
    """The sky, from its top to the horizon."""
    from PIL import Image

    ramp = np.minimum(np.linspace(0, 1.3, height) ** 1.3, 1)[:, None, None]
    above, below = np.array(light.above), np.array(light.below)
    column = Image.fromarray((above + (below - above) * ramp).astype(np.uint8))
    return column.resize((width, height), Image.Resampling.NEAREST)


def behind(
    brush: Brush, light: Light, rng: np.random.Generator, ground: str, horizon: float
) -> None:
    """What is farther away than the landmark."""
    _in_the_sky(brush, light, rng, horizon)
    for far, height in ((1.0, 0.16), (0.6, 0.09)):
        _ridge(brush, light, rng, horizon, height, far)
    color = light.on(_GROUND[ground])
    brush.polygon([(_LEFT, horizon), (_RIGHT, horizon), (_RIGHT, -0.3), (_LEFT, -0.3)], color)
    if ground == "sea":
        _waves(brush, light, rng, horizon)
    else:
        _houses(brush, light, rng, horizon, int(rng.integers(1, 7)))
    for _ in range(rng.integers(2, 7)):
        _tree(brush, light, rng, rng.uniform(-0.1, 1.45), horizon, rng.uniform(0.05, 0.11), 0.4)


def before(brush: Brush, light: Light, rng: np.random.Generator, ground: str, foot: float) -> None:
    """What is nearer than the landmark, and may hide a part of its foot."""
    if ground == "sea":
        for _ in range(rng.integers(0, 3)):
            _boat(brush, light, rng, rng.uniform(0, 1.3), foot - rng.uniform(0.06, 0.2))
        return
    for _ in range(rng.integers(1, 4)):
        x, y = rng.uniform(-0.05, 1.4), foot - rng.uniform(0.04, 0.16)
        _tree(brush, light, rng, x, y, rng.uniform(0.1, 0.2), 0.0)
    for _ in range(rng.integers(0, 5)):
        _person(brush, light, rng, rng.uniform(0.05, 1.3), foot - rng.uniform(0.02, 0.12))


def island(brush: Brush, light: Light, x: float, foot: float, half: float) -> None:
    """Rocks, for what stands in the sea."""
    rocks = [(-1.0, -0.05), (-0.7, 0.12), (-0.2, 0.2), (0.4, 0.16), (0.8, 0.1), (1.05, -0.05)]
    outline = [(x + half * dx, foot + half * dy * 0.6) for dx, dy in rocks]
    low = [(x + half * 1.1, foot - half * 0.2), (x - half * 1.1, foot - half * 0.2)]
    brush.polygon([*outline, *low], light.on((112, 106, 98)))


def _in_the_sky(brush: Brush, light: Light, rng: np.random.Generator, horizon: float) -> None:
    if light.lamps:
        for x, y in rng.uniform((0, horizon + 0.15), (1.4, 1), (60, 2)):
            brush.ellipse(x, y, 0.0018, 0.0018, (222, 226, 240))
    if rng.random() < 0.5:
        disc = (238, 238, 224) if light.lamps else (255, 240, 196)
        brush.ellipse(rng.uniform(0.1, 1.2), rng.uniform(0.75, 0.9), 0.045, 0.045, disc)
    for _ in range(rng.integers(0, 5)):
        _cloud(brush, light, rng, rng.uniform(0, 1.3), rng.uniform(0.68, 0.95))
    for _ in range(rng.choice([0, 0, 1, 2])):
        _balloon(brush, light, rng, rng.uniform(0.1, 1.2), rng.uniform(0.6, 0.9))


def _cloud(brush: Brush, light: Light, rng: np.random.Generator, x: float, y: float) -> None:
    puff = light.on((250, 250, 252), 1.0 if not light.lamps else 0.6)
    for step in range(5):
        high = rng.uniform(0.014, 0.034)
        brush.ellipse(x + 0.045 * (step - 2), y + high * 0.4, 0.05, high, puff)


def _balloon(brush: Brush, light: Light, rng: np.random.Generator, x: float, y: float) -> None:
    size = rng.uniform(0.025, 0.05)
    color, other = (light.on(_BRIGHT[n]) for n in rng.permutation(len(_BRIGHT))[:2])
    brush.trapezium(y - size * 1.5, y - size * 0.6, size * 0.2, size * 0.7, color, x)
    brush.ellipse(x, y, size, size, color)
    brush.ellipse(x, y, size * 0.5, size, other)
    brush.rectangle(x - size * 0.2, y - size * 1.95, size * 0.4, size * 0.3, light.on(_TRUNK))


def _ridge(
    brush: Brush, light: Light, rng: np.random.Generator, horizon: float, height: float, far: float
) -> None:
    across = np.linspace(_LEFT, _RIGHT, 40)
    waves = np.zeros(len(across))
    for number in (1, 2, 3):
        waves += np.sin(across * rng.uniform(2, 9) + rng.uniform(0, 6)) / number
    top = horizon + height * (0.45 + 0.25 * waves)
    points = [(float(x), float(y)) for x, y in zip(across, top, strict=True)]
    low = [(_RIGHT, horizon - 0.02), (_LEFT, horizon - 0.02)]
    brush.polygon([*points, *low], light.on(_HILLS, 0.9, far))


def _waves(brush: Brush, light: Light, rng: np.random.Generator, horizon: float) -> None:
    for depth in np.linspace(0.01, 1, 26) ** 1.6:
        y, x = horizon - depth * horizon, rng.uniform(-0.1, 1.3)
        glint = light.on((150, 194, 206), 1.0, 0.3)
        brush.ellipse(x, y, 0.05 + 0.1 * depth, 0.001 + 0.004 * depth, glint)


def _houses(
    brush: Brush, light: Light, rng: np.random.Generator, horizon: float, count: int
) -> None:
    for x in np.sort(rng.uniform(0, 1.3, count)):
        wide, high = rng.uniform(0.05, 0.09), rng.uniform(0.04, 0.1)
        wall = light.on(_HALF_TIMBER if rng.random() < 0.6 else (214, 160, 116), 0.92, 0.3)
        roof = light.on(_ROOFS[rng.integers(len(_ROOFS))], 1.0, 0.3)
        base = horizon - 0.015
        brush.rectangle(x, base, wide, high, wall)
        peak = (x + wide / 2, base + high + 0.05)
        brush.polygon([(x - 0.008, base + high), (x + wide + 0.008, base + high), peak], roof)
        for place in (0.2, 0.6):
            brush.rectangle(x + wide * place, base + high * 0.5, 0.011, 0.016, light.window())


def _tree(
    brush: Brush,
    light: Light,
    rng: np.random.Generator,
    x: float,
    y: float,
    size: float,
    far: float,
) -> None:
    leaf: Color = _LEAVES[rng.integers(len(_LEAVES))]
    brush.rectangle(x - size * 0.05, y, size * 0.1, size * 0.4, light.on(_TRUNK, 1.0, far))
    if rng.random() < 0.4:
        for low in (0.25, 0.5, 0.75):
            half, color = size * (0.42 - low * 0.3), light.on(leaf, 0.9, far)
            brush.trapezium(y + size * low, y + size * (low + 0.42), half, 0.0, color, x)
        return
    for dx, dy, radius in ((-0.2, 0.55, 0.26), (0.2, 0.58, 0.26), (0.0, 0.78, 0.3)):
        place = (x + size * dx, y + size * dy, size * radius, size * radius)
        brush.ellipse(*place, light.on(leaf, 0.8 + dy * 0.3, far))


def _person(brush: Brush, light: Light, rng: np.random.Generator, x: float, y: float) -> None:
    size = rng.uniform(0.03, 0.055)
    coat = light.on(_BRIGHT[rng.integers(len(_BRIGHT))], 0.9)
    brush.trapezium(y, y + size * 0.45, size * 0.1, size * 0.13, light.on((60, 62, 76)), x)
    brush.trapezium(y + size * 0.4, y + size * 0.8, size * 0.17, size * 0.12, coat, x)
    brush.ellipse(x, y + size * 0.9, size * 0.1, size * 0.11, light.on((214, 170, 140)))


def _boat(brush: Brush, light: Light, rng: np.random.Generator, x: float, y: float) -> None:
    size, sail = rng.uniform(0.06, 0.11), light.on((246, 242, 232))
    hull = light.on(_BRIGHT[rng.integers(3)], 0.9)
    brush.trapezium(y - size * 0.18, y, size * 0.35, size * 0.5, hull, x)
    for reach, top in ((0.42, 1.0), (-0.32, 0.8)):
        gap, low = 0.006 if reach > 0 else -0.006, y + size * 0.06
        brush.polygon([(x + gap, low), (x + gap, y + size * top), (x + size * reach, low)], sail)
