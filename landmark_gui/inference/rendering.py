"""Crops as one array of network inputs."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop, render_all
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.parallel import in_order

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Rendered:
    """Network inputs and where they come from.

    Attributes:
        images: uint8, shape (n, size, size, 3).
        crops: the n crops of `images`.
        skipped: (photo, reason) of each crop whose photo could not be read.
    """

    images: Pixels
    crops: list[Crop]
    skipped: list[tuple[Path, str]]


def render_crops(
    crops: Sequence[Crop],
    size: int,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
    images: Pixels | None = None,
) -> Rendered:
    """Render crops on all cores, in their order. A photo that cannot be read is left out.

    A photo is decoded once for those of its crops that are alike in size.

    Args:
        size: side of the square inputs in pixels.
        images: an array of the right shape to render into, in place of a new one.

    Raises:
        Cancelled: between two photos.
    """
    by_photo: dict[Path, list[int]] = defaultdict(list)
    for index, crop in enumerate(crops):
        by_photo[crop.path].append(index)

    def outcome(indices: list[int]) -> list[Pixels] | ImageError:
        if cancel():
            raise Cancelled
        try:
            return render_all([crops[index] for index in indices], size)
        except ImageError as error:
            return error

    if images is None:
        images = np.empty((len(crops), size, size, 3), np.uint8)
    reasons: dict[int, str] = {}
    done = 0
    progress(done, len(crops))
    for indices, pixels in zip(
        by_photo.values(), in_order(outcome, by_photo.values()), strict=True
    ):
        if isinstance(pixels, ImageError):
            reasons |= dict.fromkeys(indices, pixels.reason)
        else:
            images[indices] = pixels
        done += len(indices)
        progress(done, len(crops))
    kept = [index for index in range(len(crops)) if index not in reasons]
    for place, index in enumerate(kept if reasons else ()):
        images[place] = images[index]  # in place: a copy would take the memory twice
    return Rendered(
        images[: len(kept)],
        [crops[index] for index in kept],
        [(crops[index].path, reasons[index]) for index in sorted(reasons)],
    )
