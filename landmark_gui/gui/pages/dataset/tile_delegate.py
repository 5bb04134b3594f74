"""One tile of the grid: the crop as it is saved, and under it landmark, split and marks."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QObject, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.crops import FILL
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.dataset import tile_texts
from landmark_gui.gui.pages.dataset.tile_model import TILE_ROLE, Now, TileModel
from landmark_gui.gui.pages.dataset.tiles import Tile
from landmark_gui.gui.thumbnails import Area, Thumbnails
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import centered, paint_ground, paint_swatch, paint_thumbnail

SMALLEST, USUAL, LARGEST = 72, 112, 240
"""Sides of the square that holds a crop, in device-independent pixels."""
_STEPS = (112, 160, LARGEST)
"""Pictures are made in these sizes, so that a drag of the slider need not make them anew."""
_SWATCH, _MARK = 10, 14
_GAP = 6
_DIMMED = 0.35
_MEMORY = 96_000_000
"""Bytes of pictures that are remembered."""


class TileDelegate(QStyledItemDelegate):
    """Paints a crop; asks for pictures of the tiles that come into view, and no others."""

    def __init__(self, model: TileModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._pictures: Thumbnails | None = None
        self._made_for = 0
        self.side, self._strip = USUAL, 20

    def set_side(self, side: int, ratio: float, line: int) -> bool:
        """Paint crops of `side` pixels, lines of text being `line` high; whether that is new."""
        self._strip = max(line + 4, _MARK + 2)
        known, self.side = self.side, side
        wanted = round(next(step for step in _STEPS if step >= side) * ratio)
        if wanted != self._made_for:
            self._made_for = wanted
            self._make_pictures(wanted)
        return known != side

    def forget(self) -> None:
        """The photos are others now."""
        if self._pictures is not None:
            self._pictures.clear()

    def cell(self) -> QSize:
        """The room of a tile, with a gap to the next."""
        return QSize(self.side + 2 * _GAP, self.side + self._strip + 2 * _GAP)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return self.cell()

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        tile: Tile = index.data(TILE_ROLE)
        now = self._model.now(tile)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = option.rect.adjusted(2, 2, -2, -2)
        paint_ground(painter, area, option)
        frame = QRect(option.rect.x() + _GAP, option.rect.y() + _GAP, self.side, self.side)
        if now.left_out:
            painter.setOpacity(_DIMMED)
        paint_thumbnail(painter, frame, self._picture(tile))
        strip = QRect(frame.left(), frame.bottom() + 2, frame.width(), self._strip)
        painter.setFont(option.font)
        _paint_strip(painter, strip, tile, now)
        painter.restore()

    def _picture(self, tile: Tile) -> QPixmap | None:
        if self._pictures is None:
            return None
        crop = tile.crop
        area = Area(crop.rect, *crop.photo_size, FILL) if crop.rect is not None else None
        return self._pictures.get(
            (tile.key, crop.photo_hash, area), crop.path, crop.photo_hash, area
        )

    def _make_pictures(self, side: int) -> None:
        if self._pictures is not None:
            self._pictures.clear()
            self._pictures.deleteLater()
        capacity = max(200, _MEMORY // (4 * side * side))
        made = Thumbnails(QSize(side, side), capacity, self, waiting=400)
        made.failed.connect(lambda key, reason: self._model.mark_unreadable(key[0], reason))
        made.ready.connect(lambda key: self._model.repaint(key[0]))
        self._pictures = made


def _paint_strip(painter: QPainter, strip: QRect, tile: Tile, now: Now) -> None:
    """Colour of the landmark and split at the left; pin and flags at the right."""
    colors, right = theme.colors(), strip.right()
    paint_swatch(painter, centered(strip, strip.left(), _SWATCH, _SWATCH), tile.color)
    if tile.faults:
        right = _paint_mark(painter, strip, right, "flag", "warning", len(tile.faults))
    if now.pinned:
        right = _paint_mark(painter, strip, right, "pin", "accent", 1)
    text = strip.adjusted(_SWATCH + 4, 0, 0, 0)
    text.setRight(right)
    words = "" if now.left_out else tile_texts.split_mark(now.split)
    painter.setPen(QColor(colors.muted))
    words = painter.fontMetrics().elidedText(words, Qt.TextElideMode.ElideRight, text.width())
    painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, words)


@cache
def _mark(name: str, role: str, color: str, ratio: float) -> QPixmap:
    """The icon, drawn once for each theme and screen; `color` is what the role means there."""
    return icons.pixmap(name, _MARK, role, ratio)


def _paint_mark(
    painter: QPainter, strip: QRect, right: int, name: str, role: str, count: int
) -> int:
    """An icon that ends at `right`, with a number above 1 behind it; where it begins."""
    if count > 1:
        words, metrics = str(count), painter.fontMetrics()
        width = metrics.horizontalAdvance(words)
        painter.setPen(QColor(getattr(theme.colors(), role)))
        place = QRect(right - width + 1, strip.top(), width, strip.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, words)
        right -= width + 1
    mark = QRect(QPoint(), QSize(_MARK, _MARK))
    mark.moveCenter(QPoint(right - _MARK // 2, strip.center().y()))
    color, ratio = getattr(theme.colors(), role), painter.device().devicePixelRatioF()
    painter.drawPixmap(mark.topLeft(), _mark(name, role, color, ratio))
    return right - _MARK - 3
