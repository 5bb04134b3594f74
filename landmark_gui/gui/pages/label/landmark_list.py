"""The view of the landmarks: rows to drag, and counts that can be pressed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QFontMetrics, QMouseEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QLineEdit,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Landmark
from landmark_gui.gui import theme
from landmark_gui.gui.pages.label.landmark_model import COUNT_ROLE, LANDMARK_ROLE, LandmarkModel
from landmark_gui.gui.widgets.models import Index
from landmark_gui.gui.widgets.rows import centered, dress_list, paint_key, paint_row, paint_swatch

_HEIGHT, _SWATCH, _KEY = 34, 18, 20


class LandmarkList(QListView):
    """Lists landmarks; they can be dragged to another place.

    Signals:
        count_pressed(int): the count of this landmark was clicked.
    """

    count_pressed = Signal(int)

    def __init__(self, model: LandmarkModel) -> None:
        super().__init__()
        dress_list(self, "landmark_list", tr("Landmarks"))
        self.setModel(model)
        self.setItemDelegate(LandmarkDelegate(model))
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDragDropOverwriteMode(False)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        over = self._count_at(event.position().toPoint()) is not None
        shape = Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor
        self.viewport().setCursor(shape)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        mark = self._count_at(event.position().toPoint())
        if mark is not None and event.button() == Qt.MouseButton.LeftButton:
            self.count_pressed.emit(mark.id)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if self._count_at(event.position().toPoint()) is None:  # else it is no wish to rename
            super().mouseDoubleClickEvent(event)

    # Rows can be edited, so Qt would hand letters to an input method: in Hangul mode none of
    # the keys of the page would work while the list has the focus.

    def currentChanged(self, current: Index, previous: Index) -> None:  # noqa: N802
        super().currentChanged(current, previous)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)

    def _count_at(self, place: QPoint) -> Landmark | None:
        index = self.indexAt(place)
        if not index.isValid():
            return None
        row = self.visualRect(index).adjusted(3, 1, -3, -1)
        count = count_area(row, index.data(COUNT_ROLE), self.fontMetrics())
        return index.data(LANDMARK_ROLE) if count.contains(place) else None


class LandmarkDelegate(QStyledItemDelegate):
    """Paints a landmark: swatch, name, how often there is one, and its key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, theme.grown(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mark: Landmark = index.data(LANDMARK_ROLE)
        painter.save()
        painter.setFont(option.font)
        area = paint_row(painter, option)
        paint_swatch(painter, swatch_area(area), mark.color)
        if mark.key:
            paint_key(painter, centered(area, _key_left(area), _KEY, _KEY), mark.key)
        metrics, text = painter.fontMetrics(), index.data(COUNT_ROLE)
        count = count_area(area, text, metrics)
        painter.setPen(QColor(theme.colors().muted))
        painter.drawText(count, Qt.AlignmentFlag.AlignCenter, text)
        name = name_area(area)
        name.setRight(count.left() - theme.S)
        painter.setPen(QColor(theme.colors().text))
        elided = metrics.elidedText(mark.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, elided)
        painter.restore()

    def createEditor(self, parent: QWidget, option: QStyleOptionViewItem, index: Index) -> QWidget:
        editor = QLineEdit(parent)
        editor.setObjectName("landmark_name_editor")
        editor.setAccessibleName(tr("Name of the landmark"))
        return editor

    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: Index
    ) -> None:
        area = option.rect.adjusted(3, 1, -3, -1)
        editor.setGeometry(name_area(area).adjusted(-theme.S - 2, 1, -theme.S, -1))


def swatch_area(row: QRect) -> QRect:
    """Where the swatch lies in the area of a row."""
    return centered(row, row.left() + theme.M, _SWATCH, _SWATCH)


def name_area(row: QRect) -> QRect:
    """Where the name lies in the area of a row."""
    return row.adjusted(theme.M + _SWATCH + theme.M, 0, 0, 0)


def count_area(row: QRect, text: str, metrics: QFontMetrics) -> QRect:
    """Where the count lies in the area of a row, with room for the pointer."""
    width = metrics.horizontalAdvance(text) + 2 * theme.S
    return QRect(_key_left(row) - theme.S - width, row.top(), width, row.height())


def _key_left(row: QRect) -> int:
    return row.right() - theme.S - _KEY
