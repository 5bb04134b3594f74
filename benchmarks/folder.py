"""A folder of 10,000 photos: time to the first one on screen, gaps while scrolling, memory.

The real window, in a process of its own, opens a folder that it has never seen ("new"), and then
the same project again ("known"). Reference, in the same run: a bare PySide6 window that lists the
folder, decodes the first photo with Pillow and paints it; its list of 10,000 rows without pictures
is scrolled in the same way.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QStringListModel
from PySide6.QtWidgets import QApplication, QLabel, QListView, QMainWindow, QSplitter

from benchmarks.jank import Ticker
from benchmarks.report import ratio, spread
from benchmarks.windows import LARGE, Painted, in_own_process, peak_mb, wait, wait_for

SCROLLS = 400
"""Steps from the first row to the last."""
LARGE_EVERY = 100
Figures = dict[str, float]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks folder", description=__doc__)
    parser.add_argument("--photos", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--window", choices=("ours", "bare"), help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.window:
        measure = _in_our_window if arguments.window == "ours" else _in_bare_window
        print(json.dumps(measure(arguments.folder)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        photos = Path(folder, "photos")
        _fill(photos, arguments.photos)
        runs = [_run(photos) for _ in range(arguments.runs)]
    _report(runs)
    return 0


def _run(photos: Path) -> dict[str, Figures]:
    project = photos.parent / "photos.landmarks"
    shutil.rmtree(photos.parent / "photos.data", ignore_errors=True)
    project.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory() as cache:
        os.environ["LANDMARK_GUI_CACHE"] = cache
        windows = {"new": "ours", "known": "ours", "bare": "bare"}
        figures = {}
        for name, window in windows.items():
            path = project if name == "known" else photos
            figures[name] = in_own_process("folder", ["--window", window, "--folder", str(path)])
    return figures


def _fill(folder: Path, count: int) -> None:
    """Small drawn photos, each with a content of its own; every hundredth is a large real one."""
    from io import BytesIO

    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(0)
    drawn = []
    for _ in range(20):
        content = BytesIO()
        shapes = Image.fromarray(rng.integers(0, 255, (12, 16, 3), np.uint8))
        shapes.resize((640, 480), Image.Resampling.BICUBIC).save(content, "JPEG")
        drawn.append(content.getvalue())
    real = sorted(LARGE.glob("*"))
    folder.mkdir()
    for number in range(count):
        path = folder / f"IMG_{number:05}.jpg"
        if real and number % LARGE_EVERY == LARGE_EVERY - 1:
            path.symlink_to(real[number // LARGE_EVERY % len(real)])
        else:  # what follows the end of a JPEG is not read
            path.write_bytes(drawn[number % len(drawn)] + str(number).encode())


def _in_our_window(path: Path) -> Figures:
    from landmark_gui.core.settings import Settings
    from landmark_gui.gui.app import make_application
    from landmark_gui.gui.context import AppContext
    from landmark_gui.gui.main_window import MainWindow
    from landmark_gui.jobs.collector import GuiThreadCollector

    application = make_application(Settings())
    GuiThreadCollector(application)
    context = AppContext()
    window = MainWindow(context)
    window.show()
    wait(2000)  # the pages are imported ahead
    page: Any = window.page("label")
    painted, ticker, scanned = Painted(page.canvas.viewport()), Ticker(), []
    page.middle.photo_shown.connect(painted.ready)
    context.document_changed.connect(
        lambda document: document and document.scan_finished.connect(scanned.append)
    )
    start = time.perf_counter()
    first = painted.seconds(lambda: window.opening.open(path))
    busy = not scanned
    ticker.enter("scan")
    wait_for(lambda: bool(scanned))
    scan = time.perf_counter() - start
    wait(500)
    ticker.enter("scroll")
    _scroll(page.photos.list)
    ticker.enter("step")
    _step(page)
    ticker.enter("rest")
    figures = {
        "first": first,
        "scanning": busy,
        "scan": scan,
        "photos": len(context.document.project.photos) if context.document else 0,
        **{f"{phase} gap": max(ticker.gaps[phase]) for phase in ("scan", "scroll", "step")},
        "peak": peak_mb(),
    }
    window.close()
    return figures


def _in_bare_window(folder: Path) -> Figures:
    application = QApplication(sys.argv[:1])
    window, rows, label = QMainWindow(), QListView(), QLabel()
    names = QStringListModel()
    rows.setModel(names)
    rows.setUniformItemSizes(True)
    splitter = QSplitter()
    splitter.addWidget(rows)
    splitter.addWidget(label)
    window.setCentralWidget(splitter)
    window.resize(1280, 800)
    window.show()
    wait(2000)
    painted, ticker = Painted(label), Ticker()

    def show() -> None:
        names.setStringList(sorted(item.name for item in folder.iterdir() if item.is_file()))
        label.setPixmap(_pixmap(folder / names.stringList()[0]))
        painted.ready()

    first = painted.seconds(show)
    ticker.enter("scroll")
    _scroll(rows)
    ticker.enter("rest")
    application.processEvents()
    return {"first": first, "scroll gap": max(ticker.gaps["scroll"]), "peak": peak_mb()}


def _pixmap(path: Path) -> Any:
    from PIL import Image
    from PySide6.QtGui import QImage, QPixmap

    with Image.open(path) as opened:
        photo = opened.convert("RGB")
    line = 3 * photo.width
    image = QImage(photo.tobytes(), photo.width, photo.height, line, QImage.Format.Format_RGB888)
    return QPixmap.fromImage(image)


def _scroll(rows: QListView) -> None:
    """From the first row to the last and back, with a rest now and then, as a person does."""
    bar = rows.verticalScrollBar()
    for number in (*range(SCROLLS + 1), *range(SCROLLS, -1, -4)):
        bar.setValue(bar.maximum() * number // SCROLLS)
        wait(200 if number % 40 == 0 else 15)


def _step(page: Any) -> None:
    """Through 60 photos with the key, then with a rest at each for the photos ahead."""
    for pause in (30, 200):
        for _ in range(30):
            page.middle.next.trigger()
            wait(pause)


def _report(runs: list[dict[str, Figures]]) -> None:
    def of(window: str, figure: str) -> list[float]:
        return [run[window][figure] for run in runs]

    print(f"{runs[0]['new']['photos']:,.0f} photos")
    for window, words in (("new", "a folder never seen"), ("known", "a project opened again")):
        print(f"{words}: first photo painted {spread(of(window, 'first'))}   (aim: under 1 s)")
        print(f"  ratio to a bare window: {ratio(of(window, 'first'), of('bare', 'first'))}")
        if window == "new":
            scanning = all(of(window, "scanning"))
            print(f"  the scan {'still ran' if scanning else 'had ended'}; it took", end=" ")
            print(f"{spread(of(window, 'scan'))}, worst gap {_worst(of(window, 'scan gap'))}")
        for phase in ("scroll", "step"):
            print(f"  worst gap of a 10 ms timer, {phase}: {_worst(of(window, f'{phase} gap'))}")
        scrolled = ratio(of(window, "scroll gap"), of("bare", "scroll gap"))
        print(f"  ratio to a bare list, scroll: {scrolled}")
        print(f"  peak memory: {max(of(window, 'peak')):.0f} MB   (aim: under 600 MB)")
    print(f"bare window: first photo painted {spread(of('bare', 'first'))}", end="; ")
    print(f"scroll {_worst(of('bare', 'scroll gap'))}; {max(of('bare', 'peak')):.0f} MB")


def _worst(gaps: list[float]) -> str:
    return f"median {median(gaps):.0f} ms, at most {max(gaps):.0f} ms"
