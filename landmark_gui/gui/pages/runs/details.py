"""What is known of the chosen runs: their curves, in what they differ, which is better."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_list import Run
from landmark_gui.core.run_texts import Difference, date_text
from landmark_gui.gui import theme
from landmark_gui.gui.pages.runs.curves import (
    MOST,
    IntervalPlot,
    OverlayPlot,
    Series,
    series_color,
)
from landmark_gui.gui.pages.runs.table_view import FocusedCell
from landmark_gui.gui.pages.runs.texts import heading_of
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.plain import literal

NARROW = 760
_ROW = 26


class RunDetails(QWidget):
    """The lower half of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.title = heading("", "subtitle")
        self.verdict = wrapped("", "")
        self.verdict.setObjectName("runs_verdict")
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.loss = OverlayPlot(tr("Loss"))
        self.accuracy = OverlayPlot(tr("Accuracy"), high=1.0)
        self.intervals = IntervalPlot()
        self.differences = _difference_table()
        self._runs: Sequence[Run] = ()
        self._lay_out()
        theme.signals.changed.connect(self._draw)

    def show_runs(self, runs: Sequence[Run]) -> None:
        """Draw these runs, the first few of them; what takes longer to find out comes later."""
        self._runs = runs[:MOST]
        self.title.setText(heading_of(runs) if runs else tr("Choose one or more runs"))
        self.verdict.setText("" if runs else tr("Their curves and settings are compared here."))
        self.differences.hide()
        self._charts.setVisible(bool(runs))
        self._draw()

    def show_verdict(self, text: str, differences: Sequence[Difference]) -> None:
        """What has been found out about the runs that are shown."""
        self.verdict.setText(text)
        self._fill(differences)

    def resizeEvent(self, event: QResizeEvent) -> None:
        ways = QBoxLayout.Direction
        narrow = event.size().width() < NARROW
        self._plots.setDirection(ways.TopToBottom if narrow else ways.LeftToRight)
        super().resizeEvent(event)

    def _draw(self) -> None:
        colored = [(series_color(number), run) for number, run in enumerate(self._runs)]
        for plot, name in ((self.loss, "loss"), (self.accuracy, "accuracy")):
            plot.set_series(
                [
                    Series(
                        date_text(run),
                        color,
                        run.history.get(name, ()),
                        run.history.get(f"val_{name}", ()),
                    )
                    for color, run in colored
                ]
            )
        self.intervals.set_runs(colored)

    def _fill(self, differences: Sequence[Difference]) -> None:
        table, runs = self.differences, self._runs
        table.setVisible(len(runs) > 1)
        table.clear()
        table.setColumnCount(1 + len(runs))
        table.setRowCount(max(1, len(differences)))
        table.setHorizontalHeaderLabels([tr("In what they differ"), *map(date_text, runs)])
        for row, part in enumerate(differences):
            for column, text in enumerate((part.label, *part.values)):
                item = QTableWidgetItem(text)
                item.setToolTip(literal(text))
                if column:
                    run = date_text(runs[column - 1])
                    said = tr("{setting}, {run}: {value}", setting=part.label, run=run, value=text)
                    item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
                table.setItem(row, column, item)
        if not differences:
            table.setItem(0, 0, QTableWidgetItem(tr("in nothing")))
        row, header = theme.grown(_ROW), table.horizontalHeader().sizeHint().height()
        table.setFixedHeight(min(table.rowCount() * row + header + 4, 12 * row))

    def _lay_out(self) -> None:
        self._charts = QFrame()
        self._charts.setProperty("role", "card")
        self._plots = QBoxLayout(QBoxLayout.Direction.LeftToRight, self._charts)
        self._plots.setContentsMargins(0, 0, 0, 0)
        for plot in (self.loss, self.accuracy, self.intervals):
            self._plots.addWidget(plot, 1)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.M, 0, 0)
        layout.setSpacing(theme.M)
        layout.addLayout(head)
        layout.addWidget(self.verdict)
        layout.addWidget(self._charts, 1)
        layout.addWidget(self.differences)
        layout.addStretch()


def _difference_table() -> QTableWidget:
    table = QTableWidget()
    table.setObjectName("runs_differences")
    table.setAccessibleName(tr("In what they differ"))
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setTabKeyNavigation(False)  # Tab goes on; the arrows go from cell to cell
    table.setItemDelegate(FocusedCell(table))
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.verticalHeader().hide()
    table.verticalHeader().setDefaultSectionSize(theme.grown(_ROW))
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(QHeaderView.ResizeMode.Stretch)
    return table
