"""Drawing what `ImageDataGenerator` does not know; the papers stand in `AugmentationConfig`."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from landmark_gui.core.augmentation.parameters import Rows, Step
from landmark_gui.core.augmentation.randaugment import draw_operations

if TYPE_CHECKING:
    import numpy.typing as npt

    from landmark_gui.core.augmentation.config import AugmentationConfig

    Square = npt.NDArray[np.float64]

ERASED_RATIO = 0.3
"""A rectangle is at least this high or wide of its other side, as published."""
ERASING_TRIES = 100


def draw_view(
    config: AugmentationConfig, height: int, width: int, rng: np.random.Generator
) -> tuple[Rows | None, tuple[Step, ...]]:
    """What RandAugment and perspective add to the warp, and RandAugment's other steps.

    RandAugment's moves become part of the one warp, so its changes of colour come after them
    in their drawn order, wherever they were drawn.
    """
    view = np.eye(3)
    moves, changes = draw_operations(config, height, width, rng)
    for move in moves:
        view = view @ move
    if config.perspective and min(height, width) > 1:
        view = view @ perspective(config.perspective, height, width, rng)
    if not moves and not config.perspective:
        return None, changes
    return tuple(tuple(row) for row in view.tolist()), changes


def perspective(limit: float, height: int, width: int, rng: np.random.Generator) -> Square:
    """A view whose four corners lie up to `limit` / 2 of a side further in.

    Returns:
        float64, shape (3, 3): from (x, y, 1) of the output to the input, up to a factor.
    """
    right, bottom = width - 1, height - 1
    corners = np.array(((0, 0), (right, 0), (right, bottom), (0, bottom)), np.float32)
    inwards = np.array(((1, 1), (-1, 1), (-1, -1), (1, -1)))
    moved = corners + inwards * rng.random((4, 2)) * (right * limit / 2, bottom * limit / 2)
    return np.asarray(cv2.getPerspectiveTransform(moved.astype(np.float32), corners), np.float64)


def draw_steps(
    config: AugmentationConfig,
    changes: tuple[Step, ...],
    height: int,
    width: int,
    rng: np.random.Generator,
) -> tuple[Step, ...]:
    """In the order in which a camera would: colour, sharpness, compression; then erasing.

    Args:
        changes: what RandAugment does to colour.
    """
    steps = [*_jitter(config, rng), *changes]
    if config.blur:
        steps.append(Step("blur", (rng.uniform(0, config.blur),)))
    if config.jpeg_quality:
        low, high = config.jpeg_quality
        steps.append(Step("jpeg", (int(rng.integers(low, high, endpoint=True)),)))
    if config.erasing and rng.random() < config.erasing:
        steps.extend(_erasing(config.erasing_area, height, width, rng))
    return tuple(steps)


def _jitter(config: AugmentationConfig, rng: np.random.Generator) -> list[Step]:
    if not config.jitters:
        return []
    limits = {
        "brightness": config.jitter_brightness,
        "contrast": config.jitter_contrast,
        "saturation": config.jitter_saturation,
    }
    steps = [
        Step(name, (rng.uniform(max(0.0, 1 - limit), 1 + limit),))
        for name, limit in limits.items()
        if limit
    ]
    if config.jitter_hue:
        steps.append(Step("hue", (rng.uniform(-config.jitter_hue, config.jitter_hue),)))
    return [steps[place] for place in rng.permutation(len(steps))]


def _erasing(
    area: tuple[float, float], height: int, width: int, rng: np.random.Generator
) -> list[Step]:
    """A rectangle of an allowed area and ratio that fits; in a very long crop perhaps none."""
    for _ in range(ERASING_TRIES):
        pixels = rng.uniform(*area) * height * width
        ratio = rng.uniform(ERASED_RATIO, 1 / ERASED_RATIO)
        tall, wide = round(math.sqrt(pixels * ratio)), round(math.sqrt(pixels / ratio))
        if 0 < tall < height and 0 < wide < width:
            left, top = rng.integers(width - wide + 1), rng.integers(height - tall + 1)
            noise = rng.integers(2**32)
            return [Step("erase", (int(left), int(top), wide, tall, int(noise)))]
    return []
