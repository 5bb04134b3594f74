"""What the history says of each edit: "Renamed “Tower” to “Eiffel Tower”"."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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

    A landmark is its id: a box that was drawn as “Tower” is told by the name it has now, or had
    when it was deleted or merged. Its id may go to a new landmark afterwards.
    """

    def __init__(self, project: Project, history: Callable[[], Sequence[Edit]]) -> None:
        """`history` gives every edit, oldest first, also those that are undone."""
        self._project, self._history = project, history
        self._ends: list[tuple[int, Landmark]] = []
        self._read = 0

    def forget(self, kept: int) -> None:
        """The edits behind the first `kept` are others now."""
        self._ends = [end for end in self._ends if end[0] < kept]
        self._read = min(self._read, kept)

    def landmark(self, landmark_id: int | None, at: int, position: int) -> str:
        """The name of a landmark in the edit number `at`, while the first `position` stand."""
        if landmark_id is None:
            return ""
        ends = (end for end in self._all_ends() if end[0] >= at and end[1].id == landmark_id)
        number, ended = next(ends, (position, None))
        if ended is not None and number < position:
            return ended.name
        mark = self._project.landmarks.get(landmark_id) or ended or self._last(landmark_id)
        return mark.name if mark is not None else "?"

    def photo(self, photo_id: int) -> str:
        photo = self._project.photos.get(photo_id)
        return PurePosixPath(photo.path).name if photo is not None else "?"

    def _all_ends(self) -> list[tuple[int, Landmark]]:
        """Where landmarks were deleted, and as what; only such edits are looked into."""
        history = self._history()
        for number in range(self._read, len(history)):
            if history[number].kind in ("delete_landmark", "merge_landmarks"):
                gone = [mark for mark, after in _marks(history[number]) if mark and not after]
                self._ends += [(number, mark) for mark in gone]
        self._read = len(history)
        return self._ends

    def _last(self, landmark_id: int) -> Landmark | None:
        """A landmark that only undone edits know."""
        for edit in reversed(self._history()):
            for before, after in _marks(edit):
                mark = after or before
                if mark is not None and mark.id == landmark_id:
                    return mark
        return None


@dataclass(frozen=True)
class _Names:
    """The names as one edit of the history knows them."""

    names: Names
    at: int
    position: int

    def landmark(self, landmark_id: int | None) -> str:
        return self.names.landmark(landmark_id, self.at, self.position)

    def photo(self, photo_id: int) -> str:
        return self.names.photo(photo_id)


def words(edit: Edit, names: Names, at: int, position: int) -> Words:
    """The edit number `at` in words, while the first `position` of the history stand.

    A kind that is not known is told by the rows it changes.
    """
    rows, tell = _TELLERS.get(edit.kind, (_marks, _changed))
    known = rows(edit)  # a file from a stranger may hold an edit without them
    view = _Names(names, at, position)
    return Words((tell if known else _changed)(edit, view), _place(edit, view))


def _place(edit: Edit, names: _Names) -> str:
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


def _landmark_of(row: Box | Photo | None, names: _Names) -> str:
    return names.landmark(row.landmark_id) if row is not None else ""


# Landmarks


def _added(edit: Edit, names: _Names) -> str:
    return tr("Added “{name}”", name=_first_mark(edit).name)


def _renamed(edit: Edit, names: _Names) -> str:
    before, after = _marks(edit)[0]
    old, new = (mark.name if mark else "?" for mark in (before, after))
    return tr("Renamed “{old}” to “{new}”", old=old, new=new)


def _recolored(edit: Edit, names: _Names) -> str:
    return tr("Changed the colour of “{name}”", name=_first_mark(edit).name)


def _deleted(edit: Edit, names: _Names) -> str:
    name = next((mark.name for mark, after in _marks(edit) if mark and not after), "?")
    count = len(_boxes(edit))
    if not count:
        return tr("Deleted “{name}”", name=name)
    return ntr("Deleted “{name}” with {n} box", "Deleted “{name}” with {n} boxes", count, name=name)


def _keyed(edit: Edit, names: _Names) -> str:
    for _, mark in _marks(edit):
        if mark is not None and mark.key:
            return tr("Gave “{name}” the key {key}", name=mark.name, key=mark.key)
    mark = _first_mark(edit)
    return tr("Took the key from “{name}”", name=mark.name)


