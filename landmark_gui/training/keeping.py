"""Keeping a training as a run, from its first moment on, and going on with one that was cut short.

A run that cannot be kept costs no model: what fails here is told in the log, but for what must be
known before the work, such as that the examples are no longer the same.
"""

from __future__ import annotations

import json
import os
import platform
import shutil
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import keras
import tensorflow as tf

from landmark_gui.core import run_folder
from landmark_gui.core.dataset import Examples
from landmark_gui.core.errors import Cancelled, LossLost, TrainingError
from landmark_gui.core.example_hash import examples_hash
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder
from landmark_gui.core.project import Split
from landmark_gui.core.run_folder import RunFolder, RunState
from landmark_gui.core.run_list import Answer, History, find_run, has_diverged, runs_folder
from landmark_gui.core.run_results import split_of_run
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.bundle_writer import versions
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.checkpoints import (
    Checkpoint,
    read_checkpoint,
    unreadable,
    write_checkpoint,
)
from landmark_gui.training.data import LearningData, pixels_hash
from landmark_gui.training.event_files import EventFiles

COPIES = 8
"""Of the weights, that a training has on the disk at most: the model file in its two forms and
the run's copy of it, and a checkpoint with the optimizer and the best epoch."""
SMALLEST_ROOM = 20_000_000
_MAY_DIFFER = ("project", "out", "weights", "probe")
"""Settings of which the result does not depend: weights are known by what they are."""


class KeptRun:
    """The run of a training. Without a folder, as on a drive that cannot be written, it keeps
    nothing.

    Attributes:
        stood: where photos stood in a training that goes on, by photo id; else empty.
    """

    def __init__(self, folder: RunFolder | None, emit: Emit, stood: Mapping[int, Split]) -> None:
        self.stood = stood
        self._folder, self._emit = folder, emit
        self._events: EventFiles | None = None
        self._resumed = bool(stood)
        self._started, self._before = time.monotonic(), 0.0
        self._epochs = 0

    @property
    def id(self) -> str:
        """Its name; "" if it is not kept."""
        return self._folder.id if self._folder else ""

    @property
    def seconds(self) -> float:
        """That the training has taken so far, interruptions left out."""
        return self._before + time.monotonic() - self._started

    def emit(self, event: dict[str, Any]) -> None:
        """Pass an event on; what is said in words goes into the log of the run as well."""
        if self._folder and event["event"] in ("log", "state"):
            self._folder.write_log(str(event.get("message") or event.get("state")))
        self._emit(event)

    def begin(self, config: TrainConfig, examples: Examples, data: LearningData) -> None:
        """Keep what is learned from, and what by.

        Raises:
            TrainingError: if that is not what the training learned from that goes on.
        """
        if self._folder is None:
            return
        told = {
            "hash": examples_hash(examples),
            "pixels": pixels_hash(
                (part.labels, part.images) for part in (data.train, data.validation)
            ),
            "classes": list(examples.classes),
            "examples": len(examples.crops),
        }
        if self._resumed:
            self._check_same(told)
        splits = {str(crop.photo_id): crop.split for crop in examples.crops}
        self._write(run_folder.CONFIG, config.to_dict())
        self._write(run_folder.ENVIRONMENT, environment())
        self._write(run_folder.DATA, told)
        self._write(run_folder.SPLIT, splits)

    def check_room(self, model: keras.Model, out: Path) -> None:
        """Raises TrainingError if a disk is too full for the model and its run."""
        needed = SMALLEST_ROOM + 4 * COPIES * model.count_params()
        places = [out.absolute().parent, *([self._folder.path] if self._folder else [])]
        for place in places:
            there = next(folder for folder in (place, *place.parents) if folder.exists())
            free = shutil.disk_usage(there).free
            if free < needed:
                raise TrainingError(
                    tr(
                        "The disk of {path} is nearly full: {free} MB are free, and this training "
                        "may need {needed} MB. Make room, for example by deleting old runs.",
                        path=there,
                        free=free // 1_000_000,
                        needed=needed // 1_000_000,
                    )
                )

    # As a Keeper of `fit`

    def load(self) -> Checkpoint | None:
        if self._folder is None or not self._resumed:
            return None
        checkpoint = read_checkpoint(self._folder.path / run_folder.CHECKPOINT)
        if checkpoint is not None:
            self._before = checkpoint.standing.seconds
            self._started = time.monotonic()
            self.epoch_done(checkpoint.history)
        return checkpoint

    def save(self, checkpoint: Checkpoint) -> None:
        if self._folder is None:
            return
        standing = replace(checkpoint.standing, seconds=self.seconds)
        try:
            write_checkpoint(
                self._folder.path / run_folder.CHECKPOINT, replace(checkpoint, standing=standing)
            )
        except OSError as error:
            self._tell_unkept(error)
        self._write(run_folder.HISTORY, checkpoint.history)

    def epoch_done(self, history: History) -> None:
        self._epochs = max(map(len, history.values()), default=0)
        if self._folder is None:
            return
        try:
            if self._events is None:
                self._events = EventFiles(self._folder.path / run_folder.TENSORBOARD, history)
            self._events.tell(history)
        except (OSError, tf.errors.OpError) as error:
            self._tell_unkept(error)

    def finish(
        self, metrics: Mapping[str, Any], answers: Sequence[Answer], model: Path
    ) -> Path | None:
        """Complete the run. The model is safe by then, so a failure is only told.

        Returns:
            Its folder; None if there is none.
        """
        folder = self._folder
        if folder is None:
            return None
        self.epoch_done(metrics["history"])  # several devices have told of no epoch yet
        try:
            folder.write(run_folder.HISTORY, metrics["history"])
            folder.write(run_folder.METRICS, metrics)
            folder.write(run_folder.ANSWERS, [_answer(answer) for answer in answers])
            shutil.copyfile(model, folder.path / run_folder.MODEL)
            self._close_events()
            return folder.finish()
        except OSError as error:
            self._tell_unkept(error)
            self.end("failed", str(error))
            return None
        finally:
            self._folder = None

    def end(self, state: RunState, message: str = "") -> None:
        """Say how a training ended that did not come to a model, and let others go on with it."""
        if self._folder is None:
            return
        self._close_events()
        kept = self._folder.path / run_folder.CHECKPOINT  # not looked at yet, if soon stopped
        if state == "cancelled" and not self._epochs and not kept.exists():
            self._folder.discard()
        else:
            with suppress(OSError):
                self._folder.write_state(state, message)
            self._folder.release()
        self._folder = None

    def _close_events(self) -> None:
        if self._events is not None:
            self._events.close()

    def _check_same(self, told: Mapping[str, Any]) -> None:
        assert self._folder is not None
        before = _read(self._folder.path / run_folder.DATA)
        if before.get("pixels") != told["pixels"] or before.get("hash") != told["hash"]:
            raise TrainingError(
                tr(
                    "The photos, boxes or splits are no longer what this training began with, so "
                    "it cannot go on to the same result. Start a new one."
                )
            )

    def _write(self, name: str, value: Any) -> None:
        if self._folder is not None:
            try:
                self._folder.write(name, value)
            except OSError as error:
                self._tell_unkept(error)

    def _tell_unkept(self, error: Exception) -> None:
        text = tr("The run was not recorded: {detail}", detail=error)
        self._emit({"event": "log", "message": text})


