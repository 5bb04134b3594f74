"""Doing what a plan says, one photo after the other, and writing down what was done."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from landmark_gui.core.copying import HOPELESS, copy_to, move_new, reason_of, remove, rename_new
from landmark_gui.core.errors import Cancel, Progress, SortingError, never_cancelled, no_progress
from landmark_gui.core.i18n import tr
from landmark_gui.core.sorting.journal import Journal, Made
from landmark_gui.core.sorting.planning import Plan, Step

_TRIES = 1000


@dataclass
class Sorted:
    """What came of a plan.

    Attributes:
        put: photos with where they are now, in the order of the plan.
        left: those that stayed though they were to go, with the reason.
        journal: the file by which it can be taken back; None if nothing was put.
        stopped: why it ended before its end, naming the file, or "".
    """

    plan: Plan
    put: list[Step] = field(default_factory=list)
    left: list[Step] = field(default_factory=list)
    journal: Path | None = None
    stopped: str = ""


def sort_photos(
    plan: Plan, progress: Progress = no_progress, cancel: Cancel = never_cancelled
) -> Sorted:
    """Copy or move the photos of a plan. No file is ever replaced.

    A photo that cannot be put is told and the rest goes on; a disk that is full, read-only or
    unwell ends it in order. Between two photos it can be cancelled: what was put stays, and can
    be taken back by `undo`.

    Raises:
        SortingError: if nothing can be put into the destination.
    """
    steps, result = plan.of("put"), Sorted(plan)
    if not steps:
        return result
    made = [*reversed(list(_missing(plan.destination)))]
    journal = _begin(plan, made)
    try:
        run = _Run(plan, journal, made)
        for number, step in enumerate(steps):
            progress(number, len(steps))
            if cancel():
                result.stopped = tr("It was stopped before its end.")
                break
            try:
                result.put.append(replace(step, target=run.put(step, number)))
            except OSError as error:
                told = reason_of(error)
                result.left.append(replace(step, target=None, fate="left", reason=told))
                if error.errno in HOPELESS:
                    result.stopped = tr("{path}: {reason}", path=step.source, reason=told)
                    break
        progress(len(steps), len(steps))
    finally:
        journal.close()
    if result.put:
        result.journal = journal.path
    else:
        remove(journal.path)
        for folder in reversed(made):
            remove_if_empty(folder)
    return result


def _begin(plan: Plan, above: list[Path]) -> Journal:
    try:
        plan.destination.mkdir(parents=True, exist_ok=True)
        return Journal.create(plan.destination, plan.move, len(above))
    except OSError as error:
        for folder in reversed(above):
            remove_if_empty(folder)
        raise SortingError(
            tr(
                "Nothing can be written into {path}: {detail}",
                path=plan.destination,
                detail=reason_of(error),
            )
        ) from error


def _missing(folder: Path) -> Iterator[Path]:
    """The folders that are to be made, the innermost first."""
    while not folder.exists() and folder != folder.parent:
        yield folder
        folder = folder.parent


class _Run:
    def __init__(self, plan: Plan, journal: Journal, made: list[Path]) -> None:
        """`made` takes in the folders that are made, each behind the one it lies in."""
        self._plan, self._journal, self._made = plan, journal, made
        self._used: set[Path] = set()

    def put(self, step: Step, number: int) -> Path:
        """Put one photo; where it is now. Raises OSError."""
        assert step.target is not None, "only steps with a target are put"
        folder = step.target.parent
        self._use(folder)
        part = self._journal.part(number, folder)
        try:
            if self._plan.move:
                status, digest = step.source.stat(), ""
                give: Callable[[Path], None] = partial(move_new, step.source, part=part)
            else:
                digest, status = copy_to(step.source, part), part.stat()
                give = partial(rename_new, part)
            facts = Made(str(step.source), "", status.st_size, status.st_mtime_ns, digest)
            return self._named(step.target, facts, give)
        finally:
            remove(part)

    def _use(self, folder: Path) -> None:
        if folder in self._used:
            return
        new = not folder.is_dir()
        self._journal.note_folder(folder.name, new)
        folder.mkdir(exist_ok=True)
        self._used.add(folder)
        if new:
            self._made.append(folder)

    def _named(self, target: Path, facts: Made, give: Callable[[Path], None]) -> Path:
        """Give a photo the first name that is free by now."""
        for free in _names(target):
            name = free.relative_to(self._plan.destination).as_posix()
            self._journal.note(replace(facts, target=name))
            try:
                give(free)
                self._note_date(free, replace(facts, target=name))
                return free
            except OSError as error:
                with suppress(OSError):  # then the journal names a file that is not there
                    self._journal.drop(name)
                if not isinstance(error, FileExistsError):  # another program was quicker
                    raise
        raise FileExistsError(errno.EEXIST, tr("all names for it are taken"), str(target))

    def _note_date(self, place: Path, made: Made) -> None:
        """A drive of another kind may keep dates less exactly."""
        with suppress(OSError):
            modified = place.stat().st_mtime_ns
            if modified != made.modified:
                self._journal.note(replace(made, modified=modified))


def _names(target: Path) -> Iterator[Path]:
    """The name that was planned, and others, should it not be free any more."""
    yield target
    for number in range(2, _TRIES):
        yield target.with_name(f"{target.stem} ({number}){target.suffix}")


def remove_if_empty(folder: Path) -> None:
    """Take a folder away unless somebody keeps something in it."""
    with suppress(OSError):
        folder.rmdir()
