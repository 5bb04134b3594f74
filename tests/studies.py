"""Studies for tests, with results that are made up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.studies import StudyConfig, StudyKind, StudyResult, variants
from landmark_gui.core.studies.result import Pool, result_of

POOL = Pool(examples=1300, classes=4, folds=5)


def study_of(kind: StudyKind = "compare", repeats: int = 5, **values: Any) -> StudyConfig:
    return StudyConfig(kind, TrainConfig("p.landmarks", "", recipe="scratch", **values), repeats)


def accuracies(study: StudyConfig, gains: Mapping[str, float]) -> dict[str, list[float]]:
    """Rounds of which each is as hard for all: 0.5 and a bit, plus what the variant gains."""
    base = [0.5 + 0.02 * (number % 3) for number in range(study.repeats)]
    jitter = [0.004 * (number % 2) for number in range(study.repeats)]
    return {
        variant.key: [
            level + gains.get(variant.key, 0.0) + (wobble if place else 0.0)
            for level, wobble in zip(base, jitter, strict=True)
        ]
        for place, variant in enumerate(variants(study))
    }


def result_with(study: StudyConfig, gains: Mapping[str, float]) -> StudyResult:
    return result_of(study, POOL, accuracies(study, gains))


def partial(study: StudyConfig, trials: Mapping[str, Sequence[float]]) -> StudyResult:
    return result_of(study, POOL, trials)
