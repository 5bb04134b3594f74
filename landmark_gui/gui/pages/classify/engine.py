"""Loading models and classifying photos, in the background."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, QTimer, Signal

from landmark_gui.core.errors import ImageError
from landmark_gui.gui.pages.classify.photos import Entry, Outcome
from landmark_gui.gui.pages.classify.queue import Queue, Round, Wanted
from landmark_gui.jobs.tasks import LatestOnly, NewestFirst, Task, run_task

if TYPE_CHECKING:
    from landmark_gui.inference.classifier import Classifier

TOP = 50
"""Classes kept of each verdict: all that are worth a bar, and little memory for many photos."""
FEW = 8
"""So many photos are classified before there is a progress bar to read."""
TICK_MS = 50
AT_ONCE = 200
"""Outcomes told in one go; more of them would take the window longer than a frame."""


class Engine(QObject):
    """Holds the model and a queue of photos for it, which all cores work on.

    Signals:
        model_loaded(): `classifier` is another one.
        model_failed(str): why a model file cannot be used; the one before stays.
        settled(list[tuple[int, Outcome]]): what came of some photos, by key.
        progressed(int, int): photos done, and all since the queue was last empty.
        finished(): the queue is empty.
    """

    model_loaded = Signal()
    model_failed = Signal(str)
    settled = Signal(object)
    progressed = Signal(int, int)
    finished = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.classifier: Classifier | None = None
        self._loading, self._asking = LatestOnly(self), NewestFirst(self, threads=1)
        self._queue = Queue()
        self._round: Round | None = None
        self._task: Task[None] | None = None
        self._done = self._total = 0
        # Asked now and then: a signal for each of thousands of photos would crowd the GUI thread.
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._tell)
        application = QCoreApplication.instance()
        assert application is not None
        application.aboutToQuit.connect(self.cancel)

    def load(self, path: Path) -> None:
        """Open a model file; `model_loaded` or `model_failed` follows."""
        self._loading.submit(partial(_load, path), self._loaded, self._not_loaded)

    def use(self, classifier: Classifier) -> None:
        """Go on with a model that was opened before, without a word."""
        self._loading.cancel()
        self.classifier = classifier

    @property
    def is_loading(self) -> bool:
        """Whether a model file is being opened."""
        return self._loading.running

    @property
    def busy(self) -> bool:
        return self._round is not None

    @property
    def has_many(self) -> bool:
        """Whether it will take long enough to show progress."""
        return self.busy and self._total > FEW

    def classify(self, entries: Iterable[Entry]) -> None:
        """Put photos at the end of the queue. Without a model nothing happens."""
        if self.classifier is None:
            return
        wanted = [_wanted(entry) for entry in entries]
        self._queue.put(wanted)
        self._total += len(wanted)
        if self._round is None:
            self._next()

    def ask(self, entry: Entry) -> None:
        """Classify one photo, or its part, now; `settled` follows.

        It is the answer to what was asked last of this photo.
        """
        if self.classifier is None:
            return
        wanted = _wanted(entry)
        work = partial(_outcome, self.classifier, wanted)
        answered, failed = partial(self._answered, wanted), partial(self._failed, wanted)
        self._asking.drop(entry.key)
        self._asking.submit(entry.key, work, answered, failed)

    def forget(self, keys: set[int]) -> None:
        """Take photos out of the queue."""
        self._total -= self._queue.drop(keys)

    def cancel(self) -> None:
        """Empty the queue; what is being classified ends unseen. What `ask` asks goes on."""
        if self._round is not None:
            self._round.cancel()
        if self._task is not None:
            self._task.cancel()
        self._queue = Queue()
        self._end()

    def _next(self) -> None:
        if not len(self._queue) or self.classifier is None:
            self._end()
            self.finished.emit()
            return
        going = self._round = Round(self.classifier, self._queue, TOP)
        ended, broken = partial(self._ended, going), partial(self._broken, going)
        self._task = run_task(going.work, ended, broken, owner=self)
        self._tick.start()
        self.progressed.emit(self._done, self._total)

    def _ended(self, going: Round, _: None) -> None:
        going.ended = True
        self._tell()

    def _broken(self, going: Round, error: Exception) -> None:
        """The model has failed, not a photo; what waits is tried all the same."""
        going.give_up(str(error))
        self._ended(going, None)

    def _tell(self) -> None:
        going = self._round
        if going is None:
            return
        outcomes = going.outcomes(AT_ONCE)
        if outcomes:
            self._done += len(outcomes)
            self.settled.emit(outcomes)
            self.progressed.emit(self._done, self._total)
        if going is self._round and going.ended and not going.has_outcomes:
            self._next()

    def _end(self) -> None:
        self._tick.stop()
        self._round = self._task = None
        self._done = self._total = 0

    def _answered(self, wanted: Wanted, outcome: Outcome) -> None:
        self.settled.emit([(wanted.key, outcome)])

    def _failed(self, wanted: Wanted, error: Exception) -> None:
        self._answered(wanted, str(error))

    def _loaded(self, classifier: Classifier) -> None:
        self._asking.clear()
        self.classifier = classifier
        self.model_loaded.emit()

    def _not_loaded(self, error: Exception) -> None:
        self.model_failed.emit(str(error))


def _wanted(entry: Entry) -> Wanted:
    return Wanted(entry.key, entry.path, entry.box)


def _load(path: Path) -> Classifier:
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.classifier import Classifier

    return Classifier(read_bundle(path))


def _outcome(classifier: Classifier, wanted: Wanted) -> Outcome:
    try:
        return classifier.classify(wanted.path, TOP, wanted.box)
    except ImageError as error:
        return error.reason
