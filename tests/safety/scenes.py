"""A project file with all that a project can hold, and what a test asks of such a file."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.paths import data_folder
from landmark_gui.core.project import Project
from landmark_gui.core.store import ProjectStore
from tests.rows import as_edit, box_edit, photo, small_project


def full_project(path: Path, boxes: int = 60) -> Project:
    """Make a project file of some thirty pages: photos, boxes, history, splits, settings.

    Three of its edits are undone. Its photos lie in the folder `photos` beside it.
    """
    content, project = _full_project(boxes)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    data_folder(path).mkdir(exist_ok=True)
    return Project.of(project.rows())


@cache
def _full_project(boxes: int) -> tuple[bytes, Project]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "made.landmarks")
        project = _made(path, boxes)
        return path.read_bytes(), project


def _made(path: Path, boxes: int) -> Project:
    project = small_project()
    with ProjectStore.create(path, path.parent / "photos") as store:
        store.put_photos([photo(n, f"탑/IMG_{n}.jpg") for n in range(1, 41)])
        store.commit(as_edit(project))
        for number in range(boxes):
            store.commit(box_edit(number, photo_id=number % 40 + 1, landmark_id=number % 2 + 1))
        project = store.load()
        first, second, *_ = project.boxes.values()
        store.commit(edits.change_box(first, rect=Rect(7, 8, 9, 10)))
        store.commit(edits.delete_boxes([second]))
        store.commit(edits.set_photos_landmark([project.photos[5]], 2))
        store.commit(edits.rename_landmark(project.landmarks[1], "남산타워"))
        store.set_setting("pages", {"crops": {"size": 160, "note": "é" * 3000}})
        store.set_split_assignments({n: "train" if n % 3 else "test" for n in range(1, 41)})
        store.commit(many_boxes(120))  # an edit that does not fit on a page
        for _ in range(3):
            store.commit(box_edit(500))
        store.go_to(len(store.history()[0]) - 3)
        return store.load()


def many_boxes(count: int) -> edits.Edit:
    """One edit that draws `count` boxes on photo 1."""
    made = [edits.add_box(1, 1, Rect(n, 2, 30, 40)).changes[0] for n in range(count)]
    return edits.Edit("import", tuple(made))
