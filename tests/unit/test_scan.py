from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from landmark_gui.core import edits, scan
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.images import content_hash
from landmark_gui.core.project import Photo, Project
from tests.conftest import draw_photo
from tests.rows import photo


def rescan(project: Project, folder: Path) -> list[Photo]:
    """Bring the project up to date; what was new or had changed."""
    found = [row for batch in scan.new_photos(project, folder) for row in batch]
    project.put_photos(found)
    return found


def test_every_photo_gets_a_row(photo_folder: Callable[..., Path]) -> None:
    folder, project = photo_folder(each=2), Project()
    paths = {row.path for row in rescan(project, folder)}
    assert paths == {f"{name}/IMG_{n}.jpg" for name in ("Green Dome", "Red Tower") for n in (1, 2)}
    for row in project.photos.values():
        assert (row.width, row.height, row.state, row.reason) == (96, 72, "ok", "")
        assert row.size == (folder / row.path).stat().st_size
        assert row.hash == content_hash(folder / row.path)
        assert row.modified == (folder / row.path).stat().st_mtime_ns
        assert project.photos[row.id] is row


def test_a_second_scan_finds_nothing_new(photo_folder: Callable[..., Path]) -> None:
    folder, project = photo_folder(), Project()
    (folder / "broken.jpg").write_bytes(b"")
    assert len(rescan(project, folder)) == 17
    assert rescan(project, folder) == []


@pytest.mark.changes_photos
def test_new_and_changed_files_are_found_and_keep_what_the_person_said(
    photo_folder: Callable[..., Path],
) -> None:
    folder, project = photo_folder(each=2), Project()
    rescan(project, folder)
    project.apply(edits.add_landmark(project, "Tower"))
    changed = next(iter(project.photos.values()))
    project.apply(edits.set_photos_landmark([changed], 1))
    draw_photo(folder / changed.path, "Red Tower", 99, size=(200, 150))
    draw_photo(folder / "new.jpg", "Red Tower", 5)
    found = {row.path: row for row in rescan(project, folder)}
    assert found.keys() == {changed.path, "new.jpg"}
    assert (found[changed.path].id, found[changed.path].width) == (changed.id, 200)
    assert found[changed.path].hash != changed.hash
    assert found[changed.path].landmark_id == 1
    assert len(project.photos) == 5


def test_an_unreadable_photo_is_named_and_tried_again(tmp_path: Path) -> None:
    draw_photo(tmp_path / "good.jpg", "Red Tower", 1)
    bad, project = tmp_path / "bad.jpg", Project()
    content = (tmp_path / "good.jpg").read_bytes()
    bad.write_bytes(bytes(len(content)))
    rows = {row.path: row for row in rescan(project, tmp_path)}
    assert (rows["bad.jpg"].state, rows["good.jpg"].state) == ("unreadable", "ok")
    assert "not a picture" in rows["bad.jpg"].reason
    bad.write_bytes(content)  # repaired, and of the same size as before
    assert [row.state for row in rescan(project, tmp_path)] == ["ok"]


@pytest.mark.shared
def test_a_folder_of_awkward_files_is_read_to_the_end(shared: Path) -> None:
    project = Project()
    rescan(project, shared / "data" / "awkward")
    bad = {row.path: row.reason for row in project.photos.values() if row.state != "ok"}
    assert len(project.photos) == 62
    assert bad.keys() == {"pillow__decompression_bomb.gif", "pillow__zero_width.gif"}
    assert all(bad.values())


def test_photos_are_known_by_their_content_and_other_files_are_left_out(tmp_path: Path) -> None:
    draw_photo(tmp_path / "a.jpg", "Red Tower", 1)
    shutil.copy(tmp_path / "a.jpg", tmp_path / "phone.img")
    (tmp_path / "notes.txt").write_text("BMX, GIFs and other things")
    (tmp_path / "film.mp4").write_bytes(b"\0\0\0\x18ftypmp42")
    assert [path.name for path in scan.find_photos(tmp_path)] == ["a.jpg", "phone.img"]
    assert {row.path for row in rescan(Project(), tmp_path)} == {"a.jpg", "phone.img"}


def test_hidden_folders_and_our_own_are_not_entered(tmp_path: Path) -> None:
    for name in (".trash/a.jpg", "views.data/crops/b.jpg", ".hidden.jpg", "shown/c.jpg"):
        draw_photo(tmp_path / name, "Red Tower", 1)
    assert scan.find_photos(tmp_path) == [tmp_path / "shown" / "c.jpg"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs named pipes")
def test_a_named_pipe_does_not_hold_up_the_scan(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.jpg")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "nowhere.jpg").symlink_to(tmp_path / "gone.jpg")
    assert scan.find_photos(tmp_path) == []


@pytest.mark.skipif(sys.platform != "linux", reason="other systems allow no such names")
@pytest.mark.parametrize("name", [b"caf\xe9.jpg", b"two\nlines.jpg"])
def test_a_name_that_cannot_be_kept_is_reported(tmp_path: Path, name: bytes) -> None:
    draw_photo(tmp_path / "a.jpg", "Red Tower", 1)
    (tmp_path / "a.jpg").rename(os.fsdecode(os.fsencode(tmp_path) + b"/" + name))
    project = Project()
    (row,) = rescan(project, tmp_path)
    assert row.state == "unreadable" and "rename" in row.reason
    assert row.path.encode("utf-8") and row.modified
    assert rescan(project, tmp_path) == []


def test_batches_come_one_by_one_until_cancelled(tmp_path: Path) -> None:
    draw_photo(tmp_path / "0.jpg", "Red Tower", 1)
    for number in range(1, 2 * scan.FIRST_BATCH):
        shutil.copy(tmp_path / "0.jpg", tmp_path / f"{number}.jpg")
    cancelled: list[bool] = []
    said: list[tuple[int, int]] = []
    batches = scan.new_photos(
        Project(), tmp_path, lambda: bool(cancelled), lambda *n: said.append(n)
    )
    first = next(batches)
    assert [row.path for row in first] == [f"{n}.jpg" for n in range(scan.FIRST_BATCH)]
    cancelled.append(True)
    with pytest.raises(Cancelled):
        next(batches)
    assert said == [(scan.FIRST_BATCH, 2 * scan.FIRST_BATCH)]


def test_labels_from_folders() -> None:
    paths = ["top.jpg", "Dome/a.jpg", "Asia/Tower/b.jpg", "Arch/c.jpg", "Dome/d.jpg"]
    project = Project.of(photo(number, path) for number, path in enumerate(paths))
    project.apply(edits.add_landmark(project, "Dome"))
    edit = scan.labels_from_folders(project, project.photos.values())
    project.apply(edit)
    names = {mark.id: mark.name for mark in project.landmarks.values()}
    labels = [names.get(row.landmark_id or 0) for row in project.photos.values()]
    assert labels == [None, "Dome", "Tower", "Arch", "Dome"]
    assert [mark.name for mark in project.ordered_landmarks()] == ["Dome", "Arch", "Tower"]
    assert scan.labels_from_folders(project, project.photos.values()).changes == ()
    project.apply(edit.inverse())
    assert [mark.name for mark in project.ordered_landmarks()] == ["Dome"]


def test_a_folder_named_on_a_mac_gives_the_name_that_one_types() -> None:
    project = Project.of([photo(1, "\u1100\u1167\u11bc/IMG.jpg")])
    project.apply(scan.labels_from_folders(project, project.photos.values()))
    assert project.landmark_named("\uacbd") is not None
