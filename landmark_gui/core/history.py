"""What the history says of each edit: "Renamed “Tower” to “Eiffel Tower”"."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Box, Edit, Landmark, Photo, Project


@dataclass(frozen=True)
class Words:
    """An edit in words.

    Attributes:
        text: what was done, as "Drew box “Tower”".
        detail: on which photo, or on how many; "" for edits of landmarks alone.
    """

    text: str
    detail: str = ""

    def __str__(self) -> str:
        return f"{self.text} · {self.detail}" if self.detail else self.text


class Names:
    """What photos and landmarks are called; of landmarks also those that are gone.

    A landmark is its id: a box that was drawn as “Tower” is told by the name it has now.
    """

    def __init__(self, project: Project, history: Callable[[], Iterable[Edit]]) -> None:
        self._project, self._history = project, history
        self._gone: dict[int, str] = {}

    def landmark(self, landmark_id: int | None) -> str:
        if landmark_id is None:
            return ""
        mark = self._project.landmarks.get(landmark_id)
        if mark is not None:
            return mark.name
        if landmark_id not in self._gone:
            for edit in self._history():
                rows = (change.row for change in edit.changes)
                self._gone.update({row.id: row.name for row in rows if isinstance(row, Landmark)})
        return self._gone.setdefault(landmark_id, "?")

    def photo(self, photo_id: int) -> str:
        photo = self._project.photos.get(photo_id)
        return PurePosixPath(photo.path).name if photo is not None else "?"


def words(edit: Edit, names: Names) -> Words:
    """The edit in words; a kind that is not known is told by the rows it changes."""
    rows, tell = _TELLERS.get(edit.kind, (_marks, _changed))
    known = rows(edit)  # a file from a stranger may hold an edit without them
    return Words((tell if known else _changed)(edit, names), _place(edit, names))


def _place(edit: Edit, names: Names) -> str:
    photos = edit.photo_ids()
    if len(photos) == 1:
        return names.photo(*photos)
    return ntr("{n} photo", "{n} photos", len(photos)) if photos else ""


# The rows of an edit by kind, each as (before, after)


def _boxes(edit: Edit) -> list[tuple[Box | None, Box | None]]:
    return [(c.before, c.after) for c in edit.changes if isinstance(c.row, Box)]  # type: ignore[misc]  # both sides are of one table


def _photos(edit: Edit) -> list[tuple[Photo | None, Photo | None]]:
    return [(c.before, c.after) for c in edit.changes if isinstance(c.row, Photo)]  # type: ignore[misc]


def _marks(edit: Edit) -> list[tuple[Landmark | None, Landmark | None]]:
    return [(c.before, c.after) for c in edit.changes if isinstance(c.row, Landmark)]  # type: ignore[misc]


def _landmark_of(row: Box | Photo | None, names: Names) -> str:
    return names.landmark(row.landmark_id) if row is not None else ""


# Landmarks


def _added(edit: Edit, names: Names) -> str:
    return tr("Added “{name}”", name=_first_mark(edit).name)


def _renamed(edit: Edit, names: Names) -> str:
    before, after = _marks(edit)[0]
    old, new = (mark.name if mark else "?" for mark in (before, after))
    return tr("Renamed “{old}” to “{new}”", old=old, new=new)


def _recolored(edit: Edit, names: Names) -> str:
    return tr("Changed the colour of “{name}”", name=_first_mark(edit).name)


def _deleted(edit: Edit, names: Names) -> str:
    name = next((mark.name for mark, after in _marks(edit) if mark and not after), "?")
    count = len(_boxes(edit))
    if not count:
        return tr("Deleted “{name}”", name=name)
    return ntr("Deleted “{name}” with {n} box", "Deleted “{name}” with {n} boxes", count, name=name)


def _keyed(edit: Edit, names: Names) -> str:
    for _, mark in _marks(edit):
        if mark is not None and mark.key:
            return tr("Gave “{name}” the key {key}", name=mark.name, key=mark.key)
    mark = _first_mark(edit)
    return tr("Took the key from “{name}”", name=mark.name)


def _reordered(edit: Edit, names: Names) -> str:
    mark = _first_mark(edit)
    return tr("Moved “{name}” to place {place}", name=mark.name, place=mark.position + 1)


def _merged(edit: Edit, names: Names) -> str:
    gone = next((mark.name for mark, after in _marks(edit) if mark and not after), "?")
    rows = [after for _, after in (*_boxes(edit), *_photos(edit)) if after is not None]
    if not rows:
        return tr("Merged “{gone}”, which had no boxes", gone=gone)
    return tr("Merged “{gone}” into “{into}”", gone=gone, into=_landmark_of(rows[0], names))


def _first_mark(edit: Edit) -> Landmark:
    before, after = _marks(edit)[0]
    mark = after if after is not None else before
    assert mark is not None, "a change has at least one side"
    return mark


# Boxes


def _drew(edit: Edit, names: Names) -> str:
    boxes = _boxes(edit)
    name = _landmark_of(boxes[0][1], names)
    if len(boxes) > 1:
        return ntr("Drew {n} box", "Drew {n} boxes", len(boxes))
    if _marks(edit):
        return tr("Drew box “{name}”, a new landmark", name=name)
    return tr("Drew box “{name}”", name=name)


def _moved(edit: Edit, names: Names) -> str:
    boxes = _boxes(edit)
    if len(boxes) > 1:
        return ntr("Moved {n} box", "Moved {n} boxes", len(boxes))
    before, after = boxes[0]
    name = _landmark_of(after, names)
    moved = before and after and (before.rect.w, before.rect.h) == (after.rect.w, after.rect.h)
    return tr("Moved box “{name}”", name=name) if moved else tr("Resized box “{name}”", name=name)


def _relabelled(edit: Edit, names: Names) -> str:
    boxes = _boxes(edit)
    old, new = (_landmark_of(box, names) for box in boxes[0])
    if len(boxes) > 1:
        return ntr("Gave {n} box to “{name}”", "Gave {n} boxes to “{name}”", len(boxes), name=new)
    return tr("Box “{old}” became “{new}”", old=old, new=new)


def _deleted_boxes(edit: Edit, names: Names) -> str:
    boxes = _boxes(edit)
    if len(boxes) > 1:
        return ntr("Deleted {n} box", "Deleted {n} boxes", len(boxes))
    return tr("Deleted box “{name}”", name=_landmark_of(boxes[0][0], names))


def _imported(edit: Edit, names: Names) -> str:
    count = len(_boxes(edit))
    if count:
        return ntr("Imported {n} box", "Imported {n} boxes", count)
    return ntr("Imported {n} landmark", "Imported {n} landmarks", len(_marks(edit)))


# Photos


def _labelled(edit: Edit, names: Names) -> str:
    photos = _photos(edit)
    if len(photos) > 1:
        return ntr("Named {n} whole photo", "Named {n} whole photos", len(photos))
    old, new = (_landmark_of(photo, names) for photo in photos[0])
    if not new:
        return tr("The whole photo is no longer “{name}”", name=old)
    return tr("The whole photo is “{name}”", name=new)


def _by_folder(edit: Edit, names: Names) -> str:
    count = len(_photos(edit))
    return ntr("Named {n} photo after its folder", "Named {n} photos after their folders", count)


def _reviewed(edit: Edit, names: Names) -> str:
    _, after = _photos(edit)[0]
    review = after.review if after is not None else ""
    return {"done": tr("Marked as done"), "skipped": tr("Marked as skipped")}.get(
        review, tr("Marked as still to do")
    )


def _changed(edit: Edit, names: Names) -> str:
    if boxes := _boxes(edit):
        return ntr("Changed {n} box", "Changed {n} boxes", len(boxes))
    if photos := _photos(edit):
        return ntr("Changed {n} photo", "Changed {n} photos", len(photos))
    return ntr("Changed {n} landmark", "Changed {n} landmarks", len(_marks(edit)))


_Rows = Callable[[Edit], list[Any]]
_TELLERS: dict[str, tuple[_Rows, Callable[[Edit, Names], str]]] = {
    "add_landmark": (_marks, _added),
    "rename_landmark": (_marks, _renamed),
    "recolor_landmark": (_marks, _recolored),
    "delete_landmark": (_marks, _deleted),
    "set_landmark_key": (_marks, _keyed),
    "move_landmark": (_marks, _reordered),
    "merge_landmarks": (_marks, _merged),
    "add_box": (_boxes, _drew),
    "move_box": (_boxes, _moved),
    "relabel_box": (_boxes, _relabelled),
    "delete_boxes": (_boxes, _deleted_boxes),
    "label_photo": (_photos, _labelled),
    "label_by_folder": (_photos, _by_folder),
    "review_photos": (_photos, _reviewed),
    "import": (lambda edit: list(edit.changes), _imported),
}
