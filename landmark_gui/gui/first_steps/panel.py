"""The list of the first steps, with a tick for each that was done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.first_steps.progress import Progress
from landmark_gui.gui.first_steps.steps import Step
from landmark_gui.gui.widgets.common import button, heading, set_role, wrapped
from landmark_gui.gui.widgets.plain import label
from landmark_gui.gui.widgets.scrolled import scrolled

_TICK = 18


class StepRow(QFrame):
    """A step: done, the next one, or one of those after it."""

    def __init__(self, step: Step, number: int) -> None:
        super().__init__()
        self.step, self._number, self._state = step, number, "later"
        self.setObjectName(f"first_step_{step.key}")
        self._tick, self._text = label(), wrapped(step.text, "")
        told = tr("Show me: {step}", step=step.text)
        self.show_button = button("", f"show_{step.key}", lambda: None, tooltip=told)
        self.show_button.setAccessibleName(told)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        self._grid.setSpacing(theme.M)
        self._grid.setColumnStretch(1, 1)
        self._grid.addWidget(self._tick, 0, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self._text, 0, 1)
        theme.signals.changed.connect(self._draw_tick)

    @property
    def state(self) -> str:
        """ "done", "next" or "later"."""
        return self._state

    def set_state(self, state: str) -> None:
        self._state = state
        self._place_button(state == "next")
        self.show_button.setVisible(state != "done")
        set_role(self, "card" if state == "next" else "")
        set_role(self._text, "muted" if state == "done" else "")
        said = {
            "done": tr("Done: {step}", step=self.step.text),
            "next": tr("Next: {step}", step=self.step.text),
        }
        self.setAccessibleName(said.get(state, self.step.text))
        self._draw_tick()

    def _place_button(self, stands_out: bool) -> None:
        """Under the text of the next step; as an arrow beside that of a later one."""
        self.show_button.setText(tr("Show me") if stands_out else "")
        self.show_button.setIcon(QIcon() if stands_out else icons.icon("next", "muted"))
        self.show_button.setProperty("kind", "primary" if stands_out else "arrow")
        set_role(self.show_button, "")
        left = Qt.AlignmentFlag.AlignLeft
        place = (1, 1, left) if stands_out else (0, 2, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(self.show_button, *place)

    def _draw_tick(self) -> None:
        if self._state == "done":
            self._tick.setPixmap(icons.pixmap("done", _TICK, "success", self.devicePixelRatioF()))
        else:
            self._tick.setText(str(self._number))
        self._tick.setFixedWidth(_TICK)
        self._tick.setAlignment(Qt.AlignmentFlag.AlignHCenter)


class StepsPanel(QWidget):
    """All steps; the next one stands out.

    Signals:
        show_wanted(Step): the person asks where a step is done.
        folder_wanted(): all is done, and the person goes on with photos of their own.
    """

    show_wanted = Signal(object)
    folder_wanted = Signal()

    def __init__(self, progress: Progress) -> None:
        super().__init__()
        self._progress = progress
        self.count, self._bar = heading("", "muted"), QProgressBar()
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("First steps"))
        self.rows = [StepRow(step, number) for number, step in enumerate(progress.steps, 1)]
        self.end = self._make_end()
        column = QVBoxLayout()
        column.setContentsMargins(0, 0, theme.S, 0)
        column.setSpacing(theme.S)
        column.addWidget(self.end)
        for row in self.rows:
            row.show_button.clicked.connect(partial(self._ask, row.step))
            column.addWidget(row)
        column.addStretch()
        inside = QWidget()
        inside.setLayout(column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, 0, theme.M, theme.M)
        layout.addWidget(self.count)
        layout.addWidget(self._bar)
        layout.addWidget(scrolled(inside), 1)
        progress.changed.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Show what was done."""
        done, following = self._progress.done, self._progress.next
        total, count = len(self.rows), len(done)
        self.count.setText(tr("{done} of {total} done", done=count, total=total))
        self._bar.setRange(0, total)
        self._bar.setValue(count)
        self.end.setVisible(following is None)
        for row in self.rows:
            is_next = following is not None and row.step.key == following.key
            row.set_state("done" if row.step.key in done else "next" if is_next else "later")

    def _ask(self, step: Step) -> None:
        self.show_wanted.emit(step)

    def _make_end(self) -> QWidget:
        end, layout = QFrame(), QVBoxLayout()
        end.setProperty("role", "card")
        layout.addWidget(wrapped(tr("That was the whole way. Now with photos of your own:"), ""))
        open_ = tr("Open a folder of photos…")
        layout.addWidget(button(open_, "first_steps_own", self.folder_wanted.emit, kind="primary"))
        end.setLayout(layout)
        return end
