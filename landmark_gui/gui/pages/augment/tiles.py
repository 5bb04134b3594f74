"""A grid of small pictures, originals tagged, of which one can be chosen."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QHelpEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.augment.drawing import Tile, drawn_text
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.plain import literal

RADIUS = 6
LARGEST = 280
_STEPS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}


class TileGrid(QWidget):
    """Shows as many columns as make the tiles largest.

    Signals:
        opened(int): a tile was clicked, or chosen with the keys.
        cell_changed(): tiles have another size from now on.
    """

    opened = Signal(int)
    cell_changed = Signal()

    def __init__(self, count: int) -> None:
        super().__init__()
        self._count, self._group, self._ratio = count, 1, 1.0
        self._tiles: Sequence[Tile] = ()
        self._current = 0
        self.setObjectName("augmented_tiles")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        accessible.play(self)
        theme.signals.changed.connect(self.update)

    @property
    def tiles(self) -> Sequence[Tile]:
        return self._tiles

    def arrange(self, group: int, ratio: float) -> None:
        """So many tiles in a row belong together; a tile is so wide for each pixel of height."""
        self._group, self._ratio = group, min(max(ratio, 0.2), 5.0)
        self.update()

    def set_tiles(self, tiles: Sequence[Tile]) -> None:
        self._tiles = tiles
        self._current = min(self._current, max(len(tiles) - 1, 0))
        varied = sum(tile.parameters is not None for tile in tiles)
        self.setAccessibleName(
            ntr("The original and {n} variation", "The original and {n} variations", varied)
        )
        self._tell()
        self.update()

    def cell(self) -> int:
        """The longer side of a tile in pixels of the screen."""
        return round(max(self._layout()[1:]) * self.devicePixelRatioF())

    def place(self, index: int) -> QRect:
        """Where a tile is."""
        columns, width, height = self._layout()
        row, column = divmod(index, columns)
        return QRect(column * (width + theme.M), row * (height + theme.M), width, height)

    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 180)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.cell_changed.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        index = self._at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and index is not None:
            self._current = index
            self.opened.emit(index)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        columns, *_ = self._layout()
        steps = {**_STEPS, Qt.Key.Key_Up: -columns, Qt.Key.Key_Down: columns}
        key = Qt.Key(event.key())
        if key in steps and not event.modifiers():
            self._go(self._current + steps[key])
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space) and self._tiles:
            self.opened.emit(self._current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            index = self._at(QPointF(event.pos()))
            text = "" if index is None else tile_text(self._tiles[index])
            QToolTip.showText(event.globalPos(), literal(text), self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for index, tile in enumerate(self._tiles):
            place = picture_place(tile.image, QRectF(self.place(index)))
            paint_picture(painter, tile.image, place)
            if tile.parameters is None:
                _paint_tag(painter, place)
            if index == self._current and self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(QColor(theme.colors().text), 2))
                painter.drawRoundedRect(place.adjusted(1, 1, -1, -1), RADIUS, RADIUS)
        painter.end()

    def _layout(self) -> tuple[int, int, int]:
        return layout_of(self._count, self.width(), self.height(), self._group, self._ratio)

    def _at(self, point: QPointF) -> int | None:
        places = (self.place(index) for index in range(len(self._tiles)))
        found = (index for index, place in enumerate(places) if place.contains(point.toPoint()))
        return next(found, None)

    def _go(self, index: int) -> None:
        if 0 <= index < len(self._tiles):
            self._current = index
            self._tell()
            self.update()

    def _tell(self) -> None:
        """Describe the tile that the keys are at."""
        told = tile_text(self._tiles[self._current]) if self._tiles else tr("nothing yet")
        accessible.describe(self, told)


def tile_text(tile: Tile) -> str:
    """The crop's name and what was drawn."""
    said = tr("the original") if tile.parameters is None else drawn_text(tile.parameters)
    return f"{tile.name}\n{said}"


def layout_of(
    count: int, width: int, height: int, group: int = 1, ratio: float = 1.0
) -> tuple[int, int, int]:
    """Columns, width and height of the tiles, so that `count` of them fill an area best.

    Args:
        group: of how many tiles a row holds whole groups.
        ratio: width of a tile for each pixel of its height.
    """

    def tall(columns: int) -> float:
        rows = ceil(count / columns)
        across = (width - (columns - 1) * theme.M) // columns
        down = (height - (rows - 1) * theme.M) // rows
        return max(1.0, min(across / ratio, down, LARGEST / max(ratio, 1.0)))

    choices = range(group, count + 1, group)
    columns = max(choices, key=lambda number: (tall(number), -number))
    high = tall(columns)
    return columns, max(1, int(high * ratio)), int(high)


def picture_place(image: QImage, frame: QRectF) -> QRectF:
    """The middle of the frame, as large as the picture's proportions let it be."""
    size = image.size().scaled(frame.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRectF(0, 0, size.width(), size.height())
    place.moveCenter(frame.center())
    return place.toRect().toRectF()


def paint_picture(painter: QPainter, image: QImage, place: QRectF) -> None:
    outline = QPainterPath()
    outline.addRoundedRect(place, RADIUS, RADIUS)
    painter.save()
    painter.setClipPath(outline)
    painter.drawImage(place, image)
    painter.restore()


def _paint_tag(painter: QPainter, place: QRectF) -> None:
    colors = theme.colors()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colors.accent), 3))
    painter.drawRoundedRect(place.adjusted(1.5, 1.5, -1.5, -1.5), RADIUS, RADIUS)
    text = tr("Original")
    size = painter.fontMetrics().size(0, text)
    tag = QRectF(0, 0, size.width() + 2 * theme.M, size.height() + theme.S)
    if tag.width() > place.width():  # a narrow tile has the frame alone
        return
    tag.moveBottomLeft(place.bottomLeft())
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colors.accent))
    painter.drawRoundedRect(tag, RADIUS, RADIUS)
    painter.setPen(QColor(colors.accent_text))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawText(tag, Qt.AlignmentFlag.AlignCenter, text)
