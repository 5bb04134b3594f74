"""Fitting a model, phase by phase; the weights of the best epoch of all are restored."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import keras

from landmark_gui.core.errors import Cancel
from landmark_gui.core.i18n import tr
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.augmenting import augmentation_of
from landmark_gui.training.batches import Batches, mixes
from landmark_gui.training.callbacks import (
    BestEpoch,
    CancelCheck,
    Emit,
    ProgressEvents,
    loss_lost,
)
from landmark_gui.training.checkpoints import (
    Checkpoint,
    EpochEnds,
    History,
    Keeper,
    Standing,
    frozen_digest,
    restore,
)
from landmark_gui.training.data import LearningData
from landmark_gui.training.features import Features
from landmark_gui.training.frozen import FeatureBatches, as_features, head_of, is_frozen
from landmark_gui.training.health import Health
from landmark_gui.training.strategy import ALONE, Team

Given = Batches | FeatureBatches


@dataclass(frozen=True)
class Phase:
    """Epochs in which the same layers learn, by the same optimizer.

    Attributes:
        epochs: how many of the training's.
        prepare: says what learns, and compiles the model; given the batches, for schedules of
            the learning rate and weights of classes.
        callbacks: what else takes part in these epochs, or ends them early; it comes before
            what judges an epoch.
    """

    epochs: int
    prepare: Callable[[keras.Model, Batches], None]
    callbacks: Sequence[keras.callbacks.Callback] = ()


@dataclass(frozen=True)
class Fitted:
    """A trained model with the weights of its best epoch (counted from 1).

    `history` has a list for each figure with a value an epoch, None for what is not finite.
    `features` are those of the examples to learn from, as they are, where they were needed.
    """

    model: keras.Model
    best_epoch: int
    history: History
    features: Features | None = None


def fit(
    model: keras.Model,
    phases: Sequence[Phase],
    config: TrainConfig,
    data: LearningData,
    emit: Emit,
    cancelled: Cancel,
    keeper: Keeper | None = None,
    team: Team = ALONE,
) -> Fitted:
    """Fit a model through its phases; the weights of its best epoch are restored.

    Of a model whose backbone is frozen only the rest is fitted, on features that are computed
    once, unless the config says otherwise.

    Args:
        keeper: is given the epochs to keep, and may have some of an earlier training to go on
            from: then the result is what it would have been without the interruption. Several
            devices keep none.
        team: what fits it; the model must be made in its scope.

    Raises:
        LossLost: if the loss is no longer a number.
        TrainingError: if what was kept does not fit, or another machine is lost.
        Cancelled: between two batches.
    """
    if not len(data.validation):
        text = tr("No photos are kept for validation: the training loss decides.")
        emit({"event": "log", "message": text})
    keeper = keeper if team.strategy is None else None
    best = BestEpoch("val_loss" if len(data.validation) else "loss")
    saved = keeper.load() if keeper is not None else None
    if saved is not None:
        _tell_again(saved.history, sum(phase.epochs for phase in phases), emit)
    with training_batches(config, data) as batches, validation_batches(config, data) as validation:
        total = sum(phase.epochs for phase in phases)
        progress = ProgressEvents(emit, total, len(batches), best, batches.examples)
        course = _Course(
            model, config, batches, validation, best, progress, emit, cancelled, keeper, saved, team
        )
        for number, phase in enumerate(phases):
            with team.scope():
                phase.prepare(model, batches)
            course.run(number, phase)
    return Fitted(team.plain(model), best.epoch, course.history, course.features)


@dataclass
class _Course:
    """One training on its way through the phases."""

    model: keras.Model
    config: TrainConfig
    batches: Batches
    validation: Batches
    best: BestEpoch
    progress: ProgressEvents
    emit: Emit
    cancelled: Cancel
    keeper: Keeper | None
    saved: Checkpoint | None
    team: Team

    def __post_init__(self) -> None:
        self.done = 0
        self.history: History = self.saved.history if self.saved else {}
        self.features: Features | None = None

    def run(self, number: int, phase: Phase) -> None:
        """Fit a phase, or what is left of it; the best epoch so far is restored after it."""
        if self.saved and number < self.saved.standing.phase:
            return
        saved, self.saved = self.saved, None
        begin = saved.standing.begin if saved else self.done
        looks = saved.standing.looks if saved else 0
        learner, given, judged = self._learner(phase.epochs, looks)
        if saved:
            restore(saved, self.model, learner, self.best)
            standing = saved.standing
        else:
            standing = self._standing(number, begin, learner, given)
        ends = EpochEnds(
            self.model, standing, self.history, self.best, phase.callbacks, self.keeper
        )
        if not standing.over and standing.done < begin + phase.epochs:
            given.start_at(standing.done)
            self._fit(learner, given, judged, begin + phase.epochs, phase.callbacks, ends)
        self.best.restore()
        self.done = ends.standing.done
        if not self.best.epoch:  # the last step broke the weights, and no step came after it
            raise loss_lost(self.done, len(self.batches))

    def _fit(
        self,
        learner: keras.Model,
        given: Given,
        judged: keras.utils.PyDataset | None,
        until: int,
        callbacks: Sequence[keras.callbacks.Callback],
        ends: EpochEnds,
    ) -> None:
        """Fit from where the training stands."""
        watchers: list[keras.callbacks.Callback] = [self.progress, ends]
        if self.team.strategy is None:  # what it looks at lies on one device
            self.progress.health = Health(given.seen, self.progress.epochs, judged is not None)
            watchers.insert(0, self.progress.health)
        self.emit({"event": "state", "state": "training"})
        try:
            self.team.fit(
                learner,
                given,
                epochs=until,
                initial_epoch=ends.standing.done,
                validation_data=judged,
                verbose=0,
                shuffle=False,  # the batches have an order of their own, so they are made ahead
                callbacks=[
                    *(CancelCheck(self.cancelled), *callbacks),
                    *(self.best, *watchers),
                ],
            )
        finally:  # what is done is kept, also when somebody stops it
            ends.flush()

    def _learner(
        self, epochs: int, looks: int
    ) -> tuple[keras.Model, Given, keras.utils.PyDataset | None]:
        """What is fitted in a phase, with what it learns from and is judged by."""
        self.batches.start_at(0)
        self.features = None
        if self.config.feature_cache and is_frozen(self.model):
            given, judged = as_features(
                self.model,
                replace(self.config, epochs=epochs),  # of the phase: no later one looks at them
                self.batches,
                self.validation,
                self.emit,
                self.cancelled,
                looks,
            )
            if augmentation_of(self.config) is None or 1 < given.looks < epochs:
                self.features = given.seen[0]
            with self.team.scope():
                return head_of(self.model), given, judged
        return self.model, self.batches, self.validation if len(self.validation) else None

    def _standing(self, number: int, begin: int, learner: keras.Model, given: Given) -> Standing:
        """Where the training stands when a phase begins."""
        return Standing(
            phase=number,
            begin=begin,
            done=begin,
            best=self.best.epoch,
            lowest=self.best.lowest,
            looks=given.looks if isinstance(given, FeatureBatches) else 0,
            frozen=frozen_digest(self.model, learner) if self.keeper else "",
        )


def _tell_again(history: History, epochs: int, emit: Emit) -> None:
    """The epochs of an earlier training, for whoever draws its curves."""
    steered = history.get("val_loss") or history["loss"]
    lowest = math.inf
    for number, value in enumerate(steered):
        best = value is not None and value < lowest
        lowest = value if best and value is not None else lowest
        figures = {name: values[number] for name, values in history.items()}
        place = {"event": "epoch", "epoch": number + 1, "epochs": epochs}
        emit({**place, **figures, "best": best, "again": True})


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
