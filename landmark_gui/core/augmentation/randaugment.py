"""RandAugment: a few of 14 operations, all of one strength.

Cubuk et al., 2019, "RandAugment: Practical automated data augmentation with a reduced search
space", arXiv:1909.13719, with the ranges of AutoAugment (arXiv:1805.09501, table 6). Its scale
runs from 0 to 10, and 10 is the end of each range. Operations are drawn with replacement and
signs are random. Where the published code once ran backwards, a larger magnitude is a stronger
change here, as in torchvision's.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from landmark_gui.core.augmentation.parameters import Step

if TYPE_CHECKING:
    import numpy.typing as npt

    from landmark_gui.core.augmentation.config import AugmentationConfig

    Square = npt.NDArray[np.float64]

MAX_ROTATION = 30.0
"""degrees"""
MAX_SHEAR = 0.3
MAX_SHIFT = 150 / 331
"""of a side: 150 pixels of the 331 for which it was published"""
MAX_FACTOR = 0.9
"""of colour, contrast, brightness and sharpness, from 1 either way"""

MOVES = ("rotate", "shear_x", "shear_y", "translate_x", "translate_y")
FACTORS = {
    "color": "saturation",
    "contrast": "contrast",
    "brightness": "brightness",
    "sharpness": "sharpness",
}
"""RandAugment's name → our step's."""
OTHERS = ("identity", "autocontrast", "equalize", "posterize", "solarize")
OPERATIONS = (*OTHERS, *FACTORS, *MOVES)


def draw_operations(
    config: AugmentationConfig, height: int, width: int, rng: np.random.Generator
) -> tuple[list[Square], tuple[Step, ...]]:
    """The drawn moves, as maps from output to input pixels, and the drawn steps."""
    moves: list[Square] = []
    steps: list[Step] = []
    strength = config.randaugment_magnitude / 10
    for _ in range(config.randaugment_count):
        name = OPERATIONS[int(rng.integers(len(OPERATIONS)))]
        signed = strength if rng.random() < 0.5 else -strength
        if name in MOVES:
            moves.append(move(name, signed, height, width))
        elif name != "identity":
            steps.append(step(name, signed))
    return moves, tuple(steps)


def move(name: str, strength: float, height: int, width: int) -> Square:
    """One of `MOVES` about the centre of the image.

    Args:
        strength: -1 to 1.

    Returns:
        float64, shape (3, 3), from output to input pixels.
    """
    angle = math.radians(MAX_ROTATION * strength)
    cos, sin = (math.cos(angle), math.sin(angle)) if name == "rotate" else (1.0, 0.0)
    across = MAX_SHEAR * strength if name == "shear_x" else -sin
    down = MAX_SHEAR * strength if name == "shear_y" else sin
    x = MAX_SHIFT * strength * width if name == "translate_x" else 0.0
    y = MAX_SHIFT * strength * height if name == "translate_y" else 0.0
    center_x, center_y = (width - 1) / 2, (height - 1) / 2
    x += center_x - cos * center_x - across * center_y
    y += center_y - down * center_x - cos * center_y
    return np.array(((cos, across, x), (down, cos, y), (0.0, 0.0, 1.0)))


def step(name: str, strength: float) -> Step:
    """Any other operation but "identity".

    Args:
        strength: -1 to 1; the sign matters to `FACTORS` alone.
    """
    if name in FACTORS:
        return Step(FACTORS[name], (1 + MAX_FACTOR * strength,))
    if name == "posterize":
        return Step(name, (8 - round(4 * abs(strength)),))
    if name == "solarize":
        return Step(name, (256 - 256 * abs(strength),))
    return Step(name)
