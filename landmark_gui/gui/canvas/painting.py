"""How boxes look, drawn in pixels of the screen so that lines and names keep their size."""

from __future__ import annotations

from functools import cache

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPen

from landmark_gui.core.geometry import Handle

HANDLE = 8.0
_TAG_PADDING = 6.0
_TAG_WIDTH = 220.0
_SHADOW = QColor(0, 0, 0, 110)


def paint_outline(painter: QPainter, rect: QRectF, color: QColor, *, fill: int = 0) -> None:
    """A rectangle's border over a dark shadow, seen on any photo; `fill` is an alpha, 0 to 255."""
    if fill:
        veil = QColor(color)
        veil.setAlpha(fill)
        painter.fillRect(rect, veil)
    # Filled bars, since a wide pen costs several times as much, and there may be 200 boxes.
    _fill_border(painter, rect, _SHADOW, 2)
    _fill_border(painter, rect, color, 1)


def _fill_border(painter: QPainter, rect: QRectF, color: QColor, half: float) -> None:
    outer = rect.adjusted(-half, -half, half, half)
    width, height, line = outer.width(), outer.height(), 2 * half
    side = height - 2 * line
    painter.fillRect(QRectF(outer.x(), outer.y(), width, line), color)
    painter.fillRect(QRectF(outer.x(), outer.bottom() - line, width, line), color)
    painter.fillRect(QRectF(outer.x(), outer.y() + line, line, side), color)
    painter.fillRect(QRectF(outer.right() - line, outer.y() + line, line, side), color)


def paint_handles(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """Eight white squares on the border; on short sides only the corners."""
    painter.setPen(QPen(color.darker(140), 1.5))
    painter.setBrush(Qt.GlobalColor.white)
    for handle in Handle:
        horizontal, vertical = handle.value
        room = rect.width() if vertical and not horizontal else rect.height()
        if 0 in handle.value and room < 4 * HANDLE:
            continue
        center = QPointF(
            rect.center().x() + horizontal * rect.width() / 2,
            rect.center().y() + vertical * rect.height() / 2,
        )
        square = QRectF(QPointF(), QSizeF(HANDLE, HANDLE))
        square.moveCenter(center)
        painter.drawRect(square)


def paint_tag(
    painter: QPainter, rect: QRectF, text: str, color: QColor, metrics: QFontMetricsF, view: QRectF
) -> None:
    """The name above the box, or inside it at the top of the view; never outside the view.

    Args:
        metrics: those of the painter's font.
    """
    width = metrics.horizontalAdvance(text) + 2 * _TAG_PADDING
    if width > _TAG_WIDTH:
        room = _TAG_WIDTH - 2 * _TAG_PADDING
        text, width = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), _TAG_WIDTH
    height = metrics.height() + 4
    left = min(max(rect.left() - 1, view.left()), max(view.right() - width, view.left()))
    above = rect.top() - height
    top = above if above >= view.top() else min(max(rect.top(), view.top()), rect.bottom())
    place = QRectF(left, top, width, height)
    painter.setPen(_SHADOW)
    painter.setBrush(color)
    painter.drawRoundedRect(place, 3, 3)
    painter.setPen(ink_on(color.rgb()))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def paint_guides(painter: QPainter, point: QPointF, view: QRectF) -> None:
    """Thin lines through the pointer, to aim the corner of a new box."""
    painter.setPen(QPen(QColor(255, 255, 255, 90), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QPointF(view.left(), point.y()), QPointF(view.right(), point.y()))
    painter.drawLine(QPointF(point.x(), view.top()), QPointF(point.x(), view.bottom()))


@cache
def ink_on(rgb: int) -> QColor:
    """Black or white, whichever reads better on the colour (WCAG 2 relative luminance)."""

    def linear(channel: float) -> float:
        return channel / 12.92 if channel <= 0.03928 else ((channel + 0.055) / 1.055) ** 2.4

    color = QColor(rgb)
    red, green, blue = (linear(c) for c in (color.redF(), color.greenF(), color.blueF()))
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return QColor("#101010") if luminance > 0.179 else QColor("#ffffff")
