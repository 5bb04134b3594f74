"""How many crops each landmark has in each split, in figures and as bars."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QItemSelectionModel, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QTableView,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import SPLITS
from landmark_gui.gui import theme
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.icons import finest_ratio
from landmark_gui.gui.pages.dataset.bars import COUNTS_ROLE, BarDelegate, swatch
from landmark_gui.gui.widgets.inset import Inset
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

TOTAL, BARS = len(SPLITS) + 1, len(SPLITS) + 2
_ROOM_FOR_BARS = 480
"""In a narrower table the names need the room."""
_KEYS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class SplitTable(QAbstractTableModel):
    """A row for each landmark and one for all; a column for each split, all of them, and bars."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, str, list[int]]] = []
        self._has_bars = True

    def set_bars(self, on: bool) -> None:
        """Whether there are bars, which the titles explain."""
        if on != self._has_bars:
            self._has_bars = on
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, BARS)

    def show_dataset(self, dataset: Dataset) -> None:
        """Replace all rows; nothing happens if they are the same."""
        rows = [
            (name, color, [dataset.counts[split][name] for split in SPLITS])
            for name, color in dataset.landmarks.items()
        ]
        sums = [sum(counts[split] for _, _, counts in rows) for split in range(len(SPLITS))]
        rows.append((tr("All"), "", sums))
        if len(rows) != len(self._rows):
            self.beginResetModel()
            self._rows = rows
            self.endResetModel()
        elif rows != self._rows:
            self._rows = rows
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, BARS))

    def meaning(self, index: Index) -> tuple[str, str]:
        """The landmark and the split that a cell counts; "" for all of them."""
        name, color, _ = self._rows[index.row()]
        split = SPLITS[index.column() - 1] if 0 < index.column() < TOTAL else ""
        return name if color else "", split

    def cell(self, landmark: str, split: str) -> Index:
        """Where a landmark and a split are counted."""
        rows = [name if color else "" for name, color, _ in self._rows]
        column = SPLITS.index(split) + 1 if split in SPLITS else 0
        return self.index(rows.index(landmark), column) if landmark in rows else ROOT

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else BARS + 1

    def headerData(
        self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if side == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            titles = (tr("Landmark"), tr("Train"), tr("Validation"), tr("Test"), tr("Total"), "")
            return titles[section]
        if role == Qt.ItemDataRole.AccessibleTextRole and section == BARS:
            return tr("How they are shared out")
        if role == Qt.ItemDataRole.DecorationRole and self._has_bars and 0 < section < TOTAL:
            return swatch(SPLITS[section - 1], finest_ratio())
        if role == Qt.ItemDataRole.TextAlignmentRole:  # beside its swatch, where it has one
            return _alignment(section if section == TOTAL else 0)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        name, color, counts = self._rows[index.row()]
        if index.column() == BARS:
            if role == Qt.ItemDataRole.AccessibleTextRole:
                return _shares_text(counts)
            return self._bar(color, counts) if role == COUNTS_ROLE else None
        values = [*counts, sum(counts)]
        if role == Qt.ItemDataRole.DisplayRole:
            return name if index.column() == 0 else values[index.column() - 1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(index.column())
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and color:
            return QColor(color)
        if role == Qt.ItemDataRole.ToolTipRole:
            return self._tooltip(index)
        if role == Qt.ItemDataRole.FontRole and not color:
            return _bold()
        if role == Qt.ItemDataRole.ForegroundRole and index.column() > 0:
            return None if values[index.column() - 1] else QColor(theme.colors().warning)
        return None

    def _bar(self, color: str, counts: list[int]) -> tuple[list[int], int] | None:
        """All landmarks together have no bar: it would dwarf the others."""
        return (counts, max(sum(row[2]) for row in self._rows[:-1])) if color else None

    def _tooltip(self, index: Index) -> str:
        name, color, _ = self._rows[index.row()]
        return literal(tr("{name}: click to see these crops", name=name) if color else name)


class TableView(QTableView):
    """The table, of which a cell is chosen by click, Enter or Space.

    Signals:
        chosen(str, str): landmark and split; "" for all of them.
    """

    chosen = Signal(str, str)

    def __init__(self, model: SplitTable) -> None:
        super().__init__()
        self._model = model
        self.setModel(model)
        self.clicked.connect(lambda index: self.chosen.emit(*model.meaning(index)))

    def show_choice(self, landmark: str, split: str) -> None:
        """Mark the cell that is filtered by, without telling; none if all crops are shown."""
        if not landmark and not split:
            self.clearSelection()
            return
        clear = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._model.cell(landmark, split), clear)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _KEYS and self.currentIndex().isValid():
            self.chosen.emit(*self._model.meaning(self.currentIndex()))
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        room = event.size().width() >= _ROOM_FOR_BARS
        self.setColumnHidden(BARS, not room)
        self._model.set_bars(room)
        super().resizeEvent(event)

    def sizeHint(self) -> QSize:
        rows = self._model.rowCount() * self.verticalHeader().defaultSectionSize()
        return QSize(480, rows + self.horizontalHeader().sizeHint().height() + 2)


def table_view(model: SplitTable) -> TableView:
    """The table as the page shows it."""
    view = TableView(model)
    view.setObjectName("crops_table")
    view.setAccessibleName(tr("Crops of each landmark in each split"))
    view.setItemDelegate(Inset(view))
    view.setItemDelegateForColumn(BARS, BarDelegate(view))
    view.setShowGrid(False)
    view.setWordWrap(False)
    view.setTabKeyNavigation(False)
    view.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.verticalHeader().hide()
    view.setFont(theme.tabular(view.font()))
    view.verticalHeader().setDefaultSectionSize(theme.grown(28))
    header = view.horizontalHeader()
    header.setHighlightSections(False)
    header.setSectionsClickable(False)
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    for column in (0, BARS):
        header.setSectionResizeMode(column, QHeaderView.ResizeMode.Stretch)
    return view


def _shares_text(counts: list[int]) -> str:
    """What the bar of a row shows."""
    train, validation, test = counts
    return tr(
        "train {train}, validation {validation}, test {test}",
        train=train,
        validation=validation,
        test=test,
    )


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _bold() -> QFont:
    font = QFont()
    font.setBold(True)
    return font
