"""Which control each warning belongs to, and the landmarks that mirror each other."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from landmark_gui.core.augmentation import AugmentationConfig, warnings
from landmark_gui.core.crops import Crop, render
from landmark_gui.core.errors import Cancel, Cancelled, ImageError

if TYPE_CHECKING:
    from landmark_gui.core.preprocess import Pixels

EACH, SIDE = 8, 64
"""Crops of a landmark that are compared with the others, and their side in pixels."""
MOST_LANDMARKS = 100
_GEOMETRY = (
    *("rotation_range", "width_shift_range", "height_shift_range", "shear_range", "zoom_range"),
    "perspective",
)
_PLAIN = AugmentationConfig()


def hints(
    config: AugmentationConfig, side: int, mirrored: Collection[tuple[str, str]] = ()
) -> dict[str, list[str]]:
    """Control → what `warnings` says of it. For a thread of its own.

    What pushes the landmark out stands beside the setting without which least is lost.
    """
    from landmark_gui.core.augmentation.advice import LOST, coverage

    said: dict[str, list[str]] = {}
    for name in ("horizontal_flip", "vertical_flip", "rescale"):
        alone = replace(_PLAIN, **{name: getattr(config, name)})
        said[name] = warnings(alone, side=side, mirrored=mirrored)
    # The flips move nothing out of the picture, so they are left aside here.
    shape = replace(config, horizontal_flip=False, vertical_flip=False, rescale=None)
    border = warnings(shape, side=side)
    if coverage(shape, side).lost >= LOST:
        said[culprit(shape, side)] = [border.pop(0)]
    said["fill_mode"] = border
    return {name: texts for name, texts in said.items() if texts}


def culprit(config: AugmentationConfig, side: int) -> str:
    """The control of the setting without which the landmark leaves the picture least often."""
    from landmark_gui.core.augmentation.advice import coverage

    def without(name: str) -> float:
        return coverage(replace(config, **{name: getattr(_PLAIN, name)}), side).lost

    changed = [name for name in _GEOMETRY if getattr(config, name) != getattr(_PLAIN, name)]
    worst = min(changed, key=without, default="randaugment_count")
    return "zoom_low" if worst == "zoom_range" else worst


def sample(crops: Iterable[Crop]) -> dict[str, list[Crop]]:
    """A few crops of each landmark, spread evenly over its crops."""
    by_landmark: dict[str, list[Crop]] = {}
    for crop in crops:
        by_landmark.setdefault(crop.landmark, []).append(crop)
    return {
        name: [some[index * len(some) // EACH] for index in range(EACH)]
        if len(some) > EACH
        else some
        for name, some in list(by_landmark.items())[:MOST_LANDMARKS]
    }


def find_mirrored(chosen: Mapping[str, list[Crop]], cancel: Cancel) -> list[tuple[str, str]]:
    """Landmarks that look like each other's mirror image. For a thread of its own.

    Raises:
        Cancelled: between two crops.
    """
    from landmark_gui.core.augmentation.advice import mirrored_pairs

    pictures: dict[str, list[Pixels]] = {}
    for name, crops in chosen.items():
        for crop in crops:
            if cancel():
                raise Cancelled
            try:
                pictures.setdefault(name, []).append(render(crop, SIDE))
            except ImageError:
                continue  # the Quality page names it
    return mirrored_pairs(pictures)
