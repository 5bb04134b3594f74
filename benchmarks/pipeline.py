"""What feeding the network costs: steps, threads, memory, and a frozen backbone's features.

First the time of a training step with augmented batches as a training makes them, against the same
step on batches that lie in memory as float32, for the network from scratch and for a MobileNetV2
whose top blocks learn too; on 0, 1, 2 and 4 threads, in turn, an epoch of noise each. Then batches
alone, without a network, ours and Keras' own threads. Then the memory of processes that hold crops
of data sets of growing size, in memory and in a file. Last, seconds from the start to a trained
model for `transfer` on real photos, with features computed once and with crops drawn anew.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

import cv2
import numpy as np

from benchmarks.photos import SHARED, WEIGHTS, project_of
from benchmarks.report import ratio, spread
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.runs import TrainConfig

SIDE, BATCH, CLASSES = 160, 16, 7
CONFIG = AugmentationConfig.log_preset()
THREADS = (0, 1, 2, 4)
PARTS = ("steps", "batches", "memory", "trainings")
FIRST_TUNED = "block_13_expand"
"""From here on a fine-tuned MobileNetV2 learns: its last four blocks and what is above."""
Times = tuple[float, float]
"""Seconds by the clock, and of the processor, all threads together."""
CROPS = (1000, 4000, 16000)


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks pipeline", description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    parser.add_argument("--images", type=int, default=256, help="an epoch of the steps")
    parser.add_argument("--photos", type=Path, default=SHARED / "data" / "wonders")
    parser.add_argument("--trainings", type=int, default=3, help="pairs of trainings")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=PARTS)
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)  # as a training has it
    if "steps" in arguments.parts:
        for name, build in (("scratch", _scratch), ("fine-tuning", _fine_tuning)):
            _steps(name, build(), arguments.runs, arguments.images)
    if "batches" in arguments.parts:
        _batches_alone(arguments.runs, arguments.images)
    if "memory" in arguments.parts:
        _memory()
    if "trainings" in arguments.parts and arguments.photos.is_dir():
        _trainings(arguments.photos, arguments.trainings)
    return 0


def _scratch() -> Any:
    from landmark_gui.training import models

    return _compiled(models.modern(SIDE, CLASSES, "relu", True, 0.3))


def _fine_tuning() -> Any:
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built, free_top
    from landmark_gui.training.recipes.transfer import network

    known = backbone("mobilenet_v2", 0.35)
    tuned = built(known, SIDE)
    model = network(known, tuned, SIDE, CLASSES, 0.3)
    free_top(tuned, FIRST_TUNED)
    return _compiled(model)


def _compiled(model: Any) -> Any:
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    return model


def _steps(name: str, model: Any, runs: int, images: int) -> None:
    import tensorflow as tf

    examples = _noise(images)
    ready = (examples.images.astype(np.float32), examples.labels)
    resident = tf.data.Dataset.from_tensor_slices(ready).batch(BATCH).prefetch(2)
    ways: dict[str, Callable[[], Any]] = {"in memory": lambda: resident}
    for threads in THREADS:
        ways[f"{threads} threads"] = lambda threads=threads: _augmented(examples, threads)
    times: dict[str, list[Times]] = {way: [] for way in ways}
    for run in range(runs + 1):
        for way, make in ways.items():
            taken = _epoch_of(model, make())
            if run:  # the first one traces
                times[way].append(taken)
    print(f"a step of {name}, {BATCH} crops of {SIDE} × {SIDE}, the log's augmentation")
    steps = -(-images // BATCH)
    wall, work = ({w: [t[i] * 1000 / steps for t in times[w]] for w in ways} for i in (0, 1))
    for way in ways:
        print(f"  {way:10}", spread(wall[way], "ms"), end=" ")
        print("|", ratio(wall[way], wall["in memory"]), end=" ")
        print("| processor time", ratio(work[way], work["in memory"]))


def _epoch_of(model: Any, data: Any) -> Times:
    """Of the second epoch of a fit: the first begins with Keras' look at the data."""
    import keras

    at: list[Times] = []

    def look(epoch: int, logs: object) -> None:
        at.append((time.perf_counter(), time.process_time()))

    clock = keras.callbacks.LambdaCallback(on_epoch_begin=look, on_epoch_end=look)
    model.fit(data, epochs=2, verbose=0, shuffle=False, callbacks=[clock])
    if hasattr(data, "close"):
        data.close()
    (_, _, began, ended) = at
    return ended[0] - began[0], ended[1] - began[1]


def _augmented(examples: Any, threads: int) -> Any:
    from landmark_gui.training.batches import Batches

    return Batches(examples, BATCH, shuffle=True, augmentation=CONFIG, workers=threads)


