"""Photos go to the system's trash or stay where they are; nothing is ever deleted."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest

from landmark_gui.core.trash import Refused, trash_photos


@pytest.fixture
def photos(tmp_path: Path) -> Path:
    folder = tmp_path / "photos"
    for name in ("a.jpg", "b.jpg", "deep/c.jpg"):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


@pytest.fixture
def sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """A trash of the test's own: the files that came to it."""
    came: list[Path] = []

    def send(path: str) -> None:
        assert Path(path).is_relative_to(tmp_path)
        came.append(Path(path))
        Path(path).replace(tmp_path / f"trashed {len(came)}")

    monkeypatch.setattr("send2trash.send2trash", send)
    return came


def test_photos_are_sent_one_by_one_and_counted(photos, sent) -> None:
    told: list[tuple[int, int]] = []
    outcome = trash_photos(
        photos, ["a.jpg", "deep/c.jpg", "a.jpg"], progress=lambda *args: told.append(args)
    )
    assert outcome.gone == ("a.jpg", "deep/c.jpg") and not outcome.refused
    assert sent == [photos / "a.jpg", photos / "deep" / "c.jpg"]
    assert told == [(0, 2), (1, 2), (2, 2)]
    assert (photos / "b.jpg").read_text() == "b.jpg"


def test_a_file_that_is_gone_and_one_outside_the_folder_stay_out_of_it(
    tmp_path, photos, sent
) -> None:
    (tmp_path / "other").mkdir()
    other = tmp_path / "other" / "d.jpg"
    other.write_text("d")
    (photos / "link").symlink_to(tmp_path / "other", target_is_directory=True)
    asked = ["none.jpg", "../other/d.jpg", "link/d.jpg", str(other), "b.jpg"]
    outcome = trash_photos(photos, asked)
    outside = "it lies outside the photo folder"
    assert outcome.refused == (
        Refused("none.jpg", "the file is no longer in the folder"),
        Refused("../other/d.jpg", outside),
        Refused("link/d.jpg", outside),
        Refused(str(other), outside),
    )
    assert sent == [photos / "b.jpg"] and other.read_text() == "d"


def test_a_photo_to_which_one_that_stays_is_a_link_is_not_taken_away(photos, sent) -> None:
    (photos / "kept.jpg").symlink_to(photos / "a.jpg")
    outcome = trash_photos(photos, ["a.jpg", "b.jpg"], kept=["kept.jpg", "deep/c.jpg"])
    assert outcome.refused == (Refused("a.jpg", "another photo is only a link to it"),)
    assert outcome.gone == ("b.jpg",) and (photos / "kept.jpg").read_text() == "a.jpg"


def test_a_link_itself_may_go(photos, sent) -> None:
    (photos / "copy.jpg").symlink_to(photos / "a.jpg")
    assert trash_photos(photos, ["copy.jpg"], kept=["a.jpg"]).gone == ("copy.jpg",)
    assert (photos / "a.jpg").read_text() == "a.jpg"


@pytest.mark.parametrize(
    "error, reason",
    [
        ("TrashPermissionError", "its drive has no trash, or you may not use it"),
        (PermissionError(13, "Permission denied"), "you may not move it"),
        (OSError(28, "No space left on device"), "No space left on device"),
        (OSError(), "the system refused"),
        (RuntimeError("COM said no"), "COM said no"),
        (None, "the system left it where it is"),
    ],
)
def test_what_the_system_refuses_is_told_and_the_others_go(
    photos, monkeypatch, error, reason
) -> None:
    import send2trash

    if error == "TrashPermissionError":
        error = send2trash.TrashPermissionError("/.Trash")

    def send(path: str) -> None:
        if Path(path).name == "b.jpg":
            Path(path).rename(photos.parent / "trashed")
        elif error is not None:
            raise error

    monkeypatch.setattr("send2trash.send2trash", send)
    outcome = trash_photos(photos, ["a.jpg", "b.jpg"])
    assert outcome.refused == (Refused("a.jpg", reason),) and outcome.gone == ("b.jpg",)
    assert (photos / "a.jpg").read_text() == "a.jpg"


def test_cancelling_leaves_the_rest(photos, sent) -> None:
    outcome = trash_photos(photos, ["a.jpg", "b.jpg"], cancel=lambda: bool(sent))
    assert outcome.gone == ("a.jpg",)
    assert outcome.refused == (Refused("b.jpg", "cancelled"),)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the trash of freedesktop.org")
def test_the_real_trash_keeps_the_file_and_where_it_was(tmp_path, photos, monkeypatch) -> None:
    from send2trash import plat_other

    home = tmp_path / "home"
    home.mkdir()
    with monkeypatch.context() as patch:
        patch.setenv("HOME", str(home))
        patch.setenv("XDG_DATA_HOME", str(home / "data"))
        importlib.reload(plat_other)
        patch.setattr("send2trash.send2trash", plat_other.send2trash)
        outcome = trash_photos(photos, ["deep/c.jpg", "none.jpg"])
    importlib.reload(plat_other)
    assert outcome.gone == ("deep/c.jpg",) and len(outcome.refused) == 1
    trash = home / "data" / "Trash"
    assert (trash / "files" / "c.jpg").read_text() == "deep/c.jpg"
    assert "photos/deep/c.jpg" in (trash / "info" / "c.jpg.trashinfo").read_text()
    assert not (photos / "deep" / "c.jpg").exists() and (photos / "a.jpg").exists()
