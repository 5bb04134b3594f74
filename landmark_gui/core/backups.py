"""Copies of a project in `NAME.data/backups`: taken while it is open, checked, a few kept."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path

from landmark_gui.core.atomic import replacing
from landmark_gui.core.database import connect
from landmark_gui.core.errors import FormatError, ProjectError
from landmark_gui.core.faults import UNREADABLE, speaking
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder

KEEP, DAYS = 5, 7
"""The newest copies that stay, and of how many days the newest one."""
EVERY_EDITS, EVERY_SECONDS = 200, 600.0
"""A copy is due after so many edits, or so long after the one before."""

_NAME = re.compile(r"(?P<stem>.+)-(?P<time>(?P<day>\d{4}-\d\d-\d\d)-\d{6}|\d{8})")


def take(connection: sqlite3.Connection, path: Path) -> Path:
    """Copy the open project `path` to a file named after this moment.

    A copy with the same edits takes the place of the newest one, so that opening a project
    often does not push the older ones out.

    Returns:
        The copy.

    Raises:
        ProjectError: if it cannot be written; no half of it stays.
    """
    folder = folder_of(path)
    with speaking(path):
        if folder.is_symlink():
            raise ProjectError(tr("{folder} leads elsewhere: move it away.", folder=folder))
        newest = next(iter(copies(path)), None)
        target = folder / f"{path.stem}-{datetime.now():%Y-%m-%d-%H%M%S}{path.suffix}"
        with replacing(target) as temporary, closing(sqlite3.connect(temporary)) as copy:
            connection.backup(copy)
            _check(copy)
        if newest not in (None, target) and edits_of(connection) == edits_in(newest):
            newest.unlink()
        _remove(path, superfluous(own for own in copies(path) if _is_own(own, path)))
    return target


def folder_of(path: Path) -> Path:
    return data_folder(path) / "backups"


def copies(path: Path) -> list[Path]:
    """The backups of a project, newest first, also those of before it was renamed."""
    folder = folder_of(path)
    if folder.is_symlink() or not folder.is_dir():
        return []
    named = (copy for copy in folder.iterdir() if copy.suffix == path.suffix)
    plain = (copy for copy in named if copy.is_file() and not copy.is_symlink())
    return sorted(filter(_time, plain), key=_time, reverse=True)


def superfluous(newest_first: Iterable[Path]) -> list[Path]:
    """The copies that are neither among the newest nor the newest of one of the last days."""
    ordered, day_of = list(newest_first), {}
    for copy in reversed(ordered):
        match = _NAME.fullmatch(copy.stem)
        day_of[match and match["day"]] = copy
    days = sorted(day_of.values(), key=_time, reverse=True)[:DAYS]
    return [copy for copy in ordered[KEEP:] if copy not in days]


def _time(copy: Path) -> str:
    """When a copy was made by its name, "" if it is none. Numbers are from an older version."""
    match = _NAME.fullmatch(copy.stem)
    if match is None:
        return ""
    return match["time"] if match["day"] else f"0 {match['time']}"


def _is_own(copy: Path, path: Path) -> bool:
    match = _NAME.fullmatch(copy.stem)
    return match is not None and match["stem"] == path.stem


def _remove(path: Path, old: Iterable[Path]) -> None:
    cut_short = folder_of(path).glob(".*")  # what a crash left half written
    for copy in [*old, *(file for file in cut_short if file.name.startswith(f".{path.stem[:39]}"))]:
        copy.unlink()


def _check(copy: sqlite3.Connection) -> None:
    problem = copy.execute("PRAGMA integrity_check(1)").fetchone()[0]
    if problem != "ok":
        raise FormatError(problem)


def edits_of(connection: sqlite3.Connection) -> tuple[int, int]:
    """The number of the last edit and how many are undone: equal where the edits are."""
    query = "SELECT coalesce(max(id), 0), coalesce(sum(undone), 0) FROM edits"
    last, undone = connection.execute(query).fetchone()
    return last, undone


def edits_in(copy: Path) -> tuple[int, int] | None:
    with suppress(*UNREADABLE), closing(connect(copy, "ro")) as connection:
        return edits_of(connection)
    return None
