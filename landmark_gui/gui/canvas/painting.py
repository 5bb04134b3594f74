"""How boxes look, drawn in pixels of the screen so that lines and names keep their size."""

from __future__ import annotations

from collections.abc import Iterable
from math import ceil

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPixmap

from landmark_gui.core.geometry import Handle
from landmark_gui.gui.contrast import ink_on

HANDLE = 9.0
_TAG_PADDING = 6.0
_TAG_WIDTH = 220.0
_TAGS_KEPT = 500
_SHADOW = QColor(0, 0, 0, 110)
_DIM = 190
TAG_DIM = 0.6
"""How opaque the name of a box is that is left out of the dataset."""


def paint_outline(painter: QPainter, rect: QRectF, color: QColor, *, fill: int = 0) -> None:
    """A rectangle's border over a dark shadow, seen on any photo; `fill` is an alpha, 0 to 255."""
    if fill:
        veil = QColor(color)
        veil.setAlpha(fill)
        painter.fillRect(rect, veil)
    paint_outlines(painter, [(rect, color.name())])


def paint_outlines(painter: QPainter, outlines: Iterable[tuple[QRectF, str]]) -> None:
    """The borders of many rectangles, each in its colour."""
    # Filled bars, since a wide pen costs several times as much; one call a colour, since there
    # may be 200 boxes.
    shadows: list[QRectF] = []
    bars: dict[str, list[QRectF]] = {}
    for rect, color in outlines:
        shadows += _border(rect, 2)
        bars.setdefault(color, []).extend(_border(rect, 1))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(_SHADOW)
    painter.drawRects(shadows)
    for color, rects in bars.items():
        painter.setBrush(QColor(color))
        painter.drawRects(rects)


def paint_dashed(painter: QPainter, rect: QRectF, color: QColor, *, fill: int = 0) -> None:
    """The border of what is no box of the dataset: dashed and dimmer; `fill` as above."""
    if fill:
        veil = QColor(color)
        veil.setAlpha(fill // 2)
        painter.fillRect(rect, veil)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(_SHADOW, 3))
    painter.drawRect(rect)
    pen = QPen(QColor(color.red(), color.green(), color.blue(), _DIM), 2)
    pen.setDashPattern([3.0, 3.0])
    painter.setPen(pen)
    painter.drawRect(rect)


def _border(rect: QRectF, half: float) -> tuple[QRectF, QRectF, QRectF, QRectF]:
    left, top = rect.x() - half, rect.y() - half
    width, height, line = rect.width() + 2 * half, rect.height() + 2 * half, 2 * half
    side = max(height - 2 * line, 0.0)
    return (
        QRectF(left, top, width, line),
        QRectF(left, top + height - line, width, line),
        QRectF(left, top + line, line, side),
        QRectF(left + width - line, top + line, line, side),
    )


def aligned(rect: QRectF, ratio: float) -> QRectF:
    """The rectangle with its sides on whole device pixels, so that thin lines stay crisp."""
    left, top = round(rect.left() * ratio) / ratio, round(rect.top() * ratio) / ratio
    right, bottom = round(rect.right() * ratio) / ratio, round(rect.bottom() * ratio) / ratio
    return QRectF(left, top, right - left, bottom - top)


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


class Tags:
    """The names of boxes, each laid out once and then copied: text is what costs most.

    Args:
        ratio: device pixels for one pixel of the painter.
    """

    def __init__(self, font: QFont, ratio: float) -> None:
        self._font, self._ratio = font, ratio
        self._metrics = QFontMetricsF(font)
        self._pictures: dict[tuple[str, str], QPixmap] = {}

    def fits(self, font: QFont, ratio: float) -> bool:
        return font == self._font and ratio == self._ratio

    def paint(self, painter: QPainter, rect: QRectF, text: str, color: str, view: QRectF) -> None:
        """The name above the box, or inside it at the top of the view; never outside the view."""
        picture = self._picture(text, color)
        width, height = picture.deviceIndependentSize().toTuple()
        left = min(max(rect.left() - 1, view.left()), max(view.right() - width, view.left()))
        above = rect.top() - height
        top = above if above >= view.top() else min(max(rect.top(), view.top()), rect.bottom())
        place = QPointF(round(left * self._ratio), round(top * self._ratio)) / self._ratio
        painter.drawPixmap(place, picture)

    def _picture(self, text: str, color: str) -> QPixmap:
        key = (text, color)
        if key not in self._pictures:
            if len(self._pictures) >= _TAGS_KEPT:
                self._pictures.clear()
            self._pictures[key] = self._draw(text, QColor(color))
        return self._pictures[key]

    def _draw(self, text: str, color: QColor) -> QPixmap:
        metrics = self._metrics
        width = metrics.horizontalAdvance(text) + 2 * _TAG_PADDING
        if width > _TAG_WIDTH:
            room = _TAG_WIDTH - 2 * _TAG_PADDING
            text, width = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room), _TAG_WIDTH
        size = QSizeF(ceil(width) + 1, ceil(metrics.height()) + 4)
        picture = QPixmap((size * self._ratio).toSize())
        picture.setDevicePixelRatio(self._ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._font)
        place = QRectF(QPointF(0.5, 0.5), size - QSizeF(1, 1))
        painter.setPen(_SHADOW)
        painter.setBrush(color)
        painter.drawRoundedRect(place, 3, 3)
        painter.setPen(ink_on(color.rgb()))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)
        painter.end()
        return picture


def paint_cross_hair(painter: QPainter, point: QPointF, view: QRectF) -> None:
    """Lines through the pointer across the whole view, dark and light, seen on any photo."""
    x, y = round(point.x()) + 0.5, round(point.y()) + 0.5
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    for color, style in (
        (QColor(0, 0, 0, 150), Qt.PenStyle.SolidLine),
        (QColor(255, 255, 255, 230), Qt.PenStyle.DashLine),
    ):
        painter.setPen(QPen(color, 1, style))
        painter.drawLine(QPointF(view.left(), y), QPointF(view.right(), y))
        painter.drawLine(QPointF(x, view.top()), QPointF(x, view.bottom()))


def paint_band(painter: QPainter, rect: QRectF, color: QColor) -> None:
    """The frame that selects what it touches."""
    veil = QColor(color)
    veil.setAlpha(40)
    painter.setPen(QPen(color, 1, Qt.PenStyle.DashLine))
    painter.setBrush(veil)
    painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))
