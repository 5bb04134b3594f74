"""One row of the list: thumbnail, name, verdict and a mark."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.pages.classify.photos import ENTRY_ROLE, Entry
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import centered, paint_row, paint_thumbnail

THUMBNAIL = QSize(72, 54)
_MARK = 16


class VerdictDelegate(QStyledItemDelegate):
    """Paints a photo; asks for thumbnails of the rows that come into view, and no others."""

    def __init__(self, thumbnails: Thumbnails, parent: QWidget) -> None:
        super().__init__(parent)
        self._thumbnails = thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(220, THUMBNAIL.height() + 2 * theme.M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry = index.data(ENTRY_ROLE)
        painter.save()
        area = paint_row(painter, option)
        frame = QRect(area.topLeft() + QPoint(theme.M, theme.M), THUMBNAIL)
        paint_thumbnail(painter, frame, self._thumbnails.get(entry.key, entry.path))
        mark = centered(area, area.right() - theme.M - _MARK, _MARK, _MARK)
        text = QRect(area)
        text.setLeft(frame.right() + theme.M + 2)
        text.setRight(mark.left() - theme.S)
        _paint_text(painter, text, entry, option.font)
        name, role = mark_of(entry)
        if name:
            icons.icon(name, role).paint(painter, mark)
        painter.restore()


def _paint_text(painter: QPainter, area: QRect, entry: Entry, font: QFont) -> None:
    metrics = painter.fontMetrics()
    middle = area.center().y()
    line = QRect(area.left(), middle - metrics.height(), area.width(), metrics.height())
    painter.setFont(font)
    painter.setPen(QColor(theme.colors().muted))
    name = metrics.elidedText(entry.name, Qt.TextElideMode.ElideMiddle, area.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
    painter.setPen(QColor(getattr(theme.colors(), verdict_role(entry))))
    said = texts.entry_text(entry)
    line.translate(0, line.height() + 2)
    said = metrics.elidedText(said, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, said)


def verdict_role(entry: Entry) -> str:
    """The theme's colour for what came of a photo."""
    if entry.corrected:
        return "text"
    if entry.verdict is not None:
        return "warning" if entry.verdict.unknown else "text"
    return "danger" if entry.state == "failed" else "muted"


def mark_of(entry: Entry) -> tuple[str, str]:
    """Icon and colour beside a photo; no icon while nothing is known."""
    if entry.corrected:
        return ("done", "success") if entry.sent else ("edit", "accent")
    if entry.verdict is not None:
        return ("unknown", "warning") if entry.verdict.unknown else ("check", "success")
    return ("warning", "danger") if entry.state == "failed" else ("", "")
