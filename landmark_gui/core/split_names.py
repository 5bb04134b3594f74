"""Splits as folders, files and tables of others name them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import PurePosixPath

from landmark_gui.core.project import Change, Edit, Photo, Project, Split

_NAMES: dict[str, Split] = {
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "test": "test",
    "testing": "test",
}
_FOLDER = re.compile(rf"({'|'.join(_NAMES)})(19\d\d|20\d\d)?")  # COCO has train2017
_PREFIX = re.compile(rf"({'|'.join(_NAMES)})[ _.-]")


def split_named(name: str) -> Split | None:
    """The split that is called so, in capitals or not: "Val", "testing", "train2017"."""
    found = _FOLDER.fullmatch(name.strip().casefold())
    return _NAMES[found[1]] if found else None


def split_of_path(path: str) -> Split | None:
    """The split that the nearest of a photo's folders names, or the beginning of its own name.

    Args:
        path: as `Photo.path`: "train/Petra/1.jpg", "Petra/Test_1.jpg".
    """
    *folders, name = PurePosixPath(path).parts
    for folder in reversed(folders):
        if split := split_named(folder):
            return split
    prefix = _PREFIX.match(name.casefold())
    return _NAMES[prefix[1]] if prefix else None


def pins_from_folders(project: Project) -> Edit:
    """Pin each photo to the split that its folders or its file name tell; others stay as they are.

    See `split_of_path`.
    """
    return Edit("pin_by_folder", tuple(_pins(project)))


def _pins(project: Project) -> Iterator[Change]:
    for photo in project.photos.values():
        split = split_of_path(photo.path)
        if split is not None and split != photo.split:
            yield Change(photo, replace(photo, split=split))


def pinned_now(project: Project, pins: Edit) -> Edit:
    """The same pins, on the photos as they are by now; those that are gone are passed over."""
    wanted = (change.after for change in pins.changes if isinstance(change.after, Photo))
    changes = tuple(
        Change(photo, replace(photo, split=pinned.split))
        for pinned in wanted
        if (photo := project.photos.get(pinned.id)) is not None and photo.split != pinned.split
    )
    return Edit(pins.kind, changes)
