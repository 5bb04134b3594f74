"""Older project files become today's, forward only and in one transaction a version.

`tests/fixtures` keeps a file of each version.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any

from landmark_gui.core.errors import FormatError
from landmark_gui.core.schema import COLUMNS, SCHEMA, SCHEMA_VERSION

_PHOTOS_1 = """CREATE TABLE photos (
        id INTEGER PRIMARY KEY,
        path TEXT NOT NULL UNIQUE,
        size INTEGER NOT NULL,
        hash TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        state TEXT NOT NULL,
        reason TEXT NOT NULL,
        landmark INTEGER REFERENCES landmarks(id) DEFERRABLE INITIALLY DEFERRED
    ) STRICT"""
_PHOTOS_2 = """CREATE TABLE photos (
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
    ) STRICT"""
_BOXES_2 = """CREATE TABLE boxes (
        id TEXT PRIMARY KEY,
        photo INTEGER NOT NULL REFERENCES photos(id) DEFERRABLE INITIALLY DEFERRED,
        landmark INTEGER NOT NULL REFERENCES landmarks(id) DEFERRABLE INITIALLY DEFERRED,
        x REAL NOT NULL,
        y REAL NOT NULL,
        w REAL NOT NULL,
        h REAL NOT NULL
    ) STRICT"""
_EDITS_1 = """CREATE TABLE edits (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL,
        changes TEXT NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0
    ) STRICT"""

_OLDER: dict[int, dict[str, str]] = {
    1: {"photos": _PHOTOS_1, "edits": _EDITS_1},
    2: {"photos": _PHOTOS_2, "boxes": _BOXES_2},
}
"""The tables of a version that the next one has changed."""
_ADDED: dict[str, tuple[Any, ...]] = {"photos": ("", 0, "", ""), "boxes": (0,)}
"""The values of columns that rows of version 1 lack, in their order."""


def schema_of(version: int) -> tuple[str, ...]:
    """The statements that made the tables of a project file of this version.

    Raises:
        FormatError: if there never was such a version.
    """
    if not 1 <= version <= SCHEMA_VERSION:
        raise FormatError(f"there is no version {version} of a project file")
    older: dict[str, str] = {}
    for number in range(SCHEMA_VERSION - 1, version - 1, -1):
        older |= _OLDER[number]
    return tuple(older.get(_table_of(statement), statement) for statement in SCHEMA)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring an older project up to `SCHEMA_VERSION`; all or nothing.

    Raises:
        sqlite3.Error, FormatError: the file is then as it was.
    """
    # Neither takes effect inside a transaction. Both keep a renamed table from taking the
    # references of the other tables with it.
    connection.execute("PRAGMA foreign_keys = OFF")
    connection.execute("PRAGMA legacy_alter_table = ON")
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        for step in range(version, SCHEMA_VERSION):
            _in_transaction(connection, step)
    finally:
        connection.execute("PRAGMA legacy_alter_table = OFF")
        connection.execute("PRAGMA foreign_keys = ON")


def _in_transaction(connection: sqlite3.Connection, version: int) -> None:
    connection.execute("BEGIN IMMEDIATE")
    try:
        _STEPS[version](connection)
        connection.execute(f"PRAGMA user_version = {version + 1}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def _from_1(connection: sqlite3.Connection) -> None:
    """Photos learn `review`, `modified` and `taken`; edits learn when they were made."""
    _rebuild(connection, 2, "photos", "*, '', 0, ''")
    _rebuild(connection, 2, "edits", "*, 0")
    _pad_history(connection)


def _from_2(connection: sqlite3.Connection) -> None:
    """Photos learn where the person has pinned them, boxes whether they are left out."""
    _rebuild(connection, 3, "photos", "*, ''")
    _rebuild(connection, 3, "boxes", "*, 0")
    _pad_history(connection)


def _pad_history(connection: sqlite3.Connection) -> None:
    entries = connection.execute("SELECT id, changes FROM edits").fetchall()
    updated = ((padded_changes(changes), number) for number, changes in entries)
    connection.executemany("UPDATE edits SET changes = ? WHERE id = ?", updated)


def padded(table: str, values: Iterable[Any]) -> list[Any]:
    """The values of a row of any version, with the columns that were added since."""
    known = list(values)
    added = _ADDED.get(table, ())
    missing = len(COLUMNS[table]) - len(known) if added else 0
    return [*known, *added[len(added) - missing :]] if 0 < missing <= len(added) else known


def padded_changes(changes: str) -> str:
    """The changes of an edit of any version as today's has them. Raises FormatError."""

    def longer(table: str, values: list[Any] | None) -> list[Any] | None:
        return None if values is None else padded(table, values)

    try:
        rows = [
            [table, longer(table, before), longer(table, after)]
            for table, before, after in json.loads(changes)
        ]
    except (TypeError, ValueError, RecursionError) as error:
        raise FormatError(f"unreadable history entry: {error!s:.80}") from error
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


_STEPS: dict[int, Callable[[sqlite3.Connection], None]] = {1: _from_1, 2: _from_2}


def _rebuild(connection: sqlite3.Connection, version: int, table: str, columns: str) -> None:
    """Make `table` anew as that version has it. ALTER TABLE would leave another text of it."""
    statement = next(text for text in schema_of(version) if _table_of(text) == table)
    connection.execute(f"ALTER TABLE {table} RENAME TO old_{table}")
    connection.execute(statement)
    connection.execute(f"INSERT INTO {table} SELECT {columns} FROM old_{table}")
    connection.execute(f"DROP TABLE old_{table}")


def _table_of(statement: str) -> str:
    return statement.split()[2]
