"""What watches a training: the events it sends, the person's Cancel, and its best epoch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any

import keras

from landmark_gui.core.errors import Cancel, Cancelled, TrainingError
from landmark_gui.core.i18n import tr

Emit = Callable[[dict[str, Any]], None]
Logs = Mapping[str, float] | None

STEP_INTERVAL = 0.1
"""Seconds between two step events, so that a fast training does not flood the window."""


class CancelCheck(keras.callbacks.Callback):
    """Raises Cancelled before and after every batch once the person has asked to stop."""

    def __init__(self, cancelled: Cancel) -> None:
        super().__init__()
        self._cancelled = cancelled

    def _check(self) -> None:
        if self._cancelled():
            raise Cancelled

    def on_train_batch_begin(self, batch: int, logs: Logs = None) -> None:
        self._check()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._check()

    def on_test_batch_end(self, batch: int, logs: Logs = None) -> None:
        self._check()


class BestEpoch(keras.callbacks.Callback):
    """Keeps the weights of the epoch with the lowest `monitor` and restores them at the end.

    Args:
        monitor: "val_loss", or "loss" where there is nothing to validate with.

    Attributes:
        epoch: the best epoch so far, from 1; 0 before the first.
    """

    def __init__(self, monitor: str) -> None:
        super().__init__()
        self.epoch = 0
        self._monitor = monitor
        self._lowest = math.inf
        self._weights: list[Any] = []

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        value = (logs or {})[self._monitor]
        if value < self._lowest:
            self.epoch, self._lowest = epoch + 1, value
            self._weights = self.model.get_weights()

    def on_train_end(self, logs: Logs = None) -> None:
        if self._weights:
            self.model.set_weights(self._weights)


class ProgressEvents(keras.callbacks.Callback):
    """Tells of every epoch and, at most 10 times a second, of the steps between.

    Args:
        emit: receives the "step" and "epoch" events of the worker protocol.
        epochs, steps: epochs in all, and steps of each.
        best: asked whether an epoch is the best so far; it must come first in the callbacks.

    Raises:
        TrainingError: from `fit`, if the loss is no longer a finite number.
    """

    def __init__(self, emit: Emit, epochs: int, steps: int, best: BestEpoch) -> None:
        super().__init__()
        self._emit = emit
        self._epochs, self._steps = epochs, steps
        self._best = best
        self._epoch = 0
        self._epoch_started = 0.0
        self._first_step_ended: float | None = None
        self._last_sent = -math.inf

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch + 1
        self._epoch_started = time.monotonic()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        now = time.monotonic()
        # The first step is traced and takes many times as long as all others.
        self._first_step_ended = self._first_step_ended or now
        values = logs or {}
        loss = float(values["loss"])
        lost = not math.isfinite(loss)
        if lost or batch + 1 == self._steps or now - self._last_sent >= STEP_INTERVAL:
            self._last_sent = now
            self._send_step(batch + 1, loss, float(values["accuracy"]), now)
        if lost:
            raise TrainingError(
                tr(
                    "The loss is no longer a number (epoch {epoch}, step {step}), so nothing more "
                    "can be learned. Try a lower learning rate.",
                    epoch=self._epoch,
                    step=batch + 1,
                )
            )

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        values = logs or {}
        figures = {
            name: values.get(name) for name in ("loss", "accuracy", "val_loss", "val_accuracy")
        }
        self._emit(
            {
                "event": "epoch",
                "epoch": self._epoch,
                "epochs": self._epochs,
                **figures,
                "learning_rate": float(
                    keras.ops.convert_to_numpy(self.model.optimizer.learning_rate)
                ),
                "seconds": time.monotonic() - self._epoch_started,
                "best": self._best.epoch == self._epoch,
            }
        )

    def _send_step(self, step: int, loss: float, accuracy: float, now: float) -> None:
        self._emit(
            {
                "event": "step",
                "epoch": self._epoch,
                "epochs": self._epochs,
                "step": step,
                "steps": self._steps,
                "loss": loss,
                "accuracy": accuracy,
                "seconds_left": self._seconds_left(step, now),
            }
        )

    def _seconds_left(self, step: int, now: float) -> float | None:
        """From the mean pace since the first step; None until a second step is done."""
        total = self._epochs * self._steps
        done = (self._epoch - 1) * self._steps + step
        if done < 2 or self._first_step_ended is None:
            return None
        return (now - self._first_step_ended) / (done - 1) * (total - done)
