"""What can be done about a case with one click, as an edit that can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from landmark_gui.core import edits, examples
from landmark_gui.core.geometry import bounding
from landmark_gui.core.project import Box, Change, Edit, Photo, Project, combined
from landmark_gui.core.quality.report import Case, Fault, Finding, Remedy, Subject
from landmark_gui.core.quality.scope import seen

DUPLICATES = (Fault.EXACT_ACROSS, Fault.EXACT_WITHIN, Fault.NEAR_ACROSS, Fault.NEAR_WITHIN)
KEEPS_ONE = (*DUPLICATES, Fault.OVERLAP)
"""Of these a case names first what to keep, and "exclude" and "trash" leave it alone."""


def offered(project: Project, finding: Finding, case: Case) -> tuple[Remedy, ...]:
    """Those remedies of a finding that do something about this case, the usual one first.

    "relabel" is always among those of a fault that has it, since the person says where to; with
    "merge_boxes" that is so of boxes that bear the same landmark.
    """
    return tuple(
        remedy
        for remedy in finding.remedies
        if remedy in ("trash", "relabel") or _changes(project, finding.fault, case, remedy, None)
    )


def remedy(
    project: Project,
    finding: Finding,
    case: Case,
    remedy: Remedy,
    landmark_id: int | None = None,
) -> Edit:
    """The edit that deals with one case. Rows that are gone since are passed over.

    Args:
        landmark_id: where "relabel" moves to, if not to that of the case; what "merge_boxes" makes
            of boxes with different landmarks, which otherwise are left alone.

    Returns:
        An edit without changes if there is nothing to do. "trash" never is one: see
        `files_to_trash`.
    """
    return _edit(_changes(project, finding.fault, case, remedy, landmark_id), remedy)


def remedy_all(
    project: Project, finding: Finding, remedy: Remedy, landmark_id: int | None = None
) -> Edit:
    """The edit that deals with all cases of a finding at once; see `remedy`."""
    changes = (
        change
        for case in finding.cases
        for change in _changes(project, finding.fault, case, remedy, landmark_id)
    )
    return _edit(changes, remedy)


def files_to_trash(project: Project, case: Case) -> list[str]:
    """The photos of a case that "trash" takes, as paths relative to the photo folder.

    Of several, which are duplicates then, all but the first, which is kept.
    """
    others = case.subjects[1:] or case.subjects
    ids = dict.fromkeys(subject.photo_id for subject in others)
    return [project.photos[id_].path for id_ in ids if id_ in project.photos]


def _acted_on(fault: Fault, case: Case) -> tuple[Subject, ...]:
    return case.subjects[1:] if fault in KEEPS_ONE else case.subjects


def _changes(
    project: Project, fault: Fault, case: Case, remedy: Remedy, landmark_id: int | None
) -> list[Change]:
    if remedy == "exclude":
        acted_on = ((subject.photo_id, subject.box_id) for subject in _acted_on(fault, case))
        return list(examples.exclude(project, acted_on).changes)
    if remedy == "relabel":
        wanted = case.landmark_id if landmark_id is None else landmark_id
        return list(_relabelled(project, case.subjects, wanted))
    if remedy == "merge_boxes":
        return list(_merged(_boxes(project, case.subjects), landmark_id))
    if remedy == "fit_box":
        return list(_fitted(project, _boxes(project, case.subjects)))
    return []


def _relabelled(
    project: Project, subjects: Iterable[Subject], landmark_id: int | None
) -> Iterator[Change]:
    """A photo with boxes is moved by its boxes, as long as all of them bear one landmark."""
    if landmark_id not in project.landmarks:
        return
    for row in _rows(project, subjects):
        boxes = [row] if isinstance(row, Box) else _included(project, row)
        if isinstance(row, Photo) and not boxes:
            yield from edits.set_photos_landmark([row], landmark_id).changes
        elif len({box.landmark_id for box in boxes}) == 1:
            moved = (edits.change_box(box, landmark_id=landmark_id) for box in boxes)
            yield from (change for edit in moved for change in edit.changes)


def _included(project: Project, photo: Photo) -> list[Box]:
    return [box for box in project.boxes_of(photo.id) if not box.excluded]


def _merged(boxes: list[Box], landmark_id: int | None) -> Iterator[Change]:
    """The oldest box grows round all of them, so that nothing of the landmark is cut off."""
    whole = bounding(box.rect for box in boxes)
    same = len({box.landmark_id for box in boxes}) == 1
    if whole is None or len(boxes) < 2 or not (same or landmark_id is not None):
        return
    first, *others = boxes
    mark = first.landmark_id if landmark_id is None else landmark_id
    yield Change(first, replace(first, rect=whole, landmark_id=mark))
    yield from edits.delete_boxes(others).changes


def _fitted(project: Project, boxes: Iterable[Box]) -> Iterator[Change]:
    """Cut at the edge of the photo; of one that lies wholly outside nothing would be left."""
    for box in boxes:
        inside = seen(box, project.photos[box.photo_id])
        if inside.w >= 1 and inside.h >= 1 and inside != box.rect:
            yield from edits.change_box(box, rect=inside).changes


def _rows(project: Project, subjects: Iterable[Subject]) -> list[Photo | Box]:
    found = (
        project.photos.get(subject.photo_id)
        if subject.box_id is None
        else project.boxes.get(subject.box_id)
        for subject in subjects
    )
    return [row for row in found if row is not None]


def _boxes(project: Project, subjects: Iterable[Subject]) -> list[Box]:
    return [row for row in _rows(project, subjects) if isinstance(row, Box) and not row.excluded]


def _edit(changes: Iterable[Change], remedy: Remedy) -> Edit:
    """One edit, each row once, under the name that says best what it does."""
    edit = combined(
        "", (Edit("", (change,)) for change in changes if change.before != change.after)
    )
    return replace(edit, kind=_kind(edit, remedy))


def _kind(edit: Edit, remedy: Remedy) -> str:
    tables = {change.row.table for change in edit.changes}
    if remedy == "exclude":
        kinds = {frozenset({"boxes"}): "exclude_boxes", frozenset({"photos"}): "review_photos"}
        return kinds.get(frozenset(tables), "exclude_examples")
    if remedy == "relabel":
        marks = {getattr(change.after, "landmark_id", None) for change in edit.changes}
        kinds = {frozenset({"boxes"}): "relabel_box", frozenset({"photos"}): "label_photo"}
        one_way = len(marks) == 1
        return kinds.get(frozenset(tables), "relabel_examples") if one_way else "relabel_examples"
    return {"merge_boxes": "merge_boxes", "fit_box": "move_box"}.get(remedy, "exclude_examples")
