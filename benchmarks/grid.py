"""The grid of 20,000 crops: gaps and frames while it is scrolled from end to end.

The real Crops page, in a window of its own process, with photos on disk and no thumbnail kept;
then once more with thumbnails kept. Reference, in the same run: a bare `QListView` with as many
plain items in the same layout, scrolled in the same way. A frame is what one step of the scroll
bar costs the GUI thread on the processor until it is painted; gaps are those of a 10 ms timer.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QSize, QStringListModel
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QMainWindow

from benchmarks.jank import Ticker
from benchmarks.report import ratio, spread
from benchmarks.windows import in_own_process, peak_mb, wait, wait_for

SCROLLS = 400
"""Steps from the first row to the last."""
FILES = 500
"""Photos on disk; each stands for as many photos of the project as it takes."""
Figures = dict[str, float]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks grid", description=__doc__)
    parser.add_argument("--crops", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--window", choices=("ours", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--project", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.window == "ours":
        print(json.dumps(_in_our_window(arguments.project)))
    elif arguments.window == "bare":
        print(json.dumps(_in_bare_window(arguments.crops)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder, "grid.landmarks")
            _make_project(project, arguments.crops)
            runs = [_run(project, arguments.crops) for _ in range(arguments.runs)]
        _report(arguments.crops, runs)
    return 0


def _run(project: Path, crops: int) -> dict[str, Figures]:
    figures = {}
    with tempfile.TemporaryDirectory() as cache:
        os.environ["LANDMARK_GUI_CACHE"] = cache
        for name, window in (("new", "ours"), ("kept", "ours"), ("bare", "bare")):
            arguments = ["--window", window, "--project", str(project), "--crops", str(crops)]
            figures[name] = in_own_process("grid", arguments)
    return figures


def _make_project(path: Path, crops: int) -> None:
    """Two boxes on each of half as many photos, which share some files."""
    import numpy as np
    from PIL import Image

    from landmark_gui.core.geometry import Rect
    from landmark_gui.core.project import Box, Change, Edit, Landmark, Photo
    from landmark_gui.core.store import ProjectStore

    rng, photos_dir = np.random.default_rng(0), path.parent / "photos"
    photos_dir.mkdir()
    for number in range(FILES):
        shapes = Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8))
        name = photos_dir / f"IMG_{number:05}.jpg"
        shapes.resize((640, 480), Image.Resampling.BICUBIC).save(name, "JPEG")
    photos = []
    for number in range(crops // 2):
        name = f"IMG_{number:05}.jpg"
        if number >= FILES:
            (photos_dir / name).symlink_to(photos_dir / f"IMG_{number % FILES:05}.jpg")
        photos.append(Photo(number + 1, name, 1, f"content {number}", 640, 480))
    marks = [Landmark(n, f"Landmark {n}", "#e69f00", "", n) for n in range(1, 8)]
    boxes = [
        Box(f"{photo.id}-{x}", photo.id, 1 + photo.id % 7, Rect(x, 60, 240, 320))
        for photo in photos
        for x in (40, 340)
    ]
    with ProjectStore.create(path, photos_dir) as store:
        store.put_photos(photos)
        store.commit(Edit("import", tuple(Change(None, row) for row in (*marks, *boxes))))


def _in_our_window(path: Path) -> Figures:
    from landmark_gui.core.project_opening import read_project
    from landmark_gui.core.settings import Settings
    from landmark_gui.gui.app import make_application
    from landmark_gui.gui.context import AppContext
    from landmark_gui.gui.dataset import DatasetWatch
    from landmark_gui.gui.document import Document
    from landmark_gui.gui.main_window import MainWindow
    from landmark_gui.jobs.collector import GuiThreadCollector

    application = make_application(Settings())
    GuiThreadCollector(application)
    context = AppContext()
    window = MainWindow(context)
    window.resize(1280, 800)
    window.show()
    wait(2000)  # the pages are imported ahead
    document = Document(read_project(path))
    context.set_document(document)
    DatasetWatch._submit = lambda *_: None  # type: ignore[method-assign]  # measuring is another matter
    page: Any = window.page("dataset")
    ticker = Ticker()
    ticker.enter("open")
    window.show_page("dataset")
    wait_for(lambda: page.grid.model.rowCount() > 0)
    wait(1000)
    figures = _scrolled(page.grid.view, ticker)
    ticker.enter("select")
    page.grid.view.selectAll()
    wait(500)
    ticker.enter("rest")
    figures["open gap"], figures["select gap"] = (max(ticker.gaps[p]) for p in ("open", "select"))
    figures["crops"] = page.grid.model.rowCount()
    window.close()
    document.close(discard=True)
    return figures


def _in_bare_window(crops: int) -> Figures:
    QApplication(sys.argv[:1])
    window, view = QMainWindow(), QListView()
    view.setModel(QStringListModel([f"Crop {number}" for number in range(crops)]))
    view.setFlow(QListView.Flow.LeftToRight)
    view.setWrapping(True)
    view.setUniformItemSizes(True)
    view.setGridSize(QSize(124, 144))
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    window.setCentralWidget(view)
    window.resize(780, 400)
    window.show()
    wait(2000)
    return _scrolled(view, Ticker())


def _scrolled(view: QListView, ticker: Ticker) -> Figures:
    """From the first row to the last and back, with a rest now and then, as a person does."""
    bar, frames = view.verticalScrollBar(), []
    ticker.enter("scroll")
    for number in (*range(SCROLLS + 1), *range(SCROLLS, -1, -4)):
        start = time.thread_time()
        bar.setValue(bar.maximum() * number // SCROLLS)
        view.viewport().repaint()
        frames.append((time.thread_time() - start) * 1000)
        wait(200 if number % 40 == 0 else 15)
    ticker.enter("rest")
    return {
        "frame": median(frames),
        "slow frame": sorted(frames)[len(frames) * 99 // 100],
        "gap": max(ticker.gaps["scroll"]),
        "peak": peak_mb(),
    }


def _report(crops: int, runs: list[dict[str, Figures]]) -> None:
    def of(window: str, figure: str) -> list[float]:
        return [run[window][figure] for run in runs]

    print(f"{crops:,} crops, {of('new', 'crops')[0]:,.0f} of them in the grid")
    for window, words in (("new", "no thumbnail kept"), ("kept", "thumbnails kept")):
        print(f"{words}: a frame of scrolling {spread(of(window, 'frame'), 'ms')}   (aim: < 16 ms)")
        print(f"  ratio to a bare list: {ratio(of(window, 'frame'), of('bare', 'frame'))}")
        print(f"  99 % of the frames under {spread(of(window, 'slow frame'), 'ms')}")
        print(f"  worst gap of a 10 ms timer {spread(of(window, 'gap'), 'ms')}")
        print(f"  ratio to a bare list: {ratio(of(window, 'gap'), of('bare', 'gap'))}")
        print(f"  worst gap while the page opens {spread(of(window, 'open gap'), 'ms')}")
        print(f"  worst gap while all are selected {spread(of(window, 'select gap'), 'ms')}")
        print(f"  peak memory: {max(of(window, 'peak')):.0f} MB")
    print(f"bare list: frame {spread(of('bare', 'frame'), 'ms')}, ", end="")
    print(f"worst gap {spread(of('bare', 'gap'), 'ms')}")


if __name__ == "__main__":
    raise SystemExit(main([]))
