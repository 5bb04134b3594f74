"""Photos that are moved, renamed, exchanged, edited, deleted or put back between two scans."""

from __future__ import annotations

import hashlib
import os
import shutil
import sys
import tempfile
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from itertools import count
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from landmark_gui.core import edits, images, scan
from landmark_gui.core.errors import FolderMissing
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo, Project
from landmark_gui.core.store import ProjectStore


def picture(content: str, width: int = 8) -> bytes:
    """A picture of its own for each letter; all of one width are of one size in bytes."""
    buffer = BytesIO()
    Image.new("RGB", (width, 8), (ord(content), 99, 0)).save(buffer, "BMP")
    return buffer.getvalue()


_seconds = count()


class Folder:
    """Photos a.jpg, b.jpg, c.jpg and their project on disk. The x of a box names its photo."""

    def __init__(self, root: Path, names: str = "abc") -> None:
        self.path = root / "photos"
        self.store = ProjectStore.create(root / "views.landmarks", self.path)
        for name in names:
            self.write(f"{name}.jpg", name)
        self.rescan()
        self.store.commit(edits.add_landmark(self.project, "Tower"))
        for photo in self.project.photos.values():
            self.store.commit(edits.add_box(photo.id, 1, Rect(ord(photo.path[0]), 0, 5, 5)))

    @property
    def project(self) -> Project:
        return self.store.load()

    def write(self, name: str, content: str, width: int = 8) -> None:
        path = self.path / name
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_bytes(picture(content, width))
        date = 1_700_000_000_000_000_000 + 1_000_000_000 * next(_seconds)
        os.utime(path, ns=(date, date))  # no two files of one size have one date

    def rename(self, *steps: str) -> None:
        """Each step is "old new"."""
        for old, new in (step.split() for step in steps):
            (self.path / new).parent.mkdir(exist_ok=True)
            (self.path / old).replace(self.path / new)

    def rescan(self) -> list[Photo]:
        found = []
        for batch in scan.new_photos(self.project, self.path):
            self.store.put_photos(batch)
            found += batch
        assert list(scan.new_photos(self.project, self.path)) == []  # all is said at once
        return found

    def boxes(self) -> dict[str, str]:
        """For each path the letters of the photos whose boxes lie there."""
        project = self.project
        return {
            photo.path: "".join(chr(int(box.rect.x)) for box in project.boxes_of(photo.id))
            for photo in project.photos.values()
        }

    def states(self) -> dict[str, str]:
        return {photo.path: photo.state for photo in self.project.photos.values()}


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path)


def touch_all(folder: Folder) -> None:
    """Give every file another date, so that its content alone can tell what it is."""
    for number, path in enumerate(sorted(folder.path.rglob("*.jpg"))):
        os.utime(path, ns=(number, 1_000_000_000_000 + number))


MOVES = {
    "a new name": (["a.jpg x.jpg"], {"x.jpg": "a", "b.jpg": "b", "c.jpg": "c"}),
    "another folder": (["a.jpg sub/a.jpg"], {"sub/a.jpg": "a", "b.jpg": "b", "c.jpg": "c"}),
    "an exchange": (
        ["a.jpg t.jpg", "b.jpg a.jpg", "t.jpg b.jpg"],
        {"b.jpg": "a", "a.jpg": "b", "c.jpg": "c"},
    ),
    "a ring": (
        ["a.jpg t.jpg", "c.jpg a.jpg", "b.jpg c.jpg", "t.jpg b.jpg"],
        {"b.jpg": "a", "c.jpg": "b", "a.jpg": "c"},
    ),
    "a chain": (
        ["c.jpg d.jpg", "b.jpg c.jpg", "a.jpg b.jpg"],
        {"b.jpg": "a", "c.jpg": "b", "d.jpg": "c"},
    ),
    "another case": (["a.jpg A.JPG"], {"A.JPG": "a", "b.jpg": "b", "c.jpg": "c"}),
}


