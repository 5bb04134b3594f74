"""Search, filter and order of the Classify page's list, against a plain filter and sort.

Ours: `chosen`, what a changed query does, and with the window: the same with Qt's rows made anew
and the chosen photo found again. Reference: one list comprehension over confidences and one
`sorted` by names that are ready. All run in turn, in processor time.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

from benchmarks.report import ratio, spread
from landmark_gui.gui.pages.classify.list_query import Kind, ListQuery, SortBy, chosen, warm
from landmark_gui.gui.pages.classify.photos import PhotoList
from landmark_gui.inference.classifier import Verdict

LABELS = ("Big Ben", "Eiffel Tower", "Giza", "Liberty", "Petra", "Rome", "Taj Mahal")
QUERIES = {
    "search": ListQuery(text="img 9"),
    "unknown": ListQuery(kind=Kind.UNKNOWN),
    "one landmark, 50 to 90 %": ListQuery(labels=frozenset({"Petra"}), low=0.5, high=0.9),
    "by name": ListQuery(sort=SortBy.NAME),
    "by landmark": ListQuery(sort=SortBy.LABEL),
    "least certain first": ListQuery(sort=SortBy.CERTAINTY),
}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks verdict_list", description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--photos", type=int, default=10_000)
    arguments = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from PySide6.QtCore import QSize
    from PySide6.QtWidgets import QApplication

    from landmark_gui.gui.pages.classify.side import ListSide
    from landmark_gui.gui.thumbnails import Thumbnails

    application = QApplication([])
    photos = _photos(arguments.photos)
    side = ListSide(photos, Thumbnails(QSize(72, 54)))
    side.resize(320, 700)
    side.show()
    side.list.setCurrentIndex(photos.index(5))
    application.processEvents()
    entries = photos.entries()
    rows = [(entry.verdict.confidence, entry.name) for entry in entries if entry.verdict]

    def plain() -> object:
        return sorted((row for row in rows if row[0] >= 0), key=lambda row: row[1])

    print(f"{arguments.photos} photos")
    for name, query in QUERIES.items():
        ours, reference, window = [], [], []
        for _ in range(arguments.runs):
            ours.append(_milliseconds(lambda query=query: chosen(entries, query)))
            reference.append(_milliseconds(plain))
            window.append(_milliseconds(lambda query=query: side.bar.change(query)))
            side.bar.change(ListQuery())
            application.processEvents()
        told = f"{spread(ours, 'ms')}, of the plain one {ratio(ours, reference)}"
        print(f"  {name}: {told}; with the window {spread(window, 'ms')}")
    return 0


def _photos(count: int) -> PhotoList:
    rng, photos = random.Random(0), PhotoList()
    paths = [Path(f"/photos/day {n % 30}/IMG_{n}.jpg") for n in rng.sample(range(count), count)]
    warm(paths)
    said = []
    for entry in photos.add(paths):
        label, share = rng.choice(LABELS), rng.random()
        verdict = Verdict(entry.path, label, share, share < 0.5, ((label, share),), share)
        said.append((entry.key, verdict))
    photos.settle(said)
    return photos


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return (time.process_time() - began) * 1000
