"""One long job off the GUI thread that tells how far it is and can be cancelled."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event
from typing import Any

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from landmark_gui.core.errors import Cancel, Progress
from landmark_gui.jobs.tasks import Task, run_task

TICK_MS = 100


class ProgressJob(QObject):
    """One job at a time; it is asked to stop when the program ends.

    Signals:
        progressed(int, int): how much is done, and of how much.
        done(Any): what the job returned.
        failed(Exception): `Cancelled` among them.
    """

    progressed = Signal(int, int)
    done = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: Task[Any] | None = None
        self._cancel, self._progress = Event(), (0, 0)
        # Asked now and then: a signal for each of ten thousand crops would crowd the GUI thread.
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(lambda: self.progressed.emit(*self._progress))
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.cancel)

    @property
    def running(self) -> bool:
        return self._task is not None

    def run(self, work: Callable[[Progress, Cancel], Any], total: int = 0) -> None:
        """Do `work(progress, cancel)`; `done` or `failed` follows.

        Args:
            total: of what is to be done, as far as it is known.
        """
        cancel = self._cancel = Event()
        self._progress = (0, total)
        self._task = run_task(
            lambda: work(self._note, cancel.is_set), self._done, self._failed, owner=self
        )
        self._tick.start()

    def cancel(self) -> None:
        """Ask the job to stop, which it does between two files; `done` or `failed` follows."""
        self._cancel.set()

    def abandon(self) -> None:
        """Stop, and never tell: the project is gone."""
        self.cancel()
        if self._task is not None:
            self._task.cancel()
            self._end()

    def _note(self, done: int, total: int) -> None:
        self._progress = (done, total)

    def _end(self) -> None:
        self._task = None
        self._tick.stop()

    def _done(self, result: Any) -> None:
        self._end()
        self.done.emit(result)

    def _failed(self, error: Exception) -> None:
        self._end()
        self.failed.emit(error)
