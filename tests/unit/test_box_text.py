from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.box_text import CopiedBox, added, from_text, placed, to_text
from landmark_gui.core.errors import FormatError, NameRefused
from landmark_gui.core.geometry import Rect
from tests.rows import small_project

sides = st.floats(0.5, 5000)
places = st.floats(-5000, 5000)
names = st.text(min_size=1, max_size=40).map(str.strip).filter(bool)
boxes = st.lists(st.builds(CopiedBox, names, st.builds(Rect, places, places, sides, sides)))


@given(boxes)
def test_what_is_copied_comes_back(copied: list[CopiedBox]) -> None:
    assert from_text(to_text(copied)) == copied


def with_row(**values: object) -> str:
    row = {"landmark": "Tower", "x": 1, "y": 2, "w": 3, "h": 4, **values}
    return json.dumps({"landmark-boxes": 1, "boxes": [row]})


def test_whole_numbers_are_read_too() -> None:
    assert from_text(with_row()) == [CopiedBox("Tower", Rect(1, 2, 3, 4))]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a shopping list",
        '{"landmark-boxes": 2, "boxes": []}',
        '{"landmark-boxes": 1}',
        '{"landmark-boxes": 1, "boxes": [7]}',
        '{"landmark-boxes": 1, "boxes": ' + "[" * 100_000,
        with_row(landmark=""),
        with_row(landmark=5),
        with_row(x="1"),
        with_row(w=0),
        with_row(h=-3),
        with_row(y=float("nan")),
        with_row(y=float("inf")),
        with_row(y=True),
    ],
)
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(FormatError, match="holds no boxes"):
        from_text(text)


def test_copies_lie_beside_what_is_there_and_inside_the_photo() -> None:
    there = Rect(10, 10, 20, 20)
    first = placed([CopiedBox("a", there)], [there], 100, 80, 5)[0].rect
    assert first == Rect(15, 15, 20, 20)
    assert placed([CopiedBox("a", there)], [there, first], 100, 80, 5)[0].rect.x == 20
    corner = Rect(80, 60, 20, 20)
    assert placed([CopiedBox("a", corner)], [corner], 100, 80, 5)[0].rect == Rect(75, 55, 20, 20)


def test_boxes_of_a_larger_photo_are_brought_inside() -> None:
    far = [CopiedBox("a", Rect(3000, 2000, 40, 400))]
    assert placed(far, [], 100, 80, 5) == [CopiedBox("a", Rect(60, 0, 40, 80))]


def test_pasted_boxes_find_their_landmark_in_any_case() -> None:
    project = small_project()
    copied = [CopiedBox("TOWER", Rect(1, 2, 3, 4)), CopiedBox("Gate", Rect(9, 9, 3, 4))]
    project.apply(added("paste_boxes", project, project.photos[1], copied, 5))
    assert [mark.name for mark in project.ordered_landmarks()] == ["Tower", "Dome", "Gate"]
    assert [box.landmark_id for box in project.boxes_of(1)] == [1, 3]


def test_no_landmark_is_pasted_that_could_not_be_typed() -> None:
    project = small_project()
    with pytest.raises(NameRefused, match="control characters"):
        added("paste_boxes", project, project.photos[1], [CopiedBox("a\nb", Rect(1, 2, 3, 4))], 5)
