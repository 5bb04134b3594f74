"""A folder of crops that is brought up to date: what is kept, written, moved, removed and left."""

from __future__ import annotations

import errno
import json
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core import edits
from landmark_gui.core.crops import MANIFEST, CropReport, CropSettings, FileSettings, manifest
from landmark_gui.core.crops.manifest import JOURNAL, content_hash
from landmark_gui.core.errors import Cancelled, DatasetError
from landmark_gui.core.geometry import Rect
from tests.conftest import draw_photo
from tests.crop_workshop import Workshop

BARE = FileSettings(pattern="{photo}")
"""Names that say nothing of the pixels, so that each change has to be noticed."""


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """A box on each of three photos: two towers and a dome."""
    workshop = Workshop(tmp_path)
    for photo_id, landmark_id in ((1, 1), (2, 2), (3, 1)):
        workshop.box(Rect(photo_id, 2, 30, 40), photo_id, landmark_id)
    return workshop


def box(workshop: Workshop, photo_id: int = 1):
    return workshop.project.boxes_of(photo_id)[0]


def delete_box(workshop: Workshop) -> None:
    workshop.project.apply(edits.delete_boxes([box(workshop)]))


def move_box(workshop: Workshop) -> None:
    workshop.project.apply(edits.change_box(box(workshop), rect=Rect(5, 5, 31, 40)))


def exclude_box(workshop: Workshop) -> None:
    workshop.project.apply(edits.exclude_boxes([box(workshop)], True))


def rename(workshop: Workshop) -> None:
    marks = workshop.project.landmarks
    marks[1] = replace(marks[1], name="Minaret")


def swap_names(workshop: Workshop) -> None:
    """Each landmark gets the name that the other had."""
    marks = workshop.project.landmarks
    one, other = marks[1], marks[2]
    workshop.project.landmarks[1] = replace(one, name=other.name)
    workshop.project.landmarks[2] = replace(other, name=one.name)


def another_split(workshop: Workshop) -> None:
    workshop.splits[1] = "test"


def replace_photo(workshop: Workshop) -> None:
    draw_photo(workshop.photos_dir / "1.jpg", "Green Dome", 7)
    workshop.project.put_photos([workshop.describe(workshop.project.photos[1])])


CHANGES = [
    delete_box,
    move_box,
    exclude_box,
    rename,
    swap_names,
    another_split,
    replace_photo,
    lambda workshop: None,
]


@pytest.mark.parametrize("files", [FileSettings(), BARE, FileSettings(pattern="{number}")])
@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_after_a_change_the_folder_is_as_if_it_were_new(
    workshop: Workshop, change: Callable[[Workshop], None], files: FileSettings
) -> None:
    workshop.export(files)
    change(workshop)
    workshop.export(files)
    updated = workshop.tree()
    shutil.rmtree(workshop.out)
    workshop.export(files)
    assert workshop.tree() == updated


@pytest.mark.parametrize(
    "files",
    [
        FileSettings(size=20, pattern="{photo}"),
        FileSettings(quality=30, pattern="{photo}"),
        FileSettings(form="png", pattern="{photo}"),
        FileSettings(pattern="{number}"),
    ],
)
def test_another_setting_changes_every_file(workshop: Workshop, files: FileSettings) -> None:
    workshop.export(BARE)
    workshop.export(files)
    updated = workshop.tree()
    shutil.rmtree(workshop.out)
    workshop.export(files)
    assert workshop.tree() == updated
    assert workshop.export(files) == CropReport(kept=3)
    workshop.export(files, CropSettings(margin=0.2))
    assert workshop.tree().keys() >= updated.keys() and workshop.tree() != updated


def test_a_renamed_landmark_moves_its_crops(workshop: Workshop) -> None:
    workshop.export()
    before = sorted(workshop.files().values())
    rename(workshop)
    assert workshop.export() == CropReport(written=2, kept=1, removed=2)
    assert sorted(workshop.files().values()) == before  # the very files, with their times
    assert not (workshop.out / "train" / "Tower").exists()


