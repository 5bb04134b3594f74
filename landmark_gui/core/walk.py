"""Whether the history of a project can be walked, as it must be for undo to be saved."""

from __future__ import annotations

from collections.abc import Iterable

from landmark_gui.core.project import Box, Edit, Landmark, Photo, Project, Row


def walked(
    project: Project, done: list[Edit], undone: list[Edit]
) -> tuple[Project, Project] | None:
    """The project at its beginning, and after doing again all that is done.

    `project` itself is left as it is.

    The undone edits are tried as well.

    Args:
        done, undone: each oldest first.

    Returns:
        None if a step does not find the rows that it refers to: SQLite would refuse it.
    """
    trial = Project.of(project.rows())
    if not _can_apply((edit.inverse() for edit in reversed(done)), trial):
        return None
    beginning = Project.of(trial.rows())
    if not _can_apply(done, trial):
        return None
    reached = Project.of(trial.rows())
    return (beginning, reached) if _can_apply(undone, trial) else None


def _can_apply(edits: Iterable[Edit], project: Project) -> bool:
    """Apply `edits` until one refers to a row that is not there."""
    for edit in edits:
        project.apply(edit)
        if not all(_is_sound(change.after, change.row, project) for change in edit.changes):
            return False
    return True


def _is_sound(after: Row | None, row: Row, project: Project) -> bool:
    if after is None:
        return not _is_used(row, project)
    if isinstance(after, Box) and after.photo_id not in project.photos:
        return False
    mark = after.landmark_id if isinstance(after, Box | Photo) else None
    return mark is None or mark in project.landmarks


def _is_used(row: Row, project: Project) -> bool:
    if isinstance(row, Landmark):
        return bool(project.boxes_with(row.id) or project.photos_with(row.id))
    return isinstance(row, Photo) and bool(project.boxes_of(row.id))
