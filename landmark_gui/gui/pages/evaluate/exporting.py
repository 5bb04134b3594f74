"""The report of an evaluation as a file that the person chooses."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QFileDialog, QWidget

from landmark_gui.core.errors import Cancel, Cancelled, FormatError, Progress
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import free_path
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.evaluate.asking import Asked
from landmark_gui.jobs.progress_job import ProgressJob

HTML, CSV, JSON = ".html", ".csv", ".json"


class Exporting(QObject):
    """Asks for a file and writes it in the background.

    Signals:
        begun(): pictures are being cut.
        progressed(int, int): photos done, and all.
        written(Path)
        stopped(str): why nothing was written; "" if the person cancelled.
    """

    begun = Signal()
    progressed = Signal(int, int)
    written = Signal(object)
    stopped = Signal(str)

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._job = ProgressJob(self)
        self._job.progressed.connect(self.progressed)
        self._job.done.connect(self.written)
        self._job.failed.connect(self._failed)
        self.cancel, self.abandon = self._job.cancel, self._job.abandon

    @property
    def running(self) -> bool:
        return self._job.running

    def at_end(self) -> str:
        """What becomes of it if the program ends."""
        said = tr("The evaluation is being exported. Nothing of the export is left.")
        return said if self.running else ""

    def ask(self, document: Document, asked: Asked) -> None:
        """Let the person choose a file; its name says what is written."""
        kinds = (
            tr("Report with pictures") + f" (*{HTML})",
            tr("Table, a row for each example") + f" (*{CSV})",
            tr("All figures") + f" (*{JSON})",
        )
        name = tr("evaluation") + f"-{asked.made:%Y-%m-%d-%H%M}{HTML}"
        start = str(document.path.with_name(name))
        chosen, kind = QFileDialog.getSaveFileName(
            self._owner, tr("Export the evaluation"), start, ";;".join(kinds)
        )
        if chosen:
            path = Path(chosen)
            if path.suffix.lower() not in (HTML, CSV, JSON):
                suffixes = dict(zip(kinds, (HTML, CSV, JSON), strict=True))
                path = free_path(path.with_name(path.name + suffixes.get(kind, HTML)))
            self.export(document, asked, path)

    def export(self, document: Document, asked: Asked, path: Path) -> None:
        """Write what the suffix says: the report (.html), the table (.csv), all figures (.json)."""
        self._job.run(partial(_write, path, document.name, document.photos_dir, asked))
        self.begun.emit()

    def open(self, path: Path) -> bool:
        """Show a file in the program that the system has for it."""
        return QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))

    def _failed(self, error: Exception) -> None:
        self.stopped.emit("" if isinstance(error, Cancelled) else str(error))


def _write(
    path: Path, project: str, photos_dir: Path, asked: Asked, progress: Progress, cancel: Cancel
) -> Path:
    from landmark_gui.core.evaluation import report
    from landmark_gui.core.evaluation.html_report import About, write_html

    report.check_place(path, photos_dir)
    try:
        if path.suffix.lower() == CSV:
            report.write_csv(path, asked.evaluation)
        elif path.suffix.lower() == JSON:
            report.write_json(path, asked.evaluation)
        else:
            earlier = asked.comparison
            name = earlier.earlier.name if earlier is not None else ""
            changes = earlier.changes if earlier is not None else None
            about = About(project, asked.made, name, changes)
            write_html(path, asked.evaluation, about, progress, cancel)
    except OSError as error:
        detail = error.strerror or error
        raise FormatError(
            tr("{path} could not be written: {detail}", path=path, detail=detail)
        ) from error
    return path
