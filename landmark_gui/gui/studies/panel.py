"""A study on a page: what will be done, how it goes, and what came out of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication, QImage, QShowEvent
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.studies import StudyConfig, StudyKind, StudyResult, sentence, variants
from landmark_gui.core.studies.kept import Kept, kept_study
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.studies import saving, texts
from landmark_gui.gui.studies.chart import StudyChart
from landmark_gui.gui.studies.parts import Choices, Finding, Switch
from landmark_gui.gui.studies.setup import StudySetup
from landmark_gui.gui.studies.table import ResultTable
from landmark_gui.gui.widgets.common import Banner, ProgressRow, button, set_role, wrapped
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.tasks import LatestOnly, run_task
from landmark_gui.jobs.worker_process import Event, WorkerOutcome

FOLLOW_MS = 250


class StudyPanel(QWidget):
    """Shows the study of one kind that the settings describe, and what is kept of it."""

    def __init__(self, context: AppContext, kind: StudyKind) -> None:
        super().__init__()
        self._context, self.kind = context, kind
        self._run, self._setup = context.studies, StudySetup(context, kind)
        self.study: StudyConfig | None = None
        self.kept: Kept | None = None
        self._problem = ""
        self._looking = LatestOnly(self)
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)
        self._follow.timeout.connect(self.look)
        self._make_widgets()
        self._add_commands()
        self._lay_out()
        self._connect()
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        if self.start_button.isEnabled() and not self._run.task:
            self._run.prestart()

    def start(self) -> None:
        """Start the study that is described, or go on with it."""
        document, dataset = self._context.document, self._context.dataset
        if document is not None and self.start_button.isEnabled():
            if dataset.is_newest:  # what the person has seen is what is measured
                dataset.keep_splits()
            document.when_saved(self._start)  # the worker reads the project from the disk

    def pause(self) -> None:
        """Stop; what is done is kept."""
        if self._is_mine:
            self.pause_button.setEnabled(False)
            self._run.pause()

    def take_winner(self) -> None:
        """Set the augmentation that won."""
        winner = self._winner()
        if winner is not None:
            self._context.augmentation = winner

    def look(self) -> None:
        """Read the settings anew, and look up what is kept of such a study."""
        self._follow.stop()
        self._read_settings()
        document = self._context.document
        if document is None or self.study is None:
            self._looked(None)
        else:
            work = partial(kept_study, document.data_folder, self.study)
            self._looking.submit(work, self._looked)
        self._refresh()

    @property
    def result(self) -> StudyResult | None:
        """What is shown: of the study that runs, otherwise what is kept."""
        if self._is_mine and self._run.result is not None:
            return self._run.result
        return self.kept.result if self.kept is not None and self._kept_counts else None

    # Widgets

    def _make_widgets(self) -> None:
        self.state = wrapped("")
        self.state.setObjectName("study_state")
        self.start_button = button(tr("Start"), "study_start", self.start, kind="primary")
        self.start_button.setToolTip(tr("Start the trainings"))
        self.pause_button = button(tr("Pause"), "study_pause", self.pause)
        self.pause_button.setToolTip(tr("Stop; what is done is kept"))
        self.choices, self.finding, self.banner = Choices(), Finding(), Banner()
        self.trainings = ProgressRow(tr("Trainings"))
        self.trainings.bar.setObjectName("study_bar")
        self.epochs = ProgressRow(tr("Epochs of this training"))
        self.epochs.bar.setObjectName("study_epochs_bar")
        self.chart = StudyChart()
        self.table = ResultTable() if self.kind == "compare" else None
        self.view = _view_switch()
        self.copy = button(tr("Copy"), "study_copy", self._copy, kind="quiet")
        self.copy.setToolTip(tr("Copy the chart as a picture"))
        self.save = button(tr("Save…"), "study_save", self._ask_save, kind="quiet")
        self.save.setToolTip(tr("Save the chart as a picture, or the figures as a table"))
        self._show_view("gain" if self.kind == "augmentation" else "accuracy")

    def _add_commands(self) -> None:
        press, name = self._context.commands.add_button, texts.title(self.kind)
        for id_, made in (
            ("start", self.start_button),
            ("pause", self.pause_button),
            ("take", self.finding.take),
            ("copy", self.copy),
            ("save", self.save),
        ):
            press(f"study.{self.kind}.{id_}", made, category=name, name=made.toolTip())

    def _lay_out(self) -> None:
        head, above = QHBoxLayout(), QHBoxLayout()
        for row in (head, above):
            row.setSpacing(theme.M)
        head.addWidget(self.state, 1)
        head.addWidget(self.pause_button)
        head.addWidget(self.start_button)
        above.addWidget(self.view, 1)
        above.addWidget(self.copy)
        above.addWidget(self.save)
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, theme.M, 0)
        column.setSpacing(theme.M)
        for part in (self.choices, self.trainings, self.epochs, self.finding):
            column.addWidget(part)
        column.addLayout(above)
        column.addWidget(self.chart)
        if self.table is not None:
            column.addWidget(self.table)
        column.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addLayout(head)
        layout.addWidget(self.banner)
        layout.addWidget(scrolled(inner), 1)

    def _connect(self) -> None:
        context, run = self._context, self._run
        context.document_changed.connect(self._follow_document)
        context.augmentation_changed.connect(lambda _: self._follow.start())
        self.choices.changed.connect(self._choose)
        self.choices.train_settings_wanted.connect(lambda: context.page_requested.emit("train"))
        self.finding.taken.connect(self.take_winner)
        self.view.chosen.connect(self._show_view)
        run.changed.connect(self._refresh)
        run.said.connect(self._say)
        run.progressed.connect(self._show_progress)
        run.result_changed.connect(lambda _: self._show_result())
        run.ended.connect(self._ended)

    # Before

    def _follow_document(self, document: Document | None) -> None:
        self.kept = None
        self.banner.hide()
        if document is not None:
            document.edited.connect(self._edited)
            document.scan_finished.connect(self._edited)
        self.look()

    def _edited(self) -> None:
        if self.isVisible():
            self._follow.start()

    def _choose(self) -> None:
        self._setup.repeats = self.choices.repeats.value()
        self._setup.recipe = self.choices.recipe.value()
        self.look()

    def _read_settings(self) -> None:
        self._problem, self.study = "", None
        try:
            self.study = self._setup.study()
        except TrainingError as error:
            self._problem = str(error)

    def _looked(self, kept: Kept | None) -> None:
        self.kept = kept
        self._refresh()

    def _start(self) -> None:
        self._read_settings()
        if self.study is not None and not self._missing():
            self.banner.hide()
            self._run.start(self.study)

    def _missing(self) -> str:
        return self._problem or self._setup.missing(self.study)

    # Showing

    @property
    def _is_mine(self) -> bool:
        return self._run.runs(self.kind)

    @property
    def _kept_counts(self) -> bool:
        """Whether what is kept is to be shown: of other settings only what is complete."""
        kept = self.kept
        if kept is None or (self._is_mine and not kept.same):
            return False
        return kept.same or kept.result.is_complete

    def _shown_study(self) -> StudyConfig | None:
        """The study that the result on show is of."""
        if self._is_mine:
            return self._run.study
        if self.kept is not None and self._kept_counts and not self.kept.same:
            return self.kept.study
        return self.study

    def _refresh(self) -> None:
        """Show what can be done now, and what is known."""
        mine, missing = self._is_mine, self._missing()
        blocked = texts.blocked_text(self._run.task, mine)
        self.start_button.setVisible(not mine)
        self.start_button.setEnabled(not missing and not blocked)
        self.start_button.setText(self._start_text())
        self.pause_button.setVisible(mine)
        self.pause_button.setEnabled(mine)
        self.choices.setVisible(not mine)
        self.trainings.setVisible(mine)
        self.epochs.setVisible(mine)
        self._show_choices()
        if mine:
            self._say(self._run.line)
            self._show_progress(self._run.place)
        else:
            reason = blocked or missing
            set_role(self.state, "warning" if reason else "muted")
            self.state.setText(reason or self._plan())
            self.chart.mark("")
        self._show_result()

    def _start_text(self) -> str:
        result = self.kept.result if self.kept is not None and self.kept.same else None
        if result is None:
            return tr("Start")
        return tr("Start again") if result.is_complete else tr("Go on")

    def _plan(self) -> str:
        if self.study is None:
            return ""
        plan, kept = texts.plan_text(self.study), self.kept
        if kept is None:
            return f"{plan} {texts.time_text(None)}"
        if kept.same and kept.result.is_complete:
            return plan
        return f"{plan} {texts.time_text(kept.seconds_left(self.study))}"

    def _show_choices(self) -> None:
        note = texts.settings_text(self.study) if self.study is not None else ""
        self.choices.show_choices(self._setup.repeats, self._setup.recipe, note)

    def _say(self, line: str) -> None:
        if self._is_mine:
            set_role(self.state, "subtitle")
            self.state.setText(line)

    def _show_progress(self, event: Event | None) -> None:
        if not self._is_mine:
            return
        if event is None:
            done, total = self._known_counts()
            self.trainings.set(done, total, tr("{done} of {total}", done=done, total=total))
            self.epochs.set(0, 1, "")
            return
        self.trainings.set(event["done"], event["total"], texts.count_text(event))
        if event["event"] == "trial_progress":
            epoch, epochs = event["epoch"], event["epochs"]
            self.epochs.set(epoch, epochs, tr("{done} of {total}", done=epoch, total=epochs))
            self.chart.mark(str(event["variant"]))

    def _known_counts(self) -> tuple[int, int]:
        """Trainings done and planned, before the worker has said so."""
        study, kept = self._run.study, self.kept
        if kept is not None and kept.same:
            return kept.result.done, kept.result.planned
        return 0, len(variants(study)) * study.repeats if study is not None else 1

    def _show_result(self) -> None:
        study, result = self._shown_study(), self.result
        keys = texts.keys_of(study) if study is not None else []
        details = texts.details_of(study) if study is not None else {}
        self.chart.show_result(keys, result, details)
        if self.table is not None:
            self.table.show_result(keys, result)
        for part in (self.copy, self.save, self.view):
            part.setEnabled(result is not None)
        if result is None:
            self.finding.hide()
        else:
            self.finding.say(
                sentence(result), self._note(), result.is_complete, result.winner is not None
            )
            self._offer_winner()

    def _note(self) -> str:
        """When the result was measured; nothing while it grows."""
        kept, study = self.kept, self.study
        if self._is_mine or kept is None or study is None:
            return ""
        edited = self._setup.edited_since(kept.began.timestamp())
        return texts.kept_text(kept, study, edited)

    def _offer_winner(self) -> None:
        winner = self._winner()
        self.finding.take.setVisible(winner is not None)
        is_set = winner == self._context.augmentation
        self.finding.take.setEnabled(not is_set)
        self.finding.take.setText(tr("The winner is set") if is_set else tr("Take the winner"))

    def _winner(self) -> AugmentationConfig | None:
        study, result = self._shown_study(), self.result
        if self.kind != "augmentation" or study is None or result is None:
            return None
        for variant in variants(study):
            if variant.key == result.winner and variant.config.augmentation is not None:
                return AugmentationConfig.from_dict(variant.config.augmentation)
        return None

    def _show_view(self, view: str) -> None:
        self.view.set_value(view)
        self.chart.show_view("gain" if view == "gain" else "accuracy")

    # After

    def _ended(self, outcome: WorkerOutcome) -> None:
        study = self._run.study
        if study is None or study.kind != self.kind:
            return
        if outcome.kind == "failed" and self._setup.is_open(study.base.project):
            self._show_failure(outcome)
        if outcome.kind != "failed" and self.isVisible():
            self._run.prestart()  # for the next one
        self.look()

    def _show_failure(self, outcome: WorkerOutcome) -> None:
        title = tr("The study did not succeed")
        lines = outcome.details.splitlines()

        def show_details() -> None:
            ReportDialog(title, outcome.message, lines, self).open()

        kept = tr("What is done is kept.")
        text = f"{title}. {outcome.message} {kept}"
        self.banner.show_message(text, "danger", tr("Details"), show_details if lines else None)

    def _shown(self) -> saving.Shown | None:
        result, study = self.result, self._shown_study()
        if result is None or study is None:
            return None
        note = f"{texts.settings_text(study)}. {self._note()}".strip()
        return saving.Shown(result, self.chart.picture, texts.title(self.kind), note)

    def _copy(self) -> None:
        shown = self._shown()
        if shown is not None:
            run_task(partial(saving.picture_of, shown, self.font()), self._copied, owner=self)

    def _copied(self, picture: QImage) -> None:
        QGuiApplication.clipboard().setImage(picture)
        self._context.status(tr("The picture is in the clipboard."))

    def _ask_save(self) -> None:
        kinds = [
            tr("Picture") + " (*.png)",
            tr("Drawing") + " (*.svg)",
            tr("Table") + " (*.csv)",
        ]
        chosen, kind = QFileDialog.getSaveFileName(
            self, tr("Save the result"), f"{self.kind}.png", ";;".join(kinds)
        )
        if chosen:
            path = Path(chosen)
            suffix = kind.rpartition("*")[2].rstrip(")")
            self.save_to(path if path.suffix else path.with_suffix(suffix))

    def save_to(self, path: Path) -> None:
        """Write the picture or the table, as the suffix says."""
        shown = self._shown()
        if shown is not None:
            work = partial(saving.save, path, shown, self.font())
            run_task(work, partial(self._saved, path), partial(self._unsaved, path), owner=self)

    def _saved(self, path: Path, _: None) -> None:
        self._context.status(tr("Saved to {path}", path=path))

    def _unsaved(self, path: Path, error: Exception) -> None:
        text = tr("{path} could not be written: {detail}", path=path, detail=error)
        self.banner.show_message(text, "danger")


def _view_switch() -> Switch:
    return Switch(
        tr("What the chart shows"),
        [
            (
                "gain",
                "study_gain",
                tr("Gain"),
                tr("How much better than the first one, on the same photos"),
            ),
            ("accuracy", "study_accuracy", tr("Accuracy"), tr("How good each one is by itself")),
        ],
    )
