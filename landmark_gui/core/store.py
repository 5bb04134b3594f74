"""The project file: one SQLite database, one transaction an edit, undo that survives a restart.

The file may come from a stranger, so its schema is compared with ours before anything else
is read, and every row is checked on its way in.
"""

from __future__ import annotations

import errno
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from landmark_gui.core.errors import FormatError, ProjectError
from landmark_gui.core.i18n import tr
from landmark_gui.core.lock import ProjectLock
from landmark_gui.core.migrations import migrate, schema_of
from landmark_gui.core.paths import data_folder
from landmark_gui.core.project import Edit, HistoryEntry, Photo, Project, combined
from landmark_gui.core.schema import (
    APPLICATION_ID,
    COLUMNS,
    JUDGED,
    SCHEMA,
    SCHEMA_VERSION,
    decode_edit,
    encode_changes,
    row_of,
    values_of,
)

SUFFIX = ".landmarks"
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


class ProjectStore:
    """One open project file. Not thread-safe: use it from one thread at a time.

    Attributes:
        path: the project file, absolute.
        read_only: True if it was opened for reading alone.
    """

    def __init__(self, path: Path, connection: sqlite3.Connection, lock: ProjectLock | None):
        self.path = path
        self.read_only = lock is None
        self._connection = connection
        self._lock = lock

    @classmethod
    def create(cls, path: Path, photos_dir: Path) -> ProjectStore:
        """Make a new project file for the photos under `photos_dir`.

        Raises:
            ProjectError: if `path` exists, or cannot be written.
        """
        path = path.absolute()
        if path.exists():
            raise ProjectError(
                tr("{path} exists already. Choose another name, or open it.", path=path)
            )
        with _speaking(path), ExitStack() as undo:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = ProjectLock.acquire(path)
            undo.callback(lock.release)
            undo.callback(path.unlink, missing_ok=True)
            connection = undo.enter_context(closing(_connect(path, "rwc")))
            _create_schema(connection)
            store = cls(path, connection, lock)
            store.set_photos_dir(photos_dir)
            undo.pop_all()
        return store

    @classmethod
    def open(cls, path: Path, read_only: bool = False) -> ProjectStore:
        """Open an existing project file.

        Raises:
            ProjectError: if it is missing, damaged, foreign, from a newer version, or open
                in another window (the file is then still readable with `read_only`).
        """
        path = path.absolute()
        if not path.is_file():
            raise ProjectError(tr("There is no project file at {path}.", path=path))
        if read_only and Path(f"{path}-journal").exists():
            with suppress(ProjectError):  # only a writer may clear away what a crash left half done
                cls.open(path).close()
        with _speaking(path), ExitStack() as undo:
            lock = None if read_only else ProjectLock.acquire(path)
            if lock is not None:
                undo.callback(lock.release)
            connection = undo.enter_context(closing(_connect(path, "ro" if read_only else "rw")))
            if _check_ours(connection, path) < SCHEMA_VERSION:
                if read_only:
                    connection = undo.enter_context(closing(_copy_in_memory(connection)))
                migrate(connection)
            undo.pop_all()
        return cls(path, connection, lock)

    def close(self) -> None:
        self._connection.close()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> ProjectStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def photos_dir(self) -> Path:
        """The folder of the photos, absolute."""
        stored = self.setting("photos_dir")
        if not isinstance(stored, str):
            raise ProjectError(tr("{path} does not say where its photos are.", path=self.path))
        return Path(os.path.normpath(self.path.parent / stored))

    def set_photos_dir(self, folder: Path) -> None:
        """Say where the photos are now."""
        self.set_setting("photos_dir", _relative_to_project(folder.absolute(), self.path))

    def load(self) -> Project:
        """All rows. Raises ProjectError if one of them is not what it should be."""
        with _speaking(self.path):
            return Project.of(
                row_of(table, values)
                for table, columns in COLUMNS.items()
                for values in self._connection.execute(
                    f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid"
                )
            )

    def commit(self, edit: Edit) -> None:
        """Apply and record `edit` in one transaction. What was undone before is forgotten.

        An edit without changes is no edit: nothing happens.
        """
        if not edit.changes:
            return
        with self._transaction() as connection:
            _apply(connection, edit)
            connection.execute("DELETE FROM edits WHERE undone")
            connection.execute(
                "INSERT INTO edits (kind, changes, time) VALUES (?, ?, ?)",
                (edit.kind, encode_changes(edit), int(time.time())),
            )

    def undo(self) -> Edit | None:
        """Take back the newest edit that stands; the inverse that was applied, if any."""
        return self._go_by(-1)

    def redo(self) -> Edit | None:
        """Apply the oldest undone edit again, if any."""
        return self._go_by(1)

    def go_to(self, position: int) -> Edit | None:
        """Undo or redo until the oldest `position` edits stand, in one transaction.

        Returns:
            The edit that was applied, if the project was not there already.
        """
        standing = self._count("NOT undone")
        return self._go_by(min(max(position, 0), self._count("1")) - standing)

    def _count(self, condition: str) -> int:
        with _speaking(self.path):
            query = f"SELECT count(*) FROM edits WHERE {condition}"
            return int(self._connection.execute(query).fetchone()[0])

    def _go_by(self, steps: int) -> Edit | None:
        redo = steps > 0
        chosen = "undone ORDER BY id" if redo else "NOT undone ORDER BY id DESC"
        with self._transaction() as connection:
            query = f"SELECT id, kind, changes FROM edits WHERE {chosen} LIMIT ?"
            entries = connection.execute(query, (abs(steps),)).fetchall()
            made = [decode_edit(kind, changes) for _, kind, changes in entries]
            if not made:
                return None
            edit = combined(made[-1].kind, made if redo else (e.inverse() for e in made))
            _apply(connection, edit)
            connection.executemany(
                "UPDATE edits SET undone = ? WHERE id = ?",
                [(not redo, number) for number, _, _ in entries],
            )
            return edit

    def history(self) -> tuple[list[HistoryEntry], list[HistoryEntry]]:
        """The edits that stand and those that are undone, each oldest first."""
        with _speaking(self.path):
            rows = self._connection.execute(
                "SELECT kind, changes, time, undone FROM edits ORDER BY id"
            )
            done: list[HistoryEntry] = []
            undone: list[HistoryEntry] = []
            for kind, changes, at, is_undone in rows:
                entry = HistoryEntry(decode_edit(kind, changes), at)
                (undone if is_undone else done).append(entry)
        return done, undone

    def put_photos(self, photos: Iterable[Photo]) -> None:
        """Insert photo rows, or refresh what the scan knows of them.

        Not an edit: the folder is the truth, so there is no undo. What the person said of a
        photo stays.
        """
        rows = list(photos)
        with self._transaction() as connection:
            facts = [column for column in COLUMNS["photos"][1:] if column not in JUDGED]
            # Paths are given up first: photos may have exchanged them. "/" begins no other path.
            connection.executemany(
                "UPDATE photos SET path = '/' || id WHERE id = ? AND path != ?",
                [(photo.id, photo.path) for photo in rows],
            )
            _put(connection, "photos", [values_of(photo) for photo in rows], facts)

    def split_assignments(self) -> dict[int, str]:
        """The stored split of each photo id."""
        with _speaking(self.path):
            return dict(self._connection.execute("SELECT photo, split FROM splits").fetchall())

    def set_split_assignments(self, splits: Mapping[int, str]) -> None:
        with self._transaction() as connection:
            connection.execute("DELETE FROM splits")
            connection.executemany("INSERT INTO splits VALUES (?, ?)", splits.items())

    def setting(self, key: str, default: Any = None) -> Any:
        """A JSON value kept with the project."""
        with _speaking(self.path):
            row = self._connection.execute(
                "SELECT value FROM settings WHERE key = ?", (key,)
            ).fetchone()
            return default if row is None else json.loads(row[0])

    def set_setting(self, key: str, value: Any) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                (key, json.dumps(value, ensure_ascii=False)),
            )

    def backup(self, keep: int = 5) -> Path:
        """Copy the project through SQLite's backup API into `NAME.data/backups`.

        Args:
            keep: how many of the newest copies stay.
        """
        folder = data_folder(self.path) / "backups"
        with _speaking(self.path):
            folder.mkdir(parents=True, exist_ok=True)
            changes = self._connection.execute("SELECT coalesce(max(id), 0) FROM edits")
            target = folder / f"{self.path.stem}-{changes.fetchone()[0]:08d}{SUFFIX}"
            copy = sqlite3.connect(target)
            try:
                self._connection.backup(copy)
            finally:
                copy.close()
            for old in sorted(folder.glob(f"*{SUFFIX}"))[:-keep]:
                old.unlink()
        return target

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise ProjectError(tr("{path} is open for reading only.", path=self.path))
        with _speaking(self.path):
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled it back
                    self._connection.execute("ROLLBACK")
                raise


