"""What a training goes on from: at the end of an epoch, all that the next ones depend on.

The batches depend on the seed, the epoch and the step alone, so they need no place here. What
does change is kept: weights (with the state of batch normalisation and of dropout's generators),
the optimizer, the best epoch's weights, the curves, and whatever other callbacks count.
"""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

import keras
import numpy as np
import numpy.typing as npt

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.training.callbacks import BestEpoch, Logs

History = dict[str, list[float | None]]
Arrays = dict[str, npt.NDArray[Any]]

VERSION = 1
SHARE = 0.02
"""Of the time of a training, at most, that goes into writing checkpoints."""
SHORTEST_PAUSE = 2.0
"""Seconds between two of them; epochs that are quicker are learned again after a power cut."""
_FILE, _HEAD = "last.npz", "head"
_SIMPLE = (bool, int, float, str, type(None))


@dataclass(frozen=True)
class Standing:
    """Where a training stands.

    Attributes:
        phase: its number, from 0.
        begin: epochs that were done when the phase began.
        done: epochs that are done.
        over: whether a callback has ended the phase early.
        best: the best epoch, from 1; 0 before the first.
        lowest: its loss, None before the first.
        looks: variations of each crop that a frozen backbone has seen; 0 without.
        seconds: that the training has taken.
        frozen: digest of the weights that do not learn, and so are not kept.
        callbacks: what the callbacks of the phase count, each by the names of its attributes.
    """

    phase: int = 0
    begin: int = 0
    done: int = 0
    over: bool = False
    best: int = 0
    lowest: float | None = None
    looks: int = 0
    seconds: float = 0.0
    frozen: str = ""
    callbacks: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class Checkpoint:
    """A standing with the curves so far, and arrays by name.

    `weights/N` and `best/N` are of the variable number N of the model, `optimizer/N` of the
    optimizer's.
    """

    standing: Standing
    history: History
    arrays: Arrays = field(default_factory=dict)

    def of(self, kind: str) -> dict[int, npt.NDArray[Any]]:
        """The arrays of a kind by the number of their variable."""
        parts = ((name.split("/"), value) for name, value in self.arrays.items())
        return {int(number): value for (group, number), value in parts if group == kind}


class Keeper(Protocol):
    """Who keeps the epochs of a training."""

    def load(self) -> Checkpoint | None:
        """What to go on from; None at the start. Raises TrainingError if it is damaged."""

    def save(self, checkpoint: Checkpoint) -> None:
        """Keep it on the disk. Raises nothing: a training does not end for want of room."""

    def epoch_done(self, history: History) -> None:
        """An epoch is over; these are the curves."""


class EpochEnds(keras.callbacks.Callback):
    """Takes a checkpoint of every epoch, and has it written as often as costs little.

    Must come last among the callbacks: it keeps what the others have made of the epoch. Call
    `flush` when the fitting has ended, however it did.

    Args:
        model: whole; what is fitted may be a part of it, of the same layers.
        standing: where the training stands before the phase.
        history: is added to.
        others: callbacks whose counts are kept: all attributes that are plain numbers or text. A
            callback that turns one of its own settings round as it goes, as `EarlyStopping` of
            Keras does with a `min_delta` that is not 0, cannot be gone on with.
    """

    def __init__(
        self,
        model: keras.Model,
        standing: Standing,
        history: History,
        best: BestEpoch,
        others: Sequence[keras.callbacks.Callback],
        keeper: Keeper | None,
    ) -> None:
        super().__init__()
        self.standing, self._history = standing, history
        self._best, self._others, self._keeper = best, others, keeper
        self._unwritten: Checkpoint | None = None
        self._written = time.monotonic()
        self._pause = SHORTEST_PAUSE
        self._counts = standing.callbacks
        # Once: to list the variables of a large model takes longer than a quick epoch.
        self._number = {id(variable): index for index, variable in enumerate(model.variables)}

    def on_train_begin(self, logs: Logs = None) -> None:
        for callback, counts in zip(self._others, self._counts, strict=False):
            vars(callback).update(counts)  # they have just forgotten them

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        figures = {**(logs or {}), "learning_rate": self.model.optimizer.learning_rate}
        for name, value in figures.items():
            number = float(keras.ops.convert_to_numpy(value))
            self._history.setdefault(name, []).append(number if np.isfinite(number) else None)
        self.standing = _after(self.standing, epoch + 1, self.model, self._best)
        if self._keeper is not None:
            self._keeper.epoch_done(self._history)
            self._unwritten = self._taken()
            if time.monotonic() - self._written >= self._pause:
                self.flush()

    def flush(self) -> None:
        """Write the newest checkpoint, unless that is done."""
        checkpoint, self._unwritten = self._unwritten, None
        if checkpoint is None or self._keeper is None:
            return
        started = time.monotonic()
        self._keeper.save(checkpoint)
        self._written = time.monotonic()
        self._pause = max(SHORTEST_PAUSE, (self._written - started) / SHARE)

    def _taken(self) -> Checkpoint:
        counted = tuple(_counts(callback) for callback in self._others)
        standing = Standing(**{**vars(self.standing), "callbacks": counted})
        arrays = {
            **{f"weights/{self._number[id(v)]}": _array(v) for v in self.model.variables},
            **{f"optimizer/{n}": _array(v) for n, v in enumerate(self.model.optimizer.variables)},
            **{f"best/{self._number[id(v)]}": value for v, value in self._best.kept()},
        }
        history = {name: list(values) for name, values in self._history.items()}
        return Checkpoint(standing, history, arrays)


