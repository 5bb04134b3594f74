"""The trainings of a study that are done, kept one file each in `NAME.data/studies/KEY`.

A file is written in one step once its training is over, and carries a checksum. Whatever is
damaged counts as not done, and is done again. What is not done leaves no trace.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from landmark_gui import __version__
from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import LandmarkError, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.run_results import DAMAGE
from landmark_gui.core.studies.config import StudyConfig, StudyKind, variants
from landmark_gui.core.studies.result import Pool, StudyResult, result_of

STUDIES, STUDY, TRIALS = "studies", "study.json", "trials"
VERSION = 1
"""Of how rounds are made: another one begins all studies anew."""
_ELSEWHERE = ("project", "out", "probe", "weights")
"""Settings of a training that change nothing in a study. What the weights are is in its data."""


@dataclass(frozen=True)
class Trial:
    """One training of a study: of one variant, in one round (from 0).

    Attributes:
        accuracy: on the photos held out, 0 to 1; None if it could not be trained.
        seconds: that it took, for the time left.
        time: when it was done, UTC, ISO 8601.
        failure: why it could not be trained, in words.
    """

    variant: str
    round: int
    accuracy: float | None
    seconds: float
    time: str = ""
    failure: str = ""


class Journal:
    """The folder of one study.

    Args:
        folder: `NAME.data/studies/KEY`, made when the study begins.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def begin(self, study: StudyConfig, pool: Pool) -> None:
        """Note what the study is. Raises TrainingError if nothing can be written."""
        self._write(STUDY, {"study": study.to_dict(), "pool": asdict(pool)})

    def keep(self, trial: Trial) -> None:
        """Note a training that is done. Raises TrainingError if nothing can be written."""
        timed = {**asdict(trial), "time": datetime.now(UTC).isoformat(timespec="seconds")}
        self._write(f"{TRIALS}/{_name(trial.variant, trial.round)}", timed)

    def trials(self) -> dict[tuple[str, int], Trial]:
        """The trainings that are done, by variant and round; what is damaged is passed over."""
        found = {}
        for path in sorted(self.folder.glob(f"{TRIALS}/[0-9]*.json")):
            trial = _trial(path)
            if trial is not None and path.name == _name(trial.variant, trial.round):
                found[trial.variant, trial.round] = trial
        return found

    def study(self) -> tuple[StudyConfig, Pool] | None:
        """What `begin` noted; None if it cannot be read."""
        told = read_signed(self.folder / STUDY) or {}
        try:
            return StudyConfig.from_dict(told["study"]), _pool(told["pool"])
        except (LandmarkError, *DAMAGE):
            return None

    def _write(self, name: str, values: Mapping[str, Any]) -> None:
        path = self.folder / name
        try:
            write_atomic(path, json.dumps({**values, "check": digest_of(values)}, indent=1))
        except OSError as error:
            detail = error.strerror or error
            raise TrainingError(
                tr(
                    "{path} could not be written: {detail}. A study keeps what is done beside the "
                    "project; make room there, or copy the project to a folder of yours.",
                    path=path,
                    detail=detail,
                )
            ) from error


def study_key(study: StudyConfig, data: str) -> str:
    """The name of a study's folder: another config or other data give another one.

    How many rounds are asked for does not count, so more of them add to those that are there.

    Args:
        data: a hash of all that is learned from.
    """
    values = [VERSION, __version__, identity(study), data]
    return digest_of(values)


def identity(study: StudyConfig) -> dict[str, Any]:
    """All of a config that its trials depend on."""
    base = study.base.to_dict()
    return {
        "kind": study.kind,
        "base": {name: value for name, value in base.items() if name not in _ELSEWHERE},
    }


def is_same(one: StudyConfig, other: StudyConfig) -> bool:
    """Whether two studies train the same, however often."""
    return identity(one) == identity(other) and one.base.weights == other.base.weights


def kept_result(
    data_folder: Path, study: StudyConfig | None = None, kind: StudyKind | None = None
) -> StudyResult | None:
    """The newest result that is kept beside a project, perhaps of a study that is not complete.

    Args:
        data_folder: `NAME.data` of the project (`core.paths.data_folder`).
        study: only of this study, with as many rounds as it asks for. Boxes may have changed
            since it was made.
        kind: only of this kind.

    Returns:
        None if there is none; damaged ones are passed over.
    """
    found = [
        (newest, result)
        for folder in sorted(data_folder.glob(f"{STUDIES}/*/"))
        for newest, result in _results(Journal(folder), study, kind)
    ]
    return max(found, key=lambda pair: pair[0])[1] if found else None


def result_in(
    study: StudyConfig, pool: Pool, trials: Mapping[tuple[str, int], Trial]
) -> StudyResult:
    """What came out so far: of each variant the rounds from the first to the first that lacks."""

    def accuracies(key: str) -> list[float]:
        found: list[float] = []
        while (trial := trials.get((key, len(found)))) and trial.accuracy is not None:
            found.append(trial.accuracy)
        return found

    keys = [variant.key for variant in variants(study)]
    return result_of(
        study, pool, {key: accuracies(key) for key in keys}, failures_in(study, trials)
    )


def failures_in(study: StudyConfig, trials: Mapping[tuple[str, int], Trial]) -> dict[str, str]:
    """The variants that could not be trained in one of the rounds asked for, with the reason."""
    failed = sorted(place for place, trial in trials.items() if trial.failure)
    return {
        key: trials[key, number].failure
        for key, number in reversed(failed)
        if number < study.repeats
    }


def _results(
    journal: Journal, study: StudyConfig | None, kind: StudyKind | None
) -> Iterator[tuple[str, StudyResult]]:
    """The result of a folder with the time of its newest trial, if it is what is asked for."""
    told = journal.study()
    if told is None or (kind is not None and told[0].kind != kind):
        return
    if study is not None and not is_same(study, told[0]):
        return
    trials = journal.trials()
    if trials:
        newest = max(trial.time for trial in trials.values())
        yield newest, result_in(study or told[0], told[1], trials)


def _name(variant: str, number: int) -> str:
    return f"{number:03}-{variant}.json"


def _trial(path: Path) -> Trial | None:
    try:
        trial = Trial(**(read_signed(path) or {}))
        if trial.accuracy is None:
            return trial if trial.failure and isinstance(trial.failure, str) else None
        return trial if 0 <= trial.accuracy <= 1 and not trial.failure else None
    except DAMAGE:
        return None


def _pool(values: Mapping[str, Any]) -> Pool:
    pool = Pool(**values)
    if pool.examples < 1 or pool.classes < 1 or pool.folds < 2:
        raise ValueError(values)
    return pool


def read_signed(path: Path) -> dict[str, Any] | None:
    """What was written, without its checksum; None if it is not that any more."""
    try:
        told = json.loads(path.read_text("utf-8"))
        return told if told.pop("check") == digest_of(told) else None
    except (OSError, *DAMAGE):
        return None


def digest_of(values: Any) -> str:
    """A checksum of JSON values, in whatever order their keys are."""
    return digest(json.dumps(values, sort_keys=True))


def digest(text: str) -> str:
    """BLAKE2b-128 of a text, hexadecimal, as `images.content_hash` of a file."""
    return hashlib.blake2b(text.encode("utf-8"), digest_size=16).hexdigest()
