"""Small pictures of photos, made in the background in the order of the newest need."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImage, QImageWriter, QPixmap

from landmark_gui.core.errors import ImageError
from landmark_gui.core.thumbnail_cache import ThumbnailCache
from landmark_gui.gui.canvas.photo_decoding import read_preview
from landmark_gui.jobs.tasks import NewestFirst

CAPACITY = 1000
_QUALITY = 85


class Thumbnails(QObject):
    """A bounded memory of thumbnails, least recently used ones forgotten first.

    Those of photos whose content hash is known are kept on disk, too, for the next session.

    Args:
        size: the space of one thumbnail in device pixels; the photo's shape is kept inside it.
        capacity: how many are remembered.
        kept: where they are kept on disk. Default: the cache that all projects share.

    Signals:
        ready(Hashable): the thumbnail of this key can now be had from `get`.
        failed(Hashable, str): the photo's pixels cannot be read, and why, in plain words. Its
            header may be fine, so the scan need not have noticed. `ready` follows.
    """

    ready = Signal(object)
    failed = Signal(object, str)

    def __init__(
        self,
        size: QSize,
        capacity: int = CAPACITY,
        parent: QObject | None = None,
        kept: ThumbnailCache | None = None,
    ) -> None:
        super().__init__(parent)
        self._size, self._capacity = size, capacity
        self._kept = kept or ThumbnailCache()
        self._queue = NewestFirst(self, limit=100)
        self._made: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def get(self, key: Hashable, path: Path, content: str = "") -> QPixmap | None:
        """The thumbnail of the photo at `path`, or None while it is being made.

        A photo that cannot be read has a null pixmap.

        Args:
            content: the hash of the photo's content, if it is known.
        """
        made = self._made.get(key)
        if made is None:
            self._ask(key, path, content)
        else:
            self._made.move_to_end(key)
        return made

    def peek(self, key: Hashable) -> QPixmap | None:
        """The thumbnail if it is there; nothing is asked for."""
        return self._made.get(key)

    def clear(self) -> None:
        """Forget all thumbnails and all requests; what is on disk stays there."""
        self._queue.clear()
        self._made.clear()

    def _ask(self, key: Hashable, path: Path, content: str) -> None:
        make = partial(_kept_or_made, self._kept, content, path, self._size)
        done, failed = partial(self._keep, key), partial(self._keep_nothing, key)
        self._queue.submit(key, make, done, failed)

    def _keep(self, key: Hashable, image: QImage) -> None:
        self._made[key] = QPixmap.fromImage(image)
        while len(self._made) > self._capacity:
            self._made.popitem(last=False)
        self.ready.emit(key)

    def _keep_nothing(self, key: Hashable, error: Exception) -> None:
        self.failed.emit(key, error.reason if isinstance(error, ImageError) else str(error))
        self._keep(key, QImage())


def _kept_or_made(kept: ThumbnailCache, content: str, path: Path, size: QSize) -> QImage:
    if not content:
        return _make(path, size)
    key = f"{content}-{size.width()}x{size.height()}"
    found = kept.get(key)
    image = QImage.fromData(found) if found else QImage()
    if image.isNull():
        image = _make(path, size)
        kept.put(key, _encoded(image))
    return image


def _make(path: Path, size: QSize) -> QImage:
    return read_preview(path, size).scaled(
        size,
        aspectMode=Qt.AspectRatioMode.KeepAspectRatio,
        mode=Qt.TransformationMode.SmoothTransformation,
    )


def _encoded(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpg"))
    writer.setQuality(_QUALITY)
    writer.write(image)
    return bytes(content.data())
