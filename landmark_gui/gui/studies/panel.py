"""A study on a page: what will be done, how it goes, and what came out of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.studies import StudyKind, sentence, variants
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.problem import details_of
from landmark_gui.gui.studies import texts
from landmark_gui.gui.studies.desk import StudyDesk
from landmark_gui.gui.studies.parts import Choices, Finding
from landmark_gui.gui.studies.result_view import ResultView
from landmark_gui.gui.widgets.common import Banner, ProgressRow, button, set_role, wrapped
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.worker_process import Event, WorkerOutcome


class StudyPanel(QWidget):
    """Shows the study of one kind that the settings describe, and what is kept of it."""

    def __init__(self, context: AppContext, kind: StudyKind) -> None:
        super().__init__()
        self._context, self.kind = context, kind
        self.desk = StudyDesk(context, kind, self)
        self._make_widgets()
        self._add_commands()
        self._lay_out()
        self._connect()
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.desk.watched = True
        self.desk.look()
        if self.start_button.isEnabled() and not self.desk.is_measured:
            self.desk.run.prestart()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.desk.watched = False

    def start(self) -> None:
        """Start the study that is described, or go on with it."""
        document, dataset = self._context.document, self._context.dataset
        if document is None or not self.start_button.isEnabled():
            return
        self.banner.hide()
        if dataset.is_newest:  # what the person has seen is what is measured
            dataset.keep_splits()
        document.when_saved(self.desk.start)  # the worker reads the project from the disk

    def pause(self) -> None:
        """Stop; what is done is kept."""
        if self.desk.is_running:
            self.pause_button.setEnabled(False)
            self.desk.run.pause()

    def take_winner(self) -> None:
        """Set the augmentation that won."""
        winner = self.desk.winner
        if winner is not None:
            self._context.augmentation = winner
            self._refresh()

    # Widgets

    def _make_widgets(self) -> None:
        self.state = wrapped("")
        self.state.setObjectName("study_state")
        self.start_button = button(tr("Start"), "study_start", self.start, kind="primary")
        self.pause_button = button(tr("Pause"), "study_pause", self.pause)
        self.pause_button.setToolTip(tr("Stop; what is done is kept"))
        self.choices, self.finding, self.banner = Choices(), Finding(), Banner()
        self.trainings = ProgressRow(tr("Trainings"))
        self.trainings.bar.setObjectName("study_bar")
        self.epochs = ProgressRow(tr("Epochs of this training"))
        self.epochs.bar.setObjectName("study_epochs_bar")
        compare = self.kind == "compare"
        self.results = ResultView("accuracy" if compare else "gain", table=compare)

    def _add_commands(self) -> None:
        press, category = self._context.commands.add_button, texts.title(self.kind)
        for id_, made, name in (
            ("start", self.start_button, tr("Start the study, or go on with it")),
            ("pause", self.pause_button, tr("Pause the study")),
            ("take", self.finding.take, tr("Take the winner")),
            ("copy", self.results.copy, self.results.copy.toolTip()),
            ("save", self.results.save, self.results.save.toolTip()),
        ):
            if id_ != "take" or self.kind == "augmentation":
                press(f"study.{self.kind}.{id_}", made, category=category, name=name)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.M)
        head.addWidget(self.state, 1)
        for made in (self.pause_button, self.start_button):
            head.addWidget(made, 0, Qt.AlignmentFlag.AlignTop)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.M, 0)
        column.setSpacing(theme.M)
        for part in (self.choices, self.trainings, self.epochs, self.finding, self.results):
            column.addWidget(part)
        column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addLayout(head)
        layout.addWidget(self.banner)
        layout.addWidget(scrolled(inner), 1)

    def _connect(self) -> None:
        context, run = self._context, self.desk.run
        context.document_changed.connect(self.banner.hide)
        self.choices.changed.connect(self._choose)
        self.choices.train_settings_wanted.connect(lambda: context.page_requested.emit("train"))
        self.finding.taken.connect(self.take_winner)
        self.results.said.connect(context.status)
        self.results.failed.connect(self._say_problem)
        self.desk.changed.connect(self._refresh)
        run.said.connect(self._follow_line)
        run.progressed.connect(self._show_progress)
        run.result_changed.connect(self._show_result)
        run.ended.connect(self._ended)

    def _choose(self) -> None:
        self.desk.setup.repeats = self.choices.repeats.value()
        self.desk.setup.recipe = self.choices.recipe.value()
        self.desk.look()

    # Showing

    def _refresh(self) -> None:
        """Show what can be done now, and what is known."""
        running = self.desk.is_running
        while_running: tuple[QWidget, ...] = (self.pause_button, self.trainings, self.epochs)
        for part in while_running:
            part.setVisible(running)
        self.choices.setVisible(not running)
        self.pause_button.setEnabled(running)
        if running:
            self.start_button.setEnabled(False)  # it keeps its place: a double click pauses nothing
            self._follow_line(self.desk.run.line)
            self._show_progress(self.desk.run.place)
        else:
            self._show_plan()
        self._show_result()

    def _show_plan(self) -> None:
        desk = self.desk
        reason = desk.blocked or desk.missing
        self._say(reason or self._plan(), "warning" if reason else "muted")
        self.start_button.setEnabled(not reason and desk.planned is not None)
        begun = tr("Start again") if desk.is_measured else tr("Go on")
        self.start_button.setText(begun if desk.is_begun else tr("Start"))
        self.start_button.setToolTip(
            tr("Trains only what was not trained before with these photos, boxes and settings")
            if desk.is_begun
            else tr("Start the trainings")
        )
        _set_kind(self.start_button, "" if desk.is_measured else "primary")
        note = texts.settings_text(desk.planned) if desk.planned is not None else ""
        self.choices.show_choices(desk.setup.repeats, desk.setup.recipe, note)
        self.results.chart.mark("")

    def _plan(self) -> str:
        desk = self.desk
        if desk.planned is None:
            return ""
        if desk.is_measured:
            won = desk.result is not None and desk.result.winner is not None
            return texts.all_done_text(desk.result.done if desk.result else 0, won)
        return f"{texts.plan_text(desk.planned)} {texts.time_text(desk.seconds_left)}"

    def _follow_line(self, line: str) -> None:
        if self.desk.is_running:
            self._say(line, "subtitle")

    def _say(self, text: str, role: str) -> None:
        if self.state.property("role") != role:  # dressing it anew takes its time
            set_role(self.state, role)
        self.state.setText(text)

    def _show_progress(self, event: Event | None) -> None:
        if not self.desk.is_running:
            return
        if event is None:
            done, total = self._counts()
            self.trainings.set(done, total, tr("{done} of {total}", done=done, total=total))
            self.epochs.set(0, 1, "")
            return
        self.trainings.set(event["done"], event["total"], texts.count_text(event))
        if event["event"] == "trial_progress":
            epoch, epochs = event["epoch"], event["epochs"]
            self.epochs.set(epoch, epochs, tr("{done} of {total}", done=epoch, total=epochs))
            self.results.chart.mark(str(event["variant"]))

    def _counts(self) -> tuple[int, int]:
        """Trainings done and planned, before the worker has said so."""
        result, study = self.desk.run.result, self.desk.run.study
        if result is not None:
            return result.done, result.planned
        return 0, len(variants(study)) * study.repeats if study is not None else 1

    def _show_result(self) -> None:
        study, result = self.desk.study, self.desk.result
        keys = texts.keys_of(study) if study is not None else []
        details = texts.details_of(study) if study is not None else {}
        self.results.show_result(keys, result, details)
        self.finding.setVisible(result is not None)
        if study is not None and result is not None:
            told = sentence(result)
            self.finding.say(told, self.desk.note, result.is_complete, result.winner is not None)
            self.finding.offer(self.desk.winner, self._context.augmentation)
            self.results.describe(texts.title(self.kind), texts.caption(study, self.desk.kept))

    # After

    def _ended(self, outcome: WorkerOutcome) -> None:
        study = self.desk.run.study
        if study is None or study.kind != self.kind:
            return
        if outcome.kind == "failed" and self.desk.setup.is_open(study.base.project):
            self._show_failure(outcome)

    def _say_problem(self, text: str) -> None:
        self.banner.show_message(text, "danger")

    def _show_failure(self, outcome: WorkerOutcome) -> None:
        kept = tr("What is done is kept.")
        text = f"{tr('The study did not succeed')}. {outcome.message} {kept}"
        show_details = details_of(outcome, kept, self)
        self.banner.show_message(text, "danger", tr("Details"), show_details)


def _set_kind(made: QPushButton, kind: str) -> None:
    """Make a button that is already shown the main one, or one of many."""
    if made.property("kind") != kind:
        made.setProperty("kind", kind)
        made.style().unpolish(made)
        made.style().polish(made)
