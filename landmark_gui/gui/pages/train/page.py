"""The Train page: the form on the left, the training on the right."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.dataset import as_measured
from landmark_gui.core.diagnosis import Remedy
from landmark_gui.core.disk_space import of_training
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Split
from landmark_gui.core.run_list import Run
from landmark_gui.core.run_results import newest_split
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.suffixes import MODEL_SUFFIX
from landmark_gui.core.training_advice import facts_of_machine
from landmark_gui.gui import theme, training_examples
from landmark_gui.gui.choices import choices_of
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.train import texts
from landmark_gui.gui.pages.train.form import TrainForm
from landmark_gui.gui.pages.train.next_training import (
    NextTraining,
    Settings,
    remedied,
    taken_back,
)
from landmark_gui.gui.pages.train.progress import ProgressPanel
from landmark_gui.gui.pages.train.result import ResultCard
from landmark_gui.gui.pages.train.unfinished import UnfinishedOffer
from landmark_gui.gui.room import when_room
from landmark_gui.gui.training_settings import SETTINGS_KEY, form_values, remembered
from landmark_gui.gui.widgets.common import button, set_role, wrapped
from landmark_gui.gui.widgets.scrolled import scrolled
from landmark_gui.jobs.tasks import LatestOnly, run_task
from landmark_gui.jobs.worker_process import Event, TrainingWorker, WorkerOutcome

REMEMBER_MS = 800
FORM_WIDTH = 340


@dataclass(frozen=True)
class Kept:
    """The training that runs or ran last, and what remedies have changed since; see `TrainPage`."""

    told: list[Event]
    outcome: WorkerOutcome | None
    state: str
    epochs: int
    resumed: bool
    trained: Document | None
    remedies: tuple[Settings | None, Settings]
    follows: bool


class TrainPage(QWidget):
    """Trains in the background; the other pages stay usable meanwhile."""

    def __init__(self, context: AppContext, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._worker: TrainingWorker | None = None
        self._epochs, self._state, self._resumed = 0, "", False
        self._trained: Document | None = None
        self._outcome: WorkerOutcome | None = None
        self._before_remedies: Settings | None = None
        self._after_remedies = Settings()
        self.form = TrainForm()
        self.progress = ProgressPanel()
        self.next = NextTraining()
        self.result = ResultCard()
        self.offer = UnfinishedOffer(context)
        self._make_head()
        self._lay_out()
        self._remember_timer = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._out_lookup, self._facts_lookup = LatestOnly(self), LatestOnly(self)
        self._connect()
        self.form.set_values(remembered(context))
        self._follow_augmentation()
        self._follow_document(context.document)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        worker = self._attach_worker()  # first: the end of a study is heard of
        self._refresh()
        self.offer.look(self._training)
        if self.train_button.isEnabled():
            worker.prestart()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self._remember_timer.isActive():  # other pages read what is remembered
            self._remember()

    def keep(self) -> Kept:
        """What the page that takes the place of this one goes on with."""
        return Kept(
            self.progress.told,
            self._outcome,
            self._state,
            self._epochs,
            self._resumed,
            self._trained,
            (self._before_remedies, self._after_remedies),
            follows=self._worker is not None,
        )

    def take(self, kept: Kept) -> None:
        self._state, self._epochs, self._resumed = kept.state, kept.epochs, kept.resumed
        self._trained, self._outcome = kept.trained, kept.outcome
        self._before_remedies, self._after_remedies = kept.remedies
        self.progress.tell_again(kept.told)
        if self._outcome is not None:
            self.progress.finish()
            self._show_outcome(self._outcome)
        if self._before_remedies is not None:
            self.next.show_changes(self._before_remedies, self._after_remedies)
        if kept.follows:
            self._attach_worker()
        self._refresh()

    def train(self) -> None:
        """Start the training that the form describes."""
        document, dataset = self._context.document, self._context.dataset
        if document is None:
            return
        if dataset.is_newest:  # what the person has seen is what is trained on
            dataset.keep_splits()
        document.when_saved(self._train)  # the worker reads the project from the disk

    def _train(self) -> None:
        document = self._context.document
        if document is None or self._training or self._busy or self._missing():
            return
        if not self.form.has_out():
            return
        try:
            augmentation = self._context.augmentation.to_dict()
            config = self.form.config(document.path, augmentation, choices_of(document))
        except TrainingError as error:
            self._context.status(self._show_problem(str(error)))
            return
        self._remember()
        self._begin(document, config)

    def resume(self, run: Run) -> None:
        """Go on with an unfinished training, by its own settings."""
        document = self._context.document
        if document is not None:
            document.when_saved(partial(self._resume, document, run))

    def _resume(self, document: Document, run: Run) -> None:
        if document is not self._context.document or self._training or self._busy:
            return  # the page says why
        try:
            config = run.train_config()
        except TrainingError as error:
            self._context.status(self._show_problem(str(error)))
            return
        out = Path(config.out) if Path(config.out).parent.is_dir() else self.form.out().absolute()
        self._begin(document, replace(config, project=str(document.path), out=str(out)), run.id)

    def take_settings(self, config: TrainConfig) -> None:
        """Fill the form with the settings of a training; how crops are cut stays as it is."""
        folds = {"more": self.form.values()["more"]}
        self.form.set_values(form_values(config) | folds)
        if config.augmentation is not None:
            self._context.augmentation = AugmentationConfig.from_dict(config.augmentation)
        self._context.status(
            tr("The settings are in the form; how crops are cut and shared stays as it is.")
        )

    def _begin(self, document: Document, config: TrainConfig, resume: str = "") -> None:
        count = sum(self._examples().values())
        needs = partial(of_training, config, count, document.data_folder)
        self.form.setEnabled(False)
        self.train_button.setEnabled(False)
        when_room(self, needs, partial(self._go, document, config, resume), self._refresh)

    def _go(self, document: Document, config: TrainConfig, resume: str) -> None:
        if document is not self._context.document or self._training or self._busy:
            return
        self._epochs, self._trained = config.epochs, document
        self._resumed = bool(resume)
        self._outcome = None
        self.offer.hide()
        self.result.hide()
        self.progress.reset()
        self._forget_remedies()
        worker = self._attach_worker()
        waiting = worker.state
        worker.train(config, resume)
        self._refresh()
        if worker.state == waiting:  # it was started beforehand, and announces nothing now
            self.progress.show_state(waiting)

    def primary_action(self) -> None:
        """What Ctrl+Enter does on this page."""
        if self.train_button.isEnabled():
            self.train()

    def cancel(self) -> None:
        """Stop the training."""
        if self._training:
            self.cancel_button.setEnabled(False)
            self._say(tr("Cancelling…"))
            self._attach_worker().cancel()

    def remedy(self, remedy: Remedy) -> None:
        """Change the settings of the next training as a finding advises, or show its page."""
        if remedy.page:
            self._context.page_requested.emit(remedy.page)
            return
        now = self._settings()
        if self._before_remedies is None:
            self._before_remedies = now
        self._set(remedied(now, remedy))
        self._after_remedies = self._settings()  # as the fields have it, which round
        self.next.show_changes(self._before_remedies, self._after_remedies)

    def take_back(self) -> None:
        """Undo what remedies have changed; what the person has changed since stays."""
        if self._before_remedies is not None:
            self._set(taken_back(self._settings(), self._before_remedies, self._after_remedies))
        self._forget_remedies()

    def _forget_remedies(self) -> None:
        self._before_remedies = None
        self.next.hide()

    def _settings(self) -> Settings:
        return Settings(self.form.values(), self._context.augmentation)

    def _set(self, settings: Settings) -> None:
        self.form.set_values(dict(settings.form))
        self._context.augmentation = settings.augmentation

    @property
    def _training(self) -> bool:
        return self._context.is_training

    @property
    def _busy(self) -> str:
        """Why the worker cannot train now, though no training runs; "" if it can."""
        return texts.busy_text(self._context.task)

    def _make_head(self) -> None:
        self.state = wrapped("", "subtitle")
        self.state.setObjectName("train_state")
        self.train_button = button(
            tr("Train"),
            "train_button",
            self.train,
            kind="primary",
            tooltip=tr("Start the training"),
        )
        self.cancel_button = button(
            tr("Cancel"), "cancel_training_button", self.cancel, tooltip=tr("Stop the training")
        )
        go = partial(self._context.page_requested.emit, "label")
        self.draw_button = button(tr("Draw boxes"), "train_draw_button", go)
        commands = self._context.commands
        for id_, made in (("train.start", self.train_button), ("train.stop", self.cancel_button)):
            commands.add_button(id_, made, category=tr("Train"), name=made.toolTip())
        commands.hint(self.train_button, "page.primary", self.train_button.toolTip())

    def _lay_out(self) -> None:
        form = scrolled(self.form, FORM_WIDTH)
        outcome = QWidget()
        below = QVBoxLayout(outcome)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(theme.L)
        below.addWidget(self.result)
        below.addWidget(self.next)
        below.addWidget(self.progress, 1)
        head = QHBoxLayout()
        head.setSpacing(theme.M)
        head.addWidget(self.state, 1)
        head.addWidget(self.draw_button)
        head.addWidget(self.cancel_button)
        head.addWidget(self.train_button)
        right = QVBoxLayout()
        right.setSpacing(theme.L)
        right.addWidget(self.offer)
        right.addLayout(head)
        right.addWidget(scrolled(outcome), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.XL)
        layout.addWidget(form)
        layout.addLayout(right, 1)

    def _connect(self) -> None:
        context = self._context
        context.document_changed.connect(self._follow_document)
        context.augmentation_changed.connect(self._follow_augmentation)
        context.model_ready.connect(self._look_up_out)
        self.form.changed.connect(self._form_changed)
        self.form.augment_requested.connect(lambda: context.page_requested.emit("augment"))
        self.result.classify_requested.connect(lambda: context.page_requested.emit("classify"))
        self.result.evaluate_requested.connect(lambda: context.page_requested.emit("evaluate"))
        self.result.scratch_requested.connect(self._train_from_scratch)
        self.progress.said.connect(self._say)
        self.progress.findings.remedy_chosen.connect(self.remedy)
        self.next.take_back_requested.connect(self.take_back)
        self.next.train_requested.connect(self.train)
        self._remember_timer.timeout.connect(self._remember)

    def _attach_worker(self) -> TrainingWorker:
        if self._worker is None:
            self._worker = self._context.worker
            self._worker.state_changed.connect(self._follow_state)
            self._worker.event_received.connect(self._follow_event)
            self._worker.finished.connect(self._finished)
        return self._worker

    def _follow_document(self, document: Document | None) -> None:
        if not self._training:  # what was found is of another project
            self._outcome = None
            self.progress.reset()
            self.result.hide()
            self._forget_remedies()
        if document is not None:
            self.form.set_out(document.path.with_suffix(MODEL_SUFFIX))
            document.edited.connect(self._document_edited)
            document.scan_finished.connect(self._document_edited)
        self._refresh()

    def _document_edited(self) -> None:
        if self.isVisible():
            self._refresh()

    def _follow_augmentation(self) -> None:
        self.form.set_augmentation_summary(texts.augmentation_text(self._context.augmentation))

    def _form_changed(self) -> None:
        self._remember_timer.start()
        self._look_up_out()
        self._refresh()

    def _look_up_out(self) -> None:
        if self.form.has_out():
            self._out_lookup.submit(self.form.out().exists, self.form.set_replaces)

    def _remember(self) -> None:
        self._remember_timer.stop()
        self._context.settings.set(SETTINGS_KEY, json.dumps(self.form.values()))

    def _examples(self) -> dict[str, int]:
        document = self._context.document
        use = self.form.values()["use"]
        if document is None:
            return {}
        dataset = self._context.dataset.dataset
        measured = as_measured(document.project, dataset.facts if dataset else None)
        return dict(training_examples.examples_of(measured, use))

    def _missing(self) -> str:
        return training_examples.missing_text(self._examples())

    def _refresh(self) -> None:
        """Enable what can be done now; unless a training runs, say what can be trained on."""
        training, examples = self._training, self._examples()
        missing = self._busy or training_examples.missing_text(examples)
        self._facts_lookup.submit(partial(facts_of_machine, examples), self.form.set_facts)
        self.form.setEnabled(not training)
        self.next.set_waiting(tr("Once this training is over") if training else missing)
        self.draw_button.setVisible(not training and bool(missing) and not self._busy)
        self.cancel_button.setVisible(training)
        self.cancel_button.setEnabled(training)
        # Train keeps its place beside Cancel: the second click of a double click hits neither.
        self.train_button.setEnabled(not training and not missing and self.form.has_out())
        if self.isVisible() and self.form.values()["augment"]:
            self._context.reached.emit("varied")
        if not training:
            use = self.form.values()["use"]
            problem = missing or training_examples.few_text(examples)
            set_role(self.state, "warning" if problem else "subtitle")
            self.state.setText(problem or training_examples.examples_text(examples, use))

    def _follow_state(self, state: str) -> None:
        self._state = state
        if self._training:
            self.progress.show_state(state)
        elif self.isVisible() and self._busy:
            self._refresh()  # a study has begun; its end comes as `finished`

    def _follow_event(self, event: Event) -> None:
        if self._training:
            self.progress.show_event(event)

    def _say(self, text: str) -> None:
        set_role(self.state, "subtitle")
        self.state.setText(text)
        told = tr("Training: {state}", state=text)
        self._context.activities.show("train", told, "train", self.cancel)

    def _finished(self, outcome: WorkerOutcome) -> None:
        self._refresh()
        if outcome.task != "train":
            return
        self._context.activities.end("train")
        self.progress.finish()
        if outcome.kind == "cancelled":  # also what was gone on with can be gone on with again
            self.offer.withdraw()
        self.offer.look()
        self._outcome = outcome
        self._context.status(self._show_outcome(outcome))
        if outcome.model is not None:
            self._context.set_model(outcome.model)
            self._context.reached.emit("trained")
            self._remember_split()
        if outcome.kind != "failed" and self.isVisible():
            self._attach_worker().prestart()  # for the next attempt

    def _show_outcome(self, outcome: WorkerOutcome) -> str:
        """Show how the training ended; the line that says so."""
        show = {
            "done": self._show_done,
            "cancelled": self._show_cancelled,
            "failed": self._show_failed,
        }
        return show[outcome.kind](outcome)

    def _show_done(self, outcome: WorkerOutcome) -> str:
        self.result.show_done(outcome, self._epochs)
        self.progress.write(tr("Saved to {path}", path=outcome.model))
        return tr("The model is ready: {path}", path=outcome.model)

    def _remember_split(self) -> None:
        """Keep photos where this training had them, so that later ones do not move them."""
        document = self._trained
        if document is not None and document is self._context.document:
            look = partial(newest_split, document.data_folder)
            run_task(look, partial(self._keep_split, document), owner=self)

    def _keep_split(self, document: Document, splits: dict[int, Split]) -> None:
        if document is self._context.document:
            self._context.dataset.keep_run(splits)

    def _show_cancelled(self, outcome: WorkerOutcome) -> str:
        self.progress.write(tr("Cancelled. No model was written."))
        self.state.setText(tr("Cancelled. No model was written."))
        return tr("The training was cancelled.")

    def _show_failed(self, outcome: WorkerOutcome) -> str:
        # With the examples read and no step made, it was the trained network that was missing.
        waited = self._state == "downloading" or self.progress.has_dataset
        no_network = waited and not self.progress.has_steps and not self._resumed
        offer_scratch = no_network and self.form.values()["recipe"] != "scratch"
        return self._show_problem(outcome.message, outcome.details, offer_scratch, outcome.log_path)

    def _show_problem(
        self,
        message: str,
        details: str = "",
        offer_scratch: bool = False,
        log: Path | None = None,
    ) -> str:
        title = tr("The training did not succeed")
        self.result.show_failure(title, message, details, offer_scratch, log)
        return title

    def _train_from_scratch(self) -> None:
        self.form.set_recipe("scratch")
        self.train()
