"""One parameter from end to end, while all others stay as they were drawn."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from landmark_gui.core.augmentation import AugmentationConfig, AugmentationParameters, Step
from landmark_gui.core.augmentation.values import Shift

DRAWN = {
    "rotation_range": "theta",
    "width_shift_range": "tx",
    "height_shift_range": "ty",
    "shear_range": "shear",
    "channel_shift_range": "channel_shift_intensity",
    "brightness_range": "brightness",
}
"""Setting → the drawn number that it limits."""
STEPS = {
    "jitter_brightness": "brightness",
    "jitter_contrast": "contrast",
    "jitter_saturation": "saturation",
    "jitter_hue": "hue",
    "blur": "blur",
    "jpeg_quality": "jpeg",
}
"""Setting → the step whose one value it limits."""
SETTINGS = ("perspective", "erasing", "randaugment_magnitude")
"""Swept themselves, from 0 on: they limit several numbers at once."""
ORDER = (
    *("rotation_range", "width_shift_range", "height_shift_range", "shear_range", "zoom_range"),
    *("brightness_range", "channel_shift_range", *list(STEPS)[:4], "perspective"),
    *("blur", "jpeg_quality", "erasing", "randaugment_magnitude"),
)
_WIDEST: dict[str, tuple[float, float]] = {
    "rotation_range": (-180, 180),
    "shear_range": (-60, 60),
    "zoom_range": (0.2, 2),
    "brightness_range": (0, 2),
    "channel_shift_range": (-255, 255),
    "jitter_brightness": (0, 2),
    "jitter_contrast": (0, 2),
    "jitter_saturation": (0, 2),
    "jitter_hue": (-0.5, 0.5),
    "perspective": (0, 0.9),
    "blur": (0, 5),
    "jpeg_quality": (1, 100),
    "erasing": (0, 1),
    "randaugment_magnitude": (0, 10),
}
"""The ends of what is switched off."""


@dataclass(frozen=True)
class Pin:
    """A setting of `ORDER` and the value at which it is held."""

    name: str
    value: float


def ends(config: AugmentationConfig, name: str, side: int) -> tuple[float, float]:
    """The smallest and largest value that can be drawn; the widest if it is off.

    Args:
        side: of the network's input in pixels, which shifts are given in.
    """
    if not is_on(config, name):
        return _WIDEST.get(name, (-side / 2, side / 2))
    value = getattr(config, name)
    if name in ("width_shift_range", "height_shift_range"):
        limit = _pixels(value, side)
        return -limit, limit
    if isinstance(value, tuple):
        return value
    if name in SETTINGS or name == "blur":
        return 0.0, value
    if name in STEPS and name != "jitter_hue":
        return max(0.0, 1 - value), 1 + value
    return -value, value


def is_on(config: AugmentationConfig, name: str) -> bool:
    """Whether the setting varies anything."""
    if name == "randaugment_magnitude":
        return config.randaugment_count > 0 and config.randaugment_magnitude > 0
    value = getattr(config, name)
    return value != (1.0, 1.0) if name == "zoom_range" else bool(value)


def held(config: AugmentationConfig, pin: Pin) -> AugmentationConfig:
    """The config to draw with, so that `hold` finds what it holds."""
    if pin.name == "randaugment_magnitude":
        return replace(
            config, randaugment_magnitude=pin.value, randaugment_count=config.randaugment_count or 2
        )
    values: dict[str, Any] = {pin.name: pin.value} if pin.name in SETTINGS else {}
    return replace(config, **values)


def hold(parameters: AugmentationParameters, pin: Pin) -> AugmentationParameters:
    """What was drawn, but for the one that is held."""
    if pin.name == "zoom_range":
        return replace(parameters, zx=pin.value, zy=pin.value)
    if pin.name in DRAWN:
        return replace(parameters, **{DRAWN[pin.name]: pin.value})  # type: ignore[arg-type]  # floats
    if pin.name in STEPS:
        return replace(parameters, steps=_held_step(parameters.steps, STEPS[pin.name], pin.value))
    return parameters


def _held_step(steps: tuple[Step, ...], name: str, value: float) -> tuple[Step, ...]:
    places = [place for place, step in enumerate(steps) if step.name == name]
    made = Step(name, (round(value) if name == "jpeg" else value,))
    if not places:
        return (*steps, made)
    first = places[0]  # RandAugment, whose steps have the same names, comes after
    return (*steps[:first], made, *steps[first + 1 :])


def _pixels(limit: Shift, side: int) -> float:
    if isinstance(limit, tuple):
        return max(map(abs, limit)) * (side if max(limit) < 1 else 1)
    return limit * side if limit < 1 else limit - isinstance(limit, int)
