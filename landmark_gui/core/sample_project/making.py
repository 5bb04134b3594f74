"""The sample on disk: drawn photos, a project with some of the boxes, and photos to ask about."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from landmark_gui.core import edits, scan
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    Progress,
    ProjectError,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import free_path
from landmark_gui.core.project import Change, Edit, Project
from landmark_gui.core.sample_project.landmarks import SHAPES
from landmark_gui.core.sample_project.photos import draw_photo
from landmark_gui.core.store import ProjectStore
from landmark_gui.core.suffixes import PROJECT_SUFFIX

EACH, LEFT_TO_DO, NEW = 15, 3, 2
"""Photos of each landmark; how many of them have no box yet; and those that are in no project."""
_QUALITY = 90


def shape_names() -> dict[str, str]:
    """What the landmarks are called."""
    return {
        "lighthouse": tr("Striped Lighthouse"),
        "windmill": tr("Old Windmill"),
        "pagoda": tr("Red Pagoda"),
        "clock_tower": tr("Clock Tower"),
    }


@dataclass(frozen=True)
class Sample:
    """Where a sample was written.

    Attributes:
        project: the project file.
        new_photos: folder of photos that no model has seen.
    """

    project: Path
    new_photos: Path


@dataclass(frozen=True)
class _Drawing:
    path: Path
    shape: str
    number: int


def make_sample(
    parent: Path, progress: Progress = no_progress, cancel: Cancel = never_cancelled
) -> Sample:
    """Draw the photos and make the project, in a new folder inside of `parent`.

    What lies in `parent` already is left alone; what was written is removed again if the work
    fails or is cancelled. The same photos every time, in two to three seconds.

    Args:
        progress: photos drawn, of those to be drawn.

    Raises:
        ProjectError: if the folder cannot be written.
        Cancelled
    """
    try:
        parent.mkdir(parents=True, exist_ok=True)
        folder = free_path(parent / tr("Drawn landmarks"))
        folder.mkdir()
    except OSError as error:
        raise _not_written(parent, error) from error
    try:
        return _make(folder, progress, cancel)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise _not_written(folder, error) from error
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _not_written(folder: Path, error: OSError) -> ProjectError:
    return ProjectError(
        tr(
            "The sample cannot be written to {folder} ({reason}). Choose another folder.",
            folder=folder,
            reason=error.strerror or error,
        )
    )


def _make(folder: Path, progress: Progress, cancel: Cancel) -> Sample:
    photos, new = folder / tr("Holiday photos"), folder / tr("New photos")
    photos.mkdir()
    new.mkdir()
    drawings = _drawings(photos, new)
    rects: dict[str, tuple[_Drawing, Rect]] = {}
    for done, drawing in enumerate(drawings, 1):  # on one core: the window needs the other
        if cancel():
            raise Cancelled
        picture, rect = draw_photo(drawing.shape, drawing.number)
        picture.save(drawing.path, quality=_QUALITY)
        rects[drawing.path.name] = drawing, rect
        progress(done, len(drawings))
    path = folder / (photos.name + PROJECT_SUFFIX)  # as that of a folder that is opened
    with ProjectStore.create(path, photos) as store:
        for rows in scan.new_photos(store.load(), photos):
            store.put_photos(rows)
        store.commit(_boxes(store.load(), rects))
    return Sample(path, new)


def _drawings(photos: Path, new: Path) -> list[_Drawing]:
    """All landmarks in turn; those to be done by the person come first."""
    made = []
    for folder, name, first, count in ((photos, "photo", 0, EACH), (new, "new", EACH, NEW)):
        each = ((shape, number) for number in range(first, first + count) for shape in SHAPES)
        made += [
            _Drawing(folder / f"{name}_{place:02}.jpg", shape, number)
            for place, (shape, number) in enumerate(each, 1)
        ]
    return made


def _boxes(project: Project, rects: dict[str, tuple[_Drawing, Rect]]) -> Edit:
    """One edit that names the landmarks, and draws the boxes of all but the first photos."""
    landmarks = {}
    for shape, name in shape_names().items():
        edit = edits.add_landmark(project, name)
        project.apply(edit)
        landmarks[shape] = edit.changes[0]
    photos = [
        (photo, *rects[photo.path])
        for photo in project.ordered_photos()
        if rects[photo.path][0].number >= LEFT_TO_DO
    ]
    boxes: Iterable[Change] = (
        Change(None, edits.new_box(photo.id, landmarks[drawing.shape].row.id, rect))  # type: ignore[arg-type]  # a landmark's
        for photo, drawing, rect in photos
    )
    done = (Change(photo, replace(photo, review="done")) for photo, _, _ in photos)
    return Edit("import", (*landmarks.values(), *boxes, *done))
