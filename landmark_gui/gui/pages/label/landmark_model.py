"""The landmarks of the open project as a list model: colour, name, key, number of boxes."""

from __future__ import annotations

from collections import Counter
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QLineEdit, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from landmark_gui.core import edits
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Box, Edit, Landmark
from landmark_gui.gui import theme
from landmark_gui.gui.document import Document
from landmark_gui.gui.widgets.rows import centered, paint_key, paint_row, paint_swatch

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
LANDMARK_ROLE = Qt.ItemDataRole.UserRole
_HEIGHT, _SWATCH, _KEY = 34, 18, 20


class LandmarkModel(QAbstractListModel):
    """Landmarks in their order. Renaming goes through the document.

    Signals:
        refused(str): why a name was not taken.
    """

    refused = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._landmarks: list[Landmark] = []
        self._boxes: Counter[int] = Counter()

    def set_document(self, document: Document | None) -> None:
        self._document = document
        boxes = document.project.boxes.values() if document else ()
        self._boxes = Counter(box.landmark_id for box in boxes)
        self._reload()

    def apply(self, edit: Edit) -> None:
        """Follow an edit of the document."""
        for change in edit.changes:
            if isinstance(change.before, Box):
                self._boxes[change.before.landmark_id] -= 1
            if isinstance(change.after, Box):
                self._boxes[change.after.landmark_id] += 1
        if edit.touches_landmarks():
            self._reload()
        elif self._landmarks:
            self.dataChanged.emit(self.index(0), self.index(len(self._landmarks) - 1))

    def landmark(self, row: int) -> Landmark:
        return self._landmarks[row]

    def row_of(self, landmark_id: int | None) -> int:
        """The row of a landmark, or -1."""
        rows = (row for row, mark in enumerate(self._landmarks) if mark.id == landmark_id)
        return next(rows, -1)

    def boxes(self, landmark_id: int) -> int:
        """How many boxes the project has of a landmark."""
        return self._boxes[landmark_id]

    def _reload(self) -> None:
        landmarks = self._document.project.ordered_landmarks() if self._document else []
        if [mark.id for mark in landmarks] == [mark.id for mark in self._landmarks]:
            self._landmarks = landmarks
            if landmarks:
                self.dataChanged.emit(self.index(0), self.index(len(landmarks) - 1))
            return
        self.beginResetModel()
        self._landmarks = landmarks
        self.endResetModel()

    # Qt's questions

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._landmarks)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        mark = self._landmarks[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return mark.name
        if role == LANDMARK_ROLE:
            return mark
        if role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
            count = self._boxes[mark.id]
            key = tr("key {key}", key=mark.key) if mark.key else tr("no key")
            return f"{mark.name}, {ntr('{n} box', '{n} boxes', count)}, {key}"
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        mark, name = self._landmarks[index.row()], str(value).strip()
        if self._document is None or not name or name == mark.name:
            return False
        if self._document.project.landmark_named(name) is not None:
            self.refused.emit(tr("There is a landmark named {name} already.", name=name))
            return False
        self._document.do(edits.rename_landmark(mark, name))
        return True


class LandmarkDelegate(QStyledItemDelegate):
    """Paints a landmark: swatch, name, number of boxes and its key."""

    def __init__(self, model: LandmarkModel) -> None:
        super().__init__(model)
        self._model = model

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, _HEIGHT)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        mark: Landmark = index.data(LANDMARK_ROLE)
        painter.save()
        painter.setFont(option.font)
        area = paint_row(painter, option)
        paint_swatch(painter, swatch_area(area), mark.color)
        right = area.right() - theme.S - _KEY
        if mark.key:
            paint_key(painter, centered(area, right, _KEY, _KEY), mark.key)
        metrics, count = painter.fontMetrics(), str(self._model.boxes(mark.id))
        width = metrics.horizontalAdvance(count)
        painter.setPen(QColor(theme.colors().muted))
        right -= theme.M + width
        flags = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(right, area.top(), width, area.height()), flags, count)
        name = name_area(area)
        name.setRight(right - theme.M)
        painter.setPen(QColor(theme.colors().text))
        text = metrics.elidedText(mark.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, flags, text)
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
