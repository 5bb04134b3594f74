"""What watches a training: the events it sends, the person's Cancel, and its best epoch."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

import keras

from landmark_gui.core.errors import Cancel, Cancelled, LossLost
from landmark_gui.core.i18n import tr
from landmark_gui.core.memory import used_memory
from landmark_gui.training.health import Health

Emit = Callable[[dict[str, Any]], None]
Logs = Mapping[str, float] | None
Kept = tuple[Any, Any]
"""A variable with a value of it."""

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

    It may watch one fitting after the other, of parts of one model: what a part has that the
    ones before it lack stood in the best epoch as it stands when the part begins.

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
        self._kept: dict[int, Kept] = {}

    @property
    def lowest(self) -> float | None:
        """The value of the best epoch."""
        return self._lowest if self.epoch else None

    def kept(self) -> Iterable[Kept]:
        """The variables that have been watched, each with its value in the best epoch."""
        return self._kept.values()

    def adopt(self, epoch: int, lowest: float | None, kept: Iterable[Kept]) -> None:
        """Go on from what was kept of an earlier training."""
        self.epoch, self._lowest = epoch, math.inf if lowest is None else lowest
        self._kept = {id(variable): (variable, value) for variable, value in kept}

    def restore(self) -> None:
        """Put all that was watched back to the best epoch."""
        for variable, value in self._kept.values():
            variable.assign(value)

    def on_train_begin(self, logs: Logs = None) -> None:
        if self.epoch:
            for variable in self.model.weights:
                if id(variable) not in self._kept:
                    self._keep(variable)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        value = (logs or {})[self._monitor]
        if value < self._lowest:
            self.epoch, self._lowest = epoch + 1, float(value)
            for variable in self.model.weights:
                self._keep(variable)

    def on_train_end(self, logs: Logs = None) -> None:
        self.restore()

    def _keep(self, variable: Any) -> None:
        self._kept[id(variable)] = (variable, keras.ops.convert_to_numpy(variable))


def loss_lost(epoch: int, step: int) -> LossLost:
    """What to raise where the loss is no longer a finite number; both count from 1."""
    return LossLost(
        tr(
            "The loss is no longer a number (epoch {epoch}, step {step}), so nothing more can be "
            "learned. Try a lower learning rate.",
            epoch=epoch,
            step=step,
        )
    )


class _Pace:
    """Steps a second of one epoch, from the end of its first step: that one may be traced."""

    def __init__(self) -> None:
        self._ends: tuple[float, float] | None = None
        self._steps = 0

    def note(self, now: float) -> None:
        """A step has ended."""
        self._ends = (now if self._ends is None else self._ends[0], now)
        self._steps += 1

    @property
    def steps_a_second(self) -> float | None:
        """None before the second step."""
        if self._ends is None or self._ends[1] <= self._ends[0]:
            return None
        return (self._steps - 1) / (self._ends[1] - self._ends[0])


class ProgressEvents(keras.callbacks.Callback):
    """Tells of every epoch and, at most 10 times a second, of the steps between.

    Args:
        emit: receives the "step" and "epoch" events of the worker protocol.
        epochs, steps: epochs in all, and steps of each.
        best: asked whether an epoch is the best so far; it must come first in the callbacks.
        images: examples of an epoch.

    Attributes:
        epochs: as given.
        health: what it has seen goes with the epochs; it must come first too. Each phase of a
            training has its own.

    Raises:
        LossLost: from `fit`, if the loss is no longer a finite number.
    """

    def __init__(
        self, emit: Emit, epochs: int, steps: int, best: BestEpoch, images: int = 0
    ) -> None:
        super().__init__()
        self.health: Health | None = None
        self._images = images
        self._emit = emit
        self.epochs, self._steps = epochs, steps
        self._best = best
        self._epoch = 0
        self._epoch_started = 0.0
        self._pace = _Pace()
        self._first_step_ended: float | None = None
        self._done_before = 0
        self._last_sent = -math.inf

    def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None:
        self._epoch = epoch + 1
        self._epoch_started = time.monotonic()
        self._pace = _Pace()

    def on_train_batch_end(self, batch: int, logs: Logs = None) -> None:
        now = time.monotonic()
        self._pace.note(now)
        # The first step is traced and takes many times as long as all others.
        if self._first_step_ended is None:
            self._first_step_ended = now
            self._done_before = (self._epoch - 1) * self._steps + batch
        values = logs or {}
        loss = float(values["loss"])
        lost = not math.isfinite(loss)
        if lost or batch + 1 == self._steps or now - self._last_sent >= STEP_INTERVAL:
            self._last_sent = now
            self._send_step(batch + 1, loss, float(values["accuracy"]), now)
        if lost:
            raise loss_lost(self._epoch, batch + 1)

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        values = logs or {}
        figures = {
            name: values.get(name) for name in ("loss", "accuracy", "val_loss", "val_accuracy")
        }
        self._emit(
            {
                "event": "epoch",
                "epoch": self._epoch,
                "epochs": self.epochs,
                **figures,
                "learning_rate": self._learning_rate(),
                "seconds": time.monotonic() - self._epoch_started,
                "best": self._best.epoch == self._epoch,
                **self._vitals(),
                **(self.health.figures if self.health is not None else {}),
            }
        )

    def _send_step(self, step: int, loss: float, accuracy: float, now: float) -> None:
        self._emit(
            {
                "event": "step",
                "epoch": self._epoch,
                "epochs": self.epochs,
                "step": step,
                "steps": self._steps,
                "loss": loss,
                "accuracy": accuracy,
                "seconds_left": self._seconds_left(step, now),
                "learning_rate": self._learning_rate(),
                **self._vitals(),
            }
        )

    def _learning_rate(self) -> float:
        return float(keras.ops.convert_to_numpy(self.model.optimizer.learning_rate))

    def _vitals(self) -> dict[str, Any]:
        pace = self._pace.steps_a_second
        images = None if pace is None else pace * self._images / self._steps
        return {"images_per_second": images, "memory": used_memory()}

    def _seconds_left(self, step: int, now: float) -> float | None:
        """From the mean pace since the first step; None until a second step is done."""
        total = self.epochs * self._steps
        done = (self._epoch - 1) * self._steps + step
        timed = done - self._done_before - 1
        if timed < 1 or self._first_step_ended is None:
            return None
        return (now - self._first_step_ended) / timed * (total - done)
