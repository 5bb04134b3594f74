"""Boxes as COCO: one JSON file with images, annotations and categories.

See https://cocodataset.org/#format-data. `bbox` is left, top, width, height in pixels.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from landmark_gui.core.formats.common import BoxRow, ExportReport, Remark, Rows
from landmark_gui.core.formats.matching import Ref
from landmark_gui.core.formats.reading import (
    extent,
    iterate,
    numbers,
    read_json,
    stated_size,
)
from landmark_gui.core.formats.writing import has_size, lines_of, not_kept
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Box, Project

Entries = dict[str, dict[str, Any]]
TWICE: dict[str, Any] = {}
"""Stands for entries that share an id, so that none can be told from the other."""


def rows(path: Path, progress: Progress = no_progress) -> Rows:
    """The boxes of a COCO file. Raises FormatError."""
    document = read_json(path, "COCO")
    wanted = ("images", "annotations", "categories")
    if not isinstance(document, dict) or not all(
        isinstance(document.get(key), list) for key in wanted
    ):
        raise FormatError(
            tr(
                "{path} is no COCO file: it needs the lists {lists}.",
                path=path,
                lists=", ".join(wanted),
            )
        )
    images, bad_images = _by_id(document["images"], "file_name")
    categories, bad_categories = _by_id(document["categories"], "name")
    yield from bad_images
    yield from bad_categories
    yield from _outlines(document["annotations"])
    for position, entry in enumerate(document["annotations"], 1):
        yield _row(entry, position, images, categories)


def _by_id(items: list[Any], name: str) -> tuple[Entries, list[str]]:
    """The entries by their id, and complaints about those that cannot be used."""
    found: Entries = {}
    problems = []
    for position, item in enumerate(items, 1):
        key = _key(item.get("id")) if isinstance(item, dict) else None
        if key is None or not isinstance(item.get(name), str):
            problems.append(
                tr("entry {n} of those with {name} lacks an id or a name", n=position, name=name)
            )
        elif key in found and found[key].get(name) != item[name]:
            found[key] = TWICE
            problems.append(tr("the id {id} of {name} stands for several", id=key, name=item[name]))
        else:
            found[key] = item
    return found, problems


def _key(value: object) -> str | None:
    """An id as text: some programs write 7, others "7" or 7.0."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    return str(value).strip()


def _outlines(annotations: list[Any]) -> Iterator[Remark]:
    count = sum(
        isinstance(entry, dict) and bool(entry.get("segmentation")) and bool(entry.get("bbox"))
        for entry in annotations
    )
    if count:
        yield Remark(
            ntr(
                "{n} annotation has an outline (segmentation) besides its box; only the box is "
                "kept",
                "{n} annotations have an outline (segmentation) besides their box; only the box "
                "is kept",
                count,
            )
        )


def _row(entry: object, position: int, images: Entries, categories: Entries) -> BoxRow | str:
    if not isinstance(entry, dict):
        return tr("annotation {id}: it is no object", id=f"#{position}")
    where = tr("annotation {id}", id=entry.get("id", f"#{position}"))
    image = images.get(_key(entry.get("image_id")) or "")
    category = categories.get(_key(entry.get("category_id")) or "")
    if not image or not category:
        what = "image_id" if not image else "category_id"
        return tr("{where}: its {what} names nothing, or several", where=where, what=what)
    bbox, remarks = _box(entry)
    if bbox is None:
        return tr("{where}: it has no bbox of four numbers", where=where)
    if entry.get("iscrowd") in (1, True, "1"):
        remarks.append(tr("iscrowd is set, which is not kept"))
    size = stated_size(image.get("width"), image.get("height"))
    x, y, w, h = bbox
    name = category["name"]
    return BoxRow(Ref(image["file_name"]), name, x, y, w, h, where, size, tuple(remarks))


def _box(entry: dict[str, Any]) -> tuple[list[float] | None, list[str]]:
    """The bounding box, or what encloses the polygons where there is none."""
    bbox = numbers(entry.get("bbox"), 4)
    if bbox is not None or entry.get("bbox"):
        return bbox, []
    points = []
    for _, polygon in iterate(entry.get("segmentation")):
        flat = numbers(polygon)
        if flat is None or len(flat) % 2:
            return None, []
        points += list(zip(flat[::2], flat[1::2], strict=True))
    if not points:
        return None, []
    return list(extent(points)), [tr("its polygon became the box around it")]


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write all readable photos and their boxes. Raises OSError."""
    photos = [photo for photo in project.ordered_photos() if has_size(photo)]
    images = [
        {"id": n, "file_name": photo.path, "width": photo.width, "height": photo.height}
        for n, photo in enumerate(photos, 1)
    ]
    marks = project.ordered_landmarks()
    category = {mark.id: n for n, mark in enumerate(marks, 1)}
    boxes = [(n, box) for n, photo in enumerate(photos, 1) for box in project.boxes_of(photo.id)]
    document = {
        "info": {"description": "Landmark GUI", "version": "1"},
        "licenses": [],
        "images": images,
        "annotations": [
            _annotation(number, image, category[box.landmark_id], box)
            for number, (image, box) in enumerate(boxes, 1)
        ],
        "categories": [
            {"id": category[mark.id], "name": mark.name, "supercategory": ""} for mark in marks
        ],
    }
    write_atomic(path, lines_of(document))
    return ExportReport(len(boxes), not_kept(project, "COCO", needs_size=True))


def _annotation(number: int, image: int, category: int, box: Box) -> dict[str, Any]:
    rect = box.rect
    return {
        "id": number,
        "image_id": image,
        "category_id": category,
        "bbox": [rect.x, rect.y, rect.w, rect.h],
        "area": rect.area,
        "iscrowd": 0,
        "segmentation": [],
    }
