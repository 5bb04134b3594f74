"""Crops as one array of network inputs."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop, render
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)

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
) -> Rendered:
    """Render crops on all cores, in their order. A photo that cannot be read is left out.

    Args:
        size: side of the square inputs in pixels.

    Raises:
        Cancelled: between two photos.
    """

    def outcome(crop: Crop) -> Pixels | ImageError:
        if cancel():
            raise Cancelled
        try:
            return render(crop, size)
        except ImageError as error:
            return error

    images = np.empty((len(crops), size, size, 3), np.uint8)
    kept: list[Crop] = []
    skipped: list[tuple[Path, str]] = []
    progress(0, len(crops))
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for done, (crop, pixels) in enumerate(zip(crops, pool.map(outcome, crops), strict=True), 1):
            if isinstance(pixels, ImageError):
                skipped.append((crop.path, pixels.reason))
            else:
                images[len(kept)] = pixels
                kept.append(crop)
            progress(done, len(crops))
    return Rendered(images[: len(kept)], kept, skipped)
