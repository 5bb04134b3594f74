"""What is seen of a case: pictures side by side, each with its name and landmark."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from landmark_gui.core.geometry import Rect, bounding
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import under
from landmark_gui.core.project import Box, Landmark, Photo, Project
from landmark_gui.core.quality.remedies import DUPLICATES
from landmark_gui.core.quality.report import Case, Fault, Subject
from landmark_gui.gui.pages.quality.pictures import Picture

_ROUND = 0.15
"""How much of the photo is shown round overlapping boxes, as a share of their sides."""
_RATIO = 4 / 3
_OTHER = "#ffffff"


@dataclass(frozen=True)
class Tile:
    """One picture of a case.

    Attributes:
        subject: what a double click on it shows; None for a landmark.
        name: of the photo's file.
        landmark, color: what it is said to be; "" where it is not labelled.
        kept: whether it is the one of several that stays.
    """

    subject: Subject | None
    picture: Picture | None
    name: str
    landmark: str = ""
    color: str = ""
    kept: bool = False


def in_rows(fault: Fault) -> bool:
    """Whether the cases of a fault show several photos each, and so need a row of their own."""
    return fault in (*DUPLICATES, Fault.ONE_BURST, Fault.SPLIT_LEAK)


def tiles(
    project: Project, photos_dir: Path, fault: Fault, case: Case, most: int = 1
) -> list[Tile]:
    """The first pictures of a case, at most `most`. Rows that are gone since are left out."""
    if not case.subjects:
        mark = project.landmarks.get(case.landmark_id or 0)
        return [Tile(None, None, "", mark.name, mark.color)] if mark else []
    if fault in (Fault.OVERLAP, Fault.OUTSIDE):
        tile = _scene(project, photos_dir, case, whole=fault is Fault.OUTSIDE)
        return [tile] if tile is not None else []
    made = (_tile(project, photos_dir, subject) for subject in case.subjects[:most])
    found = [tile for tile in made if tile is not None]
    if found and fault in DUPLICATES and found[0].subject == case.subjects[0]:
        found[0] = replace(found[0], kept=True)
    return found


def _tile(project: Project, photos_dir: Path, subject: Subject) -> Tile | None:
    photo = project.photos.get(subject.photo_id)
    if photo is None:
        return None
    box = project.boxes.get(subject.box_id) if subject.box_id else None
    boxes = [box] if box else [box for box in project.boxes_of(photo.id) if not box.excluded]
    area = box.rect if box else Rect(0, 0, photo.width, photo.height)
    return _made(project, photos_dir, subject, photo, boxes, area, ())


def _scene(project: Project, photos_dir: Path, case: Case, *, whole: bool) -> Tile | None:
    """A photo, or the part round some boxes, with these boxes drawn."""
    photo = project.photos.get(case.subjects[0].photo_id)
    boxes = [project.boxes[s.box_id] for s in case.subjects if s.box_id in project.boxes]
    if photo is None or not boxes:
        return None
    around = bounding(box.rect for box in boxes)
    assert around is not None, "there is a box"
    size = Rect(0, 0, photo.width, photo.height)
    area = bounding((size, around)) if whole else _surroundings(around, photo)
    colors = [_color(project, box) for box in boxes]
    for number in range(1, len(colors)):  # two of one colour on each other look like one
        colors[number] = _OTHER if colors[number] in colors[:number] else colors[number]
    pairs = list(zip((box.rect for box in boxes), colors, strict=True))
    frames = tuple(reversed(pairs))  # the oldest on top
    subject = case.subjects[0]
    return _made(project, photos_dir, subject, photo, boxes, area or size, frames)


def _surroundings(rect: Rect, photo: Photo) -> Rect:
    """A part of a photo round a rectangle, in the shape of a picture as far as that goes."""
    near = rect.expanded(_ROUND)
    width, height = max(near.w, near.h * _RATIO), max(near.h, near.w / _RATIO)
    whole = Rect(near.x - (width - near.w) / 2, near.y - (height - near.h) / 2, width, height)
    inside = whole.within(photo.width, photo.height)
    return inside.clamped(photo.width, photo.height)


def _made(
    project: Project,
    photos_dir: Path,
    subject: Subject,
    photo: Photo,
    boxes: list[Box],
    area: Rect,
    frames: tuple[tuple[Rect, str], ...],
) -> Tile:
    picture = None
    if photo.state == "ok" and area.area > 0:
        size = (photo.width, photo.height)
        path = under(photos_dir, photo.path)
        picture = Picture(photo.version, path, photo.hash, size, area, frames)
    marks = _landmarks(project, photo, boxes)
    names = ", ".join(mark.name for mark in marks)
    color = marks[0].color if marks else ""
    return Tile(subject, picture, PurePosixPath(photo.path).name, names, color)


def _landmarks(project: Project, photo: Photo, boxes: list[Box]) -> list[Landmark]:
    """What boxes bear, each once; without any, what the whole photo is."""
    ids: list[int | None] = [box.landmark_id for box in boxes]
    known = project.landmarks
    return [
        known[id_]
        for id_ in dict.fromkeys(ids or [photo.landmark_id])
        if id_ is not None and id_ in known
    ]


def _color(project: Project, box: Box) -> str:
    mark = project.landmarks.get(box.landmark_id)
    return mark.color if mark is not None else "#ffffff"


def case_text(project: Project, fault: Fault, case: Case) -> str:
    """A case in words, for tool tips and for those who cannot see it."""
    names = []
    for subject in case.subjects:
        tile = _tile(project, Path(), subject)
        if tile is not None:
            labelled = tr("{name}, {landmark}", name=tile.name, landmark=tile.landmark)
            names.append(labelled if tile.landmark else tile.name)
    mark = project.landmarks.get(case.landmark_id or 0)
    if not names and mark is not None:
        names = [mark.name]
    return ": ".join(filter(None, (" · ".join(names), case.detail)))
