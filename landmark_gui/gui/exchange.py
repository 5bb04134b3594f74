"""Boxes in and out in other programs' formats: dialogs here, the work off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QObject, Qt, QTimer
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressBar, QProgressDialog

from landmark_gui.core.errors import Cancelled, FormatError, LandmarkError
from landmark_gui.core.formats import FOLDERS, TITLES
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.opening import BOX_SUFFIXES
from landmark_gui.gui.widgets.plain import label, literal
from landmark_gui.jobs.tasks import Task, run_task

if TYPE_CHECKING:
    from landmark_gui.core.errors import Cancel, Progress
    from landmark_gui.core.formats.common import ExportReport, ImportPlan
    from landmark_gui.core.project import Row
    from landmark_gui.gui.document import Document
    from landmark_gui.gui.main_window import MainWindow

WAIT_MS = 1_000
TICK_MS = 100


class Exchange(QObject):
    """Imports and exports boxes of the open document, one job at a time."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._context = window, window.context
        self._task: Task[Any] | None = None
        self._cancel = Event()
        self._progress, self._text = (0, 0), ""
        self._dialog: QProgressDialog | None = None
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_progress)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.cancel)

    def cancel(self) -> None:
        """Ask the job to stop."""
        self._cancel.set()

    def ask_import_file(self) -> None:
        """Let the person choose a file of boxes, and import it."""
        patterns = " ".join(f"*{suffix}" for suffix in BOX_SUFFIXES)
        chosen, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Import boxes"),
            self._photos_folder(),
            tr("Files of boxes ({patterns})", patterns=patterns),
        )
        if chosen:
            self.import_from(Path(chosen))

    def ask_import_folder(self, key: str) -> None:
        """Let the person choose a folder of label files of one format, and import it."""
        title = tr("Import {form} files from a folder", form=TITLES[key])
        chosen = QFileDialog.getExistingDirectory(self._window, title, self._photos_folder())
        if chosen:
            self.import_from(Path(chosen), key)

    def ask_import_dropped(self, path: Path) -> None:
        """Ask whether the boxes of a file that was dropped on the window shall come in."""
        if self._document_to_change() is None:
            return
        answer = QMessageBox.question(
            self._window,
            tr("Import boxes"),
            literal(tr("Import the boxes of {name} into this project?", name=path.name)),
        )
        if answer == QMessageBox.StandardButton.Yes:
            self.import_from(path)

    def import_from(self, path: Path, key: str | None = None) -> None:
        """Add the boxes of a file or folder to the document as one edit.

        Args:
            key: the format; without it, it is found from what the file holds.
        """
        document = self._document_to_change()
        if document is None or self._task is not None:
            return
        changed = _Changed(document)
        done = partial(self._imported, document, changed, lambda: self.import_from(path, key))
        self._start(
            partial(_plan, key, path, list(document.project.rows()), document.photos_dir),
            done,
            tr("Importing boxes from {name}…", name=path.name),
        )

    def ask_export(self, key: str) -> None:
        """Let the person choose where the boxes go, and export them."""
        document = self._context.document
        if document is None:
            return
        title = tr("Export boxes as {form}", form=TITLES[key])
        suffix = ".csv" if key == "csv" else ".json"
        if key in FOLDERS:
            chosen = QFileDialog.getExistingDirectory(self._window, title, str(document.photos_dir))
        else:
            chosen, _ = QFileDialog.getSaveFileName(
                self._window,
                title,
                str(document.path.with_suffix(suffix)),
                f"{TITLES[key]} (*{suffix})",
            )
        if chosen:
            path = Path(chosen)
            self.export_to(key, path if key in FOLDERS else _with_suffix(path, suffix))

    def export_to(self, key: str, path: Path) -> None:
        """Write the boxes of the document to a file or folder."""
        document = self._context.document
        if document is None or self._task is not None:
            return
        self._start(
            partial(_write, key, path, list(document.project.rows()), document.photos_dir),
            partial(self._exported, path),
            tr("Exporting boxes to {name}…", name=path.name),
        )

    def _document_to_change(self) -> Document | None:
        document = self._context.document
        if document is None:
            self._window.show_message(tr("Open a project first: the boxes need photos."), "warning")
        elif document.read_only:
            self._window.show_message(
                tr("{path} is open for reading only.", path=document.path), "warning"
            )
            return None
        return document

    def _photos_folder(self) -> str:
        return "" if self._context.document is None else str(self._context.document.photos_dir)

    def _start(self, work: Callable[..., Any], on_done: Callable[..., Any], text: str) -> None:
        self._cancel, self._progress, self._text = Event(), (0, 0), text
        dialog = QProgressDialog("", tr("Cancel"), 0, 0, self._window)
        dialog.setLabel(label(text))
        dialog.setWindowTitle(tr("Boxes"))
        dialog.setWindowModality(Qt.WindowModality.WindowModal)
        QTimer.singleShot(WAIT_MS, dialog, dialog.show)
        dialog.canceled.connect(self._cancel.set)
        self._bar = QProgressBar()  # set by itself: `dialog.setValue` would run other events
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        dialog.setMinimumWidth(360)
        dialog.setBar(self._bar)
        self._dialog = dialog
        self._tick.start()
        job = partial(work, self._note, self._cancel.is_set)
        self._task = run_task(job, partial(self._end, on_done), self._failed, owner=self)

    def _note(self, done: int, total: int) -> None:
        self._progress = (done, total)

    def _show_progress(self) -> None:
        done, total = self._progress
        if self._dialog is not None and not self._cancel.is_set():
            self._bar.setMaximum(total)
            self._bar.setValue(done)
            count = tr("{done} of {total}", done=done, total=total) if total else ""
            self._dialog.setLabelText(f"{self._text}\n{count}")

    def _end(self, on_done: Callable[[Any], Any], result: Any) -> None:
        self._close_dialog()
        on_done(result)

    def _close_dialog(self) -> None:
        self._tick.stop()
        self._task = None
        if self._dialog is not None:
            self._dialog.canceled.disconnect()
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None

    def _failed(self, error: Exception) -> None:
        self._close_dialog()
        if isinstance(error, Cancelled):
            self._window.show_message(tr("Stopped."))
        elif isinstance(error, LandmarkError):
            self._window.show_message(str(error), "warning")
        else:
            raise error

    def _imported(
        self, document: Document, changed: _Changed, again: Callable[[], None], plan: ImportPlan
    ) -> None:
        if self._context.document is not document:
            return
        if changed:  # the person went on meanwhile: what was planned may not fit any more
            again()
            return
        document.do(plan.edit)
        text = ntr("{n} box was imported.", "{n} boxes were imported.", plan.boxes)
        if plan.left_out:
            text += " " + ntr("{n} was left out.", "{n} were left out.", plan.left_out)
        self._report(text, plan.problems)
        if plan.pins.changes:
            self._offer_pins(document, plan, text)

    def _offer_pins(self, document: Document, plan: ImportPlan, text: str) -> None:
        """Splits of a file may lack a test, so they are taken over only if that is wanted."""
        count = len(plan.pins.changes)
        named = ntr(
            "The file also says in which split {n} photo stands.",
            "The file also says in which split {n} photos stand.",
            count,
        )
        pin = partial(self._pin, document, plan)
        level = "warning" if plan.problems else "info"
        self._window.show_message(f"{text} {named}", level, tr("Pin them there"), pin)

    def _pin(self, document: Document, plan: ImportPlan) -> None:
        if self._context.document is not document:
            return
        from landmark_gui.core.split_names import pinned_now  # the first window waits for less

        edit = pinned_now(document.project, plan.pins)
        document.do(edit)
        text = ntr("{n} photo pinned.", "{n} photos pinned.", len(edit.changes))
        self._report(text, plan.pin_problems)

    def _exported(self, path: Path, report: ExportReport) -> None:
        text = ntr(
            "{n} box was written to {path}.",
            "{n} boxes were written to {path}.",
            report.boxes,
            path=path,
        )
        self._report(text, report.problems)

    def _report(self, text: str, problems: list[str]) -> None:
        self._window.show_message(text, "warning" if problems else "info")
        if problems:
            from landmark_gui.gui.widgets.report import ReportDialog

            ReportDialog(tr("Not everything fits"), text, problems, self._window).open()


