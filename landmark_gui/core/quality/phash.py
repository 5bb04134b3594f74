"""A perceptual hash: pictures that look alike have hashes that differ in few bits."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from landmark_gui.core.splits import HASH_BITS

BITS = HASH_BITS
DIGITS = BITS // 4
"""Hexadecimal digits of the hash of one view."""
_SIDE = 16
_INNER = 0.03
"""Share that the inner view leaves out at each edge: halfway to what people cut off."""
_BORDER = 0.2
"""A border is at most so large a share of the picture, at each edge."""
_UNIFORM = 4.0
"""Standard deviation in grey levels of a line of pixels that belongs to a border."""
_FLAT = 2.0
"""The same of a whole picture on which there is nothing to see."""

# By their larger index, so that the first 64 bits are those of the classical hash, 8 × 8.
_ORDER = np.array(
    sorted(np.ndindex(_SIDE, _SIDE), key=lambda place: (max(place), place)), np.intp
).T
MIRROR = np.packbits(_ORDER[1] % 2 == 1)
"""Which bits change where left and right change places: those of odd horizontal frequencies."""

Grey = npt.NDArray[np.uint8]


def perceptual_hash(grey: Grey) -> str:
    """Hashes of up to three views of a picture: whole, without its edges, without a border.

    Each is as in pHash (Zauner, 2010, "Implementation and benchmarking of perceptual image hash
    functions"), with 16 × 16 frequencies in place of 8 × 8 and their signs in place of a
    comparison with the median: 32 × 32 pixels, discrete cosine transform, the lowest frequencies.
    The inner view meets pictures that were cropped or turned a little, the third those to which
    a border was added.

    Args:
        grey: uint8, shape (height, width).

    Returns:
        Hexadecimal, `DIGITS` for each view; the third view is there only if the picture has a
        uniform border. "" for a picture that is flat: its hash would say nothing.
    """
    views = [grey, _inner(grey), _without_border(grey)]
    if _small(grey).std() < _FLAT:
        return ""
    hashes = [_hash(view) for view in views if view is not None]
    return "".join(bits.tobytes().hex() for bits in hashes)


def _small(grey: Grey) -> npt.NDArray[np.float32]:
    return cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)


def _hash(grey: Grey) -> Grey:
    bits = cv2.dct(_small(grey))[_ORDER[0], _ORDER[1]] > 0
    bits[0] = False  # the mean: always above 0
    return np.packbits(bits)


def _inner(grey: Grey) -> Grey:
    down, across = (int(side * _INNER) for side in grey.shape)
    return grey[down : grey.shape[0] - down, across : grey.shape[1] - across]


def _without_border(grey: Grey) -> Grey | None:
    """The picture inside its border; None if it has none, or nothing else."""
    top, bottom = _uniform_ends(grey.std(axis=1))
    left, right = _uniform_ends(grey.std(axis=0))
    inside = grey[top : grey.shape[0] - bottom, left : grey.shape[1] - right]
    has_border = inside.shape != grey.shape
    return inside if has_border and _small(inside).std() >= _FLAT else None


def _uniform_ends(deviations: npt.NDArray[np.floating]) -> tuple[int, int]:
    """How many lines at the beginning and at the end are uniform."""
    most = int(len(deviations) * _BORDER)
    varied = deviations >= _UNIFORM
    return _leading_false(varied[:most]), _leading_false(varied[::-1][:most])


def _leading_false(flags: npt.NDArray[np.bool_]) -> int:
    return int(flags.argmax()) if flags.any() else len(flags)
