"""The sample that the program draws itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core.errors import Cancelled, ProjectError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.sample_project import making
from landmark_gui.core.sample_project.brush import Brush
from landmark_gui.core.sample_project.landmarks import SHAPES
from landmark_gui.core.sample_project.light import Light
from landmark_gui.core.sample_project.making import EACH, LEFT_TO_DO, NEW, make_sample
from landmark_gui.core.sample_project.photos import SIZE, draw_photo
from landmark_gui.core.store import ProjectStore
from tests.originals import contents


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(making, "EACH", 2)
    monkeypatch.setattr(making, "LEFT_TO_DO", 1)
    monkeypatch.setattr(making, "NEW", 1)


@pytest.mark.parametrize("shape", SHAPES)
def test_a_photo_is_the_same_for_the_same_number_alone(shape: str) -> None:
    (first, box), (again, same), (other, _) = (draw_photo(shape, n) for n in (3, 3, 4))
    assert box == same and np.array_equal(np.asarray(first), np.asarray(again))
    assert first.size == SIZE and not np.array_equal(np.asarray(first), np.asarray(other))


def _no_pagoda(brush: Brush, light: Light, rng: np.random.Generator) -> None:
    brush.rectangle(0, 0, 0.001, 0.001, (0, 0, 0))


@pytest.mark.parametrize("shape", SHAPES)
def test_the_box_lies_on_the_photo_and_holds_a_good_part_of_it(shape: str) -> None:
    for number in range(EACH):
        _, box = draw_photo(shape, number)
        assert box == box.clamped(*SIZE)
        assert box.w > 20 and box.h > 60, number


def test_the_box_is_around_what_is_drawn_of_the_landmark(monkeypatch) -> None:
    whole, box = draw_photo("pagoda", 5)
    monkeypatch.setitem(SHAPES, "pagoda", _no_pagoda)
    without, _ = draw_photo("pagoda", 5)
    differs = np.abs(np.asarray(whole, int) - np.asarray(without, int)).max(axis=2) > 0
    rows, columns = np.nonzero(differs)
    around = Rect(
        float(columns.min()), float(rows.min()), float(np.ptp(columns)), float(np.ptp(rows))
    )
    assert abs(around.x - box.x) < 3 and abs(around.right - box.right) < 3
    assert abs(around.y - box.y) < 3  # the foot may stand behind a tree


def test_a_sample_is_a_project_with_some_of_the_boxes(tmp_path: Path, few: None) -> None:
    told: list[tuple[int, int]] = []
    sample = make_sample(tmp_path, lambda done, total: told.append((done, total)))
    assert told[-1] == (12, 12)
    assert len(list(sample.new_photos.iterdir())) == 4
    with ProjectStore.open(sample.project, read_only=True) as store:
        project, folder = store.load(), store.photos_dir
    assert len(project.photos) == len(contents(folder)) == 8
    assert [mark.name for mark in project.ordered_landmarks()] == list(
        making.shape_names().values()
    )
    by_name = project.ordered_photos()
    assert [bool(project.boxes_of(photo.id)) for photo in by_name] == [False] * 4 + [True] * 4
    assert [photo.review for photo in by_name] == [""] * 4 + ["done"] * 4
    assert {box.landmark_id for box in project.boxes.values()} == set(project.landmarks)


def test_there_are_enough_photos_and_some_work_is_left() -> None:
    assert 40 <= EACH * len(SHAPES) <= 60
    assert LEFT_TO_DO * len(SHAPES) >= 8
    assert NEW


def test_what_is_there_stays_and_the_next_sample_goes_beside_it(tmp_path: Path, few: None) -> None:
    first = make_sample(tmp_path)
    before = contents(tmp_path)
    second = make_sample(tmp_path)
    assert first.project.parent != second.project.parent
    assert {name: contents(tmp_path)[name] for name in before} == before
    assert contents(first.new_photos) == contents(second.new_photos)


def test_a_cancelled_sample_leaves_nothing(tmp_path: Path, few: None) -> None:
    with pytest.raises(Cancelled):
        make_sample(tmp_path, cancel=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ProjectError, match="file"):
        make_sample(tmp_path / "file")


def test_a_disk_that_is_full_leaves_nothing(tmp_path: Path, few: None, monkeypatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(making, "draw_photo", full)
    with pytest.raises(ProjectError, match="No space left"):
        make_sample(tmp_path)
    assert list(tmp_path.iterdir()) == []