@pytest.mark.parametrize("dated", [True, False], ids=["same dates", "other dates"])
@pytest.mark.parametrize("steps, expected", MOVES.values(), ids=MOVES.keys())
def test_boxes_follow_a_photo_to_its_new_path(
    folder: Folder, steps: list[str], expected: dict[str, str], dated: bool
) -> None:
    folder.rename(*steps)
    if not dated:
        touch_all(folder)
    folder.rescan()
    assert folder.boxes() == expected
    assert set(folder.states().values()) == {"ok"}


def test_a_photo_that_is_gone_is_missing_until_it_comes_back(folder: Folder) -> None:
    before = folder.project
    (folder.path / "a.jpg").rename(folder.path.parent / "kept.jpg")
    (gone,) = folder.rescan()
    assert (gone.path, gone.state, gone.width) == ("a.jpg", "missing", 8)
    assert "moved or deleted" in gone.reason
    assert folder.boxes()["a.jpg"] == "a"
    (folder.path.parent / "kept.jpg").rename(folder.path / "a.jpg")
    assert [row.state for row in folder.rescan()] == ["ok"]
    assert folder.project == before


def test_a_missing_photo_comes_back_under_another_name(folder: Folder) -> None:
    (folder.path / "a.jpg").unlink()
    folder.rescan()
    folder.write("sub/again.jpg", "a")
    folder.rescan()
    assert folder.boxes() == {"sub/again.jpg": "a", "b.jpg": "b", "c.jpg": "c"}
    assert set(folder.states().values()) == {"ok"}


def test_a_copy_beside_the_photo_is_a_new_photo(folder: Folder) -> None:
    shutil.copy2(folder.path / "a.jpg", folder.path / "copy.jpg")
    (new,) = folder.rescan()
    assert (new.path, new.id) == ("copy.jpg", 4)
    assert folder.boxes() == {"a.jpg": "a", "b.jpg": "b", "c.jpg": "c", "copy.jpg": ""}


def test_of_several_copies_each_goes_to_the_one_of_its_name(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "a")
    shutil.copy2(folder.path / "a.jpg", folder.path / "z.jpg")
    folder.rescan()
    folder.store.commit(edits.add_box(2, 1, Rect(ord("z"), 0, 5, 5)))
    folder.rename("a.jpg one/a.jpg", "z.jpg one/z.jpg")
    touch_all(folder)
    folder.rescan()
    assert folder.boxes() == {"one/a.jpg": "a", "one/z.jpg": "z"}


def test_an_edited_photo_keeps_its_boxes_and_gets_its_new_size(folder: Folder) -> None:
    folder.write("a.jpg", "x", width=20)
    (row,) = folder.rescan()
    assert (row.id, row.width, row.height, row.state) == (1, 20, 8, "ok")
    assert row.hash == images.content_hash(folder.path / "a.jpg")
    assert folder.boxes()["a.jpg"] == "a"


def test_a_new_date_alone_refreshes_the_row_and_nothing_else(folder: Folder) -> None:
    before = folder.project.photos[1]
    os.utime(folder.path / "a.jpg", ns=(5, 5_000_000_000))
    (row,) = folder.rescan()
    assert row.modified == 5_000_000_000
    assert (row.id, row.hash, row.width) == (1, before.hash, before.width)


def test_a_photo_whose_place_another_took_is_missing_under_a_name_of_its_own(
    folder: Folder,
) -> None:
    folder.rename("a.jpg b.jpg")  # what b.jpg was is lost
    folder.rescan()
    assert folder.boxes() == {"b.jpg": "a", "b (replaced).jpg": "b", "c.jpg": "c"}
    assert folder.states() == {"b.jpg": "ok", "b (replaced).jpg": "missing", "c.jpg": "ok"}
    folder.rename("c.jpg b.jpg")
    folder.rescan()
    assert folder.boxes()["b (replaced 2).jpg"] == "a"
    folder.write("found.jpg", "b")
    folder.rescan()
    assert folder.boxes() == {"b.jpg": "c", "b (replaced 2).jpg": "a", "found.jpg": "b"}


