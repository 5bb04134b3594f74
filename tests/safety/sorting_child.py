"""Sorting photos while it is killed or the disk fails; each program ends with 0 if nothing is lost.

python -m tests.safety.sorting_child killed|refused|writes FOLDER
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

from landmark_gui.core import sorting
from landmark_gui.core.errors import SortingError
from landmark_gui.core.sorting import Sorted, Wish
from tests.originals import contents

EVENTS = frozenset(("open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"))
OUT = "sorted.landmarks"
"""The failing disk of `failing_disk.c` knows its files by this ending."""


class Trap:
    """Strikes at the n-th time that a file or folder below `place` is touched, if it is armed."""

    def __init__(self, place: Path) -> None:
        self._place, self._left, self._error = str(place), -1, 0
        sys.addaudithook(self._hear)

    def arm(self, after: int, error: int = 0) -> None:
        """Let `after` touches pass; then fail once with `error`, or for 0 die."""
        self._left, self._error = after, error

    @property
    def sprung(self) -> bool:
        return self._left < 0

    def _hear(self, event: str, arguments: tuple[object, ...]) -> None:
        touched = event in EVENTS and str(arguments[0]).startswith(self._place)
        if not touched or self._left < 0:
            return
        self._left -= 1
        if self._left < 0:
            if self._error == 0:
                os._exit(9)
            raise OSError(self._error, os.strerror(self._error))


def scene(place: Path) -> None:
    """Photos, and a destination where some names are taken."""
    shutil.rmtree(place, ignore_errors=True)
    for name, content in {"in/a.jpg": "a", "in/b.jpg": "b", "in/deep/a.jpg": "c"}.items():
        (place / name).parent.mkdir(parents=True, exist_ok=True)
        (place / name).write_text(content)
    (place / OUT / "Gate").mkdir(parents=True)
    (place / OUT / "Gate/b.jpg").write_text("mine")


def sort(place: Path, move: bool) -> Sorted:
    wishes = [
        Wish(place / "in/a.jpg", "Tower"),
        Wish(place / "in/b.jpg", "Gate"),
        Wish(place / "in/deep/a.jpg", "Tower"),
    ]
    return sorting.sort_photos(sorting.plan(wishes, place / OUT, move=move))


def everything(place: Path) -> tuple[dict[str, str], list[str]]:
    folders = sorted(str(path) for path in place.rglob("*") if path.is_dir())
    return contents(place), folders


def check_nothing_is_lost(place: Path, before: dict[str, str]) -> None:
    now = Counter(contents(place).values())
    assert not Counter(before.values()) - now, "a photo is gone"
    assert contents(place)[f"{OUT}/Gate/b.jpg"] == before[f"{OUT}/Gate/b.jpg"]


def take_back(place: Path, before: tuple[dict[str, str], list[str]]) -> None:
    """Undo must restore the tree to the last file, from wherever the sorting ended."""
    try:
        undone = sorting.undo(sorting.newest(place / OUT))
        assert undone.left == [], undone.left
    except SortingError as error:
        assert "Nothing was sorted" in str(error), error
    now = everything(place)
    assert now == before, (now, before)


def killed(place: Path) -> int:
    """End the process at each touch of a file, with no chance to tidy up."""
    trap, ended = Trap(place), 0
    for move in (False, True):
        for after in range(1000):
            scene(place)
            before = everything(place)
            child = os.fork()
            if child == 0:
                trap.arm(after)
                sort(place, move)
                os._exit(0)
            _, status = os.waitpid(child, 0)
            check_nothing_is_lost(place, before[0])
            take_back(place, before)
            if os.waitstatus_to_exitcode(status) == 0:
                break
            ended += 1
    return ended


def refused(place: Path) -> int:
    """Let each touch of a file be refused once, by the file or by the whole disk."""
    trap, seen = Trap(place), 0
    for move in (False, True):
        for error in (errno.EACCES, errno.ENOSPC):
            for after in range(1000):
                scene(place)
                before = everything(place)
                trap.arm(after, error)
                try:
                    done = sort(place, move)
                    told = bool(done.left or done.stopped) or len(done.put) == 3
                except SortingError as problem:
                    told = str(place / OUT) in str(problem)
                sprung, _ = trap.sprung, trap.arm(-1)
                assert told
                check_nothing_is_lost(place, before[0])
                take_back(place, before)
                if not sprung:
                    break
                seen += 1
    return seen


def writes(place: Path) -> int:
    """Let each single write into the destination fail, as on a disk that is full."""
    disk, seen = ctypes.CDLL(None), 0
    for move in (False, True):
        for error in (errno.ENOSPC, errno.EIO):
            for after in range(1000):
                scene(place)
                before = everything(place)
                disk.fail(after, 1_000_000, error)
                try:
                    done = sort(place, move)
                    assert disk.failures() == 0 or done.stopped
                except SortingError as problem:
                    assert str(place / OUT) in str(problem)
                happened = disk.failures()
                disk.fail(0, 0, 0)
                check_nothing_is_lost(place, before[0])
                take_back(place, before)
                if not happened:
                    break
                seen += 1
    return seen


if __name__ == "__main__":
    found = {"killed": killed, "refused": refused, "writes": writes}[sys.argv[1]](Path(sys.argv[2]))
    print(found, "faults")
    assert found > 10