def _reordered(edit: Edit, names: _Names) -> str:
    mark = _first_mark(edit)
    return tr("Moved “{name}” to place {place}", name=mark.name, place=mark.position + 1)


def _merged(edit: Edit, names: _Names) -> str:
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


def _drew(edit: Edit, names: _Names) -> str:
    boxes = _boxes(edit)
    name = _landmark_of(boxes[0][1], names)
    if len(boxes) > 1:
        return ntr("Drew {n} box", "Drew {n} boxes", len(boxes))
    if _marks(edit):
        return tr("Drew box “{name}”, a new landmark", name=name)
    return tr("Drew box “{name}”", name=name)


def _copied(edit: Edit, names: _Names) -> str:
    return ntr("Copied {n} box", "Copied {n} boxes", len(_boxes(edit)))


def _duplicated(edit: Edit, names: _Names) -> str:
    return ntr("Duplicated {n} box", "Duplicated {n} boxes", len(_boxes(edit)))


def _pasted(edit: Edit, names: _Names) -> str:
    return ntr("Pasted {n} box", "Pasted {n} boxes", len(_boxes(edit)))


def _moved(edit: Edit, names: _Names) -> str:
    boxes = _boxes(edit)
    if len(boxes) > 1:
        return ntr("Moved {n} box", "Moved {n} boxes", len(boxes))
    before, after = boxes[0]
    name = _landmark_of(after, names)
    moved = before and after and (before.rect.w, before.rect.h) == (after.rect.w, after.rect.h)
    return tr("Moved box “{name}”", name=name) if moved else tr("Resized box “{name}”", name=name)


def _relabelled(edit: Edit, names: _Names) -> str:
    boxes = _boxes(edit)
    old, new = (_landmark_of(box, names) for box in boxes[0])
    if len(boxes) > 1:
        return ntr("Gave {n} box to “{name}”", "Gave {n} boxes to “{name}”", len(boxes), name=new)
    return tr("Box “{old}” became “{new}”", old=old, new=new)


def _deleted_boxes(edit: Edit, names: _Names) -> str:
    boxes = _boxes(edit)
    if len(boxes) > 1:
        return ntr("Deleted {n} box", "Deleted {n} boxes", len(boxes))
    return tr("Deleted box “{name}”", name=_landmark_of(boxes[0][0], names))


def _merged_boxes(edit: Edit, names: _Names) -> str:
    boxes = _boxes(edit)
    kept = [box for _, box in boxes if box is not None]
    if len(kept) != 1:
        return ntr("Merged {n} box", "Merged {n} boxes", len(boxes))
    name = _landmark_of(kept[0], names)
    return ntr("Merged {n} box “{name}”", "Merged {n} boxes “{name}”", len(boxes), name=name)


def _imported(edit: Edit, names: _Names) -> str:
    count = len(_boxes(edit))
    if count:
        return ntr("Imported {n} box", "Imported {n} boxes", count)
    return ntr("Imported {n} landmark", "Imported {n} landmarks", len(_marks(edit)))


# Photos


def _labelled(edit: Edit, names: _Names) -> str:
    photos = _photos(edit)
    if len(photos) > 1:
        return ntr("Named {n} whole photo", "Named {n} whole photos", len(photos))
    old, new = (_landmark_of(photo, names) for photo in photos[0])
    if not new:
        return tr("The whole photo is no longer “{name}”", name=old)
    return tr("The whole photo is “{name}”", name=new)


def _classified(edit: Edit, names: _Names) -> str:
    count = len(edit.photo_ids())
    return ntr("Labelled {n} classified photo", "Labelled {n} classified photos", count)


def _by_folder(edit: Edit, names: _Names) -> str:
    count = len(_photos(edit))
    return ntr("Named {n} photo after its folder", "Named {n} photos after their folders", count)


def _reviewed(edit: Edit, names: _Names) -> str:
    _, after = _photos(edit)[0]
    review = after.review if after is not None else ""
    return {"done": tr("Marked as done"), "skipped": tr("Marked as skipped")}.get(
        review, tr("Marked as still to do")
    )


