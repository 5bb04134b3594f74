"""The one warp: rotation, shifts, shear, zoom, flips and what is beyond Keras, in one matrix."""

from __future__ import annotations

import math
import threading
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from landmark_gui.core.augmentation.config import AugmentationConfig, FillMode
    from landmark_gui.core.augmentation.parameters import AugmentationParameters

    Pixels = npt.NDArray[np.uint8]
    Matrix = npt.NDArray[np.float64]

LARGEST_PADDED = 1024 * 1024
"""Pixels; larger crops are rare, and their padded copies would fill the memory."""

IDENTITY = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]]

_scratch = threading.local()


def matrix(parameters: AugmentationParameters, height: int, width: int) -> Matrix:
    """The map from output to input pixels.

    Keras composes rotation · shift · shear · zoom about the centre and flips the result. Here
    the product is multiplied out, and a flip is a change of sign.

    Returns:
        float64, shape (2, 3): (x, y, 1) of the output to (x, y) of the input, with x along
        the rows, as `cv2.warpAffine` takes it with WARP_INVERSE_MAP. With perspective shape
        (3, 3), as `cv2.warpPerspective` takes it.
    """
    import numpy as np

    affine = np.array(_affine(parameters, height, width))
    if parameters.view is None:
        return affine
    view = np.array(parameters.view)
    if parameters.view[2] == (0.0, 0.0, 1.0):
        return np.asarray(affine @ view)
    return np.asarray(np.vstack((affine, (0.0, 0.0, 1.0))) @ view)


def _affine(
    p: AugmentationParameters, height: int, width: int
) -> tuple[tuple[float, float, float], tuple[float, float, float]]:
    """Plain floats: arrays this small would take ten times as long."""
    theta, sheared = math.radians(p.theta), math.radians(p.theta + p.shear)
    xx, xy = math.cos(theta) * p.zx, -math.sin(sheared) * p.zy
    yx, yy = math.sin(theta) * p.zx, math.cos(sheared) * p.zy
    # Keras takes the height for x here. On the square inputs of a network it is the same.
    center_x, center_y = (height - 1) / 2, (width - 1) / 2
    x = center_x + math.cos(theta) * p.tx - math.sin(theta) * p.ty - xx * center_x - xy * center_y
    y = center_y + math.sin(theta) * p.tx + math.cos(theta) * p.ty - yx * center_x - yy * center_y
    if p.flip_horizontal:
        xx, yx, x, y = -xx, -yx, x + xx * (width - 1), y + yx * (width - 1)
    if p.flip_vertical:
        xy, yy, x, y = -xy, -yy, x + xy * (height - 1), y + yy * (height - 1)
    return (xx, xy, x), (yx, yy, y)


def warp(image: Pixels, parameters: AugmentationParameters, config: AugmentationConfig) -> Pixels:
    """Apply what moves pixels of a drawn variation, with linear interpolation.

    Args:
        image: uint8, shape (height, width, 3).
        config: gives `fill_mode` and `cval`.

    Returns:
        uint8, a new array of the shape of `image`.
    """
    import cv2

    height, width = image.shape[:2]
    inverse = matrix(parameters, height, width)
    if inverse.tolist() == IDENTITY:
        return image.copy()
    if config.fill_mode in ("nearest", "reflect"):
        nearest = config.fill_mode == "nearest"
        return _padded_warp(image, inverse, cv2.BORDER_REPLICATE if nearest else cv2.BORDER_REFLECT)
    return _looked_up(image, inverse, config)


def _padded_warp(image: Pixels, inverse: Matrix, border: int) -> Pixels:
    """`cv2.warpAffine` in half the time.

    It is fast on four channels and where all four neighbours lie inside the image. So the image
    gets a fourth channel and the border that this matrix reaches, in arrays that are kept.
    """
    import cv2
    import numpy as np

    height, width = image.shape[:2]
    pads = _reach(inverse, height, width)
    if pads is None:
        return _plain_warp(image, inverse, (width, height), border)
    left, top, right, bottom = pads
    opaque, room, warped = _kept_arrays(height, width)
    cv2.cvtColor(image, cv2.COLOR_RGB2RGBA, opaque)
    padded = room[: height + top + bottom, : width + left + right]
    cv2.copyMakeBorder(opaque, top, bottom, left, right, border, padded)
    _plain_warp(padded, _moved(inverse, left, top), (width, height), cv2.BORDER_REPLICATE, warped)
    return np.asarray(cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB), np.uint8)