def _batches_alone(runs: int, images: int) -> None:
    """Each way makes the batches of an epoch, which nobody uses."""
    from keras.src.trainers.data_adapters.py_dataset_adapter import OrderedEnqueuer

    examples = _noise(images)

    def ours(threads: int) -> float:
        with _augmented(examples, threads) as batches:
            started = time.perf_counter()
            for step in range(len(batches)):
                batches[step]
            return images / (time.perf_counter() - started)

    def keras_threads(threads: int) -> float:
        batches = _augmented(examples, 0)
        enqueuer = OrderedEnqueuer(batches, workers=threads)
        started = time.perf_counter()
        enqueuer.start()
        taken = enqueuer.get()
        for _ in range(len(batches)):
            next(taken)
        rate = images / (time.perf_counter() - started)
        enqueuer.stop()
        return rate

    ways = {f"{threads} threads": (ours, threads) for threads in THREADS}
    ways |= {f"Keras' {threads}": (keras_threads, threads) for threads in THREADS if threads}
    rates: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(runs):
        for way, (work, threads) in ways.items():
            rates[way].append(work(threads))
    print("batches alone")
    for way, values in rates.items():
        print(f"  {way:10}", spread(values, "images/s"), "|", ratio(values, rates["0 threads"]))


def _noise(count: int) -> Any:
    from landmark_gui.training.data import LabelledImages

    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, SIDE, SIDE, 3), dtype=np.uint8)
    return LabelledImages(images, np.arange(count, dtype=np.int32) % CLASSES)


def _memory() -> None:
    """Peaks of processes of their own, less what such a process has before it holds crops."""
    print(f"memory that a training's crops take, {SIDE} × {SIDE}, an epoch of batches included")
    context = multiprocessing.get_context("spawn")
    for count in CROPS:
        told = []
        for in_file in (False, True):
            with context.Pool(1) as pool:
                own, mapped = pool.apply(_held, (count, in_file))
            told.append(f"own {own / 1e6:5.0f} MB, mapped {mapped / 1e6:5.0f} MB")
        size = count * SIDE * SIDE * 3 / 1e6
        print(f"  {count:6} crops ({size:5.0f} MB): in memory {told[0]} | in a file {told[1]}")


def _held(count: int, in_file: bool) -> tuple[int, int]:
    from landmark_gui.training import batches as _  # noqa: F401  # TensorFlow's own memory
    from landmark_gui.training import pixel_store
    from landmark_gui.training.data import LabelledImages

    before = _resident()
    pixel_store.MEMORY_SHARE = 0.0 if in_file else 1.0
    images = pixel_store.pixel_array(count, SIDE, lambda text: None)
    for row in images:
        row[:] = 128
    examples = LabelledImages(images, np.zeros(count, np.int32))
    with _augmented(examples, 2) as batches:
        for step in range(min(len(batches), 64)):
            batches[step]
        after = _resident()
    return after[0] - before[0], after[1] - before[1]


def _resident() -> tuple[int, int]:
    """Memory of this process in bytes: its own, and mapped from files. Linux alone tells."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0, 0
    values = dict(line.split(":", 1) for line in status.read_text().splitlines())
    own, mapped = (1024 * int(values[name].split()[0]) for name in ("RssAnon", "RssFile"))
    return own, mapped


def _trainings(photos: Path, runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LANDMARK_GUI_CACHE"] = folder
        project = project_of(photos, Path(folder))
        for name, augmentation in (("without augmentation", None), ("with the log's", CONFIG)):
            config = TrainConfig(
                str(project),
                str(Path(folder, "m.landmark-model")),
                use="photos",
                weights=str(WEIGHTS),
                augmentation=augmentation and augmentation.to_dict(),
            )
            _pairs(name, config, runs)


def _pairs(name: str, config: TrainConfig, runs: int) -> None:
    from dataclasses import replace

    ways = {"drawn anew": False, "features once": True}
    times: dict[str, list[tuple[float, float, float, float]]] = {way: [] for way in ways}
    for run in range(runs):
        for way, cached in ways.items():
            times[way].append(_trained(replace(config, feature_cache=cached, seed=run)))
    print(f"transfer, {config.epochs} epochs, {name}")
    fresh, cached_runs = times["drawn anew"], times["features once"]
    for way, rows in times.items():
        fitted, saved, epoch, accuracy = zip(*rows, strict=True)
        print(f"  {way:13} trained after", spread(fitted), "| saved after", spread(saved))
        print(f"    an epoch {median(epoch):.3f} s, test accuracy {median(accuracy):.3f}")
    for column, what in enumerate(("trained", "saved")):
        ours, before = ([row[column] for row in rows] for rows in (cached_runs, fresh))
        print(f"  until {what}:", ratio(ours, before), "of drawing anew")


def _trained(config: TrainConfig) -> tuple[float, float, float, float]:
    """Seconds until the last epoch is done, until the model is saved, and of an epoch; accuracy."""
    from landmark_gui.training.train import train

    started = time.perf_counter()
    at: dict[str, float] = {}
    epochs: list[float] = []

    def emit(event: dict[str, Any]) -> None:
        at[str(event.get("state", event["event"]))] = time.perf_counter() - started
        if event["event"] == "epoch":
            epochs.append(event["seconds"])

    metrics = train(config, emit)
    return at["saving"], at["saved"], median(epochs), metrics["accuracy"]
