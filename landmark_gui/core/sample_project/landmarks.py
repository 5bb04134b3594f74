"""The four landmarks of the sample, each 1 high, standing at (0, 0)."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from landmark_gui.core.sample_project.brush import Brush, Color
from landmark_gui.core.sample_project.light import Light

_WHITE, _RED, _IRON = (244, 240, 230), (196, 48, 44), (58, 62, 72)
_STONE, _SLATE, _GOLD = (206, 182, 142), (74, 88, 108), (226, 178, 74)
_BRICK, _CREAM, _WOOD = (158, 84, 62), (240, 228, 200), (104, 72, 50)
_VERMILION, _TILE, _BASE = (190, 62, 46), (46, 98, 96), (164, 158, 148)
_SHADE = 0.76
"""How bright the side is that the sun does not reach."""


def lighthouse(brush: Brush, light: Light, rng: np.random.Generator) -> None:
    """A striped tower with a gallery and a lantern."""
    brush.trapezium(0, 0.05, 0.2, 0.16, light.on(_BASE, 0.8))
    stripes = 5
    for stripe in range(stripes):
        low, high = 0.05 + 0.65 * stripe / stripes, 0.05 + 0.65 * (stripe + 1) / stripes
        color = _RED if stripe % 2 == 0 else _WHITE
        _tapered(brush, light, (low, high), (0.135, 0.085), (0.05, 0.7), color)
    for height in (0.25, 0.42, 0.58):
        _arched(brush, 0.0, height, 0.022, 0.05, light.window())
    _arched(brush, 0.0, 0.05, 0.035, 0.09, light.on(_WOOD))
    brush.rectangle(-0.12, 0.7, 0.24, 0.022, light.on(_IRON))
    for post in np.linspace(-0.11, 0.11, 7):
        brush.rectangle(post - 0.003, 0.72, 0.006, 0.045, light.on(_IRON))
    brush.rectangle(-0.115, 0.762, 0.23, 0.008, light.on(_IRON))
    glass = (255, 236, 150) if light.lamps else light.on((250, 232, 170))
    brush.rectangle(-0.06, 0.722, 0.12, 0.12, glass)
    for bar in (-0.06, -0.022, 0.016, 0.054):
        brush.rectangle(bar, 0.722, 0.006, 0.12, light.on(_IRON))
    brush.ellipse(0, 0.84, 0.078, 0.09, light.on(_RED), (0, 180))
    brush.ellipse(0, 0.84, 0.078, 0.09, light.on(_RED, _SHADE), (0, 90))
    brush.polygon([(0, 0.84), (0.078, 0.84), (0, 0.93)], light.on(_RED, _SHADE))
    brush.rectangle(-0.005, 0.92, 0.01, 0.08, light.on(_IRON))


def windmill(brush: Brush, light: Light, rng: np.random.Generator) -> None:
    """A brick mill with a gallery, whose sails stand as the wind left them."""
    _tapered(brush, light, (0, 0.58), (0.17, 0.11), (0, 0.58), _BRICK)
    for height in (0.18, 0.45):
        _arched(brush, -0.03, height, 0.024, 0.06, light.window())
    _arched(brush, 0.0, 0.0, 0.04, 0.11, light.on(_WOOD))
    brush.rectangle(-0.21, 0.31, 0.42, 0.018, light.on(_WOOD))
    for post in np.linspace(-0.2, 0.2, 9):
        brush.rectangle(post - 0.003, 0.325, 0.006, 0.04, light.on(_CREAM))
    brush.rectangle(-0.205, 0.362, 0.41, 0.008, light.on(_CREAM))
    brush.ellipse(0, 0.57, 0.13, 0.15, light.on(_SLATE), (0, 180))
    brush.polygon([(0, 0.57), (0.13, 0.57), (0.09, 0.67), (0, 0.72)], light.on(_SLATE, _SHADE))
    start = rng.uniform(20, 70)
    for quarter in range(4):
        sail = brush.turned(0, 0.62, start + 90 * quarter)
        _sail(sail, light)
        brush.include(sail)
    brush.ellipse(0, 0.62, 0.022, 0.022, light.on(_GOLD))


def _sail(brush: Brush, light: Light) -> None:
    brush.line((0, 0), (0, 0.38), 0.014, light.on(_WOOD))
    cloth = [(0.006, 0.09), (0.085, 0.09), (0.085, 0.375), (0.006, 0.375)]
    brush.polygon(cloth, light.on(_CREAM))
    for height in np.linspace(0.09, 0.375, 7):
        brush.line((0, height), (0.088, height), 0.006, light.on(_WOOD))
    brush.line((0.086, 0.09), (0.086, 0.375), 0.006, light.on(_WOOD))


def pagoda(brush: Brush, light: Light, rng: np.random.Generator) -> None:
    """Four storeys under roofs with raised eaves, and a spire."""
    brush.trapezium(0, 0.035, 0.27, 0.27, light.on(_BASE))
    brush.trapezium(0.035, 0.06, 0.24, 0.24, light.on(_BASE, 1.1))
    low = 0.06
    for storey in range(4):
        half, high = 0.165 - 0.026 * storey, 0.135 - 0.012 * storey
        brush.rectangle(-half, low, 2 * half, high, light.on(_VERMILION))
        brush.rectangle(half * 0.35, low, half * 0.65, high, light.on(_VERMILION, _SHADE))
        for place in (-0.62, 0.0, 0.62):
            window = (place * half - 0.02, low + high * 0.22, 0.04, high * 0.48)
            brush.rectangle(*window, light.window())
        for post in (-1.0, -0.33, 0.33, 1.0):
            brush.rectangle(post * half - 0.005, low, 0.01, high, light.on(_WOOD))
        _roof(brush, light, low + high * 0.86, half)
        low += high + 0.055
    brush.rectangle(-0.007, low - 0.02, 0.014, 1 - low + 0.02, light.on(_GOLD))
    for ring in range(4):
        y = low + (1 - low) * (0.15 + 0.18 * ring)
        brush.ellipse(0, y, 0.026 - 0.004 * ring, 0.009, light.on(_GOLD, 0.9))


def _roof(brush: Brush, light: Light, low: float, half: float) -> None:
    """Its eaves sweep outwards and up."""
    across = np.linspace(-1, 1, 15)
    reach = half + 0.105
    below = [(x * reach, low + 0.045 * abs(x) ** 3) for x in across]
    above = [(x * half * 0.78, low + 0.085 - 0.012 * x**2) for x in across[::-1]]
    tips = [(reach + 0.012, low + 0.075), (-reach - 0.012, low + 0.075)]
    brush.polygon([*below, tips[0], *above, tips[1]], light.on(_TILE))
    right = [point for point in below if point[0] >= 0]
    brush.polygon([*right, tips[0], *above[:8]], light.on(_TILE, _SHADE))
    brush.polygon([(x, y - 0.014) for x, y in below] + below[::-1], light.on(_CREAM))


def clock_tower(brush: Brush, light: Light, rng: np.random.Generator) -> None:
    """A stone tower with a clock on it that tells the hour of the photo."""
    brush.trapezium(0, 0.05, 0.17, 0.15, light.on(_STONE, 0.85))
    _tapered(brush, light, (0.05, 0.5), (0.125, 0.12), (0.05, 0.5), _STONE)
    for height in (0.14, 0.28):
        for place in (-0.055, 0.055):
            _arched(brush, place, height, 0.02, 0.09, light.window())
    _arched(brush, 0.0, 0.0, 0.035, 0.1, light.on(_WOOD))
    brush.rectangle(-0.15, 0.49, 0.3, 0.025, light.on(_STONE, 1.1))
    brush.rectangle(-0.135, 0.515, 0.27, 0.21, light.on(_STONE))
    brush.rectangle(0.05, 0.515, 0.085, 0.21, light.on(_STONE, _SHADE))
    _clock(brush, light, rng)
    brush.rectangle(-0.16, 0.72, 0.32, 0.025, light.on(_STONE, 1.1))
    for place in (-0.135, 0.135):
        brush.trapezium(0.745, 0.84, 0.018, 0.0, light.on(_STONE), place)
    brush.trapezium(0.745, 0.95, 0.125, 0.008, light.on(_SLATE))
    brush.polygon([(0.0, 0.745), (0.125, 0.745), (0.008, 0.95)], light.on(_SLATE, _SHADE))
    brush.rectangle(-0.004, 0.94, 0.008, 0.06, light.on(_GOLD))
    brush.ellipse(0, 0.965, 0.014, 0.014, light.on(_GOLD))


def _clock(brush: Brush, light: Light, rng: np.random.Generator) -> None:
    middle = (0.0, 0.62)
    face = (255, 246, 214) if light.lamps else light.on((250, 246, 232))
    brush.ellipse(*middle, 0.092, 0.092, light.on(_GOLD, 0.85))
    brush.ellipse(*middle, 0.08, 0.08, face)
    for hour in range(12):
        angle = math.radians(hour * 30)
        mark = (0.066 * math.cos(angle), 0.62 + 0.066 * math.sin(angle))
        brush.ellipse(*mark, 0.006, 0.006, light.on(_IRON))
    minutes = rng.uniform(0, 720)
    for angle, length in ((minutes / 2, 0.04), (minutes * 6, 0.06)):
        turn = math.radians(90 - angle)
        tip = (length * math.cos(turn), 0.62 + length * math.sin(turn))
        brush.line(middle, tip, 0.011, light.on(_IRON))


def _tapered(
    brush: Brush,
    light: Light,
    part: tuple[float, float],
    half_widths: tuple[float, float],
    whole: tuple[float, float],
    color: Color,
) -> None:
    """A part of a tower that narrows from its foot to its top, lit from the left."""
    low, high = part
    below, above = (float(np.interp(y, whole, half_widths)) for y in part)
    brush.trapezium(low, high, below, above, light.on(color))
    right = [(below * 0.3, low), (below, low), (above, high), (above * 0.3, high)]
    brush.polygon(right, light.on(color, _SHADE))


def _arched(brush: Brush, x: float, y: float, half: float, height: float, color: Color) -> None:
    """A door or a window with a round top."""
    brush.rectangle(x - half, y, 2 * half, height - half, color)
    brush.ellipse(x, y + height - half, half, half, color, (0, 180))


Shape = Callable[[Brush, Light, np.random.Generator], None]
SHAPES: dict[str, Shape] = {
    "lighthouse": lighthouse,
    "windmill": windmill,
    "pagoda": pagoda,
    "clock_tower": clock_tower,
}
