"""The runs of a project, as they are found beside it. No file is trusted: damaged ones are told."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import FormatError, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.intervals import Interval, wilson
from landmark_gui.core.paths import is_inside
from landmark_gui.core.run_folder import (
    ANSWERS,
    CONFIG,
    DATA,
    HISTORY,
    LONGEST_NOTE,
    METRICS,
    MODEL,
    NOTES,
    STATE,
    UNFINISHED,
    is_running,
)
from landmark_gui.core.runs import TrainConfig

State = Literal["done", "running", "cancelled", "failed", "interrupted", "damaged"]
History = Mapping[str, Sequence[float | None]]
LARGEST_FILE = 64_000_000
"""Bytes of a JSON file; whatever is larger, no run of ours has written."""
_DAMAGE = (OSError, ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError)


@dataclass(frozen=True)
class Answer:
    """What a model said of one test example, and what is true.

    Attributes:
        confidence: of the predicted landmark, 0 to 1.
    """

    photo_id: int
    box_id: str | None
    true: str
    predicted: str
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.true == self.predicted


@dataclass(frozen=True)
class Run:
    """One training as it was kept.

    Attributes:
        id: its time (UTC), by which runs are sorted and named.
        folder: where it lies.
        state: "interrupted" is a run that says it runs, though no process is at it.
        config: its settings, of any version of the program; {} if they cannot be read.
        metrics: what it came to; {} of an unfinished one.
        history: a list for each figure, with a value an epoch.
        data: hash of the examples; "" of runs that did not keep it.
        note: what the person wrote about it.
        problem: why it is damaged, or why it failed.
        size: bytes on the disk.
        can_resume: whether it is unfinished, nobody is at it, and it has not diverged.
        stamp: changes with each file that is replaced in the folder.
    """

    id: str
    folder: Path
    state: State
    config: Mapping[str, Any] = field(default_factory=dict)
    metrics: Mapping[str, Any] = field(default_factory=dict)
    history: History = field(default_factory=dict)
    data: str = ""
    note: str = ""
    problem: str = ""
    size: int = 0
    can_resume: bool = False
    stamp: int = 0

    @property
    def started(self) -> datetime | None:
        """When it began (UTC), by its name."""
        try:
            return datetime.strptime(self.id[:15], "%Y%m%d-%H%M%S").replace(tzinfo=UTC)
        except ValueError:
            return None

    @property
    def epochs(self) -> int:
        """Epochs that are done."""
        return max((len(values) for values in self.history.values()), default=0)

    @property
    def model(self) -> Path | None:
        """The run's copy of its model, if it has one."""
        path = self.folder / MODEL
        return path if self.state == "done" and path.is_file() else None

    @cached_property
    def accuracy(self) -> float | None:
        """On the test split."""
        return _share(self.metrics.get("accuracy"))

    @cached_property
    def tested(self) -> int:
        """Test examples."""
        count = self.metrics.get("examples")
        return count if isinstance(count, int) and not isinstance(count, bool) else 0

    @property
    def interval(self) -> Interval | None:
        """95 % interval of the test accuracy (Wilson)."""
        if self.accuracy is None or not self.tested:
            return None
        return wilson(round(self.accuracy * self.tested), self.tested)

    @cached_property
    def validation_accuracy(self) -> float | None:
        """That of the best epoch; of an unfinished run the highest so far."""
        values = [_share(value) for value in self.history.get("val_accuracy", ())]
        best = self.metrics.get("best_epoch")
        if isinstance(best, int) and 0 < best <= len(values):
            return values[best - 1]
        return max((value for value in values if value is not None), default=None)

    @cached_property
    def seconds(self) -> float | None:
        return _number(self.metrics.get("seconds"))

    def train_config(self) -> TrainConfig:
        """Its settings, to train with again. Raises TrainingError if this version cannot."""
        from landmark_gui.core.augmentation import AugmentationConfig

        config = TrainConfig.from_dict(self.config)
        try:
            AugmentationConfig.from_dict(config.augmentation or {})
        except (FormatError, TypeError) as error:
            raise TrainingError(tr("Wrong training settings: {detail}", detail=error)) from error
        return config

    def answers(self) -> tuple[Answer, ...]:
        """What it said of each test example; () of a run that did not keep it."""
        try:
            told = _json(self.folder / ANSWERS)
            return tuple(_answer(values) for values in told)
        except _DAMAGE:
            return ()


def runs_folder(data_folder: Path) -> Path:
    """Where the runs of a project lie."""
    return data_folder / "runs"


def read_runs(data_folder: Path, known: Mapping[str, Run] = MappingProxyType({})) -> list[Run]:
    """All runs of a project, the newest first, those that are unfinished or damaged included.

    Args:
        data_folder: `NAME.data` of the project (`core.paths.data_folder`).
        known: runs by id as they were read before; complete ones are read again only if one of
            their files was replaced.
    """
    return [_still(path, known) or read_run(path) for path in _folders(data_folder)]


