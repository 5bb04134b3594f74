"""What the program writes about itself: where, how much of it, and how it is read again."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import IO

WINDOW_LOG = "landmark-gui.log"
LOG_BYTES = 500_000
"""Of the window's log; two older ones are kept beside it."""
WORKER_LOG_BYTES = 5_000_000
"""Of what a process prints: whoever prints more than that has nothing new to say."""
_TAIL_BYTES = 64_000


def log_folder() -> Path:
    """The platform's folder for our logs; `logs` below `LANDMARK_GUI_SETTINGS` if that is set."""
    override = os.environ.get("LANDMARK_GUI_SETTINGS")
    if override:
        return Path(override, "logs")
    from platformdirs import user_log_path

    return user_log_path("Landmark GUI", appauthor=False)


def window_log() -> Path:
    """Where the window writes warnings and tracebacks."""
    return log_folder() / WINDOW_LOG


def begin(path: Path) -> IO[bytes]:
    """An empty log at `path`, to append to; the one before is kept as `NAME.1`.

    Raises:
        OSError: if it cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with suppress(OSError):  # there is none yet, or another process still has it open
        path.replace(path.with_name(f"{path.name}.1"))
    path.write_bytes(b"")
    return path.open("ab", buffering=0)


def bound(log: IO[bytes], limit: int = WORKER_LOG_BYTES) -> None:
    """Empty a log that got longer than `limit`, though another process writes into it, too."""
    with suppress(OSError):
        if os.fstat(log.fileno()).st_size > limit:
            log.truncate(0)
            log.seek(0)


def tail(path: Path, lines: int) -> str:
    """The last lines of a log, or why it cannot be read."""
    try:
        with path.open("rb") as file:
            file.seek(max(file.seek(0, os.SEEK_END) - _TAIL_BYTES, 0))
            text = file.read().decode("utf-8", errors="replace")
    except OSError as error:
        return str(error)
    return "\n".join(text.splitlines()[-lines:])
