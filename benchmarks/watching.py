"""What it costs to watch a training: the same epochs with and without.

Ten epochs of the small network on crops of noise that lie in memory: by the bare `fit` of Keras;
with the events and the best epoch; with the confusion matrix and the looks at the network too
(after epochs 2, 5 and 10), and the diagnosis. In turn, after one round that traces.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from statistics import median
from typing import Any

import numpy as np

from benchmarks.report import ratio, spread
from landmark_gui.core.diagnosis import Watch
from landmark_gui.core.errors import never_cancelled
from landmark_gui.core.runs import TrainConfig

CLASSES, BATCH, EPOCHS = 7, 16, 10


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks watching", description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--images", type=int, default=240, help="an epoch")
    parser.add_argument("--size", type=int, default=96)
    arguments = parser.parse_args(argv)
    examples = _noise(arguments.images, arguments.size)
    ways = {name: _trained(make, examples) for name, make in WAYS.items()}
    times: dict[str, list[float]] = {name: [] for name in ways}
    for run in range(arguments.runs + 1):
        for name, train in ways.items():
            started = time.perf_counter()
            train()
            if run:  # the first one traces
                times[name].append((time.perf_counter() - started) * 1000)
    steps = EPOCHS * -(-arguments.images // BATCH)
    print(f"a step of {BATCH} crops of {arguments.size} × {arguments.size}, {EPOCHS} epochs")
    for name, taken in times.items():
        step = [value / steps for value in taken]
        print(f"  {name:24}", spread(step, "ms"), "|", ratio(taken, times["bare"]))
    cost = median(times["all"]) - median(times["events"])
    print(f"  matrix, looks and diagnosis: {cost / EPOCHS:.1f} ms an epoch")
    return 0


Examples = tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]


def _noise(images: int, size: int) -> Examples:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (images, size, size, 3), np.uint8).astype(np.float32)
    return pixels, random.integers(0, CLASSES, images).astype(np.int32)


def _trained(callbacks: Callable[[Examples], list[Any]], examples: Examples) -> Callable[[], None]:
    import keras

    from landmark_gui.training import models
    from landmark_gui.training.health import ConfusionAccuracy

    size = examples[0].shape[1]
    model = models.modern(size, CLASSES, "relu", True, 0.0)
    metric: Any = ConfusionAccuracy(CLASSES) if callbacks is _all else "accuracy"
    model.compile(keras.optimizers.Adam(1e-3), "sparse_categorical_crossentropy", metrics=[metric])
    judged = (examples[0][::5], examples[1][::5])

    def train() -> None:
        model.fit(
            *examples,
            batch_size=BATCH,
            epochs=EPOCHS,
            validation_data=judged,
            validation_batch_size=BATCH,
            shuffle=False,
            verbose=0,
            callbacks=callbacks(examples),
        )

    return train


def _bare(examples: Examples) -> list[Any]:
    return []


def _events(examples: Examples) -> list[Any]:
    from landmark_gui.training.callbacks import BestEpoch, CancelCheck, ProgressEvents

    count = len(examples[1])
    best = BestEpoch("val_loss")
    watch = Watch(TrainConfig("p", "o", recipe="scratch"), lambda event: None)
    names = [f"landmark {n}" for n in range(CLASSES)]
    counts = {split: dict.fromkeys(names, 30) for split in ("train", "validation")}
    watch({"event": "dataset", "classes": names, "counts": counts, "epochs": EPOCHS})
    progress = ProgressEvents(watch, EPOCHS, -(-count // BATCH), best, count)
    return [CancelCheck(never_cancelled), best, progress]


def _all(examples: Examples) -> list[Any]:
    from landmark_gui.training.health import Health

    *before, progress = _events(examples)
    progress.health = Health(examples, EPOCHS, validates=True)
    return [*before, progress.health, progress]


WAYS = {"bare": _bare, "events": _events, "all": _all}
