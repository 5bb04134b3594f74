"""A project in memory: landmarks, photos and boxes, and the edits that change them.

An `Edit` is a list of rows before and after. Its inverse swaps the two, so undo, redo,
the history in the project file and the repaint after an edit all share one form.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, ClassVar, Literal

from landmark_gui.core.geometry import Rect

PhotoState = Literal["ok", "unreadable", "missing"]
"""What the scan says: can be shown, cannot, or is no longer in the folder."""

Review = Literal["", "done", "skipped"]
"""What the person says: still to look at, finished, or left out of the dataset on purpose."""

Split = Literal["train", "validation", "test"]
SPLITS: tuple[Split, ...] = ("train", "validation", "test")


@dataclass(frozen=True)
class Landmark:
    """A class to be recognised. The id never changes; name, colour and place may."""

    table: ClassVar[str] = "landmarks"
    id: int
    name: str
    color: str
    key: str = ""
    position: int = 0


@dataclass(frozen=True)
class Photo:
    """A photo of the folder: what the scan found, and what the person says of it as a whole.

    Edits change `landmark_id`, `review` and `split` alone; all else belongs to the scan, and undo
    leaves it as it is.

    Attributes:
        path: POSIX path relative to the project's photo folder.
        size: bytes of the file when it was last looked at.
        hash: BLAKE2b of the content, hexadecimal; "" for an unreadable file, and for a large
            one until the scan has come round to reading all of it.
        width, height: pixels after EXIF orientation; 0 for an unreadable file.
        reason: why the photo is unreadable or missing, in plain words.
        landmark_id: the landmark of the photo as a whole (a folder a class), if known.
        review: how far the person is with it.
        modified: when the file was last written, in nanoseconds since 1970; 0 if unknown.
        taken: when the picture was taken by its EXIF data, as "2024-05-31T18:04:59", or "".
        split: where the person has pinned the photo, or "" for where the program puts it.
    """

    table: ClassVar[str] = "photos"
    id: int
    path: str
    size: int
    hash: str
    width: int
    height: int
    state: PhotoState = "ok"
    reason: str = ""
    landmark_id: int | None = None
    review: Review = ""
    modified: int = 0
    taken: str = ""
    split: Split | Literal[""] = ""

    @property
    def version(self) -> tuple[int, int, int]:
        """Another one once the file has changed: the key of what is made from its pixels."""
        return self.id, self.size, self.modified

    def shows_as(self, other: Photo) -> bool:
        """Whether both look alike: the same picture under the same name, in the same state."""
        mine, others = (
            (photo.version, photo.path, photo.width, photo.height, photo.state, photo.reason)
            for photo in (self, other)
        )
        return mine == others

    def judged_as(self, other: Photo) -> Photo:
        """This photo with what the person said of `other`."""
        return replace(self, landmark_id=other.landmark_id, review=other.review, split=other.split)


@dataclass(frozen=True)
class Box:
    """A bounding box of one landmark on one photo.

    Attributes:
        excluded: whether it is left out of the dataset, though it stays on the photo.
    """

    table: ClassVar[str] = "boxes"
    id: str
    photo_id: int
    landmark_id: int
    rect: Rect
    excluded: bool = False


Row = Landmark | Photo | Box


@dataclass(frozen=True)
class Change:
    """One row before and after; None before means insertion, None after means deletion."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        row = self.after if self.after is not None else self.before
        assert row is not None, "a change has at least one side"
        return row

    def inverse(self) -> Change:
        return Change(self.after, self.before)


@dataclass(frozen=True)
class Edit:
    """What one action of the person changed; `kind` names the action, as "add_box"."""

    kind: str
    changes: tuple[Change, ...]

    def inverse(self) -> Edit:
        return Edit(self.kind, tuple(change.inverse() for change in reversed(self.changes)))

    def photo_ids(self) -> set[int]:
        """The photos whose row or boxes this edit touches."""
        return {_photo_id(change.row) for change in self.changes} - {-1}

    def touches_landmarks(self) -> bool:
        return any(isinstance(change.row, Landmark) for change in self.changes)


@dataclass(frozen=True)
class HistoryEntry:
    """An edit and when it was made, in seconds since 1970; 0 if unknown."""

    edit: Edit
    time: int


