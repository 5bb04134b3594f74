"""The tables of a project file, and how rows become SQL and JSON and come back."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast, get_args

from landmark_gui.core.errors import FormatError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_inside
from landmark_gui.core.project import (
    Box,
    Change,
    Edit,
    Landmark,
    Photo,
    PhotoState,
    Review,
    Row,
)

APPLICATION_ID = 0x4C4D4B47  # "LMKG"
SCHEMA_VERSION = 2

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
        taken TEXT NOT NULL
    ) STRICT""",
    """CREATE TABLE boxes (
        id TEXT PRIMARY KEY,
        photo INTEGER NOT NULL REFERENCES photos(id) DEFERRABLE INITIALLY DEFERRED,
        landmark INTEGER NOT NULL REFERENCES landmarks(id) DEFERRABLE INITIALLY DEFERRED,
        x REAL NOT NULL,
        y REAL NOT NULL,
        w REAL NOT NULL,
        h REAL NOT NULL
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
    ),
    "boxes": ("id", "photo", "landmark", "x", "y", "w", "h"),
}
JUDGED = ("landmark", "review")
"""The columns of a photo that edits change; the others belong to the scan."""


def values_of(row: Row) -> tuple[Any, ...]:
    """The values of `row` in the order of `COLUMNS[row.table]`."""
    if isinstance(row, Box):
        rect = row.rect
        return (row.id, row.photo_id, row.landmark_id, rect.x, rect.y, rect.w, rect.h)
    if isinstance(row, Photo):
        size = (row.size, row.hash, row.width, row.height)
        facts = (row.id, row.path, *size, row.state, row.reason)
        return (*facts, row.landmark_id, row.review, row.modified, row.taken)
    return (row.id, row.name, row.color, row.key, row.position)


def row_of(table: str, values: tuple[Any, ...]) -> Row:
    """The inverse of `values_of`.

    Raises:
        FormatError: if a value has a wrong type, a box is not finite, or a readable photo has
            no size. A photo whose path leads out of the photo folder comes back as unreadable.
    """
    if table not in COLUMNS or len(values) != len(COLUMNS[table]):
        raise FormatError(f"unknown row of table {table!r}")
    if table == "boxes":
        return _box(values)
    return _photo(values) if table == "photos" else _landmark(values)


def _box(values: tuple[Any, ...]) -> Box:
    identifier, photo, landmark, *numbers = values
    _check(identifier, str)
    _check(photo, int)
    _check(landmark, int)
    if not all(isinstance(n, int | float) and math.isfinite(n) for n in numbers):
        raise FormatError(f"box {identifier!r} has no finite rectangle")
    x, y, w, h = (float(number) for number in numbers)
    return Box(identifier, photo, landmark, Rect(x, y, w, h))


def _photo(values: tuple[Any, ...]) -> Photo:
    identifier, path, size, digest, width, height, state, reason, *judged = values
    landmark, review, modified, taken = judged
    for text in (path, digest, state, reason, review, taken):
        _check(text, str)
    for number in (identifier, size, width, height, modified):
        _check(number, int)
    if landmark is not None:
        _check(landmark, int)
    known = cast(PhotoState, state if state in get_args(PhotoState) else "unreadable")
    seen = cast(Review, review if review in get_args(Review) else "")
    facts = (identifier, path, size, digest, width, height, known, reason)
    photo = Photo(*facts, landmark, seen, modified, taken)
    if known == "ok" and not is_inside(path):
        return replace(
            photo, state="unreadable", reason=tr("its path leads out of the photo folder")
        )
    if known == "ok" and min(width, height) < 1:
        raise FormatError(f"photo {path!r} has no size")
    return photo


def _landmark(values: tuple[Any, ...]) -> Landmark:
    identifier, name, color, key, position = values
    for text in (name, color, key):
        _check(text, str)
    for number in (identifier, position):
        _check(number, int)
    return Landmark(identifier, name, color, key, position)


def _check(value: object, kind: type) -> None:
    if not isinstance(value, kind):
        raise FormatError(f"expected {kind.__name__}, found {value!r}")


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
    except (TypeError, ValueError) as error:
        raise FormatError(f"unreadable history entry: {error}") from error
    if any(change.before is None and change.after is None for change in changes):
        raise FormatError("history entry without content")
    return Edit(kind, changes)


def _sides(change: Change) -> tuple[Row | None, Row | None]:
    return change.before, change.after


def _values_or_none(row: Row | None) -> list[Any] | None:
    return None if row is None else list(values_of(row))


def _row_or_none(table: str, values: list[Any] | None) -> Row | None:
    return None if values is None else row_of(table, tuple(values))
