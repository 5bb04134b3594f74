"""A search for better settings: asked for, watched, and its best settings taken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QSpinBox, QVBoxLayout, QWidget

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search import SearchConfig, SearchResult, sentence
from landmark_gui.core.search.journal import KeptSearch, kept_search
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.problem import details_of
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.compare import texts
from landmark_gui.gui.pages.compare.search_table import SearchTable
from landmark_gui.gui.studies.setup import edited_since
from landmark_gui.gui.studies.texts import state_text
from landmark_gui.gui.widgets.common import Banner, ProgressRow, button, padded, wrapped
from landmark_gui.gui.widgets.plain import label
from landmark_gui.jobs.tasks import LatestOnly
from landmark_gui.jobs.worker_process import Event, WorkerOutcome

MOST_TRIALS, USUAL_TRIALS = 200, 20
MOST_MINUTES = 24 * 60


@dataclass(frozen=True)
class Running:
    """The search that runs, and what it has found so far."""

    project: Path | None
    config: SearchConfig | None
    result: SearchResult | None


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
        self._config: SearchConfig | None = None
        self._kept: KeptSearch | None = None
        self._from: TrainConfig | None = None
        self._project: Path | None = None
        self._looking = LatestOnly(self)
        self._make_widgets()
        self._lay_out()
        self._worker.state_changed.connect(self._follow_state)
        self._worker.event_received.connect(self._follow_event)
        self._worker.finished.connect(self._finished)
        context.document_changed.connect(self._follow_document)
        self._refresh()

    @property
    def is_running(self) -> bool:
        """Whether a search runs, on the project that is open."""
        return self._worker.task == "search" and self._is_here

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()

    def running(self) -> Running | None:
        """What another panel goes on with; None if no search runs: what is kept is on the disk."""
        return Running(self._project, self._config, self._result) if self.is_running else None

    def go_on(self, running: Running) -> None:
        """Go on where another panel was."""
        self._project, self._config = running.project, running.config
        if running.result is not None and running.config is not None:
            self._show(running.result)
            self.progress.set(len(running.result.tried), running.config.trials)
        self._follow_state(self._worker.state)

    def look(self) -> None:
        """Say what would be bettered as things are set, and show what is kept of such a search."""
        document, base = self._context.document, self._read_base()
        if document is None or base is None or self.is_running:
            self._looking.cancel()
        else:
            work = partial(kept_search, document.data_folder, base)
            self._looking.submit(work, partial(self._know, document, base))

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
            self._say(tr("Pausing…"))
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
        self._from = base
        if not self._is_of_base:
            self._forget()
        self._looking.cancel()
        self._project, self._config = document.path, config
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
        self.start_from = wrapped("", "")
        self.start_from.setObjectName("search_base")
        self.change = button(
            tr("Change…"),
            "search_change",
            lambda: self._context.page_requested.emit("train"),
            kind="quiet",
            tooltip=tr("Change the settings of trainings on the Train page"),
        )
        self.trials, self.minutes = padded(QSpinBox()), padded(QSpinBox())
        self.trials.setRange(2, MOST_TRIALS)
        self.trials.setValue(USUAL_TRIALS)
        self.trials.setObjectName("search_trials")
        self.trials.valueChanged.connect(self._name_start)
        self.minutes.setRange(0, MOST_MINUTES)
        self.minutes.setSpecialValueText(tr("no limit"))
        self.minutes.setObjectName("search_minutes")
        self.start_button = button(tr("Search"), "search_start", self.start, kind="primary")
        self.stop_button = button(tr("Pause"), "search_stop", self.stop)
        self.stop_button.setToolTip(tr("Stop; what is done is kept"))
        self.take_button = button(tr("Use these settings"), "search_take", self.take)
        self.state, self.finding = wrapped(""), wrapped("", "subtitle")
        self.note = wrapped("")
        self.note.setObjectName("search_note")
        self.progress = ProgressRow(tr("Trials"))
        self.table = SearchTable()

    def _lay_out(self) -> None:
        form = QFormLayout()
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.FieldsStayAtSizeHint)
        for text, field in ((tr("Trials"), self.trials), (tr("Minutes"), self.minutes)):
            name = label(text)  # one that the layout makes would take tags for HTML
            name.setBuddy(field)
            field.setAccessibleName(text)
            form.addRow(name, field)
        begin = QHBoxLayout()
        begin.setSpacing(theme.M)
        begin.addWidget(self.start_from, 1)
        begin.addWidget(self.change, 0, Qt.AlignmentFlag.AlignTop)
        buttons = QHBoxLayout()
        for part in (self.start_button, self.stop_button, self.take_button):
            buttons.addWidget(part)
        buttons.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addWidget(self.banner)
        column.addWidget(self.intro)
        column.addLayout(begin)
        column.addLayout(form)
        column.addLayout(buttons)
        below: tuple[QWidget, ...] = (self.state, self.progress, self.finding, self.note)
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
        self.note.setVisible(found is not None and not running and bool(self.note.text()))
        self.table.setVisible(found is not None)
        self.change.setVisible(bool(self.start_from.text()))
        self._name_start()

    def _name_start(self) -> None:
        """What the button does: begin, or train what is missing of what is kept."""
        kept = self._kept
        begun = kept is not None and self._is_of_base and self.trials.value() > kept.done
        self.start_button.setText(tr("Go on") if begun else tr("Search"))
        self.start_button.setToolTip(
            tr("Trains only what was not trained before with these photos, boxes and settings")
            if begun
            else tr("Search for better settings of the training")
        )

    def _say(self, line: str) -> None:
        self.state.setText(line)
        told = tr("Search: {state}", state=line)
        self._context.activities.show("search", told, "compare", self.stop)

    # What is kept

    @property
    def _is_of_base(self) -> bool:
        """Whether what is kept is of the settings that are set now."""
        return self._kept is not None and self._from is not None and self._kept.is_of(self._from)

    def _read_base(self) -> TrainConfig | None:
        try:
            self._from = base = self._base()
            self.start_from.setText("" if base is None else texts.base_text(base))
        except TrainingError as error:
            self._from = base = None
            self.start_from.setText(str(error))
        self._refresh()
        return base

    def _know(self, document: Document, base: TrainConfig, kept: KeptSearch | None) -> None:
        """Show what was found on the disk: of other settings only if it is complete."""
        if document is not self._context.document or self.is_running:
            return
        self._forget()
        if kept is not None and (kept.is_of(base) or kept.is_complete):
            self._kept = kept
            if kept.is_of(base):
                self.trials.setValue(kept.result.planned)
            edited = edited_since(document, kept.ended.timestamp())
            self.note.setText(texts.kept_text(kept, base, edited))
            self._show(kept.result)
        self._refresh()

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
            self._say(state_text(state))

    def _follow_event(self, event: Event) -> None:
        if not self.is_running:
            return
        line = texts.event_text(event)
        if line:
            self._say(line)
        elif event["event"] == "tried":
            self.progress.set(event["done"], event["total"])
            self._take_result(event["result"])

    def _take_result(self, values: Event) -> None:
        """Show what the worker tells; what is kept already stays while it is gone through again."""
        try:
            result = SearchResult.from_dict(values)
        except DAMAGE:
            return
        shown = self._result.tried if self._result is not None else ()
        if result.tried != shown[: len(result.tried)] or len(result.tried) >= len(shown):
            self._show(result)

    def _show(self, result: SearchResult) -> None:
        self._result = result
        self.finding.setText(sentence(result))
        self.table.show_trials(result)
        self._refresh()

    def _finished(self, outcome: WorkerOutcome) -> None:
        if outcome.task == "search" and self._is_here:
            if outcome.kind == "done":
                self._take_result(dict(outcome.metrics))
            elif outcome.kind == "failed":
                kept = tr("What is done is kept.")
                show_details = details_of(outcome, kept, self)
                text = f"{outcome.message} {kept}"
                self.banner.show_message(text, "danger", tr("Details"), show_details)
            if self._result is not None and self._config is not None:
                now = datetime.now().astimezone()
                self._kept = KeptSearch(self._config, self._result, now)
                self.note.setText(texts.kept_text(self._kept, self._config.base, edited=False))
        if outcome.task == "search":
            self._context.activities.end("search")
            self._context.status(texts.end_text(outcome.kind))
        self._refresh()

    def _follow_document(self) -> None:
        self._looking.cancel()
        self._from = None
        self.start_from.clear()
        self._forget()

    def _forget(self) -> None:
        self._result = self._kept = None
        self.table.clear_trials()
        self.finding.clear()
        self.note.clear()
        self._refresh()
