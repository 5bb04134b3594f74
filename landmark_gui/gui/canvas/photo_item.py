"""The photo in the scene, from whatever size it was decoded at."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

PIXELATED_FROM = 4.0
"""Screen pixels for one picture pixel from which the pixels are shown as squares."""


class PhotoItem(QGraphicsItem):
    """Fills (0, 0, width, height), the pixels of the photo, with an image of any size.

    A second, finer image takes over where the first would have to be magnified; zoomed out,
    the coarse one is both quicker to draw and free of moiré.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rect, self._coarse, self._fine = QRectF(), QImage(), QImage()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_size(self, width: float, height: float) -> None:
        """Say how large the photo is; the images of the photo before are dropped."""
        self.prepareGeometryChange()
        self._rect, self._coarse, self._fine = QRectF(0, 0, width, height), QImage(), QImage()

    def set_image(self, image: QImage) -> None:
        """Show `image` where it need not be magnified, or as long as there is no finer one."""
        self._coarse = image
        self.update()

    def set_fine_image(self, image: QImage) -> None:
        """Show `image` where the first one would have to be magnified."""
        self._fine = image
        self.update()

    def has_image(self) -> bool:
        return not self._coarse.isNull()

    def has_pixels_for(self, scale: float) -> bool:
        """Whether the photo is sharp at `scale` device pixels for one of its pixels."""
        width = max(self._coarse.width(), self._fine.width())
        return width >= self._rect.width() * min(scale, 1.0)

    def draw_part(self, painter: QPainter, target: QRectF, part: QRectF) -> None:
        """Draw a part of the photo, given in its pixels, from the finest image at hand."""
        image = self._coarse if self._fine.isNull() else self._fine
        shown = part.intersected(self._rect)
        if image.isNull() or shown.isEmpty():
            return
        ratio_x = image.width() / self._rect.width()
        ratio_y = image.height() / self._rect.height()
        zoom_x, zoom_y = target.width() / part.width(), target.height() / part.height()
        place = QRectF(
            target.x() + (shown.x() - part.x()) * zoom_x,
            target.y() + (shown.y() - part.y()) * zoom_y,
            shown.width() * zoom_x,
            shown.height() * zoom_y,
        )
        source = QRectF(
            shown.x() * ratio_x,
            shown.y() * ratio_y,
            shown.width() * ratio_x,
            shown.height() * ratio_y,
        )
        painter.drawImage(place, image, source)

    def coarse_image(self) -> QImage:
        """The first image, for a small picture of the whole."""
        return self._coarse

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = painter.deviceTransform().m11()
        image = self._image_for(scale)
        if image.isNull() or self._rect.isEmpty():
            return
        shown = self._rect.intersected(option.exposedRect.adjusted(-1, -1, 1, 1))
        ratio_x = image.width() / self._rect.width()
        ratio_y = image.height() / self._rect.height()
        source = QRectF(
            shown.x() * ratio_x,
            shown.y() * ratio_y,
            shown.width() * ratio_x,
            shown.height() * ratio_y,
        )
        smooth = scale / ratio_x < PIXELATED_FROM
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(shown, image, source, Qt.ImageConversionFlag.AutoColor)

    def _image_for(self, scale: float) -> QImage:
        magnified = self._rect.width() * scale > self._coarse.width()
        return self._fine if magnified and not self._fine.isNull() else self._coarse