def combined(kind: str, edits: Iterable[Edit]) -> Edit:
    """The one edit that does what `edits` do one after the other.

    Rows that end as they began are left out.
    """
    sides: dict[tuple[str, int | str], tuple[Row | None, Row | None]] = {}
    for change in (change for edit in edits for change in edit.changes):
        key = (change.row.table, change.row.id)
        before, _ = sides.get(key, (change.before, None))
        sides[key] = (before, change.after)
    changes = (Change(*pair) for pair in sides.values() if pair[0] != pair[1])
    return Edit(kind, tuple(changes))


@cache
def natural_key(path: str) -> tuple[object, ...]:
    """What to sort paths by so that IMG_9 comes before IMG_10, and case does not matter."""
    key: tuple[object, ...] = _keygen()(path)
    return key


@cache
def _keygen() -> Callable[[str], Any]:
    from natsort import natsort_keygen, ns

    keygen: Callable[[str], Any] = natsort_keygen(alg=ns.IGNORECASE)
    return keygen


def _photo_id(row: Row) -> int:
    if isinstance(row, Box):
        return row.photo_id
    return row.id if isinstance(row, Photo) else -1


@dataclass
class Project:
    """All rows of a project, indexed. Change it through `apply` and `put_photos` alone."""

    landmarks: dict[int, Landmark] = field(default_factory=dict)
    photos: dict[int, Photo] = field(default_factory=dict)
    boxes: dict[str, Box] = field(default_factory=dict)
    _boxes_of: dict[int, dict[str, Box]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, rows: Iterable[Row]) -> Project:
        project = cls()
        for row in rows:
            project._put(row)
        return project

    def apply(self, edit: Edit) -> None:
        for change in edit.changes:
            if change.after is None:
                self._remove(change.row)
            else:  # a changed row keeps its place among the others
                self._put(self._with_facts(change.after))

    def put_photos(self, photos: Iterable[Photo]) -> None:
        """Add or refresh photos as the scan found them. Not an edit, so without undo.

        What the person said of a photo that is there already stays.
        """
        for photo in photos:
            known = self.photos.get(photo.id)
            self._put(photo if known is None else photo.judged_as(known))

    def boxes_of(self, photo_id: int) -> list[Box]:
        """The boxes of a photo, oldest first."""
        return list(self._boxes_of.get(photo_id, {}).values())

    def boxes_with(self, landmark_id: int) -> list[Box]:
        return [box for box in self.boxes.values() if box.landmark_id == landmark_id]

    def photos_with(self, landmark_id: int) -> list[Photo]:
        return [photo for photo in self.photos.values() if photo.landmark_id == landmark_id]

    def ordered_landmarks(self) -> list[Landmark]:
        return sorted(self.landmarks.values(), key=lambda landmark: landmark.position)

    def ordered_photos(self) -> list[Photo]:
        """The photos in natural order of their path: IMG_9 before IMG_10."""
        return sorted(self.photos.values(), key=lambda photo: natural_key(photo.path))

    def landmark_named(self, name: str) -> Landmark | None:
        return next((mark for mark in self.landmarks.values() if mark.name == name), None)

    def is_labelled(self, photo: Photo) -> bool:
        """Whether the photo has a box or a landmark of its own."""
        return photo.landmark_id is not None or bool(self._boxes_of.get(photo.id))

    def rows(self) -> Iterator[Row]:
        yield from self.landmarks.values()
        yield from self.photos.values()
        yield from self.boxes.values()

    def _with_facts(self, row: Row) -> Row:
        known = self.photos.get(row.id) if isinstance(row, Photo) else None
        return known.judged_as(row) if known is not None and isinstance(row, Photo) else row

    def _put(self, row: Row) -> None:
        if isinstance(row, Box):
            self.boxes[row.id] = row
            self._boxes_of.setdefault(row.photo_id, {})[row.id] = row
        elif isinstance(row, Photo):
            self.photos[row.id] = row
        else:
            self.landmarks[row.id] = row

    def _remove(self, row: Row) -> None:
        if isinstance(row, Box):
            self.boxes.pop(row.id, None)
            self._boxes_of.get(row.photo_id, {}).pop(row.id, None)
        elif isinstance(row, Photo):
            self.photos.pop(row.id, None)
        else:
            self.landmarks.pop(row.id, None)
