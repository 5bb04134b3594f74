"""Photos decoded off the GUI thread: the one on show first, then those that will come next."""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Hashable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QImage

from landmark_gui.core.errors import LandmarkError
from landmark_gui.core.memory import return_large_blocks
from landmark_gui.gui.canvas.photo_decoding import (
    Part,
    needed_part,
    read_full,
    read_part,
    read_preview,
)
from landmark_gui.jobs.tasks import NewestFirst

REMEMBERED_BYTES = 160_000_000
"""What the previews of photos seen before and of those to come may take together."""
_AHEAD_AFTER_MS = 30
_log = logging.getLogger(__name__)


class PhotoLoader(QObject):
    """Loads the photo on show at the size of its view, the next ones ahead, the full one behind.

    Three lanes of work, so that none waits for another: the photo on show; photos to come and
    the full size of the one on show, one at a time; what a view that is zoomed in needs.

    Attributes:
        space: of the view for a fitted photo, in device pixels. Keep it up to date.

    Signals:
        loaded(Path, QImage): the photo, large enough to fill `space`. Also emitted for photos
            that were loaded ahead.
        fine_loaded(Path, QImage, QRectF): an area of the photo, in its pixels, at full size or
            as near to it as memory allows. Photos of up to 32 megapixels come whole.
        failed(Path, str): why the pixels cannot be read, in plain words. Also emitted for
            photos loaded ahead, so it may name a photo whose header was fine before it is shown.
    """

    loaded = Signal(object, QImage)
    fine_loaded = Signal(object, QImage, QRectF)
    failed = Signal(object, str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        return_large_blocks()
        self.space = QSize(1024, 768)
        self._shown = NewestFirst(self, limit=1)
        self._ahead = NewestFirst(self, limit=1, threads=1)
        self._fine = NewestFirst(self, limit=1, threads=1)
        self._remembered: OrderedDict[Path, tuple[QImage, QSize]] = OrderedDict()
        self._path: Path | None = None
        self._fine_part: Part | None = None
        self._to_come: list[Path] = []
        self._full_wanted = False
        self._pause = QTimer(self, singleShot=True, interval=_AHEAD_AFTER_MS)
        self._pause.timeout.connect(self._go_ahead)

    def load(self, path: Path) -> None:
        """Ask for a photo; `loaded` or `failed` follows, at once if it is remembered."""
        self._path, self._fine_part = path, None
        self._plan_ahead([], full=False)
        self._fine.drop_waiting()
        image, space = self._remembered.get(path, (QImage(), QSize()))
        if not _covers(space, self.space) and path not in self._ahead:
            self._submit(self._shown, path)
        if not image.isNull():
            self._remembered.move_to_end(path)
            self.loaded.emit(path, image)

    def prefetch(self, paths: Sequence[Path] = ()) -> None:
        """Load photos that will probably be asked for, the nearest first, when there is time.

        After them the photo on show is decoded at full size. Replaces what was asked before.
        """
        self._plan_ahead(paths, full=True)
        self._pause.start()

    def load_fine(self, path: Path, size: QSize, visible: QRectF, scale: float) -> None:
        """Ask for the pixels that a zoomed view lacks; `fine_loaded` follows.

        Nothing follows if they cannot be had: the preview serves on.

        Args:
            size: of the photo; `visible`: the area of it in view; both in pixels of the photo.
            scale: device pixels for one pixel of the photo.
        """
        part = needed_part(size, visible, scale)
        self._full_wanted = False
        if part == self._fine_part or _full(path) in self._ahead:
            return  # more cannot be had, or it is on its way
        done, failed = partial(self._fine_done, path, part), partial(self._fine_failed, path, part)
        self._fine.submit((path, part), partial(read_part, path, part), done, failed)

    def forget(self, path: Path) -> None:
        """Let go of what was decoded, or is being decoded, of a file that is another one now."""
        self._shown.drop(path)
        self._ahead.drop(path)
        self._remembered.pop(path, None)

    def busy(self) -> bool:
        """Whether anything that was asked for is not there yet."""
        lanes = (self._shown, self._ahead, self._fine)
        return self._pause.isActive() or any(lane.busy() for lane in lanes)

    def clear(self) -> None:
        """Forget what is loaded and what is asked for."""
        for lane in (self._shown, self._ahead, self._fine):
            lane.clear()
        self._plan_ahead([], full=False)
        self._remembered.clear()
        self._path = self._fine_part = None

    def _plan_ahead(self, paths: Sequence[Path], *, full: bool) -> None:
        self._pause.stop()
        self._to_come, self._full_wanted = list(paths), full

    def _go_ahead(self) -> None:
        """Start the next job ahead; called when the person rests, and when one has ended."""
        if self._ahead.busy() or self._pause.isActive():
            return
        while self._to_come:
            path = self._to_come.pop(0)
            _, space = self._remembered.get(path, (None, QSize()))
            if not _covers(space, self.space) and path not in self._shown:
                self._submit(self._ahead, path)
                return
        path_on_show, wanted = self._path, self._full_wanted
        if wanted and path_on_show is not None and path_on_show in self._remembered:
            self._full_wanted = False
            self._submit_full(path_on_show)

    def _submit(self, lane: NewestFirst, path: Path) -> None:
        done, failed = partial(self._done, path, self.space), partial(self._failed, path)
        lane.submit(path, partial(read_preview, path, self.space), done, failed)

    def _submit_full(self, path: Path) -> None:
        preview, _ = self._remembered[path]
        done, failed = partial(self._full_done, path), partial(self._full_failed, path)
        job = partial(read_full, path, preview.size())
        self._ahead.submit(_full(path), job, done, failed)

    def _done(self, path: Path, space: QSize, image: QImage) -> None:
        self._remembered[path] = (image, space)
        self._remembered.move_to_end(path)
        if self._path is not None and self._path in self._remembered:
            self._remembered.move_to_end(self._path)
        while len(self._remembered) > 1 and self._size() > REMEMBERED_BYTES:
            self._remembered.popitem(last=False)
        self.loaded.emit(path, image)
        self._go_ahead()

    def _size(self) -> int:
        return sum(image.sizeInBytes() for image, _ in self._remembered.values())

    def _full_done(self, path: Path, image: QImage) -> None:
        if not image.isNull():
            self._fine_done(path, Part(0, 0, image.width(), image.height()), image)
        self._go_ahead()

    def _fine_done(self, path: Path, part: Part, image: QImage) -> None:
        if path == self._path:
            self._fine_part = part
            self.fine_loaded.emit(path, image, part.rect)

    def _full_failed(self, path: Path, error: Exception) -> None:
        _log.warning("%s is not shown at full size: %s", path, error)
        self._go_ahead()

    def _fine_failed(self, path: Path, part: Part, error: Exception) -> None:
        _log.warning("%s is not shown at full size: %s", path, error)
        if path == self._path:
            self._fine_part = part  # not to be asked for again and again

    def _failed(self, path: Path, error: Exception) -> None:
        reason = getattr(error, "reason", str(error)) if isinstance(error, LandmarkError) else ""
        self.failed.emit(path, reason or str(error))
        self._go_ahead()


def _covers(space: QSize, wanted: QSize) -> bool:
    return space.width() >= wanted.width() and space.height() >= wanted.height()


def _full(path: Path) -> Hashable:
    """The key of the job that decodes the photo on show at full size."""
    return path, "full size"
