"""Landmarks that mirror each other, found once for each dataset."""

from __future__ import annotations

import logging
from functools import partial
from threading import Event

from PySide6.QtCore import QObject, Signal

from landmark_gui.core.crops import Crop
from landmark_gui.core.errors import Cancelled
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.pages.augment.hints import find_mirrored, sample
from landmark_gui.jobs.tasks import LatestOnly

_log = logging.getLogger(__name__)


class Mirrors(QObject):
    """Compares a few crops of each landmark whenever these are others than before.

    Signals:
        found(): `pairs` has changed.
    """

    found = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pairs: list[tuple[str, str]] = []
        self._seen: dict[str, list[Crop]] = {}
        self._cancel = Event()
        self._comparing = LatestOnly(self)

    def follow(self, dataset: Dataset | None) -> None:
        """Look at another dataset, None for none."""
        chosen = {} if dataset is None else sample(dataset.crops)
        chosen = {name: crops for name, crops in chosen.items() if name}
        if _looks(chosen) == _looks(self._seen):
            return
        self._seen = chosen
        self._cancel.set()
        cancel = self._cancel = Event()
        if len(chosen) < 2:
            self._comparing.cancel()
            self._take([])
        else:
            work = partial(find_mirrored, chosen, cancel.is_set)
            self._comparing.submit(work, self._take, _stopped)

    def _take(self, pairs: list[tuple[str, str]]) -> None:
        if pairs != self.pairs:
            self.pairs = pairs
            self.found.emit()


def _stopped(error: Exception) -> None:
    if not isinstance(error, Cancelled):
        _log.error("Landmarks could not be compared", exc_info=error)


def _looks(chosen: dict[str, list[Crop]]) -> dict[str, list[object]]:
    """What the comparison depends on; splits, for one, it does not."""
    return {
        name: [(crop.photo_hash, crop.rect) for crop in crops] for name, crops in chosen.items()
    }