def _connect(path: Path, mode: str) -> sqlite3.Connection:
    # Autocommit: `_transaction` alone says where a transaction begins and ends.
    connection = sqlite3.connect(
        _uri(path, mode), uri=True, isolation_level=None, timeout=10, check_same_thread=False
    )
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA foreign_keys = ON")
    return connection


def _uri(path: PurePath, mode: str) -> str:
    # Not `path.as_uri()`: for a network share its host stands where SQLite wants none.
    root = "" if path.as_posix().startswith("/") else "/"
    return f"file://{root}{quote(path.as_posix(), safe='/:')}?mode={mode}"


def _create_schema(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for statement in SCHEMA:
        connection.execute(statement)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")
    connection.execute("COMMIT")


def _copy_in_memory(connection: sqlite3.Connection) -> sqlite3.Connection:
    """A copy to migrate where the file itself may not be written."""
    copy = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.backup(copy)
    return copy


def _check_ours(connection: sqlite3.Connection, path: Path) -> int:
    """The version of the project file. Raises ProjectError, FormatError or sqlite3.Error."""
    application = connection.execute("PRAGMA application_id").fetchone()[0]
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if application != APPLICATION_ID:
        raise ProjectError(tr("{path} is not a Landmark GUI project.", path=path))
    if version > SCHEMA_VERSION:
        raise ProjectError(
            tr(
                "{path} was made by a newer version. Update Landmark GUI to open it.",
                path=path,
            )
        )
    found = {sql for (sql,) in connection.execute("SELECT sql FROM sqlite_schema WHERE sql != ''")}
    ours = set(schema_of(version))
    if not ours <= found <= ours | {"CREATE TABLE sqlite_sequence(name,seq)"}:
        raise ProjectError(
            tr("{path} holds data of another program. It was not opened.", path=path)
        )
    problem = connection.execute("PRAGMA quick_check").fetchone()[0]
    if problem != "ok":
        raise FormatError(problem)
    if connection.execute("PRAGMA foreign_key_check").fetchone() is not None:
        raise FormatError("a row refers to one that is missing")
    return int(version)


def _apply(connection: sqlite3.Connection, edit: Edit) -> None:
    for change in edit.changes:
        table = change.row.table
        if change.after is None:
            connection.execute(f"DELETE FROM {table} WHERE id = ?", (change.row.id,))
        else:
            updated = JUDGED if table == "photos" else COLUMNS[table][1:]
            _put(connection, table, [values_of(change.after)], updated)


def _put(
    connection: sqlite3.Connection,
    table: str,
    rows: list[tuple[Any, ...]],
    updated: Iterable[str],
) -> None:
    """Insert `rows`; of those that are there already, the columns `updated` change."""
    columns = COLUMNS[table]
    updates = ", ".join(f"{column} = excluded.{column}" for column in updated)
    marks = ", ".join("?" for _ in columns)
    connection.executemany(
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks}) "
        f"ON CONFLICT (id) DO UPDATE SET {updates}",
        rows,
    )


