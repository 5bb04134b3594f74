"""Loading models and classifying photos, in the background."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.errors import ImageError
from landmark_gui.gui.pages.classify.photos import Entry, Outcome
from landmark_gui.jobs.tasks import LatestOnly, Task, run_task

if TYPE_CHECKING:
    from landmark_gui.inference.classifier import Classifier

TOP = 5
BATCH = 8
"""Photos between two looks at the queue: what Cancel waits for, and what progress moves by."""


class Engine(QObject):
    """Holds the model and a queue of photos for it.

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
        self._loading = LatestOnly(self)
        self._queue: deque[tuple[int, Path]] = deque()
        self._running: Task[list[tuple[int, Outcome]]] | None = None
        self._done = self._total = 0

    def load(self, path: Path) -> None:
        """Open a model file; `model_loaded` or `model_failed` follows."""
        self._loading.submit(partial(_load, path), self._loaded, self._not_loaded)

    @property
    def busy(self) -> bool:
        return self._running is not None

    @property
    def has_many(self) -> bool:
        """Whether it will take long enough to show progress."""
        return self.busy and self._total > BATCH

    def classify(self, entries: Iterable[Entry]) -> None:
        """Put photos at the end of the queue. Without a model nothing happens."""
        if self.classifier is None:
            return
        work = [(entry.key, entry.path) for entry in entries]
        self._queue += work
        self._total += len(work)
        if self._running is None:
            self._next()

    def forget(self, keys: set[int]) -> None:
        """Take photos out of the queue."""
        left = deque(item for item in self._queue if item[0] not in keys)
        self._total -= len(self._queue) - len(left)
        self._queue = left

    def cancel(self) -> None:
        """Empty the queue; what is being classified ends unseen."""
        if self._running is not None:
            self._running.cancel()
        self._queue.clear()
        self._end()

    def _next(self) -> None:
        if not self._queue or self.classifier is None:
            self._end()
            self.finished.emit()
            return
        batch = [self._queue.popleft() for _ in range(min(BATCH, len(self._queue)))]
        work = partial(_classify, self.classifier, batch)
        failed = partial(self._batch_failed, batch)
        self._running = run_task(work, self._batch_done, failed, owner=self)
        self.progressed.emit(self._done, self._total)

    def _batch_done(self, outcomes: list[tuple[int, Outcome]]) -> None:
        self._done += len(outcomes)
        self.settled.emit(outcomes)
        self._next()

    def _batch_failed(self, batch: list[tuple[int, Path]], error: Exception) -> None:
        self._batch_done([(key, str(error)) for key, _ in batch])

    def _end(self) -> None:
        self._running = None
        self._done = self._total = 0

    def _loaded(self, classifier: Classifier) -> None:
        self.classifier = classifier
        self.model_loaded.emit()

    def _not_loaded(self, error: Exception) -> None:
        self.model_failed.emit(str(error))


def _load(path: Path) -> Classifier:
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.classifier import Classifier

    return Classifier(read_bundle(path))


def _classify(classifier: Classifier, batch: list[tuple[int, Path]]) -> list[tuple[int, Outcome]]:
    def outcome(item: tuple[int, Path]) -> tuple[int, Outcome]:
        key, path = item
        try:
            return key, classifier.classify(path, TOP)
        except ImageError as error:
            return key, error.reason

    with ThreadPoolExecutor(os.cpu_count()) as pool:  # photos are decoded side by side
        return list(pool.map(outcome, batch))
