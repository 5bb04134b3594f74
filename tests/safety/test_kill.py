"""Real processes that are killed at random moments: what was saved is there, and can be undone."""

from __future__ import annotations

import multiprocessing
import random
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from landmark_gui.core import backups
from landmark_gui.core.errors import DamagedError
from landmark_gui.core.project import Project
from landmark_gui.core.restore import restore
from landmark_gui.core.store import ProjectStore
from tests.safety import editor
from tests.safety.editor import State, steps
from tests.safety.scenes import full_project

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")

STEPS = 30
OLD = Path(__file__).parents[1] / "fixtures" / "version-1.landmarks"
# Processes are forked off one that has imported all, which takes a hundredth of a new start.
processes: Any = multiprocessing.get_context("forkserver" if sys.platform != "win32" else None)
processes.set_forkserver_preload(["tests.safety.editor"])


def killed(target: Callable[..., None], path: Path, seed: int, count: int = STEPS) -> int:
    """Run `target`, kill it at a moment that `seed` chooses; the last step that it told."""
    dice = random.Random(seed)
    wait_for, longer = dice.randrange(-1, count), dice.uniform(0, 0.012)
    ours, its = processes.Pipe()
    process = processes.Process(target=target, args=(its, path, seed, count))
    process.start()
    its.close()
    told = ours.recv()
    while told < wait_for:
        told = ours.recv()
    time.sleep(longer)
    process.kill()
    process.join()
    try:
        while True:
            told = ours.recv()
    except (EOFError, OSError):
        return int(told)
    finally:
        ours.close()
        process.close()


def at_once(check: Callable[[int], Any], count: int) -> list[Any]:
    with ThreadPoolExecutor(4) as pool:
        return list(pool.map(check, range(count)))


def test_two_hundred_kills_lose_at_most_the_edit_in_flight(tmp_path: Path) -> None:
    def check(seed: int) -> bool:
        path = tmp_path / f"{seed}.landmarks"
        ProjectStore.create(path, tmp_path / "photos").close()
        told = killed(editor.edit_for_ever, path, seed)
        states = [State(), *(state for _, state in steps(seed, STEPS))]
        possible = states[told + 1 : told + 3]
        with ProjectStore.open(path) as store:
            index = [state.is_in(store) for state in possible].index(True)
            check_that_undo_works(store, possible[index])
        return index > 0

    in_flight = at_once(check, 200)
    assert True in in_flight and False in in_flight  # kills fell on both sides of a commit


def check_that_undo_works(store: ProjectStore, state: State) -> None:
    for _ in state.done[-2:]:
        assert store.undo() is not None
    store.go_to(0)
    photos = [photo.__class__(**{**vars(photo), "landmark_id": None}) for photo in photos_of(state)]
    assert store.load() == Project.of(photos)
    while store.redo() and len(store.history()[0]) < 3:
        pass
    store.go_to(len(state.done))
    assert state.is_in(store)


def photos_of(state: State) -> list[Any]:
    return list(state.project.photos.values())


def test_a_kill_during_a_backup_leaves_good_backups_alone(tmp_path: Path) -> None:
    def check(seed: int) -> int:
        path = tmp_path / str(seed) / "a.landmarks"
        path.parent.mkdir()
        ProjectStore.create(path, tmp_path / "photos").close()
        told = killed(editor.back_up_for_ever, path, seed)
        left = len(list(backups.folder_of(path).glob(".*")))
        for copy in backups.copies(path):
            with ProjectStore.open(copy, read_only=True) as store:
                assert store.load() and store.history()
        assert told < 0 or backups.copies(path)
        with ProjectStore.open(path) as store:
            store.backup()
        assert not list(backups.folder_of(path).glob(".*"))
        return left

    assert any(at_once(check, 30))  # some did fall into the writing of a copy


def test_a_kill_during_a_migration_leaves_the_old_file_or_the_new(tmp_path: Path) -> None:
    with ProjectStore.open(shutil.copy(OLD, tmp_path / "whole.landmarks")) as store:
        expected, history = store.load(), store.history()

    def check(seed: int) -> None:
        folder = tmp_path / str(seed)
        folder.mkdir()
        killed(editor.migrate_for_ever, shutil.copy(OLD, folder / "old.landmarks"), seed)
        for copy in folder.glob("copy-*.landmarks"):
            with ProjectStore.open(copy) as store:
                assert (store.load(), store.history()) == (expected, history)

    at_once(check, 30)


def test_a_kill_during_a_restoration_loses_nothing_more(tmp_path: Path) -> None:
    full_project(tmp_path / "a.landmarks")
    content = bytearray((tmp_path / "a.landmarks").read_bytes())
    content[:4096] = bytes(4096)

    def check(seed: int) -> bool:
        folder = tmp_path / str(seed)
        folder.mkdir()
        (folder / "damaged.landmarks").write_bytes(content)
        told = killed(editor.restore_for_ever, folder / "damaged.landmarks", seed, count=5)
        cut_short = folder / f"copy-{told + 1}.landmarks"
        if not cut_short.exists():
            return False
        try:
            ProjectStore.open(cut_short).close()
        except DamagedError:
            restore(cut_short)
        with ProjectStore.open(cut_short) as store:
            assert len(store.load().boxes) == 179
        kept = list(folder.glob(f"{cut_short.stem}.damaged-*"))
        assert [file.read_bytes() for file in kept] == [content]
        return True

    assert any(at_once(check, 30))
