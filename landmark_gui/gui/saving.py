"""Writes to the project file in order, on a thread of their own, and keeps trying."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from landmark_gui.core.errors import LandmarkError
from landmark_gui.jobs.tasks import Task, run_task

RETRY_MS = 3000
_log = logging.getLogger(__name__)
Write = Callable[[], Any]


class SaveQueue(QObject):
    """Runs writes one after the other; a write that fails stays first in line and is retried.

    Args:
        afterwards: called after each write, on its thread; what it returns, if anything, is
            for the person.

    Signals:
        state_changed(str): "saving", "saved" or "failed".
        failed(str): why the newest attempt failed, in a sentence.
        noticed(str): what `afterwards` had to say.
    """

    state_changed = Signal(str)
    failed = Signal(str)
    noticed = Signal(str)

    def __init__(
        self, parent: QObject | None = None, afterwards: Callable[[], str] = lambda: ""
    ) -> None:
        super().__init__(parent)
        self._afterwards = afterwards
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._waiting: deque[Write] = deque()
        self._task: Task[str] | None = None
        self._written_to_disk = False
        self._then: list[Callable[[], Any]] = []
        self._retry = QTimer(self, singleShot=True)
        self._retry.timeout.connect(self._next)
        self.state = "saved"

    def add(self, write: Write) -> None:
        """Queue `write`; it may raise LandmarkError or OSError, and is then tried again."""
        self._waiting.append(write)
        self._next()

    def when_saved(self, callback: Callable[[], Any]) -> None:
        """Call `callback` once nothing waits to be written, which may be at once."""
        if self._waiting:
            self._then.append(callback)
        else:
            callback()

    def retry(self) -> None:
        """Try at once what failed before."""
        self._next()

    def finish(self, timeout_ms: int = 10_000) -> bool:
        """Run what is left, waiting at most `timeout_ms`; False if something stays unsaved.

        For the end of the program: it blocks the calling thread. What stays unsaved is kept,
        and `retry` tries it again.
        """
        self._then.clear()  # whoever waits for that wanted to go on, not to end
        if not self._pool.waitForDone(timeout_ms):
            return False  # a second write beside the one that hangs would only do harm
        if self._task is not None:
            self._task.cancel()  # its callback would come too late
            self._task = None
            if self._written_to_disk:
                self._waiting.popleft()
        while self._waiting:
            try:
                self._waiting[0]()
            except (LandmarkError, OSError) as error:
                self._not_written(error)
                return False
            self._waiting.popleft()
        self._set_state("saved")
        return True

    def give_up(self) -> None:
        """Forget what is left."""
        self._retry.stop()
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _next(self) -> None:
        if self._task is not None or not self._waiting:
            return
        self._written_to_disk = False
        self._set_state("saving")
        self._task = run_task(
            self._write_first, self._written, self._not_written, pool=self._pool, owner=self
        )

    def _write_first(self) -> str:
        self._waiting[0]()
        self._written_to_disk = True
        try:
            return self._afterwards()
        except Exception:  # what is written is written: it must not be tried again
            _log.exception("What follows a write failed")
            return ""

    def _written(self, notice: str) -> None:
        self._task = None
        self._waiting.popleft()
        if notice:
            self.noticed.emit(notice)
        if self._waiting:
            self._next()
        else:
            self._set_state("saved")

    def _not_written(self, error: Exception) -> None:
        self._task = None
        self._set_state("failed")
        self.failed.emit(str(error))
        self._retry.start(RETRY_MS)

    def _set_state(self, state: str) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
        if state == "saved":
            callbacks, self._then = self._then, []
            for callback in callbacks:
                callback()
