"""How a training goes: two bars, advice, curves and the log."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.train import texts
from landmark_gui.gui.pages.train.chart import HistoryChart
from landmark_gui.gui.widgets.common import ProgressRow, button, heading, wrapped
from landmark_gui.jobs.worker_process import Event

LOG_LINES = 5_000


class ProgressPanel(QWidget):
    """Shows the events of one training at a time.

    Signals:
        said(str): where the training is, in one line.
    """

    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.epochs = ProgressRow(tr("Epochs"))
        self.epochs.bar.setObjectName("epochs_bar")
        self.steps = ProgressRow(tr("Steps of this epoch"))
        self.steps.bar.setObjectName("steps_bar")
        self.hint = wrapped("", "warning")
        self.hint.setObjectName("train_hint")
        self.chart = HistoryChart()
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setObjectName("train_log")
        self.log.setAccessibleName(tr("Log of the training"))
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setFixedHeight(120)
        self.log.setPlaceholderText(tr("What the training reports will appear here."))
        self._lay_out()
        self.reset()

    def reset(self) -> None:
        """Empty, before the first training or the next."""
        self.has_dataset = self.has_steps = False
        self._history: list[Event] = []
        self._chance: float | None = None
        self.epochs.set(0, 1, "")
        self.steps.set(0, 1, "")
        self.hint.hide()
        self.chart.clear()
        self.log.clear()

    def show_state(self, state: str) -> None:
        text = texts.state_text(state)
        if text:
            self.write(text)
            self.said.emit(text)

    def show_event(self, event: Event) -> None:
        """Take an event of the worker; those that are about something else pass."""
        show = {
            "downloading": lambda event: self.said.emit(texts.downloading_text(event)),
            "preparing": self._show_preparing,
            "dataset": self._show_dataset,
            "step": self._show_step,
            "epoch": self._show_epoch,
            "probing": lambda event: self.said.emit(texts.probing_text(event)),
            "log": lambda event: self.write(str(event["message"])),
        }.get(event["event"])
        if show is not None:
            show(event)

    def write(self, line: str) -> None:
        """Add a line to the log, which follows unless the person has scrolled up."""
        self.log.appendPlainText(line)

    def _lay_out(self) -> None:
        bars = QHBoxLayout()
        bars.setSpacing(theme.XL)
        bars.addWidget(self.epochs)
        bars.addWidget(self.steps)
        copy = button(
            tr("Copy"), "copy_log", self._copy, kind="quiet", tooltip=tr("Copy the whole log")
        )
        title = QHBoxLayout()
        title.addWidget(heading(tr("Log"), "subtitle"))
        title.addStretch()
        title.addWidget(copy)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addLayout(bars)
        layout.addWidget(self.hint)
        layout.addWidget(self.chart, 1)
        layout.addLayout(title)
        layout.addWidget(self.log)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.log.toPlainText())

    def _show_preparing(self, event: Event) -> None:
        self.said.emit(texts.preparing_text(event))

    def _show_dataset(self, event: Event) -> None:
        self.has_dataset = True
        self._chance = 1 / len(event["classes"])
        self._show_epochs_done(0, event["epochs"])
        self.steps.set(0, event["steps"])
        self.chart.begin(event["epochs"], len(event["classes"]))
        self.write(texts.counts_line(event))
        self.said.emit(texts.state_text("training"))  # downloads weights, builds and traces

    def _show_step(self, event: Event) -> None:
        self.has_steps = True
        self._show_epochs_done(event["epoch"] - 1, event["epochs"])
        self.steps.set(event["step"], event["steps"], texts.count_text(event))
        self.chart.add_step(event)
        self.said.emit(texts.step_text(event))

    def _show_epoch(self, event: Event) -> None:
        self._history.append(event)
        self._show_epochs_done(event["epoch"], event["epochs"])
        self.chart.add_epoch(event)
        self.write(texts.epoch_line(event))
        hint = texts.stuck_hint(self._history, self._chance)
        self.hint.setText(hint)
        self.hint.setVisible(bool(hint))

    def _show_epochs_done(self, done: int, total: int) -> None:
        self.epochs.set(done, total, tr("{done} of {total}", done=done, total=total))
