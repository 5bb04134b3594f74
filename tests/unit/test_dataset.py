from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from landmark_gui.core import edits, scan
from landmark_gui.core.crops import CropSettings
from landmark_gui.core.dataset import (
    Examples,
    load_project_examples,
    project_splits,
    remember_splits,
    remembered_split,
)
from landmark_gui.core.errors import Cancelled, DatasetError, ProjectError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from landmark_gui.core.splits import SplitFractions, SplitSettings
from landmark_gui.core.store import ProjectStore
from tests.conftest import draw_photo
from tests.rows import as_edit, box_edit, photo

FRACTIONS = SplitFractions()


def labelled(count: int = 20) -> Project:
    """A tower on the first half of the photos, a dome on the second; a gate on none."""
    project = Project.of(photo(number) for number in range(count))
    for name in ("Tower", "Gate", "Dome"):
        project.apply(edits.add_landmark(project, name))
    for number in range(count):
        project.apply(box_edit(number, number, 1 if number < count / 2 else 3))
    return project


def saved(project: Project, path: Path) -> Path:
    with ProjectStore.create(path, path.parent / "photos") as store:
        store.put_photos(project.photos.values())
        store.commit(as_edit(project))
    return path


def test_examples_of_a_project(tmp_path: Path) -> None:
    path = saved(labelled(), tmp_path / "a.landmarks")
    before = path.read_bytes()
    examples = load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS))
    assert examples.classes == ("Tower", "Dome")  # in the person's order, without the empty gate
    sizes = [len(examples.of(split)) for split in ("train", "validation", "test")]
    assert sum(sizes) == 20 and sizes[0] == 14 and min(sizes) >= 2
    for crop in examples.crops:
        assert examples.labels([crop]) == [0 if crop.photo_id < 10 else 1]
        assert crop.path == tmp_path / "photos" / f"IMG_{crop.photo_id}.jpg"
    assert path.read_bytes() == before


def test_the_same_seed_gives_the_same_examples(tmp_path: Path) -> None:
    path = saved(labelled(), tmp_path / "a.landmarks")
    first, again, other = (
        load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS, seed)).crops
        for seed in (1, 1, 2)
    )
    assert first == again
    assert first != other


def test_splits_that_were_stored_are_kept(tmp_path: Path) -> None:
    path = saved(labelled(), tmp_path / "a.landmarks")
    with ProjectStore.open(path) as store:
        store.set_split_assignments({0: "test", 1: "test", 2: "nonsense", 3: "validation"})
    splits = {
        crop.photo_id: crop.split
        for crop in load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS)).crops
    }
    assert (splits[0], splits[1], splits[3]) == ("test", "test", "validation")
    assert splits[2] in ("train", "validation", "test")


def test_exact_copies_stay_together_whatever_is_drawn_on_them() -> None:
    project = labelled()
    project.put_photos(photo(number, hash="the same") for number in (0, 5, 12, 19))
    for seed in range(10):
        splits = project_splits(project, SplitSettings(FRACTIONS, seed), {})
        assert len({splits[number] for number in (0, 5, 12, 19)}) == 1


def test_all_boxes_of_a_photo_share_its_split(tmp_path: Path) -> None:
    project = labelled()
    for number in range(20):
        project.apply(edits.add_box(number, 1, Rect(50, 5, 20, 20)))
    path = saved(project, tmp_path / "a.landmarks")
    examples = load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS))
    assert len(examples.crops) == 40
    assert len({(crop.photo_id, crop.split) for crop in examples.crops}) == 20


def test_the_rarest_landmark_on_a_photo_decides_how_it_is_shared_out() -> None:
    project = labelled(30)
    for number in (0, 10, 20):
        project.apply(box_edit(0, number, 2))
    splits = project_splits(project, SplitSettings(FRACTIONS), {})
    assert {splits[number] for number in (0, 10, 20)} == {"train", "validation", "test"}


def test_photos_without_a_label_or_unreadable_get_no_split() -> None:
    project = labelled(4)
    project.put_photos([photo(7), photo(2, state="unreadable", width=0, height=0)])
    assert set(project_splits(project, SplitSettings(FRACTIONS), {})) == {0, 1, 3}


def two_landmarks_and_two_photos() -> Project:
    project = Project.of([photo(1), photo(2)])
    project.apply(edits.add_landmark(project, "Tower"))
    project.apply(edits.add_landmark(project, "Dome"))
    return project


def test_a_project_without_labels_is_said_to_have_no_crops(tmp_path: Path) -> None:
    path = saved(two_landmarks_and_two_photos(), tmp_path / "a.landmarks")
    with pytest.raises(DatasetError, match="no crops yet"):
        load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS))


def test_one_landmark_can_be_cropped_but_not_told_apart(tmp_path: Path) -> None:
    project = two_landmarks_and_two_photos()
    project.apply(box_edit(landmark_id=1))
    path = saved(project, tmp_path / "a.landmarks")
    examples = load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS))
    assert len(examples.crops) == 1
    with pytest.raises(DatasetError, match="at least two landmarks"):
        examples.check_distinguishable()


def test_a_missing_project_is_named(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"none\.landmarks"):
        load_project_examples(tmp_path / "none.landmarks", CropSettings())


def test_labelled_photos_that_are_not_there_are_named(tmp_path: Path) -> None:
    with ProjectStore.create(tmp_path / "views.landmarks", tmp_path / "photos") as store:
        rows = [photo(n, f"sub/{n}.jpg") for n in (1, 2, 3)]
        store.put_photos([*rows, photo(4, state="missing", reason="moved away")])
        store.put_photos([photo(5, state="unreadable", reason="damaged")])
        store.commit(edits.add_landmark(store.load(), "Tower"))
        for number in (1, 4):
            store.commit(box_edit(photo_id=number))
        path = store.path
    examples = load_project_examples(path, CropSettings(), SplitSettings(FRACTIONS))
    assert [crop.photo_id for crop in examples.crops] == [1]
    assert examples.left_out == [(tmp_path / "photos" / "IMG_4.jpg", "moved away")]


def test_large_copies_stay_together_before_their_content_was_read() -> None:
    project = labelled()
    copies = [photo(n, size=5000, hash="") for n in (1, 4, 7)] + [photo(9, size=5000)]
    for copy in copies:
        project.photos[copy.id] = copy
    for seed in range(20):
        splits = project_splits(project, SplitSettings(FRACTIONS, seed), {})
        assert len({splits[copy.id] for copy in copies}) == 1


@pytest.fixture
def photographed(tmp_path: Path) -> Path:
    """A project of eight towers and eight domes, and of one tower the same at half its size."""
    for landmark in ("Red Tower", "Green Dome"):
        for number in range(8):
            draw_photo(tmp_path / "photos" / landmark / f"{number}.png", landmark, number)
    with Image.open(tmp_path / "photos" / "Red Tower" / "3.png") as photo:
        half = photo.resize((photo.width // 2, photo.height // 2))
    half.save(tmp_path / "photos" / "Red Tower" / "small.jpg", quality=60)
    with ProjectStore.create(tmp_path / "views.landmarks", tmp_path / "photos") as store:
        for batch in scan.new_photos(store.load(), store.photos_dir):
            store.put_photos(batch)
        project = store.load()
        store.commit(scan.labels_from_folders(project, project.photos.values()))
        return store.path


def splits_by_name(examples: Examples) -> dict[str, str]:
    return {f"{crop.landmark}/{crop.path.name}": crop.split for crop in examples.crops}


def test_near_duplicates_stand_together_and_are_told_by_their_group(photographed: Path) -> None:
    told = []
    for seed in range(8):
        split = SplitSettings(seed=seed)
        examples = load_project_examples(
            photographed, CropSettings(), split, lambda *count: told.append(count)
        )
        found = splits_by_name(examples)
        assert found["Red Tower/3.png"] == found["Red Tower/small.jpg"]
        groups = set(examples.group_of.values())
        assert len(found) == 17 and 12 <= len(groups) <= 16  # some domes are drawn in one place
        assert examples.group_of.keys() == {crop.photo_id for crop in examples.crops}
    assert told[0] == (0, 17) and told[18:] == []  # measured once, and kept


def test_a_cancel_while_photos_are_measured_ends_it(photographed: Path) -> None:
    with pytest.raises(Cancelled):
        load_project_examples(photographed, CropSettings(), cancel=lambda: True)


def test_what_is_remembered_stays_when_photos_are_added(photographed: Path) -> None:
    split = SplitSettings(seed=3)
    assert remembered_split(photographed) is None
    assert remember_splits(photographed, split)
    assert remembered_split(photographed) == split
    before = splits_by_name(load_project_examples(photographed, CropSettings()))
    folder = photographed.parent / "photos" / "Red Tower"
    for number in range(20, 30):
        draw_photo(folder / f"{number}.png", "Red Tower", number)
    with ProjectStore.open(photographed) as store:
        for batch in scan.new_photos(store.load(), store.photos_dir):
            store.put_photos(batch)
        project = store.load()
        store.commit(scan.labels_from_folders(project, project.photos.values()))
        assert not remember_splits(photographed, split)  # a window has it open
    after = splits_by_name(load_project_examples(photographed, CropSettings()))
    assert {name: after[name] for name in before} == before and len(after) == 27
    anew = load_project_examples(photographed, CropSettings(), SplitSettings(seed=5, fresh=True))
    assert splits_by_name(anew) != after


def test_pins_that_tear_a_group_are_told_with_the_examples(photographed: Path) -> None:
    with ProjectStore.open(photographed) as store:
        named = {photo.path: photo for photo in store.load().photos.values()}
        store.commit(edits.pin_photos([named["Red Tower/3.png"]], "train"))
        store.commit(edits.pin_photos([named["Red Tower/small.jpg"]], "test"))
    examples = load_project_examples(photographed, CropSettings())
    assert examples.leaks == [["Red Tower/3.png", "Red Tower/small.jpg"]]


def test_a_photo_whose_pixels_are_damaged_is_left_out_with_the_reason(
    photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = photo_folder(each=3)
    whole = (folder / "Red Tower" / "IMG_1.jpg").read_bytes()
    (folder / "Red Tower" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    path = tmp_path / "a.landmarks"
    with ProjectStore.create(path, folder) as store:
        for batch in scan.new_photos(store.load(), folder):
            store.put_photos(batch)
        project = store.load()
        store.commit(scan.labels_from_folders(project, project.photos.values()))
    examples = load_project_examples(path, CropSettings())
    assert len(examples.crops) == 6
    assert [(photo.name, bool(reason)) for photo, reason in examples.left_out] == [
        ("cut.jpg", True)
    ]
    with ProjectStore.open(path) as store:
        project = store.load()
        cut = next(p for p in project.photos.values() if p.path.endswith("cut.jpg"))
        store.commit(edits.review_photos([cut], "skipped"))
    assert load_project_examples(path, CropSettings()).left_out == []
