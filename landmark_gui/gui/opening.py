"""Opening folders, projects and dropped files; dialogs here, the work off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QMessageBox, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.suffixes import MODEL_SUFFIX, PROJECT_SUFFIX
from landmark_gui.gui.context import AppContext
from landmark_gui.jobs.tasks import run_task

if TYPE_CHECKING:
    from landmark_gui.core.project_opening import Opened

BOX_SUFFIXES = (".csv", ".json", ".xml", ".txt", ".yaml", ".yml")
"""Of files that may hold boxes."""
WAIT_MS = 300
"""Between two looks whether a dialog is closed."""


class Opening(QObject):
    """Asks for a path, reads it in the background and makes it the context's document.

    Signals:
        failed(str): why a path could not be opened.
        model_dropped(Path), photos_dropped(list[Path]): for the Classify page.
        boxes_dropped(Path): a file that may hold boxes for the open project.
    """

    failed = Signal(str)
    model_dropped = Signal(object)
    photos_dropped = Signal(object)
    boxes_dropped = Signal(object)

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self._context, self._window = context, window

    def ask_folder(self) -> None:
        """Let the person choose a folder of photos."""
        chosen = QFileDialog.getExistingDirectory(
            self._window, tr("Open a folder of photos"), self._start_folder()
        )
        if chosen:
            self.open(Path(chosen))

    def ask_project(self) -> None:
        """Let the person choose a project file."""
        chosen, _ = QFileDialog.getOpenFileName(
            self._window,
            tr("Open a project"),
            self._start_folder(),
            tr("Landmark projects (*{suffix})", suffix=PROJECT_SUFFIX),
        )
        if chosen:
            self.open(Path(chosen))

    def ask_photos_folder(self) -> None:
        """Let the person say where the photos of the open project are now."""
        document = self._context.document
        if document is None or document.read_only:
            return
        start = next((p for p in document.photos_dir.parents if p.is_dir()), document.path.parent)
        chosen = QFileDialog.getExistingDirectory(
            self._window, tr("Where are the photos now?"), str(start)
        )
        if chosen:
            self.relocate(Path(chosen))

    def relocate(self, folder: Path) -> None:
        """Take the photos of the open project from `folder`, if some of them are there."""
        from landmark_gui.core.project import Project
        from landmark_gui.core.scan import count_known

        document = self._context.document
        if document is None:
            return
        snapshot = Project(photos=dict(document.project.photos))

        def counted(known: int) -> None:
            if self._context.document is not document:
                return
            if known:
                document.relocate(folder)
            else:
                self.failed.emit(
                    tr(
                        "None of the project's photos is in {folder}. Choose the folder that "
                        "they were moved to.",
                        folder=folder,
                    )
                )

        run_task(
            lambda: count_known(snapshot, folder),
            counted,
            lambda e: self.failed.emit(str(e)),
            owner=self,
        )

    def open(self, path: Path) -> None:
        """Open a folder of photos or a project file."""
        # The store and all that it needs: not before the first window is on the screen.
        from landmark_gui.core.project_opening import open_folder, read_project

        if path.is_dir():
            self._read(lambda: open_folder(path, _documents_folder()), path)
        else:
            self._read(lambda: read_project(path), path)

    def open_given(self, paths: list[Path]) -> None:
        """Open what the person double-clicked; not beneath a dialog, which is answered first."""
        if QApplication.activeModalWidget() is not None:
            name = paths[0].name
            self._context.status(tr("{name} is opened once the dialog is closed.", name=name))
            QTimer.singleShot(WAIT_MS, self, partial(self.open_given, paths))
        elif not self._take(paths):
            self.open(paths[0])  # which says what is wrong with it

    def open_dropped(self, paths: list[Path]) -> None:
        """Do the sensible thing with files and folders dropped on the window."""
        if paths and not self._take(paths):
            self.failed.emit(
                tr(
                    "{name} is neither a photo, a folder, a project nor a model.",
                    name=paths[0].name,
                )
            )

    def _take(self, paths: list[Path]) -> bool:
        """Open what `paths` are, the most telling ones first; False if nobody knows them."""
        from landmark_gui.core import images

        photos = [path for path in paths if path.is_file() and images.is_photo(path)]
        first = next((p for p in paths if p.is_dir() or p.suffix == PROJECT_SUFFIX), None)
        model = next((path for path in paths if path.suffix == MODEL_SUFFIX), None)
        boxes = next((path for path in paths if path.suffix.lower() in BOX_SUFFIXES), None)
        if first is not None:
            self.open(first)
        elif model is not None:
            self.model_dropped.emit(model)
        elif photos:
            self.photos_dropped.emit(photos)
        elif boxes is not None:
            self.boxes_dropped.emit(boxes)
        return any((first, model, photos, boxes))

    def close_document(self) -> bool:
        """Save and close the open document; False if the person rather keeps it open."""
        document = self._context.document
        if document is None:
            return True
        if not document.close():
            if not self._really_close():
                return False
            document.close(discard=True)
        self._context.set_document(None)
        document.deleteLater()
        return True

    def _read(self, read: Callable[[], Opened], path: Path) -> None:
        self._context.activities.show("open", tr("Opening {path}…", path=path))
        run_task(read, self._opened, self._not_opened, owner=self)

    def _opened(self, opened: Opened) -> None:
        from landmark_gui.gui.document import Document

        self._context.activities.end("open")
        if self._is_shown_already(opened) or not self.close_document():
            opened.store.close()
            return
        document = Document(opened)
        self._context.settings.remember_project(document.path)
        self._context.set_document(document)
        document.start_scan()

    def _is_shown_already(self, opened: Opened) -> bool:
        """Whether nothing is gained; a project that is shown read-only may be had for writing."""
        current = self._context.document
        if current is None or current.path != opened.store.path:
            return False
        return opened.store.read_only or not current.read_only

    def _not_opened(self, error: Exception) -> None:
        self._context.activities.end("open")
        self.failed.emit(str(error))

    def _really_close(self) -> bool:
        answer = QMessageBox.warning(
            self._window,
            tr("Some changes are not saved"),
            tr("The newest changes could not be written. Close and lose them?"),
            QMessageBox.StandardButton.Close | QMessageBox.StandardButton.Cancel,
            QMessageBox.StandardButton.Cancel,
        )
        return answer == QMessageBox.StandardButton.Close

    def _start_folder(self) -> str:
        recent = next(self._context.settings.recent_projects(), None)
        return str(recent.parent) if recent else _pictures_folder()


def _documents_folder() -> Path:
    location = QStandardPaths.StandardLocation.DocumentsLocation
    return Path(QStandardPaths.writableLocation(location)) / "Landmark GUI"


def _pictures_folder() -> str:
    return QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
