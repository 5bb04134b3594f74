"""What it costs to be able to go on with a training: epochs with checkpoints, against the same
without, in turn; and how long and how large a checkpoint is on the disk."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.report import ratio, spread
from landmark_gui.core.runs import Recipe, TrainConfig

SIDE, CLASSES = 160, 7


class Disk:
    """Keeps the epochs of a training in a folder, and notes how long that takes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.seconds: list[float] = []

    def load(self) -> None:
        return None

    def save(self, checkpoint: Any) -> None:
        from landmark_gui.training.checkpoints import write_checkpoint

        started = time.perf_counter()
        write_checkpoint(self.folder, checkpoint)
        self.seconds.append(time.perf_counter() - started)

    def epoch_done(self, history: Any) -> None:
        pass


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks checkpoints", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--images", type=int, default=256, help="of an epoch")
    parser.add_argument("--epochs", type=int, default=8)
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)  # as a training has it
    _measure("scratch", arguments)
    _measure("transfer", arguments)
    return 0


def _measure(recipe: Recipe, arguments: argparse.Namespace) -> None:
    kept, bare, written = [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(arguments.runs):
            disk = Disk(Path(folder))
            kept.append(_seconds(recipe, arguments, disk))
            bare.append(_seconds(recipe, arguments, None))
            written += disk.seconds
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    print(f"{recipe}: an epoch with checkpoints {spread(kept)}, without {spread(bare)}")
    print(f"{recipe}: ratio {ratio(kept, bare)}")
    print(f"{recipe}: writing one {spread(written)}; {size / 1e6:.1f} MB")


def _seconds(recipe: Recipe, arguments: argparse.Namespace, keeper: Disk | None) -> float:
    """Of an epoch, the mean without the first, which is traced."""
    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import phases_of

    ends: list[float] = []

    def emit(event: dict[str, Any]) -> None:
        if event["event"] == "epoch":
            ends.append(time.perf_counter())

    config = TrainConfig("", "", recipe=recipe, epochs=arguments.epochs)
    data = _data(arguments.images)
    fit(_model(config), phases_of(config), config, data, emit, lambda: False, keeper)
    return (ends[-1] - ends[0]) / (len(ends) - 1)


def _model(config: TrainConfig) -> Any:
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built
    from landmark_gui.training.recipes import scratch, transfer

    if config.recipe == "scratch":
        return scratch.network(config, CLASSES)
    known = backbone("mobilenet_v2", 0.35)
    return transfer.network(known, built(known, SIDE), SIDE, CLASSES, config.dropout)


def _data(count: int) -> Any:
    from landmark_gui.training.data import LabelledImages, LearningData

    random = np.random.default_rng(0)
    images = random.integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)
    labels = np.arange(count, dtype=np.int32) % CLASSES
    train = LabelledImages(images, labels)
    judged = LabelledImages(images[:64], labels[:64])
    return LearningData(tuple("abcdefg"), train, judged, {})
