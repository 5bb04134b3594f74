"""The runs as rows: filtered, sorted, and with notes that are written in place."""

from __future__ import annotations

import enum
from collections.abc import Mapping, Sequence
from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt, Signal
from PySide6.QtGui import QColor

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_list import Run
from landmark_gui.core.run_texts import accuracy_text, data_text, date_text, recipe_text, state_text
from landmark_gui.gui import theme
from landmark_gui.gui.pages.runs.texts import seconds_text, share_text, size_text
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

SERIES_ROLE = Qt.ItemDataRole.UserRole
"""The colour of a run in the charts, None unless it is drawn."""


class Column(enum.IntEnum):
    """What is said of a run, from left to right."""

    DATE = 0
    RECIPE = 1
    DATA = 2
    EPOCHS = 3
    ACCURACY = 4
    VALIDATION = 5
    TIME = 6
    SIZE = 7
    NOTE = 8


_NUMBERS = (Column.EPOCHS, Column.VALIDATION, Column.TIME, Column.SIZE)


class RunTable(QAbstractTableModel):
    """The runs that pass the filter, in the order of a column.

    Signals:
        note_written(Run, str): the person has changed a note.

    Attributes:
        read_only: whether notes can only be read.
    """

    note_written = Signal(object, str)

    def __init__(self) -> None:
        super().__init__()
        self.read_only = False
        self._all: list[Run] = []
        self._shown: list[Run] = []
        self._rows: dict[str, int] = {}
        self._texts: Mapping[str, str] = {}
        self._words: list[str] = []
        self._column, self._descending = Column.DATE, True
        self._colors: dict[str, str] = {}

    def set_runs(self, runs: Sequence[Run], texts: Mapping[str, str]) -> None:
        """Show other runs, or what has become of the same ones.

        Args:
            texts: of each run by its id, what `searched_text` has made of it.
        """
        self._all, self._texts = list(runs), texts
        self._arrange()

    def set_filter(self, text: str) -> None:
        """Show the runs that have all these words in what the table says of them."""
        self._words = text.casefold().split()
        self._arrange()

    def set_colors(self, colors: dict[str, str]) -> None:
        """Mark runs, by id, with the colours of their curves."""
        if colors != self._colors:
            self._colors = colors
            self._repaint(Column.DATE)

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self._column = Column(column) if 0 <= column < len(Column) else Column.DATE
        self._descending = order == Qt.SortOrder.DescendingOrder
        self._arrange()

    def run(self, row: int) -> Run:
        return self._shown[row]

    def row_of(self, id_: str) -> int:
        """Where a run stands; -1 if it is not shown."""
        return self._rows.get(id_, -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        editable = index.column() == Column.NOTE and not self.read_only
        return flags | Qt.ItemFlag.ItemIsEditable if editable else flags

    def headerData(
        self, section: int, side: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if side == Qt.Orientation.Vertical:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return _titles()[section]
        if role == Qt.ItemDataRole.ToolTipRole:
            return _explanations().get(Column(section))
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(section)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        run, column = self._shown[index.row()], Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            text = cell_text(run, column)
            return text if role == Qt.ItemDataRole.EditRole else text.replace("\n", " ")
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return _alignment(column)
        if role == Qt.ItemDataRole.ForegroundRole:
            return _ink(run, column)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(_tooltip(run, column))
        if role == SERIES_ROLE and column == Column.DATE:
            return self._colors.get(run.id)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        run = self._shown[index.row()]
        if index.column() != Column.NOTE or role != Qt.ItemDataRole.EditRole:
            return False
        if str(value).strip() != run.note:
            self.note_written.emit(run, str(value))
        return True

    def _arrange(self) -> None:
        shown = [run for run in self._all if self._passes(run)]
        shown.sort(key=lambda run: run.id, reverse=True)
        shown.sort(key=self._place, reverse=self._descending)
        rows = {run.id: row for row, run in enumerate(shown)}
        if rows == self._rows and len(shown) == len(self._shown):
            self._shown = shown
            self._repaint(*Column)
            return
        self.beginResetModel()
        self._shown, self._rows = shown, rows
        self.endResetModel()

    def _place(self, run: Run) -> tuple[bool, Any]:
        """What has no value comes last, whichever way the column is sorted."""
        value = _value(run, self._column)
        missing = value is None or value == ""
        return missing != self._descending, 0 if missing else value

    def _passes(self, run: Run) -> bool:
        text = self._texts.get(run.id, "")
        return all(word in text for word in self._words)

    def _repaint(self, *columns: Column) -> None:
        if self._shown and columns:
            last = len(self._shown) - 1
            self.dataChanged.emit(self.index(0, min(columns)), self.index(last, max(columns)))


def searched_text(run: Run) -> str:
    """All that the table says of a run, for the filter. Takes a tenth of a millisecond."""
    return " ".join([*(cell_text(run, column) for column in Column), run.id]).casefold()


def cell_text(run: Run, column: Column) -> str:
    """What the table says of a run."""
    texts = {
        Column.DATE: date_text,
        Column.RECIPE: recipe_text,
        Column.DATA: data_text,
        Column.EPOCHS: lambda run: str(run.epochs or ""),
        Column.ACCURACY: _accuracy_or_state,
        Column.VALIDATION: lambda run: share_text(run.validation_accuracy),
        Column.TIME: lambda run: seconds_text(run.seconds),
        Column.SIZE: lambda run: size_text(run.size),
        Column.NOTE: lambda run: run.note,
    }
    return texts[column](run)


def _accuracy_or_state(run: Run) -> str:
    return accuracy_text(run) or (tr("not tested") if run.state == "done" else state_text(run))


def _value(run: Run, column: Column) -> Any:
    """What a column is sorted by."""
    values: dict[Column, Any] = {
        Column.DATE: run.id,
        Column.EPOCHS: run.epochs or None,
        Column.ACCURACY: run.accuracy,
        Column.VALIDATION: run.validation_accuracy,
        Column.TIME: run.seconds,
        Column.SIZE: run.size,
    }
    return values[column] if column in values else cell_text(run, column).casefold()


def _titles() -> tuple[str, ...]:
    return (
        tr("Date"),
        tr("Recipe"),
        tr("Learned from"),
        tr("Epochs"),
        tr("Test accuracy"),
        tr("Validation"),
        tr("Time"),
        tr("Disk"),
        tr("Note"),
    )


def _explanations() -> dict[Column, str]:
    return {
        Column.ACCURACY: tr(
            "Share of test examples named correctly, and where it lies with 95 % confidence"
        ),
        Column.VALIDATION: tr("Accuracy of the best epoch on the validation examples"),
        Column.NOTE: tr("Double-click, or press F2, to write one"),
    }


def _tooltip(run: Run, column: Column) -> str:
    if column == Column.NOTE:
        return run.note
    return f"{run.id}: {state_text(run)}" if run.state != "done" else ""


def _ink(run: Run, column: Column) -> QColor | None:
    if column == Column.ACCURACY and run.accuracy is None:
        bad = run.state in ("failed", "damaged")
        return QColor(theme.colors().danger if bad else theme.colors().muted)
    return None


def _alignment(column: int) -> Qt.AlignmentFlag:
    side = Qt.AlignmentFlag.AlignRight if column in _NUMBERS else Qt.AlignmentFlag.AlignLeft
    return side | Qt.AlignmentFlag.AlignVCenter
