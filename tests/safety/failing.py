"""Programs whose disk fails; each ends with 0 if nothing was lost.

python -m tests.safety.failing writes|limit PROJECT
"""

from __future__ import annotations

import ctypes
import errno
import sys
from pathlib import Path

from landmark_gui.core.errors import DamagedError, ProjectError
from landmark_gui.core.store import ProjectStore
from tests.rows import box_edit
from tests.safety.scenes import many_boxes


def writes(path: Path) -> None:
    """Let each single write of each kind of work fail, once, a few times and until further."""
    disk = ctypes.CDLL(None)
    unwell = "does not take the data"
    words = {errno.EIO: (unwell,), errno.ENOSPC: ("disk is full", unwell)}  # if fsync says so
    seen = 0
    for error, said in words.items():
        for times in (1, 3, 1_000_000) if error == errno.EIO else (1,):
            for work in range(4):
                seen += _each_write_of(path, work, times, error, said, disk)
    print(seen, "failures")
    assert seen > 100


def _each_write_of(
    path: Path, work: int, times: int, error: int, said: tuple[str, ...], disk: ctypes.CDLL
) -> int:
    seen = 0
    for after in range(1000):
        with ProjectStore.open(path) as store:
            before = store.load(), store.history(), store.setting("pages")
            disk.fail(after, times, error)
            try:
                _do(store, work, after)
                failed = False
            except ProjectError as problem:
                failed = True
                assert any(words in str(problem) for words in said) and str(path) in str(problem), (
                    problem
                )
                assert not isinstance(problem, DamagedError)
            happened = disk.failures()
            disk.fail(0, 0, 0)
            seen += happened
            if failed:
                assert (store.load(), store.history(), store.setting("pages")) == before
                _do(store, work, after)  # the disk is well again: what failed is made good
            assert work == 3 or (store.load(), store.history(), store.setting("pages")) != before
            if work != 2:
                store.go_to(len(before[1][0]))
        if not happened:
            return seen
    raise AssertionError("it never ran through")


def _do(store: ProjectStore, work: int, number: int) -> None:
    if work == 0:
        store.commit(many_boxes(30))
    elif work == 1:
        store.undo()
    elif work == 2:
        store.set_setting("pages", {"number": number, "text": "x" * 9000 * (number % 2)})
    else:
        store.backup()


def limit(path: Path) -> None:
    """Reach the size that the system allows for a file, and go on when it allows more."""
    import resource
    import signal

    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with ProjectStore.open(path) as store:
        before = len(store.load().boxes)
        resource.setrlimit(resource.RLIMIT_FSIZE, (path.stat().st_size + 20_000, hard))
        drawn = 0
        try:
            while drawn < 5000:
                store.commit(box_edit(drawn))
                drawn += 1
            raise AssertionError("the limit was never reached")
        except ProjectError as problem:
            assert str(path) in str(problem) and "nothing was lost" in str(problem), problem
        assert len(store.load().boxes) == before + drawn
        resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
        store.commit(box_edit(drawn))
    with ProjectStore.open(path) as store:
        assert len(store.load().boxes) == before + drawn + 1
        for _ in range(drawn + 1):
            assert store.undo() is not None
        assert len(store.load().boxes) == before


if __name__ == "__main__":
    {"writes": writes, "limit": limit}[sys.argv[1]](Path(sys.argv[2]))
