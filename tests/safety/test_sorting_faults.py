"""Sorting that is killed, refused or meets a full disk: no photo is lost, and undo still works."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from landmark_gui.core import sorting
from landmark_gui.core.sorting import Wish
from tests.safety.test_faults import ROOT, as_anybody, linux, open_folder, posix

__all__ = ["open_folder"]  # a fixture


def run(work: str, place: Path, **environment: str) -> None:
    command = [sys.executable, "-m", "tests.safety.sorting_child", work, str(place)]
    env = {**os.environ, **environment}
    ran = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, timeout=300)
    assert ran.returncode == 0, ran.stderr


@posix
def test_it_may_be_killed_at_any_moment(tmp_path: Path) -> None:
    run("killed", tmp_path / "place")


def test_any_file_may_be_refused(tmp_path: Path) -> None:
    run("refused", tmp_path / "place")


@linux
def test_any_write_may_fail(tmp_path: Path, failing_disk: Path) -> None:
    run("writes", tmp_path / "place", LD_PRELOAD=str(failing_disk))


def sort_where_one_folder_is_closed(place: Path) -> tuple[list[str], list[str], str]:
    wishes = []
    for name, label in {"a.jpg": "Tower", "b.jpg": "Gate", "c.jpg": "Tower"}.items():
        (place / name).write_text(name)
        wishes.append(Wish(place / name, label))
    (place / "out/Gate").mkdir(parents=True)
    (place / "out/Gate").chmod(0o555)
    done = sorting.sort_photos(sorting.plan(wishes, place / "out"))
    left = [f"{step.source.name}: {step.reason}" for step in done.left]
    return [step.source.name for step in done.put], left, done.stopped


@posix
def test_a_folder_that_may_not_be_written_leaves_its_photos_and_the_rest_goes_on(
    open_folder: Path,
) -> None:
    put, left, stopped = as_anybody(sort_where_one_folder_is_closed, open_folder)
    assert (put, left, stopped) == (["a.jpg", "c.jpg"], ["b.jpg: Permission denied"], "")