def restore(
    checkpoint: Checkpoint, model: keras.Model, learner: keras.Model, best: BestEpoch
) -> None:
    """Put a model, its optimizer and its best epoch where a checkpoint has them.

    Args:
        learner: what is fitted in this phase: `model`, or a part of its layers.

    Raises:
        TrainingError: if the model is another one.
    """
    standing = checkpoint.standing
    optimizer = learner.optimizer
    optimizer.build(learner.trainable_variables)
    if standing.frozen != frozen_digest(model, learner):
        raise TrainingError(
            tr(
                "The weights that this training builds on are no longer the same, so it cannot "
                "go on. Start a new one."
            )
        )
    kept = [checkpoint.of(kind) for kind in ("weights", "optimizer", "best")]
    places = [model.variables, optimizer.variables, model.variables]
    if not all(map(_fits, kept, places)) or len(kept[0]) != len(learner.variables):
        raise TrainingError(tr("The kept epochs are of another network. Start a new training."))
    for values, variables in zip(kept[:2], places[:2], strict=True):
        for number, value in values.items():
            variables[number].assign(value)
    chosen = {number: (model.variables[number], value) for number, value in kept[2].items()}
    best.adopt(standing.best, standing.lowest, chosen.values())


def frozen_digest(model: keras.Model, learner: keras.Model) -> str:
    """Of the variables of a model that a part of it leaves alone; "" if there are none."""
    learned = {id(variable) for variable in learner.variables}
    digest = hashlib.blake2b(digest_size=16)
    left = [variable for variable in model.variables if id(variable) not in learned]
    for variable in left:
        digest.update(np.ascontiguousarray(_array(variable)).data)
    return digest.hexdigest() if left else ""


def write_checkpoint(folder: Path, checkpoint: Checkpoint) -> None:
    """Replace the checkpoint of a folder in one step. Raises OSError."""
    head = {"version": VERSION, "history": checkpoint.history, **asdict(checkpoint.standing)}
    buffer = io.BytesIO()
    told = np.frombuffer(json.dumps(head).encode(), np.uint8)
    np.savez(buffer, allow_pickle=False, **{_HEAD: told, **checkpoint.arrays})
    write_atomic(folder / _FILE, buffer.getvalue())


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """The checkpoint of a folder; None if there is none.

    Raises:
        TrainingError: if it is damaged, or of another version.
    """
    path = folder / _FILE
    if not path.exists():
        return None
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        head = json.loads(arrays.pop(_HEAD).tobytes())
        if head.pop("version") != VERSION:
            raise ValueError(tr("it is of another version"))
        history = head.pop("history")
        head["callbacks"] = tuple(head["callbacks"])
        checkpoint = Checkpoint(Standing(**head), history, arrays)
        checkpoint.of("weights")
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise unreadable(path, error) from error
    return checkpoint


def unreadable(path: Path, detail: object) -> TrainingError:
    """What to say where a training cannot be gone on with, as a file is damaged."""
    return TrainingError(
        tr(
            "The kept epochs in {path} cannot be read ({detail}). Start a new training.",
            path=path,
            detail=detail,
        )
    )


def _after(standing: Standing, done: int, learner: keras.Model, best: BestEpoch) -> Standing:
    now = {"done": done, "over": bool(learner.stop_training)}
    return Standing(**{**vars(standing), **now, "best": best.epoch, "lowest": best.lowest})


def _counts(callback: keras.callbacks.Callback) -> dict[str, Any]:
    plain = {
        name: value.item() if isinstance(value, np.generic) else value
        for name, value in vars(callback).items()
    }
    return {name: value for name, value in plain.items() if isinstance(value, _SIMPLE)}


def _fits(values: Mapping[int, npt.NDArray[Any]], variables: Sequence[Any]) -> bool:
    return all(
        number < len(variables) and tuple(variables[number].shape) == value.shape
        for number, value in values.items()
    )


def _array(variable: Any) -> npt.NDArray[Any]:
    return keras.ops.convert_to_numpy(variable)
