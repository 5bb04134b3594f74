"""Pictures that show none of the model's landmarks, to learn when to say "unknown".

They are cut from the person's own photos, where nobody has drawn a box: sky, trees, the house
next door. Only where there are boxes is it known what a photo does not show.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples
from landmark_gui.core.geometry import Rect

MOST = 200
"""Of all photos together."""
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
    first: dict[int, Crop] = {}
    for crop in examples.crops:
        if crop.rect is not None and crop.split != "test":
            first.setdefault(crop.photo_id, crop)
    photos = [crop for photo_id, crop in first.items() if examples.boxes.get(photo_id)]
    order = np.random.default_rng(seed).permutation(len(photos))
    chosen = [photos[place] for place in order[:MOST]]
    each = 1 if len(chosen) * EACH > MOST else EACH
    return [
        replace(crop, box_id=None, rect=rect, landmark="")
        for crop in chosen
        for rect in _free_parts(crop, examples.boxes[crop.photo_id], seed, each)
    ]


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
