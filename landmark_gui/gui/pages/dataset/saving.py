"""Saving the crops in the background."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from landmark_gui.core import crops
from landmark_gui.core.crops import CropReport
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.project import Row, Split
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.pages.dataset import overview
from landmark_gui.jobs.tasks import Task, run_task

TICK_MS = 100


@dataclass(frozen=True)
class Saved:
    """Crops that are on the disk, and the splits that they were saved with."""

    report: CropReport
    splits: dict[int, Split]
    out: Path


class CropSaving(QObject):
    """One saving at a time.

    Signals:
        progressed(int, int): crops written, and to be written.
        done(Saved)
        stopped(str): why it did not end well; "" if it was cancelled.
    """

    progressed = Signal(int, int)
    done = Signal(object)
    stopped = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._task: Task[Saved] | None = None
        self._cancel = Event()
        self._progress = (0, 0)
        # Asked now and then: a signal for each of ten thousand crops would crowd the GUI thread.
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(lambda: self.progressed.emit(*self._progress))
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.cancel)

    @property
    def running(self) -> bool:
        return self._task is not None

    def start(
        self,
        rows: list[Row],
        photos_dir: Path,
        choices: Choices,
        kept: Mapping[int, str],
        out: Path,
    ) -> None:
        """Save the crops of a snapshot of a project to the folder `out`."""
        cancel = self._cancel = Event()
        self._progress = (0, 0)

        def work() -> Saved:
            planned = overview.plan(rows, photos_dir, choices, kept)
            report = crops.export(planned.crops, choices.files, out, self._note, cancel.is_set)
            return Saved(report, planned.splits, out)

        self._task = run_task(work, self._done, self._stopped, owner=self)
        self._tick.start()

    def cancel(self) -> None:
        """Stop after the photos at work; `stopped` follows."""
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

    def _done(self, saved: Saved) -> None:
        self._end()
        self.done.emit(saved)

    def _stopped(self, error: Exception) -> None:
        self._end()
        self.stopped.emit("" if isinstance(error, Cancelled) else str(error))
