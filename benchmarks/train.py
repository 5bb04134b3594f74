"""What our training adds to a step: batches, progress, cancelling and keeping the best epoch.

A step of `fit` as a training runs it, of the networks from scratch, against the bare Keras `fit`
of the same model on float32 tensors in memory. Both learn from the same noise and validate in every
epoch; the first epoch, in which TensorFlow traces, does not count.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any, get_args

import cv2
import numpy as np

from benchmarks.report import ratio, spread
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import never_cancelled
from landmark_gui.core.runs import Network, TrainConfig

CLASSES = 7
Times = tuple[list[float], list[float]]
"""Seconds of each epoch: by the clock, and of the processor, all threads together."""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks train", description=__doc__)
    parser.add_argument("--runs", type=int, default=5, help="pairs of trainings")
    parser.add_argument("--epochs", type=int, default=10, help="of each that count")
    parser.add_argument("--images", type=int, default=256)
    parser.add_argument("--size", type=int, default=96)
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)  # as a training has it
    log = AugmentationConfig.log_preset().to_dict()
    for network in get_args(Network):
        plain = TrainConfig(
            "",
            "",
            recipe="scratch",
            network=network,
            image_size=arguments.size,
            epochs=arguments.epochs + 1,
        )
        for title, augmentation in (("as they are", None), ("with the log's augmentation", log)):
            config = replace(plain, augmentation=augmentation)
            _pairs(f"{network}, crops {title}", config, arguments)
    return 0


def _pairs(title: str, config: TrainConfig, arguments: argparse.Namespace) -> None:
    data = _noise(arguments.images, config.image_size)
    ways: dict[str, Callable[[TrainConfig, Any], Times]] = {"bare": _bare, "ours": _ours}
    clock: dict[str, list[float]] = {way: [] for way in ways}
    work: dict[str, list[float]] = {way: [] for way in ways}
    for _ in range(arguments.runs):
        for way, train in ways.items():
            seconds, processor = train(config, data)
            clock[way].append(_step(seconds, config, arguments.images))
            work[way].append(_step(processor, config, arguments.images))
    print(f"{title}, {config.batch_size} crops of {config.image_size} × {config.image_size}")
    for way, steps in clock.items():
        print(f"  {way}: a step", spread([1000 * step for step in steps], "ms"))
    print("  ours to bare:", ratio(clock["ours"], clock["bare"]), end="; ")
    print("processor time", ratio(work["ours"], work["bare"]), flush=True)


def _step(epochs: list[float], config: TrainConfig, images: int) -> float:
    """Seconds, validation included, at the mean of the epochs after the first: a few of them look
    at the network besides."""
    return float(np.mean(epochs[1:])) / -(-images // config.batch_size)


def _noise(count: int, size: int) -> Any:
    from landmark_gui.training.data import LabelledImages, LearningData

    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count + count // 4, size, size, 3), dtype=np.uint8)
    labels = np.arange(len(images), dtype=np.int32) % CLASSES
    train = LabelledImages(images[:count], labels[:count])
    validation = LabelledImages(images[count:], labels[count:])
    return LearningData(tuple("abcdefg"), train, validation, {})


def _ours(config: TrainConfig, data: Any) -> Times:
    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import built_model, phases_of

    clock = _Clock()

    def emit(event: dict[str, Any]) -> None:
        if event["event"] == "epoch":
            clock.look()

    model = built_model(config, CLASSES, lambda text: None)
    fit(model, phases_of(config), config, data, emit, never_cancelled)
    return clock.times()


def _bare(config: TrainConfig, data: Any) -> Times:
    import keras
    import tensorflow as tf

    from landmark_gui.training.fitting import training_batches
    from landmark_gui.training.recipes import built_model, phases_of

    clock = _Clock()
    model = built_model(config, CLASSES, lambda text: None)
    (phase,) = phases_of(config)
    with training_batches(config, data) as batches:
        phase.prepare(model, batches)
    tensors = [
        (tf.constant(part.images, tf.float32), tf.constant(part.labels))
        for part in (data.train, data.validation)
    ]
    model.fit(
        *tensors[0],
        batch_size=config.batch_size,
        epochs=config.epochs,
        validation_data=tensors[1],
        validation_batch_size=config.batch_size,
        verbose=0,
        callbacks=[keras.callbacks.LambdaCallback(on_epoch_end=lambda *_: clock.look())],
    )
    return clock.times()


class _Clock:
    """Looks at the clock and at the time of the processor."""

    def __init__(self) -> None:
        self._looks: list[tuple[float, float]] = []
        self.look()

    def look(self) -> None:
        self._looks.append((time.perf_counter(), time.process_time()))

    def times(self) -> Times:
        clock, work = (np.diff(column).tolist() for column in zip(*self._looks, strict=True))
        return clock, work
