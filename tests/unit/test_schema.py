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
from landmark_gui.core.schema import (
    COLUMNS,
    MAX_SIDE,
    decode_edit,
    decode_setting,
    decode_time,
    encode_changes,
    plain,
    row_of,
    values_of,
)
from tests.rows import photo, small_project

numbers = st.floats(-MAX_SIDE, MAX_SIDE)
sizes = st.floats(0, MAX_SIDE)
ids = st.integers(-(2**63), 2**63 - 1)
names = st.text(st.characters(codec="utf-8"), max_size=300).filter(lambda name: plain(name) == name)
colors = st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True)
keys = st.sampled_from(["", *"123456789"])
rects = st.builds(Rect, numbers, numbers, sizes, sizes)
boxes = st.builds(Box, st.uuids().map(str), ids, ids, rects)
landmarks = st.builds(Landmark, ids, names, colors, keys, ids)
photos = st.builds(photo, st.integers(0, 2**62), st.sampled_from(["a.jpg", "한글/b #1.jpg"]))
kinds = [boxes, landmarks, photos]
changes = st.builds(
    lambda row, before, after: Change(row if before or not after else None, row if after else None),
    st.one_of(kinds),
    st.booleans(),
    st.booleans(),
)


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


PHOTO = (1, "a.jpg", 1, "", 1, 1, "ok", "", None, "", 0, "", "")


def photo_with(**values: object) -> tuple[object, ...]:
    return tuple({**dict(zip(COLUMNS["photos"], PHOTO, strict=True)), **values}.values())


@pytest.mark.parametrize(
    ("table", "values"),
    [
        ("secrets", (1,)),
        ("boxes", ("b", 1, 1, 0, 0, 1)),
        ("boxes", (5, 1, 1, 0, 0, 1, 1)),
        ("boxes", ("b", "1", 1, 0, 0, 1, 1)),
        ("boxes", ("b", True, 1, 0, 0, 1, 1)),
        ("boxes", ("b", 2**63, 1, 0, 0, 1, 1)),
        ("boxes", ("b", 1, 1, 0, 0, math.nan, 1)),
        ("boxes", ("b", 1, 1, 0, 0, math.inf, 1)),
        ("boxes", ("b", 1, 1, 0, 0, 10**400, 1)),
        ("boxes", ("b", 1, 1, 1e300, 0, 1, 1)),
        ("boxes", ("b", 1, 1, 0, 0, -5, 1)),
        ("boxes", ("b", 1, 1, 0, 0, None, 1)),
        ("boxes", ("../../b", 1, 1, 0, 0, 1, 1)),
        ("boxes", ("b" * 1000, 1, 1, 0, 0, 1, 1)),
        ("boxes", ("", 1, 1, 0, 0, 1, 1)),
        ("landmarks", (1, None, "#ffffff", "", 0)),
        ("landmarks", (10**30, "Tower", "#ffffff", "", 0)),
        ("landmarks", (1, "Tower", "#ffffff", "", 0.5)),
        ("photos", photo_with(path=b"a.jpg")),
        ("photos", photo_with(landmark="Tower")),
        ("photos", photo_with(width=0)),
        ("photos", photo_with(height=2**40)),
        ("photos", photo_with(state=None)),
    ],
)
def test_a_row_of_a_wrong_form_is_refused(table: str, values: tuple[object, ...]) -> None:
    with pytest.raises(FormatError) as caught:
        row_of(table, values)
    assert len(str(caught.value)) < 200


def test_a_photo_of_the_right_form_is_taken() -> None:
    assert row_of("photos", PHOTO) == Photo(1, "a.jpg", 1, "", 1, 1)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("Tour\nEiffel\x00\x1b[31m", "Tour Eiffel [31m"),
        ("gpj.\u202egnp\u2066x", "gpj. gnp x"),
        ("a\ud800b", "a b"),
        ("N" * 10**6, "N" * 300),
        ("👨‍👩‍👧 경복궁 \u200dक्‍ष", "👨‍👩‍👧 경복궁 \u200dक्‍ष"),
    ],
)
def test_names_are_made_plain(given: str, shown: str) -> None:
    row = row_of("landmarks", (1, given, "#ffffff", "", 0))
    assert isinstance(row, Landmark) and row.name == shown


@pytest.mark.parametrize("color", ["", "red", "#fff", "#12345g", "url(file:///etc/passwd)"])
def test_a_colour_that_is_none_becomes_one_of_ours(color: str) -> None:
    row = row_of("landmarks", (3, "Tower", color, "12", 0))
    assert row == Landmark(3, "Tower", edits.PALETTE[3], "", 0)


@pytest.mark.parametrize("time", [-1, 10**18, "now", None, 2.5])
def test_a_time_that_no_calendar_holds_is_unknown(time: object) -> None:
    assert decode_time(time) == 0


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
        pytest.param("[" * 100_000, id="deep"),
        f'[["boxes", null, ["b", 1, 1, 0, 0, 1, {10**400}]]]',
        '[["boxes", ["a", 1, 1, 0, 0, 1, 1], ["b", 1, 1, 0, 0, 1, 1]]]',
    ],
)
def test_history_of_a_wrong_form_is_refused(text: str) -> None:
    with pytest.raises(FormatError):
        decode_edit("import", text)


@pytest.mark.parametrize("text", ["{", "", "[" * 100_000, None, b"1"])
def test_a_setting_of_a_wrong_form_is_refused(text: object) -> None:
    with pytest.raises(FormatError):
        decode_setting(text)


def test_an_unreadable_photo_keeps_its_own_reason() -> None:
    row = Photo(1, "../a.jpg", 5, "", 0, 0, "unreadable", "the file is empty")
    assert row_of("photos", values_of(row)) == row


def test_a_state_from_nowhere_counts_as_unreadable() -> None:
    values = list(values_of(photo(1)))
    values[6] = "marvellous"
    row = row_of("photos", tuple(values))
    assert isinstance(row, Photo) and row.state == "unreadable"
