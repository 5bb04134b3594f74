"""How many crops each landmark has in each split."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor, QFont, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QSizePolicy,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import SPLITS
from landmark_gui.gui import theme
from landmark_gui.gui.pages.dataset.overview import Planned
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal


class SplitTable(QAbstractTableModel):
    """A row for each landmark and one for all; a column for each split and one for all."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str, list[int]]] = []

    def show_plan(self, planned: Planned) -> None:
        """Replace all rows; nothing happens if they are the same."""
        rows = [
            (name, color, [planned.counts[split][name] for split in SPLITS])
            for name, color in planned.landmarks.items()
        ]
        sums = [sum(counts[split] for _, _, counts in rows) for split in range(len(SPLITS))]
        rows.append((tr("All"), "", sums))
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(SPLITS) + 1))

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(SPLITS) + 2

    def headerData(
        self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if side == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            titles = (tr("Landmark"), tr("Train"), tr("Validation"), tr("Test"), tr("Total"))
            return titles[section]
        return _alignment(section) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, color, counts = self._rows[index.row()]
        values = [*counts, sum(counts)]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if index.column() == 0 else values[index.column() - 1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and color:
            return QColor(color)
        if role == Qt.ItemDataRole.ToolTipRole and index.column() == 0:
            return literal(name)
        if role == Qt.ItemDataRole.FontRole and not color:
            return _bold()
        if role == Qt.ItemDataRole.ForegroundRole and index.column() > 0:
            return None if values[index.column() - 1] else QColor(theme.colors().warning)
        return None


class _Inset(QStyledItemDelegate):
    """Keeps the text of a cell in line with its header, which the style sheet pads."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(theme.colors().selection))
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(5, 0, -5, 0)
        inner.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, inner, index)


def table_view(model: SplitTable) -> QTableView:
    """The table as the page shows it."""
    view = QTableView()
    view.setObjectName("crops_table")
    view.setAccessibleName(tr("Crops of each landmark in each split"))
    view.setModel(model)
    view.setItemDelegate(_Inset(view))
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setSizeAdjustPolicy(QAbstractItemView.SizeAdjustPolicy.AdjustToContents)
    view.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.verticalHeader().hide()
    view.verticalHeader().setDefaultSectionSize(32)
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionsClickable(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
    return view


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
