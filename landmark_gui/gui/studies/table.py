"""A study as a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor, QFont
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from landmark_gui.core.i18n import tr
from landmark_gui.core.studies import StudyResult
from landmark_gui.gui import theme
from landmark_gui.gui.studies.rows import Row, rows_of
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

NAME, ACCURACY, GAIN, TRAININGS = range(4)


class ResultModel(QAbstractTableModel):
    """A row for each way to train: how good it is, and how much better than the first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[Row, Row]] = []

    def show_result(self, keys: Sequence[str], result: StudyResult | None) -> None:
        """Replace all rows."""
        accuracy, gain = rows_of(keys, result, "accuracy"), rows_of(keys, result, "gain")
        self.beginResetModel()
        self._rows = list(zip(accuracy, gain, strict=True))
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 4

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return (tr("Way"), tr("Accuracy"), tr("Gain"), tr("Trainings"))[section]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        accuracy, gain = self._rows[index.row()]
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(accuracy, gain, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(gain.told())
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.FontRole and accuracy.won:
            font = QFont()
            font.setBold(True)
            return font
        if role == Qt.ItemDataRole.ForegroundRole and column == GAIN:
            return _ink(gain)
        if role == Qt.ItemDataRole.ForegroundRole and column == ACCURACY:
            return _ink(accuracy) if accuracy.verdict == "failed" else None
        return None

    def _text(self, accuracy: Row, gain: Row, column: int) -> str:
        if column == NAME:
            return accuracy.label
        if accuracy.value is None:
            return accuracy.figure if column == ACCURACY and accuracy.figure else "–"
        if column == ACCURACY:
            return accuracy.figure
        if column == TRAININGS:
            return f"{len(accuracy.trials)}"
        return "" if accuracy.verdict == "baseline" else gain.figure


class ResultTable(QTableView):
    """As high as its rows."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("study_table")
        self.setAccessibleName(tr("Results as a table"))
        self.results = ResultModel()
        self.setModel(self.results)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(NAME, QHeaderView.ResizeMode.Stretch)
        theme.signals.changed.connect(self.viewport().update)

    def show_result(self, keys: Sequence[str], result: StudyResult | None) -> None:
        self.results.show_result(keys, result)
        self.resizeRowsToContents()
        rows = sum(self.rowHeight(row) for row in range(self.results.rowCount()))
        header = self.horizontalHeader().sizeHint().height()
        self.setFixedHeight(rows + header + 2 * self.frameWidth() + 2)


def _alignment(column: int) -> Qt.AlignmentFlag:
    """Names at the left, figures at the right."""
    side = Qt.AlignmentFlag.AlignLeft if column == NAME else Qt.AlignmentFlag.AlignRight
    return side | Qt.AlignmentFlag.AlignVCenter


def _ink(row: Row) -> QColor | None:
    colors = theme.colors()
    inks = {"helps": colors.success, "harms": colors.danger, "failed": colors.danger}
    return QColor(inks[row.verdict]) if row.verdict in inks else None
