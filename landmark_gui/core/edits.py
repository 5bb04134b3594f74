"""The edits a person can make, each a pure function from rows to an `Edit`."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Iterable
from dataclasses import replace
from typing import Literal

from landmark_gui.core.errors import NameRefused
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
    Review,
    Split,
)

# Okabe-Ito: eight colours that people with colour blindness tell apart
# (https://jfly.uni-koeln.de/color/), black replaced by violet for dark photos.
PALETTE = (
    "#e69f00",
    "#56b4e9",
    "#009e73",
    "#f0e442",
    "#0072b2",
    "#d55e00",
    "#cc79a7",
    "#7036e2",
)
KEYS = "1234567890"
"""The keys that a landmark can have, in the order in which they are given away."""

_UNSEEN = ("Cc", "Zl", "Zp", "Cs")  # control characters, line ends, halves of a character


def clean_name(text: str) -> str:
    """`text` as the name of a landmark: composed (NFC), without space around it.

    Raises NameRefused if nothing is left, or if it holds characters that nobody can see.
    """
    name = composed(text).strip()
    if not name:
        raise NameRefused(tr("A landmark needs a name."))
    if not is_seen(name):
        raise NameRefused(tr("A name cannot hold line breaks or other control characters."))
    return name


def is_seen(name: str) -> bool:
    """Whether all of a name can be seen: it holds no line ends and no control characters."""
    return not any(unicodedata.category(character) in _UNSEEN for character in name)


def namesake(project: Project, name: str, but: Landmark | None = None) -> Landmark | None:
    """The landmark with that name, upper and lower case being the same; `but` does not count."""
    wanted = composed(name).casefold()
    others = (mark for mark in project.landmarks.values() if but is None or mark.id != but.id)
    return next((mark for mark in others if composed(mark.name).casefold() == wanted), None)


def new_landmark(project: Project, name: str, color: str | None = None) -> Landmark:
    """A landmark with the next free id, place, colour and digit key; not yet in the project."""
    number = max(project.landmarks, default=0) + 1
    position = max((mark.position for mark in project.landmarks.values()), default=-1) + 1
    taken = {mark.key for mark in project.landmarks.values()}
    key = next((digit for digit in KEYS if digit not in taken), "")
    return Landmark(
        number, composed(name), color or PALETTE[position % len(PALETTE)], key, position
    )


def add_landmark(project: Project, name: str, color: str | None = None) -> Edit:
    return Edit("add_landmark", (Change(None, new_landmark(project, name, color)),))


def rename_landmark(landmark: Landmark, name: str) -> Edit:
    return Edit("rename_landmark", (Change(landmark, replace(landmark, name=name)),))


def recolor_landmark(landmark: Landmark, color: str) -> Edit:
    return Edit("recolor_landmark", (Change(landmark, replace(landmark, color=color)),))


def delete_landmark(project: Project, landmark: Landmark) -> Edit:
    """Delete a landmark with its boxes; photos that bear it as a whole lose their label."""
    boxes = [Change(box, None) for box in project.boxes_with(landmark.id)]
    photos = [
        Change(photo, replace(photo, landmark_id=None))
        for photo in project.photos_with(landmark.id)
    ]
    return Edit("delete_landmark", (*boxes, *photos, Change(landmark, None)))


def set_landmark_key(project: Project, landmark: Landmark, key: str) -> Edit:
    """Give a landmark the digit `key`, or none (""); the landmark that has it gives it up."""
    holders = [m for m in project.landmarks.values() if key and m.key == key and m != landmark]
    changes = [Change(mark, replace(mark, key="")) for mark in holders]
    if landmark.key != key:
        changes.append(Change(landmark, replace(landmark, key=key)))
    return Edit("set_landmark_key", tuple(changes))


def move_landmark(project: Project, landmark: Landmark, place: int) -> Edit:
    """Put a landmark at `place` of the order, 0 for the first. Ids, and so boxes, stay."""
    marks = [mark for mark in project.ordered_landmarks() if mark.id != landmark.id]
    marks.insert(min(max(place, 0), len(marks)), landmark)
    changes = [
        Change(mark, replace(mark, position=position))
        for position, mark in enumerate(marks)
        if mark.position != position
    ]
    changes.sort(key=lambda change: change.row.id != landmark.id)  # the history names the first
    return Edit("move_landmark", tuple(changes))


def merge_landmarks(project: Project, gone: Landmark, into: Landmark) -> Edit:
    """Give the boxes and photos of `gone` to `into`, and delete `gone`."""
    boxes = (Change(box, replace(box, landmark_id=into.id)) for box in project.boxes_with(gone.id))
    photos = (
        Change(photo, replace(photo, landmark_id=into.id)) for photo in project.photos_with(gone.id)
    )
    return Edit("merge_landmarks", (*boxes, *photos, Change(gone, None)))


def new_box(photo_id: int, landmark_id: int, rect: Rect) -> Box:
    return Box(uuid.uuid4().hex, photo_id, landmark_id, rect)


def add_box(photo_id: int, landmark_id: int, rect: Rect) -> Edit:
    return Edit("add_box", (Change(None, new_box(photo_id, landmark_id, rect)),))


def change_box(box: Box, rect: Rect | None = None, landmark_id: int | None = None) -> Edit:
    """Move or resize a box (`rect`) or give it another landmark."""
    after = replace(
        box,
        rect=box.rect if rect is None else rect,
        landmark_id=box.landmark_id if landmark_id is None else landmark_id,
    )
    return Edit("move_box" if landmark_id is None else "relabel_box", (Change(box, after),))


def delete_boxes(boxes: Iterable[Box]) -> Edit:
    return Edit("delete_boxes", tuple(Change(box, None) for box in boxes))


def copy_boxes(project: Project, source: Photo, target: Photo) -> Edit:
    """Draw the boxes of `source` on `target` too, at the same place of the whole picture.

    Boxes that `target` has already are left out.
    """
    rects = ((box, _carried(box.rect, source, target)) for box in project.boxes_of(source.id))
    return Edit(
        "copy_boxes",
        tuple(
            Change(None, new_box(target.id, box.landmark_id, rect))
            for box, rect in rects
            if rect.area and not _is_there(project, target, box.landmark_id, rect)
        ),
    )


def repeat_box(project: Project, box: Box, source: Photo, target: Photo) -> Edit:
    """Draw `box` of `source` once more on `target`, a little aside where one like it lies.

    The edit is empty if there is no room aside.
    """
    rect = _carried(box.rect, source, target)
    aside = (
        rect.moved(rect.w * step / 10, rect.h * step / 10, target.width, target.height)
        for step in (0, *range(1, 10), *range(-1, -10, -1))
    )
    free = (place for place in aside if not _is_there(project, target, box.landmark_id, place))
    place = next(free, None) if rect.area else None
    return Edit("add_box", ()) if place is None else add_box(target.id, box.landmark_id, place)


def _carried(rect: Rect, source: Photo, target: Photo) -> Rect:
    """The rectangle on a photo that may have another size."""
    scaled = rect.scaled(target.width / source.width, target.height / source.height)
    return scaled.clamped(target.width, target.height)


def _is_there(project: Project, photo: Photo, landmark_id: int, rect: Rect) -> bool:
    boxes = project.boxes_of(photo.id)
    return any(box.landmark_id == landmark_id and box.rect.is_near(rect) for box in boxes)


def set_photos_landmark(photos: Iterable[Photo], landmark_id: int | None) -> Edit:
    """Say of each photo that it shows this landmark as a whole, or (None) none."""
    return Edit(
        "label_photo",
        tuple(
            Change(photo, replace(photo, landmark_id=landmark_id))
            for photo in photos
            if photo.landmark_id != landmark_id
        ),
    )


def review_photos(photos: Iterable[Photo], review: Review) -> Edit:
    """Mark photos as done or skipped, or ("") as still to look at."""
    return Edit(
        "review_photos",
        tuple(
            Change(photo, replace(photo, review=review))
            for photo in photos
            if photo.review != review
        ),
    )


def pin_photos(photos: Iterable[Photo], split: Split | Literal[""]) -> Edit:
    """Say in which split photos stand, or ("") leave it to the program."""
    return Edit(
        "pin_photos",
        tuple(
            Change(photo, replace(photo, split=split)) for photo in photos if photo.split != split
        ),
    )


def exclude_boxes(boxes: Iterable[Box], excluded: bool = True) -> Edit:
    """Leave boxes out of the dataset, or take them in again; they stay on their photos."""
    return Edit(
        "exclude_boxes" if excluded else "include_boxes",
        tuple(
            Change(box, replace(box, excluded=excluded))
            for box in boxes
            if box.excluded != excluded
        ),
    )


def describe(edit: Edit) -> str:
    """The edit in a few words, for the menu: "Undo draw box"."""
    return {
        "add_landmark": tr("add landmark"),
        "rename_landmark": tr("rename landmark"),
        "recolor_landmark": tr("change colour"),
        "delete_landmark": tr("delete landmark"),
        "set_landmark_key": tr("change key of landmark"),
        "move_landmark": tr("change order of landmarks"),
        "merge_landmarks": tr("merge landmarks"),
        "add_box": tr("draw box"),
        "move_box": tr("move box"),
        "relabel_box": tr("change landmark of box"),
        "delete_boxes": tr("delete boxes"),
        "copy_boxes": tr("copy boxes of another photo"),
        "duplicate_boxes": tr("duplicate boxes"),
        "paste_boxes": tr("paste boxes"),
        "label_photo": tr("label photo"),
        "label_classified": tr("label classified photos"),
        "label_by_folder": tr("name landmarks after the folders"),
        "review_photos": tr("mark photo"),
        "pin_photos": tr("pin photos to a split"),
        "pin_by_folder": tr("take the split from the folders"),
        "exclude_boxes": tr("leave boxes out of the dataset"),
        "include_boxes": tr("take boxes into the dataset"),
        "exclude_examples": tr("leave examples out of the dataset"),
        "include_examples": tr("take examples into the dataset"),
        "relabel_examples": tr("change landmark of examples"),
        "merge_boxes": tr("merge boxes"),
        "accept_proposals": tr("accept proposals"),
        "import": tr("import boxes"),
    }.get(edit.kind, tr("edit"))
