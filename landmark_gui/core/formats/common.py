"""What every format has in common: match boxes with photos, make landmarks, report the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from landmark_gui.core.edits import new_box, new_landmark, pin_photos
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.matching import (
    Orientation,
    PhotoIndex,
    Ref,
    orientation_in,
    upright,
)
from landmark_gui.core.formats.turning import Size, fitted, is_stored_size
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import composed
from landmark_gui.core.project import (
    Box,
    Change,
    Edit,
    Landmark,
    Photo,
    Project,
    Split,
    combined,
)
from landmark_gui.core.split_names import split_named

SAME_PX = 0.01
"""A box this near on all sides to one that the project has, of the same landmark, is that one."""
LONGEST_NAME = 500


@dataclass(frozen=True)
class BoxRow:
    """A box as a foreign file names it.

    Attributes:
        x, y, w, h: pixels of the picture that the file speaks of.
        where: where the box stands in the file, for messages.
        size: width and height of that picture if the file states them; (1, 1) if the numbers
            are fractions of it; None if they are pixels of the EXIF-oriented photo.
        remarks: what of this entry cannot be kept, in words.
        split: the split of the photo as the file calls it, or "".
    """

    file: Ref
    landmark: str
    x: float
    y: float
    w: float
    h: float
    where: str
    size: Size | None = None
    remarks: tuple[str, ...] = ()
    split: str = ""


@dataclass(frozen=True)
class Remark:
    """Something that was not taken over although no box was left out for it."""

    text: str


Rows = Iterator[BoxRow | Remark | str]
"""Boxes, remarks, and for an entry that cannot be used the complaint about it."""


@dataclass
class ImportPlan:
    """The edit that an import would make, and in words what it leaves out and why.

    Attributes:
        boxes: how many boxes it adds.
        problems: everything that did not come in, or not as it was written.
        left_out: how many of the problems cost a box.
        pins: what pins photos to the splits that the file names, if the person wants that; an edit
            of its own, which fits after `edit`.
        pin_problems: what of these splits is not taken over, in words.
    """

    edit: Edit
    boxes: int = 0
    problems: list[str] = field(default_factory=list)
    left_out: int = 0
    pins: Edit = field(default_factory=lambda: Edit("pin_photos", ()))
    pin_problems: list[str] = field(default_factory=list)


@dataclass
class ExportReport:
    """How many boxes were written, and in words what the format cannot hold."""

    boxes: int = 0
    problems: list[str] = field(default_factory=list)


class Importer:
    """Collects the rows that an import adds. Used by `plan_import` and by our own format."""

    def __init__(self, project: Project, folder: Path | None, orientation: Orientation) -> None:
        self.project = project
        self.scratch = Project.of(project.rows())
        self.photos = PhotoIndex(project, folder)
        self.changes: list[Change] = []
        self.problems: dict[str, None] = {}  # in order, and each once
        self.left_out = 0
        self._orientation = orientation
        self._as_stored = False
        self.pin_problems: dict[str, None] = {}
        self._pins: dict[int, Split] = {}
        self._found: dict[Ref, list[Photo]] = {}
        self._by_name = {composed(m.name): m for m in reversed(project.ordered_landmarks())}

    def look_for_stored_sizes(self, rows: Iterable[BoxRow]) -> None:
        """Learn whether the file speaks of photos before EXIF orientation."""
        self._as_stored = any(
            is_stored_size(row.size, photo, self._orientation)
            for row in rows
            for photo in self._candidates(row.file)[:1]
        )

    def add(self, row: BoxRow) -> None:
        photo = self.photo(row.file, row.where)
        name = composed(row.landmark).strip()
        if photo is None or not self._is_name(name, row.where):
            return
        self.pin(photo, row.split, row.where)
        rect = self.rect(Rect(row.x, row.y, row.w, row.h), row.size, photo, row.where)
        if rect is None:
            return
        known = self._by_name.get(name)
        if known and self._has(photo, known.id, rect):
            self.leave_out(row.where, tr("{file} has this very box already", file=photo.path))
            return
        for remark in row.remarks:
            self.remark(f"{row.where}: {remark}")
        self.put(None, new_box(photo.id, self.landmark(name).id, rect))

    def photo(self, ref: Ref, where: str) -> Photo | None:
        """The readable photo that is meant; otherwise None, and a complaint."""
        found = self._candidates(ref)
        if len(found) == 1 and found[0].state != "unreadable":
            return self.scratch.photos[found[0].id]
        if len(found) > 1:
            reason = tr("{file} could be one of several photos", file=ref.name)
        elif not found:
            reason = tr("the project has no photo {file}", file=ref.name)
        else:
            reason = tr("{file} cannot be read: {why}", file=ref.name, why=found[0].reason)
        self.leave_out(where, reason)
        return None

    def rect(self, rect: Rect, size: Size | None, photo: Photo, where: str) -> Rect | None:
        """The rectangle in pixels of the photo, cut off at its border; None with a complaint."""
        try:
            rect, remark = fitted(rect, size, photo, self._orientation, self._as_stored)
        except FormatError as error:
            self.leave_out(where, str(error))
            return None
        if remark:
            self.remark(remark)
        rect = rect.clamped(photo.width, photo.height)
        if rect.w <= 0 or rect.h <= 0:
            self.leave_out(where, tr("the box lies outside {file}", file=photo.path))
            return None
        return rect

    def pin(self, photo: Photo, name: str, where: str) -> None:
        """Note that the file says in which split a photo stands; the person's own pin stays."""
        split = split_named(name)
        told = photo.split or self._pins.get(photo.id)
        if split is None and name.strip():
            self.pin_problems[tr("{name} names no split", name=name)] = None
        elif split and told and split != told:
            self.pin_problems[f"{where}: {tr('{file} keeps its split', file=photo.path)}"] = None
        elif split and not told:
            self._pins[photo.id] = split

    def landmark(self, name: str) -> Landmark:
        """The landmark called `name`, made if there is none."""
        if name not in self._by_name:
            self.put(None, new_landmark(self.scratch, name))
        return self._by_name[name]

    def landmark_named(self, name: str) -> Landmark | None:
        return self._by_name.get(composed(name))

    def had(self, photo: Photo, landmark_id: int, rect: Rect) -> bool:
        """Whether the project had this box before the import, but for a rounding."""
        boxes = self.project.boxes_of(photo.id)
        return any(b.landmark_id == landmark_id and _same_place(b.rect, rect) for b in boxes)

    def _has(self, photo: Photo, landmark_id: int, rect: Rect) -> bool:
        boxes = self.scratch.boxes_of(photo.id)
        twice = any(box.landmark_id == landmark_id and box.rect == rect for box in boxes)
        return twice or self.had(photo, landmark_id, rect)

    def put(self, before: Photo | None, after: Landmark | Box | Photo) -> None:
        change = Change(before, after)
        self.scratch.apply(Edit("import", (change,)))
        self.changes.append(change)
        if isinstance(after, Landmark):
            self._by_name[composed(after.name)] = after

    def leave_out(self, where: str, reason: str) -> None:
        self.problems[f"{where}: {reason}"] = None
        self.left_out += 1

    def remark(self, text: str) -> None:
        self.problems[text] = None

    def plan(self) -> ImportPlan:
        boxes = sum(isinstance(change.after, Box) for change in self.changes)
        edit = Edit("import", tuple(self.changes))
        pins = (
            pin_photos([self.scratch.photos[photo]], split) for photo, split in self._pins.items()
        )
        return ImportPlan(
            edit,
            boxes,
            list(map(_printable, self.problems)),
            self.left_out,
            combined("pin_photos", pins),
            list(map(_printable, self.pin_problems)),
        )

    def _candidates(self, ref: Ref) -> list[Photo]:
        if ref not in self._found:
            self._found[ref] = self.photos.find(ref)
        return self._found[ref]

    def _is_name(self, name: str, where: str) -> bool:
        if is_name(name):
            return True
        self.leave_out(where, tr("the landmark's name is empty, too long, or no text"))
        return False


