from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from landmark_gui.core.atomic import creating, replacing, write_atomic


def test_text_is_written_as_utf_8_in_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "new" / "한글.txt"
    write_atomic(path, "é\n")
    assert path.read_bytes() == "é\n".encode()
    write_atomic(path, b"\0new")
    assert path.read_bytes() == b"\0new"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("failure", [OSError, KeyboardInterrupt])
def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, failure: type[BaseException]
) -> None:
    path = tmp_path / "a.txt"
    write_atomic(path, "old")
    with pytest.raises(failure), replacing(path) as temporary:
        temporary.write_text("half of the n")
        assert path.read_text() == "old"
        raise failure
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_failure_of_the_last_step_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = tmp_path / "in the way"
    (folder / "content").mkdir(parents=True)
    with pytest.raises(OSError, match="in the way"):
        write_atomic(folder, "a file cannot take the place of a folder")
    assert list(tmp_path.iterdir()) == [folder]


def test_a_very_long_name_can_be_written(tmp_path: Path) -> None:
    path = tmp_path / ("a" * 250 + ".txt")
    write_atomic(path, "x")
    assert path.read_text() == "x"


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX permissions")
def test_a_file_is_as_readable_as_one_written_plainly(tmp_path: Path) -> None:
    plain, ours = tmp_path / "plain", tmp_path / "ours"
    plain.touch()
    write_atomic(ours, "")
    assert stat.S_IMODE(ours.stat().st_mode) == stat.S_IMODE(plain.stat().st_mode)


def test_a_new_file_or_folder_appears_whole(tmp_path: Path):
    with creating(tmp_path / "deep" / "file.bin") as made:
        made.write_bytes(b"whole")
        assert not (tmp_path / "deep" / "file.bin").exists()
    with creating(tmp_path / "deep" / "folder") as made:
        (made / "inside").mkdir(parents=True)
        (made / "inside" / "file").write_text("whole")
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert found == {
        "deep",
        "deep/file.bin",
        *("deep/folder" + end for end in ("", "/inside", "/inside/file")),
    }
    assert (tmp_path / "deep" / "file.bin").read_bytes() == b"whole"


@pytest.mark.parametrize("before", [True, False], ids=["before", "meanwhile"])
@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_there_is_never_replaced_by_something_new(tmp_path: Path, before: bool, kind: str):
    path = tmp_path / "name"
    if before:
        path.write_text("theirs")
    with pytest.raises(FileExistsError), creating(path) as made:
        path.write_text("theirs")
        made.mkdir() if kind == "folder" else made.write_text("ours")
    assert path.read_text() == "theirs" and list(tmp_path.iterdir()) == [path]


def test_what_fails_while_it_is_made_leaves_nothing(tmp_path: Path):
    with pytest.raises(ValueError, match="half"), creating(tmp_path / "name") as made:
        made.write_text("half of it")
        raise ValueError("half")
    assert not list(tmp_path.iterdir())


def test_on_a_disk_without_links_it_works_as_well(tmp_path: Path, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError(95, "not supported")

    monkeypatch.setattr("os.link", refuse)
    with creating(tmp_path / "name") as made:
        made.write_text("whole")
    assert (tmp_path / "name").read_text() == "whole"
