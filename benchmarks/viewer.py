"""The Classify page: photos a second, gaps meanwhile, the slider of unknown, cancel.

The real page, in a window of its own process, with large photos and a model made by hand whose
network takes no time: decoding is what a rate depends on. Reference for the rate, in the same
process and in turn: `inference.classifying.classified` without a window, which the benchmark
`classify` holds against Keras and the bare decode. The page does more: it decodes the photo on
show and the thumbnails in view as well. The slider is moved over thousands of verdicts, each of
which changes from named to unknown.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Qt, QTimer

from benchmarks.jank import Ticker
from benchmarks.report import ratio, spread
from benchmarks.windows import LARGE, in_own_process, wait, wait_for
from landmark_gui.core import images

Figures = dict[str, float]


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks viewer", description=__doc__)
    parser.add_argument("--photos", type=Path, default=LARGE)
    parser.add_argument("--times", type=int, default=6, help="how often each photo is on the list")
    parser.add_argument("--verdicts", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--window", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.window:
        print(json.dumps(_in_window(arguments)))
        return 0
    if not any(map(images.is_photo, arguments.photos.rglob("*"))):
        print(f"there are no photos in {arguments.photos}; name a folder with --photos")
        return 1
    _report(
        arguments.verdicts,
        [in_own_process("viewer", ["--window", *argv]) for _ in range(arguments.runs)],
    )
    return 0


def _in_window(arguments: argparse.Namespace) -> Figures:
    from landmark_gui.core.settings import Settings
    from landmark_gui.gui.app import make_application
    from landmark_gui.gui.context import AppContext
    from landmark_gui.gui.main_window import MainWindow
    from landmark_gui.jobs.collector import GuiThreadCollector
    from tests.tiny_bundle import write_tiny_bundle

    application = make_application(Settings())
    GuiThreadCollector(application)
    context = AppContext()
    window = MainWindow(context)
    window.resize(1280, 800)
    window.show()
    window.show_page("classify")
    page: Any = window.page("classify")
    with tempfile.TemporaryDirectory() as folder:
        context.set_model(write_tiny_bundle(Path(folder, "timed.landmark-model"), size=160))
        wait_for(lambda: page._engine.classifier is not None)
        photos = _linked(arguments.photos, Path(folder), arguments.times)
        figures = {"photos": len(photos), **_rates(page, photos)}
        figures |= _cancelled(page, photos)
        figures |= _judged(page, arguments.verdicts)
        window.close()
    return figures


def _linked(folder: Path, into: Path, times: int) -> list[Path]:
    """Each photo under several names: a list holds a path once."""
    found = sorted(path for path in folder.rglob("*") if images.is_photo(path))
    links = [into / f"{number}-{path.name}" for number in range(times) for path in found]
    for link, path in zip(links, found * times, strict=True):
        link.symlink_to(path)
    return links


def _rates(page: Any, photos: list[Path]) -> Figures:
    from landmark_gui.inference.classifying import classified

    list(classified(page._engine.classifier, photos[:8]))  # for the disk's cache
    started = time.perf_counter()
    list(classified(page._engine.classifier, photos))
    alone = len(photos) / (time.perf_counter() - started)
    wait(500)
    ticker, work = Ticker(), Work()
    ticker.enter("classify")
    work.begin()
    started = time.perf_counter()
    page.add_photos(photos)
    wait_for(lambda: len(page.verdicts()) == len(photos))
    rate = len(photos) / (time.perf_counter() - started)
    ticker.enter("rest")
    gaps = sorted(ticker.gaps["classify"])
    return {
        "alone": alone,
        "rate": rate,
        "gap": gaps[-1],
        "usual gap": gaps[len(gaps) * 99 // 100],
        "work": work.worst(),
    }


class Work(QObject):
    """The most that the GUI thread does on the processor between two ticks of a 10 ms timer."""

    def __init__(self) -> None:
        super().__init__()
        self._spent: list[float] = []
        self._last = 0.0
        self._timer = QTimer(self, interval=10, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def begin(self) -> None:
        self._last = time.thread_time()
        self._timer.start()

    def worst(self) -> float:
        """In milliseconds."""
        self._timer.stop()
        return max(self._spent) * 1000

    def _tick(self) -> None:
        now = time.thread_time()
        self._spent.append(now - self._last)
        self._last = now


def _cancelled(page: Any, photos: list[Path]) -> Figures:
    page.clear()
    page.add_photos(photos)
    wait_for(lambda: len(page.verdicts()) > 0)
    started = time.perf_counter()
    page._cancel()
    free = time.perf_counter() - started
    wait_for(lambda: not any("PoolExecutor" in thread.name for thread in threading.enumerate()))
    return {"cancel": free * 1000, "threads": (time.perf_counter() - started) * 1000}


def _judged(page: Any, count: int) -> Figures:
    from landmark_gui.inference.classifier import Verdict

    page.clear()
    verdict = Verdict(None, "red", 0.9, False, (("red", 0.9),), 0.9)
    entries = page.model.add(Path(f"/nowhere/{number}.jpg") for number in range(count))
    page.model.settle((entry.key, verdict) for entry in entries)
    wait(1000)
    ticker, judged = Ticker(), []
    page._judging.judged.connect(lambda: judged.append(time.perf_counter()))
    ticker.enter("slider")
    started, on_processor = time.perf_counter(), time.thread_time()
    page.panel.unknown.slider.setValue(1000)
    first = (time.thread_time() - on_processor) * 1000
    wait_for(lambda: bool(judged))
    ticker.enter("rest")
    return {"first": first, "slider": (judged[0] - started) * 1000}


def _report(verdicts: int, runs: list[Figures]) -> None:
    def of(figure: str) -> list[float]:
        return [run[figure] for run in runs]

    print(f"{runs[0]['photos']:.0f} large photos on the page: {spread(of('rate'), 'photos/s')}")
    print(f"  ratio to the same without a window: {ratio(of('rate'), of('alone'))}")
    print(f"  worst gap of a 10 ms timer {spread(of('gap'), 'ms')}, ", end="")
    print(f"99 % under {spread(of('usual gap'), 'ms')}")
    print(f"  most work of the GUI thread between two ticks {spread(of('work'), 'ms')}")
    print(f"cancel: the window is free after {spread(of('cancel'), 'ms')}   (aim: < 300 ms)")
    print(f"  the last thread has ended after {spread(of('threads'), 'ms')}")
    print(
        f"the slider over {verdicts:,} verdicts: its own turn takes {spread(of('first'), 'ms')}",
        end="",
    )
    print(f"   (aim: < 16 ms), all are judged after {spread(of('slider'), 'ms')}")


if __name__ == "__main__":
    raise SystemExit(main([]))
