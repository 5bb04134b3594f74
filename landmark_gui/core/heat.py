"""Where a network looks for a class: a coarse map, laid over the picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]
    Heat = npt.NDArray[np.float32]


@dataclass(frozen=True)
class HeatMap:
    """What of a picture speaks for a class (Grad-CAM; see `training.explaining`).

    Attributes:
        values: float32, shape (h, w), 0 to 1, where 1 is what speaks for it most; all 0 if
            nothing does. A cell stands for an equal part of the picture, whatever its shape.
        label: the class.
        part: x, y, w, h of what the map lies over, in oriented pixels of the photo: what the
            model was shown, which has the margin of its training's crops, and may reach beyond
            the photo. None is the whole photo.
    """

    values: Heat
    label: str
    part: tuple[float, float, float, float] | None = None


def overlaid(image: Pixels, heat: HeatMap, opacity: float = 0.5) -> Pixels:
    """Lay a heat map over its picture: the hotter, the less is seen of the picture below.

    Args:
        image: RGB, uint8, shape (height, width, 3): what the map was asked about.
        opacity: of the hottest cell, 0 to 1. Where nothing speaks for the class, the picture
            stays as it is.

    Returns:
        RGB, uint8, of the shape of `image`.
    """
    import cv2
    import numpy as np

    height, width = image.shape[:2]
    # Linear between the centres of cells: other ways would show more detail than there is.
    share = cv2.resize(heat.values, (width, height), interpolation=cv2.INTER_LINEAR)
    share = np.clip(share, 0, 1)
    levels = np.rint(share * 255).astype(np.uint8)
    colours = cv2.applyColorMap(levels, cv2.COLORMAP_INFERNO)[..., ::-1]
    weight = (share * opacity)[..., np.newaxis]
    mixed: Pixels = np.rint(image * (1 - weight) + colours * weight).astype(np.uint8)
    return mixed
