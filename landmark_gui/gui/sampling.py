"""A sample project made on request: drawn in the background, then opened."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from landmark_gui.core.errors import Cancelled
from landmark_gui.core.i18n import tr
from landmark_gui.gui.context import AppContext
from landmark_gui.jobs.progress_job import ProgressJob

if TYPE_CHECKING:
    from landmark_gui.core.sample_project.making import Sample

LATEST = "sample.new_photos"
"""The setting that says where the photos are that the newest sample has for the Classify page."""
_KEY = "sample"


class Sampling(QObject):
    """One sample at a time.

    Signals:
        made(Path): the project file of a sample that was drawn.
        failed(str): why none was.
    """

    made = Signal(object)
    failed = Signal(str)

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window
        self._job = ProgressJob(self)
        self._job.progressed.connect(self._tell)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)

    def ask(self) -> None:
        """Let the person choose where the sample is to lie."""
        title = tr("Where shall the sample project lie?")
        chosen = QFileDialog.getExistingDirectory(self._window, title, str(usual_folder()))
        if chosen:
            self.make(Path(chosen))

    def make(self, parent: Path | None = None) -> None:
        """Draw a sample into a new folder inside of `parent`, by default among the pictures."""
        if not self._job.running:
            from landmark_gui.core.sample_project.making import make_sample

            self._job.run(partial(make_sample, parent or usual_folder()))
            self._tell(0, 0)

    def _tell(self, done: int, total: int) -> None:
        text = tr("Drawing the sample photos…")
        if total:
            text = tr("Drawing the sample photos: {done} of {total}", done=done, total=total)
        self._context.activities.show(_KEY, text, cancel=self._job.cancel)

    def _done(self, sample: Sample) -> None:
        self._context.activities.end(_KEY)
        self._context.settings.set(LATEST, str(sample.new_photos))
        self.made.emit(sample.project)

    def _failed(self, error: Exception) -> None:
        self._context.activities.end(_KEY)
        if isinstance(error, Cancelled):
            self._context.status(tr("Cancelled. Nothing was written."))
        else:
            self.failed.emit(str(error))


def usual_folder() -> Path:
    """The person's folder of pictures, or where there is none their home."""
    location = QStandardPaths.StandardLocation.PicturesLocation
    return Path(QStandardPaths.writableLocation(location) or Path.home())