def _pinned(edit: Edit, names: _Names) -> str:
    photos = _photos(edit)
    _, after = photos[0]
    count, split = len(photos), after.split if after is not None else ""
    if split == "train":
        return ntr("Pinned {n} photo to train", "Pinned {n} photos to train", count)
    if split == "validation":
        return ntr("Pinned {n} photo to validation", "Pinned {n} photos to validation", count)
    if split == "test":
        return ntr("Pinned {n} photo to test", "Pinned {n} photos to test", count)
    return ntr("Freed {n} photo from its split", "Freed {n} photos from their split", count)


def _pinned_by_folder(edit: Edit, names: _Names) -> str:
    return ntr(
        "Took the split of {n} photo from its folder",
        "Took the split of {n} photos from their folders",
        len(_photos(edit)),
    )


def _excluded(edit: Edit, names: _Names) -> str:
    return ntr(
        "Left {n} box out of the dataset",
        "Left {n} boxes out of the dataset",
        len(_boxes(edit)),
    )


def _included(edit: Edit, names: _Names) -> str:
    return ntr(
        "Took {n} box into the dataset", "Took {n} boxes into the dataset", len(_boxes(edit))
    )


# Boxes and whole photos together


def _examples(edit: Edit) -> list[tuple[Box | Photo | None, Box | Photo | None]]:
    return [*_boxes(edit), *_photos(edit)]


def _excluded_examples(edit: Edit, names: _Names) -> str:
    return ntr(
        "Left {n} example out of the dataset",
        "Left {n} examples out of the dataset",
        len(_examples(edit)),
    )


def _included_examples(edit: Edit, names: _Names) -> str:
    return ntr(
        "Took {n} example into the dataset",
        "Took {n} examples into the dataset",
        len(_examples(edit)),
    )


def _relabelled_examples(edit: Edit, names: _Names) -> str:
    examples = _examples(edit)
    marks = {_landmark_of(after, names) for _, after in examples}
    if len(marks) == 1:
        return ntr(
            "Gave {n} example to “{name}”",
            "Gave {n} examples to “{name}”",
            len(examples),
            name=marks.pop(),
        )
    return ntr(
        "Gave {n} example to another landmark",
        "Gave {n} examples to other landmarks",
        len(examples),
    )


def _accepted(edit: Edit, names: _Names) -> str:
    examples = _examples(edit)
    if len(examples) > 1:
        return ntr("Accepted {n} proposal", "Accepted {n} proposals", len(examples))
    return tr("Accepted the proposal “{name}”", name=_landmark_of(examples[0][1], names))


def _changed(edit: Edit, names: _Names) -> str:
    if boxes := _boxes(edit):
        return ntr("Changed {n} box", "Changed {n} boxes", len(boxes))
    if photos := _photos(edit):
        return ntr("Changed {n} photo", "Changed {n} photos", len(photos))
    return ntr("Changed {n} landmark", "Changed {n} landmarks", len(_marks(edit)))


_Rows = Callable[[Edit], list[Any]]
_TELLERS: dict[str, tuple[_Rows, Callable[[Edit, _Names], str]]] = {
    "add_landmark": (_marks, _added),
    "rename_landmark": (_marks, _renamed),
    "recolor_landmark": (_marks, _recolored),
    "delete_landmark": (_marks, _deleted),
    "set_landmark_key": (_marks, _keyed),
    "move_landmark": (_marks, _reordered),
    "merge_landmarks": (_marks, _merged),
    "add_box": (_boxes, _drew),
    "copy_boxes": (_boxes, _copied),
    "duplicate_boxes": (_boxes, _duplicated),
    "paste_boxes": (_boxes, _pasted),
    "move_box": (_boxes, _moved),
    "relabel_box": (_boxes, _relabelled),
    "delete_boxes": (_boxes, _deleted_boxes),
    "label_photo": (_photos, _labelled),
    "label_by_folder": (_photos, _by_folder),
    "label_classified": (lambda edit: list(edit.changes), _classified),
    "review_photos": (_photos, _reviewed),
    "pin_photos": (_photos, _pinned),
    "pin_by_folder": (_photos, _pinned_by_folder),
    "exclude_boxes": (_boxes, _excluded),
    "include_boxes": (_boxes, _included),
    "exclude_examples": (_examples, _excluded_examples),
    "include_examples": (_examples, _included_examples),
    "relabel_examples": (_examples, _relabelled_examples),
    "merge_boxes": (_boxes, _merged_boxes),
    "accept_proposals": (_examples, _accepted),
    "import": (lambda edit: list(edit.changes), _imported),
}
