"""How a training goes: bars, figures, its diagnosis, curves, the confusion matrix, the log."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.diagnosis import Finding
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme, worker_texts
from landmark_gui.gui.pages.train import texts
from landmark_gui.gui.pages.train.chart import HistoryChart
from landmark_gui.gui.pages.train.figures import FiguresRow
from landmark_gui.gui.pages.train.findings import FindingsPanel
from landmark_gui.gui.widgets.common import ProgressRow, button, heading
from landmark_gui.gui.widgets.confusion_matrix import ConfusionMatrix
from landmark_gui.jobs.worker_process import Event

PASSING = ("downloading", "preparing", "step", "probing")
"""Events of which only the newest is worth keeping."""
LOG_LINES = 5_000
LOG_HEIGHT, NARROW, MANY_CLASSES = 120, 620, 10


class ProgressPanel(QWidget):
    """Shows the events of one training at a time.

    Signals:
        said(str): where the training is, in one line.

    Attributes:
        told: the events that are shown, states among them.
    """

    said = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.epochs = ProgressRow(tr("Epochs"))
        self.epochs.bar.setObjectName("epochs_bar")
        self.steps = ProgressRow(tr("Steps of this epoch"))
        self.steps.bar.setObjectName("steps_bar")
        self.figures = FiguresRow()
        self.findings = FindingsPanel()
        self.chart = HistoryChart()
        self.confusion = ConfusionMatrix()
        self.log = QPlainTextEdit(readOnly=True)
        self.log.setObjectName("train_log")
        self.log.setAccessibleName(tr("Log of the training"))
        self.log.setMaximumBlockCount(LOG_LINES)
        self.log.setMinimumHeight(LOG_HEIGHT)
        # As high as the matrix beside it; what is left over goes to the curves.
        self.log.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Ignored)
        self.log.setPlaceholderText(tr("What the training reports will appear here."))
        self._lay_out()
        self.reset()

    def reset(self) -> None:
        """Empty, before the first training or the next."""
        self.told: list[Event] = []
        self.has_dataset = self.has_steps = False
        self._classes: list[str] = []
        self.epochs.set(0, 1, "")
        self.steps.set(0, 1, "")
        self.figures.clear()
        self.findings.clear()
        self.chart.clear()
        self.confusion.clear()
        self.log.clear()

    def tell_again(self, told: list[Event]) -> None:
        """Show what another panel has shown, be it in another language."""
        for event in told:
            if event["event"] == "state":
                self.show_state(event["state"])
            else:
                self.show_event(event)

    def _note(self, event: Event) -> None:
        if self.told and self.told[-1]["event"] == event["event"] and event["event"] in PASSING:
            self.told.pop()
        self.told.append(event)

    def show_state(self, state: str) -> None:
        self._note({"event": "state", "state": state})
        text = worker_texts.state_text(state)
        if state == "saving":  # the last epoch is done, be it the last that was planned or not
            self.figures.finish()
        if text:
            self.write(text)
            self.said.emit(text)

    def finish(self) -> None:
        """The training is over, perhaps before its last epoch: no time is left."""
        self.figures.finish()

    def show_event(self, event: Event) -> None:
        """Take an event of the worker; those that are about something else pass."""
        show = {
            "downloading": lambda event: self.said.emit(worker_texts.downloading_text(event)),
            "preparing": self._show_preparing,
            "dataset": self._show_dataset,
            "step": self._show_step,
            "epoch": self._show_epoch,
            "diagnosis": self._show_diagnosis,
            "probing": lambda event: self.said.emit(texts.probing_text(event)),
            "log": lambda event: self.write(str(event["message"])),
        }.get(event["event"])
        if show is not None:
            self._note(event)
            show(event)

    def write(self, line: str) -> None:
        """Add a line to the log, which follows unless the person has scrolled up."""
        self.log.appendPlainText(line)

    def _lay_out(self) -> None:
        self._bars = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._bars.setSpacing(theme.L)
        self._bars.addWidget(self.epochs)
        self._bars.addWidget(self.steps)
        self._lower = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._lower.setSpacing(theme.L)
        self._lower.addWidget(self.confusion, 1)
        self._lower.addLayout(self._log_column(), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.L)
        layout.addLayout(self._bars)
        layout.addWidget(self.figures)
        layout.addWidget(self.findings)
        layout.addWidget(self.chart, 1)
        layout.addLayout(self._lower)

    def _log_column(self) -> QVBoxLayout:
        copy = button(
            tr("Copy"), "copy_log", self._copy, kind="quiet", tooltip=tr("Copy the whole log")
        )
        title = QHBoxLayout()
        title.addWidget(heading(tr("Log"), "subtitle"))
        title.addStretch()
        title.addWidget(copy)
        column = QVBoxLayout()
        column.setSpacing(theme.M)
        column.addLayout(title)
        column.addWidget(self.log, 1)
        return column

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._share_width()

    def _share_width(self) -> None:
        """The log stands beside the matrix, and one bar beside the other, where both have room."""
        directions = QBoxLayout.Direction
        narrow = self.width() < NARROW
        self._bars.setDirection(directions.TopToBottom if narrow else directions.LeftToRight)
        self.figures.set_narrow(narrow)
        below = narrow or len(self._classes) > MANY_CLASSES
        self._lower.setDirection(directions.TopToBottom if below else directions.LeftToRight)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self.log.toPlainText())

    def _show_preparing(self, event: Event) -> None:
        self.said.emit(worker_texts.preparing_text(event))

    def _show_dataset(self, event: Event) -> None:
        self.has_dataset = True
        self._classes = list(event["classes"])
        self._share_width()
        self._show_epochs_done(0, event["epochs"])
        self.steps.set(0, event["steps"])
        self.chart.begin(event["epochs"], len(event["classes"]))
        self.write(texts.counts_line(event))
        self.said.emit(worker_texts.state_text("training"))  # downloads weights, builds and traces

    def _show_step(self, event: Event) -> None:
        self.has_steps = True
        self._show_epochs_done(event["epoch"] - 1, event["epochs"])
        self.steps.set(event["step"], event["steps"], texts.count_text(event))
        self.figures.show_event(event)
        self.chart.add_step(event)
        self.said.emit(texts.step_text(event))

    def _show_epoch(self, event: Event) -> None:
        self._show_epochs_done(event["epoch"], event["epochs"])
        self.figures.show_event(event)
        if event["epoch"] == event["epochs"]:
            self.figures.finish()
        self.chart.add_epoch(event)
        self.write(texts.epoch_line(event))
        if event.get("confusion"):
            title = tr("Validation photos, epoch {n}", n=event["epoch"])
            self.confusion.show_matrix(event["confusion"], self._classes, title)

    def _show_diagnosis(self, event: Event) -> None:
        self.findings.show_findings([Finding.from_dict(each) for each in event["findings"]])

    def _show_epochs_done(self, done: int, total: int) -> None:
        self.epochs.set(done, total, tr("{done} of {total}", done=done, total=total))
