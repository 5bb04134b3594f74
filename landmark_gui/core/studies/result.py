"""What came out of a study."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from landmark_gui.core.run_results import Accuracy
from landmark_gui.core.studies.config import (
    BASELINES,
    KINDS,
    MOST_REPEATS,
    StudyConfig,
    StudyKind,
    variants,
)
from landmark_gui.core.studies.intervals import interval, rounds_to_tell


@dataclass(frozen=True)
class Outcome:
    """What one variant reached.

    Attributes:
        trials: accuracy on the photos held out, 0 to 1, in each round so far.
        accuracy: their mean and half of its 95 % interval.
        gain: mean of the paired differences to the baseline, -1 to 1, and half of its interval.
            The intervals of all gains of a study hold together with 95 % (Bonferroni). None for
            the baseline, before two rounds are done, and where one of the two failed.
    """

    trials: tuple[float, ...]
    accuracy: Accuracy
    gain: Accuracy | None

    @property
    def helps(self) -> bool:
        """Whether it is better than the baseline, told from chance."""
        return self.gain is not None and self.gain.value > self.gain.spread

    @property
    def harms(self) -> bool:
        """Whether it is worse than the baseline, told from chance."""
        return self.gain is not None and -self.gain.value > self.gain.spread


@dataclass(frozen=True)
class StudyResult:
    """What came out of a study, or of the part of it that is done.

    Attributes:
        outcomes: by the key of the variant, in their order. Variants of which no round is done
            are missing.
        chance: accuracy of guessing.
        examples: crops or photos that the rounds were drawn from.
        done, planned: trainings. After one that failed its variant is trained no more.
        winner: the variant with the best mean gain among those whose interval is clear of zero.
            None if there is none, and until all is done: whoever stops at a good moment finds
            winners where there are none.
        repeats: rounds that were asked for.
        folds: of the cross-validation.
        epochs: that each training had.
        recipe: as in `TrainConfig`.
        failures: why variants could not be trained, by their key. They keep the rounds before,
            but are compared with nothing.
    """

    kind: StudyKind
    outcomes: Mapping[str, Outcome]
    chance: float
    examples: int
    done: int
    planned: int
    winner: str | None
    repeats: int = 0
    folds: int = 0
    epochs: int = 0
    recipe: str = ""
    failures: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_complete(self) -> bool:
        return self.done >= self.planned

    @property
    def baseline(self) -> Outcome | None:
        """None before its first round, and if it could not be trained."""
        key = BASELINES[self.kind]
        return None if key in self.failures else self.outcomes.get(key)

    @property
    def is_comparable(self) -> bool:
        """Whether the baseline, and at least one variant beside it, could be trained so far."""
        healthy = self.outcomes.keys() - self.failures.keys()
        return self.baseline is not None and len(healthy) > 1

    def to_dict(self) -> dict[str, Any]:
        """As it is told by the worker and by `--json`."""
        outcomes = {key: _listed(outcome) for key, outcome in self.outcomes.items()}
        values = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {**values, "outcomes": outcomes, "failures": dict(self.failures)}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> StudyResult:
        """The inverse of `to_dict`. Raises one of `run_results.DAMAGE` for what is none."""
        if values["kind"] not in KINDS:
            raise ValueError(values["kind"])
        outcomes = {str(key): _outcome(told) for key, told in values["outcomes"].items()}
        failures = {str(key): str(why) for key, why in values.get("failures", {}).items()}
        winner = values["winner"]
        if winner is not None and winner not in outcomes:
            raise ValueError(winner)
        counts = ("examples", "done", "planned", "repeats", "folds", "epochs")
        return cls(
            kind=values["kind"],
            outcomes=outcomes,
            chance=_share(values["chance"]),
            winner=winner,
            recipe=str(values.get("recipe", "")),
            failures=failures,
            **{name: int(values.get(name, 0)) for name in counts},
        )


@dataclass(frozen=True)
class Pool:
    """What the rounds of a study are drawn from.

    Attributes:
        examples: crops or photos; of "compare" photos.
        classes: how many landmarks.
        folds: of the cross-validation.
    """

    examples: int
    classes: int
    folds: int


def result_of(
    study: StudyConfig,
    pool: Pool,
    accuracies: Mapping[str, Sequence[float]],
    failures: Mapping[str, str] = MappingProxyType({}),
) -> StudyResult:
    """Put the rounds together.

    Args:
        accuracies: of each variant, by its key, those of the rounds from the first one on.
        failures: why variants could not be trained in the round after those.
    """
    keys = [variant.key for variant in variants(study)]
    trials = {key: tuple(accuracies.get(key, ()))[: study.repeats] for key in keys}
    comparable = {key: trials[key] for key in keys if key not in failures}
    outcomes = {
        key: _measured(
            trials[key], _others(key, comparable, BASELINES[study.kind]), pool, len(keys) - 1
        )
        for key in keys
        if trials[key]
    }
    done = sum(map(len, trials.values())) + len(failures)
    planned = sum(len(trials[key]) + 1 if key in failures else study.repeats for key in keys)
    return StudyResult(
        kind=study.kind,
        outcomes=outcomes,
        chance=1 / pool.classes,
        examples=pool.examples,
        done=done,
        planned=planned,
        winner=_winner(outcomes) if done == planned else None,
        repeats=study.repeats,
        folds=pool.folds,
        epochs=study.base.epochs,
        recipe=study.base.recipe,
        failures={key: failures[key] for key in keys if key in failures},
    )


def paired(
    ours: Sequence[float], others: Sequence[float], pool: Pool, comparisons: int = 1
) -> Accuracy | None:
    """How much better ours are, round by round; None before two rounds are done by both."""
    gains = [mine - other for mine, other in zip(ours, others, strict=False)]
    if len(gains) < 2:
        return None
    return interval(gains, pool.folds, pool.examples / pool.folds, comparisons)


def rounds_for(result: StudyResult, key: str) -> int | None:
    """After how many rounds the gain of a variant could be told from chance, if it goes on so.

    None if not after `MOST_REPEATS`, or if too little is done to say.
    """
    outcome, baseline = result.outcomes[key], result.baseline
    if outcome.gain is None or baseline is None or result.folds < 2:
        return None
    gains = [one - other for one, other in zip(outcome.trials, baseline.trials, strict=False)]
    held, comparisons = result.examples / result.folds, len(result.outcomes) - 1
    return rounds_to_tell(gains, result.folds, held, comparisons, MOST_REPEATS)


def _measured(
    ours: tuple[float, ...], others: tuple[float, ...], pool: Pool, comparisons: int
) -> Outcome:
    accuracy = interval(ours, pool.folds, pool.examples / pool.folds)
    return Outcome(ours, accuracy, paired(ours, others, pool, comparisons))


def _others(
    key: str, comparable: Mapping[str, tuple[float, ...]], baseline: str
) -> tuple[float, ...]:
    """The rounds of the baseline, if this variant is to be compared with it."""
    return () if key == baseline or key not in comparable else comparable.get(baseline, ())


def _winner(outcomes: Mapping[str, Outcome]) -> str | None:
    gains = {key: one.gain.value for key, one in outcomes.items() if one.gain and one.helps}
    return max(gains, key=lambda key: gains[key], default=None)


def _listed(outcome: Outcome) -> dict[str, Any]:
    return {**asdict(outcome), "trials": list(outcome.trials)}


def _outcome(values: Mapping[str, Any]) -> Outcome:
    gain = values["gain"]
    return Outcome(
        tuple(_share(trial) for trial in values["trials"]),
        _accuracy(values["accuracy"]),
        None if gain is None else _accuracy(gain),
    )


def _accuracy(values: Mapping[str, Any]) -> Accuracy:
    return Accuracy(_number(values["value"]), _number(values["spread"]))


def _share(value: Any) -> float:
    if not 0 <= _number(value) <= 1:
        raise ValueError(value)
    return float(value)


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(value)
    return float(value)
