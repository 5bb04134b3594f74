"""Photos decoded off the GUI thread, the newest request first, with a small memory."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from landmark_gui.core import images
from landmark_gui.core.errors import LandmarkError
from landmark_gui.jobs.tasks import NewestFirst

PREVIEW_SIDE = 2048
"""Longest side of the first decode: sharp for a whole view on most screens."""
_REMEMBERED = 6


def read_image(path: Path, max_side: int | None = None) -> QImage:
    """Decode a photo in its EXIF orientation. Slow: not for the GUI thread.

    Args:
        max_side: longest side of the result in pixels; None keeps the full size.

    Raises:
        ImageError: with the reason in plain words.
    """
    photo = images.load(path, max_side)
    width, height = photo.size
    rgb = QImage(photo.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return rgb.convertToFormat(QImage.Format.Format_RGB32)  # a copy, and quick to paint


class PhotoLoader(QObject):
    """Loads the photo on show, and the next one before it is asked for.

    Signals:
        loaded(Path, QImage): the photo, its longest side at most `PREVIEW_SIDE`.
        fine_loaded(Path, QImage): the photo at full size.
        failed(Path, str): why it cannot be shown, in plain words.
    """

    loaded = Signal(object, QImage)
    fine_loaded = Signal(object, QImage)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue = NewestFirst(self, limit=3)
        self._remembered: OrderedDict[Path, QImage] = OrderedDict()

    def load(self, path: Path) -> None:
        """Ask for a photo; `loaded` or `failed` follows, at once if it is remembered."""
        image = self._remembered.get(path)
        if image is not None:
            self._remembered.move_to_end(path)
            self.loaded.emit(path, image)
            return
        done, failed = partial(self._done, path), partial(self._failed, path)
        self._queue.submit(path, partial(read_image, path, PREVIEW_SIDE), done, failed)

    def prefetch(self, path: Path) -> None:
        """Load a photo that will probably be asked for next."""
        if path not in self._remembered and path not in self._queue:
            self.load(path)

    def load_fine(self, path: Path) -> None:
        """Ask for a photo at full size; `fine_loaded` or `failed` follows."""
        done, failed = partial(self.fine_loaded.emit, path), partial(self._failed, path)
        self._queue.submit((path, "fine"), partial(read_image, path), done, failed)

    def clear(self) -> None:
        """Forget what is loaded and what is asked for."""
        self._queue.clear()
        self._remembered.clear()

    def _done(self, path: Path, image: QImage) -> None:
        self._remembered[path] = image
        while len(self._remembered) > _REMEMBERED:
            self._remembered.popitem(last=False)
        self.loaded.emit(path, image)

    def _failed(self, path: Path, error: Exception) -> None:
        reason = getattr(error, "reason", str(error)) if isinstance(error, LandmarkError) else ""
        self.failed.emit(path, reason or str(error))
