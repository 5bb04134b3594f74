from __future__ import annotations

import errno
import itertools
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image
from PIL.JpegImagePlugin import JpegImageFile

from landmark_gui.core import edits, scan
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from landmark_gui.core.quality import facts as facts_module
from landmark_gui.core.quality.facts import facts_path, gather
from tests.conftest import draw_photo
from tests.rows import box_edit


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(6):
        draw_photo(tmp_path / "photos" / f"{number}.jpg", "Red Tower", number)
    return tmp_path / "photos"


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    return facts_path(tmp_path / "a.data")


def scanned(folder: Path) -> Project:
    project = Project()
    for batch in scan.new_photos(project, folder):
        project.put_photos(batch)
    project.apply(edits.add_landmark(project, "Tower"))
    return project


class Measured:
    """Counts the photos that a gathering measured."""

    def __init__(self) -> None:
        self.total = 0

    def __call__(self, done: int, total: int) -> None:
        self.total = total


def measured_again(project: Project, folder: Path, kept: Path) -> int:
    measured = Measured()
    gather(project, folder, kept, measured)
    return measured.total


def test_facts_are_measured_once(folder: Path, kept: Path) -> None:
    project = scanned(folder)
    project.apply(box_edit(5))
    first = gather(project, folder, kept)
    assert first.keys() == project.photos.keys()
    assert first[1].whole and len(first[1].whole.phash) in (128, 192)
    assert first[1].boxes.keys() == {box.id for box in project.boxes_of(1)}
    assert measured_again(project, folder, kept) == 0
    assert gather(project, folder, kept) == first


def test_only_photos_whose_boxes_moved_are_measured_anew(folder: Path, kept: Path) -> None:
    project = scanned(folder)
    project.apply(box_edit(5))
    gather(project, folder, kept)
    (box,) = project.boxes_of(1)
    project.apply(edits.change_box(box, Rect(1, 1, 20, 20)))
    assert measured_again(project, folder, kept) == 1
    assert measured_again(project, folder, kept) == 0


@pytest.mark.changes_photos
def test_a_photo_that_was_replaced_is_measured_and_one_that_moved_is_not(
    folder: Path, kept: Path
) -> None:
    project = scanned(folder)
    before = gather(project, folder, kept)
    draw_photo(folder / "0.jpg", "Green Dome", 77, (120, 90))
    (folder / "1.jpg").rename(folder / "moved.jpg")
    for batch in scan.new_photos(project, folder):
        project.put_photos(batch)
    after = gather(project, folder, kept)
    changed = {n for n in after if after[n] != before.get(n)}
    assert {project.photos[n].path for n in changed} == {"0.jpg"}
    assert measured_again(project, folder, kept) == 0


def test_large_photos_are_measured_once_though_the_scan_has_not_read_them(
    folder: Path, kept: Path
) -> None:
    project = scanned(folder)
    hashes = {n: row.hash for n, row in project.photos.items()}
    project = Project.of(replace(row, hash="") for row in project.photos.values())
    found = gather(project, folder, kept)
    assert {n: facts.content for n, facts in found.items()} == hashes
    assert measured_again(project, folder, kept) == 0


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + bytes(4000)])
def test_a_damaged_file_is_begun_anew(folder: Path, kept: Path, content: bytes) -> None:
    project = scanned(folder)
    kept.parent.mkdir()
    kept.write_bytes(content)
    first = gather(project, folder, kept)
    assert len(first) == 6
    assert measured_again(project, folder, kept) == 0


FIGURES = "0.5, 0.5, 0.5, 0.5, 0.5"


@pytest.mark.parametrize(
    "look",
    [
        *("[]", "nonsense", '["xyz", 1, 1, 1, 1, 1]', '{"a": 1}', "5", "[5, 1]"),
        f'["", "sharp", {FIGURES}]',
        f'["", NaN, {FIGURES}]',
        f'["{"0" * 64}", 0.5, {FIGURES}]',
        f'["{"0 " * 64}", 0.5, {FIGURES}]',
    ],
)
def test_a_look_that_makes_no_sense_is_measured_anew(folder: Path, kept: Path, look: str) -> None:
    project = scanned(folder)
    first = gather(project, folder, kept)
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute("UPDATE looks SET look = ?", (look,))
    assert gather(project, folder, kept) == first
    assert measured_again(project, folder, kept) == 0


