"""Augmentation made weaker as a whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from landmark_gui.core.augmentation.config import AugmentationConfig

_FROM_ZERO = (
    *("rotation_range", "shear_range", "channel_shift_range", "perspective", "blur", "erasing"),
    *("jitter_brightness", "jitter_contrast", "jitter_saturation", "jitter_hue"),
    *("randaugment_magnitude", "mixup_alpha", "cutmix_alpha"),
)
_FROM_ONE = ("zoom_range", "brightness_range")


def weakened(config: AugmentationConfig, strength: float) -> AugmentationConfig | None:
    """All ranges as a fraction of what they are; mirrored crops stay mirrored.

    Args:
        strength: 0 to 1.

    Returns:
        None for a strength of 0.
    """
    if not strength:
        return None
    values: dict[str, Any] = {name: getattr(config, name) * strength for name in _FROM_ZERO}
    for name in _FROM_ONE:
        given = getattr(config, name)
        values[name] = given and tuple(1 + (value - 1) * strength for value in given)
    for name in ("width_shift_range", "height_shift_range"):
        values[name] = _shift(getattr(config, name), strength)
    if config.jpeg_quality:
        values["jpeg_quality"] = tuple(
            round(100 - (100 - quality) * strength) for quality in config.jpeg_quality
        )
    return replace(config, **values)


def _shift(given: Any, strength: float) -> Any:
    """A list stays a list, and whole pixels stay whole."""
    if isinstance(given, list | tuple):
        return type(given)(_shift(value, strength) for value in given)
    return round(given * strength) if isinstance(given, int) else given * strength
