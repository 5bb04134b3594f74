"""Python's cyclic garbage collector, on the GUI thread alone."""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

INTERVAL_MS = 1_000


class GuiThreadCollector(QObject):
    """Takes the place of the automatic collector.

    That one runs on whichever thread happens to allocate next. If a background task is that
    thread, widgets in a dead reference cycle are destroyed there, which Qt answers with a crash.
    Here the generations are collected by a timer, by the same thresholds.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        gc.disable()
        gc.freeze()  # modules and classes: nothing of what is there now will ever be garbage
        timer = QTimer(self, interval=INTERVAL_MS)
        timer.timeout.connect(collect)
        timer.start()


def collect() -> None:
    """Collect the oldest generation whose count is over its threshold, if one is."""
    counts, thresholds = gc.get_count(), gc.get_threshold()
    for generation in (2, 1, 0):
        if counts[generation] > thresholds[generation]:
            gc.collect(generation)
            return


def set_aside() -> None:
    """Keep what is there now out of the collector's sight, until `look_again`.

    For after the arrival of so much data that each generation it passes through would stop the
    window for a tenth of a second. Data without cycles is freed all the same once it is dropped.
    """
    gc.freeze()


def look_again() -> None:
    """Look at all objects again from the next full collection on."""
    gc.unfreeze()
