"""Disks that fail, folders that cannot be written, files that vanish: the work stays whole."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from landmark_gui.core.errors import ProjectError
from landmark_gui.core.project import Project
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.store import ProjectStore
from tests.originals import contents
from tests.rows import box_edit
from tests.safety.scenes import full_project
from tests.safety.test_kill import processes

ROOT = Path(__file__).parents[2]
linux = pytest.mark.skipif(sys.platform != "linux", reason="needs Linux")
posix = pytest.mark.skipif(sys.platform == "win32", reason="open files cannot be moved there")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A full project, not open."""
    full_project(tmp_path / "views.landmarks", boxes=10)
    return tmp_path / "views.landmarks"


def loaded(path: Path) -> Project:
    with ProjectStore.open(path) as store:
        return store.load()


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "tests.safety.failing", *map(str, arguments)]
    env = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=env, timeout=300)


@linux
def test_any_write_may_fail_and_is_made_good(path: Path, failing_disk: Path) -> None:
    ran = run("writes", path, LD_PRELOAD=str(failing_disk))
    assert ran.returncode == 0, ran.stderr


@posix
def test_a_limit_to_the_size_of_a_file_costs_only_what_no_longer_fits(path: Path) -> None:
    ran = run("limit", path)
    assert ran.returncode == 0, ran.stderr


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that any user may enter, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def as_anybody(work: Callable[..., Any], *arguments: object) -> Any:
    """Run `work` in a process without the rights of root; what it returned."""
    ours, its = processes.Pipe()
    process = processes.Process(target=_without_rights, args=(its, work, arguments))
    process.start()
    its.close()
    try:
        return ours.recv()
    finally:
        process.join()


def _without_rights(pipe: Any, work: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    import filelock  # noqa: F401  # whoever has no rights may not find it

    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    pipe.send(work(*arguments))


def look_read_only(path: Path) -> tuple[bool, str, int, str]:
    opened = read_project(path)
    try:
        opened.store.commit(box_edit())
        said = "written"
    except ProjectError as error:
        said = str(error)
    return opened.store.read_only, opened.notice, len(opened.project.boxes), said


def lose_the_right_while_working(path: Path) -> tuple[str, int]:
    """Make the folder read-only and then writable again under an open project."""
    project = full_project(path, boxes=10)
    with ProjectStore.open(path) as store:
        path.parent.chmod(0o555)
        try:
            store.commit(box_edit())
            said = "written"
        except ProjectError as error:
            said = str(error)
        path.parent.chmod(0o755)
        store.commit(box_edit())
        return said, len(store.load().boxes) - len(project.boxes)


@posix
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_cannot_be_written_is_opened_to_look_at(open_folder: Path, what: str) -> None:
    path = open_folder / "views.landmarks"
    project = full_project(path, boxes=10)
    before = contents(open_folder)
    path.chmod(0o444)
    open_folder.chmod(0o555 if what == "folder" else 0o777)
    read_only, notice, boxes, said = as_anybody(look_read_only, path)
    open_folder.chmod(0o777)
    assert read_only and boxes == len(project.boxes) and "for reading only" in said
    assert "cannot be written" in notice and str(path if what == "file" else path.parent) in notice
    assert contents(open_folder) == before


@posix
def test_a_folder_that_turns_read_only_keeps_the_edit_waiting(open_folder: Path) -> None:
    path = open_folder / "mine" / "views.landmarks"
    said, more = as_anybody(lose_the_right_while_working, path)
    assert "cannot be written here" in said and str(path) in said and more == 1


@posix
def test_a_project_deleted_under_the_window_is_written_anew(path: Path) -> None:
    with ProjectStore.open(path) as store:
        store.commit(box_edit(1))
        path.unlink()
        store.commit(box_edit(2))
        assert "was moved or deleted while it was open" in store.after_write()
        store.undo()
        expected = store.load(), store.history()
        assert store.after_write() == ""
    with ProjectStore.open(path) as store:
        assert (store.load(), store.history()) == expected
    assert {file.name for file in path.parent.iterdir()} == {"views.landmarks", "views.data"}


@posix
def test_a_project_renamed_under_the_window_is_there_twice(path: Path) -> None:
    with ProjectStore.open(path) as store:
        before = store.load()
        path.rename(path.with_name("mine.landmarks"))
        store.commit(box_edit(2))
        after = store.load()
    assert loaded(path) == after
    assert loaded(path.with_name("mine.landmarks")) == before


@posix
def test_a_project_replaced_under_the_window_costs_neither_of_the_two(path: Path) -> None:
    other = path.with_name("other.landmarks")
    theirs = full_project(other, boxes=3)
    with ProjectStore.open(path) as store:
        store.commit(box_edit(1))
        other.replace(path)
        store.commit(box_edit(2))
        ours = store.load()
        said = store.after_write()
    (kept,) = path.parent.glob("views.replaced-*.landmarks")
    assert str(kept) in said and "replaced" in said
    assert (loaded(path), loaded(kept)) == (ours, theirs)


@posix
def test_a_file_that_came_back_with_the_same_edits_is_simply_gone_on_with(path: Path) -> None:
    with ProjectStore.open(path) as store:
        store.commit(box_edit(1))
        copy = shutil.copy(path, path.with_name("copy"))
        Path(copy).replace(path)  # as a network drive that was mounted anew
        store.commit(box_edit(2))
        assert store.after_write() == ""
        expected = store.load()
    assert loaded(path) == expected
    assert not list(path.parent.glob("*.replaced-*"))


@posix
def test_a_drive_that_goes_away_and_comes_back_takes_what_waited(path: Path) -> None:
    with ProjectStore.open(path) as store:
        gone = path.parent.rename(path.parent.with_name("gone"))
        with pytest.raises(ProjectError, match=r"views\.landmarks"):
            store.commit(box_edit(1))
        gone.rename(path.parent)
        store.commit(box_edit(1))
        expected = store.load()
        assert store.after_write() == ""
    assert loaded(path) == expected
