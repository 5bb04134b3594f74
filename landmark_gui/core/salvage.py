"""What can still be read of a damaged project file, table by table."""

from __future__ import annotations

import re
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landmark_gui.core import pages
from landmark_gui.core.database import check_schema, connect, in_time
from landmark_gui.core.errors import FormatError, ProjectError
from landmark_gui.core.faults import UNREADABLE
from landmark_gui.core.migrations import padded, padded_changes
from landmark_gui.core.schema import COLUMNS

Values = tuple[Any, ...]
TABLES = (*COLUMNS, "splits", "settings", "edits")

# The kinds of the values tell the tables apart: i(nteger), f(loat), t(ext), n(ull). An id that
# is the rowid is stored as null; the shorter forms are those of older versions.
_FORMS = {
    "landmarks": re.compile("nttti"),
    "photos": re.compile("ntitiitt[in](titt?)?"),
    "boxes": re.compile("tii[if]{4}i?"),
    "splits": re.compile("nt"),
    "settings": re.compile("tt"),
    "edits": re.compile("ntti{1,2}"),
}


@dataclass(frozen=True)
class Salvaged:
    """The rows that could be read, as today's tables have them, unchecked.

    Attributes:
        whole: the tables of which no row is missing.
        indexed: of tables that are not whole, the ids by the unique text that an index keeps a
            second time: of each photo its path, of each box its id.
    """

    tables: dict[str, list[Values]]
    whole: frozenset[str]
    indexed: dict[str, dict[str, int]]


def read(path: Path) -> Salvaged:
    """Read what can be read. A table that SQLite finds damaged is gathered from its pages.

    Raises:
        OSError: if the file cannot be read at all.
    """
    tables: dict[str, list[Values]] = {}
    indexed: dict[str, dict[str, int]] = {}
    with suppress(*UNREADABLE, ProjectError, FormatError):
        _ask_sqlite(path, tables, indexed)
    whole = frozenset(tables)
    tables |= {table: [] for table in TABLES if table not in whole}
    if len(whole) < len(TABLES):
        for rowid, record in sorted(pages.records(path.read_bytes()), key=lambda row: row[0]):
            table = table_of(record)
            if table is not None and table not in whole:
                values = (rowid, *record[1:]) if record[0] is None else record
                tables[table].append(_modern(table, values))
    return Salvaged(tables, whole, indexed)


def table_of(record: pages.Record) -> str | None:
    """The table that a row belongs to by the kinds of its values."""
    letters = {int: "i", float: "f", str: "t", bytes: "b"}
    form = "".join(letters.get(type(value), "n") for value in record)
    return next((table for table, known in _FORMS.items() if known.fullmatch(form)), None)


def _ask_sqlite(
    path: Path, tables: dict[str, list[Values]], indexed: dict[str, dict[str, int]]
) -> None:
    # For writing: SQLite then rolls back what a crash left half done, as at every opening.
    with closing(connect(path, "rw")) as connection, in_time(connection):
        connection.text_factory = lambda text: text.decode("utf-8", "replace")
        check_schema(connection, path)
        for table in TABLES:
            with suppress(*UNREADABLE):
                problem = connection.execute(f"PRAGMA quick_check({table})").fetchone()[0]
                if problem == "ok":
                    rows = connection.execute(f"SELECT * FROM {table} NOT INDEXED").fetchall()
                    tables[table] = [_modern(table, values) for values in rows]
        for table, text in (("photos", "path"), ("boxes", "id")):
            if table not in tables:
                index = f"{table} INDEXED BY sqlite_autoindex_{table}_1"
                query = f"SELECT {text}, rowid FROM {index} WHERE typeof({text}) = 'text'"
                with suppress(*UNREADABLE):
                    indexed[table] = dict(connection.execute(query))


def _modern(table: str, values: Values) -> Values:
    if table != "edits":
        return tuple(padded(table, values))
    with suppress(FormatError):
        timed = values if len(values) > 4 else (*values, 0)
        return (*timed[:2], padded_changes(timed[2]), *timed[3:])
    return values
