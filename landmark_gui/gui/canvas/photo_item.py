"""The photo in the scene, from whatever size it was decoded at."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

PIXELATED_FROM = 4.0
"""Screen pixels for one picture pixel from which the pixels are shown as squares."""


class PhotoItem(QGraphicsItem):
    """Fills (0, 0, width, height), the pixels of the photo, with an image of any size.

    A second, finer image, of the photo or an area of it, takes over where the first would have
    to be magnified; zoomed out, the coarse one is both quicker to draw and free of moiré.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rect, self._coarse = QRectF(), QImage()
        self._fine, self._fine_rect = QImage(), QRectF()
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemUsesExtendedStyleOption)

    def set_size(self, width: float, height: float) -> None:
        """Say how large the photo is; the images of the photo before are dropped."""
        self.prepareGeometryChange()
        self._rect, self._coarse = QRectF(0, 0, width, height), QImage()
        self._fine, self._fine_rect = QImage(), QRectF()

    def set_image(self, image: QImage) -> None:
        """Show `image` where it need not be magnified, or as long as there is no finer one."""
        self._coarse = image
        self.update()

    def set_fine_image(self, image: QImage, rect: QRectF | None = None) -> None:
        """Show `image` where the first one would have to be magnified.

        Args:
            rect: the area of the photo that it shows, in pixels of the photo. Default: all.
        """
        self._fine, self._fine_rect = image, QRectF(rect or self._rect)
        self.update()

    def has_image(self) -> bool:
        return not self._coarse.isNull()

    def has_pixels_for(self, scale: float, visible: QRectF | None = None) -> bool:
        """Whether the photo is sharp at `scale` device pixels for one of its pixels.

        Args:
            visible: the area that matters, in pixels of the photo. Default: all.
        """
        wanted = min(scale, 1.0)
        if self._coarse.width() >= self._rect.width() * wanted:
            return True
        inside = self._rect if visible is None else self._rect.intersected(visible)
        dense = self._fine.width() >= self._fine_rect.width() * wanted
        return inside.isEmpty() or (dense and self._fine_rect.contains(inside))

    def draw_part(self, painter: QPainter, target: QRectF, part: QRectF) -> None:
        """Draw a part of the photo, given in its pixels, from the finest image at hand."""
        shown = part.intersected(self._rect)
        zoom_x, zoom_y = target.width() / part.width(), target.height() / part.height()
        painter.save()
        painter.translate(target.topLeft())
        painter.scale(zoom_x, zoom_y)
        painter.translate(-part.topLeft())
        self._draw_shown(painter, shown, zoom_x, magnified=True)
        painter.restore()

    def coarse_image(self) -> QImage:
        """The first image, for a small picture of the whole."""
        return self._coarse

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(
        self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None
    ) -> None:
        scale = painter.deviceTransform().m11()
        shown = self._rect.intersected(option.exposedRect.adjusted(-1, -1, 1, 1))
        magnified = self._rect.width() * scale > self._coarse.width()
        self._draw_shown(painter, shown, scale, magnified=magnified)

    def _draw_shown(
        self, painter: QPainter, shown: QRectF, scale: float, *, magnified: bool
    ) -> None:
        if not (magnified and self._fine_rect.contains(shown)):
            _draw(painter, self._coarse, self._rect, shown, scale)
        if magnified:
            _draw(painter, self._fine, self._fine_rect, shown, scale)


def _draw(painter: QPainter, image: QImage, rect: QRectF, shown: QRectF, scale: float) -> None:
    """Draw what is `shown` of an image that fills `rect`; all in pixels of the photo."""
    shown = shown.intersected(rect)
    if image.isNull() or shown.isEmpty():
        return
    across, down = image.width() / rect.width(), image.height() / rect.height()
    source = QRectF(
        (shown.x() - rect.x()) * across,
        (shown.y() - rect.y()) * down,
        shown.width() * across,
        shown.height() * down,
    )
    pixelated = scale / across >= PIXELATED_FROM and round(across, 3) >= 1  # the photo's own pixels
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not pixelated)
    painter.drawImage(shown, image, source, Qt.ImageConversionFlag.AutoColor)