def _relative_to_project(photos_dir: Path, project: Path) -> str:
    try:
        return Path(os.path.relpath(photos_dir, project.parent)).as_posix()
    except ValueError:  # another drive on Windows
        return photos_dir.as_posix()


@contextmanager
def _speaking(path: Path) -> Iterator[None]:
    """Turn what SQLite and the system say into a sentence about the project file."""
    try:
        yield
    except (sqlite3.Error, OSError, FormatError, json.JSONDecodeError) as error:
        raise ProjectError(_sentence(path, error)) from error


def _sentence(path: Path, error: Exception) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF  # without the extended part
    number = error.errno if isinstance(error, OSError) else None
    if code == sqlite3.SQLITE_FULL or number in (errno.ENOSPC, errno.EDQUOT):
        return tr("{path}: the disk is full. Free some space; nothing was lost.", path=path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) or number in _FORBIDDEN:
        return tr("{path} cannot be written here. Choose a folder of your own.", path=path)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB) or isinstance(
        error, FormatError | json.JSONDecodeError
    ):
        return tr(
            "{path} is damaged ({detail}). Copies from earlier days are in {backups}.",
            path=path,
            detail=error,
            backups=data_folder(path) / "backups",
        )
    return tr("{path}: {detail}", path=path, detail=error)
