"""Which crops the grid shows, and in which order."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core import edits
from landmark_gui.core.project import Project
from landmark_gui.core.quality.report import Case, Fault, Finding, Report, Subject
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.dataset import Dataset, _planned, _Request
from landmark_gui.gui.pages.dataset.tiles import Show, TileQuery, Tiles, shown, tiles_of
from tests.rows import box_edit, photo, small_project


@pytest.fixture
def project() -> Project:
    """Two boxes on photo 1, one on each of the photos 2, 10 and 9."""
    project = small_project()
    project.put_photos([photo(9), photo(10)])
    for edit in (box_edit(0, 1, 1), box_edit(40, 1, 2), box_edit(0, 2, 1)):
        project.apply(edit)
    for number in (10, 9):
        project.apply(box_edit(0, number, 2))
    return project


def dataset(project: Project, report: Report | None = None, use: str = "crops") -> Dataset:
    choices = Choices(use=use)  # type: ignore[arg-type]
    request = _Request(list(project.rows()), Path("photos"), Path("data"), choices, {})
    return replace(_planned(request), report=report)


def photos(tiles: Tiles, query: TileQuery) -> list[int]:
    return [tile.crop.photo_id for tile in shown(tiles, query).tiles]


def test_crops_come_photo_by_photo_with_the_colour_of_their_landmark(project: Project) -> None:
    tiles = tiles_of(dataset(project))
    assert photos(tiles, TileQuery()) == [1, 1, 2, 9, 10]
    marks = {mark.name: mark.color for mark in project.landmarks.values()}
    assert all(tile.color == marks[tile.crop.landmark] for tile in tiles.all)
    found = shown(tiles, TileQuery())
    assert all(found.rows[tile.key] == row for row, tile in enumerate(found.tiles))


def test_landmark_and_split_filter_together(project: Project) -> None:
    tiles = tiles_of(dataset(project))
    assert photos(tiles, TileQuery(landmark="Tower")) == [1, 2]
    splits = {tile.crop.photo_id: tile.crop.split for tile in tiles.all}
    for split in ("train", "validation", "test"):
        expected = [id_ for id_ in (1, 2) if splits[id_] == split]
        assert photos(tiles, TileQuery(landmark="Tower", split=split)) == expected


def test_what_was_left_out_is_shown_apart(project: Project) -> None:
    second = project.boxes_of(1)[1]
    project.apply(edits.exclude_boxes([second]))
    project.apply(edits.review_photos([project.photos[9]], "skipped"))
    tiles = tiles_of(dataset(project))
    assert photos(tiles, TileQuery()) == [1, 2, 10]
    out = shown(tiles, TileQuery(show=Show.LEFT_OUT)).tiles
    assert [(tile.crop.photo_id, tile.left_out) for tile in out] == [(1, True), (9, True)]
    assert out[0].crop.box_id == second.id
    assert tiles.kinds[Show.ALL] == 3 and tiles.kinds[Show.LEFT_OUT] == 2


def test_of_whole_photos_a_landmark_that_is_left_out_is_shown_apart(project: Project) -> None:
    project.apply(edits.exclude_boxes([project.boxes_of(1)[1]]))
    tiles = tiles_of(dataset(project, use="photos"))
    assert photos(tiles, TileQuery()) == [1, 2, 9, 10]
    out = shown(tiles, TileQuery(show=Show.LEFT_OUT)).tiles
    assert [(tile.crop.photo_id, tile.crop.landmark) for tile in out] == [(1, "Dome")]


def test_pinned_photos_can_be_asked_for(project: Project) -> None:
    project.apply(edits.pin_photos([project.photos[1]], "test"))
    tiles = tiles_of(dataset(project))
    assert photos(tiles, TileQuery(show=Show.PINNED)) == [1, 1]
    assert {tile.crop.split for tile in tiles.all if tile.pinned} <= {"train", "validation", "test"}


def test_flags_filter_and_sort_the_worst_first(project: Project) -> None:
    (on_two,), (on_ten,) = project.boxes_of(2), project.boxes_of(10)
    report = Report(
        5,
        5,
        (
            Finding(Fault.BLURRED, (Case((Subject(1),), severity=0.3),)),
            Finding(
                Fault.TINY,
                (
                    Case((Subject(10, on_ten.id),), severity=0.9),
                    Case((Subject(2, on_two.id),), severity=0.5),
                ),
            ),
        ),
    )
    tiles = tiles_of(dataset(project, report))
    assert photos(tiles, TileQuery(worst_first=True)) == [1, 1, 10, 2, 9]
    assert photos(tiles, TileQuery(show=Show.FAULTY)) == [1, 1, 2, 10]
    assert photos(tiles, TileQuery(fault=Fault.TINY)) == [2, 10]
    assert tiles.faults == {Fault.BLURRED: 2, Fault.TINY: 2}
