"""The one resize between a crop and the network: training, evaluation and viewer share it."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Pixels = npt.NDArray[np.uint8]
Numbers = npt.NDArray[np.float64]


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


def averaged(
    image: Pixels, box: tuple[float, float, float, float], size: tuple[int, int]
) -> Pixels:
    """Shrink a part of an image by averaging; a pixel that is cut through counts by its share.

    Args:
        image: uint8, shape (height, width, 3).
        box: left, top, right and bottom of the part in pixels, with fractions.
        size: (width, height) of the result, neither larger than the part.

    Returns:
        uint8, shape (height, width, 3) of the result.
    """
    if box == (0.0, 0.0, float(image.shape[1]), float(image.shape[0])):
        resized = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
        return np.ascontiguousarray(resized, dtype=np.uint8)
    left, top, right, bottom = box
    # Sums over all pixels left above a point: between the points they are bilinear.
    sums = np.asarray(cv2.integral(image, sdepth=cv2.CV_64F), np.float64)
    sums = _between(sums, top, bottom, size[1] + 1, 0)
    sums = _between(sums, left, right, size[0] + 1, 1)
    inside = np.diff(np.diff(sums, axis=0), axis=1)
    share = size[0] * size[1] / ((right - left) * (bottom - top))
    return np.rint(inside * share).astype(np.uint8)


def _between(values: Numbers, first: float, last: float, count: int, axis: int) -> Numbers:
    """The values at `count` even places from `first` to `last` along an axis."""
    places = np.linspace(first, last, count)
    low = np.minimum(places.astype(np.int64), values.shape[axis] - 2)
    shape = [1, 1, 1]
    shape[axis] = -1
    part = (places - low).reshape(shape)
    between = values.take(low, axis) * (1 - part) + values.take(low + 1, axis) * part
    return np.asarray(between, np.float64)
