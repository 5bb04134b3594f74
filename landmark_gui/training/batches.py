"""Examples as batches for Keras: shuffled, augmented and mixed anew each epoch, made ahead."""

from __future__ import annotations

import os
from types import TracebackType
from typing import Any, Self

import keras
import numpy as np
import numpy.typing as npt

from landmark_gui.core.augmentation import (
    AugmentationConfig,
    augment,
    batch_generator,
    generator,
)
from landmark_gui.core.augmentation.mixing import mix
from landmark_gui.core.cluster import WHOLE, Share
from landmark_gui.training.ahead import Ahead
from landmark_gui.training.data import LabelledImages

WORKERS = min(2, os.cpu_count() or 1)
"""Threads that make batches. More gain nothing: they wait for Python's lock (docs/adr/0022)."""
BATCHES_EACH = 2
AHEAD_BYTES = 256_000_000
"""Batches ahead of the one that is used: two for each thread, within so many bytes."""

Batch = tuple[npt.NDArray[np.uint8 | np.float32], npt.NDArray[Any]]
Place = tuple[int, int]
"""An epoch and a step, both from 0: with the seed, all that a batch depends on."""


def mixes(augmentation: AugmentationConfig | None) -> bool:
    """Whether labels are blended along with images, and so are no plain class indices."""
    return bool(augmentation and (augmentation.mixup_alpha or augmentation.cutmix_alpha))


def shuffled(count: int, seed: int, epoch: int) -> npt.NDArray[np.int64]:
    """The order of an epoch's examples."""
    return np.random.default_rng((seed, epoch)).permutation(count)


class Batches(keras.utils.PyDataset):
    """Batches of pixels 0 to 255 with their labels, in a known number.

    They are uint8, which a model turns into the float32 that it works with: a quarter of the bytes
    to hand over. Mixed ones are float32, since they lie between two levels.

    What a batch holds depends on the seed, the epoch and the step alone: it is the same bit for
    bit, however many threads make it. Close it, or use it in a `with`, to stop them. Keras ends
    an epoch before its first one, so the epochs of a training count from 1; of epoch 0 it only
    sees a batch or two, to learn their form.

    Args:
        examples: rendered images and labels.
        batch_size: examples a batch; the last one holds what is left.
        seed: of order and augmentation.
        shuffle: whether each epoch has an order of its own.
        augmentation: None leaves the images as they are. If it mixes, `classes` must be given.
        classes: labels are float32 of shape (batch, classes), one-hot or blended; with 0 they
            are int32 class indices of shape (batch,).
        workers: threads; 0 makes each batch when Keras asks for it.

    Attributes:
        share: which rows of each batch are given, where several machines or devices learn
            together. To be set before the first batch is asked for.
    """

    share: Share = WHOLE

    def __init__(
        self,
        examples: LabelledImages,
        batch_size: int,
        *,
        seed: int = 0,
        shuffle: bool = False,
        augmentation: AugmentationConfig | None = None,
        classes: int = 0,
        workers: int = WORKERS,
    ) -> None:
        super().__init__()  # Keras takes the batches one by one; the threads are our own
        self._given, self._classes = examples, classes
        self._images = examples.images
        self._labels: npt.NDArray[Any] = examples.labels
        if classes:
            self._labels = np.eye(classes, dtype=np.float32)[examples.labels]
        self._batch_size = batch_size
        self._seed = seed
        self._shuffle = shuffle
        self._augmentation = augmentation
        self._epoch = 0
        self._known_order = (-1, np.empty(0, np.int64))
        self._ahead = Ahead(self._made, workers)
        size = 4 * max(1, batch_size * int(np.prod(self._images.shape[1:])))  # if mixed
        self._depth = max(1, min(BATCHES_EACH * workers, AHEAD_BYTES // size))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def examples(self) -> int:
        return len(self._labels)

    @property
    def labels(self) -> npt.NDArray[Any]:
        """Of the examples by number, before any are mixed; their form is as in a batch."""
        return self._labels

    def unvaried(self) -> Batches:
        """The same examples as they are, in their own order; made when they are asked for."""
        return Batches(self._given, self._batch_size, classes=self._classes, workers=0)

    @property
    def seen(self) -> tuple[npt.NDArray[np.uint8], npt.NDArray[Any]]:
        """All examples as they are, neither varied nor shuffled, with their labels."""
        return self._images, self._labels

    def __len__(self) -> int:
        return -(-len(self._labels) // self._batch_size)

    def __getitem__(self, index: int) -> Batch:
        return self._ahead.take((self._epoch, index), self._places(self._epoch, index + 1))

    def rows(self, index: int) -> int:
        """How many examples a whole batch holds, whatever the share."""
        return min(self._batch_size, self.examples - index * self._batch_size)

    def order(self, epoch: int) -> npt.NDArray[np.int64]:
        """The examples, by number, as they come in an epoch."""
        if not self._shuffle:
            return np.arange(self.examples)
        known, order = self._known_order
        if known != epoch:
            order = shuffled(self.examples, self._seed, epoch)
            self._known_order = (epoch, order)
        return order

    def start_at(self, epochs: int) -> None:
        """Let the next fitting go on after so many epochs of the training."""
        self._epoch = epochs  # Keras ends an epoch before its first one

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._ahead.begin(self._places(self._epoch, 0))  # while the epoch is being validated

    def close(self) -> None:
        """Stop the threads. What is asked for later is made on demand."""
        self._ahead.close()

    def _places(self, epoch: int, first: int) -> list[Place]:
        return [(epoch, step) for step in range(first, min(first + self._depth, len(self)))]

    def _made(self, place: Place) -> Batch:
        epoch, step = place
        start = step * self._batch_size
        chosen = self.order(epoch)[start : start + self._batch_size]
        mixed = self._augmentation is not None and mixes(self._augmentation)
        if not mixed:  # of what is mixed, each row needs the others
            chosen = self.share.of(chosen)
        images = np.empty((len(chosen), *self._images.shape[1:]), np.uint8)
        for row, number in zip(images, chosen.tolist(), strict=True):
            row[:] = self._image(epoch, number)
        labels = self._labels[chosen]
        if self._augmentation is not None and mixed:
            random = batch_generator(self._seed, epoch, step)
            floats = images.astype(np.float32)
            mixed_images, labels = mix(floats, labels, self._augmentation, random)
            return self.share.of(mixed_images), self.share.of(labels)
        return images, labels

    def _image(self, epoch: int, number: int) -> npt.NDArray[np.uint8]:
        image = self._images[number]
        if self._augmentation is None:
            return image
        return augment(image, self._augmentation, generator(self._seed, epoch, number))
