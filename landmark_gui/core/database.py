"""Connections to project files, which may come from a stranger, and the checks before use.

See https://www.sqlite.org/security.html for the settings.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePath
from urllib.parse import quote

from landmark_gui.core.aside import BESIDE
from landmark_gui.core.errors import ForeignError, FormatError, ProjectError
from landmark_gui.core.i18n import tr
from landmark_gui.core.migrations import schema_of
from landmark_gui.core.schema import APPLICATION_ID, SCHEMA, SCHEMA_VERSION

MAX_VALUE = 256 * 2**20
"""Bytes of the longest text in a file. An edit that imports a million boxes has 150 MB."""
CHECK_SECONDS = 60.0
"""How long a file may take to be checked. One of 10,000 photos takes a tenth of a second."""
CHECK_STEPS = 100_000
"""After how many steps of SQLite the clock is looked at."""
_JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")


def connect(path: Path, mode: str) -> sqlite3.Connection:
    """A connection in autocommit: the caller alone says where a transaction begins and ends.

    Args:
        mode: "ro", "rw" or "rwc", as in an SQLite address.
    """
    connection = sqlite3.connect(
        address(path, mode), uri=True, isolation_level=None, timeout=10, check_same_thread=False
    )
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_VALUE)
    for setting in (
        "trusted_schema = OFF",
        "cell_size_check = ON",
        "mmap_size = 0",
        "synchronous = FULL",
        "secure_delete = ON",  # what is deleted must not come back when a damaged file is read
        "foreign_keys = ON",
    ):
        connection.execute(f"PRAGMA {setting}").close()
    return connection


def address(path: PurePath, mode: str) -> str:
    """The file as SQLite's URI."""
    # Not `path.as_uri()`: for a network share its host stands where SQLite wants none.
    root = "" if path.as_posix().startswith("/") else "/"
    return f"file://{root}{quote(path.as_posix(), safe='/:')}?mode={mode}"


def create_schema(connection: sqlite3.Connection) -> None:
    """Make the tables of today's version in an empty file."""
    connection.execute("BEGIN")
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


def copy_in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy to work with where the file itself may not be written."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.backup(copy)
    return copy


def check_ours(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the project file.

    Raises:
        ForeignError: if it is another program's.
        ProjectError: if it is from a newer version.
        FormatError, sqlite3.Error: if it is damaged.
    """
    with in_time(connection):
        version = check_schema(connection, path)
        # Not quick_check: an index that says other than its table lets an undo find nothing.
        problem = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
        if problem != "ok":
            raise FormatError(problem)
        if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
            raise FormatError("a row refers to one that is missing")
    return version


def check_schema(connection: sqlite3.Connection, path: Path) -> int:
    """As `check_ours`, of the tables alone: a view or a trigger must not even be looked at."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise ForeignError(tr("{path} is not a Landmark GUI project.", path=path))
    if version > SCHEMA_VERSION:
        raise ProjectError(
            tr("{path} was made by a newer version. Update Landmark GUI to open it.", path=path)
        )
    found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql != ''")}
    ours = set(schema_of(version))
    if not ours <= found <= ours | {"CREATE TABLE sqlite_sequence(name,seq)"}:
        raise ForeignError(
            tr("{path} holds data of another program. It was not opened.", path=path)
        )
    return int(version)


def check_journal(path: Path) -> None:
    """Look at the journal that a crash may have left, before SQLite rolls it back.

    Ours lies beside the project as a plain file. A link, or a journal that names further files
    for SQLite to read and delete, is none of ours.

    Raises:
        ForeignError: says which file to move away.
    """
    for ending in BESIDE:
        beside = Path(f"{path}{ending}")
        if beside.is_symlink() or (ending == "-journal" and _names_another(beside)):
            raise ForeignError(
                tr(
                    "{journal} comes from another program, so {path} was not opened. "
                    "Move that file away.",
                    journal=beside,
                    path=path.name,
                )
            )


def _names_another(journal: Path) -> bool:
    # A "super-journal": its name, its length, a sum and the magic number end the journal.
    if not journal.is_file() or journal.stat().st_size < 16:
        return False
    with journal.open("rb") as file:
        file.seek(-16, 2)
        end = file.read(16)
    return end.endswith(_JOURNAL_MAGIC) and int.from_bytes(end[:4], "big") > 0


def leave_wal(connection: sqlite3.Connection) -> None:
    """Go back to the rollback journal, so that the project is one file, if another left WAL."""
    if connection.execute("PRAGMA journal_mode").fetchone()[0] == "wal":
        connection.execute("PRAGMA journal_mode = DELETE").close()


@contextmanager
def in_time(connection: sqlite3.Connection) -> Iterator[None]:
    """Stop what takes too long: a crafted tree of pages can keep SQLite busy for years.

    Raises:
        FormatError: after `CHECK_SECONDS`.
    """
    end = time.monotonic() + CHECK_SECONDS
    connection.set_progress_handler(lambda: time.monotonic() > end, CHECK_STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error):
            raise FormatError("its pages lead in circles") from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
