"""Augmented images per second, against Keras' ImageDataGenerator and against the bare warp.

All run in turn on the same noise, on one core: `core.augmentation` (seeding, drawing, warping),
`ImageDataGenerator.random_transform`, and `cv2.warpAffine` alone with matrices that are ready.
The settings are those of the log: rotation, shifts, shear, zoom, horizontal flip. Then ours on
more threads and processes, against itself on one; then each thing beyond Keras on top of the
log's settings.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from benchmarks.report import ratio, spread
from landmark_gui.core.augmentation import AugmentationConfig, augment, draw, generator, matrix

CONFIG = AugmentationConfig.log_preset()
BEYOND: dict[str, AugmentationConfig] = {
    "fill by wrap": replace(CONFIG, fill_mode="wrap"),
    "fill by constant": replace(CONFIG, fill_mode="constant"),
    "Keras' tones": replace(CONFIG, channel_shift_range=30.0, brightness_range=(0.7, 1.3)),
    "perspective": replace(CONFIG, perspective=0.3),
    "colour jitter": replace(
        CONFIG, jitter_brightness=0.2, jitter_contrast=0.2, jitter_saturation=0.2, jitter_hue=0.05
    ),
    "blur": replace(CONFIG, blur=1.5),
    "JPEG": replace(CONFIG, jpeg_quality=(40, 90)),
    "erasing": replace(CONFIG, erasing=0.5),
    "RandAugment": replace(CONFIG, randaugment_count=2),
}

Work = Callable[[int], object]
_work: Work


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks augment", description=__doc__)
    parser.add_argument("--runs", type=int, default=9)
    parser.add_argument("--images", type=int, default=200, help="a run of ours; Keras does 1/10")
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)
    for side in (160, 224):
        image = _noise(side)
        _compare(image, arguments.runs, arguments.images)
        _grow(image, arguments.runs, arguments.images)
    _beyond(arguments.runs, arguments.images)
    return 0


def _compare(image: np.ndarray, runs: int, images: int) -> None:
    from keras.src.legacy.preprocessing.image import ImageDataGenerator

    side, as_float = len(image), image.astype(np.float32)
    keras = ImageDataGenerator(**CONFIG.to_keras())

    def reference(index: int) -> None:
        keras.random_transform(as_float)

    ours, bare = _augmenting(image, CONFIG), _warping(image, images)
    rates: dict[Work, list[float]] = {ours: [], bare: [], reference: []}
    for _ in range(runs):
        for work, counts in rates.items():
            counts.append(_per_second(work, images // 10 if work is reference else images))
    print(f"{side} × {side}, one core")
    print("  ours       ", spread(rates[ours], "images/s"))
    print("  Keras      ", spread(rates[reference], "images/s"), "| ours is", end=" ")
    print(ratio(rates[ours], rates[reference]), "times that")
    print("  bare warp  ", spread(rates[bare], "images/s"), "| ours is", end=" ")
    print(ratio(rates[ours], rates[bare]), "of that")


def _grow(image: np.ndarray, runs: int, images: int) -> None:
    """From one worker to one a core, each doing `images`, in threads and in processes."""
    cores = os.cpu_count() or 1
    counts = sorted({2**power for power in range(cores.bit_length())} | {cores})
    ours, bare, side = _augmenting(image, CONFIG), _warping(image, images), len(image)
    ways: dict[str, Callable[[int], float]] = {
        "ours, threads": lambda count: _on_threads(ours, count, images),
        "bare warp, threads": lambda count: _on_threads(bare, count, images),
        "ours, processes": lambda count: _on_processes(side, count, images),
    }
    rates: dict[tuple[str, int], list[float]] = {(way, c): [] for way in ways for c in counts}
    for _ in range(runs):
        for way, count in rates:
            rates[way, count].append(ways[way](count))
    for way, count in rates:
        if count > 1:
            alone = rates[way, 1]
            print(f"  {way:18} {count}:", spread(rates[way, count], "images/s"), end=" ")
            print("| of one", ratio(rates[way, count], alone))


def _on_threads(work: Work, count: int, images: int) -> float:
    with ThreadPoolExecutor(count) as pool:
        list(pool.map(work, range(count)))  # each thread gets its arrays
        started = time.perf_counter()
        list(pool.map(lambda part: _each(work, part, images), range(count)))
        return count * images / (time.perf_counter() - started)


def _on_processes(side: int, count: int, images: int) -> float:
    """Each process has noise of its own, so this leaves out what handing over images costs."""
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(count + 1)
    with context.Pool(count, _start, (ready, side)) as pool:
        ready.wait()
        started = time.perf_counter()
        pool.starmap(_in_process, [(part, images) for part in range(count)], chunksize=1)
        return count * images / (time.perf_counter() - started)


def _start(ready: Any, side: int) -> None:
    global _work
    cv2.setNumThreads(1)
    _work = _augmenting(_noise(side), CONFIG)
    _work(0)
    ready.wait()


def _in_process(part: int, images: int) -> None:
    _each(_work, part, images)


def _noise(side: int) -> np.ndarray:
    return np.random.default_rng(0).integers(0, 256, (side, side, 3), dtype=np.uint8)


def _beyond(runs: int, images: int) -> None:
    image = _noise(160)
    works = {name: _augmenting(image, config) for name, config in BEYOND.items()}
    plain = _augmenting(image, CONFIG)
    rates: dict[str, list[float]] = {name: [] for name in works}
    base: list[float] = []
    for _ in range(runs):
        base.append(_per_second(plain, images))
        for name, work in works.items():
            rates[name].append(_per_second(work, images))
    print("160 × 160, one core, on top of the log's settings, as a share of their rate")
    for name, counts in rates.items():
        print(f"  {name:17}", spread(counts, "images/s"), "|", ratio(counts, base))


def _augmenting(image: np.ndarray, config: AugmentationConfig) -> Work:
    return lambda index: augment(image, config, generator(0, 0, index))


def _warping(image: np.ndarray, images: int) -> Work:
    """The bare warp with matrices that are ready."""
    side, flags = len(image), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    drawn = (draw(CONFIG, side, side, generator(0, 0, index)) for index in range(images))
    matrices = [matrix(parameters, side, side) for parameters in drawn]
    size, border = (side, side), cv2.BORDER_REPLICATE
    return lambda index: cv2.warpAffine(
        image, matrices[index % images], size, flags=flags, borderMode=border
    )


def _each(work: Work, part: int, images: int) -> None:
    for index in range(images):
        work(part * images + index)


def _per_second(work: Work, images: int) -> float:
    work(0)
    started = time.perf_counter()
    for index in range(images):
        work(index)
    return images / (time.perf_counter() - started)
