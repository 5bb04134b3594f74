"""Drawing a variation: the same for the same seed, epoch and image, whoever asks and when."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, TypeGuard

if TYPE_CHECKING:
    import numpy as np

    from landmark_gui.core.augmentation.config import AugmentationConfig
    from landmark_gui.core.augmentation.values import Shift

Rows = tuple[tuple[float, ...], ...]


class Step(NamedTuple):
    """An operation of `steps.OPERATIONS` with its drawn values."""

    name: str
    values: tuple[float, ...] = ()


@dataclass(frozen=True)
class AugmentationParameters:
    """One drawn variation, named as in Keras: it says which source each output pixel has.

    Attributes:
        theta: rotation in degrees.
        tx, ty: shift in pixels, to the right and down in the source.
        shear: shear angle in degrees.
        zx, zy: part of the width and of the height that is seen.
        flip_horizontal, flip_vertical: mirrored after the ones above.
        channel_shift_intensity: grey levels added to all channels, or None.
        brightness: factor of all levels, or None.
        view: perspective and the moves of RandAugment, which come after the flips: three rows
            of three, (x, y, 1) of the output to (x, y, 1) · s of what Keras would give.
        steps: what is done to the pixels at the end.
    """

    theta: float = 0.0
    tx: float = 0.0
    ty: float = 0.0
    shear: float = 0.0
    zx: float = 1.0
    zy: float = 1.0
    flip_horizontal: bool = False
    flip_vertical: bool = False
    channel_shift_intensity: float | None = None
    brightness: float | None = None
    view: Rows | None = None
    steps: tuple[Step, ...] = ()


def generator(seed: int, epoch: int, index: int) -> np.random.Generator:
    """The random numbers of one image in one epoch, the same in whatever order images come.

    Args:
        seed, epoch, index: 0 or more.
    """
    import numpy as np

    return np.random.default_rng((seed, epoch, index))


def batch_generator(seed: int, epoch: int, step: int) -> np.random.Generator:
    """The random numbers of one batch in one epoch (mixup, cutmix), apart from any image's."""
    import numpy as np

    return np.random.default_rng((seed, epoch, step, 1))


def draw(
    config: AugmentationConfig, height: int, width: int, rng: np.random.Generator
) -> AugmentationParameters:
    """Draw a variation for an image of `height` × `width` pixels.

    Each number has the distribution that `ImageDataGenerator.get_random_transform` gives it,
    with one difference: there `width_shift_range` moves images up and down and
    `height_shift_range` sideways (https://github.com/keras-team/keras/issues/17398). Here they
    do what Keras documents.
    """
    across, down = config.width_shift_range, config.height_shift_range
    # One call of the generator for all eight costs what one of the eight would.
    numbers = rng.random(8).tolist() if _continuous(across) and _continuous(down) else None
    number: Callable[[], float] = iter(numbers).__next__ if numbers else rng.random
    low, high = config.zoom_range
    return AugmentationParameters(
        theta=_either_way(config.rotation_range, number()),
        tx=_shift(across, width, number, rng),
        ty=_shift(down, height, number, rng),
        shear=_either_way(config.shear_range, number()),
        zx=low + (high - low) * number(),
        zy=low + (high - low) * number(),
        flip_horizontal=(number() < 0.5) and config.horizontal_flip,
        flip_vertical=(number() < 0.5) and config.vertical_flip,
        channel_shift_intensity=_channel_shift(config, rng),
        brightness=config.brightness_range and rng.uniform(*config.brightness_range),
        **_beyond_keras(config, height, width, rng),
    )


def _beyond_keras(
    config: AugmentationConfig, height: int, width: int, rng: np.random.Generator
) -> dict[str, Any]:
    if not config.beyond_keras:
        return {}
    from landmark_gui.core.augmentation.extras import draw_steps, draw_view

    view, changes = draw_view(config, height, width, rng)
    return {"view": view, "steps": draw_steps(config, changes, height, width, rng)}


def _continuous(limit: Shift) -> TypeGuard[float]:
    return not isinstance(limit, tuple | int) or limit == 0


def _either_way(limit: float, number: float) -> float:
    return -limit + 2 * limit * number


def _channel_shift(config: AugmentationConfig, rng: np.random.Generator) -> float | None:
    limit = config.channel_shift_range
    return rng.uniform(-limit, limit) if limit else None


def _shift(limit: Shift, side: int, number: Callable[[], float], rng: np.random.Generator) -> float:
    if isinstance(limit, tuple):
        chosen = limit[int(rng.integers(len(limit)))] * float(rng.choice((-1, 1)))
        return chosen * (side if max(limit) < 1 else 1)
    if _continuous(limit):
        return _either_way(limit, number()) * (side if limit < 1 else 1)
    return float(rng.integers(int(limit)) * rng.choice((-1, 1)))
