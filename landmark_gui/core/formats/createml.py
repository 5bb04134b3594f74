"""Boxes as Create ML: one JSON list of images, each with its annotations.

`coordinates` are the centre and the size of a box in pixels, from the upper left. labelImg
calls the keys `image` and `annotations`; Apple's reference shows `imagefilename` and
`annotation` as well (https://developer.apple.com/documentation/createml).
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import (
    Cancel,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.common import BoxRow, ExportReport, Rows
from landmark_gui.core.formats.matching import Ref
from landmark_gui.core.formats.reading import iterate, numbers, read_json
from landmark_gui.core.formats.writing import compact, not_kept
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo, Project

NAMES = ("image", "imagefilename", "imageFileName")
LISTS = ("annotations", "annotation")
SIDES = ("x", "y", "width", "height")


def rows(path: Path, progress: Progress = no_progress) -> Rows:
    """The boxes of a Create ML file. Raises FormatError."""
    document = read_json(path, "Create ML")
    if not isinstance(document, list):
        raise FormatError(tr("{path} is no Create ML file: it must hold a list.", path=path))
    for position, entry in iterate(document):
        file = _first(entry, NAMES)
        if not isinstance(file, str) or not file:
            yield tr("image {n}: it has no name", n=position)
            continue
        annotations = _first(entry, LISTS)
        if not isinstance(annotations, list):
            yield tr("{file}: it has no list of annotations", file=file)
        for number, annotation in iterate(annotations):
            yield _row(file, annotation, tr("{file}, annotation {n}", file=file, n=number))


def _first(entry: object, keys: tuple[str, ...]) -> object:
    if not isinstance(entry, dict):
        return None
    return next((entry[key] for key in keys if key in entry), None)


def _row(file: str, annotation: object, where: str) -> BoxRow | str:
    entry = annotation if isinstance(annotation, dict) else {}
    label, coordinates = entry.get("label"), entry.get("coordinates")
    sides = coordinates if isinstance(coordinates, dict) else {}
    found = numbers([sides.get(side) for side in SIDES])
    if not isinstance(label, str) or found is None:
        return tr("{where}: it needs a label, and x, y, width and height", where=where)
    x, y, w, h = found
    return BoxRow(Ref(file), label, x - w / 2, y - h / 2, w, h, where)


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write the photos that have a box. Raises OSError."""
    photos = [photo for photo in project.ordered_photos() if project.boxes_of(photo.id)]
    entries = [_entry(project, photo) for photo in photos]
    lines = ",\n".join(compact(entry) for entry in entries)
    write_atomic(path, f"[\n{lines}\n]\n" if lines else "[]\n")
    boxes = sum(len(entry["annotations"]) for entry in entries)
    return ExportReport(boxes, not_kept(project, "Create ML", unused=True))


def _entry(project: Project, photo: Photo) -> dict[str, Any]:
    annotations = [
        {
            "label": project.landmarks[box.landmark_id].name,
            "coordinates": dict(zip(SIDES, _centred(box.rect), strict=True)),
        }
        for box in project.boxes_of(photo.id)
    ]
    return {"image": photo.path, "annotations": annotations}


def _centred(rect: Rect) -> tuple[float, float, float, float]:
    return rect.x + rect.w / 2, rect.y + rect.h / 2, rect.w, rect.h
