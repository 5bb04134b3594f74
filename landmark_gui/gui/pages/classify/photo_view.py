"""The chosen photo, as large as there is room."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.errors import ImageError
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.canvas.photo_decoding import read_image
from landmark_gui.jobs.tasks import LatestOnly

STEP = 256
"""Photos are decoded to a multiple of this size, so that not each resize decodes anew."""
SETTLE_MS = 150


class PhotoView(QWidget):
    """Decodes the photo off the GUI thread, no larger than it is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("classified_photo")
        self.setMinimumSize(160, 120)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._path: Path | None = None
        self._side = 0
        self._pixmap = QPixmap()
        self._note = ""
        self._reading = LatestOnly(self)
        self._settled = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._settled.timeout.connect(self._read)
        self.show_photo(None, "")

    def show_photo(self, path: Path | None, name: str) -> None:
        """Show a photo by its path; None clears the view."""
        if path == self._path and path is not None:
            return
        self._path, self._side = path, 0
        self._pixmap, self._note = QPixmap(), ""
        self.setAccessibleName(tr("Photo {name}", name=name) if path else tr("No photo"))
        self._reading.cancel()
        self._read()
        self.update()

    def has_photo(self) -> bool:
        """Whether the photo is decoded and on the screen."""
        return not self._pixmap.isNull()

    def sizeHint(self) -> QSize:
        return QSize(480, 360)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settled.start()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        frame = QPainterPath()
        frame.addRoundedRect(QRectF(self.rect()), 8, 8)
        painter.setClipPath(frame)
        painter.fillRect(self.rect(), QColor(theme.colors().canvas))
        if self._note:
            painter.setPen(QColor("#ffffff"))  # the canvas is dark in both themes
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(24, 24, -24, -24), flags, self._note)
        elif self.has_photo():
            painter.drawPixmap(self._place(), self._pixmap, QRectF(self._pixmap.rect()))

    def _place(self) -> QRectF:
        room = self.rect().adjusted(theme.M, theme.M, -theme.M, -theme.M)
        size = self._pixmap.size().scaled(room.size(), Qt.AspectRatioMode.KeepAspectRatio)
        place = QRectF(0, 0, size.width(), size.height())
        place.moveCenter(QRectF(room).center())
        return place

    def _read(self) -> None:
        longest = max(self.width(), self.height()) * self.devicePixelRatioF()
        side = STEP * (int(longest) // STEP + 1)
        if self._path is None or side == self._side:
            return
        self._side = side
        path = self._path
        self._reading.submit(partial(read_image, path, side), self._show, self._show_problem)

    def _show(self, image: QImage) -> None:
        self._pixmap = QPixmap.fromImage(image)
        self.update()

    def _show_problem(self, error: Exception) -> None:
        reason = error.reason if isinstance(error, ImageError) else str(error)
        self._note = tr("This photo cannot be shown: {reason}", reason=reason)
        self.update()
