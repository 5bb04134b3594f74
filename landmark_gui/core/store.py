"""The project file: one SQLite database, one transaction an edit, undo that survives a restart.

The file may come from a stranger, so its schema is compared with ours before anything else
is read, and every row is checked on its way in.
"""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import Any

from landmark_gui.core import backups
from landmark_gui.core.aside import identity, keep_aside, moved_in_words
from landmark_gui.core.atomic import replacing
from landmark_gui.core.database import (
    check_journal,
    check_ours,
    connect,
    copy_in_memory,
    create_schema,
    leave_wal,
)
from landmark_gui.core.disk_space import LowSpace
from landmark_gui.core.errors import DamagedError, ProjectError
from landmark_gui.core.faults import speaking
from landmark_gui.core.i18n import tr
from landmark_gui.core.lock import ProjectLock
from landmark_gui.core.migrations import migrate
from landmark_gui.core.paths import is_inside, relative_posix
from landmark_gui.core.project import Edit, HistoryEntry, Photo, Project, combined
from landmark_gui.core.schema import (
    COLUMNS,
    JUDGED,
    SCHEMA_VERSION,
    decode_edit,
    decode_setting,
    decode_time,
    encode_changes,
    is_folder_name,
    row_of,
    values_of,
)


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
        self._identity = identity(path)
        self._edits: tuple[int, int] | None = None
        self._edits_since, self._backed_up = 0, time.monotonic()
        self._space = LowSpace(path)
        self._said: list[str] = []

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
        with speaking(path), ExitStack() as undo:
            path.parent.mkdir(parents=True, exist_ok=True)
            lock = ProjectLock.acquire(path)
            undo.callback(lock.release)
            undo.callback(path.unlink, missing_ok=True)
            connection = undo.enter_context(closing(connect(path, "rwc")))
            create_schema(connection)
            store = cls(path, connection, lock)
            store.set_photos_dir(photos_dir)
            undo.pop_all()
        return store

    @classmethod
    def open(cls, path: Path, read_only: bool = False) -> ProjectStore:
        """Open an existing project file.

        Raises:
            DamagedError: if it is damaged; `restore.restore` helps.
            ForeignError: if it is no project of ours.
            ProjectLockedError: if another window has it open (the file is then still readable
                with `read_only`).
            ProjectError: if it is missing, or from a newer version.
        """
        path = path.absolute()
        if not path.is_file():
            raise ProjectError(tr("There is no project file at {path}.", path=path))
        check_journal(path)
        if read_only and Path(f"{path}-journal").exists():
            with suppress(ProjectError):  # only a writer may clear away what a crash left half done
                cls.open(path).close()
        with speaking(path), ExitStack() as undo:
            lock = None if read_only else ProjectLock.acquire(path)
            if lock is not None:
                undo.callback(lock.release)
            connection = undo.enter_context(closing(connect(path, "ro" if read_only else "rw")))
            if check_ours(connection, path) < SCHEMA_VERSION:
                if read_only:
                    connection = undo.enter_context(closing(copy_in_memory(connection)))
                migrate(connection)
            if not read_only:
                leave_wal(connection)
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
        if not is_folder_name(stored):
            raise DamagedError(tr("{path} does not say where its photos are.", path=self.path))
        return Path(os.path.normpath(self.path.parent / stored))

    def set_photos_dir(self, folder: Path) -> None:
        """Say where the photos are now."""
        self.set_setting("photos_dir", relative_posix(folder.absolute(), self.path.parent))

    def load(self) -> Project:
        """All rows. Raises ProjectError if one of them is not what it should be."""
        with speaking(self.path):
            return Project.of(
                row_of(table, values)
                for table, columns in COLUMNS.items()
                for values in self._connection.execute(
                    f"SELECT {', '.join(columns)} FROM {table} ORDER BY rowid"
                )
            )

    def summary(self) -> tuple[int, int, str]:
        """How many photos can be read, how many of them are done, and the path of one of them,
        a labelled one if there is one; read without all the rows."""
        with speaking(self.path):
            photos, done = self._connection.execute(
                "SELECT count(*), total(review = 'done') FROM photos WHERE state = 'ok'"
            ).fetchone()
            first = self._connection.execute(
                "SELECT path FROM photos WHERE state = 'ok'"
                " ORDER BY id IN (SELECT photo FROM boxes) DESC, rowid LIMIT 1"
            ).fetchone()
        path = first[0] if first is not None and is_inside(first[0]) else ""
        return int(photos), int(done), path

    def commit(self, edit: Edit) -> None:
        """Apply and record `edit` in one transaction. What was undone before is forgotten.

        An edit without changes is no edit: nothing happens.
        """
        if not edit.changes:
            return
        with self._transaction() as connection:
            _apply(connection, edit)
            connection.execute("DELETE FROM edits WHERE undone")
            added = connection.execute(
                "INSERT INTO edits (kind, changes, time) VALUES (?, ?, ?)",
                (edit.kind, encode_changes(edit), int(time.time())),
            )
        self._edits, self._edits_since = (added.lastrowid or 0, 0), self._edits_since + 1

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
        with speaking(self.path):
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
            now = backups.edits_of(connection)
        self._edits, self._edits_since = now, self._edits_since + 1
        return edit

    def history(self) -> tuple[list[HistoryEntry], list[HistoryEntry]]:
        """The edits that stand and those that are undone, each oldest first."""
        with speaking(self.path):
            rows = self._connection.execute(
                "SELECT kind, changes, time, undone FROM edits ORDER BY id"
            )
            done: list[HistoryEntry] = []
            undone: list[HistoryEntry] = []
            for kind, changes, at, is_undone in rows:
                entry = HistoryEntry(decode_edit(kind, changes), decode_time(at))
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
        with speaking(self.path):
            return dict(self._connection.execute("SELECT photo, split FROM splits"))

    def set_split_assignments(self, splits: Mapping[int, str]) -> None:
        with self._transaction() as connection:
            connection.execute("DELETE FROM splits")
            connection.executemany("INSERT INTO splits VALUES (?, ?)", splits.items())

    def setting(self, key: str, default: Any = None) -> Any:
        """A JSON value kept with the project."""
        with speaking(self.path):
            row = self._connection.execute(
                "SELECT value FROM settings WHERE key = ?", (key,)
            ).fetchone()
            return default if row is None else decode_setting(row[0])

    def set_setting(self, key: str, value: Any) -> None:
        with self._transaction() as connection:
            connection.execute(
                "INSERT OR REPLACE INTO settings VALUES (?, ?)",
                (key, json.dumps(value, ensure_ascii=False)),
            )

    def backup(self) -> Path:
        """Copy the project into `NAME.data/backups`, see `backups.take`."""
        copy = backups.take(self._connection, self.path)
        self._edits_since, self._backed_up = 0, time.monotonic()
        return copy

    def after_write(self) -> str:
        """Make a backup if one is due. Call it now and then, as after each write.

        Returns:
            What the person should know, "" for nothing: that the disk is nearly full, or that
            the store wrote the file anew because it was moved or deleted.
        """
        said, self._said = [*self._said, self._space.notice()], []
        waited = time.monotonic() - self._backed_up
        many = self._edits_since >= backups.EVERY_EDITS
        is_due = self._edits_since and (many or waited > backups.EVERY_SECONDS)
        if is_due and not self._space.is_low():  # what is left is for edits
            try:
                self.backup()
            except ProjectError as error:  # to be tried again, but not at the next edit
                self._edits_since, self._backed_up = 0, time.monotonic()
                said.append(tr("There is no fresh backup. {error}", error=error))
        return " ".join(filter(None, said))

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        if self.read_only:
            raise ProjectError(tr("{path} is open for reading only.", path=self.path))
        with speaking(self.path):
            self._stay_in_place()
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield self._connection
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:  # a full disk may have rolled it back
                    self._connection.execute("ROLLBACK")
                raise

    def _stay_in_place(self) -> None:
        """Write the file anew if it was moved, deleted or replaced under the open window.

        SQLite would go on with the file that nobody finds any more. What lies in its place is
        kept under another name, unless it is the same project: a network drive came back.
        """
        found = identity(self.path)
        if found != self._identity:
            self.path.parent.stat()  # a drive that is gone: an error, and the next attempt comes
            if found is None or backups.edits_in(self.path) != self._edits:
                self._write_anew(found is not None)
            connection = connect(self.path, "rw")
            self._connection.close()
            self._connection, self._identity = connection, identity(self.path)
        if self._edits is None:
            self._edits = backups.edits_of(self._connection)

    def _write_anew(self, replaced: bool) -> None:
        with replacing(self.path) as temporary:
            with closing(sqlite3.connect(temporary)) as copy:
                self._connection.backup(copy)
            aside = keep_aside(self.path, "replaced") if replaced else None
        self._said.append(moved_in_words(self.path, aside))


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
