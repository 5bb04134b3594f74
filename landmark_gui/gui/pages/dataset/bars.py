"""How a landmark's crops are shared out, as a bar of three parts.

The parts differ in pattern as well as in colour (Okabe-Ito, as the landmarks'), and lie in the
order of the columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.project import SPLITS, Split
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.models import Index

COUNTS_ROLE = Qt.ItemDataRole.UserRole
"""The counts of a row by split, and the largest total of all rows."""
_HEIGHT, _LEAST = 12, 3
_COLORS: dict[Split, tuple[str, str]] = {  # on light, on dark
    "train": ("#0072b2", "#56b4e9"),
    "validation": ("#b37a00", "#e69f00"),
    "test": ("#009e73", "#2fc79a"),
}
_PATTERNS: dict[Split, Qt.BrushStyle] = {
    "train": Qt.BrushStyle.SolidPattern,
    "validation": Qt.BrushStyle.BDiagPattern,
    "test": Qt.BrushStyle.Dense5Pattern,
}


class BarDelegate(QStyledItemDelegate):
    """Paints the counts of a row; the longest bar fills the cell."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        counts, largest = index.data(COUNTS_ROLE) or ((), 0)
        area = QRectF(option.rect).adjusted(theme.M, 0, -theme.M, 0)
        area = QRectF(area.left(), area.center().y() - _HEIGHT / 2, area.width(), _HEIGHT)
        painter.save()
        left = area.left()
        for split, width in zip(SPLITS, widths(counts, largest, area.width()), strict=False):
            if width:
                paint_part(painter, QRectF(left, area.top(), width, area.height()), split)
                left += width
        painter.restore()


def widths(counts: Sequence[int], largest: int, room: float) -> list[float]:
    """The length of each part; what is not 0 can be seen."""
    return [max(count / largest * room, _LEAST) if count else 0.0 for count in counts]


def paint_part(painter: QPainter, area: QRectF, split: Split) -> None:
    """A part of a bar in the colour and pattern of its split."""
    color = QColor(_COLORS[split][theme.colors().dark])
    inner = area.adjusted(0.5, 0.5, -1.5, -0.5)
    painter.fillRect(inner, QColor(theme.colors().surface))
    painter.fillRect(inner, QBrush(color, _PATTERNS[split]))
    painter.setPen(QPen(color, 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(inner)


def swatch(split: Split, ratio: float) -> QIcon:
    """What stands beside the title of a split's column: its colour and pattern."""
    return _swatch(split, ratio, theme.colors())


@cache
def _swatch(split: Split, ratio: float, _: theme.Colors) -> QIcon:
    picture = QPixmap(QSize(14, 12) * ratio)
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    paint_part(painter, QRectF(0, 0, 14, 12), split)
    painter.end()
    return QIcon(picture)
