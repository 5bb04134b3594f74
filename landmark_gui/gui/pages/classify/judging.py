"""Which verdicts count as unknown: by the model's own threshold, or by the person's."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from PySide6.QtCore import QObject, QTimer, Signal

from landmark_gui.gui.pages.classify.photos import Entry, Outcome, PhotoList, judged
from landmark_gui.inference.bundle import LITERT_MODEL, Bundle

Thresholds = dict[tuple[str, str], float]
"""By path and content of a model."""
CHUNK = 1_000
"""Verdicts judged in one go, in some milliseconds; ten thousand take some frames."""


class Judging(QObject):
    """Judges all verdicts of the list anew when the threshold moves. Asks no model for that.

    Which threshold was chosen is remembered for each model, as long as the program runs.

    Signals:
        judged(): all verdicts are judged by `threshold`.

    Attributes:
        chosen: the thresholds that are not the models' own.
    """

    judged = Signal()

    def __init__(self, photos: PhotoList, parent: QObject) -> None:
        super().__init__(parent)
        self._photos = photos
        self._bundle: Bundle | None = None
        self.chosen: Thresholds = {}
        self._left: deque[Entry] = deque()
        self._next = QTimer(self, singleShot=True, interval=0)
        self._next.timeout.connect(self._judge_some)

    def set_bundle(self, bundle: Bundle) -> None:
        """Judge by the rule of this model from now on."""
        self._bundle = bundle
        self._left.clear()

    @property
    def threshold(self) -> float:
        """A verdict with a smaller score is unknown."""
        if self._bundle is None:
            return 0.0
        return self.chosen.get(_key(self._bundle), self._bundle.threshold)

    def choose(self, threshold: float) -> None:
        """Judge by another threshold; that of the model itself forgets what was chosen."""
        if self._bundle is None or threshold == self.threshold:
            return
        if threshold == self._bundle.threshold:
            self.chosen.pop(_key(self._bundle), None)
        else:
            self.chosen[_key(self._bundle)] = threshold
        self._left = deque(self._photos.entries())
        self._judge_some()

    def outcomes(self, told: Iterable[tuple[int, Outcome]]) -> list[tuple[int, Outcome]]:
        """Verdicts that the model has just given, judged by `threshold`."""
        threshold = self.threshold
        return [
            (key, outcome if isinstance(outcome, str) else judged(outcome, threshold))
            for key, outcome in told
        ]

    def _judge_some(self) -> None:
        some = [self._left.popleft() for _ in range(min(CHUNK, len(self._left)))]
        self._photos.judge(some, self.threshold)
        if self._left:
            self._next.start()
        else:
            self.judged.emit()


def _key(bundle: Bundle) -> tuple[str, str]:
    """A model that was trained anew under the same name is another one."""
    return str(bundle.path), str(bundle.card["sha256"][LITERT_MODEL])
