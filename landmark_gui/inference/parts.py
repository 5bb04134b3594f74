"""A part of a photo outside any project, as a model is shown it: one way for all who ask it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core import crops
from landmark_gui.core.errors import ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.inference.bundle import Bundle

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]

Box = tuple[float, float, float, float]


def part_of(bundle: Bundle, path: Path, box: Box, width: int, height: int) -> Rect:
    """What a model is shown for a box: the part that its training would have cut.

    Args:
        path: the photo, for what is said of it.
        box: x, y, width and height in oriented pixels.
        width, height: of the photo, in oriented pixels.

    Returns:
        The part; with grey borders it may reach beyond the photo.

    Raises:
        ImageError: if less than a pixel of the box is on the photo.
    """
    rect = bundle.crop_settings.rect(Rect(*box), width, height)
    if not (rect.w >= 1 and rect.h >= 1):
        raise ImageError(path, tr("the box is not on the photo"))
    return rect


def render_part(bundle: Bundle, path: Path, box: Box | None = None) -> Pixels:
    """The model's input for a box on a photo, or for all of it.

    Returns:
        uint8, shape (size, size, 3).

    Raises:
        ImageError: if the photo cannot be read, or has less than a pixel of the box.
    """
    if box is None:
        return crops.render_photo(path, bundle.size)
    return crops.render_photo(
        path, bundle.size, lambda width, height: part_of(bundle, path, box, width, height)
    )