@contextmanager
def kept_run(config: TrainConfig, resume: str, emit: Emit) -> Iterator[KeptRun]:
    """The run of a training, begun or gone on with; however that ends, the run says so.

    Args:
        resume: the id of an unfinished run of the project, or "".

    Raises:
        TrainingError: if there is no such run, or it cannot be gone on with.
    """
    run = _reopened(config, resume, emit) if resume else _begun(config, emit)
    try:
        yield run
    except (Cancelled, KeyboardInterrupt):
        run.end("cancelled")
        raise
    except LossLost as error:
        run.end("diverged", str(error))
        raise
    except Exception as error:
        run.end("failed", str(error) or type(error).__name__)
        raise


def environment() -> dict[str, Any]:
    """What a result may depend on besides settings and data."""
    devices = [device.device_type for device in tf.config.list_physical_devices()]
    return {
        **versions(),
        "python": platform.python_version(),
        "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "devices": sorted(devices),
    }


def _begun(config: TrainConfig, emit: Emit) -> KeptRun:
    try:
        folder = RunFolder.begin(runs_folder(data_folder(Path(config.project))))
    except OSError as error:
        emit({"event": "log", "message": tr("The run was not recorded: {detail}", detail=error)})
        return KeptRun(None, emit, {})
    run = KeptRun(folder, emit, {})
    run._write(run_folder.CONFIG, config.to_dict())
    run._write(run_folder.STATE, {"state": "running", "message": ""})
    return run


def _reopened(config: TrainConfig, id_: str, emit: Emit) -> KeptRun:
    data = data_folder(Path(config.project))
    folder = RunFolder.reopen(runs_folder(data), id_)
    try:
        _check_not_diverged(folder.path)
        _check_same_settings(config, find_run(data, id_).train_config())
        _check_same_program(folder.path, emit)
        stood = split_of_run(folder.path)
        if not stood and (folder.path / run_folder.CHECKPOINT).exists():
            raise unreadable(folder.path, run_folder.SPLIT)
        folder.write_state("running")
    except BaseException:
        folder.release()
        raise
    return KeptRun(folder, emit, stood)


def _check_not_diverged(folder: Path) -> None:
    if has_diverged(folder):
        raise TrainingError(
            tr(
                "This training ended as its loss was no longer a number, and would end so again. "
                "Start a new one with a lower learning rate."
            )
        )


def _check_same_settings(config: TrainConfig, before: TrainConfig) -> None:
    same = {name: getattr(before, name) for name in _MAY_DIFFER}
    if replace(config, **same) != before:
        raise TrainingError(
            tr("The settings are not those that this training began with. Start a new one.")
        )


def _check_same_program(folder: Path, emit: Emit) -> None:
    """Other versions are refused; another computer may differ in the last digits."""
    before, now = _read(folder / run_folder.ENVIRONMENT), environment()
    if not before:
        return  # it had not come to that
    changed = [name for name in versions() if before.get(name) != now[name]]
    if changed:
        listed = ", ".join(f"{name} {before.get(name)} → {now[name]}" for name in changed)
        raise TrainingError(
            tr(
                "The program has changed since this training began ({changes}), so it cannot go "
                "on to the same result. Start a new one.",
                changes=listed,
            )
        )
    if before != now:
        text = tr("This is another computer, so the last digits of the result may differ.")
        emit({"event": "log", "message": text})


def _read(path: Path) -> dict[str, Any]:
    try:
        told = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    return told if isinstance(told, dict) else {}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "photo": answer.photo_id,
        "box": answer.box_id,
        "true": answer.true,
        "predicted": answer.predicted,
        "confidence": answer.confidence,
    }
