"""What the trainings of many trials tell, made fit for whoever watches the whole of them."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any

from landmark_gui.training.callbacks import Emit

INTERVAL = 0.1
"""Seconds between two events of progress."""
PROGRESS = ("preparing", "step", "epoch")
"""Events of a training that say how far it is."""


class TrialEvents:
    """Between the trainings of a study or a search and its listener.

    Args:
        emit: the listener.
    """

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._logged: set[str] = set()

    def log(self, event: dict[str, Any]) -> None:
        """Pass on what is said, once: every training says the same."""
        if event["event"] == "log" and event["message"] not in self._logged:
            self._logged.add(event["message"])
            self._emit(event)

    def progress(self, epochs: int, place: Callable[[], dict[str, Any]]) -> Emit:
        """Makes what a training tells the progress of the whole, at most 10 times a second.

        Args:
            epochs: of the training, until it says so itself.
            place: the event, but for `epoch` and `epochs`, at the moment that it is sent.
        """
        last = -math.inf

        def told(event: dict[str, Any]) -> None:
            nonlocal last
            self.log(event)
            now = time.monotonic()
            if event["event"] in PROGRESS and now - last >= INTERVAL:
                last = now
                reached = {"epoch": event.get("epoch", 0), "epochs": event.get("epochs", epochs)}
                self._emit({**place(), **reached})

        return told
