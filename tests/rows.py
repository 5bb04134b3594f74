"""Rows for tests that need a project but no photo files."""

from __future__ import annotations

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Change, Edit, Photo, Project


def photo(number: int, path: str = "", **values: object) -> Photo:
    """A readable photo of 100 × 80 pixels."""
    row = {"size": 1000 + number, "hash": f"hash {number}", "width": 100, "height": 80, **values}
    return Photo(number, path or f"IMG_{number}.jpg", **row)  # type: ignore[arg-type]


def small_project() -> Project:
    """Photos 1 to 3 and the landmarks Tower (1) and Dome (2); no boxes."""
    project = Project.of([photo(1), photo(2), photo(3)])
    for name in ("Tower", "Dome"):
        project.apply(edits.add_landmark(project, name))
    return project


def as_edit(project: Project) -> Edit:
    """The landmarks and boxes of a project as one edit, to bring them into a store."""
    rows = [*project.landmarks.values(), *project.boxes.values()]
    return Edit("import", tuple(Change(None, row) for row in rows))


def box_edit(number: int = 0, photo_id: int = 1, landmark_id: int = 1) -> Edit:
    """Draws a box whose left side is at `number`."""
    return edits.add_box(photo_id, landmark_id, Rect(number, 2, 30, 40))
