"""A camera that is read on another thread, and shown on this one as often as it has time."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Event

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal
from PySide6.QtGui import QImage

from landmark_gui.core.errors import Cancelled
from landmark_gui.core.i18n import tr
from landmark_gui.core.video import CameraError, FrameSource
from landmark_gui.jobs.tasks import Task, run_task

PERIOD = 1 / 30
"""Seconds between two pictures at least; a video file has no pace of its own."""
SHOW_MS = 33
Pixels = npt.NDArray[np.uint8]


@dataclass
class _Slot:
    """What the reading thread leaves for the GUI's: it knows no widget that might be gone."""

    newest: Pixels | None = None
    stop: Event = field(default_factory=Event)


class Camera(QObject):
    """Reads one source at a time. Pictures for which the GUI has no time are passed over.

    Signals:
        shown(QImage): a new picture.
        ended(str): why there are no more, unless it was stopped.
    """

    shown = Signal(object)
    ended = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._slot = _Slot()
        self._task: Task[None] | None = None
        self._seen: Pixels | None = None
        self._look = QTimer(self, interval=SHOW_MS)
        self._look.timeout.connect(self._show)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.stop)

    @property
    def newest(self) -> Pixels | None:
        """The newest picture, RGB; None before the first and after the last."""
        return self._slot.newest if self._look.isActive() else None

    def start(self, opened: Callable[[], FrameSource]) -> None:
        """Read from what `opened` gives, which is called on the other thread."""
        self.stop()
        self._slot = slot = _Slot()
        self._task = run_task(lambda: _read(opened, slot), self._over, self._failed)
        self._look.start()

    def stop(self) -> None:
        """Read no more. The thread that reads lets the device go after its next picture."""
        self._slot.stop.set()
        self._look.stop()
        self._seen = None
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _show(self) -> None:
        newest = self._slot.newest
        if newest is not None and newest is not self._seen:
            self._seen = newest
            self.shown.emit(image_of(newest))

    def _over(self, _: None) -> None:
        self._task = None

    def _failed(self, error: Exception) -> None:
        self.stop()
        if not isinstance(error, Cancelled):
            self.ended.emit(str(error))


def _read(opened: Callable[[], FrameSource], slot: _Slot) -> None:
    source = opened()
    try:
        while not slot.stop.is_set():
            began = time.monotonic()
            frame = source.read()
            if frame is None:
                raise CameraError(tr("The camera gives no more pictures."))
            slot.newest = frame
            slot.stop.wait(max(0.0, PERIOD - (time.monotonic() - began)))
    finally:
        source.close()


def image_of(frame: Pixels) -> QImage:
    """RGB pixels as an image with a memory of its own."""
    frame = np.ascontiguousarray(frame)
    height, width, _ = frame.shape
    return QImage(frame.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()
