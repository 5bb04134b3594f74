"""One writer at a time for a project, across processes."""

from __future__ import annotations

import errno
import json
import os
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import ProjectError
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder

if TYPE_CHECKING:
    from filelock import BaseFileLock

_NO_LOCKS = (errno.ENOSYS, errno.ENOLCK, errno.ENOTSUP, errno.EOPNOTSUPP)


class ProjectLockedError(ProjectError):
    """The project cannot be had for writing now; it can still be read."""


class ProjectLock:
    """The right to write a project. The system frees it if the process dies."""

    def __init__(self, lock: BaseFileLock, holder: Path) -> None:
        self._lock = lock
        self._holder = holder

    @classmethod
    def acquire(cls, project: Path) -> ProjectLock:
        """Take the lock without waiting.

        Raises:
            ProjectLockedError: if another process holds it; the text says which. Also if the
                drive cannot lock.
            OSError: if the data folder cannot be written.
        """
        from filelock import FileLock, Timeout  # kept off the path to the first window

        folder = data_folder(project)
        folder.mkdir(parents=True, exist_ok=True)
        holder = folder / "lock.json"
        file = folder / "lock"
        if file.is_symlink():  # a stranger's: it would be written through
            file.unlink()
        lock = FileLock(file, timeout=0)
        try:
            lock.acquire()
        except Timeout as error:
            raise ProjectLockedError(
                tr("{path} is open in {holder}.", path=project, holder=_who(holder))
            ) from error
        except (OSError, NotImplementedError) as error:
            if isinstance(error, OSError) and error.errno not in _NO_LOCKS:
                raise
            raise ProjectLockedError(
                tr(
                    "{path} lies on a drive that cannot lock files, so two windows could write "
                    "it at once. Copy it to another drive.",
                    path=project,
                )
            ) from error
        with suppress(OSError):  # it only serves the message above; a full disk must not matter
            who = {"pid": os.getpid(), "host": socket.gethostname()}
            write_atomic(holder, json.dumps(who))
        return cls(lock, holder)

    def release(self) -> None:
        with suppress(OSError):
            self._holder.unlink()
        self._lock.release()


def _who(holder: Path) -> str:
    try:
        info = json.loads(holder.read_bytes()[:1000])
        pid, host = int(info["pid"]), str(info["host"])[:60]
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return tr("another window")
    return tr("another window (process {pid} on {host})", pid=pid, host=host)
