"""Boxes as labelme: one JSON file a photo, each box a shape of two corners.

labelme turns JPEG, PNG, WebP and TIFF as EXIF says before it shows them, so its pixels are ours.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any

from landmark_gui.core.errors import (
    Cancel,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.common import BoxRow, ExportReport, Remark, Rows
from landmark_gui.core.formats.matching import Ref, orientation_in
from landmark_gui.core.formats.reading import (
    extent,
    iterate,
    numbers,
    read_json,
    rows_of_files,
    shown,
    stated_size,
)
from landmark_gui.core.formats.turning import Size
from landmark_gui.core.formats.writing import (
    LabelFolder,
    boxed_photos,
    compact,
    label_names,
    not_kept,
    write_label_files,
    written_boxes,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import under
from landmark_gui.core.project import Photo, Project

VERSION = "6.3.1"
"""The labelme whose form is written; older ones read it as well."""
TURNED = frozenset((".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff"))
"""Photos that labelme shows in their EXIF orientation."""


def rows(path: Path, progress: Progress = no_progress) -> Rows:
    """The boxes of a labelme file, or of all in a folder. Raises FormatError."""
    return rows_of_files(path, ".json", "labelme", _rows, progress)


def _rows(file: Path, root: Path | None) -> Rows:
    document = read_json(file, "labelme")
    if not isinstance(document, dict) or not isinstance(document.get("shapes"), list):
        raise FormatError(tr("{path} is no labelme file: it has no list of shapes.", path=file))
    name = document.get("imagePath")
    if not isinstance(name, str) or not name or "\0" in name:
        raise FormatError(tr("{path} does not say which photo it is about.", path=file))
    ref = Ref.beside(file, name, root)
    size = stated_size(document.get("imageWidth"), document.get("imageHeight"))
    for flag in _set_flags(document.get("flags")):
        yield Remark(tr("{file}: the flag {flag} is not kept", file=shown(file, root), flag=flag))
    for number, shape in iterate(document["shapes"]):
        where = tr("{file}, shape {n}", file=shown(file, root), n=number)
        yield _row(shape, ref, size, where)


def _row(shape: object, ref: Ref, size: Size | None, where: str) -> BoxRow | str:
    entry = shape if isinstance(shape, dict) else {}
    label, kind = entry.get("label"), entry.get("shape_type", "polygon")
    points = [(p[0], p[1]) for _, pair in iterate(entry.get("points")) if (p := numbers(pair, 2))]
    if not isinstance(label, str) or not points or len(points) != len(entry["points"]):
        return tr("{where}: it needs a label and points of two numbers", where=where)
    remarks = list(_extras(entry))
    if kind != "rectangle":
        remarks.append(tr("its {shape} became the box around it", shape=kind))
    x, y, w, h = extent(_circle(points) if kind == "circle" else points)
    return BoxRow(ref, label, x, y, w, h, where, size, tuple(remarks))


def _circle(points: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Two corners around a circle that is given by its centre and a point on it."""
    (x, y), edge = points[0], points[-1]
    radius = math.hypot(edge[0] - x, edge[1] - y)
    return [(x - radius, y - radius), (x + radius, y + radius)]


def _extras(entry: dict[str, Any]) -> Iterator[str]:
    for flag in _set_flags(entry.get("flags")):
        yield tr("the flag {flag} is not kept", flag=flag)
    if entry.get("group_id") is not None:
        yield tr("its group is not kept")
    if entry.get("description"):
        yield tr("its description is not kept")


def _set_flags(flags: object) -> list[str]:
    return [name for name, value in flags.items() if value] if isinstance(flags, dict) else []


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write a JSON file for each photo with a box into the folder `path`.

    Args:
        folder: the photo folder; labelme finds the photos by their path from the JSON file.

    Raises:
        Cancelled, OSError: see `write_label_files`.
    """
    report = ExportReport(problems=not_kept(project, "labelme", unused=True, needs_size=True))
    names, photos = label_names(project, ".json"), boxed_photos(project)
    if folder is not None:
        report.problems += list(_shown_otherwise(photos, folder))
    out = LabelFolder(path, "labelme")
    files = [
        (photo, names[photo.id], _document(project, photo, path / names[photo.id], folder))
        for photo in photos
    ]
    report.problems += write_label_files(out, files, progress, cancel)
    report.boxes = written_boxes(out, project, names)
    return report


def _shown_otherwise(photos: list[Photo], folder: Path) -> Iterator[str]:
    orientation = orientation_in(folder)
    for photo in photos:
        suffix = PurePosixPath(photo.path).suffix.lower()
        if suffix not in TURNED and orientation(photo) != 1:
            yield tr(
                "labelme does not turn {file} as its EXIF orientation says, so it will not show "
                "its boxes in their place",
                file=photo.path,
            )


def _document(project: Project, photo: Photo, file: Path, folder: Path | None) -> str:
    shapes = [
        _shape(project.landmarks[box.landmark_id].name, box.rect)
        for box in project.boxes_of(photo.id)
    ]
    items = ",\n".join(f"  {compact(shape)}" for shape in shapes)
    head = {"version": VERSION, "flags": {}}
    tail = {
        "imagePath": _path_from(file.parent, photo, folder),
        "imageData": None,
        "imageHeight": photo.height,
        "imageWidth": photo.width,
    }
    return f'{{\n{_fields(head)},\n "shapes": [\n{items}\n ],\n{_fields(tail)}\n}}\n'


def _fields(values: dict[str, Any]) -> str:
    return ",\n".join(f" {compact(key)}: {compact(value)}" for key, value in values.items())


def _path_from(here: Path, photo: Photo, folder: Path | None) -> str:
    if folder is None:
        return PurePosixPath(photo.path).name
    target = under(folder, photo.path)
    try:
        return Path(os.path.relpath(target, here)).as_posix()
    except ValueError:  # another drive on Windows
        return target.as_posix()


def _shape(label: str, rect: Rect) -> dict[str, Any]:
    return {
        "label": label,
        "points": [[rect.x, rect.y], [rect.right, rect.bottom]],
        "group_id": None,
        "description": "",
        "shape_type": "rectangle",
        "flags": {},
        "mask": None,
    }
