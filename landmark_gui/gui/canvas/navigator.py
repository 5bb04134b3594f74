"""The whole photo, small, in a corner of a zoomed view; a frame marks what the view shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap, QWheelEvent
from PySide6.QtWidgets import QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import accessible

if TYPE_CHECKING:
    from landmark_gui.gui.canvas.zoom_view import ZoomView

_SIDE = 160
_LEAST = 14
"""Shortest side, so that a strip of a photo can still be clicked."""
_VEIL = QColor(0, 0, 0, 130)


def overview_size(width: float, height: float) -> QSize:
    """The size of the overview of a photo of `width` × `height` pixels."""
    scale = _SIDE / max(width, height, 1.0)
    return QSize(max(round(width * scale), _LEAST), max(round(height * scale), _LEAST))


class Navigator(QWidget):
    """Click or drag in it to move the view. It hides while the whole photo is in view."""

    def __init__(self, view: ZoomView) -> None:
        super().__init__(view)
        self._view = view
        self._on = True
        self._picture = QPixmap()
        self._pictured: tuple[int, QSize, float] | None = None
        self.setObjectName("navigator")
        self.setAccessibleName(tr("Overview of the photo"))
        accessible.play(self)
        self.setToolTip(tr("Click or drag to move the view"))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()
        view.installEventFilter(self)
        view.view_moved.connect(self.refresh)

    def set_on(self, on: bool) -> None:
        """Whether it shows itself while the view is zoomed in."""
        self._on = on
        self.refresh()

    def refresh(self) -> None:
        """Follow the view and its photo."""
        rect = self._view.photo_rect()
        shown = self._on and self._view.has_image() and not self._view.shows_all()
        if shown:
            size, room = overview_size(rect.width(), rect.height()), self._view.viewport().size()
            shown = 2 * size.width() < room.width() and 2 * size.height() < room.height()
            left, top = room.width() - size.width(), room.height() - size.height()
            self.setGeometry(left - theme.M, top - theme.M, size.width(), size.height())
            self.update()
        self.setVisible(shown)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.refresh()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._overview())
        seen, whole = self._seen(), QRectF(self.rect())
        for dark in (
            QRectF(0, 0, whole.width(), seen.top()),
            QRectF(0, seen.bottom(), whole.width(), whole.bottom() - seen.bottom()),
            QRectF(0, seen.top(), seen.left(), seen.height()),
            QRectF(seen.right(), seen.top(), whole.right() - seen.right(), seen.height()),
        ):
            painter.fillRect(dark, _VEIL)
        painter.setPen(QPen(QColor("white"), 2))
        painter.drawRect(seen.adjusted(1, 1, -1, -1))
        painter.setPen(QPen(QColor(theme.colors().border), 1))
        painter.drawRect(whole.adjusted(0.5, 0.5, -0.5, -0.5))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._go(event.position())
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._go(event.position())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        event.accept()

    def wheelEvent(self, event: QWheelEvent) -> None:
        middle = QPointF(self._view.viewport().rect().center())
        self._view.zoom_at(middle, 1.0016 ** event.angleDelta().y())
        event.accept()

    def _go(self, point: QPointF) -> None:
        photo = self._view.photo_rect()
        x = min(max(point.x() / self.width(), 0.0), 1.0) * photo.width()
        y = min(max(point.y() / self.height(), 0.0), 1.0) * photo.height()
        self._view.center_on(QPointF(x, y))

    def _seen(self) -> QRectF:
        photo, part = self._view.photo_rect(), self._view.visible_rect()
        across, down = self.width() / photo.width(), self.height() / photo.height()
        seen = QRectF(
            part.x() * across, part.y() * down, part.width() * across, part.height() * down
        )
        least = QRectF(0, 0, max(seen.width(), 6.0), max(seen.height(), 6.0))
        least.moveCenter(seen.center())
        return least.intersected(QRectF(self.rect()))

    def _overview(self) -> QPixmap:
        image, ratio = self._view.overview_image(), self.devicePixelRatioF()
        key = (image.cacheKey(), self.size(), ratio)
        if key != self._pictured:
            smooth = Qt.TransformationMode.SmoothTransformation
            fill = Qt.AspectRatioMode.IgnoreAspectRatio
            small = image.scaled(self.size() * ratio, fill, smooth)
            small.setDevicePixelRatio(ratio)
            self._picture, self._pictured = QPixmap.fromImage(small), key
        return self._picture
