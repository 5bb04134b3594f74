"""A magnifier beside the pointer: shows the pixels that the dragged corner lies on."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from landmark_gui.gui.canvas.photo_item import PhotoItem

ZOOM = 5.0
"""Pixels of the screen for one pixel of the photo."""
BELOW_SCALE = 2.0
"""From this scale of the view on, the photo's pixels are large enough without a loupe."""
_SIDE = 160.0
_LEAST = 60.0
_GAP = 24.0
_ARM = 9.0


def frame_beside(point: QPointF, view: QRectF) -> QRectF | None:
    """Where the loupe goes: inside of the view, never over `point`; None if there is no room.

    Above and to the right where it fits.
    """
    side = min(_SIDE, view.width() / 2 - _GAP, view.height())
    if side < _LEAST:
        return None
    right = point.x() + _GAP
    fits_right = right + side <= view.right()
    left = right if fits_right else min(point.x() - _GAP, view.right()) - side
    above = point.y() - _GAP - side
    top = above if above >= view.top() else point.y() + _GAP
    top = min(max(top, view.top()), view.bottom() - side)
    return QRectF(QPointF(max(left, view.left()), top), QSizeF(side, side))


def part_under(focus: QPointF, frame: QRectF) -> QRectF:
    """The part of the photo, in its pixels, that the loupe shows about `focus`."""
    part = QRectF(QPointF(), frame.size() / ZOOM)
    part.moveCenter(focus)
    return part


def paint_loupe(
    painter: QPainter,
    photo: PhotoItem,
    frame: QRectF,
    focus: QPointF,
    box: QRectF,
    *,
    color: QColor,
    ground: QColor,
) -> None:
    """The photo about `focus` with the border of `box`, both in pixels of the photo.

    Args:
        ground: the colour beyond the photo's border.
    """
    part = part_under(focus, frame)
    painter.save()
    painter.setClipRect(frame)
    painter.fillRect(frame, ground)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
    photo.draw_part(painter, frame, part)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    shown = QRectF(frame.topLeft() + (box.topLeft() - part.topLeft()) * ZOOM, box.size() * ZOOM)
    _paint_edge(painter, shown.intersected(frame.adjusted(-9, -9, 9, 9)), color)
    _paint_cross(painter, frame.center())
    painter.setClipping(False)
    _paint_rim(painter, frame)
    painter.restore()


def _paint_edge(painter: QPainter, rect: QRectF, color: QColor) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, ink in ((3, QColor(0, 0, 0, 130)), (1, color)):
        painter.setPen(QPen(ink, width))
        painter.drawRect(rect)


def _paint_cross(painter: QPainter, center: QPointF) -> None:
    for width, ink in ((3, QColor(0, 0, 0, 160)), (1, QColor("white"))):
        painter.setPen(QPen(ink, width))
        painter.drawLine(center - QPointF(_ARM, 0), center + QPointF(_ARM, 0))
        painter.drawLine(center - QPointF(0, _ARM), center + QPointF(0, _ARM))


def _paint_rim(painter: QPainter, frame: QRectF) -> None:
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for width, ink in ((4, QColor(0, 0, 0, 170)), (2, QColor("white"))):
        painter.setPen(QPen(ink, width))
        painter.drawRect(frame.adjusted(1, 1, -1, -1))
