"""What sorting would do, as a table: from where, to where, and why."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from landmark_gui.core.i18n import tr
from landmark_gui.core.sorting import Plan, Step
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

_ORDER = {"left": 0, "kept": 1, "put": 2}
"""What needs a look comes first."""


class PlanModel(QAbstractTableModel):
    """One row for each photo; those that stay, with the reason, come first."""

    def __init__(self) -> None:
        super().__init__()
        self._plan: Plan | None = None
        self._steps: list[Step] = []

    def show_plan(self, plan: Plan | None) -> None:
        """Show another plan; None for none yet."""
        self.beginResetModel()
        self._plan = plan
        self._steps = sorted(plan.steps, key=lambda step: _ORDER[step.fate]) if plan else []
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._steps)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else 3

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return (tr("From"), tr("To"), tr("Why"))[section]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        step, column = self._steps[index.row()], index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return (step.source.name, self._target(step), step.reason)[column]
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal((str(step.source), str(step.target or ""), step.reason)[column])
        if role == Qt.ItemDataRole.ForegroundRole and step.fate != "put":
            colors = theme.colors()
            return QColor(colors.warning if step.fate == "left" else colors.muted)
        return None

    def _target(self, step: Step) -> str:
        if step.target is None or self._plan is None:
            return tr("stays where it is")
        return step.target.relative_to(self._plan.destination).as_posix()


def make_table(model: PlanModel) -> QTableView:
    """The table for a plan."""
    table = QTableView()
    table.setObjectName("sorting_plan")
    table.setAccessibleName(tr("What would be done"))
    table.setModel(model)
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setWordWrap(False)
    table.setTextElideMode(Qt.TextElideMode.ElideMiddle)
    table.verticalHeader().hide()
    table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    table.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    table.horizontalHeader().setHighlightSections(False)
    table.horizontalHeader().setDefaultAlignment(
        Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
    )
    return table
