"""The newest study beside a project, with when it was made and how long a training of it took."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import fmean

from landmark_gui.core.studies.config import StudyConfig, variants
from landmark_gui.core.studies.journal import STUDIES, Journal, is_same, result_in
from landmark_gui.core.studies.result import StudyResult


@dataclass(frozen=True)
class Kept:
    """A result beside a project, perhaps of a study that is not complete.

    Attributes:
        study: what was measured; where it is the one that was asked for, with as many repeats.
        same: whether it is the one that was asked for. Boxes may have changed since.
        began, ended: when its first training began, and its last was done.
        seconds: that one training took on average.
    """

    study: StudyConfig
    result: StudyResult
    same: bool
    began: datetime
    ended: datetime
    seconds: float

    def seconds_left(self, study: StudyConfig) -> float | None:
        """How long what is missing will take; None if this tells nothing of `study`."""
        if self.same:
            return self.seconds * (self.result.planned - self.result.done)
        if not _alike(self.study, study):
            return None
        return self.seconds * len(variants(study)) * study.repeats


def kept_study(data_folder: Path, study: StudyConfig) -> Kept | None:
    """The newest result of this study, or else of its kind; damaged ones are passed over.

    Args:
        data_folder: `NAME.data` of the project (`core.paths.data_folder`).
    """
    found = [
        kept
        for folder in sorted(data_folder.glob(f"{STUDIES}/*/"))
        for kept in _read(Journal(folder), study)
    ]
    return max(found, key=lambda kept: (kept.same, kept.ended), default=None)


def _read(journal: Journal, study: StudyConfig) -> Iterator[Kept]:
    told, trials = journal.study(), journal.trials()
    if told is None or not trials or told[0].kind != study.kind:
        return
    same = is_same(told[0], study)
    asked = study if same else told[0]
    begins = [_time(one.time) - timedelta(seconds=one.seconds) for one in trials.values()]
    ended = max(_time(one.time) for one in trials.values())
    seconds = fmean(trial.seconds for trial in trials.values())
    result = result_in(asked, told[1], trials)
    yield Kept(asked, result, same, min(begins), ended, seconds)


def _time(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        return datetime.fromtimestamp(0).astimezone()


def _alike(one: StudyConfig, other: StudyConfig) -> bool:
    """Whether their trainings take about the same time."""
    names = ("recipe", "epochs", "image_size")
    return all(getattr(one.base, name) == getattr(other.base, name) for name in names)
