"""Crops as a zip file, as TFRecords, and as Hugging Face's imagefolder."""

from __future__ import annotations

import errno
import json
import struct
import zlib
from contextlib import nullcontext
from pathlib import Path
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits
from landmark_gui.core.crops import MANIFEST, CropReport, ExportKind, refuse_among_photos
from landmark_gui.core.crops.records import crc32c, example, record
from landmark_gui.core.errors import Cancelled, DatasetError
from landmark_gui.core.geometry import Rect
from tests.crop_workshop import Workshop

KINDS: tuple[ExportKind, ...] = ("folder", "zip", "tfrecord", "imagefolder")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    """Towers for training and test, a dome for validation."""
    workshop = Workshop(tmp_path)
    for photo_id, landmark_id in ((1, 1), (2, 2), (3, 1)):
        workshop.box(Rect(photo_id, 2, 30, 40), photo_id, landmark_id)
    return workshop


def everything(path: Path) -> dict[str, bytes]:
    if path.is_file():
        return {"": path.read_bytes()}
    found = (file for file in path.rglob("*") if file.is_file())
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in found}


@pytest.mark.parametrize("kind", KINDS)
def test_each_form_is_the_same_each_time(
    workshop: Workshop, kind: ExportKind, tmp_path: Path, monkeypatch
) -> None:
    told: list[tuple[int, int]] = []
    report = workshop.export_as(
        kind, tmp_path / "a", progress=lambda done, total: told.append((done, total))
    )
    assert report == CropReport(written=3)
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]
    monkeypatch.setattr("os.cpu_count", lambda: 7)
    workshop.export_as(kind, tmp_path / "b")
    workshop.export_as(kind, tmp_path / "a")
    assert everything(tmp_path / "a") == everything(tmp_path / "b")


@pytest.mark.parametrize("kind", KINDS)
def test_a_damaged_photo_is_named_and_the_rest_goes_on(
    workshop: Workshop, kind: ExportKind, tmp_path: Path
) -> None:
    (workshop.photos_dir / "2.jpg").write_bytes(b"damaged")
    report = workshop.export_as(kind, tmp_path / "a")
    assert (report.written, [path.name for path, _ in report.skipped]) == (2, ["2.jpg"])


@pytest.mark.parametrize("kind", ["zip", "tfrecord"])
@pytest.mark.parametrize("stop", [Cancelled, OSError(errno.ENOSPC, "No space left on device")])
def test_what_is_cut_short_leaves_the_earlier_file_and_no_half_one(
    workshop: Workshop, kind: ExportKind, tmp_path: Path, stop
) -> None:
    asked: list[bool] = []

    def cancel() -> bool:
        asked.append(True)
        if len(asked) == 2:
            raise stop
        return False

    out = tmp_path / "a"
    with pytest.raises((Cancelled, DatasetError)):
        workshop.export_as(kind, out, cancel=cancel)
    assert everything(out) == {} if out.is_dir() else not out.exists()
    workshop.export_as(kind, out)
    before = everything(out)
    asked.clear()
    with pytest.raises((Cancelled, DatasetError)):
        workshop.export_as(kind, out, cancel=cancel)
    assert everything(out) == before


@pytest.mark.parametrize("kind", KINDS)
def test_where_nothing_can_be_written_it_is_said(
    workshop: Workshop, kind: ExportKind, tmp_path: Path
) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(DatasetError, match="could not be written"):
        workshop.export_as(kind, tmp_path / "file" / "a")


def test_a_zip_file_holds_the_tree_of_the_folder(workshop: Workshop, tmp_path: Path) -> None:
    workshop.export_as("zip", tmp_path / "a.zip")
    with ZipFile(tmp_path / "a.zip") as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "out")
    workshop.export()
    assert everything(tmp_path / "out") == everything(workshop.out)
    folders = {path.relative_to(tmp_path / "out") for path in (tmp_path / "out").rglob("*/")}
    assert {Path("train/Dome"), Path("test/Tower")} <= folders


def test_an_imagefolder_lists_its_files_with_their_labels(
    workshop: Workshop, tmp_path: Path
) -> None:
    """Read as Hugging Face's manual says: a line of JSON for each file, beside or above it."""
    out = tmp_path / "a"
    project = workshop.project
    project.apply(edits.delete_boxes(project.boxes_of(3)))
    project.apply(edits.set_photos_landmark([project.photos[3]], 1))  # a whole photo has no box
    workshop.export_as("imagefolder", out)
    names = (out / "labels.txt").read_text("utf-8").splitlines()
    assert names == ["Dome", "Tower"]
    keys = set()
    for split in ("train", "validation", "test"):
        lines = (out / split / "metadata.jsonl").read_text("utf-8").splitlines()
        rows = [json.loads(line) for line in lines]
        files = {(out / split / row["file_name"]).resolve() for row in rows}
        assert files == {path.resolve() for path in (out / split).rglob("*.jpg")}
        for row in rows:
            keys.add(tuple((name, type(value)) for name, value in row.items()))
            assert {type(side) for side in row["rect"]} == {float}
            assert names[row["label"]] == row["landmark"] == row["file_name"].split("/")[0]
    assert len(keys) == 1  # `datasets` refuses lists that differ in their columns or kinds
    assert workshop.export_as("imagefolder", out) == CropReport(kept=3)


