from __future__ import annotations

from pathlib import Path, PurePosixPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.paths import (
    composed,
    data_folder,
    free_path,
    is_inside,
    is_same_file,
    safe_name,
)

names = st.text() | st.sampled_from(["..", "con", "NUL.txt", "a/..\\b", "🗼" * 300, "é" * 300])


@pytest.mark.parametrize("path", ["a.jpg", "b/c.jpg", "한글/…/x y.jpg", "..a/b..jpg", ".hidden/a"])
def test_these_paths_stay_inside(path: str) -> None:
    assert is_inside(path)


@pytest.mark.parametrize(
    "path",
    [
        *("", ".", "..", "../a", "a/../b", "a/..", "/a", "//a", "~/../../a"),
        *("C:/a", "c:a.jpg", "\\a", "\\\\nas\\share\\a", "a\\..\\..\\b", "a\0b", "a\nb"),
    ],
)
def test_these_paths_do_not(path: str) -> None:
    assert not is_inside(path)


@given(names)
def test_a_safe_name_is_one_name_on_every_system(name: str) -> None:
    safe = safe_name(name)
    assert safe and safe == safe_name(safe)
    assert is_inside(safe) and len(PurePosixPath(safe).parts) == 1
    assert len(safe.encode("utf-8", "surrogatepass")) <= 201
    assert not set(safe) & set('<>:"/\\|?*') and not safe.endswith((" ", "."))


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("경복궁 (서울)", "경복궁 (서울)"),
        ("Tower 🗼", "Tower 🗼"),
        ("N/A: what?", "N_A_ what_"),
        ("con", "_con"),
        ("COM1.jpg", "_COM1.jpg"),
        ("...", "_"),
        ("", "_"),
        (" St. ", "St"),
    ],
)
def test_safe_names(name: str, safe: str) -> None:
    assert safe_name(name) == safe


def test_a_long_name_of_emoji_can_really_be_written(tmp_path: Path) -> None:
    (tmp_path / safe_name("🗼" * 200)).mkdir()


def test_a_free_path_is_next_to_those_taken(tmp_path: Path) -> None:
    wanted = tmp_path / "a.tar.jpg"
    for expected in ("a.tar.jpg", "a.tar (2).jpg", "a.tar (3).jpg"):
        free = free_path(wanted)
        assert free == tmp_path / expected
        free.touch()


def test_the_data_folder_lies_beside_the_project() -> None:
    assert data_folder(Path("/x/my.views.landmarks")) == Path("/x/my.views.data")


def test_hangul_from_a_mac_is_composed() -> None:
    assert composed("\u1100\u1167\u11bc") == "경"


def test_a_file_is_itself_by_any_path(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    assert is_same_file(tmp_path / "a", tmp_path / "x" / ".." / "a") is False  # there is no x
    (tmp_path / "x").mkdir()
    assert is_same_file(tmp_path / "a", tmp_path / "x" / ".." / "a")
    assert not is_same_file(tmp_path / "a", tmp_path / "b")