@pytest.mark.parametrize("damage", [b"", b"edited by someone", None])
def test_a_file_that_was_changed_is_written_anew(workshop: Workshop, damage: bytes | None) -> None:
    workshop.export()
    whole = workshop.tree()
    path = next(workshop.out.rglob("*.jpg"))
    path.write_bytes(path.read_bytes()[:-3] if damage is None else damage)
    assert workshop.export() == CropReport(written=1, kept=2)
    assert workshop.tree() == whole
    path.unlink()
    assert workshop.export() == CropReport(written=1, kept=2)
    assert workshop.tree() == whole


def test_a_changed_file_that_is_no_longer_wanted_is_left_and_named(workshop: Workshop) -> None:
    workshop.export(BARE)
    path = workshop.out / "train" / "Tower" / "1.jpg"
    path.write_bytes(b"retouched")
    delete_box(workshop)
    report = workshop.export(BARE)
    assert (report.removed, report.skipped[0][0]) == (0, path)
    assert path.read_bytes() == b"retouched"
    assert workshop.export(BARE).skipped == []  # it is somebody else's now


def test_a_strangers_file_keeps_its_name_and_the_crop_takes_another(workshop: Workshop) -> None:
    theirs = workshop.out / "train" / "Tower" / "1.jpg"
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"a photo of the person's own")
    folder = workshop.out / "validation" / "Dome" / "2.jpg"
    folder.mkdir(parents=True)
    assert workshop.export(BARE).written == 3
    assert theirs.read_bytes() == b"a photo of the person's own" and folder.is_dir()
    assert {"train/Tower/1 (2).jpg", "validation/Dome/2 (2).jpg"} <= workshop.files().keys()
    assert workshop.export(BARE) == CropReport(kept=3)
    delete_box(workshop)
    workshop.export(BARE)
    assert [path.name for path in theirs.parent.iterdir()] == ["1.jpg"]
    theirs.unlink()
    shutil.rmtree(folder)
    workshop.export(BARE)
    assert "validation/Dome/2.jpg" in workshop.files()


def test_a_disk_that_keeps_the_case_of_a_folder_has_no_strangers(workshop: Workshop) -> None:
    """Where case does not matter, a file of ours is listed under another name than it was given."""
    workshop.export(BARE)
    before = workshop.files()
    again = workshop.out / "train" / "tower" / "1.jpg"
    if made := not again.exists():  # so it is the same file, as on such a disk
        again.parent.mkdir()
        again.hardlink_to(workshop.out / "train" / "Tower" / "1.jpg")
    report = workshop.export(BARE)
    assert (report.kept, report.written, report.removed) == (3, 0, 0)
    if made:
        again.unlink()
    assert workshop.files() == before


@pytest.mark.parametrize(
    "change", [{"pixels": [1]}, {"photo": 5}, {"landmark": None}, {"size": True}, {"hash": 3.5}]
)
def test_a_list_of_files_that_nobody_of_ours_wrote_is_named(
    workshop: Workshop, change: dict[str, object]
) -> None:
    workshop.export()
    path = workshop.out / MANIFEST
    document = json.loads(path.read_text("utf-8"))
    next(iter(document["files"].values())).update(change)
    path.write_text(json.dumps(document), "utf-8")
    before = workshop.tree()
    with pytest.raises(DatasetError, match="damaged"):
        workshop.export(FileSettings(size=8))
    assert workshop.tree() == before


def test_a_file_where_a_folder_should_be_is_named_and_the_rest_is_written(
    workshop: Workshop,
) -> None:
    workshop.out.mkdir()
    (workshop.out / "validation").write_text("a file")
    report = workshop.export()
    assert report.written == 2
    assert report.skipped[0][0] == workshop.out / "validation"
    assert "folder should be" in report.skipped[0][1]
    (workshop.out / "validation").unlink()
    assert workshop.export() == CropReport(written=1, kept=2)


