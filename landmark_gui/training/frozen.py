"""Training the last layer of a network whose backbone is frozen, on features computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from landmark_gui.core.cluster import WHOLE, Share
from landmark_gui.core.errors import Cancel, Cancelled
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.memory import free_memory
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.augmenting import augmentation_of
from landmark_gui.training.batches import Batches, shuffled
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.features import Features, Look, feature_model, looking, pooled
from landmark_gui.training.health import ConfusionAccuracy, Seen
from landmark_gui.training.pixel_store import MEMORY_SHARE

ENOUGH = 2000
FEWEST, MOST = 4, 20
"""Variations of crops, in all and of each: many of each where there are few crops.

Measured on 248 crops of 7 wonders: with 4 or 8 of each the accuracy is about 0.01 below that of
crops drawn anew in every epoch, no more than what splits make of it; with 1 it is 0.04 below
(docs/figures.md)."""


@dataclass(frozen=True)
class Rows:
    """An epoch as features: shape (n, d), with the n labels, by the number of the example."""

    features: Features
    labels: npt.NDArray[Any]


class FeatureBatches(keras.utils.PyDataset):
    """Batches of features, in the number that the crops have.

    Args:
        versions: the first epochs, from 1, of the crops' batches. They are seen in turn, in
            the order that the crops' own batches have in each epoch: with as many versions as
            epochs nothing differs from crops that are drawn anew.
        seed: of these orders; None for none.

    Attributes:
        share: as of `Batches`.
    """

    share: Share = WHOLE

    def __init__(self, versions: Sequence[Rows], batch_size: int, seed: int | None = None) -> None:
        super().__init__()
        self._versions = versions
        self._batch_size = batch_size
        self._seed = seed
        self._epoch = 0
        self._order = self._shuffled()

    def __len__(self) -> int:
        return -(-len(self._order) // self._batch_size)

    def __getitem__(self, index: int) -> tuple[Features, npt.NDArray[Any]]:
        rows = self._versions[(self._epoch - 1) % len(self._versions)]  # they count from 1
        chosen = self._order[index * self._batch_size :][: self._batch_size]
        chosen = self.share.of(chosen)
        return rows.features[chosen], rows.labels[chosen]

    @property
    def looks(self) -> int:
        """Variations of each crop."""
        return len(self._versions)

    @property
    def seen(self) -> Seen:
        """The first version, with its labels, by the number of the example."""
        return self._versions[0].features, self._versions[0].labels

    def start_at(self, epochs: int) -> None:
        """As that of `Batches`."""
        self._epoch = epochs
        self._order = self._shuffled()

    def rows(self, index: int) -> int:
        """As of `Batches`."""
        return min(self._batch_size, len(self._order) - index * self._batch_size)

    def on_epoch_end(self) -> None:
        self._epoch += 1
        self._order = self._shuffled()

    def _shuffled(self) -> npt.NDArray[np.int64]:
        count = len(self._versions[0].labels)
        if self._seed is None:
            return np.arange(count)
        return shuffled(count, self._seed, self._epoch)


def is_frozen(model: keras.Model) -> bool:
    """Whether a model has a backbone, and can learn nothing below its features."""
    backbones = [layer for layer in model.layers if isinstance(layer, keras.Model)]
    return bool(backbones) and not any(backbone.trainable_weights for backbone in backbones)


def head_of(model: keras.Model) -> keras.Model:
    """What a compiled model has above its features, of the same layers, compiled likewise."""
    head = keras.Model(pooled(model), model.outputs, name="head")
    accuracy = ConfusionAccuracy(model.output_shape[-1])
    head.compile(optimizer=model.optimizer, loss=model.loss, metrics=[accuracy])
    return head


def versions(crops: int, width: int, epochs: int) -> int:
    """How many variations of each crop to draw.

    So many that there are `ENOUGH` in all, within `FEWEST` and `MOST`; never more than epochs, nor
    than what `MEMORY_SHARE` of the free memory holds, but at least one.

    Args:
        crops: to learn from.
        width: numbers in a row of features.
    """
    wanted = min(max(-(-ENOUGH // crops), FEWEST), MOST, epochs)
    return max(1, min(wanted, int(free_memory() * MEMORY_SHARE) // (crops * width * 4)))


def as_features(
    model: keras.Model,
    config: TrainConfig,
    batches: Batches,
    validation: Batches,
    emit: Emit,
    cancelled: Cancel,
    looks: int = 0,
) -> tuple[FeatureBatches, FeatureBatches | None]:
    """What the backbone of a model makes of batches to learn from, and of any to judge by.

    Where a few variations of each crop stand for those of many epochs, the crop itself is one of
    them: what it will be asked about is not varied. It costs nothing where crops are varied a
    little, and strongly varied ones alone teach less than none (docs/adr/0025).

    Args:
        looks: variations of each crop, of a training that goes on; 0 to choose their number.
        emit: told of the crops done, as "preparing" events with `features`.

    Raises:
        Cancelled: between two batches.
    """
    count = looks or 1
    if not looks and augmentation_of(config) is not None:
        count = versions(batches.examples, pooled(model).shape[-1], config.epochs)
        emit({"event": "log", "message": _sentence(count, config.epochs)})
    total = count * batches.examples + validation.examples

    def told(done: int) -> None:
        emit({"event": "preparing", "done": done, "total": total, "features": True})

    look = looking(feature_model(model))
    rows: list[Rows] = []
    told(0)
    for epoch in range(1, count + 1):
        batches.on_epoch_end()
        seen = batches.unvaried() if epoch == 1 < count < config.epochs else batches
        order, done = seen.order(epoch), (epoch - 1) * batches.examples
        rows.append(_rows(look, seen, order, done, told, cancelled))
    given = FeatureBatches(rows, config.batch_size, config.seed)
    if not validation.examples:
        return given, None
    order = validation.order(0)
    judged = _rows(look, validation, order, total - len(order), told, cancelled)
    return given, FeatureBatches([judged], config.batch_size)


def _rows(
    look: Look,
    batches: Batches,
    order: npt.NDArray[np.int64],
    done: int,
    told: Callable[[int], None],
    cancelled: Cancel,
) -> Rows:
    """An epoch of batches, which has this order, as features; told of the crops done so far."""
    features, labels = [], []
    for step in range(len(batches)):
        if cancelled():
            raise Cancelled
        pixels, names = batches[step]
        features.append(look(pixels))
        labels.append(names)
        done += len(names)
        told(done)
    back = np.argsort(order)
    return Rows(np.concatenate(features)[back], np.concatenate(labels)[back])


def _sentence(count: int, epochs: int) -> str:
    if count >= epochs:
        return tr("The network looks at each crop once for every epoch, before the first.")
    return ntr(
        "The network looks once at {n} variation of each crop; the epochs learn from it.",
        "The network looks once at {n} variations of each crop; the epochs take them in turn.",
        count,
    )
