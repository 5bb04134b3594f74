"""A paired study from project file to result: the worker and the command line share it.

Round by round each variant is trained on the same photos with the same seed (`core.studies`).
Each training that is done is kept at once, so a study goes on where it was stopped. A variant that
loses its loss is trained no more, and the study goes on with the others.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from statistics import fmean
from typing import Any

import cv2
import keras

from landmark_gui.core.errors import Cancel, Cancelled, LossLost, TrainingError, never_cancelled
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.paths import data_folder
from landmark_gui.core.studies.config import StudyConfig, Variant, variants
from landmark_gui.core.studies.journal import (
    STUDIES,
    Journal,
    Trial,
    failures_in,
    result_in,
    study_key,
)
from landmark_gui.core.studies.result import StudyResult
from landmark_gui.core.studies.texts import variant_label
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.study_data import StudyData, load
from landmark_gui.training.trial_events import TrialEvents
from landmark_gui.training.trials import Trials, seeded
from landmark_gui.training.weights import fetch


def study(config: StudyConfig, emit: Emit, cancelled: Cancel = never_cancelled) -> StudyResult:
    """Train every variant in every round, but for the trainings that are kept already.

    Args:
        emit: receives the events of the worker protocol: `state` "preparing", "downloading" if
            weights are fetched, and "studying"; "preparing", "log", "trial_progress" and "trial".
            The terminal ones are left to the caller.
        cancelled: asked between photos and between batches.

    Returns:
        The same for the same config on the same data, however often it was stopped.

    Raises:
        LandmarkError: in words, if the data, the weights or a training are at fault, or nothing
            can be kept.
        Cancelled: if the person asked to stop; what is done is kept.
    """
    keras.config.disable_interactive_logging()  # what Keras prints goes to its log, not to stdout
    cv2.setNumThreads(1)  # crops are rendered and varied on threads of our own
    emit({"event": "state", "state": "preparing"})
    fetch(config.base, emit, cancelled)
    data = load(config, emit, cancelled)
    key = study_key(config, data.hash(config.base))
    journal = Journal(data_folder(Path(config.base.project)) / STUDIES / key)
    journal.begin(config, data.pool)
    emit({"event": "state", "state": "studying"})
    return _Run(config, data, journal, emit, cancelled).to_the_end()


class Pace:
    """How long the trainings that are not done will take, by those that are."""

    def __init__(self, keys: list[str], repeats: int) -> None:
        self._left = dict.fromkeys(keys, repeats)
        self._seconds: dict[str, list[float]] = {key: [] for key in keys}

    @property
    def left(self) -> int:
        """Trainings that are not done."""
        return sum(self._left.values())

    def give_up(self, key: str) -> None:
        """It is trained no more."""
        self._left[key] = 0

    def done(self, key: str, seconds: float) -> None:
        self._left[key] -= 1
        self._seconds[key].append(seconds)

    def seconds_left(self, spent: float = 0.0) -> float | None:
        """Of all that is not done, of which `spent` seconds have gone into the current one.

        None until a first training is done. A variant that is not known yet takes as long as
        the known ones do on average.
        """
        known = {key: fmean(seconds) for key, seconds in self._seconds.items() if seconds}
        if not known:
            return None
        usual = fmean(known.values())
        left = sum(count * known.get(key, usual) for key, count in self._left.items())
        return max(0.0, left - spent)


class _Run:
    """One pass over the rounds of a study."""

    def __init__(
        self,
        config: StudyConfig,
        data: StudyData,
        journal: Journal,
        emit: Emit,
        cancelled: Cancel,
    ) -> None:
        self._config, self._data, self._journal = config, data, journal
        self._emit, self._cancelled = emit, cancelled
        self._variants = variants(config)
        self._events = TrialEvents(emit)
        keys = [variant.key for variant in self._variants]
        self._pace = Pace(keys, config.repeats)
        self._trials = {
            place: trial
            for place, trial in journal.trials().items()
            if place[0] in keys and place[1] < config.repeats
        }
        for trial in self._trials.values():
            self._pace.done(trial.variant, trial.seconds)
        for key in self._failures():
            self._pace.give_up(key)

    def to_the_end(self) -> StudyResult:
        if self._trials:
            message = _kept_sentence(len(self._trials), len(self._trials) + self._pace.left)
            self._emit({"event": "log", "message": message})
        trainer = Trials(self._data, self._emit)
        for variant, number in self._left():
            trial = self._trained(trainer, variant, number)
            self._journal.keep(trial)
            self._trials[variant.key, number] = trial
            self._pace.done(variant.key, trial.seconds)
            if trial.failure:
                self._pace.give_up(variant.key)
            self._tell(trial)
        return self._result()

    def _failures(self) -> dict[str, str]:
        return failures_in(self._config, self._trials)

    def _left(self) -> Iterator[tuple[Variant, int]]:
        """Round by round, so that what is compared is always paired."""
        for number in range(self._config.repeats):
            for variant in self._variants:
                done = (variant.key, number) in self._trials
                if not done and variant.key not in self._failures():
                    yield variant, number

    def _trained(self, trainer: Trials, variant: Variant, number: int) -> Trial:
        if self._cancelled():
            raise Cancelled
        config = seeded(variant.config, number)
        at = self._data.round(number, self._config.base)
        started = time.monotonic()
        told = self._progress(variant.key, number, config.epochs, started)
        accuracy, failure = None, ""
        try:
            accuracy = trainer.accuracy(config, at, told, self._cancelled)
        except LossLost as error:
            failure = str(error)
            message = _place_sentence(variant.key, number, error)
            self._emit({"event": "log", "message": message})
        except TrainingError as error:
            raise TrainingError(_place_sentence(variant.key, number, error)) from error
        seconds = time.monotonic() - started
        return Trial(variant.key, number, accuracy, seconds, failure=failure)

    def _progress(self, key: str, number: int, epochs: int, started: float) -> Emit:
        def place() -> dict[str, Any]:
            return {
                "event": "trial_progress",
                **self._place(key, number, time.monotonic() - started),
            }

        return self._events.progress(epochs, place)

    def _tell(self, trial: Trial) -> None:
        self._emit(
            {
                "event": "trial",
                **self._place(trial.variant, trial.round),
                "accuracy": trial.accuracy,
                "failure": trial.failure,
                "result": self._result().to_dict(),
            }
        )

    def _place(self, key: str, number: int, spent: float = 0.0) -> dict[str, Any]:
        return {
            "variant": key,
            "round": number,
            "done": len(self._trials),
            "total": len(self._trials) + self._pace.left,
            "seconds_left": self._pace.seconds_left(spent),
        }

    def _result(self) -> StudyResult:
        return result_in(self._config, self._data.pool, self._trials)


def _kept_sentence(done: int, total: int) -> str:
    return ntr(
        "{done} of {n} training is done already.",
        "{done} of {n} trainings are done already.",
        total,
        done=done,
    )


def _place_sentence(key: str, number: int, error: TrainingError) -> str:
    return tr(
        "{variant}, round {number}: {detail}",
        variant=variant_label(key),
        number=number + 1,
        detail=error,
    )
