"""The faults that were found, each with its count, in the order in which they matter."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QItemSelectionModel,
    QObject,
    QRect,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from landmark_gui.core.i18n import tr
from landmark_gui.core.quality import texts
from landmark_gui.core.quality.report import Fault
from landmark_gui.gui import icons, theme
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.gui.widgets.rows import centered, dress_list, paint_row

COUNT_ROLE = Qt.ItemDataRole.UserRole
_HEIGHT, _MARK = 34, 16
Counts = list[tuple[Fault, int]]


class FaultModel(QAbstractListModel):
    """Faults and how many open cases each has."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.counts: Counts = []

    def set_counts(self, counts: Counts) -> bool:
        """Show these; whether the faults are others than before."""
        same = [fault for fault, _ in counts] == [fault for fault, _ in self.counts]
        if same:
            self.counts = counts
            if counts:
                self.dataChanged.emit(self.index(0), self.index(len(counts) - 1))
        else:
            self.beginResetModel()
            self.counts = counts
            self.endResetModel()
        return not same

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.counts)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        fault, count = self.counts[index.row()]
        if role == COUNT_ROLE:
            return count
        if role == Qt.ItemDataRole.DisplayRole:
            return texts.title(fault)
        said = f"{texts.title(fault)}: {texts.unit(fault, count)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return said
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(f"{said}\n{texts.explanation(fault)}")
        return None


class FaultDelegate(QStyledItemDelegate):
    """Paints a fault: its title, and at the right how many cases; a check where none is left."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, theme.grown(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        painter.save()
        painter.setFont(option.font)
        area = paint_row(painter, option).adjusted(theme.M, 0, -theme.M, 0)
        count, metrics, colors = index.data(COUNT_ROLE), painter.fontMetrics(), theme.colors()
        width = max(metrics.horizontalAdvance(str(count)), _MARK)
        place = QRect(area.right() - width, area.top(), width + 1, area.height())
        if count:
            painter.setPen(QColor(colors.muted))
            flags = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
            painter.drawText(place, flags, str(count))
        else:
            check = centered(area, area.right() - _MARK, _MARK, _MARK)
            icons.icon("check", "success").paint(painter, check)
        area.setRight(place.left() - theme.M)
        painter.setPen(QColor(colors.text if count else colors.muted))
        title = metrics.elidedText(index.data(), Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, title)
        painter.restore()


class FaultList(QListView):
    """Chooses a fault.

    Signals:
        chosen(Fault): the person looks at another one.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.faults = FaultModel(self)
        dress_list(self, "fault_list", tr("Faults"))
        self.setModel(self.faults)
        self.setItemDelegate(FaultDelegate(self))
        self.selectionModel().currentChanged.connect(self._told)

    def show_counts(self, counts: Counts, chosen: Fault | None) -> None:
        """Show the faults; `chosen` is the one that is looked at."""
        self.selectionModel().blockSignals(True)
        self.faults.set_counts(counts)
        row = next((row for row, (fault, _) in enumerate(counts) if fault is chosen), -1)
        if row >= 0 and row != self.currentIndex().row():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().setCurrentIndex(self.faults.index(row), flag)
        self.selectionModel().blockSignals(False)
        self.viewport().update()

    def _told(self, current: Index) -> None:
        if current.isValid():
            self.chosen.emit(self.faults.counts[current.row()][0])
