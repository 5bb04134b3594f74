"""A search for better settings: asked for, watched, and its best settings taken."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QHeaderView,
    QSpinBox,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search import SearchConfig, SearchResult, sentence
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.train.texts import preparing_text
from landmark_gui.gui.studies.texts import state_text
from landmark_gui.gui.widgets.common import Banner, ProgressRow, button, padded, wrapped
from landmark_gui.gui.widgets.plain import label
from landmark_gui.jobs.worker_process import Event, WorkerOutcome

MOST_TRIALS, USUAL_TRIALS = 200, 20
MOST_MINUTES = 24 * 60


class SearchPanel(QWidget):
    """One search at a time, in the worker process that trainings use too.

    Args:
        base: the training that is to be bettered, as it is set now; None if there is none yet.
            It may raise TrainingError, in words.

    Signals:
        taken(Settings): the person wants the best settings.
    """

    taken = Signal(object)

    def __init__(self, context: AppContext, base: Callable[[], TrainConfig | None]) -> None:
        super().__init__()
        self._context, self._base, self._worker = context, base, context.worker
        self._result: SearchResult | None = None
        self._project: Path | None = None
        self._make_widgets()
        self._lay_out()
        self._worker.state_changed.connect(self._follow_state)
        self._worker.event_received.connect(self._follow_event)
        self._worker.finished.connect(self._finished)
        context.document_changed.connect(lambda _: self._forget())
        self._refresh()

    @property
    def is_running(self) -> bool:
        """Whether a search runs, on the project that is open."""
        return self._worker.task == "search" and self._is_here

    def start(self) -> None:
        """Begin the search, or go on with what is kept of it."""
        document = self._context.document
        if document is None or self._worker.task:
            return
        self.banner.hide()
        if self._context.dataset.is_newest:  # the test split stays what the person has seen
            self._context.dataset.keep_splits()
        document.when_saved(self._begin)  # the worker reads the project from the disk

    def stop(self) -> None:
        """Stop; what is done is kept."""
        if self.is_running:
            self.stop_button.setEnabled(False)
            self.state.setText(tr("Pausing…"))
            self._worker.cancel()

    def take(self) -> None:
        """Say that the best settings are wanted."""
        if self._result is not None and self._result.best.settings is not None:
            self.taken.emit(self._result.best.settings)

    @property
    def _is_here(self) -> bool:
        """Whether the search that was begun last is of the project that is open."""
        document = self._context.document
        return document is not None and document.path == self._project

    def _begin(self) -> None:
        document = self._context.document
        try:
            base = self._base()
            if document is None or base is None or self._worker.task:
                return
            minutes = self.minutes.value() or None
            config = SearchConfig(base, trials=self.trials.value(), minutes=minutes)
        except TrainingError as error:
            self.banner.show_message(str(error), "danger")
            return
        self._forget()
        self._project = document.path
        self._worker.search(config)
        self.progress.start()
        self._follow_state(self._worker.state)  # one that was started beforehand says no more

    def _make_widgets(self) -> None:
        self.banner = Banner()
        self.intro = wrapped(
            tr(
                "Tries other learning rates, image sizes, recipes and strengths of augmentation, "
                "and measures each on photos that are left out in turn. Those of the test split "
                "take no part. What does badly is given up early."
            )
        )
        self.trials, self.minutes = padded(QSpinBox()), padded(QSpinBox())
        self.trials.setRange(2, MOST_TRIALS)
        self.trials.setValue(USUAL_TRIALS)
        self.trials.setObjectName("search_trials")
        self.minutes.setRange(0, MOST_MINUTES)
        self.minutes.setSpecialValueText(tr("no limit"))
        self.minutes.setObjectName("search_minutes")
        self.start_button = button(tr("Search"), "search_start", self.start, kind="primary")
        self.stop_button = button(tr("Pause"), "search_stop", self.stop)
        self.stop_button.setToolTip(tr("Stop; what is done is kept"))
        self.take_button = button(tr("Use these settings"), "search_take", self.take)
        self.state, self.finding = wrapped(""), wrapped("", "subtitle")
        self.progress = ProgressRow(tr("Trials"))
        self.table = QTableWidget(0, 3)
        self.table.setObjectName("search_table")
        self.table.setAccessibleName(tr("Results as a table"))
        self.table.setHorizontalHeaderLabels([tr("Settings"), tr("Accuracy"), tr("Rounds")])
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.verticalHeader().hide()
        stretch = QHeaderView.ResizeMode.Stretch
        self.table.horizontalHeader().setSectionResizeMode(0, stretch)

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for text, field in ((tr("Trials"), self.trials), (tr("Minutes"), self.minutes)):
            name = label(text)  # one that the layout makes would take tags for HTML
            name.setBuddy(field)
            field.setAccessibleName(text)
            form.addRow(name, field)
        buttons = QHBoxLayout()
        for part in (self.start_button, self.stop_button, self.take_button):
            buttons.addWidget(part)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addWidget(self.banner)
        column.addWidget(self.intro)
        column.addLayout(form)
        column.addLayout(buttons)
        below: tuple[QWidget, ...] = (self.state, self.progress, self.finding)
        for shown in below:
            column.addWidget(shown)
        column.addWidget(self.table, 1)
        column.addStretch()  # while there is no table

    def _refresh(self) -> None:
        """What can be done now."""
        running, found = self.is_running, self._result
        blocked = self._blocked()
        self.start_button.setEnabled(not running and not blocked)
        self.stop_button.setVisible(running)
        self.progress.setVisible(running)
        self.trials.setEnabled(not running)
        self.minutes.setEnabled(not running)
        self.state.setVisible(bool(blocked) or running)
        if not running:
            self.stop_button.setEnabled(True)
            self.state.setText(blocked)
        can_take = found is not None and not running and found.best.settings is not None
        self.take_button.setVisible(can_take)
        self.finding.setVisible(found is not None)
        self.table.setVisible(found is not None)

    def _blocked(self) -> str:
        """Why no search can start; "" if one can, or runs."""
        if self._context.document is None:
            return tr("Open a folder of photos first.")
        if self._worker.task and not self.is_running:
            return tr("Something else is being trained. The search can start after it.")
        return ""

    def _follow_state(self, state: str) -> None:
        self._refresh()
        if self.is_running and state_text(state):
            self.state.setText(state_text(state))

    def _follow_event(self, event: Event) -> None:
        if not self.is_running:
            return
        if event["event"] == "preparing":
            self.state.setText(preparing_text(event))
        elif event["event"] == "search_progress":
            said = tr(
                "Round {round} of {rounds}, epoch {epoch} of {epochs}",
                round=event["round"] + 1,
                rounds=event["rounds"],
                epoch=event["epoch"],
                epochs=event["epochs"],
            )
            self.state.setText(said)
        elif event["event"] == "tried":
            self.progress.set(event["done"], event["total"])
            self._show(event["result"])

    def _show(self, values: Event) -> None:
        try:
            self._result = result = SearchResult.from_dict(values)
        except DAMAGE:
            return
        self.finding.setText(sentence(result))
        for row in range(self.table.rowCount(), len(result.tried)):
            tried = result.tried[row]
            words = tried.settings.words() if tried.settings else tr("your settings")
            mean = "–" if tried.mean is None else f"{tried.mean:.3f}"
            mean = tr("failed") if tried.end == "failed" else mean
            self.table.insertRow(row)
            for column, text in enumerate((words, mean, str(len(tried.accuracies)))):
                item = QTableWidgetItem(text)
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)
        self._refresh()

    def _finished(self, outcome: WorkerOutcome) -> None:
        if outcome.task == "search" and self._is_here:
            if outcome.kind == "done":
                self._show(dict(outcome.metrics))
            elif outcome.kind == "failed":
                text = f"{outcome.message} {tr('What is done is kept.')}"
                self.banner.show_message(text, "danger")
        self._refresh()

    def _forget(self) -> None:
        self._result = None
        self.table.setRowCount(0)
        self.finding.clear()
        self._refresh()
