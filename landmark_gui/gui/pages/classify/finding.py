"""Searches photos for the part that shows the landmark best, in the background."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.errors import Cancel, Cancelled, ImageError, Progress
from landmark_gui.gui.pages.classify.engine import TOP
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.gui.pages.classify.queue import Queue, Wanted
from landmark_gui.jobs.progress_job import ProgressJob

if TYPE_CHECKING:
    from landmark_gui.inference.classifier import Classifier
    from landmark_gui.inference.localizing import Located

Result = tuple[Wanted, "Located | str"]
"""A photo with what was found on it, or with why it cannot be read."""


class Finding(QObject):
    """A queue of photos to search, one after the other: each keeps all cores busy.

    Signals:
        found(list[Result]): what came of some photos.
        progressed(int, int): how much is done, and of how much: photos, or of a single one the
            parts that were looked at.
        ended(): nothing is searched any more.
        failed(str): the model itself failed; what waited is not searched.
    """

    found = Signal(object)
    progressed = Signal(int, int)
    ended = Signal()
    failed = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._queue = Queue()
        self._results: deque[Result] = deque()
        self._done = self._total = 0
        self._job = ProgressJob(self)
        self._job.progressed.connect(self._tell)
        self._job.done.connect(lambda _: self._finished())
        self._job.failed.connect(self._failed)

    @property
    def busy(self) -> bool:
        return self._job.running

    def find(self, classifier: Classifier, entry: Entry) -> None:
        """Search this photo before those that wait."""
        self.forget({entry.key})
        self._queue.put_first(_wanted(entry))
        self._total += 1
        self._start(classifier)

    def find_each(self, classifier: Classifier, entries: Iterable[Entry]) -> None:
        """Search these photos after those that wait."""
        wanted = [_wanted(entry) for entry in entries]
        self._queue.put(wanted)
        self._total += len(wanted)
        self._start(classifier)

    def forget(self, keys: set[int]) -> None:
        """Take photos out of the queue."""
        self._total -= self._queue.drop(keys)

    def cancel(self) -> None:
        """Search no more; what was found stays found."""
        if self.busy:
            self._job.abandon()
            self._tell_found()
            self._end()

    def _start(self, classifier: Classifier) -> None:
        if self.busy or not len(self._queue):
            return
        self._classifier = classifier
        queue, results = self._queue, self._results

        def work(progress: Progress, cancel: Cancel) -> None:
            while (wanted := queue.take()) is not None:
                results.append((wanted, _located(classifier, wanted.path, progress, cancel)))

        self._job.run(work)

    def _tell(self, parts: int, of: int) -> None:
        self._tell_found()
        if self._total > 1:
            self.progressed.emit(self._done, self._total)
        else:
            self.progressed.emit(parts, of)

    def _tell_found(self) -> None:
        found = [self._results.popleft() for _ in range(len(self._results))]
        if found:
            self._done += len(found)
            self.found.emit(found)

    def _finished(self) -> None:
        self._tell_found()
        self._start(self._classifier)  # what came when the last search was just over
        if not self.busy:
            self._end()

    def _failed(self, error: Exception) -> None:
        self._tell_found()
        self._end()
        if not isinstance(error, Cancelled):
            self.failed.emit(str(error))

    def _end(self) -> None:
        self._queue, self._results = Queue(), deque()
        self._done = self._total = 0
        self.ended.emit()


def _wanted(entry: Entry) -> Wanted:
    return Wanted(entry.key, entry.path, entry.box)


def _located(
    classifier: Classifier, path: Path, progress: Progress, cancel: Cancel
) -> Located | str:
    from landmark_gui.inference.localizing import locate_photo

    try:
        return locate_photo(classifier, path, cancel, progress, TOP)
    except ImageError as error:
        return error.reason
