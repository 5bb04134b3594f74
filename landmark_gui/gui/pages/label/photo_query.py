"""Which photos the list shows and in which order: a value, and what it says of one photo."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property, total_ordering
from typing import Any

from landmark_gui.core.project import Box, Photo, natural_key
from landmark_gui.core.text_search import folded

NO_LANDMARK = 0
"""Stands among the landmarks of a query for photos that have none; ids begin at 1."""


class Kind(Enum):
    ALL = "all"
    TODO = "todo"
    DONE = "done"
    SKIPPED = "skipped"
    LABELLED = "labelled"
    UNLABELLED = "unlabelled"
    PROPOSED = "proposed"
    WHOLE = "whole"
    UNREADABLE = "unreadable"
    MISSING = "missing"


class BoxCount(Enum):
    ANY = ""
    NONE = "0"
    ONE = "1"
    SEVERAL = "2+"


class SortBy(Enum):
    FOLDER = "folder"
    NAME = "name"
    TAKEN = "taken"
    MODIFIED = "modified"
    BOXES = "boxes"
    REVIEW = "review"
    SIZE = "size"


@dataclass(frozen=True)
class PhotoQuery:
    """A filter, a search and an order.

    Attributes:
        landmarks: ids of which a photo must bear one, as a box or as a whole; empty for any.
        text: words that must all be in the path, in any case, with or without accents.
    """

    kind: Kind = Kind.ALL
    landmarks: frozenset[int] = frozenset()
    boxes: BoxCount = BoxCount.ANY
    text: str = ""
    sort: SortBy = SortBy.FOLDER
    descending: bool = False

    @property
    def filters(self) -> bool:
        """Whether it leaves photos out, apart from the search."""
        return bool(self.kind is not Kind.ALL or self.landmarks or self.boxes is not BoxCount.ANY)

    @cached_property
    def words(self) -> list[str]:
        """What must all be in the folded path."""
        return folded(self.text).split()

    def without_filters(self) -> PhotoQuery:
        return PhotoQuery(text=self.text, sort=self.sort, descending=self.descending)

    def with_landmarks(self, ids: Iterable[int]) -> PhotoQuery:
        return replace(self, landmarks=frozenset(ids))

    def to_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "landmarks": sorted(self.landmarks),
            "boxes": self.boxes.value,
            "text": self.text,
            "sort": self.sort.value,
            "descending": self.descending,
        }

    @classmethod
    def from_json(cls, value: Any) -> PhotoQuery:
        """What `to_json` gave; whatever is not understood is left at its default."""
        if not isinstance(value, dict):
            return cls()
        landmarks = value.get("landmarks")
        ids = landmarks if isinstance(landmarks, list) else []
        text = value.get("text")
        return cls(
            _member(Kind, value.get("kind"), Kind.ALL),
            frozenset(id_ for id_ in ids if isinstance(id_, int)),
            _member(BoxCount, value.get("boxes"), BoxCount.ANY),
            text if isinstance(text, str) else "",
            _member(SortBy, value.get("sort"), SortBy.FOLDER),
            value.get("descending") is True,
        )


def _member(kind: type[Any], value: Any, default: Any) -> Any:
    return next((member for member in kind if member.value == value), default)


@dataclass(frozen=True, slots=True)
class Marks:
    """The boxes of a photo in brief: how many, and their landmarks, each once, oldest first."""

    boxes: int
    landmarks: tuple[int, ...]

    @classmethod
    def of(cls, boxes: list[Box]) -> Marks:
        return cls(len(boxes), tuple(dict.fromkeys(box.landmark_id for box in boxes)))


def is_of_kind(photo: Photo, labelled: bool, kind: Kind, proposed: bool = False) -> bool:
    """Whether a photo is of a kind; `proposed` says that a model proposes something for it."""
    return _KINDS[kind](photo, labelled) and (proposed or kind is not Kind.PROPOSED)


_KINDS: dict[Kind, Callable[[Photo, bool], bool]] = {
    Kind.ALL: lambda photo, labelled: True,
    Kind.TODO: lambda photo, labelled: photo.state == "ok" and not photo.review,
    Kind.DONE: lambda photo, labelled: photo.review == "done",
    Kind.SKIPPED: lambda photo, labelled: photo.review == "skipped",
    Kind.LABELLED: lambda photo, labelled: photo.state == "ok" and labelled,
    Kind.UNLABELLED: lambda photo, labelled: photo.state == "ok" and not labelled,
    Kind.PROPOSED: lambda photo, labelled: photo.state == "ok" and not labelled,
    Kind.WHOLE: lambda photo, labelled: photo.landmark_id is not None,
    Kind.UNREADABLE: lambda photo, labelled: photo.state == "unreadable",
    Kind.MISSING: lambda photo, labelled: photo.state == "missing",
}


def has_count(boxes: int, wanted: BoxCount) -> bool:
    return wanted in (BoxCount.ANY, _COUNTS[min(boxes, 2)])


_COUNTS = (BoxCount.NONE, BoxCount.ONE, BoxCount.SEVERAL)


def has_landmark(photo: Photo, marks: Marks, wanted: frozenset[int]) -> bool:
    """Whether the photo bears one of the wanted landmarks; True if none is asked for."""
    if not wanted or not wanted.isdisjoint(marks.landmarks):
        return True
    if photo.landmark_id is not None:
        return photo.landmark_id in wanted
    return NO_LANDMARK in wanted and not marks.landmarks


# The order


def name_key(photo: Photo, sort: SortBy) -> tuple[Any, ...]:
    """What photos are ordered by where nothing else tells them apart."""
    path = (natural_key(photo.path), photo.id)
    if sort is SortBy.NAME:
        return (natural_key(file_name(photo)), *path)
    return path


def file_name(photo: Photo) -> str:
    return photo.path.rpartition("/")[2]


def sort_value(photo: Photo, boxes: int, query: PhotoQuery) -> float:
    """The number to sort by, smallest first; infinity, so last either way, where unknown."""
    value = _VALUES[query.sort](photo, boxes)
    if value is None:
        return math.inf
    return -value if query.descending else value


def place_of(photo: Photo, boxes: int, query: PhotoQuery) -> tuple[Any, ...]:
    """What to compare two photos by; names decide among equals, from A to Z."""
    names, value = name_key(photo, query.sort), sort_value(photo, boxes, query)
    by_name = query.sort in BY_NAME
    return (value, Reversed(names) if by_name and query.descending else names)


BY_NAME = (SortBy.FOLDER, SortBy.NAME)
_REVIEWS = {"": 0, "skipped": 1, "done": 2}


@cache
def _moment(taken: str) -> int | None:
    """A date and time as a number that grows with it."""
    digits = "".join(filter(str.isdecimal, taken))[:14]
    return int(digits) if digits else None


_VALUES: dict[SortBy, Callable[[Photo, int], int | None]] = {
    SortBy.FOLDER: lambda photo, boxes: 0,
    SortBy.NAME: lambda photo, boxes: 0,
    SortBy.TAKEN: lambda photo, boxes: _moment(photo.taken),
    SortBy.MODIFIED: lambda photo, boxes: photo.modified or None,
    SortBy.BOXES: lambda photo, boxes: boxes,
    SortBy.REVIEW: lambda photo, boxes: _REVIEWS[photo.review] if photo.state == "ok" else None,
    SortBy.SIZE: lambda photo, boxes: photo.width * photo.height or None,
}


@total_ordering
@dataclass(frozen=True)
class Reversed:
    """Compares the other way round, for what has no minus sign."""

    key: Any

    def __lt__(self, other: Reversed) -> bool:
        return bool(other.key < self.key)
