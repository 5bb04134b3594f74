"""What a model of crops is asked besides: parts that show no landmark, and whole photos."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import Examples
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Split
from landmark_gui.training.strangers import EACH, MOST, SMALLEST_SIDE, background, whole_photos

PHOTO = (400, 300)


def example(photo_id: int, rect: Rect | None, split: Split = "train") -> Crop:
    return Crop(photo_id, f"box{photo_id}", Path(f"{photo_id}.jpg"), "", PHOTO, rect, "a", split)


def examples(*crops: Crop, more: dict[int, list[Rect]] | None = None) -> Examples:
    boxes: dict[int, list[Rect]] = {}
    for crop in crops:
        if crop.rect is not None:
            boxes.setdefault(crop.photo_id, []).append(crop.rect)
    for photo_id, rects in (more or {}).items():
        boxes.setdefault(photo_id, []).extend(rects)
    return Examples(("a",), list(crops), boxes=boxes)


def test_no_part_meets_a_box_or_leaves_its_photo():
    crops = [example(id_, Rect(20 * id_ % 250, 10 * id_ % 150, 140, 120)) for id_ in range(60)]
    excluded = {id_: [Rect(0, 250, 60, 50)] for id_ in range(60)}
    found = examples(*crops, more=excluded)
    parts = background(found)
    assert len(parts) > 60
    for part in parts:
        assert part.rect is not None and (part.box_id, part.landmark) == (None, "")
        assert part.rect.clamped(*PHOTO) == part.rect
        assert not any(part.rect.overlaps(box) for box in found.boxes[part.photo_id])
        assert min(part.rect.w, part.rect.h) >= SMALLEST_SIDE


def test_a_part_has_the_shape_of_a_box_and_at_most_its_size():
    found = background(examples(example(1, Rect(0, 0, 120, 60)), example(2, Rect(9, 9, 50, 100))))
    for part in found:
        assert part.rect is not None
        width = {1: 120, 2: 50}[part.photo_id]
        assert part.rect.w / part.rect.h == pytest.approx({1: 2, 2: 0.5}[part.photo_id])
        assert part.rect.w <= width


def test_the_same_seed_draws_the_same_parts_whatever_else_there_is():
    few = [example(id_, Rect(100, 100, 80, 80)) for id_ in range(5)]
    many = [example(id_, Rect(100, 100, 80, 80)) for id_ in range(20)]
    of_few = set(background(examples(*few)))
    assert of_few == set(background(examples(*few)))
    assert of_few <= set(background(examples(*many)))
    assert of_few != set(background(examples(*few), seed=1))


def test_there_is_none_without_boxes_of_test_photos_or_where_no_room_is_left():
    assert background(examples(example(1, None))) == []
    assert background(examples(example(1, Rect(10, 10, 90, 90), split="test"))) == []
    assert background(examples(example(1, Rect(0, 0, 400, 300)))) == []


def test_whole_photos_are_those_of_crops_of_one_landmark():
    crops = [
        example(1, Rect(0, 0, 50, 50)),
        example(1, Rect(60, 0, 50, 50)),
        example(2, Rect(0, 0, 50, 50), split="validation"),
        example(3, Rect(0, 0, 50, 50), split="test"),
        example(4, None),
        example(5, Rect(0, 0, 50, 50)),
        replace(example(5, Rect(60, 0, 50, 50)), landmark="b"),
    ]
    found = whole_photos(Examples(("a", "b"), crops))
    assert [(crop.photo_id, crop.split, crop.landmark) for crop in found] == [
        (1, "train", "a"),
        (2, "validation", "a"),
    ]
    assert all(crop.rect is crop.box_id is None for crop in found)


def test_of_whole_photos_there_are_not_more_than_are_needed():
    crops = [example(id_, Rect(0, 0, 50, 50)) for id_ in range(MOST + 50)]
    judged = [example(1000 + id_, Rect(0, 0, 50, 50), "validation") for id_ in range(3)]
    found = whole_photos(Examples(("a",), [*crops, *judged]))
    assert len(found) == MOST + 3 == len({crop.photo_id for crop in found})


def test_of_many_photos_there_are_not_more_than_are_needed():
    crops = [example(id_, Rect(100, 100, 80, 80)) for id_ in range(MOST + 50)]
    assert MOST - 10 < len(background(examples(*crops))) <= MOST
    assert len(background(examples(*crops[:10]))) == 10 * EACH