def is_name(name: str) -> bool:
    """Whether a landmark can be called so."""
    try:
        name.encode()
    except UnicodeEncodeError:  # half a character: JSON can spell it, no file can hold it
        return False
    return 0 < len(name) <= LONGEST_NAME


def _printable(text: str) -> str:
    """`text` without halves of characters, which no window and no terminal can show."""
    return text.encode("utf-8", "backslashreplace").decode()


def _same_place(a: Rect, b: Rect) -> bool:
    sides = ((a.x, b.x), (a.y, b.y), (a.right, b.right), (a.bottom, b.bottom))
    return all(abs(one - other) < SAME_PX for one, other in sides)


def plan_import(
    project: Project,
    rows: Iterable[BoxRow | Remark | str],
    folder: Path | None = None,
    orientation: Orientation | None = None,
    cancel: Cancel = never_cancelled,
) -> ImportPlan:
    """Turn foreign boxes into one edit. Boxes are cut off at the border of their photo.

    Args:
        project: the photos and landmarks to match; it is not changed.
        folder: the photo folder, to find the photos that label files lie beside, and to read
            EXIF orientation where a file states another size than the photo's.
        orientation: reads EXIF orientation in place of the files in `folder`.

    Raises:
        FormatError: from `rows`.
        Cancelled: if `cancel` says so.
    """
    if orientation is None:
        orientation = upright if folder is None else orientation_in(folder)
    importer = Importer(project, folder, orientation)
    everything = list(_until(rows, cancel))
    importer.look_for_stored_sizes(row for row in everything if isinstance(row, BoxRow))
    for row in _until(everything, cancel):
        if isinstance(row, BoxRow):
            importer.add(row)
        elif isinstance(row, Remark):
            importer.remark(row.text)
        else:
            importer.problems[row] = None
            importer.left_out += 1
    return importer.plan()


def _until(
    rows: Iterable[BoxRow | Remark | str], cancel: Cancel
) -> Iterator[BoxRow | Remark | str]:
    for row in rows:
        if cancel():
            raise Cancelled
        yield row


ReadRows = Callable[[Path, Progress], Rows]


def read_rows(
    rows: ReadRows,
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ImportPlan:
    """Read `path` with `rows` and plan the import. Raises FormatError, Cancelled."""
    return plan_import(project, rows(path, progress), folder, cancel=cancel)
