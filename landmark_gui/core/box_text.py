"""Boxes as JSON text, to carry them through the clipboard from photo to photo."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from landmark_gui.core import edits
from landmark_gui.core.errors import FormatError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Change, Edit, Photo, Project

_MARK = "landmark-boxes"
_VERSION = 1
MAX_CHARACTERS = 4_000_000
_MAX_NAME = 1000


@dataclass(frozen=True)
class CopiedBox:
    """A box without its photo: the name of its landmark, and where it lay, in pixels.

    Attributes:
        excluded: whether it is left out of the dataset; a copy is as well.
    """

    landmark: str
    rect: Rect
    excluded: bool = False


def to_text(boxes: Iterable[CopiedBox]) -> str:
    """The boxes as JSON that people can read, too."""
    rows = [
        {
            "landmark": box.landmark,
            "x": box.rect.x,
            "y": box.rect.y,
            "w": box.rect.w,
            "h": box.rect.h,
            **({"excluded": True} if box.excluded else {}),
        }
        for box in boxes
    ]
    return json.dumps({_MARK: _VERSION, "boxes": rows}, ensure_ascii=False, indent=1)


def from_text(text: str) -> list[CopiedBox]:
    """The boxes that `to_text` wrote.

    Raises:
        FormatError: if the text is anything else.
    """
    problem = FormatError(tr("The clipboard holds no boxes. Copy some with Ctrl+C first."))
    if _MARK not in text[:100] or len(text) > MAX_CHARACTERS:
        raise problem
    try:
        content = json.loads(text)
        if content[_MARK] != _VERSION:
            raise problem
        return [_box(row) for row in content["boxes"]]
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise problem from error


def _box(row: dict[str, Any]) -> CopiedBox:
    name, numbers = row["landmark"], [row[side] for side in "xywh"]
    if not isinstance(name, str) or not name.strip() or len(name) > _MAX_NAME:
        raise ValueError("name")
    if any(isinstance(number, bool) or not math.isfinite(number) for number in numbers):
        raise ValueError("number")
    x, y, w, h = (float(number) for number in numbers)
    if w <= 0 or h <= 0:
        raise ValueError("size")
    return CopiedBox(name.strip(), Rect(x, y, w, h), row.get("excluded") is True)


def placed(
    boxes: Iterable[CopiedBox], taken: Iterable[Rect], width: float, height: float, step: float
) -> list[CopiedBox]:
    """The boxes inside a photo of `width` × `height`, shifted until none covers one of `taken`.

    Args:
        step: how far to shift each time, right and down; left and up where that is outside.
    """
    group = [replace(box, rect=box.rect.within(width, height)) for box in boxes]
    occupied = set(taken)
    for direction in (1, -1):
        for number in range(_TRIES):
            shift = number * direction * step
            moved = [
                replace(box, rect=box.rect.moved(shift, shift, width, height)) for box in group
            ]
            if not occupied.intersection(box.rect for box in moved):
                return moved
    return group


_TRIES = 50


def added(
    kind: str, project: Project, photo: Photo, boxes: Iterable[CopiedBox], step: float
) -> Edit:
    """One edit that puts boxes on a photo, with the landmarks that the project lacks.

    Args:
        step: as for `placed`.

    Raises:
        NameRefused: if a landmark would have to be added whose name cannot be one.
    """
    taken = [box.rect for box in project.boxes_of(photo.id)]
    scratch = Project.of(project.landmarks.values())
    changes: list[Change] = []
    for box in placed(boxes, taken, photo.width, photo.height, step):
        mark = edits.namesake(scratch, box.landmark)
        if mark is None:
            mark = edits.new_landmark(scratch, edits.clean_name(box.landmark))
            scratch.landmarks[mark.id] = mark
            changes.append(Change(None, mark))
        new = edits.new_box(photo.id, mark.id, box.rect)
        changes.append(Change(None, replace(new, excluded=box.excluded)))
    return Edit(kind, tuple(changes))
