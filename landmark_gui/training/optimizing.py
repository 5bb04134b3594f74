"""How a model is compiled: loss, optimizer and schedule, as a config or else its recipe says."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
from keras import ops

from landmark_gui.core.runs import Optimizer, Schedule, TrainConfig
from landmark_gui.training.augmenting import augmentation_of
from landmark_gui.training.batches import Batches, mixes
from landmark_gui.training.health import ConfusionAccuracy

AVERAGED_SHARE = 0.1
"""Share of the epochs over whose weights is averaged, but at least one epoch."""
NOT_DECAYED = ("bias", "gamma", "beta", "alpha")
"""Weights that scale or shift alone: decaying them gains nothing (He et al., CVPR 2019,
https://arxiv.org/abs/1812.01187)."""

Logs = Mapping[str, float] | None


@dataclass(frozen=True)
class Defaults:
    """What a recipe takes where a config says None; the fields are those of `TrainConfig`."""

    learning_rate: float
    optimizer: Optimizer = "adam"
    weight_decay: float = 0.0
    schedule: Schedule = "constant"
    warmup_epochs: int = 0
    label_smoothing: float = 0.0
    averaged_weights: bool = False

    def of(self, config: TrainConfig) -> Defaults:
        """With what the config says in their place."""
        said = {name: getattr(config, name) for name in self.__dataclass_fields__}
        return Defaults(
            **{name: getattr(self, name) if said[name] is None else said[name] for name in said}
        )


def compile_model(
    model: keras.Model, config: TrainConfig, chosen: Defaults, epochs: int, batches: Batches
) -> None:
    """Compile a model to learn from batches for so many epochs.

    Args:
        chosen: with the config's own settings, see `Defaults.of`.
    """
    model.compile(
        optimizer=optimizer_of(chosen, epochs, len(batches)),
        loss=loss_of(config, chosen, batches, model.output_shape[-1]),
        metrics=[ConfusionAccuracy(model.output_shape[-1])],
    )


def optimizer_of(chosen: Defaults, epochs: int, steps: int) -> keras.optimizers.Optimizer:
    """The optimizer for epochs of so many steps."""
    rate = rate_of(chosen, epochs, steps)
    averaging: dict[str, Any] = {}
    if chosen.averaged_weights:
        averaging = {"use_ema": True, "ema_momentum": momentum(epochs, steps)}
    if chosen.optimizer == "adam":
        return keras.optimizers.Adam(rate, **averaging)
    made = keras.optimizers.AdamW(rate, weight_decay=chosen.weight_decay, **averaging)
    made.exclude_from_weight_decay(var_names=list(NOT_DECAYED))
    return made


def rate_of(
    chosen: Defaults, epochs: int, steps: int
) -> float | keras.optimizers.schedules.LearningRateSchedule:
    """The learning rate, step by step; the warm-up leaves at least one epoch."""
    warmup = min(chosen.warmup_epochs, epochs - 1) * steps
    if chosen.schedule == "constant" and not warmup:
        return float(chosen.learning_rate)
    lowest = 1.0 if chosen.schedule == "constant" else 0.0
    rest = epochs * steps - warmup
    if not warmup:
        return keras.optimizers.schedules.CosineDecay(float(chosen.learning_rate), rest, lowest)
    return keras.optimizers.schedules.CosineDecay(
        0.0, rest, lowest, warmup_target=float(chosen.learning_rate), warmup_steps=warmup
    )


def momentum(epochs: int, steps: int) -> float:
    """Of the moving average of weights: it forgets over `AVERAGED_SHARE` of all steps."""
    return 1 - 1 / max(2.0, steps * max(1.0, AVERAGED_SHARE * epochs))


def loss_of(
    config: TrainConfig, chosen: Defaults, batches: Batches, classes: int
) -> keras.losses.Loss:
    """Of class indices, or of shares of classes where crops are mixed with their labels."""
    if config.class_weights or chosen.label_smoothing:
        weights = class_weights(batches.labels, classes) if config.class_weights else None
        return Crossentropy(classes, chosen.label_smoothing, weights)
    if mixes(augmentation_of(config)):
        return keras.losses.CategoricalCrossentropy()
    return keras.losses.SparseCategoricalCrossentropy()


def class_weights(labels: npt.NDArray[Any], classes: int) -> npt.NDArray[np.float32]:
    """A weight for each class, so that all weigh alike together; the mean example weighs 1.

    Args:
        labels: class indices, shape (n,), or shares of classes, shape (n, classes).

    Returns:
        Shape (classes,); 1 for a class without examples.
    """
    shares = labels if labels.ndim == 2 else np.eye(classes)[labels]
    counts = shares.sum(axis=0)
    present = np.count_nonzero(counts)
    weights = np.divide(len(labels), present * counts, out=np.ones(classes), where=counts > 0)
    return weights.astype(np.float32)


class Crossentropy(keras.losses.Loss):
    """Cross-entropy with smoothed labels and weighted classes, whatever form labels have.

    Args:
        classes: their number.
        smoothing: share of each label that is spread over all classes.
        weights: of the classes; None for 1 each. A blend of two weighs as its parts.
    """

    def __init__(
        self, classes: int, smoothing: float, weights: npt.NDArray[np.float32] | None
    ) -> None:
        super().__init__(name="crossentropy")
        self._classes, self._smoothing = classes, smoothing
        self._weights = weights

    def call(self, y_true: Any, y_pred: Any) -> Any:
        shares = y_true
        if len(y_true.shape) < 2 or y_true.shape[-1] == 1:
            shares = ops.one_hot(ops.reshape(y_true, (-1,)), self._classes)
        shares = ops.cast(shares, y_pred.dtype)
        smoothed = shares * (1 - self._smoothing) + self._smoothing / self._classes
        losses = keras.losses.categorical_crossentropy(smoothed, y_pred)
        if self._weights is None:
            return losses
        return losses * ops.sum(shares * ops.cast(self._weights, y_pred.dtype), axis=-1)


def watchers(config: TrainConfig, chosen: Defaults) -> Sequence[keras.callbacks.Callback]:
    """What takes part in the epochs of a phase; to come before what judges an epoch."""
    found: list[keras.callbacks.Callback] = []
    if chosen.averaged_weights:
        found.append(keras.callbacks.SwapEMAWeights(swap_on_epoch=True))
    if config.patience is not None:
        found.append(Patience(config.patience))
    return found


class Patience(keras.callbacks.Callback):
    """Ends the training after so many epochs in which the loss of validation was no better.

    Where there is nothing to validate with, the training loss decides.
    """

    def __init__(self, epochs: int) -> None:
        super().__init__()
        self._patience = epochs
        self._lowest, self._waited = math.inf, 0

    def on_train_begin(self, logs: Logs = None) -> None:
        self._lowest, self._waited = math.inf, 0

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        values = logs or {}
        loss = values.get("val_loss", values["loss"])
        self._waited = 0 if loss < self._lowest else self._waited + 1
        self._lowest = min(self._lowest, loss)
        if self._waited >= self._patience:
            self.model.stop_training = True
