"""Fitting a model, phase by phase; the weights of the best epoch of all are restored."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import keras

from landmark_gui.core.errors import Cancel
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.augmenting import augmentation_of
from landmark_gui.training.batches import Batches, mixes
from landmark_gui.training.callbacks import BestEpoch, CancelCheck, Emit, ProgressEvents
from landmark_gui.training.data import LearningData
from landmark_gui.training.frozen import as_features, head_of, is_frozen
from landmark_gui.training.strategy import ALONE, Team


@dataclass(frozen=True)
class Phase:
    """Epochs in which the same layers learn, by the same optimizer.

    Attributes:
        epochs: how many of the training's.
        prepare: says what learns, and compiles the model; given the steps of an epoch, for
            schedules of the learning rate.
        callbacks: what else watches these epochs, or ends them early.
    """

    epochs: int
    prepare: Callable[[keras.Model, int], None]
    callbacks: Sequence[keras.callbacks.Callback] = ()


@dataclass(frozen=True)
class Fitted:
    """A trained model with the weights of its best epoch (counted from 1).

    `history` has a list for each figure with a value an epoch, None for what is not finite.
    """

    model: keras.Model
    best_epoch: int
    history: dict[str, list[float | None]]


def fit(
    model: keras.Model,
    phases: Sequence[Phase],
    config: TrainConfig,
    data: LearningData,
    emit: Emit,
    cancelled: Cancel,
    team: Team = ALONE,
) -> Fitted:
    """Fit a model through its phases; the weights of its best epoch are restored.

    Of a model whose backbone is frozen only the rest is fitted, on features that are computed
    once, unless the config says otherwise.

    Args:
        team: what fits it; the model must be made in its scope.

    Raises:
        TrainingError: if the loss is no longer a number, or another machine is lost.
        Cancelled: between two batches.
    """
    if not len(data.validation):
        text = tr("No photos are kept for validation: the training loss decides.")
        emit({"event": "log", "message": text})
    best = BestEpoch("val_loss" if len(data.validation) else "loss")
    history: dict[str, list[float | None]] = {}
    done = 0
    with training_batches(config, data) as batches, validation_batches(config, data) as validation:
        total = sum(phase.epochs for phase in phases)
        progress = ProgressEvents(emit, total, len(batches), best)
        for phase in phases:
            with team.scope():
                phase.prepare(model, len(batches))
            learner: keras.Model = model
            given: keras.utils.PyDataset = batches
            judged: keras.utils.PyDataset | None = validation if len(validation) else None
            if config.feature_cache and is_frozen(model):
                with team.scope():
                    learner = head_of(model)
                given, judged = as_features(model, config, batches, validation, emit, cancelled)
            emit({"event": "state", "state": "training"})
            told = team.fit(
                learner,
                given,
                epochs=done + phase.epochs,
                initial_epoch=done,
                validation_data=judged,
                verbose=0,
                shuffle=False,  # the batches have an order of their own, so they are made ahead
                callbacks=[CancelCheck(cancelled), best, progress, *phase.callbacks],
            )
            done += len(told.epoch)  # fewer than were asked for, where it stopped early
            for name, values in _finite(told.history).items():
                history.setdefault(name, []).extend(values)
    return Fitted(team.plain(model), best.epoch, history)


def training_batches(config: TrainConfig, data: LearningData) -> Batches:
    """Shuffled and augmented, as the config says."""
    return Batches(
        data.train,
        config.batch_size,
        seed=config.seed,
        shuffle=True,
        augmentation=augmentation_of(config),
        classes=_columns(config, data),
    )


def validation_batches(config: TrainConfig, data: LearningData) -> Batches:
    """Never shuffled and never augmented; its labels have the form of those to learn from."""
    return Batches(data.validation, config.batch_size, classes=_columns(config, data))


def _columns(config: TrainConfig, data: LearningData) -> int:
    """Of the labels: a share for each class if crops are mixed, or none, plain indices."""
    return len(data.classes) if mixes(augmentation_of(config)) else 0


def _finite(history: Mapping[str, list[float]]) -> dict[str, list[float | None]]:
    return {
        name: [float(value) if math.isfinite(value) else None for value in values]
        for name, values in history.items()
    }
