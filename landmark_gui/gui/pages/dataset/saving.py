"""Saving the crops in the background."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.crops import CropReport, export_as, refuse_among_photos
from landmark_gui.core.errors import Cancel, Cancelled, Progress
from landmark_gui.core.i18n import tr
from landmark_gui.gui.choices import Kind
from landmark_gui.gui.dataset import Dataset
from landmark_gui.jobs.progress_job import ProgressJob


@dataclass(frozen=True)
class Saved:
    """Crops that are on the disk, and the dataset that they are of."""

    report: CropReport
    dataset: Dataset
    kind: Kind
    out: Path


class CropSaving(ProgressJob):
    """One saving at a time; what is done is a `Saved`.

    Signals:
        stopped(str): why it did not end well; "" if it was cancelled.
    """

    stopped = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.failed.connect(self._stopped)

    def start(self, dataset: Dataset, out: Path) -> None:
        """Save the crops of a dataset to `out`, as its choices say."""
        choices = dataset.choices

        def work(progress: Progress, cancel: Cancel) -> Saved:
            refuse_among_photos(choices.kind, out, dataset.photos_dir)
            report = export_as(choices.kind, dataset.crops, choices.files, out, progress, cancel)
            return Saved(report, dataset, choices.kind, out)

        self.run(work)

    def at_end(self) -> str:
        """What becomes of the saving if the program ends."""
        said = tr("Crops are being saved. The next saving goes on with those that are missing.")
        return said if self.running else ""

    def _stopped(self, error: Exception) -> None:
        told = str(error) or type(error).__name__
        self.stopped.emit("" if isinstance(error, Cancelled) else told)
