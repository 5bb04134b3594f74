"""A damaged project made whole again: row by row from what still knows it (see docs/adr/0012)."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landmark_gui.core import backups, salvage
from landmark_gui.core.aside import keep_aside
from landmark_gui.core.atomic import replacing
from landmark_gui.core.database import check_journal, check_ours, create_schema
from landmark_gui.core.edits import PALETTE
from landmark_gui.core.errors import DamagedError, FormatError, ProjectError
from landmark_gui.core.faults import speaking
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.lock import ProjectLock
from landmark_gui.core.paths import is_inside
from landmark_gui.core.project import Box, Landmark, Photo, Project, Row
from landmark_gui.core.salvage import Salvaged, Values
from landmark_gui.core.schema import (
    COLUMNS,
    decode_edit,
    decode_setting,
    is_folder_name,
    row_of,
    values_of,
)
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.walk import walked

Key = tuple[str, int | str]
_SETTINGS: Mapping[str, Callable[[object], bool]] = {
    "photos_dir": is_folder_name,
    "pages": lambda value: isinstance(value, dict),
}


@dataclass(frozen=True)
class Backup:
    """The newest copy that is whole."""

    path: Path
    project: Project
    splits: dict[int, str]
    settings: dict[str, Any]


@dataclass
class Restored:
    """The content of the project after the restoration, and what to tell of it."""

    project: Project = field(default_factory=Project)
    edits: list[Values] = field(default_factory=list)
    splits: dict[int, str] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    from_history: int = 0
    from_backup: int = 0
    unnamed: int = 0
    history_lost: bool = False
    newest_unsure: bool = False


def restore(path: Path) -> str:
    """Make a damaged project whole again as far as it can be.

    The damaged file is kept beside the new one under another name, untouched.

    Returns:
        What was lost and where the damaged file is, in sentences.

    Raises:
        DamagedError: if nothing of it can be read and no backup can; the file stays as it is.
        ProjectError: if another window has it open, or the folder cannot be written.
    """
    path = path.absolute()
    check_journal(path)
    with speaking(path), ExitStack() as stack:
        lock = ProjectLock.acquire(path)
        stack.callback(lock.release)
        backup = newest_good(path)
        restored = merged(salvage.read(path), backup, path.stem)
        if not restored.project.photos and not restored.project.landmarks and backup is None:
            raise DamagedError(
                tr(
                    "{path} is damaged, and nothing of it could be read. There is no backup in "
                    "{backups}.",
                    path=path,
                    backups=backups.folder_of(path),
                )
            )
        with replacing(path) as temporary:
            _write(temporary, restored, path)
            aside = keep_aside(path, "damaged")
    return " ".join(_report(path, restored, backup, aside))


def newest_good(path: Path) -> Backup | None:
    """The newest backup of a project that opens and can be read through."""
    for copy in backups.copies(path):
        with suppress(ProjectError), ProjectStore.open(copy, read_only=True) as store:
            settings = {key: store.setting(key) for key in _SETTINGS}
            return Backup(copy, store.load(), store.split_assignments(), settings)
    return None


def merged(found: Salvaged, backup: Backup | None, photos_dir: str) -> Restored:
    """The project out of all that knows it.

    A row is taken from the damaged file. One that is missing there is taken from what the
    history says of it, else from the backup, unless the history says that it was deleted. Of
    a photo the path will do: the next scan looks at it again. A table that is whole misses
    nothing but its unreadable rows.

    Args:
        photos_dir: the photo folder, if nothing says which it is.
    """
    restored = Restored()
    rows, unreadable = _checked(found)
    history = _told_by(found)

    def is_missing(key: Key) -> bool:
        return key not in rows and (key[0] not in found.whole or key in unreadable)

    told = {key: row for key, row in history.items() if row is not None and is_missing(key)}
    rows |= told
    kept = backup.project.rows() if backup else ()
    old = {_key(row): row for row in kept if is_missing(_key(row)) and _key(row) not in history}
    rows |= old
    restored.from_history, restored.from_backup = len(told), len(old)
    rows |= {_key(photo): photo for photo in _by_path(found) if is_missing(_key(photo))}
    boxes = {("boxes", box): None for box in found.indexed.get("boxes", ())}
    restored.lost.update(key[0] for key in (unreadable | (boxes.keys() - history)) - rows.keys())
    _fill(restored, rows.values())
    _add_history(restored, found)
    restored.newest_unsure = restored.history_lost and not found.whole >= COLUMNS.keys()
    _add_settings(restored, found, backup, photos_dir)
    return restored


def _by_path(found: Salvaged) -> Iterator[Photo]:
    reason = tr("its entry in the project was damaged")
    for path, number in found.indexed.get("photos", {}).items():
        if is_inside(path):
            yield Photo(number, path, 0, "", 0, 0, "unreadable", reason)


def _key(row: Row) -> Key:
    return row.table, row.id


def _checked(found: Salvaged) -> tuple[dict[Key, Row], set[Key]]:
    rows: dict[Key, Row] = {}
    unreadable: set[Key] = set()
    for table in COLUMNS:
        for values in found.tables[table]:
            try:
                row = row_of(table, values)
                rows.setdefault(_key(row), row)
            except FormatError:
                unreadable.add((table, values[0]))
    return rows, unreadable


def _told_by(found: Salvaged) -> dict[Key, Row | None]:
    """Each row as the newest edit of it that stands left it; None if that deleted it."""
    told: dict[Key, Row | None] = {}
    for _, kind, changes, undone, _ in found.tables["edits"]:
        if not undone:
            with suppress(FormatError):
                edit = decode_edit(kind, changes)
                told |= {_key(change.row): change.after for change in edit.changes}
    return told


def _fill(restored: Restored, rows: Iterable[Row]) -> None:
    """Put the rows together; a box without its photo is lost, a landmark without a name is not."""
    groups: dict[str, list[Any]] = {table: [] for table in COLUMNS}
    for row in rows:
        groups[row.table].append(row)
    marks: dict[int, Landmark] = {mark.id: mark for mark in groups["landmarks"]}
    photos: dict[str, Photo] = {photo.path: photo for photo in reversed(groups["photos"])}
    known = {photo.id for photo in photos.values()}
    boxes: list[Box] = [box for box in groups["boxes"] if box.photo_id in known]
    restored.lost["boxes"] += len(groups["boxes"]) - len(boxes)
    restored.lost["photos"] += len(groups["photos"]) - len(photos)
    used = {box.landmark_id for box in boxes} | {p.landmark_id for p in photos.values()} - {None}
    for number in sorted(number for number in used if number is not None and number not in marks):
        marks[number] = _nameless(number)
        restored.unnamed += 1
    by_id = sorted(marks.values(), key=_id), sorted(photos.values(), key=_id)
    restored.project = Project.of([*by_id[0], *by_id[1], *boxes])


def _id(row: Landmark | Photo) -> int:
    return row.id


def _nameless(number: int) -> Landmark:
    name = tr("Landmark {number}", number=number)
    return Landmark(number, name, PALETTE[number % len(PALETTE)], "", number)


def _add_history(restored: Restored, found: Salvaged) -> None:
    """Keep the newest edits that can be read, if they lead back and again to this project."""
    by_number = {edit[0]: edit for edit in found.tables["edits"] if isinstance(edit[3], int)}
    edits = [by_number[number] for number in sorted(by_number)]
    made = []
    for _, kind, changes, undone, _ in reversed(edits):
        try:
            made.append((decode_edit(kind, changes), bool(undone)))
        except FormatError:
            break
    made.reverse()
    done = [edit for edit, undone in made if not undone]
    ways = walked(restored.project, done, [edit for edit, undone in made if undone])
    if ways is None or ways[1] != restored.project:
        restored.history_lost = bool(edits) or "edits" not in found.whole
        return
    restored.edits = edits[len(edits) - len(made) :]
    # One that leads back to an empty project lacks nothing, wherever it was read.
    is_complete = not ways[0].boxes and not ways[0].landmarks
    gathered = "edits" not in found.whole and not is_complete
    restored.history_lost = len(made) < len(edits) or gathered


def _add_settings(
    restored: Restored, found: Salvaged, backup: Backup | None, photos_dir: str
) -> None:
    readable = {}
    for key, text in found.tables["settings"]:
        with suppress(FormatError):
            readable[key] = decode_setting(text)
    defaults = {"photos_dir": photos_dir, "pages": {}}
    for key, is_valid in _SETTINGS.items():
        sources = (readable.get(key), backup and backup.settings.get(key))
        restored.settings[key] = next(filter(is_valid, sources), defaults[key])
    splits = {} if backup is None or "splits" in found.whole else backup.splits
    splits |= {photo: split for photo, split in found.tables["splits"] if isinstance(split, str)}
    photos = restored.project.photos
    restored.splits = {photo: split for photo, split in splits.items() if photo in photos}


def _write(temporary: Path, restored: Restored, path: Path) -> None:
    """Write the project to a file of its own, and check it as any other that is opened."""
    with closing(sqlite3.connect(temporary, isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode = OFF").close()  # half of it would be thrown away
        create_schema(connection)
        connection.execute("BEGIN")
        for row in restored.project.rows():
            _insert(connection, row.table, [values_of(row)])
        _insert(connection, "edits", restored.edits)
        _insert(connection, "splits", restored.splits.items())
        _insert(connection, "settings", map(_as_json, restored.settings.items()))
        connection.execute("COMMIT")
        check_ours(connection, path)


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Iterable[Any]]) -> None:
    for values in map(tuple, rows):
        marks = ", ".join("?" for _ in values)
        connection.execute(f"INSERT INTO {table} VALUES ({marks})", values)


def _as_json(setting: tuple[str, Any]) -> tuple[str, str]:
    return setting[0], json.dumps(setting[1], ensure_ascii=False)


def _report(path: Path, restored: Restored, backup: Backup | None, aside: Path) -> Iterator[str]:
    project = restored.project
    yield tr(
        "{path} was damaged and has been restored: {boxes} boxes, {photos} photos, "
        "{landmarks} landmarks.",
        path=path,
        boxes=len(project.boxes),
        photos=len(project.photos),
        landmarks=len(project.landmarks),
    )
    yield from _what_was_lost(restored)
    if restored.from_backup and backup is not None:
        yield tr(
            "{n} of these entries come from the backup {backup}; look whether you had deleted "
            "any of them since.",
            n=restored.from_backup,
            backup=backup.path.name,
        )
    if restored.newest_unsure:
        yield tr("What you did last may be missing.")
    yield tr("The damaged file was kept as {aside}.", aside=aside)


def _what_was_lost(restored: Restored) -> Iterator[str]:
    project, lost = restored.project, restored.lost
    if n := lost["boxes"]:
        total = len(project.boxes) + n
        yield tr("{n} of {total} boxes could not be read.", n=n, total=total)
    if n := lost["photos"]:
        total = len(project.photos) + n
        yield tr("{n} of {total} photos could not be read.", n=n, total=total)
    if n := lost["landmarks"] + restored.unnamed:
        yield ntr(
            "The name of {n} landmark could not be read; give it a name again.",
            "The names of {n} landmarks could not be read; name them again.",
            n,
        )
    if restored.history_lost:
        yield tr("The history could not be read in full, so undo does not reach back as far.")
