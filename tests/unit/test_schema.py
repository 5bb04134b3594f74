from __future__ import annotations

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits
from landmark_gui.core.errors import FormatError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Change, Edit, Landmark, Photo, Row
from landmark_gui.core.schema import COLUMNS, decode_edit, encode_changes, row_of, values_of
from tests.rows import photo, small_project

numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(codec="utf-8"))
boxes = st.builds(Box, texts, st.integers(), st.integers(), st.builds(Rect, *[numbers] * 4))
landmarks = st.builds(Landmark, st.integers(), texts, texts, texts, st.integers())
photos = st.builds(photo, st.integers(), st.sampled_from(["a.jpg", "한글/b #1.jpg"]))
kinds = [boxes, landmarks, photos]
changes = st.one_of(st.builds(Change, kind, kind | st.none()) for kind in kinds)


@given(st.one_of(kinds))
def test_a_row_comes_back_as_it_was(row: Row) -> None:
    values = values_of(row)
    assert len(values) == len(COLUMNS[row.table])
    assert row_of(row.table, values) == row


@given(st.lists(changes, max_size=3))
def test_an_edit_and_its_inverse_come_back_as_they_were(made: list[Change]) -> None:
    edit = Edit("import", tuple(made))
    for either in (edit, edit.inverse()):
        assert decode_edit("import", encode_changes(either)) == either


def test_history_is_readable_json() -> None:
    text = encode_changes(edits.add_landmark(small_project(), "경복궁"))
    assert "경복궁" in text
    assert json.loads(text)[0][:2] == ["landmarks", None]


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("secrets", (1,)),
        ("boxes", ("b", 1, 1, 0, 0, 1)),
        ("boxes", (5, 1, 1, 0, 0, 1, 1)),
        ("boxes", ("b", "1", 1, 0, 0, 1, 1)),
        ("boxes", ("b", 1, 1, 0, 0, math.nan, 1)),
        ("boxes", ("b", 1, 1, 0, 0, math.inf, 1)),
        ("boxes", ("b", 1, 1, 0, 0, None, 1)),
        ("landmarks", (1, None, "#fff", "", 0)),
        ("photos", (1, b"a.jpg", 1, "", 1, 1, "ok", "", None)),
        ("photos", (1, "a.jpg", 1, "", 1, 1, "ok", "", "Tower")),
        ("photos", (1, "a.jpg", 1, "", 0, 1, "ok", "", None)),
    ],
)
def test_a_row_of_a_wrong_form_is_refused(table: str, values: tuple[object, ...]) -> None:
    with pytest.raises(FormatError):
        row_of(table, values)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "5",
        '"text"',
        "[5]",
        '[["boxes"]]',
        '[["boxes", null, null]]',
        '[["sqlite_schema", null, [1]]]',
        '[[["boxes"], null, [1]]]',
        '[["boxes", null, 5]]',
    ],
)
def test_history_of_a_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        decode_edit("import", text)


def test_an_unreadable_photo_keeps_its_own_reason() -> None:
    row = Photo(1, "../a.jpg", 5, "", 0, 0, "unreadable", "the file is empty")
    assert row_of("photos", values_of(row)) == row


def test_a_state_from_nowhere_counts_as_unreadable() -> None:
    values = list(values_of(photo(1)))
    values[6] = "marvellous"
    row = row_of("photos", tuple(values))
    assert isinstance(row, Photo) and row.state == "unreadable"
