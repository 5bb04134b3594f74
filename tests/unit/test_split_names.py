from __future__ import annotations

import pytest

from landmark_gui.core import scan
from landmark_gui.core.project import Project
from landmark_gui.core.split_names import pins_from_folders, split_named, split_of_path
from tests.rows import photo


@pytest.mark.parametrize(
    ("path", "split"),
    [
        *(("train/Petra/1.jpg", "train"), ("data/Valid/1.jpg", "validation")),
        *(("Petra/testing/1.jpg", "test"), ("images/val2017/1.jpg", "validation")),
        *(
            ("Petra/Train_Petra_1.jpg", "train"),
            ("Test-1.jpg", "test"),
            ("val.1.jpg", "validation"),
        ),
        *(("train/x/test/1.jpg", "test"), ("train/Test_1.jpg", "train")),
        *(("Petra/1.jpg", None), ("trains/1.jpg", None), ("testimony.jpg", None), ("test", None)),
        ("Train station/1.jpg", None),
    ],
)
def test_what_a_path_tells(path: str, split: str | None) -> None:
    assert split_of_path(path) == split


def test_names_of_splits() -> None:
    assert [split_named(name) for name in ("Training", " VAL ", "dev", "")] == [
        *("train", "validation", None, None)
    ]


def test_pins_from_folders_are_one_edit_that_can_be_undone() -> None:
    rows = [photo(1, "train/a.jpg"), photo(2, "b.jpg", split="test"), photo(3, "val/c.jpg")]
    project = Project.of([*rows, photo(4, "test/d.jpg", split="test")])
    edit = pins_from_folders(project)
    assert edit.kind == "pin_by_folder" and edit.photo_ids() == {1, 3}
    project.apply(edit)
    assert [row.split for row in project.photos.values()] == [
        *("train", "test", "validation", "test")
    ]
    assert pins_from_folders(project).changes == ()
    project.apply(edit.inverse())
    assert project.photos[1].split == ""


@pytest.mark.parametrize(
    ("paths", "landmarks"),
    [
        (["train/Petra/1.jpg", "test/Giza/1.jpg"], ["Giza", "Petra"]),
        (["Petra/train/1.jpg", "Giza/test/1.jpg", "Petra/2.jpg"], ["Giza", "Petra"]),
        (["train/1.jpg", "test/2.jpg", "val/3.jpg"], []),
        (["data/train/1.jpg", "data/test/2.jpg"], []),
        (["data/train/Petra/1.jpg"], ["Petra"]),
    ],
)
def test_a_folder_that_names_a_split_is_no_landmark(paths: list[str], landmarks: list[str]) -> None:
    project = Project.of(photo(number, path) for number, path in enumerate(paths))
    project.apply(scan.labels_from_folders(project, project.photos.values()))
    assert sorted(mark.name for mark in project.landmarks.values()) == landmarks
