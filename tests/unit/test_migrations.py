"""Project files of every earlier version open, with all that was in them."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from landmark_gui.core import migrations
from landmark_gui.core.errors import ProjectError
from landmark_gui.core.schema import SCHEMA_VERSION
from landmark_gui.core.store import ProjectStore

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.fixture(params=range(1, SCHEMA_VERSION))
def old(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A project file of an earlier version."""
    return shutil.copy(FIXTURES / f"version-{request.param}.landmarks", tmp_path / "a.landmarks")


def version(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute("PRAGMA user_version").fetchone()[0]


@pytest.mark.parametrize("read_only", [False, True])
def test_nothing_is_lost_on_the_way_to_todays_version(old: Path, read_only: bool) -> None:
    before = old.read_bytes()
    with ProjectStore.open(old, read_only) as store:
        project, (done, undone) = store.load(), store.history()
        assert store.split_assignments() == {1: "train", 2: "test"}
        assert store.setting("pages") == {"crops": {"size": 160}}
    assert [mark.name for mark in project.ordered_landmarks()] == ["Tour Eiffel", "남산타워"]
    assert [photo.path for photo in project.photos.values()] == [
        *("탑/IMG_1.jpg", "탑/IMG_2.jpg", "broken.jpg")
    ]
    assert (project.photos[2].landmark_id, project.photos[3].state) == (2, "unreadable")
    assert sorted(box.rect.x for box in project.boxes.values()) == [1, 10.5]
    kinds = ["add_landmark", "add_landmark", "add_box", "add_box", "label_photo", "rename_landmark"]
    assert [entry.edit.kind for entry in done] == kinds
    assert [entry.edit.kind for entry in undone] == ["move_box"]
    if read_only:
        assert old.read_bytes() == before


def test_what_version_2_knew_of_photos_and_times_stays(tmp_path: Path) -> None:
    path = shutil.copy(FIXTURES / "version-2.landmarks", tmp_path / "a.landmarks")
    with ProjectStore.open(path) as store:
        photo, (done, _) = store.load().photos[2], store.history()
    assert (photo.review, photo.taken) == ("skipped", "2024-05-31T18:04:59")
    assert (photo.modified, photo.split) == (1_700_000_000_000_000_000, "")
    assert {entry.time for entry in done} == {1_700_000_000}


def test_undo_reaches_back_beyond_the_migration(old: Path) -> None:
    with ProjectStore.open(old) as store:
        store.redo()
        while store.undo():
            pass
        project = store.load()
    assert not project.boxes and not project.landmarks
    assert {photo.landmark_id for photo in project.photos.values()} == {None}


def test_a_migrated_file_opens_again_without_a_further_step(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ProjectStore.open(old).close()
    assert version(old) == SCHEMA_VERSION
    monkeypatch.setattr(migrations, "_STEPS", {})
    ProjectStore.open(old).close()


def test_a_step_that_fails_leaves_the_file_as_it_was(
    old: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_: sqlite3.Connection) -> None:
        raise sqlite3.OperationalError("disk I/O error")

    before, number = old.read_bytes(), version(old)
    with monkeypatch.context() as patch:
        patch.setitem(migrations._STEPS, number, fail)
        with pytest.raises(ProjectError, match=r"a\.landmarks"):
            ProjectStore.open(old)
    assert old.read_bytes() == before
    ProjectStore.open(old).close()
