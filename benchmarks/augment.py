"""Augmented images per second, against Keras' ImageDataGenerator and against the bare warp.

All three run on one core, in turn, on the same noise: `core.augmentation` (seeding, drawing,
warping), `ImageDataGenerator.random_transform`, and `cv2.warpAffine` alone with matrices that
are ready. The settings are those of the log: rotation, shifts, shear, zoom, horizontal flip.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable

import cv2
import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator

from benchmarks.report import ratio, spread
from landmark_gui.core.augmentation import AugmentationConfig, augment, draw, generator, matrix

CONFIG = AugmentationConfig.log_preset()


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks augment", description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--images", type=int, default=200, help="a run of ours; Keras does 1/10")
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)
    for side in (160, 224):
        _compare(side, arguments.runs, arguments.images)
    return 0


def _compare(side: int, runs: int, images: int) -> None:
    image = np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)
    as_float = image.astype(np.float32)
    keras = ImageDataGenerator(**CONFIG.to_dict())
    matrices = [
        matrix(draw(CONFIG, side, side, generator(0, 0, index)), side, side)
        for index in range(images)
    ]
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP

    def ours(index: int) -> None:
        augment(image, CONFIG, generator(0, 0, index))

    def bare(index: int) -> None:
        cv2.warpAffine(
            image, matrices[index], (side, side), flags=flags, borderMode=cv2.BORDER_REPLICATE
        )

    def reference(index: int) -> None:
        keras.random_transform(as_float)

    rates: dict[Callable[[int], None], list[float]] = {ours: [], bare: [], reference: []}
    for _ in range(runs):
        for work, counts in rates.items():
            counts.append(_per_second(work, images // 10 if work is reference else images))
    print(f"{side} × {side}, one core")
    print("  ours       ", spread(rates[ours], "images/s"))
    print("  Keras      ", spread(rates[reference], "images/s"), "| ours is", end=" ")
    print(ratio(rates[ours], rates[reference]), "times that")
    print("  bare warp  ", spread(rates[bare], "images/s"), "| ours is", end=" ")
    print(ratio(rates[ours], rates[bare]), "of that")


def _per_second(work: Callable[[int], None], images: int) -> float:
    work(0)
    started = time.perf_counter()
    for index in range(images):
        work(index)
    return images / (time.perf_counter() - started)
