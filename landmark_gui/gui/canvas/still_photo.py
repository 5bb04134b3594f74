"""The photo, scaled once for as long as the view stands still."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from landmark_gui.gui import theme
from landmark_gui.gui.canvas.photo_item import PhotoItem


class StillPhoto(PhotoItem):
    """Copies what it painted before while neither the pixels nor the view change.

    Scaling a photo to a large screen takes longer than all the boxes over it. While the view
    moves each frame differs, so the copy is made on the second frame that is the same.
    """

    def __init__(self) -> None:
        super().__init__()
        self._picture = QPixmap()
        self._place = QPointF()
        self._key: object = None
        self._seen: object = None

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        ratio, transform = painter.device().devicePixelRatioF(), painter.worldTransform()
        on_screen = transform.mapRect(self._rect.intersected(option.exposedRect))
        key = (
            self._coarse.cacheKey(),
            self._fine.cacheKey(),
            (transform.m11(), transform.dx(), transform.dy(), ratio),
            on_screen.getRect(),
            theme.colors().canvas,
        )
        if key not in (self._key, self._seen) or on_screen.isEmpty():
            self._seen = key
            super().paint(painter, option, widget)
            return
        if key != self._key:
            self._draw(painter, option, on_screen)
            self._key = key
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(self._place, self._picture)
        painter.restore()

    def _draw(self, painter: QPainter, option: QStyleOptionGraphicsItem, on_screen: QRectF) -> None:
        ratio, area = painter.device().devicePixelRatioF(), on_screen.toAlignedRect()
        self._place = QPointF(area.topLeft())
        self._picture = QPixmap(area.size() * ratio)
        self._picture.setDevicePixelRatio(ratio)
        self._picture.fill(QColor(theme.colors().canvas))  # without alpha: quicker to copy
        into = QPainter(self._picture)
        into.translate(-self._place)
        into.setTransform(painter.worldTransform(), True)
        super().paint(into, option)
        into.end()
