"""Photos that wait for the model, between the GUI thread and the threads that ask it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Lock
from typing import TYPE_CHECKING

from landmark_gui.core.errors import Cancelled
from landmark_gui.gui.pages.classify.photos import Outcome

if TYPE_CHECKING:
    from landmark_gui.inference.classifier import Box, Classifier


@dataclass(frozen=True)
class Wanted:
    """A photo to classify, by its key on the list; of it the part in `box`, or all."""

    key: int
    path: Path
    box: Box | None = None


class Queue:
    """First in, first out, but for what is in a hurry; any thread may use it."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._waiting: deque[Wanted] = deque()

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, wanted: Iterable[Wanted]) -> None:
        with self._lock:
            self._waiting.extend(wanted)

    def put_first(self, wanted: Wanted) -> None:
        """Take this one next."""
        with self._lock:
            self._waiting.appendleft(wanted)

    def take(self) -> Wanted | None:
        with self._lock:
            return self._waiting.popleft() if self._waiting else None

    def drop(self, keys: set[int]) -> int:
        """Take photos out; how many of them there were."""
        with self._lock:
            kept = [wanted for wanted in self._waiting if wanted.key not in keys]
            dropped = len(self._waiting) - len(kept)
            self._waiting = deque(kept)
        return dropped


class Round:
    """Works on a queue until it is empty; what is put in meanwhile is done as well.

    Attributes:
        ended: set by whoever runs `work`, once it has returned.
    """

    def __init__(self, classifier: Classifier, queue: Queue, top_k: int) -> None:
        self._classifier, self._queue, self._top_k = classifier, queue, top_k
        self._cancelled = Event()
        self._asked: deque[Wanted] = deque()  # and not answered yet, in this order
        self._outcomes: deque[tuple[int, Outcome]] = deque()
        self.ended = False

    def work(self) -> None:
        """For a thread of its own; uses all cores."""
        from landmark_gui.inference.classifying import classified_parts

        answers = classified_parts(
            self._classifier, self._parts(), self._top_k, self._cancelled.is_set
        )
        try:
            for _, outcome in answers:
                self._outcomes.append((self._asked.popleft().key, outcome))
        except Cancelled:
            return

    def cancel(self) -> None:
        """End after the photos that are being decoded."""
        self._cancelled.set()

    def outcomes(self, most: int) -> list[tuple[int, Outcome]]:
        """What came of photos since it was last asked, at most so many."""
        return [self._outcomes.popleft() for _ in range(min(most, len(self._outcomes)))]

    @property
    def has_outcomes(self) -> bool:
        return bool(self._outcomes)

    def give_up(self, reason: str) -> None:
        """Say of the photos without an answer why they have none. Call once `work` has ended."""
        self._outcomes.extend((wanted.key, reason) for wanted in self._asked)
        self._asked.clear()

    def _parts(self) -> Iterator[tuple[Path, Box | None]]:
        while (wanted := self._queue.take()) is not None:
            self._asked.append(wanted)
            yield wanted.path, wanted.box