def _plan(
    key: str | None,
    path: Path,
    rows: list[Row],
    photos_dir: Path,
    progress: Progress,
    cancel: Cancel,
) -> ImportPlan:
    from landmark_gui.core.formats.registry import detect, import_boxes
    from landmark_gui.core.project import Project

    key = key or detect(path)
    if key is None:
        raise FormatError(tr("{path} holds no boxes in a form that is known here.", path=path))
    return import_boxes(key, path, Project.of(rows), photos_dir, progress, cancel)


def _write(
    key: str, path: Path, rows: list[Row], photos_dir: Path, progress: Progress, cancel: Cancel
) -> ExportReport:
    from landmark_gui.core.formats.registry import export_boxes
    from landmark_gui.core.project import Project

    return export_boxes(key, path, Project.of(rows), photos_dir, progress, cancel)


def _with_suffix(path: Path, suffix: str) -> Path:
    """`path` with `suffix` if none was typed, and no other file has that name."""
    longer = path.with_name(path.name + suffix)
    return path if path.suffix or longer.exists() else longer


class _Changed:
    """True once the document was edited, or its photos changed, after this was made."""

    def __init__(self, document: Document) -> None:
        self._yes = False
        document.edited.connect(self._note)
        document.photos_changed.connect(self._note)

    def __bool__(self) -> bool:
        return self._yes

    def _note(self, *_: object) -> None:
        self._yes = True
