"""What is known of a training, as its diagnosis needs it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median

from landmark_gui.core.diagnosis.chances import Share
from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.runs import TrainConfig

RECENT = 3
"""Epochs whose median counts as the present: one alone jumps with few photos."""
BETTER = 0.01
"""Part by which a validation loss must fall to count as an improvement."""


@dataclass(frozen=True)
class Epoch:
    """Figures of one epoch; None where there is none, or it is not finite."""

    loss: float | None
    accuracy: float | None
    val_loss: float | None = None
    val_accuracy: float | None = None
    learning_rate: float | None = None


@dataclass(frozen=True)
class DeadShare:
    """A layer of rectifiers, and the part of its units that never fires, 0 to 1."""

    layer: str
    share: float


@dataclass(frozen=True)
class Evidence:
    """All that a training has told so far.

    Attributes:
        counts: examples of each split and landmark.
        planned: epochs in all.
        dead: newest measurement, in the order of the layers.
        plain: right answers on training photos as they are, without augmentation and dropout.
        lost: epoch and step at which the loss was no longer a number.
        finished: whether no epoch will come.
        cross_validated: the probe's honest accuracy.
    """

    config: TrainConfig
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    epochs: tuple[Epoch, ...] = ()
    planned: int = 0
    dead: tuple[DeadShare, ...] = ()
    plain: Share | None = None
    lost: tuple[int, int] | None = None
    finished: bool = False
    cross_validated: Accuracy | None = None

    @property
    def guess_loss(self) -> float:
        """Cross-entropy of a network that knows nothing: the logarithm of the classes."""
        return math.log(max(2, len(self.counts.get("train", {}))))

    @property
    def guess(self) -> float:
        """Accuracy on the validation photos of one who always says the commonest landmark."""
        return self._commonest("validation")

    @property
    def train_guess(self) -> float:
        return self._commonest("train")

    @property
    def losses(self) -> list[float]:
        return _known(self.epochs, lambda epoch: epoch.loss)

    @property
    def val_losses(self) -> list[float]:
        return _known(self.epochs, lambda epoch: epoch.val_loss)

    @property
    def rate(self) -> float | None:
        """The learning rate that was asked for, or the highest one that the recipe took.

        Of "fine-tune", whose head has a higher one at first, that of the newest epochs.
        """
        if self.config.learning_rate is not None:
            return self.config.learning_rate
        tuning = self.config.recipe == "fine-tune"
        epochs = self.epochs[-RECENT:] if tuning else self.epochs
        return max(_known(epochs, lambda epoch: epoch.learning_rate), default=None)

    def size(self, split: str) -> int:
        return sum(self.counts.get(split, {}).values())

    def validation(self, recent: int = RECENT) -> Share:
        """Right answers on the validation photos now: the median of the last epochs."""
        values = _known(self.epochs[-recent:], lambda epoch: epoch.val_accuracy)
        return _share(values, self.size("validation"))

    def training(self) -> Share:
        """Right answers on training photos now: as they are if measured, else of the epochs."""
        if self.plain is not None:
            return self.plain
        values = _known(self.epochs[-RECENT:], lambda epoch: epoch.accuracy)
        return _share(values, self.size("train"))

    @property
    def best_epoch(self) -> int:
        """The epoch of the lowest validation loss, from 1; 0 without one."""
        losses = [math.inf if e.val_loss is None else e.val_loss for e in self.epochs]
        lowest = min(losses, default=math.inf)
        return losses.index(lowest) + 1 if lowest < math.inf else 0

    @property
    def stale(self) -> int:
        """Epochs since the validation loss last improved by a hundredth."""
        lowest, since = math.inf, 0
        for loss in self.val_losses:
            if loss < lowest * (1 - BETTER):
                lowest, since = loss, 0
            else:
                since += 1
        return since

    @property
    def is_falling(self) -> bool:
        """Whether the training loss still falls, by a fiftieth over the newest epochs."""
        losses = self.losses
        span = min(RECENT, len(losses) // 2)
        if not span:
            return False
        before, now = losses[-2 * span : -span], losses[-span:]
        return sum(now) < 0.98 * sum(before)

    def _commonest(self, split: str) -> float:
        counts = list(self.counts.get(split, {}).values())
        return max(counts) / sum(counts) if sum(counts) else 1.0


def _known(epochs: Sequence[Epoch], figure: Callable[[Epoch], float | None]) -> list[float]:
    values = (figure(epoch) for epoch in epochs)
    return [value for value in values if value is not None and math.isfinite(value)]


def _share(accuracies: Sequence[float], of: int) -> Share:
    return Share(round(median(accuracies) * of), of) if accuracies else Share(0, 0)
