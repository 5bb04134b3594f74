"""The plain way to make batches, and what a small network learns from them: the reference.

As a program it prints the history of the same training on plain batches and on those of
`training.batches`, with Keras made to repeat itself bit for bit. That cannot be taken back in a
process, so the tests run it in one of its own.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from landmark_gui.core.augmentation import AugmentationConfig, augment, generator
from landmark_gui.training import models
from landmark_gui.training.batches import Batches
from landmark_gui.training.data import LabelledImages

CONFIG = AugmentationConfig(rotation_range=30, width_shift_range=0.2, horizontal_flip=True)
SEED, BATCH = 3, 6


class PlainBatches(keras.utils.PyDataset):
    """One batch after the other, one image after the other, when Keras asks."""

    def __init__(self, examples: LabelledImages) -> None:
        super().__init__()
        self.examples, self.epoch = examples, 0

    def __len__(self) -> int:
        return -(-len(self.examples) // BATCH)

    def __getitem__(self, index: int) -> tuple[np.ndarray, np.ndarray]:
        order = np.random.default_rng((SEED, self.epoch)).permutation(len(self.examples))
        chosen = order[index * BATCH : (index + 1) * BATCH]
        images = [
            augment(self.examples.images[number], CONFIG, generator(SEED, self.epoch, int(number)))
            for number in chosen
        ]
        return np.stack(images).astype(np.float32), self.examples.labels[chosen]

    def on_epoch_end(self) -> None:
        self.epoch += 1


def noise(count: int, size: int = 32, classes: int = 2) -> LabelledImages:
    images = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), np.uint8)
    return LabelledImages(images, np.arange(count, dtype=np.int32) % classes)


def augmented(examples: LabelledImages, workers: int) -> Batches:
    return Batches(examples, BATCH, seed=SEED, shuffle=True, augmentation=CONFIG, workers=workers)


def history(batches: keras.utils.PyDataset) -> dict[str, Any]:
    keras.utils.set_random_seed(SEED)
    model = models.modern(32, 2, "relu", True, 0.3)
    model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
    judged = Batches(noise(8), BATCH, workers=0)
    done = model.fit(batches, epochs=3, validation_data=judged, shuffle=False, verbose=0)
    return dict(done.history)


def main() -> int:
    tf.config.experimental.enable_op_determinism()
    examples = noise(20)
    histories = {"plain": history(PlainBatches(examples))}
    for workers in (0, 1, 2, 4):
        with augmented(examples, workers) as batches:
            histories[str(workers)] = history(batches)
    print(json.dumps(histories))
    return 0


if __name__ == "__main__":
    sys.exit(main())
