"""The study that runs, whichever page shows it: starts and pauses it, and tells where it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.studies import StudyConfig, StudyKind, StudyResult
from landmark_gui.gui.studies import texts
from landmark_gui.gui.worker_texts import downloading_text, preparing_text
from landmark_gui.jobs.worker_process import Event, WorkerOutcome

if TYPE_CHECKING:
    from landmark_gui.gui.context import AppContext


class StudyRun(QObject):
    """One study at a time, in the worker process that trainings use too.

    Signals:
        changed(): something began or ended in the worker, whatever it was.
        said(str): where the study is, in one line.
        progressed(dict): a `trial_progress` or `trial` of the worker.
        result_changed(StudyResult): a training of the study is done.
        ended(WorkerOutcome): the study is over, for whatever reason; `study` is still known.

    Attributes:
        study: the one that runs or ran last.
        result: what came out of it so far; None before its first training.
        place: the last `trial_progress`; None before the first.
    """

    changed = Signal()
    said = Signal(str)
    progressed = Signal(object)
    result_changed = Signal(object)
    ended = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__(context)
        self._context, self._worker = context, context.worker
        self.study: StudyConfig | None = None
        self.result: StudyResult | None = None
        self._words: Callable[[], str] = str
        self.place: Event | None = None
        self._worker.state_changed.connect(self._follow_state)
        self._worker.event_received.connect(self._follow_event)
        self._worker.finished.connect(self._finished)

    @property
    def is_running(self) -> bool:
        return self._worker.task == "study"

    @property
    def line(self) -> str:
        """What was said last, in the language that is spoken now."""
        return self._words()

    @property
    def task(self) -> str:
        """What the worker is at: "train", "study", "search" or ""."""
        return self._worker.task

    def runs(self, kind: StudyKind) -> bool:
        """Whether a study of this kind runs, on the project that is open."""
        document, study = self._context.document, self.study
        if not self.is_running or study is None or document is None:
            return False
        return study.kind == kind and study.base.project == str(document.path)

    def start(self, study: StudyConfig, kept: StudyResult | None = None) -> None:
        """Begin a study, or go on with it. Nothing happens while the worker is busy.

        Args:
            kept: what came out of it so far.
        """
        if self._worker.task:
            return
        self.study, self.result, self.place = study, kept, None
        self._worker.study(study)
        self.changed.emit()
        self._follow_state(self._worker.state)  # one that was started beforehand says no more

    def pause(self) -> None:
        """Stop; what is done is kept."""
        if self.is_running:
            self._say(lambda: tr("Pausing…"))
            self._worker.cancel()

    def prestart(self) -> None:
        """Start a process that imports TensorFlow and waits."""
        self._worker.prestart()

    def _follow_state(self, state: str) -> None:
        if self.is_running and texts.state_text(state):
            self._say(partial(texts.state_text, state))
        self.changed.emit()

    def _follow_event(self, event: Event) -> None:
        if not self.is_running or self.study is None:
            return
        if event["event"] == "preparing":
            self._say(partial(preparing_text, event))
        elif event["event"] == "downloading":
            self._say(partial(downloading_text, event))
        elif event["event"] == "trial_progress":
            self.place = event
            self._say(partial(texts.place_text, event, self.study.repeats))
            self.progressed.emit(event)
        elif event["event"] == "trial":
            self._take(event)

    def _take(self, event: Event) -> None:
        try:
            self.result = StudyResult.from_dict(event["result"])
        except DAMAGE:
            return  # what cannot be read is on the disk all the same
        self.progressed.emit(event)
        self.result_changed.emit(self.result)

    def _say(self, words: Callable[[], str]) -> None:
        self._words = words
        self.said.emit(self.line)
        if self.study is not None:
            told = tr("Study: {state}", state=self.line)
            page = "compare" if self.study.kind == "compare" else "augment"
            self._context.activities.show("study", told, page, self.pause)

    def _finished(self, outcome: WorkerOutcome) -> None:
        if outcome.task == "study" and self.study is not None:
            self._context.activities.end("study")
            self._context.status(self._last_words(outcome))
            self.ended.emit(outcome)
        self.changed.emit()

    def _last_words(self, outcome: WorkerOutcome) -> str:
        assert self.study is not None
        if outcome.kind == "failed":
            return tr("The study did not succeed")
        if outcome.kind == "cancelled" or self.result is None:
            return tr("Paused. What is done is kept.")
        return tr("The study is done: {study}", study=texts.title(self.study.kind))
