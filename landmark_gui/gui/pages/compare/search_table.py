"""The trials of a search as a table."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableWidget, QTableWidgetItem

from landmark_gui.core.i18n import tr
from landmark_gui.core.search import SearchResult, Tried
from landmark_gui.gui.widgets.plain import literal

_FIGURES = (1, 2)
"""Columns of numbers, which stand at the right."""


class SearchTable(QTableWidget):
    """A row for each trial: settings, accuracy with its interval, rounds, and how it ended."""

    def __init__(self) -> None:
        super().__init__(0, 4)
        self.setObjectName("search_table")
        self.setAccessibleName(tr("Results as a table"))
        self.setHorizontalHeaderLabels([tr("Settings"), tr("Accuracy"), tr("Rounds"), tr("Remark")])
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.verticalHeader().hide()
        header = self.horizontalHeader()
        for column in range(4):
            way = QHeaderView.ResizeMode
            header.setSectionResizeMode(
                column, way.ResizeToContents if column in _FIGURES else way.Stretch
            )
        self._shown: tuple[Tried, ...] = ()

    def clear_trials(self) -> None:
        self._shown = ()
        self.setRowCount(0)

    def show_trials(self, result: SearchResult) -> None:
        """Add the trials that are new; of another search, take the place of all."""
        if result.tried[: len(self._shown)] != self._shown:
            self.clear_trials()
        for row in range(len(self._shown), len(result.tried)):
            self.insertRow(row)
            for column, text in enumerate(_texts(result, result.tried[row])):
                item = QTableWidgetItem(text)
                item.setToolTip(literal(text))
                right = column in _FIGURES
                side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.setItem(row, column, item)
        self._shown = result.tried


def _texts(result: SearchResult, tried: Tried) -> tuple[str, str, str, str]:
    words = tried.settings.words() if tried.settings else tr("your settings")
    remarks = {"done": "", "pruned": tr("given up early"), "failed": tried.reason}
    return words, _accuracy(result, tried), str(len(tried.accuracies)), remarks[tried.end]


def _accuracy(result: SearchResult, tried: Tried) -> str:
    """With half of its interval, where all rounds are done."""
    if tried.end == "failed":
        return tr("failed")
    if tried.end == "done":
        accuracy = result.accuracy(tried)
        return f"{accuracy.value:.3f} (±{accuracy.spread:.3f})"
    return "–" if tried.mean is None else f"{tried.mean:.3f}"
