"""One writer at a time for a project, across processes."""

from __future__ import annotations

import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core.errors import ProjectError
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder

if TYPE_CHECKING:
    from filelock import BaseFileLock


class ProjectLockedError(ProjectError):
    """Another process has the project open for writing."""


class ProjectLock:
    """The right to write a project. The system frees it if the process dies."""

    def __init__(self, lock: BaseFileLock, holder: Path) -> None:
        self._lock = lock
        self._holder = holder

    @classmethod
    def acquire(cls, project: Path) -> ProjectLock:
        """Take the lock without waiting.

        Raises:
            ProjectLockedError: if another process holds it; the text says which.
            OSError: if the data folder cannot be written.
        """
        from filelock import FileLock, Timeout  # kept off the path to the first window

        folder = data_folder(project)
        folder.mkdir(parents=True, exist_ok=True)
        holder = folder / "lock.json"
        lock = FileLock(folder / "lock", timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise ProjectLockedError(
                tr("{path} is open in {holder}.", path=project, holder=_who(holder))
            ) from error
        with suppress(OSError):  # it only serves the message above; a full disk must not matter
            who = {"pid": os.getpid(), "host": socket.gethostname()}
            holder.write_text(json.dumps(who), "utf-8")
        return cls(lock, holder)

    def release(self) -> None:
        with suppress(OSError):
            self._holder.unlink()
        self._lock.release()


def _who(holder: Path) -> str:
    try:
        info = json.loads(holder.read_text("utf-8"))
        return tr(
            "another window (process {pid} on {host})",
            pid=info["pid"],
            host=info["host"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return tr("another window")
