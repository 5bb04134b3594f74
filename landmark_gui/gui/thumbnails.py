"""Small pictures of photos, made in the background in the order of the newest need."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPixmap

from landmark_gui.gui.canvas.photo_decoding import read_image
from landmark_gui.jobs.tasks import NewestFirst

CAPACITY = 1000


class Thumbnails(QObject):
    """A bounded memory of thumbnails, least recently used ones forgotten first.

    Args:
        size: the space of one thumbnail in device pixels; the photo's shape is kept inside it.
        capacity: how many are remembered.

    Signals:
        ready(Hashable): the thumbnail of this key can now be had from `get`.
    """

    ready = Signal(object)

    def __init__(
        self, size: QSize, capacity: int = CAPACITY, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._size, self._capacity = size, capacity
        self._queue = NewestFirst(self, limit=100)
        self._made: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def get(self, key: Hashable, path: Path) -> QPixmap | None:
        """The thumbnail of the photo at `path`, or None while it is being made.

        A photo that cannot be read has a null pixmap.
        """
        made = self._made.get(key)
        if made is None:
            self._ask(key, path)
        else:
            self._made.move_to_end(key)
        return made

    def peek(self, key: Hashable) -> QPixmap | None:
        """The thumbnail if it is there; nothing is asked for."""
        return self._made.get(key)

    def clear(self) -> None:
        """Forget all thumbnails and all requests."""
        self._queue.clear()
        self._made.clear()

    def _ask(self, key: Hashable, path: Path) -> None:
        make = partial(_make, path, self._size)
        done, failed = partial(self._keep, key), partial(self._keep_nothing, key)
        self._queue.submit(key, make, done, failed)

    def _keep(self, key: Hashable, image: QImage) -> None:
        self._made[key] = QPixmap.fromImage(image)
        while len(self._made) > self._capacity:
            self._made.popitem(last=False)
        self.ready.emit(key)

    def _keep_nothing(self, key: Hashable, _: Exception) -> None:
        self._keep(key, QImage())


def _make(path: Path, size: QSize) -> QImage:
    return read_image(path, max(size.width(), size.height())).scaled(
        size,
        aspectMode=Qt.AspectRatioMode.KeepAspectRatio,
        mode=Qt.TransformationMode.SmoothTransformation,
    )
