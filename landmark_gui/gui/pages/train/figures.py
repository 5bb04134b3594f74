"""What a training costs and how fast it goes, as a row of figures."""

from __future__ import annotations

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.train import texts
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import heading
from landmark_gui.jobs.worker_process import Event

NOTHING = "–"


class FiguresRow(QWidget):
    """Time left, images a second, memory of the worker and learning rate, from `step` and `epoch`
    events; each stays until an event has a newer one."""

    def __init__(self) -> None:
        super().__init__()
        self._values = {
            "seconds_left": plain.label(),
            "images_per_second": plain.label(),
            "memory": plain.label(),
            "learning_rate": plain.label(),
        }
        names = {
            "seconds_left": tr("Time left"),
            "images_per_second": tr("Images a second"),
            "memory": tr("Memory"),
            "learning_rate": tr("Learning rate"),
        }
        self._columns: list[QVBoxLayout] = []
        for key, value in self._values.items():
            value.setObjectName(f"train_{key}_figure")
            value.setProperty("role", "subtitle")
            value.setFont(theme.tabular(value.font()))
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(heading(names[key], "muted"))
            column.addWidget(value)
            self._columns.append(column)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.L)
        self._across = 0
        self.set_narrow(False)
        self.clear()

    def set_narrow(self, narrow: bool) -> None:
        """Two rows of two in place of one row."""
        across = 2 if narrow else len(self._columns)
        if across == self._across:
            return
        self._across = across
        for number, column in enumerate(self._columns):
            self._grid.removeItem(column)
            column.setParent(None)  # a layout that has a parent cannot be put elsewhere
            self._grid.addLayout(column, number // across, number % across)
        for number in range(len(self._columns)):
            self._grid.setColumnStretch(number, 1 if number < across else 0)

    def clear(self) -> None:
        for value in self._values.values():
            value.setText(NOTHING)

    def show_event(self, event: Event) -> None:
        """Take over what a step or an epoch tells."""
        for key, value in self._values.items():
            if event.get(key) is not None:
                value.setText(texts.figure_text(key, event[key]))

    def finish(self) -> None:
        """No time is left."""
        self._values["seconds_left"].setText(NOTHING)
