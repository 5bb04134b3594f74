"""Photos from outside: dropped, pasted, folders of them."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QObject, QTemporaryDir, QTimer, Signal
from PySide6.QtGui import QImage

from landmark_gui.core import images
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    FolderMissing,
    LandmarkError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.listing import list_folder
from landmark_gui.core.suffixes import MODEL_SUFFIX
from landmark_gui.gui.pages.classify.list_query import warm
from landmark_gui.gui.widgets.common import ProgressRow
from landmark_gui.jobs.progress_job import ProgressJob
from landmark_gui.jobs.tasks import run_task

SILENT_MS = 500
"""Looking through a folder takes longer than this before it shows progress."""


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders that were dropped or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def expanded(
    paths: Iterable[Path],
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> list[Path]:
    """Files as they are, and of each folder the photos under it. Slow: not for the GUI thread.

    Raises:
        Cancelled: between two folders or files.
    """
    listed: list[tuple[Path, bool]] = []
    for path in paths:
        in_folder = path.is_dir()
        files = _files(path, cancel) if in_folder else [path]
        listed += [(file.absolute(), in_folder) for file in files]
    found = []
    for done, (file, in_folder) in enumerate(listed, 1):
        if cancel():
            raise Cancelled
        if not in_folder or images.is_photo(file):
            found.append(file)
        progress(done, len(listed))
    warm(found)
    return found


def _files(folder: Path, cancel: Cancel) -> list[Path]:
    try:
        return [file.place for file in list_folder(folder, cancel).files]
    except FolderMissing:
        return []


class Intake(QObject):
    """Finds the photos among what it is given, one gift after the other.

    Signals:
        found(list[Path], str): photos, perhaps none, and what to call them if not by their files.
        model_given(Path): a model file was among them.
        failed(Exception)
    """

    found = Signal(object, str)
    model_given = Signal(object)
    failed = Signal(object)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._pasted = PastedPictures()
        self._waiting: deque[list[Path]] = deque()
        self._job = ProgressJob(self)
        self._job.done.connect(self._done)
        self._job.failed.connect(self._failed)
        self.progress = ProgressRow(tr("Looking for photos"), cancellable=True)
        self.progress.hide()
        self.progress.cancelled.connect(self._cancel)
        self._job.progressed.connect(self.progress.set)
        self._silence = QTimer(self, singleShot=True, interval=SILENT_MS)
        self._silence.timeout.connect(self.progress.show)

    def add(self, paths: list[Path]) -> None:
        """Find the photos among files and folders."""
        self._waiting.append(paths)
        if not self._job.running:
            self._next()

    def take(self, data: QMimeData | None) -> bool:
        """Take in what was dropped or pasted; whether there was anything."""
        paths = local_paths(data) if data is not None else []
        models = [path for path in paths if path.suffix == MODEL_SUFFIX]
        photos = [path for path in paths if path.suffix != MODEL_SUFFIX]
        if models:
            self.model_given.emit(models[0])
        if photos:
            self.add(photos)
        elif not models and data is not None and data.hasImage():
            self.keep(QImage(data.imageData()), tr("Pasted picture {n}"))
            return True
        return bool(paths)

    def keep(self, picture: QImage, name: str) -> None:
        """Take in a picture that is no file; `{n}` in its name becomes a number."""
        path, number = self._pasted.reserve()
        work = partial(PastedPictures.write, picture, path)
        called = name.format(n=number)
        run_task(work, lambda _: self.found.emit([path], called), self.failed.emit, owner=self)

    def _next(self) -> None:
        if self._waiting:
            paths = self._waiting.popleft()
            self.progress.start()
            self._silence.start()
            self._job.run(lambda progress, cancel: expanded(paths, progress, cancel))

    def _cancel(self) -> None:
        self._waiting.clear()
        self._job.cancel()

    def _done(self, paths: list[Path]) -> None:
        self._end()
        self.found.emit(paths, "")
        self._next()

    def _failed(self, error: Exception) -> None:
        self._end()
        if not isinstance(error, Cancelled):
            self.failed.emit(error)
        self._next()

    def _end(self) -> None:
        self._silence.stop()
        self.progress.hide()


class PastedPictures:
    """Pictures that are no files as files, which last as long as the program."""

    def __init__(self) -> None:
        self._folder: QTemporaryDir | None = None
        self._count = 0

    def reserve(self) -> tuple[Path, int]:
        """A file for the next picture, and its number."""
        if self._folder is None:
            self._folder = QTemporaryDir()
            application = QCoreApplication.instance()
            assert application is not None
            application.aboutToQuit.connect(self._folder.remove)
        self._count += 1
        return Path(self._folder.filePath(f"picture-{self._count}.png")), self._count

    @staticmethod
    def write(picture: QImage, path: Path) -> None:
        """Slow: not for the GUI thread. Raises LandmarkError."""
        if not picture.save(str(path), quality=100):  # 100: without compression, which is quick
            raise LandmarkError(
                tr("The picture could not be kept in {folder}.", folder=path.parent)
            )
