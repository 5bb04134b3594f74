"""The figures of each landmark as a table that can be sorted."""

from __future__ import annotations

import enum
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QSize,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from landmark_gui.core.evaluation import ClassFigures
from landmark_gui.core.evaluation.texts import share_text
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.inset import Inset
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

_SORT_ROLE = Qt.ItemDataRole.UserRole
_ROW, _PADDING = 28, 28


class Column(enum.IntEnum):
    """From left to right."""

    NAME = 0
    PRECISION = 1
    RECALL = 2
    F1 = 3
    SUPPORT = 4


class ClassTable(QAbstractTableModel):
    """A row for each landmark of the model."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[ClassFigures, ...] = ()
        self._colors: dict[str, str] = {}

    def show_classes(self, rows: tuple[ClassFigures, ...], colors: dict[str, str]) -> None:
        """Replace all rows; `colors` are those of the project's landmarks by their names."""
        self.beginResetModel()
        self._rows, self._colors = rows, colors
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def headerData(
        self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if side == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Landmark"), tr("Precision"), tr("Recall"), tr("F1"), tr("Examples"))[
                section
            ]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _explanations()[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        of, column = self._rows[index.row()], Column(index.column())
        if role == Qt.ItemDataRole.DisplayRole:
            return _text(of, column)
        if role == _SORT_ROLE:
            value = _value(of, column)
            return -1.0 if value is None else value
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.DecorationRole and column is Column.NAME:
            color = self._colors.get(of.name)
            return QColor(color) if color else None
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(tr("{name}: Enter shows its mistakes", name=of.name))
        return None


class ClassView(QTableView):
    """The table; a row is opened by double click or Enter, its number is that of the label.

    Signals:
        opened(int): the number of a landmark among the labels of the model.
    """

    opened = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.classes = ClassTable()
        self.classes.setParent(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.classes)
        self._sorted.setSortRole(_SORT_ROLE)
        self._sorted.setSortCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        self.setModel(self._sorted)
        self.setObjectName("evaluate_classes")
        self.setAccessibleName(tr("Figures of each landmark"))
        self._dress()
        self.doubleClicked.connect(self._open)
        self.classes.modelReset.connect(self.updateGeometry)

    def sizeHint(self) -> QSize:
        rows = self._sorted.rowCount() * theme.grown(_ROW)
        return QSize(360, rows + self.horizontalHeader().sizeHint().height() + 4)

    def minimumSizeHint(self) -> QSize:
        header = self.horizontalHeader()
        fixed = sum(header.sectionSize(column) for column in list(Column)[1:])
        width = fixed + header.minimumSectionSize() + 4
        return QSize(width, min(self.sizeHint().height(), 12 * theme.grown(_ROW)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() and self.currentIndex().isValid():
            self._open(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def _open(self, index: Index) -> None:
        self.opened.emit(self._sorted.mapToSource(index).row())

    def _dress(self) -> None:
        self.setItemDelegate(Inset(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.setFont(theme.tabular(self.font()))
        self.verticalHeader().setDefaultSectionSize(theme.grown(_ROW))
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        name = self.classes.headerData(Column.NAME, Qt.Orientation.Horizontal)
        header.setMinimumSectionSize(self.fontMetrics().horizontalAdvance(name) + _PADDING // 2)
        header.setSectionResizeMode(Column.NAME, QHeaderView.ResizeMode.Stretch)
        for column in list(Column)[1:]:
            header.setSectionResizeMode(column, QHeaderView.ResizeMode.Fixed)
            title = self.classes.headerData(column, Qt.Orientation.Horizontal)
            widest = max(map(self.fontMetrics().horizontalAdvance, (title, share_text(1))))
            header.resizeSection(column, widest + _PADDING)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)  # the order of the landmarks
        self.setSortingEnabled(True)


def _value(of: ClassFigures, column: Column) -> float | str | None:
    values: tuple[float | str | None, ...] = (
        of.name,
        of.precision,
        of.recall,
        of.f1,
        float(of.support),
    )
    return values[column]


def _text(of: ClassFigures, column: Column) -> str:
    if column is Column.NAME:
        return of.name
    if column is Column.SUPPORT:
        return str(of.support)
    if column is Column.F1:
        return "–" if of.f1 is None else f"{of.f1:.2f}"
    return share_text(of.precision if column is Column.PRECISION else of.recall)


def _explanations() -> tuple[str, ...]:
    return (
        "",
        tr("Of what the model calls so, the share that is so"),
        tr("Of all examples of this landmark, the share that the model finds"),
        tr("Both together: the harmonic mean of precision and recall; 1 is best"),
        tr("How many examples of it the model was asked about"),
    )


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter
