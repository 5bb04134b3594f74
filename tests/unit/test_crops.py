from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageOps

from landmark_gui.core import crops, edits, images, scan
from landmark_gui.core.crops import MANIFEST, Crop, CropReport, CropSettings, FileSettings, naming
from landmark_gui.core.errors import Cancelled, DatasetError, ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.preprocess import to_input
from tests.conftest import draw_photo
from tests.crop_workshop import Workshop
from tests.rows import box_edit, photo, small_project


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


def test_each_box_is_an_example_and_other_photos_count_whole(workshop: Workshop) -> None:
    first = workshop.box(Rect(1, 2, 30, 40))
    second = workshop.box(Rect(5, 5, 10, 10), landmark_id=2)
    project = workshop.project
    project.apply(edits.set_photos_landmark([project.photos[1]], 2))  # the boxes say it better
    project.apply(edits.set_photos_landmark([project.photos[2]], 2))
    found = [(c.photo_id, c.box_id, c.rect, c.landmark, c.split) for c in workshop.plan()]
    assert found == [
        (1, first, Rect(1, 2, 30, 40), "Tower", "train"),
        (1, second, Rect(5, 5, 10, 10), "Dome", "train"),
        (2, None, None, "Dome", "validation"),
    ]


def test_whole_photos_are_taken_once_for_each_landmark_on_them(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.box(Rect(5, 5, 10, 10))
    workshop.box(Rect(5, 5, 10, 10), landmark_id=2)
    found = [(c.photo_id, c.rect, c.landmark) for c in workshop.plan(CropSettings(use="photos"))]
    assert found == [(1, None, "Tower"), (1, None, "Dome")]


def test_a_margin_grows_the_crop_but_not_past_the_photo(workshop: Workshop) -> None:
    workshop.box(Rect(5, 20, 40, 20))
    (crop,) = workshop.plan(CropSettings(margin=0.25))
    assert crop.rect == Rect(0, 15, 55, 30)


def test_what_cannot_be_cut_is_not_planned(workshop: Workshop) -> None:
    workshop.box(Rect(5, 5, 0.5, 20))
    workshop.box(Rect(500, 5, 20, 20))
    workshop.box(Rect(5, 5, 20, 20), photo_id=2)
    rows = workshop.project.photos
    workshop.project.put_photos([replace(rows[2], state="unreadable", reason="gone")])
    workshop.project.put_photos([photo(4, "../secret.jpg", landmark_id=1)])
    assert workshop.plan() == []


@pytest.mark.parametrize("margin", [-0.1, 1.1, float("nan")])
def test_a_margin_that_makes_no_sense_is_refused(margin: float) -> None:
    with pytest.raises(DatasetError):
        CropSettings(margin=margin)


@pytest.mark.parametrize("values", [{"size": 0}, {"size": -5}, {"quality": 0}, {"quality": 101}])
def test_files_that_make_no_sense_are_refused(values: dict[str, int]) -> None:
    with pytest.raises(DatasetError):
        FileSettings(**values)  # type: ignore[arg-type]


def as_jpeg(picture: Image.Image) -> bytes:
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=crops.JPEG_QUALITY)
    return buffer.getvalue()


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_crop_holds_the_very_pixels_of_its_box(workshop: Workshop, orientation: int) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    with Image.open(workshop.photos_dir / "1.jpg") as drawn:
        drawn.save(workshop.photos_dir / "1.jpg", exif=exif, quality=95)
    workshop.project.put_photos([workshop.describe(workshop.project.photos[1])])
    workshop.box(Rect(3, 11, 41, 29))
    workshop.export()
    with Image.open(workshop.photos_dir / "1.jpg") as stored:
        wanted = ImageOps.exif_transpose(stored).crop((3, 11, 44, 40))
    ((content, _),) = workshop.files().values()
    assert content == as_jpeg(wanted)


def test_a_crop_of_fractions_is_rounded_to_the_nearest_pixels(workshop: Workshop) -> None:
    workshop.box(Rect(2.6, 3.4, 20.0, 30.0))
    workshop.export()
    ((content, _),) = workshop.files().values()
    with Image.open(workshop.photos_dir / "1.jpg") as stored:
        assert content == as_jpeg(stored.crop((3, 3, 23, 33)))


def test_a_crop_is_made_small_but_never_enlarged(workshop: Workshop) -> None:
    workshop.box(Rect(0, 0, 60, 30))
    workshop.box(Rect(0, 0, 10, 20), photo_id=2)
    workshop.export(FileSettings(size=24))
    sizes = {Image.open(BytesIO(content)).size for content, _ in workshop.files().values()}
    assert sizes == {(24, 12), (10, 20)}


@pytest.mark.shared
def test_a_small_crop_of_a_large_photo_looks_like_one_cut_from_all_its_pixels(
    shared: Path, tmp_path: Path
) -> None:
    folder = shared / "data" / "large"
    row = scan.describe(1, folder / "hoian_12.1MP.jpg", "hoian_12.1MP.jpg")
    rect = Rect(400.3, 300.7, 1800, 1500)
    crop = Crop(1, "b", folder / row.path, row.hash, (row.width, row.height), rect, "x", "train")
    crops.export([crop], FileSettings(size=200), tmp_path)
    (path,) = tmp_path.rglob("*.jpg")
    exact, *shifted = (cut_exactly(crop, dx, dy) for dx, dy in ((0, 0), (28, 0), (0, 23)))
    saved, wanted = images.load(path), exact.resize((200, 167), Image.Resampling.BICUBIC)
    assert saved.size == wanted.size
    assert difference(saved.convert("L"), wanted.convert("L")) < 4  # JPEG keeps half the colours
    seen = crops.render(crop, 64)
    off = [difference(seen, to_input(np.asarray(cut), 64)) for cut in (exact, *shifted)]
    assert off[0] < 6 and off[0] < 0.7 * min(off[1:])  # a shift by one pixel of 64 would show


def cut_exactly(crop: Crop, dx: int = 0, dy: int = 0) -> Image.Image:
    """The box from all pixels of the photo, shifted by (dx, dy)."""
    assert crop.rect is not None
    left, top, right, bottom = (
        round(side) for side in (crop.rect.x, crop.rect.y, crop.rect.right, crop.rect.bottom)
    )
    return images.load(crop.path).crop((left + dx, top + dy, right + dx, bottom + dy))


def difference(found: object, wanted: object) -> float:
    return float(np.abs(np.asarray(found, int) - np.asarray(wanted, int)).mean())


def test_a_second_run_writes_nothing(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.box(Rect(1, 2, 30, 40), photo_id=2, landmark_id=2)
    assert workshop.export() == CropReport(written=2)
    before = workshop.files()
    assert workshop.export() == CropReport(kept=2)
    assert workshop.files() == before
    assert {name.rpartition("/")[0] for name in before} == {"train/Tower", "validation/Dome"}


def test_a_moved_box_rewrites_its_crop_alone(workshop: Workshop) -> None:
    moved = workshop.box(Rect(1, 2, 30, 40))
    workshop.box(Rect(5, 6, 20, 20))
    workshop.export()
    before = workshop.files()
    box = workshop.project.boxes[moved]
    workshop.project.apply(edits.change_box(box, rect=Rect(1, 2, 30, 41)))
    assert workshop.export() == CropReport(written=1, kept=1, removed=1)
    assert len(before.items() & workshop.files().items()) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda shop: shop.project.apply(edits.delete_boxes(shop.project.boxes_of(1))),
        lambda shop: shop.project.apply(
            edits.delete_landmark(shop.project, shop.project.landmarks[1])
        ),
        lambda shop: shop.project.put_photos(
            [replace(shop.project.photos[1], state="unreadable", reason="gone")]
        ),
    ],
    ids=["box", "landmark", "photo"],
)
def test_what_is_gone_leaves_no_crop_and_no_empty_folder(
    workshop: Workshop, change: Callable[[Workshop], None]
) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.export()
    change(workshop)
    assert workshop.export() == CropReport(removed=1)
    assert [path.name for path in workshop.out.iterdir()] == [MANIFEST]


def test_another_split_or_a_changed_photo_makes_another_crop(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.export()
    workshop.splits[1] = "test"
    assert workshop.export() == CropReport(written=1, removed=1)
    draw_photo(workshop.photos_dir / "1.jpg", "Green Dome", 7)
    workshop.project.put_photos([workshop.describe(workshop.project.photos[1])])
    assert workshop.export() == CropReport(written=1, removed=1)


def test_files_of_others_are_never_touched(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.export()
    theirs = workshop.out / "train" / "Tower" / "mine.jpg"
    theirs.write_bytes(b"a photo of the person's own")
    workshop.project.apply(edits.delete_boxes(workshop.project.boxes_of(1)))
    assert workshop.export().removed == 1
    assert theirs.read_bytes() == b"a photo of the person's own"


def test_the_photos_stay_as_they_are(workshop: Workshop) -> None:
    def state() -> dict[str, tuple[bytes, int]]:
        found = workshop.photos_dir.iterdir()
        return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in found}

    before = state()
    workshop.box(Rect(1, 2, 30, 40))
    workshop.export(FileSettings(size=20), CropSettings(margin=0.5))
    assert state() == before


def test_each_landmark_has_a_folder_of_its_own_whatever_its_name(workshop: Workshop) -> None:
    names = ["경복궁", "Tower 🗼", "N/A", "N:A", "n_a", "..", "CON", "🗼" * 200, " "]
    for name in names:
        workshop.project.apply(edits.add_landmark(workshop.project, name))
        workshop.box(Rect(1, 2, 30, 40), landmark_id=max(workshop.project.landmarks))
    assert workshop.export() == CropReport(written=len(names))
    folders = [path.name for path in (workshop.out / "train").iterdir()]
    assert len({folder.casefold() for folder in folders}) == len(names)
    assert {"경복궁", "Tower 🗼"} <= set(folders)
    assert workshop.export() == CropReport(kept=len(names))


def test_a_cancelled_run_is_taken_up_where_it_stopped(workshop: Workshop) -> None:
    for photo_id in (1, 2, 3):
        workshop.box(Rect(1, 2, 30, 40), photo_id=photo_id)
    asked: list[bool] = []

    def cancel() -> bool:
        asked.append(True)
        return len(asked) > 1

    with pytest.raises(Cancelled):
        workshop.export(cancel=cancel)
    listed = json.loads((workshop.out / MANIFEST).read_text("utf-8"))["files"]
    assert len(workshop.files()) == 1 and workshop.files().keys() <= set(listed)
    assert workshop.export() == CropReport(written=2, kept=1)
    workshop.project.apply(edits.delete_boxes(list(workshop.project.boxes.values())))
    assert workshop.export().removed == 3


def test_progress_counts_up_to_all_of_them(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.box(Rect(5, 6, 20, 20))
    workshop.box(Rect(1, 2, 30, 40), photo_id=2)
    told: list[tuple[int, int]] = []
    workshop.export(progress=lambda done, total: told.append((done, total)))
    assert told == [(0, 3), (2, 3), (3, 3)]


def test_a_photo_that_cannot_be_read_is_named_and_the_rest_goes_on(workshop: Workshop) -> None:
    for photo_id in (1, 2, 3):
        workshop.box(Rect(1, 2, 30, 40), photo_id=photo_id)
    (workshop.photos_dir / "1.jpg").write_bytes(b"damaged")
    (workshop.photos_dir / "2.jpg").unlink()
    report = workshop.export()
    assert report.written == 1
    reasons = {path.name: reason for path, reason in report.skipped}
    assert "not a picture" in reasons["1.jpg"] and "missing" in reasons["2.jpg"]
    draw_photo(workshop.photos_dir / "2.jpg", "Red Tower", 2)
    assert workshop.export().written == 1


def test_a_hostile_manifest_removes_nothing_outside(workshop: Workshop) -> None:
    kept = workshop.out.parent / "kept.jpg"
    kept.touch()
    workshop.out.mkdir()
    names = ["../kept.jpg", str(kept), "train/../../kept.jpg", "..\\kept.jpg", "."]
    (workshop.out / MANIFEST).write_text(json.dumps({"version": 1, "files": names}), "utf-8")
    assert workshop.export().removed == 0
    assert kept.exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 5}', '{"files": [5]}', "\0"])
def test_a_damaged_manifest_is_named_and_nothing_is_removed(
    workshop: Workshop, content: str
) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.export()
    before = workshop.files()
    (workshop.out / MANIFEST).write_text(content)
    with pytest.raises(DatasetError, match=MANIFEST):
        workshop.export()
    assert workshop.files() == before


def test_a_folder_that_cannot_be_written_is_named(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.out.write_text("a file where the folder should be")
    with pytest.raises(DatasetError, match="crops could not be written"):
        workshop.export()


def test_a_crop_becomes_the_input_of_the_network(workshop: Workshop) -> None:
    workshop.box(Rect(3, 11, 41, 29))
    (crop,) = workshop.plan()
    with Image.open(workshop.photos_dir / "1.jpg") as stored:
        wanted = to_input(np.asarray(stored.crop((3, 11, 44, 40))), 32)
        whole = to_input(np.asarray(stored), 32)
    assert (crops.render(crop, 32) == wanted).all()
    assert (crops.render_photo(workshop.photos_dir / "1.jpg", 32) == whole).all()
    with pytest.raises(ImageError):
        crops.render_photo(workshop.photos_dir / "none.jpg", 32)


def test_examples_are_counted_for_each_split_and_class(workshop: Workshop) -> None:
    workshop.box(Rect(1, 2, 30, 40))
    workshop.box(Rect(1, 2, 30, 40), photo_id=3)
    assert crops.split_counts(workshop.plan(), ("Tower", "Dome")) == {
        "train": {"Tower": 1, "Dome": 0},
        "validation": {"Tower": 0, "Dome": 0},
        "test": {"Tower": 1, "Dome": 0},
    }


def test_a_large_photo_that_was_not_read_yet_gets_new_crops_once_its_file_changes() -> None:
    project = small_project()
    project.apply(box_edit())
    names = set()
    for modified in (1, 2):
        project.photos[1] = photo(1, hash="", modified=modified)
        (crop,) = crops.plan(project, Path("photos"), CropSettings(), {})
        names |= naming.targets([crop], FileSettings()).keys()
    assert len(names) == 2
