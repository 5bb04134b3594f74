"""Opening a project to work on it: restored if it is damaged, and backed up."""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from landmark_gui.core import backups
from landmark_gui.core.errors import DamagedError, ForeignError, ProjectError
from landmark_gui.core.i18n import tr
from landmark_gui.core.lock import ProjectLockedError
from landmark_gui.core.project import HistoryEntry, Project
from landmark_gui.core.restore import restore
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.suffixes import PROJECT_SUFFIX
from landmark_gui.core.walk import walked


@dataclass(frozen=True)
class Opened:
    """A project read from disk, ready to become a `Document`."""

    store: ProjectStore
    photos_dir: Path
    project: Project
    done: list[HistoryEntry]
    undone: list[HistoryEntry]
    settings: dict[str, Any]
    splits: dict[int, str]
    notice: str = ""


def read_project(path: Path) -> Opened:
    """Open a project for writing, or for reading if another window writes it.

    A damaged project is restored first; the notice says what was lost. Slow: call it off the
    GUI thread. Raises ProjectError.
    """
    try:
        return _open(path)
    except (DamagedError, ForeignError) as error:
        if isinstance(error, ForeignError) and not backups.copies(path):
            raise  # it never was ours
        notice = restore(path)
        opened = _open(path)
        return replace(opened, notice=f"{notice} {opened.notice}".rstrip())


def _open(path: Path) -> Opened:
    try:
        notice = _why_not_writable(path)
        store = ProjectStore.open(path, read_only=bool(notice))
    except ProjectLockedError as error:
        store = ProjectStore.open(path, read_only=True)
        notice = tr(
            "{error} Here it is open for reading only. To write, open it again afterwards.",
            error=error,
        )
    try:
        opened = _read(store)
    except BaseException:
        store.close()
        raise
    return replace(opened, notice=notice or _back_up(store))


def _why_not_writable(path: Path) -> str:
    for place in (path.parent, path):
        if place.exists() and not os.access(place, os.W_OK):
            return tr(
                "{folder} cannot be written, so the project was opened for reading only.",
                folder=place,
            )
    return ""


def _read(store: ProjectStore) -> Opened:
    done, undone = store.history()
    settings = store.setting("pages", {})
    if not isinstance(settings, dict):
        raise DamagedError(tr("{path} is damaged ({detail}).", path=store.path, detail="pages"))
    project = store.load()
    if walked(project, [e.edit for e in done], [e.edit for e in undone]) is None:
        raise DamagedError(tr("{path} is damaged ({detail}).", path=store.path, detail="edits"))
    project.ordered_photos()  # warms the sort keys: 0.1 s for 10,000 photos
    splits = store.split_assignments()
    return Opened(store, store.photos_dir, project, done, undone, settings, splits)


def _back_up(store: ProjectStore) -> str:
    """A notice if there could be no backup: no reason to keep a person from their work."""
    try:
        if not store.read_only:
            store.backup()
    except ProjectError as error:
        return tr("There is no fresh backup. {error}", error=error)
    return ""


def open_folder(folder: Path, fallback: Path) -> Opened:
    """The project of a folder of photos, made beside the folder if there is none yet.

    The folder itself is never written to. If its parent cannot be written either, the project
    goes to the folder `fallback`. Slow: call it off the GUI thread. Raises ProjectError.
    """
    folder = Path(os.path.normpath(folder.absolute()))  # as the store keeps it, without any ".."
    name = (folder.name or "photos") + PROJECT_SUFFIX
    places = [folder.parent / name, fallback / name]
    for path in places:
        if path.is_file() and _is_project_of(path, folder):
            with suppress(DamagedError):  # of the same name, but nothing of it can be read
                return read_project(path)
    problem = ProjectError(tr("No project could be made for {folder}.", folder=folder))
    for path in places:
        if path.exists():
            continue
        try:
            ProjectStore.create(path, folder).close()
            return read_project(path)
        except ProjectError as error:
            problem = error
    raise problem


def _is_project_of(path: Path, folder: Path) -> bool:
    try:
        with ProjectStore.open(path, read_only=True) as store:
            return store.photos_dir == folder
    except DamagedError:
        return True  # by its name it is; better restored than begun anew beside it
    except ProjectError:
        return False