def test_the_manifest_says_where_each_file_comes_from(workshop: Workshop) -> None:
    workshop.export(BARE)
    document = json.loads((workshop.out / MANIFEST).read_text("utf-8"))
    assert document["version"] == 2
    entry = document["files"]["train/Tower/1.jpg"]
    content = (workshop.out / "train/Tower/1.jpg").read_bytes()
    assert (entry["size"], entry["hash"]) == (len(content), content_hash(content))
    photo = workshop.project.photos[1]
    assert (entry["photo"], entry["photo_hash"]) == ("1.jpg", photo.hash)
    assert (entry["box"], entry["rect"]) == (box(workshop).id, [1, 2, 30, 40])
    assert (entry["landmark"], entry["split"]) == ("Tower", "train")
    others = document["files"].values()
    assert {other["settings"] for other in others} == {entry["settings"]}
    assert not (workshop.out / JOURNAL).exists()


def test_a_manifest_of_version_1_is_understood(workshop: Workshop) -> None:
    workshop.export(BARE)
    new = workshop.tree()
    old = workshop.out / "train" / "Old Tower" / "1-1-6e2bce8b-39132fce21.jpg"
    old.parent.mkdir()
    old.write_bytes(b"a crop of long ago")
    listed = [path.relative_to(workshop.out).as_posix() for path in workshop.out.rglob("*.jpg")]
    for folder in workshop.out.glob("*/*"):  # version 1 made none without crops
        if not any(folder.iterdir()):
            folder.rmdir()
    (workshop.out / MANIFEST).write_text(json.dumps({"version": 1, "files": listed}))
    assert workshop.export(BARE) == CropReport(written=3, removed=1)
    assert workshop.tree() == new


def test_the_bytes_do_not_depend_on_the_threads(workshop: Workshop, monkeypatch) -> None:
    workshop.export()
    before = workshop.tree()
    for cores in (1, 7):
        shutil.rmtree(workshop.out)
        monkeypatch.setattr("os.cpu_count", lambda cores=cores: cores)
        workshop.export()
        assert workshop.tree() == before


def test_a_photo_that_went_bad_leaves_no_crop_of_what_it_was(workshop: Workshop) -> None:
    workshop.export(BARE)
    replace_photo(workshop)
    (workshop.photos_dir / "1.jpg").write_bytes(b"damaged")
    report = workshop.export(BARE)
    assert (report.kept, report.removed, len(report.skipped)) == (2, 1, 1)
    assert "train/Tower/1.jpg" not in workshop.files()


def test_a_full_disk_is_named_and_what_was_written_is_kept(workshop: Workshop, monkeypatch) -> None:
    write = manifest.write_file
    written: list[Path] = []

    def fails_the_second_time(path: Path, content: bytes) -> None:
        if written:
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(path)
        write(path, content)

    monkeypatch.setattr("os.cpu_count", lambda: 1)
    monkeypatch.setattr("landmark_gui.core.crops.folder.write_file", fails_the_second_time)
    with pytest.raises(DatasetError, match="No space left"):
        workshop.export()
    monkeypatch.setattr("landmark_gui.core.crops.folder.write_file", write)
    assert workshop.export() == CropReport(written=2, kept=1)


def test_one_file_that_cannot_be_written_is_named_and_the_rest_goes_on(
    workshop: Workshop, monkeypatch
) -> None:
    write = manifest.write_file

    def refuses_one(path: Path, content: bytes) -> None:
        if path.name == "2.jpg":
            raise PermissionError(errno.EACCES, "Permission denied")
        write(path, content)

    monkeypatch.setattr("landmark_gui.core.crops.folder.write_file", refuses_one)
    report = workshop.export(BARE)
    assert report.written == 2
    assert report.skipped == [
        (workshop.out / "validation/Dome/2.jpg", "it could not be written: Permission denied")
    ]
    monkeypatch.setattr("landmark_gui.core.crops.folder.write_file", write)
    assert workshop.export(BARE) == CropReport(written=1, kept=2)


class Killed(BaseException):
    """The process ends here; nothing that it would still do reaches the disk."""


