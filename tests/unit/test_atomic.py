from __future__ import annotations

import stat
import sys
from pathlib import Path

import pytest

from landmark_gui.core.atomic import replacing, write_atomic


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
