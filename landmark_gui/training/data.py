"""Examples as batches for Keras: rendered once, shuffled and augmented anew each epoch."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from landmark_gui.core.augmentation import AugmentationConfig, augment, generator
from landmark_gui.core.crops import split_counts
from landmark_gui.core.dataset import Examples
from landmark_gui.core.errors import Cancel, Progress, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Split
from landmark_gui.inference.rendering import Pixels, render_crops

Labels = npt.NDArray[np.int32]
Probabilities = npt.NDArray[np.float32]
Log = Callable[[str], None]


@dataclass(frozen=True)
class LabelledImages:
    """Network inputs, uint8 of shape (n, size, size, 3), with their n class indices."""

    images: Pixels
    labels: Labels

    def __len__(self) -> int:
        return len(self.labels)


@dataclass(frozen=True)
class LearningData:
    """What a training learns from and is steered by; the test split stays outside.

    Attributes:
        counts: planned examples of each split and class: {"train": {class: n}, …}.
    """

    classes: tuple[str, ...]
    train: LabelledImages
    validation: LabelledImages
    counts: dict[str, dict[str, int]]


def render_examples(
    examples: Examples, size: int, log: Log, progress: Progress, cancel: Cancel
) -> LearningData:
    """Render the training and validation examples of a project.

    Photos that cannot be read are named in the log and left out.

    Raises:
        Cancelled: between two photos.
        TrainingError: if fewer than two landmarks have a readable training example.
    """
    chosen = [crop for crop in examples.crops if crop.split != "test"]
    rendered = render_crops(chosen, size, progress, cancel)
    for path, reason in (*examples.left_out, *rendered.skipped):
        log(tr("{path} was left out: {reason}", path=path, reason=reason))
    labels = np.array(examples.labels(rendered.crops), np.int32)
    splits = np.array([crop.split for crop in rendered.crops], object)

    def part(split: Split) -> LabelledImages:
        return LabelledImages(rendered.images[splits == split], labels[splits == split])

    train = part("train")
    if len(np.unique(train.labels)) < 2:
        raise TrainingError(
            tr("Fewer than two landmarks have a readable photo to learn from. Add photos first.")
        )
    counts = split_counts(examples.crops, examples.classes)
    return LearningData(examples.classes, train, part("validation"), counts)


class Batches(keras.utils.PyDataset):
    """Batches of float32 pixels 0 to 255 with int32 labels, in a known number.

    Args:
        examples: rendered images and labels.
        batch_size: examples a batch; the last one holds what is left.
        seed: of order and augmentation.
        shuffle: whether each epoch has an order of its own.
        augmentation: None leaves the images as they are.
    """

    def __init__(
        self,
        examples: LabelledImages,
        batch_size: int,
        *,
        seed: int = 0,
        shuffle: bool = False,
        augmentation: AugmentationConfig | None = None,
    ) -> None:
        super().__init__()
        self._examples = examples
        self._batch_size = batch_size
        self._seed = seed
        self._shuffle = shuffle
        self._augmentation = augmentation
        self._epoch = 0
        self._order = self._shuffled()

    def __len__(self) -> int:
        return -(-len(self._examples) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[npt.NDArray[np.float32], Labels]:
        start = index * self._batch_size
        chosen = self._order[start : start + self._batch_size]
        images = np.stack([self._image(int(number)) for number in chosen])
        return images.astype(np.float32), self._examples.labels[chosen]

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._order = self._shuffled()

    def _shuffled(self) -> npt.NDArray[np.int64]:
        if not self._shuffle:
            return np.arange(len(self._examples))
        random = np.random.default_rng((self._seed, self._epoch))
        return random.permutation(len(self._examples))

    def _image(self, number: int) -> npt.NDArray[Any]:
        image = self._examples.images[number]
        if self._augmentation is None:
            return image
        return augment(image, self._augmentation, generator(self._seed, self._epoch, number))