def read_run(folder: Path) -> Run:
    """One run. Whatever its files hold, this raises nothing: a damaged run says that it is."""
    run = Run(
        folder.name.removesuffix(UNFINISHED),
        folder,
        "done",
        stamp=_stamp(folder),  # first: what changes while it is read is read once more
        history=_history(folder),
        data=_data_hash(folder),
        note=_note(folder),
        size=_size(folder),
    )
    name = CONFIG
    try:
        run = replace(run, config=_mapping(folder / CONFIG))
        if folder.name.endswith(UNFINISHED):
            state, problem = _unfinished(folder)
            can_resume = state != "running" and not has_diverged(folder)
            return replace(run, state=state, problem=problem, can_resume=can_resume)
        name = METRICS
        return replace(run, metrics=_mapping(folder / METRICS))
    except _DAMAGE as error:
        return replace(run, state="damaged", problem=_reason(name, error))


def find_run(data_folder: Path, id_: str) -> Run:
    """The run of this name. Raises TrainingError if there is none."""
    for name in (id_, id_ + UNFINISHED):
        folder = runs_folder(data_folder) / name
        if is_inside(name) and folder.is_dir():
            return read_run(folder)
    raise TrainingError(tr("There is no run {id} in {path}.", id=id_, path=data_folder))


def unfinished_run(data_folder: Path) -> Run | None:
    """The newest run of a project, if there is something in it to go on with.

    One that has diverged does not count: nothing can be made of it.
    """
    folders = _folders(data_folder)
    run = next((read_run(folder) for folder in folders if not has_diverged(folder)), None)
    return run if run is not None and run.can_resume and run.epochs else None


def has_diverged(folder: Path) -> bool:
    """Whether an unfinished run ended as its loss was no longer a number."""
    return folder.name.endswith(UNFINISHED) and _state_of(folder)[0] == "diverged"


def write_note(folder: Path, text: str) -> None:
    """Keep what the person says of a run, which may have been finished since it was listed.

    Raises:
        OSError: if it cannot be written.
        TrainingError: if the run is gone.
    """
    names = (folder.name, folder.name.removesuffix(UNFINISHED))
    there = next((path for path in map(folder.with_name, names) if path.is_dir()), None)
    if there is None:
        raise TrainingError(tr("There is no run {id} in {path}.", id=names[1], path=folder.parent))
    write_atomic(there / NOTES, text.strip()[:LONGEST_NOTE])


def _folders(data_folder: Path) -> list[Path]:
    """The folders of runs, the newest first."""
    try:
        folders = [path for path in runs_folder(data_folder).iterdir() if path.is_dir()]
    except OSError:
        return []
    ours = [path for path in folders if not path.is_symlink() and not path.name.startswith(".")]
    return sorted(ours, key=lambda path: path.name, reverse=True)


def _still(folder: Path, known: Mapping[str, Run]) -> Run | None:
    """A complete run that is known already and has not changed since."""
    run = known.get(folder.name)
    same = run is not None and run.state == "done" and run.stamp == _stamp(folder)
    return run if same else None


def _stamp(folder: Path) -> int:
    try:
        return folder.stat().st_mtime_ns
    except OSError:
        return 0


def _unfinished(folder: Path) -> tuple[State, str]:
    if is_running(folder):
        return "running", ""
    state, message = _state_of(folder)
    if state == "cancelled":
        return "cancelled", ""
    return ("failed", message) if state in ("failed", "diverged") else ("interrupted", "")


def _state_of(folder: Path) -> tuple[str, str]:
    """What an unfinished run says of itself, with its message; "" if that cannot be read."""
    try:
        told = _mapping(folder / STATE)
        return str(told.get("state")), str(told.get("message") or "")
    except _DAMAGE:
        return "", ""


def _json(path: Path) -> Any:
    if path.stat().st_size > LARGEST_FILE:
        raise ValueError(tr("it is too large"))
    return json.loads(path.read_bytes())


def _mapping(path: Path) -> dict[str, Any]:
    value = _json(path)
    if not isinstance(value, dict):
        raise ValueError(tr("it does not hold what it should"))
    return value


def _history(folder: Path) -> History:
    """The curves, or what of them can be read."""
    try:
        told = _mapping(folder / HISTORY)
    except _DAMAGE:
        return {}
    return {
        name: [_number(value) for value in values]
        for name, values in told.items()
        if isinstance(values, list)
    }


def _data_hash(folder: Path) -> str:
    try:
        return str(_mapping(folder / DATA)["hash"])
    except _DAMAGE:
        return ""


def _note(folder: Path) -> str:
    try:
        with (folder / NOTES).open(encoding="utf-8", errors="replace") as file:
            return file.read(LONGEST_NOTE)
    except OSError:
        return ""


def _size(folder: Path) -> int:
    total = 0
    for place, _, names in os.walk(folder):  # passes over folders that are gone by now
        for name in names:
            with suppress(OSError):  # it was finished or deleted just now
                total += Path(place, name).lstat().st_size
    return total


def _answer(values: Mapping[str, Any]) -> Answer:
    box = values["box"]
    return Answer(
        int(values["photo"]),
        None if box is None else str(box),
        str(values["true"]),
        str(values["predicted"]),
        float(values["confidence"]),
    )


def _share(value: Any) -> float | None:
    number = _number(value)
    return number if number is not None and 0 <= number <= 1 else None


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) < sys.float_info.max else None


def _reason(name: str, error: Exception) -> str:
    if isinstance(error, FileNotFoundError):
        return tr("{name} is missing", name=name)
    detail = (error.strerror if isinstance(error, OSError) else str(error)) or type(error).__name__
    return tr("{name} cannot be read: {detail}", name=name, detail=detail)
