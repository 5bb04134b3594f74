"""The tables of a project file, and how rows become SQL and JSON and come back."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from landmark_gui.core.edits import KEYS, PALETTE
from landmark_gui.core.errors import FormatError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_inside
from landmark_gui.core.project import (
    SPLITS,
    Box,
    Change,
    Edit,
    Landmark,
    Photo,
    PhotoState,
    Review,
    Row,
    Split,
)

APPLICATION_ID = 0x4C4D4B47  # "LMKG"
SCHEMA_VERSION = 3

SCHEMA = (
    """CREATE TABLE settings (
        key TEXT PRIMARY KEY,
        value TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE landmarks (
        id INTEGER PRIMARY KEY,
        name TEXT NOT NULL,
        color TEXT NOT NULL,
        key TEXT NOT NULL,
        position INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE photos (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        hash TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        landmark INTEGER REFERENCES landmarks(id) DEFERRABLE INITIALLY DEFERRED,
        review TEXT NOT NULL,
        modified INTEGER NOT NULL,
        taken TEXT NOT NULL,
        split TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE boxes (
        id TEXT PRIMARY KEY,
        photo INTEGER NOT NULL REFERENCES photos(id) DEFERRABLE INITIALLY DEFERRED,
        landmark INTEGER NOT NULL REFERENCES landmarks(id) DEFERRABLE INITIALLY DEFERRED,
        x REAL NOT NULL,
        y REAL NOT NULL,
        w REAL NOT NULL,
        h REAL NOT NULL,
        excluded INTEGER NOT NULL
    ) STRICT""",
    """CREATE TABLE splits (
        photo INTEGER PRIMARY KEY REFERENCES photos(id) ON DELETE CASCADE,
        split TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        changes TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0,
        time INTEGER NOT NULL
    ) STRICT""",
)

COLUMNS: Mapping[str, tuple[str, ...]] = {
    "landmarks": ("id", "name", "color", "key", "position"),
    "photos": (
        "id",
        "path",
        "size",
        "hash",
        "width",
        "height",
        "state",
        "reason",
        "landmark",
        "review",
        "modified",
        "taken",
        "split",
    ),
    "boxes": ("id", "photo", "landmark", "x", "y", "w", "h", "excluded"),
}
MAX_TEXT, MAX_PATH = 300, 4096
MAX_SIDE = 1e9
"""Pixels. Larger numbers would overflow what paints them."""
MAX_TIME = 253402300799
"""The last second of the year 9999, after which calendars give up."""
_COLOR = re.compile(r"#[0-9a-fA-F]{6}")
_ID = re.compile(r"[0-9A-Za-z_-]{1,64}")  # becomes part of the names of crops
_TAKEN = re.compile(r"[0-9T: +Z.-]{0,40}")
# Control characters, and those that turn the reading direction of what stands beside them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]+")

JUDGED = ("landmark", "review", "split")
"""The columns of a photo that edits change; the others belong to the scan."""


def values_of(row: Row) -> tuple[Any, ...]:
    """The values of `row` in the order of `COLUMNS[row.table]`."""
    if isinstance(row, Box):
        rect = row.rect
        place = (rect.x, rect.y, rect.w, rect.h)
        return (row.id, row.photo_id, row.landmark_id, *place, int(row.excluded))
    if isinstance(row, Photo):
        size = (row.size, row.hash, row.width, row.height)
        facts = (row.id, row.path, *size, row.state, row.reason)
        return (*facts, row.landmark_id, row.review, row.modified, row.taken, row.split)
    return (row.id, row.name, row.color, row.key, row.position)


def row_of(table: str, values: tuple[Any, ...]) -> Row:
    """The inverse of `values_of`, for rows that may come from a stranger.

    What only looks odd is made plain: control characters in a name become a space, a colour
    that is none becomes one of ours, a photo whose path leads out of the photo folder comes
    back as unreadable.

    Raises:
        FormatError: if a value has a wrong type, a number is out of any range, the id of a box
            could not stand in a file name, or a readable photo has no size.
    """
    if table not in COLUMNS or len(values) != len(COLUMNS[table]):
        raise FormatError(f"unknown row of table {table!r:.40}")
    if table == "boxes":
        return _box(values)
    return _photo(values) if table == "photos" else _landmark(values)


def plain(text: str) -> str:
    """`text` in one line without what cannot be printed, cut at `MAX_TEXT` characters."""
    return _UNPRINTABLE.sub(" ", text[:MAX_TEXT])


def _box(values: tuple[Any, ...]) -> Box:
    identifier, photo, landmark, *numbers, excluded = values
    if not _ID.fullmatch(_text(identifier)):
        raise FormatError(f"a box has the id {identifier!r:.80}")
    x, y, w, h = (_side(number) for number in numbers)
    if min(w, h) < 0:
        raise FormatError(f"box {identifier} has a negative size")
    place = Rect(x, y, w, h)
    return Box(identifier, _whole(photo), _whole(landmark), place, bool(_whole(excluded)))


def _photo(values: tuple[Any, ...]) -> Photo:
    identifier, path, size, digest, width, height, state, reason, *judged = values
    landmark, review, modified, taken, split = judged
    known = cast(PhotoState, state if _text(state) in get_args(PhotoState) else "unreadable")
    seen = cast(Review, review if _text(review) in get_args(Review) else "")
    facts = (_text(path), _whole(size), plain(_text(digest)), _whole(width), _whole(height))
    marked = None if landmark is None else _whole(landmark)
    when = taken if _TAKEN.fullmatch(_text(taken)) else ""
    pinned = cast(Split, split) if _text(split) in SPLITS else ""
    told = plain(_text(reason))
    judgement = (marked, seen, _whole(modified), when, pinned)
    photo = Photo(_whole(identifier), *facts, known, told, *judgement)
    if known == "ok" and (len(path) > MAX_PATH or not is_inside(path)):
        return replace(
            photo, state="unreadable", reason=tr("its path leads out of the photo folder")
        )
    if known == "ok" and not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise FormatError(f"photo {path!r:.80} has no size")
    return photo


def _landmark(values: tuple[Any, ...]) -> Landmark:
    identifier, name, color, key, position = values
    number = _whole(identifier)
    known = color if _COLOR.fullmatch(_text(color)) else PALETTE[number % len(PALETTE)]
    digit = key if _text(key) in KEYS and len(key) < 2 else ""
    return Landmark(number, plain(_text(name)), known, digit, _whole(position))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise FormatError(f"expected a text, found {value!r:.80}")
    return value


def _whole(value: object) -> int:
    """An integer that SQLite can hold. JSON knows larger ones, and Python counts True as 1."""
    if not isinstance(value, int) or isinstance(value, bool) or not -(2**63) <= value < 2**63:
        raise FormatError(f"expected a whole number, found {value!r:.80}")
    return value


def _side(value: object) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise FormatError(f"expected a number, found {value!r:.80}")
    if not abs(value) <= MAX_SIDE:  # so that "not a number" is refused as well
        raise FormatError("a box has no finite rectangle")
    return float(value)


def encode_changes(edit: Edit) -> str:
    """The changes of an edit as compact JSON: [[table, before or null, after or null], …]."""
    rows = [[change.row.table, *map(_values_or_none, _sides(change))] for change in edit.changes]
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def decode_edit(kind: str, text: str) -> Edit:
    """The inverse of `encode_changes`. Raises FormatError for anything else."""
    try:
        entries = [(table, before, after) for table, before, after in json.loads(text)]
        changes = tuple(
            Change(_row_or_none(table, before), _row_or_none(table, after))
            for table, before, after in entries
        )
    except (TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"unreadable history entry: {error!s:.80}") from error
    if any(change.before is None and change.after is None for change in changes):
        raise FormatError("history entry without content")
    if any(_are_different_rows(change.before, change.after) for change in changes):
        raise FormatError("history entry that turns one row into another")
    return Edit(plain(_text(kind)), changes)


def decode_time(value: object) -> int:
    """Seconds since 1970; 0 for what no calendar holds."""
    known = isinstance(value, int) and 0 <= value <= MAX_TIME
    return cast(int, value) if known else 0


def decode_setting(text: object) -> Any:
    """A value kept as JSON. Raises FormatError for anything else."""
    try:
        return json.loads(_text(text))
    except (ValueError, RecursionError) as error:
        raise FormatError(f"unreadable setting: {error!s:.80}") from error


def is_folder_name(value: object) -> bool:
    """Whether a stored photo folder is a path at all; it need not exist."""
    return isinstance(value, str) and 0 < len(value) <= MAX_PATH and "\0" not in value


def _are_different_rows(before: Row | None, after: Row | None) -> bool:
    """Whether two sides of a change speak of different rows."""
    if before is None or after is None:
        return False
    return (before.table, before.id) != (after.table, after.id)


def _sides(change: Change) -> tuple[Row | None, Row | None]:
    return change.before, change.after


def _values_or_none(row: Row | None) -> list[Any] | None:
    return None if row is None else list(values_of(row))


def _row_or_none(table: str, values: list[Any] | None) -> Row | None:
    return None if values is None else row_of(table, tuple(values))
