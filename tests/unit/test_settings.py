from __future__ import annotations

from pathlib import Path

import pytest

from landmark_gui.core.settings import RECENT_LIMIT, Settings, settings_folder


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


@pytest.mark.parametrize("value", ['경복궁 "x"\n', True, 3, 0.25, ["a", "b"], []])
def test_a_value_is_there_the_next_time(path: Path, value: object) -> None:
    Settings(path).set("train.epochs", value)
    assert Settings(path).get("train.epochs") == value


def test_what_was_never_set_is_the_default(path: Path) -> None:
    assert Settings(path).get("train.epochs", 20) == 20
    assert not path.exists()


def test_a_value_of_another_type_gives_way_to_the_default(path: Path) -> None:
    Settings(path).set("train.epochs", "many")
    assert Settings(path).get("train.epochs", 20) == 20


def test_none_forgets_a_value(path: Path) -> None:
    settings = Settings(path)
    settings.set("train.epochs", 5)
    settings.set("train.epochs", None)
    assert Settings(path).get("train.epochs", 20) == 20


def test_keys_do_not_disturb_each_other(path: Path) -> None:
    settings = Settings(path)
    settings.set("train", "a")
    settings.set("train.epochs", 5)
    assert (Settings(path).get("train"), Settings(path).get("train.epochs")) == ("a", 5)


@pytest.mark.parametrize("content", [b"not = [toml", b"\xff\xfe\0"])
def test_a_damaged_file_is_set_aside_and_not_lost(path: Path, content: bytes) -> None:
    path.write_bytes(content)
    settings = Settings(path)
    assert settings.get("train.epochs", 20) == 20
    assert path.with_name("settings.damaged.toml").read_bytes() == content
    settings.set("train.epochs", 5)
    assert Settings(path).get("train.epochs") == 5


def test_preferences_last_for_the_session_where_they_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(tmp_path / "file" / "settings.toml")
    settings.set("train.epochs", 5)
    assert settings.get("train.epochs") == 5


def test_recent_projects_are_the_newest_that_still_exist(path: Path, tmp_path: Path) -> None:
    projects = [tmp_path / f"{number}.landmarks" for number in range(RECENT_LIMIT + 3)]
    settings = Settings(path)
    for project in [*projects, projects[5]]:
        project.touch()
        settings.remember_project(project)
    projects[-1].unlink()
    recent = list(Settings(path).recent_projects())
    assert recent[:3] == [projects[5], projects[-2], projects[-3]]
    assert len(recent) == RECENT_LIMIT - 1


def test_nonsense_among_the_recent_projects_does_no_harm(path: Path) -> None:
    path.write_text('recent = [1, "", "/no/such"]')
    assert list(Settings(path).recent_projects()) == []


def test_the_folder_can_be_chosen(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LANDMARK_GUI_SETTINGS", str(tmp_path))
    assert Settings().path == tmp_path / "settings.toml"
    monkeypatch.delenv("LANDMARK_GUI_SETTINGS")
    assert settings_folder().is_absolute()


def test_only_the_strings_of_a_list_are_taken(path: Path) -> None:
    path.write_text('"palette.recent" = [["a"], "b", 3]\n"keys.x" = 5')
    settings = Settings(path)
    assert settings.texts("palette.recent") == ["b"]
    assert settings.texts("keys.x", ("F2",)) == ["F2"]


def test_a_recent_project_is_forgotten_or_another_put_in_its_place(path: Path) -> None:
    settings = Settings(path)
    for name in ("c", "b", "a"):
        settings.remember_project(Path(name))
    settings.replace_project(Path("b"))
    assert settings.texts("recent") == ["a", "c"]
    settings.replace_project(Path("a"), Path("d"))
    assert settings.texts("recent") == ["d", "c"]
    settings.replace_project(Path("d"), Path("c"))  # which stands there already
    assert settings.texts("recent") == ["c"]


def test_recent_projects_know_when_they_were_opened(path: Path) -> None:
    path.write_text('recent = ["/a b", "/c", ""]\n"recent.opened" = ["2026-11-29T10:00 /a b", "x"]')
    settings = Settings(path)
    assert [(str(one.path), one.opened) for one in settings.recent()] == [
        ("/a b", "2026-11-29T10:00"),
        ("/c", ""),
    ]
    settings.remember_project(Path("/c"))
    assert [str(one.path) for one in Settings(path).recent()] == ["/c", "/a b"]
    assert all(one.opened for one in Settings(path).recent())
    settings.forget_recent()
    assert Settings(path).recent() == []


def test_a_reset_counts_from_the_next_start_and_can_be_taken_back(path: Path) -> None:
    settings = Settings(path)
    settings.set("theme", "dark")
    backup = settings.reset()
    settings.set("train.epochs", 5)  # as the window does while it closes
    assert "dark" in backup.read_text("utf-8") and not path.exists()
    assert Settings(path).get("theme", "system") == "system"
    settings.take_back_reset()
    again = Settings(path)
    assert (again.get("theme", ""), again.get("train.epochs", 1)) == ("dark", 5)
    assert again.reset() != backup


def test_settings_that_cannot_be_set_aside_are_not_reset(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    settings = Settings(tmp_path / "file" / "settings.toml")
    with pytest.raises(OSError):
        settings.reset()
    settings.set("theme", "dark")
    assert settings.get("theme", "") == "dark"
