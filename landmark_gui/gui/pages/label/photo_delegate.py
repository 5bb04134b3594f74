"""One row of the photo list: thumbnail, name, what is labelled on it, and how far it is."""

from __future__ import annotations

from itertools import islice
from pathlib import PurePosixPath

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.project import Photo
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.label.photo_model import PHOTO_ROLE, PhotoListModel
from landmark_gui.gui.pages.label.photo_texts import pin_text
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import centered, paint_row, paint_swatch, paint_thumbnail

THUMBNAIL = QSize(72, 54)
_MARK, _DOT = 16, 10
_NARROW = 210
"""In rows of less width the thumbnails are smaller."""
_DOTS = 4
"""So many landmarks of a photo have a dot; the words say how many boxes there are."""


class PhotoDelegate(QStyledItemDelegate):
    """Paints a photo; asks for thumbnails of the rows that come into view, and no others."""

    def __init__(self, model: PhotoListModel, thumbnails: Thumbnails) -> None:
        super().__init__(model)
        self._model, self._thumbnails = model, thumbnails

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(200, THUMBNAIL.height() + 2 * theme.M)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        photo = index.data(PHOTO_ROLE)
        painter.save()
        area = paint_row(painter, option)
        frame = _frame(area)
        paint_thumbnail(painter, frame, self._thumbnail(photo))
        mark = QRect(0, 0, _MARK, _MARK)
        mark.moveCenter(QPoint(area.right() - theme.M - _MARK // 2, area.center().y()))
        text = area.adjusted(frame.right() + theme.M + 2 - area.left(), 0, 0, 0)
        text.setRight(mark.left() - theme.S)
        self._paint_text(painter, text, photo, option.font)
        name, role = mark_of(photo)
        proposal = self._model.proposals.get(photo.id)
        if not name and proposal is not None and not proposal.is_certain:
            name, role = "unknown", "warning"
        if name:
            icons.icon(name, role).paint(painter, mark)
        painter.restore()

    def _thumbnail(self, photo: Photo) -> QPixmap | None:
        if photo.state != "ok":
            return None
        path = self._model.path_of(photo)
        return self._thumbnails.get(photo.version, path, photo.hash)

    def _paint_text(self, painter: QPainter, area: QRect, photo: Photo, font: QFont) -> None:
        path, colors = PurePosixPath(photo.path), theme.colors()
        middle = area.center().y()
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(path.name, Qt.TextElideMode.ElideMiddle, area.width())
        line = QRect(area.left(), middle - metrics.height(), area.width(), metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        line.translate(0, line.height() + 2)
        line.setLeft(self._paint_dots(painter, line, photo))
        painter.setPen(QColor(colors.danger if photo.state != "ok" else colors.muted))
        detail = self._model.label_text(photo)
        others = (pin_text(photo), str(path.parent) if path.parent.name else "")
        detail = " · ".join(filter(None, (detail, *others)))
        detail = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, detail)

    def _paint_dots(self, painter: QPainter, line: QRect, photo: Photo) -> int:
        """Paint the colours of the photo's landmarks; the x coordinate behind them."""
        left = line.left()
        for color in islice(self._model.colors(photo), _DOTS):
            paint_swatch(painter, centered(line, left, _DOT, _DOT), color)
            left += _DOT + 2
        return left + 2 if left > line.left() else left


def _frame(row: QRect) -> QRect:
    """Where the thumbnail lies in a row; a narrow list leaves more room for the names."""
    size = THUMBNAIL if row.width() >= _NARROW else THUMBNAIL * 2 / 3
    return centered(row, row.left() + theme.M, size.width(), size.height())


def mark_of(photo: Photo) -> tuple[str, str]:
    """The icon that says how far a photo is, and its colour; "" for one that is to do."""
    if photo.state != "ok":
        return ("missing" if photo.state == "missing" else "warning"), "danger"
    if photo.review == "done":
        return "done", "success"
    if photo.review == "skipped":
        return "skip", "muted"
    return ("whole", "muted") if photo.landmark_id is not None else ("", "")
