"""The boxes of the photo on show, as a list beside the canvas."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeySequence, QPainter, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.canvas import Shape
from landmark_gui.gui.pages.label.landmark_list import name_area, swatch_area
from landmark_gui.gui.widgets.common import heading
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.gui.widgets.rows import centered, dress_list, paint_row, paint_swatch

SHAPE_ROLE = Qt.ItemDataRole.UserRole
_MARK = 14


class BoxModel(QAbstractListModel):
    """The shapes on the canvas, oldest first."""

    def __init__(self) -> None:
        super().__init__()
        self.shapes: list[Shape] = []

    def set_shapes(self, shapes: list[Shape]) -> None:
        same = [shape.id for shape in shapes] == [shape.id for shape in self.shapes]
        if same and shapes:
            self.shapes = shapes
            self.dataChanged.emit(self.index(0), self.index(len(shapes) - 1))
        elif not same:
            self.beginResetModel()
            self.shapes = shapes
            self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.shapes)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        shape = self.shapes[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return shape.name
        if role == SHAPE_ROLE:
            return shape
        if role == Qt.ItemDataRole.ToolTipRole:
            x, y = f"{shape.rect.x:.0f}", f"{shape.rect.y:.0f}"
            size = size_text(shape)
            text = tr("{name}, {size} at x {x}, y {y}", name=shape.name, size=size, x=x, y=y)
            return literal("\n".join(filter(None, (text, excluded_text(shape)))))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (shape.name, size_text(shape), excluded_text(shape))))
        return None


class BoxDelegate(QStyledItemDelegate):
    """Paints a box: swatch, name of the landmark, size in pixels."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, 30)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        shape: Shape = index.data(SHAPE_ROLE)
        painter.save()
        painter.setFont(option.font)
        area = paint_row(painter, option)
        paint_swatch(painter, swatch_area(area).adjusted(3, 3, -3, -3), shape.color)
        metrics, size = painter.fontMetrics(), size_text(shape)
        width = metrics.horizontalAdvance(size)
        place = QRect(area.right() - theme.M - width, area.top(), width + 1, area.height())
        painter.setPen(QColor(theme.colors().muted))
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter, size)
        name = name_area(area)
        name.setRight(place.left() - theme.M)
        if shape.excluded:
            mark = centered(area, name.right() - _MARK, _MARK, _MARK)
            icons.icon("excluded", "muted").paint(painter, mark)
            name.setRight(mark.left() - theme.S)
        colors = theme.colors()
        painter.setPen(QColor(colors.muted if shape.dashed else colors.text))
        text = metrics.elidedText(shape.name, Qt.TextElideMode.ElideRight, name.width())
        painter.drawText(name, Qt.AlignmentFlag.AlignVCenter, text)
        painter.restore()


class BoxPanel(QWidget):
    """Lists the boxes; its selection and the canvas' are one.

    Signals:
        selected(list[str]): the person selected these boxes here.
        activated(str): a box was double-clicked, or Enter pressed on it.
        delete_wanted(): Del was pressed.
        menu_wanted(QPoint): the menu of the selected boxes, at a place of the screen.
    """

    selected = Signal(list)
    activated = Signal(str)
    delete_wanted = Signal()
    menu_wanted = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.model = BoxModel()
        self.model.setParent(self)
        self._title = heading("", "subtitle")
        self._whole = heading("", "muted")
        self._whole.setObjectName("whole_photo")
        self.list = self._make_list()
        for key in ("Del", "Backspace"):
            shortcut = QShortcut(QKeySequence(key), self.list)
            shortcut.setContext(Qt.ShortcutContext.WidgetShortcut)
            shortcut.activated.connect(self.delete_wanted)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self._title)
        layout.addWidget(self._whole)
        layout.addWidget(self.list, 1)
        self.show_shapes([], "")

    def show_shapes(self, shapes: list[Shape], whole_photo: str) -> None:
        """List these boxes; `whole_photo` names the landmark of the photo itself, if any."""
        self.model.set_shapes(shapes)
        boxes = sum(not shape.proposed for shape in shapes)
        self._title.setText(tr("Boxes on this photo: {n}", n=boxes))
        self._whole.setText(tr("Whole photo: {name}", name=whole_photo))
        self._whole.setVisible(bool(whole_photo))

    def select(self, ids: Iterable[str]) -> None:
        """Select the rows of these boxes, without telling."""
        wanted, selection = set(ids), QItemSelection()
        rows = [row for row, shape in enumerate(self.model.shapes) if shape.id in wanted]
        for row in rows:
            selection.select(self.model.index(row), self.model.index(row))
        model = self.list.selectionModel()
        model.blockSignals(True)
        model.select(selection, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        if rows:
            flag = QItemSelectionModel.SelectionFlag.NoUpdate
            model.setCurrentIndex(self.model.index(rows[-1]), flag)
            self.list.scrollTo(self.model.index(rows[-1]))
        model.blockSignals(False)
        self.list.viewport().update()

    def _make_list(self) -> QListView:
        view = QListView()
        dress_list(view, "box_list", tr("Boxes on this photo"))
        view.setModel(self.model)
        view.setItemDelegate(BoxDelegate(view))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.selectionModel().selectionChanged.connect(self._told)
        view.activated.connect(lambda index: self.activated.emit(self._id(index)))
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(
            lambda place: self.menu_wanted.emit(view.viewport().mapToGlobal(place))
        )
        return view

    def _told(self) -> None:
        self.selected.emit([self._id(index) for index in self.list.selectedIndexes()])

    def _id(self, index: QModelIndex) -> str:
        return self.model.shapes[index.row()].id


def excluded_text(shape: Shape) -> str:
    """That a box is left out of the dataset, or is none yet, or ""."""
    if shape.proposed:
        return tr("proposed by the model, not a box yet")
    return tr("left out of the dataset") if shape.excluded else ""


def size_text(shape: Shape) -> str:
    """Width × height in whole pixels."""
    return f"{shape.rect.w:.0f} × {shape.rect.h:.0f}"