def test_a_split_without_crops_has_no_list_and_an_old_list_goes(
    workshop: Workshop, tmp_path: Path
) -> None:
    out = tmp_path / "a"
    workshop.export_as("imagefolder", out)
    workshop.splits[3] = "train"
    workshop.export_as("imagefolder", out)
    assert not (out / "test" / "metadata.jsonl").exists() and (out / "test" / "Tower").is_dir()
    workshop.export_as("folder", out)
    assert {path.suffix for path in out.rglob("*") if path.is_file()} == {".jpg", ".json"}


@pytest.mark.parametrize(
    ("kind", "name"), [("imagefolder", "train/metadata.jsonl"), ("tfrecord", "test.tfrecord")]
)
def test_files_of_others_are_not_replaced(
    workshop: Workshop, tmp_path: Path, kind: ExportKind, name: str
) -> None:
    theirs = tmp_path / "a" / name
    theirs.parent.mkdir(parents=True)
    theirs.write_bytes(b"theirs")
    (tmp_path / "a" / "crops-tfrecord.json").write_text('{"files": 5}')
    with pytest.raises(DatasetError, match="not from an earlier export"):
        workshop.export_as(kind, tmp_path / "a")
    assert theirs.read_bytes() == b"theirs"


def test_a_zip_file_replaces_only_one_of_ours(workshop: Workshop, tmp_path: Path) -> None:
    with ZipFile(tmp_path / "theirs.zip", "w") as archive:
        archive.writestr("thesis.txt", "ten years of work")
    for theirs in (workshop.photos_dir / "1.jpg", tmp_path / "theirs.zip"):
        before = theirs.read_bytes()
        with pytest.raises(DatasetError, match="not from an earlier export"):
            workshop.export_as("zip", theirs)
        assert theirs.read_bytes() == before
    ours = tmp_path / "ours.zip"
    workshop.export_as("zip", ours)
    workshop.box(Rect(40, 2, 30, 40), 1)
    assert workshop.export_as("zip", ours).written == 4


def test_checksums_are_those_of_rfc_3720() -> None:
    assert crc32c(b"") == 0
    assert crc32c(b"123456789") == 0xE3069283
    assert crc32c(bytes(32)) == 0x8A9136AA
    assert crc32c(b"\xff" * 32) == 0x62A8AB43
    assert crc32c(bytes(range(32))) == 0x46DD794E
    assert crc32c(bytes(range(31, -1, -1))) == 0x113FDB5C


@given(st.binary(max_size=400))
def test_checksums_in_lanes_are_those_bit_by_bit(content: bytes) -> None:
    register = 0xFFFFFFFF
    for byte in content:
        register ^= byte
        for _ in range(8):
            register = register >> 1 ^ (0x82F63B78 if register & 1 else 0)
    assert crc32c(content) == register ^ 0xFFFFFFFF
    assert crc32c(content) != zlib.crc32(content) or not content


def test_a_record_is_framed_by_its_length(tmp_path: Path) -> None:
    framed = record(b"content")
    assert struct.unpack("<Q", framed[:8]) == (7,) and framed[12:-4] == b"content"


def test_an_example_of_one_feature_byte_by_byte() -> None:
    assert example({"a": 300}) == bytes.fromhex("0a0d0a0b0a016112061a040a02ac02")


def test_the_folder_of_tfrecords_says_what_is_ours(workshop: Workshop, tmp_path: Path) -> None:
    out = tmp_path / "a"
    workshop.export_as("tfrecord", out)
    assert {path.name for path in out.iterdir()} == {
        *("train.tfrecord", "validation.tfrecord", "test.tfrecord"),
        *("labels.txt", "crops-tfrecord.json"),
    }
    assert MANIFEST not in everything(out)


@pytest.mark.parametrize(
    ("out", "photos", "refused"),
    [
        ("photos", "photos", True),
        ("photos/crops", "photos", True),
        ("", "train", True),  # the crops would go to train/…, which are the photos
        ("", "test/Petra", True),
        ("", "photos", False),
        ("crops", "photos", False),
        ("photos/views.data/crops", "photos", False),
        ("photos/.hidden", "photos", False),
        ("link/crops", "photos", True),
    ],
)
def test_a_place_where_crops_would_be_new_photos_is_refused(
    out: str, photos: str, refused: bool, tmp_path: Path
) -> None:
    (tmp_path / photos).mkdir(parents=True)
    (tmp_path / "link").symlink_to(tmp_path / photos)
    for kind in KINDS:
        told = pytest.raises(DatasetError, match="taken for new photos")
        with told if refused and kind in ("folder", "imagefolder") else nullcontext():
            refuse_among_photos(kind, tmp_path / out, tmp_path / photos)
