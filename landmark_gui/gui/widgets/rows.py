"""What the rows of the pages' lists have in common."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QListView, QStyle, QStyleOptionViewItem

from landmark_gui.gui import icons, theme


def dress_list(view: QListView, name: str, text: str, *, uniform: bool = True) -> None:
    """What all lists of rows are like: `text` says what is listed; `uniform` if rows are alike."""
    view.setObjectName(name)
    view.setAccessibleName(text)
    view.setUniformItemSizes(uniform)
    view.setMouseTracking(True)  # the row under the pointer is painted otherwise
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


def paint_row(painter: QPainter, option: QStyleOptionViewItem) -> QRect:
    """Paint the background of a row, selected or under the pointer; the row's area."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    area, colors = option.rect.adjusted(3, 1, -3, -1), theme.colors()
    selected = option.state & QStyle.StateFlag.State_Selected
    hovered = option.state & QStyle.StateFlag.State_MouseOver
    if selected or hovered:
        outlined = selected and colors.strong
        painter.setPen(QPen(QColor(colors.text), 1) if outlined else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.selection if selected else colors.raised))
        painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        paint_ring(painter, area)
    return area


def paint_ring(painter: QPainter, area: QRect, radius: float = 6) -> None:
    """The ring of the focus, inside of `area`."""
    colors = theme.colors()
    width = 2.5 if colors.strong else 1.5
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(colors.focus), width))
    inner = QRectF(area).adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(inner, radius, radius)


def paint_ground(painter: QPainter, area: QRect, option: QStyleOptionViewItem) -> None:
    """The ground of a tile, selected, under the pointer, or with the focus."""
    colors = theme.colors()
    selected = option.state & QStyle.StateFlag.State_Selected
    if selected or option.state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(QPen(QColor(colors.accent), 1.5) if selected else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.selection if selected else colors.raised))
        painter.drawRoundedRect(QRectF(area).adjusted(1, 1, -1, -1), 6, 6)
    if option.state & QStyle.StateFlag.State_HasFocus:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(colors.text), 1, Qt.PenStyle.DotLine))
        painter.drawRoundedRect(QRectF(area).adjusted(3, 3, -3, -3), 5, 5)


def paint_swatch(painter: QPainter, area: QRect, color: str) -> None:
    """A rounded square in a landmark's colour, with a border for pale ones."""
    painter.setPen(QPen(QColor(theme.colors().outline), 1))
    painter.setBrush(QColor(color))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)


class _Swatch(icons.PaintedEngine):
    def __init__(self, color: str) -> None:
        super().__init__()
        self._color = color

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_swatch(painter, rect.adjusted(1, 1, -1, -1), self._color)

    def clone(self) -> _Swatch:
        return _Swatch(self._color)


def swatch_icon(color: str) -> QIcon:
    """A rounded square in a landmark's colour."""
    return QIcon(_Swatch(color))


def paint_key(painter: QPainter, area: QRect, key: str) -> None:
    """A key of the keyboard."""
    colors = theme.colors()
    painter.setPen(QPen(QColor(colors.border), 1))
    painter.setBrush(QColor(colors.window))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4)
    painter.setPen(QColor(colors.muted))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, key)


def key_width(painter: QPainter, key: str) -> int:
    """The width at which `paint_key` has room for a key, square for a single letter."""
    return max(20, painter.fontMetrics().horizontalAdvance(key) + 12)


def paint_thumbnail(painter: QPainter, frame: QRect, pixmap: QPixmap | None) -> None:
    """A thumbnail in the middle of its frame, or a symbol while there is none."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.colors().raised))
    painter.drawRoundedRect(frame, 4, 4)
    if pixmap is None or pixmap.isNull():
        symbol = QRect(0, 0, 24, 24)
        symbol.moveCenter(frame.center())
        icons.icon("photo", "muted").paint(painter, symbol)
        return
    size = pixmap.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio)
    place = QRect(QPoint(), size)
    place.moveCenter(frame.center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawPixmap(place, pixmap)


def centered(area: QRect, left: float, width: float, height: float) -> QRect:
    """A rectangle of that size that starts at `left` in the vertical middle of `area`."""
    top = QPointF(area.center()).y() - height / 2 + 0.5
    return QRectF(left, top, width, height).toRect()
