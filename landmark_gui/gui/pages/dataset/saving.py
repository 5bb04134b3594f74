"""Saving the crops in the background."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from threading import Event

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from landmark_gui.core.crops import CropReport, export_as, refuse_among_photos
from landmark_gui.core.errors import Cancelled
from landmark_gui.gui.choices import Kind
from landmark_gui.gui.dataset import Dataset
from landmark_gui.jobs.tasks import Task, run_task

TICK_MS = 100


@dataclass(frozen=True)
class Saved:
    """Crops that are on the disk, and the dataset that they are of."""

    report: CropReport
    dataset: Dataset
    kind: Kind
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

    def start(self, dataset: Dataset, out: Path) -> None:
        """Save the crops of a dataset to `out`, as its choices say."""
        cancel = self._cancel = Event()
        self._progress = (0, 0)
        choices = dataset.choices

        def work() -> Saved:
            refuse_among_photos(choices.kind, out, dataset.photos_dir)
            report = export_as(
                choices.kind, dataset.crops, choices.files, out, self._note, cancel.is_set
            )
            return Saved(report, dataset, choices.kind, out)

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
        told = str(error) or type(error).__name__
        self.stopped.emit("" if isinstance(error, Cancelled) else told)
