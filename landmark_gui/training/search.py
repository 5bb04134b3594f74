"""A search from project file to best settings: the worker and the command line share it.

Optuna proposes, and says what to give up early (docs/adr/0029). What it proposes is a function of
the seed, the number of the trial and the results so far, and each training is kept once it is
done, as those of a study are. So a search that was stopped is gone through again with the results
that are kept, and comes to where it was by itself; what is kept is never asked for settings.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Any, cast

import cv2
import keras
import optuna

from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    LossLost,
    OutOfMemory,
    TrainingError,
    never_cancelled,
)
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.runs import HIGHEST_SEED, Recipe, TrainConfig
from landmark_gui.core.search import SearchConfig, SearchResult, Settings, Space, Tried
from landmark_gui.core.search.journal import SearchJournal, search_folder
from landmark_gui.core.search.result import End, left_out_text
from landmark_gui.core.studies.config import StudyConfig
from landmark_gui.core.studies.journal import Trial
from landmark_gui.core.studies.result import Pool
from landmark_gui.training.callbacks import Emit
from landmark_gui.training.study_data import StudyData, load
from landmark_gui.training.trial_events import TrialEvents
from landmark_gui.training.trials import Trials, memory_in_words, seeded
from landmark_gui.training.weights import fetch, recognised

VERSION = 1
"""Of how settings are proposed: another one begins all searches anew."""
BASE = "base"
AT_RANDOM = 8
"""Trials before the results so far count for what is proposed."""
BEFORE_PRUNING, ROUNDS_BEFORE_PRUNING = 4, 1
"""Trials with all rounds, and rounds of a trial, before one is given up for being below the median
of the others after as many rounds."""


def search(config: SearchConfig, emit: Emit, cancelled: Cancel = never_cancelled) -> SearchResult:
    """Try settings, but for the trainings that are kept already.

    The photos of the test split take no part. Recipes whose weights cannot be had are left out;
    settings that cannot be trained are kept as failed.

    Args:
        emit: receives the events of the worker protocol: `state` "preparing", "searching",
            and "downloading" while weights are fetched; "preparing", "log", "search_progress" and
            "tried"; the terminal ones are left to the caller.
        cancelled: asked between photos and between batches.

    Returns:
        The same for the same config on the same data, however often it was stopped, if it has no
        limit of time.

    Raises:
        LandmarkError: in words, if the data, the weights or the base's settings are at fault, or
            nothing can be kept.
        Cancelled: if the person asked to stop; what is done is kept.
    """
    keras.config.disable_interactive_logging()  # what Keras prints goes to its log, not to stdout
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    cv2.setNumThreads(1)  # crops are rendered and varied on threads of our own
    emit({"event": "state", "state": "preparing"})
    left_out = without_weights(config, emit, cancelled)
    for recipe, reason in left_out.items():
        emit({"event": "log", "message": left_out_text(recipe, reason)})
    learning = _Learning(config, emit, cancelled)
    emit({"event": "state", "state": "searching"})
    return _Run(config, learning, left_out, emit, cancelled).to_the_end()


def without_weights(config: SearchConfig, emit: Emit, cancelled: Cancel) -> dict[str, str]:
    """The recipes to choose from whose weights cannot be had, with the reason.

    Raises:
        TrainingError: if the base's cannot be had, or none would be left.
        Cancelled: while they are fetched.
    """
    _have(config.base, emit, cancelled)
    needing = [recipe for recipe in config.space.recipes if recipe != "scratch"]
    try:  # all of them build on the same backbone
        for recipe in needing[:1]:
            _have(replace(config.base, recipe=recipe), emit, cancelled)
    except TrainingError as error:
        if len(needing) == len(config.space.recipes):
            raise
        return dict.fromkeys(needing, str(error))
    return {}


def _have(config: TrainConfig, emit: Emit, cancelled: Cancel) -> None:
    """Raises TrainingError if the weights of a config can neither be had nor downloaded."""
    if config.recipe != "scratch" and config.weights is not None:
        recognised(Path(config.weights))
    fetch(config, emit, cancelled)


class TrialFailed(TrainingError):  # noqa: N818  # the search goes on
    """Settings that cannot be trained; the text says why."""


class _Learning:
    """Trains what is asked for and not kept yet; a training depends on its config alone."""

    def __init__(self, config: SearchConfig, emit: Emit, cancelled: Cancel) -> None:
        self._config, self._emit, self._cancelled = config, emit, cancelled
        self._data: dict[int, tuple[StudyData, Trials]] = {}
        data, _ = self._seen_at(config.base.image_size)
        self.pool: Pool = data.pool
        found = [VERSION, optuna.__version__, data.hash(config.base)]
        self._journal = SearchJournal(search_folder(config, found))
        self._journal.note(config)
        self._kept = self._journal.trials()
        self._tell_damage()

    def accuracy(self, key: str, config: TrainConfig, number: int, told: Emit) -> float:
        """Of a training in one round, from 0. Raises TrialFailed, in words."""
        if self._cancelled():
            raise Cancelled
        if (key, number) not in self._kept:
            self._kept[key, number] = self._trained(key, config, number, told)
        trial = self._kept[key, number]
        if trial.accuracy is None:
            raise TrialFailed(trial.failure)
        return trial.accuracy

    def keep_result(self, result: SearchResult) -> None:
        """Keep what came out so far, for whoever wants to see it without searching."""
        self._journal.keep_result(result)

    def _trained(self, key: str, config: TrainConfig, number: int, told: Emit) -> Trial:
        """A new training, kept unless it may succeed another time."""
        started, accuracy, failure, lasts = time.monotonic(), None, "", True
        try:
            with memory_in_words():
                data, trainer = self._seen_at(config.image_size)
            at = data.round(number, self._config.base)
            accuracy = trainer.accuracy(seeded(config, number), at, told, self._cancelled)
        except (LossLost, OutOfMemory) as error:
            failure = str(error)
        except TrainingError as error:  # weights that are gone may come back
            failure, lasts = str(error), False
        seconds = time.monotonic() - started
        trial = Trial(key, number, accuracy, seconds, failure=failure)
        if lasts:
            self._journal.keep(trial)
        return trial

    def _tell_damage(self) -> None:
        damaged = self._journal.files() - len(self._kept)
        if damaged:
            message = ntr(
                "{n} kept training in {path} is damaged, and is done again.",
                "{n} kept trainings in {path} are damaged, and are done again.",
                damaged,
                path=self._journal.folder,
            )
            self._emit({"event": "log", "message": message})

    def _seen_at(self, size: int) -> tuple[StudyData, Trials]:
        """The examples in this size, rendered when it is first asked for."""
        if size not in self._data:
            base = replace(self._config.base, image_size=size)
            # Of this kind of study the test split takes no part.
            data = load(StudyConfig("augmentation", base), self._emit, self._cancelled)
            self._data[size] = data, Trials(data, self._emit)
        return self._data[size]


class _Run:
    """One pass over the trials of a search."""

    def __init__(
        self,
        config: SearchConfig,
        learning: _Learning,
        left_out: Mapping[str, str],
        emit: Emit,
        cancelled: Cancel,
    ) -> None:
        self._config, self._learning, self._left_out = config, learning, left_out
        at_hand = tuple(name for name in config.space.recipes if name not in left_out)
        self._space = replace(config.space, recipes=at_hand)
        self._emit, self._cancelled = emit, cancelled
        self._tried: list[Tried] = []
        self._events = TrialEvents(emit)
        self._started = time.monotonic()

    def to_the_end(self) -> SearchResult:
        self._ended(Tried(None, self._of_base(), "done"))
        pruner = optuna.pruners.MedianPruner(BEFORE_PRUNING, ROUNDS_BEFORE_PRUNING)
        study = optuna.create_study(direction="maximize", pruner=pruner)
        while len(self._tried) < self._config.trials and not self._is_late():
            self._ended(self._try(study))
        return self._result()

    def _of_base(self) -> tuple[float, ...]:
        try:
            return tuple(self._rounds(BASE, self._config.base))
        except TrialFailed as error:
            raise TrainingError(
                tr(
                    "Your own settings, with which the others are compared, cannot be trained: "
                    "{reason}",
                    reason=error,
                )
            ) from error

    def _try(self, study: optuna.Study) -> Tried:
        # A sampler for each trial: its random numbers are the same after a stop.
        seed = (self._config.base.seed + len(self._tried)) % (HIGHEST_SEED + 1)
        study.sampler = optuna.samplers.TPESampler(seed=seed, n_startup_trials=AT_RANDOM)
        trial = study.ask()
        settings = proposed(trial, self._space)
        found: list[float] = []
        end: End = "done"
        reason = ""
        try:
            for accuracy in self._rounds(settings.key, settings.applied(self._config.base)):
                found.append(accuracy)
                trial.report(fmean(found), len(found) - 1)
                if len(found) < self._config.rounds and trial.should_prune():
                    end = "pruned"
                    break
        except TrialFailed as error:
            end, reason = "failed", str(error)
            self._events.log({"event": "log", "message": f"{settings.words()}: {error}"})
        states = optuna.trial.TrialState
        state = {"done": states.COMPLETE, "pruned": states.PRUNED, "failed": states.FAIL}[end]
        study.tell(trial, fmean(found) if end == "done" else None, state)
        return Tried(settings, tuple(found), end, reason)

    def _rounds(self, key: str, config: TrainConfig) -> Iterator[float]:
        for number in range(self._config.rounds):
            told = self._progress(number, config.epochs)
            yield self._learning.accuracy(key, config, number, told)

    def _is_late(self) -> bool:
        limit = self._config.minutes
        return limit is not None and time.monotonic() - self._started >= limit * 60

    def _progress(self, number: int, epochs: int) -> Emit:
        def place() -> dict[str, Any]:
            at = {"round": number, "rounds": self._config.rounds}
            return {"event": "search_progress", **self._place(), **at}

        return self._events.progress(epochs, place)

    def _ended(self, tried: Tried) -> None:
        self._tried.append(tried)
        words = tr("your settings") if tried.settings is None else tried.settings.words()
        told = {"words": words, "mean": tried.mean, "end": tried.end, "reason": tried.reason}
        result = self._result()
        self._learning.keep_result(result)
        self._emit({"event": "tried", **self._place(), **told, "result": result.to_dict()})

    def _place(self) -> dict[str, Any]:
        return {"done": len(self._tried), "total": self._config.trials}

    def _result(self) -> SearchResult:
        pool, planned = self._learning.pool, self._config.trials
        return SearchResult(tuple(self._tried), pool, planned, self._left_out)


def proposed(trial: optuna.Trial, space: Space) -> Settings:
    """What a trial is to try."""
    rate = trial.suggest_float("learning_rate", *space.rates, log=True)
    return Settings(
        cast("Recipe", trial.suggest_categorical("recipe", space.recipes)),
        float(f"{rate:.1e}"),
        trial.suggest_categorical("image_size", space.image_sizes),
        trial.suggest_categorical("strength", space.strengths),
    )
