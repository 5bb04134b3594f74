"""What every import has in common: match files with photos, make landmarks, report the rest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from landmark_gui.core.edits import new_box, new_landmark
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import composed
from landmark_gui.core.project import Box, Change, Edit, Landmark, Photo, Project


@dataclass(frozen=True)
class BoxRow:
    """A box as a foreign file names it; `where` says where it stands, for messages."""

    file: str
    landmark: str
    x: float
    y: float
    w: float
    h: float
    where: str


@dataclass
class ImportPlan:
    """The edit that an import would make, and in words what it leaves out and why."""

    edit: Edit
    boxes: int = 0
    problems: list[str] = field(default_factory=list)


class _Importer:
    def __init__(self, project: Project) -> None:
        self.scratch = Project.of(project.rows())
        self.added: list[Landmark | Box] = []
        self.problems: list[str] = []
        self._by_path = {composed(photo.path): photo for photo in project.photos.values()}
        self._by_name: dict[str, list[Photo]] = defaultdict(list)
        for photo in project.photos.values():
            self._by_name[PurePosixPath(composed(photo.path)).name].append(photo)

    def add(self, row: BoxRow) -> None:
        photo = self._photo(row)
        if photo is None:
            return
        rect = Rect(row.x, row.y, row.w, row.h).clamped(photo.width, photo.height)
        if rect.w <= 0 or rect.h <= 0:
            self._complain(row, tr("the box lies outside {file}", file=photo.path))
            return
        landmark = self._landmark(row.landmark)
        twin = (landmark.id, rect)
        if twin in {(box.landmark_id, box.rect) for box in self.scratch.boxes_of(photo.id)}:
            self._complain(row, tr("{file} has this very box already", file=photo.path))
            return
        self._put(new_box(photo.id, landmark.id, rect))

    def _photo(self, row: BoxRow) -> Photo | None:
        file = composed(row.file)
        named = self._by_name.get(PurePosixPath(file).name, [])
        photo = self._by_path.get(file) or (named[0] if len(named) == 1 else None)
        if photo is None and named:
            self._complain(row, tr("{file} could be one of several photos", file=row.file))
        elif photo is None:
            self._complain(row, tr("the project has no photo {file}", file=row.file))
        elif photo.state != "ok":
            self._complain(row, tr("{file} cannot be read: {why}", file=row.file, why=photo.reason))
            return None
        return photo

    def _landmark(self, name: str) -> Landmark:
        name = composed(name)
        landmark = self.scratch.landmark_named(name)
        if landmark is None:
            landmark = new_landmark(self.scratch, name)
            self._put(landmark)
        return landmark

    def _put(self, row: Landmark | Box) -> None:
        self.scratch.apply(Edit("import", (Change(None, row),)))
        self.added.append(row)

    def _complain(self, row: BoxRow, reason: str) -> None:
        self.problems.append(f"{row.where}: {reason}")


def plan_import(project: Project, rows: Iterable[BoxRow | str]) -> ImportPlan:
    """Turn foreign boxes into one edit. Boxes are clamped to their photo.

    Args:
        project: the photos and landmarks to match; it is not changed.
        rows: boxes, or for an unreadable entry the complaint about it.
    """
    importer = _Importer(project)
    for row in rows:
        if isinstance(row, str):
            importer.problems.append(row)
        else:
            importer.add(row)
    changes = tuple(Change(None, row) for row in importer.added)
    boxes = sum(isinstance(row, Box) for row in importer.added)
    return ImportPlan(Edit("import", changes), boxes, importer.problems)
