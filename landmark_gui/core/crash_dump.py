"""A file that Python fills if the process dies of a signal, and that the next start finds."""

from __future__ import annotations

import faulthandler
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

LAST = "last-crash.txt"
_STALE_SECONDS = 30 * 24 * 3600
"""So old an empty file is of a process that was killed, which says nothing of itself."""


@dataclass(frozen=True)
class Crash:
    """How the program ended before.

    Attributes:
        text: the Python stack of each thread.
        time: seconds since the epoch.
    """

    text: str
    time: float


class CrashDump:
    """Of this process; each has a file of its own, since several windows may be open."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / f"crash-{os.getpid()}.txt"
        self._file: IO[bytes] | None = None

    def start(self) -> None:
        """From now on a crash leaves a file behind. Without a folder to write to it does not."""
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("wb")
            faulthandler.enable(self._file)

    def end(self) -> None:
        """The process ends in order. (On Windows the file may tell of faults that were handled.)"""
        if self._file is not None:
            faulthandler.disable()
            self._file.close()
            self._file = None
            with suppress(OSError):
                self._path.unlink()


def left_behind(folder: Path) -> Crash | None:
    """The newest crash that was not told yet; its file is kept as `last-crash.txt`."""
    newest: Crash | None = None
    for path in sorted(folder.glob("crash-*.txt"), key=_changed):
        if path.name == f"crash-{os.getpid()}.txt":
            continue
        with suppress(OSError):  # Windows: of a window that is open
            text, when = path.read_text("utf-8", errors="replace"), _changed(path)
            if text:
                path.replace(folder / LAST)
                newest = Crash(text, when)
            elif time.time() - when > _STALE_SECONDS:
                path.unlink()
    return newest


def _changed(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
