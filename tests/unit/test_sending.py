from __future__ import annotations

import errno
from pathlib import Path

import pytest

from landmark_gui.core import sending
from landmark_gui.core.errors import FolderMissing
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Landmark, Photo, Project
from landmark_gui.core.scan import new_photos
from landmark_gui.core.sending import Told, bring, labelling
from tests.conftest import draw_photo
from tests.originals import contents


@pytest.fixture
def photos_dir(tmp_path: Path) -> Path:
    draw_photo(tmp_path / "photos/a.jpg", "Red Tower", 1)
    draw_photo(tmp_path / "photos/deep/b.jpg", "Red Tower", 2)
    return tmp_path / "photos"


def scanned(photos_dir: Path, project: Project | None = None) -> Project:
    """The project once the scan has been round."""
    project = project or Project()
    for rows in new_photos(project, photos_dir):
        project.put_photos(rows)
    return project


def rows(photos_dir: Path) -> list[Photo]:
    return list(scanned(photos_dir).photos.values())


def test_new_photos_are_copied_below_the_photo_folder_and_others_are_found_again(
    tmp_path: Path, photos_dir: Path
) -> None:
    draw_photo(tmp_path / "new.jpg", "Red Tower", 3)
    same = tmp_path / "renamed.jpg"
    same.write_bytes((photos_dir / "a.jpg").read_bytes())
    inside = photos_dir / "deep/b.jpg"
    before = contents(photos_dir)
    told = [Told(path, "Tour / é") for path in (tmp_path / "new.jpg", same, inside)]
    brought = bring(told, rows(photos_dir), photos_dir)
    assert brought.paths == {
        tmp_path / "new.jpg": "classified/Tour _ é/new.jpg",
        same: "a.jpg",
        inside: "deep/b.jpg",
    }
    assert (brought.copied, brought.left) == (1, [])
    after = contents(photos_dir)
    assert before.items() < after.items() and len(after) == 3
    assert {photo.path for photo in rows(photos_dir)} >= set(brought.paths.values())


def test_a_name_that_is_taken_is_left_to_its_photo_and_one_picture_comes_once(
    tmp_path: Path, photos_dir: Path
) -> None:
    for folder, number in (("x", 3), ("y", 4), ("z", 4)):
        draw_photo(tmp_path / folder / "new.jpg", "Red Tower", number)
    told = [Told(tmp_path / folder / "new.jpg", "Tower") for folder in "xyz"]
    brought = bring(told, rows(photos_dir), photos_dir)
    assert list(brought.paths.values()) == [
        "classified/Tower/new.jpg",
        "classified/Tower/new (2).jpg",
        "classified/Tower/new (2).jpg",
    ]
    assert brought.copied == 2


def test_a_large_photo_that_has_no_hash_yet_is_recognised(tmp_path: Path, photos_dir: Path) -> None:
    same = tmp_path / "same.jpg"
    same.write_bytes((photos_dir / "a.jpg").read_bytes())
    photo = Photo(1, "a.jpg", same.stat().st_size, "", 96, 72)
    assert bring([Told(same, "T")], [photo], photos_dir).paths == {same: "a.jpg"}


def test_a_photo_that_is_missing_from_the_project_is_brought_back(
    tmp_path: Path, photos_dir: Path
) -> None:
    project = scanned(photos_dir)
    (photos_dir / "a.jpg").replace(tmp_path / "a.jpg")
    project = scanned(photos_dir, project)
    assert {photo.path: photo.state for photo in project.photos.values()}["a.jpg"] == "missing"
    told = [Told(tmp_path / "a.jpg", "Tower")]
    bring(told, project.photos.values(), photos_dir)
    project = scanned(photos_dir, project)
    found = {photo.path: photo.state for photo in project.photos.values()}
    assert found == {"classified/Tower/a.jpg": "ok", "deep/b.jpg": "ok"}


def test_what_cannot_be_copied_is_told_and_the_rest_goes_on(
    tmp_path: Path, photos_dir: Path
) -> None:
    draw_photo(tmp_path / "new.jpg", "Red Tower", 3)
    (photos_dir / "classified").mkdir()
    (photos_dir / "classified/Gate").write_text("a file")
    told = [Told(tmp_path / "gone.jpg", "Tower"), Told(tmp_path / "new.jpg", "Gate")]
    brought = bring([*told, Told(photos_dir / "a.jpg", "Tower")], rows(photos_dir), photos_dir)
    assert [path.name for path, _ in brought.left] == ["gone.jpg", "new.jpg"]
    assert brought.left[0][1] == "No such file or directory"
    assert list(brought.paths.values()) == ["a.jpg"]


def test_a_full_disk_ends_it_and_nothing_is_left_by_half(
    tmp_path: Path, photos_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (3, 4):
        draw_photo(tmp_path / f"{number}.jpg", "Red Tower", number)

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sending, "rename_new", full)
    told = [Told(tmp_path / f"{number}.jpg", "Tower") for number in (3, 4)]
    before = contents(photos_dir)
    brought = bring(told, rows(photos_dir), photos_dir)
    assert [reason for _, reason in brought.left] == ["No space left on device"] * 2
    assert contents(photos_dir) == before
    cancelled = bring(told, rows(photos_dir), photos_dir, cancel=lambda: True)
    assert [reason for _, reason in cancelled.left] == ["cancelled"] * 2


def test_a_photo_folder_that_is_not_there_is_not_made_anew(tmp_path: Path) -> None:
    draw_photo(tmp_path / "new.jpg", "Red Tower", 3)
    with pytest.raises(FolderMissing):
        bring([Told(tmp_path / "new.jpg", "Tower")], [], tmp_path / "unplugged")
    assert not (tmp_path / "unplugged").exists()


def project() -> Project:
    photos = [Photo(n, f"{n}.jpg", 1, str(n), 100, 80, landmark_id=None) for n in (1, 2, 3)]
    box = Box("b", 2, 1, Rect(10, 10, 20, 20))
    return Project.of([Landmark(1, "Tower", "#fff", "1", 0), *photos, box])


def test_labels_are_set_boxes_drawn_and_landmarks_added_in_one_edit() -> None:
    before = project()
    edit = labelling(
        before,
        [
            (1, "tower", None),
            (2, "Tower", Rect(10, 10, 20, 20)),  # is there
            (2, "Gate", Rect(-5, -5, 20, 20)),
            (3, "Gate", Rect(200, 0, 5, 5)),  # outside
            (3, "Gate", None),
        ],
    )
    after = project()
    after.apply(edit)
    assert [mark.name for mark in after.ordered_landmarks()] == ["Tower", "Gate"]
    assert [photo.landmark_id for photo in after.photos.values()] == [1, None, 2]
    (drawn,) = [box for box in after.boxes.values() if box.id != "b"]
    assert (drawn.photo_id, drawn.landmark_id, drawn.rect) == (2, 2, Rect(0, 0, 15, 15))
    after.apply(edit.inverse())
    assert after == before


def test_what_is_so_already_needs_no_edit() -> None:
    known = project()
    known.apply(labelling(known, [(1, "Tower", None)]))
    assert labelling(known, [(1, "Tower", None)]).changes == ()
