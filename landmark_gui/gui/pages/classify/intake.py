"""Photos from outside: dropped, pasted, folders of them."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QMimeData, QTemporaryDir
from PySide6.QtGui import QImage

from landmark_gui.core import scan
from landmark_gui.core.errors import LandmarkError
from landmark_gui.core.i18n import tr
from landmark_gui.gui.pages.classify.list_query import warm

MODEL_SUFFIX = ".landmark-model"
PROJECT_SUFFIX = ".landmarks"


def local_paths(data: QMimeData) -> list[Path]:
    """The files and folders that were dropped or copied."""
    return [Path(url.toLocalFile()) for url in data.urls() if url.isLocalFile()]


def expanded(paths: Iterable[Path]) -> list[Path]:
    """Files as they are, and of each folder the photos under it. Slow: not for the GUI thread."""
    found = [
        path.absolute()
        for given in paths
        for path in (scan.find_photos(given) if given.is_dir() else [given])
    ]
    warm(found)
    return found


class PastedPictures:
    """Pictures from the clipboard as files, which last as long as the program."""

    def __init__(self) -> None:
        self._folder: QTemporaryDir | None = None
        self._count = 0

    def reserve(self) -> tuple[Path, str]:
        """A file for the next picture, and what to call it."""
        if self._folder is None:
            self._folder = QTemporaryDir()
            application = QCoreApplication.instance()
            assert application is not None
            application.aboutToQuit.connect(self._folder.remove)
        self._count += 1
        name = tr("Pasted picture {n}", n=self._count)
        return Path(self._folder.filePath(f"pasted-{self._count}.png")), name

    @staticmethod
    def write(picture: QImage, path: Path) -> None:
        """Slow: not for the GUI thread. Raises LandmarkError."""
        if not picture.save(str(path), quality=100):  # 100: without compression, which is quick
            raise LandmarkError(
                tr("The picture could not be kept in {folder}.", folder=path.parent)
            )
