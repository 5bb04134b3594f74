"""One row of the photo list: thumbnail, name, and what is labelled on it."""

from __future__ import annotations

from pathlib import PurePosixPath

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.project import Photo
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.label.photo_model import PHOTO_ROLE, PhotoListModel
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.rows import paint_row, paint_thumbnail

THUMBNAIL = QSize(72, 54)
_MARK = 16


class PhotoDelegate(QStyledItemDelegate):
    """Paints a photo; asks for thumbnails of the rows that come into view, and no others."""

    def __init__(self, model: PhotoListModel, thumbnails: Thumbnails) -> None:
        super().__init__(model)
        self._model, self._thumbnails = model, thumbnails

    def sizeHint(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> QSize:
        return QSize(200, THUMBNAIL.height() + 2 * theme.M)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        photo = index.data(PHOTO_ROLE)
        painter.save()
        area = paint_row(painter, option)
        frame = QRect(area.topLeft() + QPoint(theme.M, theme.M), THUMBNAIL)
        paint_thumbnail(painter, frame, self._thumbnail(photo))
        mark = QRect(0, 0, _MARK, _MARK)
        mark.moveCenter(QPoint(area.right() - theme.M - _MARK // 2, area.center().y()))
        text = area.adjusted(frame.right() + theme.M + 2 - area.left(), 0, 0, 0)
        text.setRight(mark.left() - theme.S)
        self._paint_text(painter, text, photo, option.font)
        self._paint_mark(painter, mark, photo)
        painter.restore()

    def _thumbnail(self, photo: Photo) -> QPixmap | None:
        if photo.state == "unreadable":
            return None
        path = self._model.path_of(photo)
        return self._thumbnails.get((photo.id, photo.hash), path, photo.hash)

    def _paint_text(self, painter: QPainter, area: QRect, photo: Photo, font: QFont) -> None:
        path, colors = PurePosixPath(photo.path), theme.colors()
        middle = area.center().y()
        painter.setFont(font)
        painter.setPen(QColor(colors.text))
        metrics = painter.fontMetrics()
        name = metrics.elidedText(path.name, Qt.TextElideMode.ElideMiddle, area.width())
        line = QRect(area.left(), middle - metrics.height(), area.width(), metrics.height())
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, name)
        painter.setPen(QColor(colors.danger if photo.state == "unreadable" else colors.muted))
        detail = self._model.state_text(photo)
        if path.parent.name:
            detail += f" · {path.parent}"
        detail = metrics.elidedText(detail, Qt.TextElideMode.ElideRight, area.width())
        line.translate(0, line.height() + 2)
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, detail)

    def _paint_mark(self, painter: QPainter, area: QRect, photo: Photo) -> None:
        if photo.state == "unreadable":
            icons.icon("warning", "danger").paint(painter, area)
        elif self._model.is_labelled(photo):
            icons.icon("check", "success").paint(painter, area)
