"""Which photo would go where: nothing is written, so that a person can look at it first."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    Progress,
    SortingError,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.images import content_hash
from landmark_gui.core.listing import is_listed
from landmark_gui.core.paths import composed, is_same_file, safe_name

UNKNOWN = "unknown"
"""The folder of photos that show none of the landmarks. No landmark has it, whatever its name."""
Fate = Literal["put", "kept", "left"]


@dataclass(frozen=True)
class Wish:
    """A photo and what it is said to show.

    Attributes:
        label: None for none of the landmarks.
        problem: why it cannot be sorted, as it could not be read; "" if it can.
        why: what makes it belong there, for whoever looks at the plan.
    """

    photo: Path
    label: str | None = None
    problem: str = ""
    why: str = ""


@dataclass(frozen=True)
class Step:
    """What happens to one photo.

    Attributes:
        fate: "put" to `target`; "kept" since the same picture is at `target` already; "left" where
            it is.
        reason: why it goes there, is kept or left, or gets another name, in plain words.
    """

    source: Path
    target: Path | None
    fate: Fate
    reason: str = ""


@dataclass(frozen=True)
class Plan:
    """What sorting would do.

    Attributes:
        destination: the folder with a folder for each landmark.
        move: whether photos leave their place.
        steps: one for each wish, in their order.
    """

    destination: Path
    move: bool
    steps: tuple[Step, ...]

    def of(self, fate: Fate) -> list[Step]:
        return [step for step in self.steps if step.fate == fate]


@dataclass(frozen=True)
class Guard:
    """What an open project keeps to itself: its photo folder."""

    photos_dir: Path

    def refusal(self, photo: Path) -> str:
        """Why a photo may not be moved, or ""."""
        if _lies_in(photo, self.photos_dir):
            return tr("it belongs to the open project; it can be copied, but not moved")
        return ""


def plan(
    wishes: Iterable[Wish],
    destination: Path,
    labels: Sequence[str] = (),
    *,
    move: bool = False,
    guard: Guard | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Plan:
    """Say for each photo where it goes. Reads folders, and files that may be there already.

    Args:
        labels: all landmarks of the model, so that their folders are called the same each time.
        guard: of the open project: its photos are not moved, and none come among them.

    Raises:
        SortingError: if photos cannot go to `destination` at all.
        Cancelled: between two photos.
    """
    wanted, destination = list(wishes), _absolute(destination)
    _check(destination, guard)
    asked = dict.fromkeys(wish.label for wish in wanted if wish.label is not None)
    names = folder_names([*labels, *asked])
    rooms: dict[str, _Room] = {}
    steps = []
    for done, wish in enumerate(wanted):
        if cancel():
            raise Cancelled
        name = UNKNOWN if wish.label is None else names[wish.label]
        if name not in rooms:
            rooms[name] = _Room.of(destination, name)
        steps.append(_step(wish, rooms[name], move, guard))
        progress(done + 1, len(wanted))
    return Plan(destination, move, tuple(steps))


def folder_names(labels: Iterable[str]) -> dict[str, str]:
    """A folder name for each label, none like another to any file system, none `UNKNOWN`."""
    taken, names = {UNKNOWN}, {}
    for label in dict.fromkeys(labels):
        names[label] = _free(safe_name(composed(label)), "", taken)
    return names


def _check(destination: Path, guard: Guard | None) -> None:
    if destination.exists() and not destination.is_dir():
        raise SortingError(tr("{path} is a file. Choose a folder.", path=destination))
    if guard is not None and is_listed(guard.photos_dir.absolute(), destination):
        raise SortingError(
            tr(
                "{path} lies among the photos of the open project, which would take what is put "
                "there for new photos. Choose another folder.",
                path=destination,
            )
        )


def _step(wish: Wish, room: _Room, move: bool, guard: Guard | None) -> Step:
    photo = _absolute(wish.photo)
    reason = wish.problem or room.problem or _hindrance(photo, move, guard)
    if reason:
        return Step(photo, None, "left", reason)
    there = room.copy_of(photo)
    if there is not None:
        same = is_same_file(there, photo)
        words = tr("it is there already") if same else tr("the same picture is there already")
        return Step(photo, there, "kept", words)
    target = room.place_for(photo)
    renamed = tr("another photo there has its name") if target.name != photo.name else ""
    return Step(photo, target, "put", "; ".join(filter(None, (wish.why, renamed))))


def _hindrance(photo: Path, move: bool, guard: Guard | None) -> str:
    if not photo.is_file():
        return tr("the file is missing; it was moved or deleted")
    if move and photo.is_symlink():
        return tr("it is only a link to a photo; links are not moved")
    return guard.refusal(photo) if move and guard is not None else ""


@dataclass
class _Room:
    """A folder of a landmark: what is in it, and what will be."""

    folder: Path
    problem: str = ""
    taken: set[str] = field(default_factory=set)
    sizes: dict[int, list[Path]] = field(default_factory=lambda: defaultdict(list))
    hashes: dict[Path, str] = field(default_factory=dict)

    @classmethod
    def of(cls, destination: Path, name: str) -> _Room:
        room = cls(destination / name)
        folder = room.folder
        if not folder.exists() and not folder.is_symlink():
            return room
        if not folder.is_dir():
            room.problem = tr("a file stands where the folder {name} should be", name=name)
        elif not _lies_in(folder, destination):
            room.problem = tr("the folder {name} is a link to another place", name=name)
        else:
            room._look()
        return room

    def _look(self) -> None:
        try:
            for entry in sorted(os.scandir(self.folder), key=lambda entry: entry.name):
                self.taken.add(_key(entry.name))
                if entry.is_file():
                    self.sizes[entry.stat().st_size].append(Path(entry.path))
        except OSError as error:
            self.problem = tr(
                "the folder {name} cannot be read: {detail}",
                name=self.folder.name,
                detail=error.strerror or error,
            )

    def copy_of(self, photo: Path) -> Path | None:
        """The file in the folder that is the same picture, byte for byte."""
        try:
            alike = self.sizes.get(photo.stat().st_size, [])
            digest = content_hash(photo) if alike else ""
            return next((path for path in alike if self._hash(path) == digest), None)
        except OSError:  # then it is told when it is to be copied
            return None

    def _hash(self, path: Path) -> str:
        """Read once: of a camera's raw pictures all may have one size."""
        if path not in self.hashes:
            self.hashes[path] = content_hash(path)
        return self.hashes[path]

    def place_for(self, photo: Path) -> Path:
        """A name that neither a file in the folder nor one that will be there has."""
        return self.folder / _free(photo.stem, photo.suffix, self.taken)


def _free(stem: str, suffix: str, taken: set[str]) -> str:
    """The first of "STEM.EXT", "STEM (2).EXT" and so on that is not taken; it is from now on."""
    name, number = stem + suffix, 2
    while _key(name) in taken:
        name, number = f"{stem} ({number}){suffix}", number + 1
    taken.add(_key(name))
    return name


def _key(name: str) -> str:
    """Alike for names that some file system does not tell apart."""
    return composed(name).casefold()


def _lies_in(path: Path, folder: Path) -> bool:
    """Whether a path, links followed, is below a folder."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return True  # what cannot be told is not touched


def _absolute(path: Path) -> Path:
    """From the root and without "..", but through the links that the person named."""
    return Path(os.path.normpath(path.absolute()))
