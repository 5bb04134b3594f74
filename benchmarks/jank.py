"""How long the window stands still while a training starts and runs.

A precise 10 ms timer in the window records the time between its ticks. Reference, in the same
run: the same timer in a bare PySide6 window, while the same training runs in the same kind of
process. What both show is the machine's; what only ours shows is the program's.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QEventLoop, QObject, Qt, QTimer
from PySide6.QtWidgets import QGraphicsScene, QGraphicsView, QMainWindow

from landmark_gui.core.project_opening import open_folder
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.settings import Settings
from landmark_gui.gui.app import make_application
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.jobs.worker_process import Event, TrainingWorker, WorkerOutcome

TICK_MS = 10
IDLE_MS = 3_000
PHASE_OF_STATE = {
    "starting": "start and import",
    "importing": "start and import",
    "ready": "preparing",
    "preparing": "preparing",
    "training": "first batch",
    "saving": "saving",
    "idle": "end",
}
PHASES = (
    "idle",
    "opening the page",
    "start and import",
    "preparing",
    "first batch",
    "training",
    "saving",
    "end",
)
Figures = dict[str, dict[str, float]]


class Ticker(QObject):
    """Records, for each phase, the milliseconds between two ticks of a timer."""

    def __init__(self) -> None:
        super().__init__()
        self.gaps: dict[str, list[float]] = defaultdict(list)
        self._phase = "idle"
        self._last = time.perf_counter()
        timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._tick)
        timer.start()

    def follow(self, worker: TrainingWorker) -> None:
        worker.state_changed.connect(lambda state: self.enter(PHASE_OF_STATE[state]))
        worker.event_received.connect(self._event)

    def enter(self, phase: str) -> None:
        self._tick()
        if self._phase != "end":  # the page starts the next process at once
            self._phase = phase

    def figures(self) -> Figures:
        """Worst, 99.9 % and median gap of each phase, in milliseconds."""
        return {
            phase: {"worst": max(gaps), "99.9 %": _quantile(gaps, 0.999), "median": median(gaps)}
            for phase, gaps in self.gaps.items()
        }

    def _event(self, event: Event) -> None:
        if event["event"] == "step" and self._phase == "first batch":
            self.enter("training")

    def _tick(self) -> None:
        now = time.perf_counter()
        self.gaps[self._phase].append((now - self._last) * 1000)
        self._last = now


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks jank", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=2)
    parser.add_argument("--window", choices=("ours", "bare"), help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.window:
        print(json.dumps(_measure(arguments.window == "ours", arguments.epochs)))
        return 0
    runs = [
        {window: _in_own_process(window, arguments.epochs) for window in ("ours", "bare")}
        for _ in range(arguments.runs)
    ]
    _report(runs)
    return 0


def _in_own_process(window: str, epochs: int) -> Figures:
    environment = dict(os.environ)
    if not environment.get("DISPLAY") and sys.platform.startswith("linux"):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    command = [sys.executable, "-m", "benchmarks", "jank"]
    command += ["--window", window, "--epochs", str(epochs)]
    done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    figures: Figures = json.loads(done.stdout)
    return figures


def _measure(ours: bool, epochs: int) -> Figures:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LANDMARK_GUI_SETTINGS"] = str(Path(folder, "settings"))
        os.environ["LANDMARK_GUI_CACHE"] = str(Path(folder, "cache"))
        application = make_application(Settings())
        document = _document(Path(folder))
        context = AppContext()
        context.set_document(document)
        measure = _in_our_window if ours else _in_bare_window
        figures = measure(context, document, epochs)
        document.close()
        context.shutdown()
        application.processEvents()
    return figures


def _in_our_window(context: AppContext, document: Document, epochs: int) -> Figures:
    window = MainWindow(context)
    window.show()
    _wait(IDLE_MS)  # until the window has settled
    ticker = Ticker()
    _wait(IDLE_MS)
    ticker.enter("opening the page")  # which starts the worker, too
    window.show_page("train")
    _wait(500)
    ticker.enter(PHASE_OF_STATE[context.worker.state])
    ticker.follow(context.worker)
    page: Any = window.page("train")
    page.form.set_values({"recipe": "scratch", "epochs": epochs})
    page.train()
    _until_finished(context.worker)
    _wait(500)
    figures = ticker.figures()
    window.close()
    return figures


def _in_bare_window(context: AppContext, document: Document, epochs: int) -> Figures:
    window = QMainWindow()
    window.setCentralWidget(QGraphicsView(QGraphicsScene()))
    window.resize(1280, 800)
    window.show()
    _wait(IDLE_MS)
    ticker = Ticker()
    _wait(IDLE_MS)
    ticker.follow(context.worker)
    out = str(document.path.with_suffix(".landmark-model"))
    augmentation = context.augmentation.to_dict()
    config = TrainConfig(
        str(document.path), out, recipe="scratch", epochs=epochs, augmentation=augmentation
    )
    context.worker.train(config)
    _until_finished(context.worker)
    _wait(500)
    figures = ticker.figures()
    window.close()
    return figures


def _document(folder: Path) -> Document:
    """A project of 72 drawn photos of three landmarks, labelled by their folders."""
    import numpy as np
    from PIL import Image

    rng = np.random.default_rng(0)
    for index, landmark in enumerate(("Red Tower", "Green Dome", "Blue Gate")):
        (folder / "photos" / landmark).mkdir(parents=True)
        for number in range(24):
            pixels = rng.integers(80, 200, (480, 640, 3), np.uint8)
            x, y = rng.integers(0, 300, 2)
            pixels[y : y + 160, x : x + 160, index] = 255
            Image.fromarray(pixels).save(folder / "photos" / landmark / f"{number}.jpg")
    document = Document(open_folder(folder / "photos", folder))
    loop = QEventLoop()
    document.scan_finished.connect(loop.quit)
    document.start_scan()
    loop.exec()
    document.label_by_folder()
    return document


def _wait(milliseconds: int) -> None:
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()


def _until_finished(worker: TrainingWorker) -> None:
    loop = QEventLoop()
    outcomes: list[WorkerOutcome] = []
    worker.finished.connect(outcomes.append)
    worker.finished.connect(loop.quit)
    loop.exec()
    if outcomes[0].kind != "done":
        raise SystemExit(f"{outcomes[0].message}\n{outcomes[0].details}")


def _quantile(values: list[float], share: float) -> float:
    return sorted(values)[min(int(share * len(values)), len(values) - 1)]


def _report(runs: list[dict[str, Figures]]) -> None:
    print(
        f"gaps of a {TICK_MS} ms timer in ms: worst / 99.9 % / median; median of {len(runs)} runs"
    )
    print(f"{'phase':18}{'our window':>24}{'bare window':>24}{'worst, ratio':>14}")
    for phase in PHASES:
        ours, bare = (_cell(runs, window, phase) for window in ("ours", "bare"))
        ratio = f"{ours[0] / bare[0]:.2f}" if ours and bare else ""
        print(f"{phase:18}{_text(ours):>24}{_text(bare):>24}{ratio:>14}")
    worst = [max(figures["worst"] for figures in run["ours"].values()) for run in runs]
    print(f"worst gap of our window in each run: {', '.join(f'{gap:.0f}' for gap in worst)} ms")


def _cell(runs: list[dict[str, Figures]], window: str, phase: str) -> list[float]:
    found = [run[window][phase] for run in runs if phase in run[window]]
    return [median(row[key] for row in found) for key in found[0]] if found else []


def _text(figures: list[float]) -> str:
    return " / ".join(f"{value:.1f}" for value in figures) if figures else "–"
