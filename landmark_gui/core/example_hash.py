"""What a training learned from, as a hash: two runs of the same one saw the same examples."""

from __future__ import annotations

import hashlib
import json

from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples
from landmark_gui.core.scan import HASHED_AT_ONCE


def examples_hash(examples: Examples) -> str:
    """Of the classes and the planned crops, with their splits and the content of their photos.

    Returns:
        32 hexadecimal digits (BLAKE2b-128). The way of a photo's folder does not matter, nor its
        date.
    """
    rows = sorted(_row(crop) for crop in examples.crops)
    text = json.dumps([examples.classes, rows], ensure_ascii=False)
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _row(crop: Crop) -> tuple[str, ...]:
    rect = crop.rect
    sides = "" if rect is None else f"{rect.x:.3f} {rect.y:.3f} {rect.w:.3f} {rect.h:.3f}"
    return (crop.source, _content(crop), crop.box_id or "", sides, crop.landmark, crop.split)


def _content(crop: Crop) -> str:
    """The hash of the photo's content; of a large one its size, as it may not be read to its end.

    Whether the scan has come to it by now must make no difference.
    """
    try:
        size = crop.path.stat().st_size
    except OSError:
        return crop.photo_hash
    return crop.photo_hash if size <= HASHED_AT_ONCE else str(size)
