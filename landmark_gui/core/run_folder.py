"""The folder that keeps a training: `NAME.data/runs/<id>`; `<id>.tmp` while it is unfinished."""

from __future__ import annotations

import json
import shutil
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from filelock import BaseFileLock

CONFIG, ENVIRONMENT, DATA, SPLIT = "config.json", "environment.json", "data.json", "split.json"
HISTORY, METRICS, PROBE, ANSWERS = "history.json", "metrics.json", "probe.json", "answers.json"
STATE, NOTES, LOG, LOCK = "state.json", "notes.txt", "log.txt", "lock"
MODEL = "model.landmark-model"
"""A run's own copy of the model that it made."""
CHECKPOINT, TENSORBOARD = "checkpoint", "tensorboard"
"""Folders: what a training goes on from, and the events that TensorBoard reads."""
UNFINISHED = ".tmp"
LONGEST_NOTE = 10_000

RunState = Literal["running", "cancelled", "failed", "diverged"]
"""What an unfinished run says of itself. One that says "running" but is not was interrupted; one
that has "diverged" lost its loss, and would only lose it again."""


class RunFolder:
    """An unfinished run, which this process works on: nobody else does so meanwhile.

    Attributes:
        id: its time (UTC), the name of the folder.
        path: the folder; it changes when the run is finished.
    """

    def __init__(self, path: Path) -> None:
        self.id = path.name.removesuffix(UNFINISHED)
        self.path = path
        self._lock: BaseFileLock | None = _locked(path)

    @classmethod
    def begin(cls, runs: Path) -> RunFolder:
        """Make the folder of a new run. Raises OSError."""
        stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
        path = runs / f"{stamp}{UNFINISHED}"
        path.mkdir(parents=True)
        return cls(path)

    @classmethod
    def reopen(cls, runs: Path, id_: str) -> RunFolder:
        """Go on with an unfinished run.

        Raises:
            TrainingError: if there is none of this name, or another process is at it.
        """
        path = runs / f"{Path(id_).name}{UNFINISHED}"
        if not path.is_dir():
            raise TrainingError(tr("There is no unfinished run {id} in {path}.", id=id_, path=runs))
        return cls(path)

    def write(self, name: str, value: Any) -> None:
        """Keep a JSON document in the run. Raises OSError."""
        write_atomic(self.path / name, json.dumps(value, ensure_ascii=False, indent=1))

    def write_state(self, state: RunState, message: str = "") -> None:
        """Say what has become of the run so far. Raises OSError."""
        self.write(STATE, {"state": state, "message": message})

    def write_log(self, text: str) -> None:
        """Add a line to the log; one that cannot be written is no reason to stop."""
        with suppress(OSError), (self.path / LOG).open("a", encoding="utf-8") as file:
            file.write(f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S} {text}\n")

    def finish(self) -> Path:
        """Give the complete run its final name. What it could be resumed from is let go."""
        shutil.rmtree(self.path / CHECKPOINT, ignore_errors=True)
        for name in (STATE, LOCK):
            if name == LOCK:
                self.release()  # Windows renames no folder with an open file in it
            (self.path / name).unlink(missing_ok=True)
        self.path = self.path.rename(self.path.with_name(self.id))
        return self.path

    def discard(self) -> None:
        """Forget a run in which nothing was learned yet."""
        self.release()
        shutil.rmtree(self.path, ignore_errors=True)

    def release(self) -> None:
        """Let others go on with it."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()


def is_running(path: Path) -> bool:
    """Whether a process works on an unfinished run."""
    from filelock import FileLock, Timeout

    file = path / LOCK
    if file.is_symlink() or not file.exists():
        return False
    lock = FileLock(file, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        return True
    except (OSError, NotImplementedError):  # a drive that cannot be written, or cannot lock
        return False
    lock.release()
    return False


def _locked(path: Path) -> BaseFileLock | None:
    from filelock import FileLock, Timeout

    file = path / LOCK
    if file.is_symlink():  # a stranger's: it would be written through
        file.unlink()
    lock = FileLock(file, timeout=1)  # whoever lists the runs holds it for a moment
    try:
        lock.acquire()
    except Timeout as error:
        raise TrainingError(tr("The run {path} is being worked on already.", path=path)) from error
    except (OSError, NotImplementedError):  # a drive without locks: nobody can know then
        return None
    return lock
