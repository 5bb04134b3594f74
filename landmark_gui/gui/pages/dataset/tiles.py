"""The crops as the grid shows them: with what is wrong with each, filtered and in order.

Pure, and for a thread of its own: 20,000 crops take longer than a frame.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from landmark_gui.core import crops
from landmark_gui.core.crops import Crop
from landmark_gui.core.project import Project, natural_key
from landmark_gui.gui.dataset import Dataset

if TYPE_CHECKING:  # OpenCV: the window starts without it
    from landmark_gui.core.quality.report import Fault, Report

Key = tuple[int, str | None, str]
"""Photo, box and landmark of a crop."""


class Show(StrEnum):
    """Which crops the grid shows."""

    ALL = "all"
    FAULTY = "faulty"
    PINNED = "pinned"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True)
class Tile:
    """A crop in the grid.

    Attributes:
        faults: what the report says of it and its photo, in the order of `Fault`.
        worst: sorts the worst first.
        left_out: it would be a crop if the person had not left it out of the dataset.
    """

    crop: Crop
    color: str
    faults: tuple[Fault, ...] = ()
    worst: tuple[float, float] = (99.0, 0.0)
    pinned: bool = False
    left_out: bool = False

    @property
    def key(self) -> Key:
        return self.crop.photo_id, self.crop.box_id, self.crop.landmark


@dataclass(frozen=True)
class TileQuery:
    """Which tiles are shown, and in which order; "" lets all pass."""

    landmark: str = ""
    split: str = ""
    show: Show = Show.ALL
    fault: str = ""
    worst_first: bool = False

    @property
    def filters(self) -> bool:
        return replace(self, worst_first=False) != TileQuery()

    def passes(self, tile: Tile) -> bool:
        if tile.left_out != (self.show is Show.LEFT_OUT):
            return False
        if self.landmark and tile.crop.landmark != self.landmark:
            return False
        if self.split and (tile.left_out or tile.crop.split != self.split):
            return False
        if self.fault and self.fault not in tile.faults:
            return False
        wanted = {Show.PINNED: tile.pinned, Show.FAULTY: bool(tile.faults)}
        return wanted.get(self.show, True)


@dataclass(frozen=True)
class Tiles:
    """All tiles of a dataset, photo by photo, and how many there are of some kinds."""

    all: tuple[Tile, ...] = ()
    kinds: Mapping[Show, int] = field(default_factory=dict)
    faults: Mapping[Fault, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Shown:
    """What a query lets pass, and the row of each tile."""

    query: TileQuery = TileQuery()
    tiles: tuple[Tile, ...] = ()
    keys: tuple[Key, ...] = ()
    rows: Mapping[Key, int] = field(default_factory=dict)


def tiles_of(dataset: Dataset) -> Tiles:
    """The tiles of a dataset."""
    marks = {mark.name: mark.color for mark in dataset.project.landmarks.values()}
    colors = {**marks, **dataset.landmarks}
    worst = _worst(dataset.report)
    tiles = [_tile(dataset, crop, colors[crop.landmark], worst) for crop in dataset.crops]
    if out := _left_out(dataset):
        tiles += [
            replace(_tile(dataset, crop, colors[crop.landmark], worst), left_out=True)
            for crop in out
        ]
        photos = dataset.project.photos
        tiles.sort(key=lambda tile: natural_key(photos[tile.crop.photo_id].path))
    inside = [tile for tile in tiles if not tile.left_out]
    kinds = {
        Show.ALL: len(inside),
        Show.FAULTY: sum(bool(tile.faults) for tile in inside),
        Show.PINNED: sum(tile.pinned for tile in inside),
        Show.LEFT_OUT: len(tiles) - len(inside),
    }
    return Tiles(tuple(tiles), kinds, Counter(fault for tile in inside for fault in tile.faults))


def shown(tiles: Tiles, query: TileQuery) -> Shown:
    """The tiles that a query lets pass, in its order."""
    passed = [tile for tile in tiles.all if query.passes(tile)]
    if query.worst_first:
        passed.sort(key=lambda tile: tile.worst)
    keys = tuple(tile.key for tile in passed)
    return Shown(query, tuple(passed), keys, {key: row for row, key in enumerate(keys)})


_Worst = Mapping[tuple[int, str | None], tuple[float, float]]


def _tile(dataset: Dataset, crop: Crop, color: str, worst: _Worst) -> Tile:
    pinned = bool(dataset.project.photos[crop.photo_id].split)
    if dataset.report is None or not worst:
        return Tile(crop, color, pinned=pinned)
    from landmark_gui.core.quality.report import Subject

    faults = dataset.report.flags(Subject(crop.photo_id, crop.box_id))
    if not faults:
        return Tile(crop, color, pinned=pinned)
    whole, own = (worst.get((crop.photo_id, box)) for box in (None, crop.box_id))
    rank = min(place for place in (whole, own) if place is not None)
    return Tile(crop, color, faults, rank, pinned)


def _worst(report: Report | None) -> _Worst:
    """For each photo and box how bad the worst that was found is; the smallest is the worst."""
    found: dict[tuple[int, str | None], tuple[float, float]] = {}
    for order, finding in enumerate(report.findings if report else ()):
        for case in finding.cases:
            for subject in case.subjects:
                key, rank = (subject.photo_id, subject.box_id), (float(order), -case.severity)
                found[key] = min(found.get(key, rank), rank)
    return found


def _left_out(dataset: Dataset) -> list[Crop]:
    """What would be crops if nothing had been left out by hand."""
    project = dataset.project
    photos = {photo.id for photo in project.photos.values() if photo.review == "skipped"}
    photos |= {box.photo_id for box in project.boxes.values() if box.excluded}
    if not photos:
        return []
    whole = crops.plan(
        _taken_in(project, photos), dataset.photos_dir, dataset.choices.settings, dataset.splits
    )
    known = {Tile(crop, "").key for crop in dataset.crops if crop.photo_id in photos}
    return [crop for crop in whole if Tile(crop, "").key not in known]


def _taken_in(project: Project, photo_ids: Iterable[int]) -> Project:
    """Those photos alone, with nothing left out of them."""
    photos = [project.photos[id_] for id_ in photo_ids if id_ in project.photos]
    boxes = [box for photo in photos for box in project.boxes_of(photo.id)]
    return Project.of(
        (
            *project.landmarks.values(),
            *(replace(photo, review="") for photo in photos),
            *(replace(box, excluded=False) for box in boxes),
        )
    )
