"""The one resize between a crop and the network: training, evaluation and viewer share it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]


def to_input(image: Pixels, size: int) -> Pixels:
    """Resize an RGB crop to the square input of the network.

    The crop is stretched to the square, as `keras.utils.image_dataset_from_directory` does by
    default. Shrinking averages areas, so that thin structures do not alias.

    Args:
        image: uint8, shape (height, width, 3).
        size: side of the square in pixels.

    Returns:
        uint8, shape (size, size, 3). The model rescales its values itself.
    """
    height, width = image.shape[:2]
    shrinking = height >= size and width >= size
    method = cv2.INTER_AREA if shrinking else cv2.INTER_LINEAR
    resized = cv2.resize(image, (size, size), interpolation=method)
    return np.ascontiguousarray(resized, dtype=np.uint8)
