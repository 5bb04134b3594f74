"""What a large project costs the palette and the history panel.

A key stroke in the palette with 10,000 photos, against the same with 10; and an edit, up to the
repainted window, with a history panel of 10,000 edits, against the same with the panel hidden.
Times are those of the GUI thread on the processor, whatever else the machine does.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from benchmarks.report import ratio, spread
from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import HistoryEntry, Photo
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.settings import Settings
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.app import make_application
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow

QUERIES = ("im", "img", "img_0", "folder img", "next photo", "zzz")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks panels", description=__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--edits", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=15)
    arguments = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(Path(folder) / "settings.toml")
        make_application(settings)
        window = MainWindow(AppContext(settings))
        window.resize(1280, 800)
        window.show()
        _palette(window, Path(folder), arguments.photos, arguments.runs)
        _history(window, Path(folder), arguments.edits, arguments.runs)
        window.close()
    return 0


def _palette(window: MainWindow, folder: Path, photos: int, runs: int) -> None:
    times: dict[int, list[float]] = {10: [], photos: []}
    for count, measured in times.items():
        window.context.set_document(_project(folder / f"{count}.landmarks", count))
        window.open_palette()
        field = window._palette.field
        field.setText("folder")  # the names are read at the first search
        for query in QUERIES * runs:
            measured.append(_milliseconds(partial(field.setText, query)))
        _close(window)
    print(f"a key stroke in the palette, {photos} photos: {spread(times[photos], 'ms')}")
    print(f"  against 10 photos: {ratio(times[photos], times[10])}")


def _history(window: MainWindow, folder: Path, count: int, runs: int) -> None:
    document = _project(folder / "edits.landmarks", 10, count)
    window.context.set_document(document)
    times: dict[bool, list[float]] = {True: [], False: []}
    for _ in range(runs):
        for shown, measured in times.items():
            if window.history_shown != shown:
                window.toggle_history()
            QApplication.processEvents()
            measured.append(_milliseconds(partial(_edit, document)))
    print(f"an edit beside a history of {count}: {spread(times[True], 'ms')}")
    print(f"  against the panel hidden: {ratio(times[True], times[False])}")
    _close(window)


def _edit(document: Document) -> None:
    document.do(edits.add_box(10, 1, Rect(1, 2, 30, 40)))
    QApplication.processEvents()


def _project(path: Path, photos: int, history: int = 0) -> Document:
    names = (f"Folder {n % 40}/IMG_{n:05d}.jpg" for n in range(1, photos + 1))
    rows = [Photo(n, name, 1, "", 0, 0, "unreadable", "none") for n, name in enumerate(names, 1)]
    with ProjectStore.create(path, path.parent / "none") as store:
        store.put_photos(rows)
        store.commit(edits.add_landmark(store.load(), "Tower"))
    drawn = [edits.add_box(1 + n % 9, 1, Rect(n % 50, 2, 30, 40)) for n in range(history)]
    opened = read_project(path)
    return Document(replace(opened, done=[HistoryEntry(edit, 0) for edit in drawn]))


def _close(window: MainWindow) -> None:
    document = window.context.document
    window.context.set_document(None)
    assert document is not None
    document.close(discard=True)


def _milliseconds(work: Callable[[], object]) -> float:
    started = time.thread_time()
    work()
    return (time.thread_time() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main([]))