def test_a_file_that_another_process_writes_is_left_alone(
    folder: Path, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = scanned(folder)
    first = gather(project, folder, kept)
    before = kept.read_bytes()
    connect = sqlite3.connect
    monkeypatch.setattr(facts_module.sqlite3, "connect", lambda path: connect(path, timeout=0.01))
    with closing(connect(kept)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert gather(project, folder, kept) == first
    assert kept.read_bytes() == before


def test_several_at_once_keep_what_they_measured(folder: Path, kept: Path) -> None:
    project = scanned(folder)
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: gather(project, folder, kept), range(4)))
    assert all(facts == found[0] for facts in found)
    assert measured_again(project, folder, kept) == 0


def test_what_was_measured_before_a_cancel_is_kept(folder: Path, kept: Path) -> None:
    project = scanned(folder)
    done = Measured()
    asked = itertools.count()
    with pytest.raises(Cancelled):
        gather(project, folder, kept, cancel=lambda: next(asked) > 2)
    gather(project, folder, kept, done)
    assert 0 < done.total < 6


def test_a_folder_that_cannot_be_written_keeps_nothing(folder: Path, tmp_path: Path) -> None:
    project = scanned(folder)
    (tmp_path / "file").write_text("in the way")
    assert len(gather(project, folder, tmp_path / "file" / "facts-1.sqlite")) == 6


def test_files_of_other_versions_go(folder: Path, kept: Path) -> None:
    kept.parent.mkdir()
    older, other = kept.with_name("facts-0.sqlite"), kept.with_name("notes.sqlite")
    older.touch()
    other.touch()
    gather(scanned(folder), folder, kept)
    assert kept.is_file() and other.is_file() and not older.exists()


@pytest.mark.parametrize("column", ["camera", "taken", "fault"])
def test_what_is_told_of_a_photo_is_text(folder: Path, kept: Path, column: str) -> None:
    project = scanned(folder)
    first = gather(project, folder, kept)
    with closing(sqlite3.connect(kept)) as connection, connection:
        connection.execute(f"UPDATE photos SET {column} = x'00ff'")
    assert gather(project, folder, kept) == first


@pytest.mark.parametrize("error", [OSError(errno.EIO, "I/O error"), MemoryError()])
def test_a_drive_that_fails_for_a_moment_makes_no_photo_unreadable(
    folder: Path, kept: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = scanned(folder)
    with monkeypatch.context() as patched:
        patched.setattr(JpegImageFile, "load", lambda _: (_ for _ in ()).throw(error))
        assert gather(project, folder, kept) == {}
    assert all(facts.whole for facts in gather(project, folder, kept).values())


@pytest.mark.changes_photos
def test_a_file_that_was_replaced_since_the_scan_says_nothing_of_the_one_before(
    folder: Path, kept: Path
) -> None:
    project, before = scanned(folder), (folder / "0.jpg").read_bytes()
    expected = gather(project, folder)
    draw_photo(folder / "0.jpg", "Green Dome", 77, (120, 90))
    now = gather(project, folder, kept)
    assert [n for n in now if now[n] != expected[n]] == [0 if 0 in now else 1]
    (folder / "0.jpg").write_bytes(before)
    assert gather(project, folder, kept) == expected


def test_a_photo_that_cannot_be_decoded_is_told_once(folder: Path, kept: Path) -> None:
    whole = (folder / "0.jpg").read_bytes()
    (folder / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    project = scanned(folder)
    found = {project.photos[n].path: facts for n, facts in gather(project, folder, kept).items()}
    assert found["cut.jpg"].fault and found["cut.jpg"].whole is None
    assert measured_again(project, folder, kept) == 0


def test_when_a_file_was_written_makes_no_burst(folder: Path, kept: Path) -> None:
    exif = Image.Exif()
    exif[0x010F], exif[0x0110], exif[0x0132] = "Canon", "EOS R5", "2024:05:31 18:04:59"
    Image.new("RGB", (40, 30), "red").save(folder / "edited.jpg", exif=exif)
    exif.get_ifd(0x8769).update({0x9003: "2024:05:31 18:04:58", 0x9291: "25"})
    Image.new("RGB", (40, 30), "blue").save(folder / "taken.jpg", exif=exif)
    project = scanned(folder)
    found = {project.photos[n].path: facts for n, facts in gather(project, folder, kept).items()}
    assert (found["edited.jpg"].camera, found["edited.jpg"].taken) == ("Canon EOS R5", "")
    assert found["taken.jpg"].taken == "2024-05-31T18:04:58.25"