def _plain_warp(
    image: Pixels, inverse: Matrix, size: tuple[int, int], border: int, into: Pixels | None = None
) -> Pixels:
    import cv2
    import numpy as np

    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    one_plane = len(inverse) == 2
    warp_of = cv2.warpAffine if one_plane else cv2.warpPerspective
    return np.asarray(warp_of(image, inverse, size, into, flags, border), np.uint8)


def _reach(inverse: Matrix, height: int, width: int) -> tuple[int, int, int, int] | None:
    """Pixels that the map needs left, above, right and below the image; None if too many."""
    if height * width > LARGEST_PADDED:
        return None
    (xx, xy, x), (yx, yy, y), *last = inverse.tolist()
    zx, zy, z = last[0] if last else (0.0, 0.0, 1.0)
    across, down = [], []
    for column, row in ((0, 0), (width - 1, 0), (0, height - 1), (width - 1, height - 1)):
        scale = zx * column + zy * row + z
        if scale <= 0:
            return None
        across.append((xx * column + xy * row + x) / scale)
        down.append((yx * column + yy * row + y) / scale)
    # One pixel more: the four neighbours of the outermost position, and rounding.
    left, top = max(1 - math.floor(min(across)), 1), max(1 - math.floor(min(down)), 1)
    right = max(math.ceil(max(across)) - width + 2, 1)
    bottom = max(math.ceil(max(down)) - height + 2, 1)
    if left + right > 2 * width or top + bottom > 2 * height:
        return None
    return left, top, right, bottom


def _moved(inverse: Matrix, left: int, top: int) -> Matrix:
    import numpy as np

    (xx, xy, x), (yx, yy, y), *last = inverse.tolist()
    if not last:
        return np.array(((xx, xy, x + left), (yx, yy, y + top)))
    return np.array(((1.0, 0.0, left), (0.0, 1.0, top), (0.0, 0.0, 1.0))) @ inverse


def _kept_arrays(height: int, width: int) -> tuple[Pixels, Pixels, Pixels]:
    """RGBA arrays of this thread: for the image, for it with borders, for the result.

    Fresh ones of this size would come from the system page by page, which takes as long as
    the warp. They are as many as threads, each about 11 times the size of an image.
    """
    import numpy as np

    if getattr(_scratch, "shape", None) != (height, width):
        _scratch.shape = (height, width)
        _scratch.arrays = tuple(
            np.empty((height * times, width * times, 4), np.uint8) for times in (1, 3, 1)
        )
    return _scratch.arrays  # type: ignore[no-any-return]


def _looked_up(image: Pixels, inverse: Matrix, config: AugmentationConfig) -> Pixels:
    """The warp by a table of positions, for the fills that OpenCV means otherwise."""
    import cv2
    import numpy as np

    height, width = image.shape[:2]
    across, down = _source(inverse, height, width, config.fill_mode)
    border, level = cv2.BORDER_CONSTANT, (config.cval,) * 4
    opaque = cv2.cvtColor(image, cv2.COLOR_RGB2RGBA)  # a table, too, is read faster in fours
    warped = cv2.remap(opaque, across, down, cv2.INTER_LINEAR, None, border, level)
    return np.asarray(cv2.cvtColor(warped, cv2.COLOR_RGBA2RGB), np.uint8)


def _source(
    inverse: Matrix, height: int, width: int, fill_mode: FillMode
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Where each output pixel comes from, with SciPy's meaning of "wrap" and "constant".

    OpenCV means something else: its wrap repeats after `width` pixels, SciPy's after
    `width - 1`, and its constant is blended into the outermost pixels, SciPy's is not.
    """
    import numpy as np

    columns, rows = np.arange(width), np.arange(height)[:, None]
    across, down, *scale = ((a * columns) + (b * rows + c) for a, b, c in inverse.tolist())
    if scale:
        across, down = across / scale[0], down / scale[0]
    if fill_mode == "wrap":
        across, down = _wrapped(across, width - 1), _wrapped(down, height - 1)
    else:
        inside = (across >= 0) & (across <= width - 1) & (down >= 0) & (down <= height - 1)
        across = np.where(inside, across, -2.0)
    return across.astype(np.float32), down.astype(np.float32)


def _wrapped(positions: Matrix, period: int) -> Matrix:
    import numpy as np

    if period == 0:
        return np.zeros_like(positions)
    turns = np.floor(positions / period)  # several times as fast as the remainder
    turns[positions == period] = 0
    return np.asarray(positions - turns * period)
