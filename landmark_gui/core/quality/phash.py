"""A perceptual hash: pictures that look alike have hashes that differ in few bits."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

BITS = 64


def perceptual_hash(grey: npt.NDArray[np.uint8]) -> int:
    """The signs of the 64 lowest frequencies of a picture against their median.

    As pHash does it (Zauner, 2010, "Implementation and benchmarking of perceptual image hash
    functions"): 32 × 32 pixels, discrete cosine transform, the 8 × 8 lowest frequencies.

    Args:
        grey: uint8, shape (height, width).

    Returns:
        0 to 2**64 - 1.
    """
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    lowest = cv2.dct(small)[:8, :8]
    bits = (lowest > np.median(lowest)).ravel()
    return int.from_bytes(np.packbits(bits).tobytes(), "big")