def test_a_file_that_could_not_be_replaced_is_still_known_as_ours(
    workshop: Workshop, monkeypatch
) -> None:
    """As on Windows, where a picture that is open in another program cannot be replaced."""
    workshop.export(BARE)

    def refused(path: Path, content: bytes) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    with monkeypatch.context() as patched:
        patched.setattr("landmark_gui.core.crops.folder.write_file", refused)
        move_box(workshop)
        report = workshop.export(BARE)
        assert [path.name for path, _ in report.skipped] == ["1.jpg"]
    delete_box(workshop)
    assert workshop.export(BARE) == CropReport(kept=2, removed=1)
    assert not (workshop.out / "train" / "Tower" / "1.jpg").exists()


def test_a_file_that_cannot_be_moved_is_cut_anew_and_the_rest_goes_on(
    workshop: Workshop, monkeypatch
) -> None:
    workshop.export()
    replace_file = Path.replace

    def refused(path: Path, target: Path) -> Path:
        if path.suffix == ".jpg" and "Tower" in path.parts:
            raise PermissionError(errno.EACCES, "Permission denied")
        return replace_file(path, target)

    monkeypatch.setattr(Path, "replace", refused)
    rename(workshop)
    assert workshop.export() == CropReport(written=2, kept=1, removed=2)
    assert sorted(path.parent.name for path in workshop.out.rglob("*.jpg")) == [
        *("Dome", "Minaret", "Minaret")
    ]


def test_a_list_of_a_newer_version_is_left_alone(workshop: Workshop) -> None:
    workshop.export()
    path = workshop.out / MANIFEST
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), "version": 3}), "utf-8")
    before = workshop.tree()
    with pytest.raises(DatasetError, match="newer version"):
        workshop.export(BARE)
    assert workshop.tree() == before


@contextmanager
def killed_after(steps: int, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every change of the disk counts as a step; after so many, none is made any more."""
    made: list[str] = []

    def counted(name: str, change: Callable[..., object]) -> Callable[..., object]:
        def step(*arguments: object, **options: object) -> object:
            if len(made) >= steps:
                raise Killed
            made.append(name)
            return change(*arguments, **options)

        return step

    with monkeypatch.context() as patch:
        patch.setattr("os.cpu_count", lambda: 1)
        for name in ("write_bytes", "replace", "unlink", "mkdir", "rmdir"):
            patch.setattr(Path, name, counted(name, getattr(Path, name)))
        patch.setattr("os.fsync", counted("fsync", lambda number: None))
        patch.setattr(manifest.Manifest, "note", counted("note", manifest.Manifest.note))
        yield made


@pytest.mark.parametrize("change", [delete_box, move_box, rename, swap_names, another_split])
def test_a_run_that_is_killed_between_two_steps_is_finished_by_the_next(
    workshop: Workshop, change: Callable[[Workshop], None], monkeypatch, tmp_path: Path
) -> None:
    workshop.export(BARE)
    theirs = workshop.out / "train" / "Tower" / "theirs.jpg"
    theirs.write_bytes(b"theirs")
    start = tmp_path / "start"
    shutil.copytree(workshop.out, start)
    change(workshop)
    workshop.export(BARE)
    wanted = workshop.tree()
    for steps in range(100):
        shutil.rmtree(workshop.out)
        shutil.copytree(start, workshop.out)
        with killed_after(steps, monkeypatch):
            try:
                workshop.export(BARE)
                finished = True
            except Killed:
                finished = False
        workshop.export(BARE)
        assert workshop.tree() == wanted, f"killed after {steps} steps"
        if finished:
            break
    assert steps >= 5 and finished


def test_a_run_that_is_cancelled_anywhere_is_finished_by_the_next(workshop: Workshop) -> None:
    workshop.export(BARE)
    rename(workshop)
    move_box(workshop)
    start = workshop.out.with_name("start")
    shutil.copytree(workshop.out, start)
    workshop.export(BARE)
    wanted = workshop.tree()
    for asked in range(4):
        shutil.rmtree(workshop.out)
        shutil.copytree(start, workshop.out)
        left = iter([False] * asked + [True] * 9)
        try:
            workshop.export(BARE, cancel=lambda left=left: next(left))
        except Cancelled:
            assert asked < 3
        workshop.export(BARE)
        assert workshop.tree() == wanted
