"""From the press of Train to a usable `transfer` model, in the worker as the window drives it.

The worker is started beforehand, as by a look at the Train page. Printed are the seconds to the
saved model by what the worker was doing, then those of the probe, which a person need not wait
for. Reference: the bare forward pass of the same network over the same number of pictures, in a
process of its own, which is what no program can do without.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from PySide6.QtCore import QCoreApplication, QEventLoop

from benchmarks.photos import SHARED, WEIGHTS, project_of
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.backbones import backbone
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.training_advice import usual_epochs, usual_size
from landmark_gui.jobs.worker_process import Event, TrainingWorker

MODEL = backbone("mobilenet_v2", 0.35)
WORDS = {
    "command": "reading the project, building the network",
    "measuring": "looking for photos that look alike",
    "cutting": "reading and cutting photos",
    "features": "looks of the frozen network",
    "training": "epochs of the last layer",
    "saving": "converting, testing and saving",
}
BARE = """
import sys, time
import numpy as np
from pathlib import Path
from landmark_gui.training.weights import from_file
from landmark_gui.training.features import looking
path, side, count = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
_, model = from_file(path, side)
look = looking(model)
pixels = np.random.default_rng(0).uniform(-1, 1, (16, side, side, 3)).astype(np.float32)
look(pixels)
started = time.perf_counter()
for _ in range(-(-count // 16)):
    look(pixels)
print(time.perf_counter() - started)
"""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks transfer", description=__doc__)
    parser.add_argument("--photos", type=Path, default=SHARED / "data" / "wonders")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--augment", action="store_true", help="as the log does")
    arguments = parser.parse_args(argv)
    QCoreApplication.instance() or QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder:
        project = project_of(arguments.photos, Path(folder))
        config = _config(project, arguments.weights, arguments.augment)
        runs = [_timed(config) for _ in range(arguments.runs)]
    looks = runs[-1].looks
    bare = _bare(arguments.weights, config.image_size, looks)
    for part, words in WORDS.items():
        print(f"{words}: {median(run.parts[part] for run in runs):.1f} s")
    totals = [run.saved for run in runs]
    print(f"to the saved model: {', '.join(f'{seconds:.1f}' for seconds in totals)} s")
    print(f"the probe after it: {median(run.probe for run in runs):.1f} s")
    looking = median(run.parts["features"] for run in runs)
    print(f"{looks} looks in a bare loop: {bare:.1f} s; ours take {looking / bare:.2f} as long")
    print(f"test accuracy: {', '.join(f'{run.accuracy:.3f}' for run in runs)}")
    return 0


def _config(project: Path, weights: Path, augment: bool) -> TrainConfig:
    return TrainConfig(
        str(project),
        str(project.with_suffix(".landmark-model")),
        use="photos",
        weights=str(weights),
        epochs=usual_epochs("transfer"),
        image_size=usual_size("transfer", MODEL),
        augmentation=AugmentationConfig.log_preset().to_dict() if augment else None,
    )


class _Clock:
    """Sums up what the worker was doing, from its events."""

    def __init__(self) -> None:
        self.parts = dict.fromkeys(WORDS, 0.0)
        self.looks, self.accuracy, self.saved, self.probe = 0, 0.0, 0.0, 0.0
        self.failure = ""
        self._part = "command"
        self._began = self._started = time.perf_counter()

    def follow(self, event: Event) -> None:
        if event["event"] == "saved":
            self._enter("over")
            self.saved = time.perf_counter() - self._started
            self.accuracy = event["metrics"]["accuracy"]
        elif event["event"] == "preparing":
            kind = "features" if event.get("features") else "cutting"
            self._enter("measuring" if event.get("measuring") else kind)
            self.looks = event["total"] if kind == "features" else self.looks
        elif event["event"] == "state" and event["state"] in WORDS:
            self._enter(event["state"])

    def end(self, outcome: Any) -> None:
        self.failure = "" if outcome.kind == "done" else outcome.message
        self.probe = time.perf_counter() - self._started - self.saved

    def _enter(self, part: str) -> None:
        now = time.perf_counter()
        if self._part in self.parts:
            self.parts[self._part] += now - self._began
        self._part, self._began = part, now


def _timed(config: TrainConfig) -> _Clock:
    """A training in a worker that has imported TensorFlow and waits."""
    worker, loop = TrainingWorker(), QEventLoop()
    worker.state_changed.connect(lambda state: loop.quit() if state == "ready" else None)
    worker.prestart()
    loop.exec()
    clock = _Clock()
    worker.event_received.connect(clock.follow)
    worker.finished.connect(clock.end)
    worker.finished.connect(loop.quit)
    worker.train(config)
    loop.exec()
    worker.shutdown()
    if clock.failure:
        raise SystemExit(clock.failure)
    return clock


def _bare(weights: Path, side: int, count: int) -> float:
    command = [sys.executable, "-c", BARE, str(weights), str(side), str(count)]
    return float(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
