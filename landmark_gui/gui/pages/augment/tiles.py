"""A grid of small pictures of one size, the first of them tagged."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme

RADIUS = 6
LARGEST = 280


class TileGrid(QWidget):
    """Shows as many columns as make the tiles largest."""

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count = count
        self._tiles: Sequence[QImage] = ()
        self.setObjectName("augmented_tiles")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        theme.signals.changed.connect(self.update)

    @property
    def tiles(self) -> Sequence[QImage]:
        return self._tiles

    def set_tiles(self, tiles: Sequence[QImage]) -> None:
        """Show pictures; the first is the original."""
        self._tiles = tiles
        varied = max(len(tiles) - 1, 0)
        self.setAccessibleName(
            ntr("The original and {n} variation", "The original and {n} variations", varied)
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(
            QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform
        )
        columns, side = layout_of(self._count, self.width(), self.height())
        for index, tile in enumerate(self._tiles):
            row, column = divmod(index, columns)
            place = QRectF(column * (side + theme.M), row * (side + theme.M), side, side)
            _paint_tile(painter, tile, place)
            if index == 0:
                self._paint_tag(painter, place)
        painter.end()

    def _paint_tag(self, painter: QPainter, place: QRectF) -> None:
        colors = theme.colors()
        painter.setPen(QPen(QColor(colors.accent), 3))
        painter.drawRoundedRect(place.adjusted(1.5, 1.5, -1.5, -1.5), RADIUS, RADIUS)
        text = tr("Original")
        size = painter.fontMetrics().size(0, text)
        tag = QRectF(0, 0, size.width() + 2 * theme.M, size.height() + theme.S)
        tag.moveBottomLeft(place.bottomLeft())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.accent))
        painter.drawRoundedRect(tag, RADIUS, RADIUS)
        painter.setPen(QColor(colors.accent_text))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)


def layout_of(count: int, width: int, height: int) -> tuple[int, int]:
    """Columns and side of the square tiles, so that `count` of them fill an area best."""

    def side(columns: int) -> int:
        rows = ceil(count / columns)
        across = (width - (columns - 1) * theme.M) // columns
        down = (height - (rows - 1) * theme.M) // rows
        return max(1, min(across, down, LARGEST))

    columns = max(range(1, count + 1), key=lambda number: (side(number), -number))
    return columns, side(columns)


def _paint_tile(painter: QPainter, tile: QImage, place: QRectF) -> None:
    outline = QPainterPath()
    outline.addRoundedRect(place, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(outline)
    painter.drawImage(place, tile)
    painter.restore()
