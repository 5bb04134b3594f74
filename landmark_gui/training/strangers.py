"""What a model that learns from crops is asked besides, to learn when to say "unknown".

Strangers are cut from the person's own photos, where nobody has drawn a box: sky, trees, the house
next door. Only where there are boxes is it known what a photo does not show. The photos as a whole
show the landmarks and look unlike any crop; they are no strangers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples
from landmark_gui.core.geometry import Rect

MOST = 200
"""Background crops of all photos together, and whole photos of either split."""
EACH = 2
"""Of one photo."""
TRIES = 50
SMALLEST_PART = 0.3
"""Of a side of a box of the same photo; the largest is as large as the box."""
SMALLEST_SIDE = 24
"""In pixels: less shows nothing at all."""


def background(examples: Examples, seed: int = 0) -> list[Crop]:
    """Parts of the photos that are learned from and validated with, none of which meets a box.

    They have the shape of a box of their photo, and its size or less, so that neither gives them
    away. The test photos stay aside. What is drawn for a photo depends on the seed and that photo
    alone.

    Returns:
        At most `EACH` a photo and `MOST` in all, without a landmark; none where there are no boxes.
    """
    photos = [crops[0] for crops in _by_photo(examples) if examples.boxes.get(crops[0].photo_id)]
    chosen = _drawn(photos, seed)
    each = 1 if len(chosen) * EACH > MOST else EACH
    return [
        replace(crop, box_id=None, rect=rect, landmark="")
        for crop in chosen
        for rect in _free_parts(crop, examples.boxes[crop.photo_id], seed, each)
    ]


def whole_photos(examples: Examples, seed: int = 0) -> list[Crop]:
    """The photos that crops are cut from, as a whole, where they show one landmark alone.

    Returns:
        At most `MOST` to learn from and as many to validate with; the test photos stay aside.
    """
    alone = [
        replace(crops[0], box_id=None, rect=None)
        for crops in _by_photo(examples)
        if len({crop.landmark for crop in crops}) == 1
    ]
    parts = [[crop for crop in alone if crop.split == split] for split in ("train", "validation")]
    return [crop for part in parts for crop in _drawn(part, seed)]


def _by_photo(examples: Examples) -> list[list[Crop]]:
    """The crops of each photo that has boxes, but for the test photos."""
    found: dict[int, list[Crop]] = {}
    for crop in examples.crops:
        if crop.rect is not None and crop.split != "test":
            found.setdefault(crop.photo_id, []).append(crop)
    return list(found.values())


def _drawn(crops: list[Crop], seed: int) -> list[Crop]:
    order = np.random.default_rng(seed).permutation(len(crops))
    return [crops[place] for place in order[:MOST]]


def _free_parts(crop: Crop, boxes: Sequence[Rect], seed: int, count: int) -> list[Rect]:
    """At most `count` parts of a photo that no box touches."""
    rng = np.random.default_rng((seed, crop.photo_id))
    width, height = crop.photo_size
    found: list[Rect] = []
    for _ in range(TRIES):
        box = boxes[int(rng.integers(len(boxes)))]
        scale = SMALLEST_PART ** rng.random()
        w, h = box.w * scale, box.h * scale
        part = Rect(rng.random() * (width - w), rng.random() * (height - h), w, h)
        fits = min(w, h) >= SMALLEST_SIDE and w <= width and h <= height
        if fits and not any(part.overlaps(box) for box in boxes):
            found.append(part)
        if len(found) == count:
            break
    return found
