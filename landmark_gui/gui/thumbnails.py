"""Small pictures of photos, or of parts of them, made in the background, the newest need first."""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QEvent, QIODevice, QObject, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QImageWriter, QPainter, QPixmap
from PySide6.QtWidgets import QWidget

from landmark_gui.core.errors import ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.thumbnail_cache import ThumbnailCache
from landmark_gui.gui.canvas.photo_decoding import WHOLE_PIXELS, Part, read_part, read_preview
from landmark_gui.jobs.tasks import NewestFirst

CAPACITY = 1000
WAITING = 100
_QUALITY = 85


@dataclass(frozen=True)
class Area:
    """A part of a photo, which may reach over its edge.

    Attributes:
        rect: in pixels of the upright photo.
        width, height: of that photo.
        fill: red, green and blue of what is outside.
    """

    rect: Rect
    width: int
    height: int
    fill: tuple[int, int, int] = (0, 0, 0)

    @property
    def key(self) -> str:
        """What tells two parts of one photo apart."""
        rect = self.rect
        sides = (rect.x, rect.y, rect.w, rect.h)
        return "-" + ",".join(f"{side:.1f}" for side in sides) + bytes(self.fill).hex()


class Thumbnails(QObject):
    """A bounded memory of thumbnails, least recently used ones forgotten first.

    Those of photos whose content hash is known are kept on disk, too, for the next session.

    Args:
        size: the space of one thumbnail in device pixels; the photo's shape is kept inside it.
        capacity: how many are remembered.
        waiting: how many may wait; of more the oldest are dropped, and must be asked for again.
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
        waiting: int = WAITING,
    ) -> None:
        super().__init__(parent)
        self._size, self._capacity = size, capacity
        self._kept = kept or ThumbnailCache()
        self._queue = NewestFirst(self, limit=waiting)
        self._made: OrderedDict[Hashable, QPixmap] = OrderedDict()

    def get(
        self, key: Hashable, path: Path, content: str = "", area: Area | None = None
    ) -> QPixmap | None:
        """The thumbnail of the photo at `path`, or None while it is being made.

        A photo that cannot be read has a null pixmap.

        Args:
            content: the hash of the photo's content, if it is known.
            area: the part of the photo that is wanted; None for all of it.
        """
        made = self._made.get(key)
        if made is None:
            self._ask(key, path, content, area)
        else:
            self._made.move_to_end(key)
        return made

    def peek(self, key: Hashable) -> QPixmap | None:
        """The thumbnail if it is there; nothing is asked for."""
        return self._made.get(key)

    def forget(self, keys: Iterable[Hashable]) -> None:
        """Forget the thumbnails of photos that have changed, and requests for them."""
        for key in keys:
            self._queue.drop(key)
            self._made.pop(key, None)

    def clear(self) -> None:
        """Forget all thumbnails and all requests; what is on disk stays there."""
        self._queue.clear()
        self._made.clear()

    def follow_screen(self, widget: QWidget, size: QSize) -> None:
        """From now on be of `size` pixels of the program, as fine as the screen of a widget."""
        ScreenWatch(widget, lambda ratio: self.set_size(size * ratio))

    def set_size(self, size: QSize) -> None:
        """Make them in another size, in device pixels; those in the old one are forgotten."""
        if size != self._size:
            self._size = size
            self.clear()

    def _ask(self, key: Hashable, path: Path, content: str, area: Area | None) -> None:
        make = partial(_kept_or_made, self._kept, content, path, self._size, area)
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


class ScreenWatch(QObject):
    """Tells what lies in pixels of the screen when its widget comes to a finer or coarser one."""

    def __init__(self, widget: QWidget, tell: Callable[[float], object]) -> None:
        super().__init__(widget)
        self._tell = tell
        widget.installEventFilter(self)
        tell(widget.devicePixelRatioF())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange and isinstance(watched, QWidget):
            self._tell(watched.devicePixelRatioF())
        return False


def _kept_or_made(
    kept: ThumbnailCache, content: str, path: Path, size: QSize, area: Area | None
) -> QImage:
    if not content:
        return _make(path, size, area)
    key = f"{content}-{size.width()}x{size.height()}{area.key if area else ''}"
    found = kept.get(key)
    image = QImage.fromData(found) if found else QImage()
    if image.isNull():
        image = _make(path, size, area)
        kept.put(key, _encoded(image))
    return image


def _make(path: Path, size: QSize, area: Area | None) -> QImage:
    picture = read_preview(path, size) if area is None else _cut(path, size, area)
    return picture.scaled(
        size,
        aspectMode=Qt.AspectRatioMode.KeepAspectRatio,
        mode=Qt.TransformationMode.SmoothTransformation,
    )


def _cut(path: Path, size: QSize, area: Area) -> QImage:
    """The part of the photo, at a size that was cheap to get and fills `size` if it can."""
    rect, width, height = area.rect, area.width, area.height
    scale = min(size.width() / max(rect.w, 1), size.height() / max(rect.h, 1), 1.0)
    if width * height * scale**2 > WHOLE_PIXELS:  # a little of a huge photo
        left, top = max(math.floor(rect.x), 0), max(math.floor(rect.y), 0)
        right, bottom = min(math.ceil(rect.right), width), min(math.ceil(rect.bottom), height)
        part = read_part(path, Part(left, top, right, bottom))
        moved = Rect(rect.x - left, rect.y - top, rect.w, rect.h)
        return _copied(part, moved, 1.0, 1.0, area.fill)
    space = QSize(math.ceil(width * scale), math.ceil(height * scale))
    photo = read_preview(path, space)
    return _copied(photo, rect, photo.width() / width, photo.height() / height, area.fill)


def _copied(
    photo: QImage, rect: Rect, across: float, down: float, fill: tuple[int, int, int]
) -> QImage:
    """`rect` of a photo that was decoded at that scale."""
    left, top = round(rect.x * across), round(rect.y * down)
    right = max(round(rect.right * across), left + 1)
    bottom = max(round(rect.bottom * down), top + 1)
    wanted = QRect(left, top, right - left, bottom - top)
    if photo.rect().contains(wanted):
        return photo.copy(wanted)
    canvas = QImage(wanted.size(), QImage.Format.Format_RGB32)
    canvas.fill(QColor(*fill))
    painter = QPainter(canvas)
    painter.drawImage(-left, -top, photo)
    painter.end()
    return canvas


def _encoded(image: QImage) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QImageWriter(buffer, QByteArray(b"jpg"))
    writer.setQuality(_QUALITY)
    writer.write(image)
    return bytes(content.data())
