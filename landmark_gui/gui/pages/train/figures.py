"""What a training costs and how fast it goes, as a row of figures."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

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
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.L)
        for key, value in self._values.items():
            value.setObjectName(f"train_{key}_figure")
            value.setProperty("role", "subtitle")
            column = QVBoxLayout()
            column.setSpacing(0)
            column.addWidget(heading(names[key], "muted"))
            column.addWidget(value)
            layout.addLayout(column, 1)
        self.clear()

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