def test_a_new_photo_at_the_path_of_one_that_moved_is_new(folder: Folder) -> None:
    folder.rename("a.jpg x.jpg")
    folder.write("a.jpg", "n")
    folder.rescan()
    assert folder.boxes() == {"x.jpg": "a", "b.jpg": "b", "c.jpg": "c", "a.jpg": ""}
    assert folder.project.photos[4].path == "a.jpg"


def test_names_that_a_mac_spells_otherwise_are_the_same(tmp_path: Path) -> None:
    folder = Folder(tmp_path, "a")
    spelt = [unicodedata.normalize(form, "Bröndby 탑.jpg") for form in ("NFC", "NFD")]
    (folder.path / "a.jpg").rename(folder.path / spelt[0])
    folder.rescan()
    (folder.path / spelt[0]).rename(folder.path / spelt[1])
    folder.rescan()
    ((path, boxes),) = folder.boxes().items()
    assert unicodedata.normalize("NFC", path) == spelt[0] and boxes == "a"


def test_a_renamed_folder_is_followed_without_reading_a_photo(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rename("a.jpg one/a.jpg", "b.jpg one/b.jpg")
    folder.rescan()
    folder.rename("one two")

    def refuse(*_: object) -> str:
        raise AssertionError("a photo was read")

    monkeypatch.setattr(images, "content_hash", refuse)
    monkeypatch.setattr(images, "header", refuse)
    assert {row.path for row in folder.rescan()} == {"two/a.jpg", "two/b.jpg"}
    assert folder.boxes() == {"two/a.jpg": "a", "two/b.jpg": "b", "c.jpg": "c"}


def test_a_rescan_opens_no_file(folder: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder.path / "notes").write_text("no photo, and no photo's name")
    folder.rescan()
    opened = []
    monkeypatch.setattr(images, "is_photo", lambda path: opened.append(path))
    monkeypatch.setattr(images, "header", lambda path: opened.append(path))
    monkeypatch.setattr(images, "content_hash", lambda path: opened.append(path))
    assert folder.rescan() == [] and opened == []


def test_a_project_of_version_1_learns_dates_without_reading_whole_files(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = folder.project
    folder.store._connection.execute("UPDATE photos SET modified = 0")
    monkeypatch.delattr(images, "content_hash")
    assert len(folder.rescan()) == 3
    assert folder.project == before


def test_a_folder_that_is_not_there_makes_no_photo_missing(folder: Folder) -> None:
    moved = folder.path.rename(folder.path.with_name("elsewhere"))
    for make in (lambda: None, folder.path.mkdir):  # an unplugged drive may leave its folder
        make()
        with pytest.raises(FolderMissing, match="photos"):
            folder.rescan()
    assert set(folder.states().values()) == {"ok"}
    folder.path.rmdir()
    moved.rename(folder.path)
    assert folder.rescan() == []


@pytest.mark.skipif(sys.platform == "win32", reason="folders are closed in another way there")
@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may read all")
def test_photos_in_a_folder_that_cannot_be_read_are_not_missing(folder: Folder) -> None:
    folder.rename("a.jpg closed/a.jpg")
    folder.rescan()
    (folder.path / "closed").chmod(0)
    try:
        assert folder.rescan() == []
    finally:
        (folder.path / "closed").chmod(0o700)


def test_photos_of_a_closed_folder_are_left_as_they_are(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.rename("a.jpg closed/a.jpg")
    folder.rescan()
    real = os.scandir

    def closed(path: Path) -> object:
        if Path(path).name == "closed":
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", closed)
    assert folder.rescan() == []


def test_a_large_photo_is_listed_first_and_hashed_later(
    folder: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "HASHED_AT_ONCE", 100)
    folder.write("new.jpg", "n")
    (row,) = folder.rescan()
    assert (row.width, row.hash) == (8, "")
    os.utime(folder.path / "a.jpg", ns=(5, 5_000_000_000))
    assert [row.hash for row in folder.rescan()] == [folder.project.photos[1].hash]
    (rows,) = scan.hashed_photos(folder.project, folder.path)
    assert [(row.path, row.hash) for row in rows] == [
        ("new.jpg", images.content_hash(folder.path / "new.jpg"))
    ]
    folder.write("new.jpg", "m", width=9)  # changed since it was listed: for the next scan
    assert list(scan.hashed_photos(folder.project, folder.path)) == []


@pytest.mark.parametrize("name", ["sub/new.jpg", "other.jpg"])
def test_a_large_photo_that_moves_before_it_is_hashed_is_found_by_size_and_date(
    folder: Folder, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr(scan, "HASHED_AT_ONCE", 100)
    folder.write("new.jpg", "n")
    folder.rescan()
    folder.store.commit(edits.add_box(4, 1, Rect(ord("n"), 0, 5, 5)))
    folder.rename(f"new.jpg {name}")
    folder.rescan()
    assert folder.boxes()[name] == "n"


def rounds(*actions: str) -> st.SearchStrategy[list[list[tuple[str, str, str]]]]:
    """What happens before each of some scans: an action and two names."""
    step = st.tuples(st.sampled_from(actions), st.sampled_from("abcd"), st.sampled_from("abcd"))
    return st.lists(st.lists(step, max_size=6), min_size=1, max_size=3)


@settings(max_examples=80, deadline=None)
@given(rounds("move", "exchange", "delete", "touch", "restore"))
def test_boxes_lie_on_their_own_photo_whatever_is_moved(
    happened: list[list[tuple[str, str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as root:
        for folder in lived_through(Path(root), happened):
            boxes, shown = folder.boxes(), shown_in(folder)
            owners = {letter: path for path, letters in boxes.items() for letter in letters}
            for letter, path in owners.items():
                if hash_of(letter) in shown.values():
                    assert shown.get(path) == hash_of(letter)


@settings(max_examples=80, deadline=None)
@given(rounds("move", "exchange", "delete", "touch", "restore", "write", "copy"))
def test_each_file_is_listed_once_and_no_box_is_lost(
    happened: list[list[tuple[str, str, str]]],
) -> None:
    with tempfile.TemporaryDirectory() as root:
        for folder in lived_through(Path(root), happened):
            files = {path.name: images.content_hash(path) for path in folder.path.iterdir()}
            assert shown_in(folder) == files
            assert sorted("".join(folder.boxes().values())) == ["a", "b", "c"]


def lived_through(root: Path, happened: list[list[tuple[str, str, str]]]) -> Iterator[Folder]:
    folder = Folder(root)
    folder.write("z.jpg", "z")  # so that the folder is never empty
    for actions in happened:
        for action in actions:
            act(folder, *action)
        folder.rescan()
        yield folder
    folder.store.close()


def act(folder: Folder, action: str, one: str, other: str) -> None:
    here, there = (folder.path / f"{name}.jpg" for name in (one, other))
    if action == "write":
        folder.write(f"{other}.jpg", one.upper())
    elif action == "restore":
        present = {images.content_hash(path) for path in folder.path.iterdir()}
        if not there.exists() and hash_of(one) not in present and one in "abc":
            folder.write(f"{other}.jpg", one)
    elif not here.exists():
        return
    elif action == "exchange" and there.exists() and one != other:
        folder.rename(f"{one}.jpg t.jpg", f"{other}.jpg {one}.jpg", f"t.jpg {other}.jpg")
    elif action == "move" and one != other:
        folder.rename(f"{one}.jpg {other}.jpg")
    elif action == "copy" and one != other:
        shutil.copy2(here, there)
    elif action == "delete":
        here.unlink()
    elif action == "touch":
        os.utime(here, ns=(0, here.stat().st_mtime_ns + 1_000_000))


def hash_of(letter: str) -> str:
    return hashlib.blake2b(picture(letter), digest_size=16).hexdigest()


def shown_in(folder: Folder) -> dict[str, str]:
    return {p.path: p.hash for p in folder.project.photos.values() if p.state == "ok"}
