"""The project as JSON of our own: readable, one item a line, and imported again without loss."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any, cast, get_args

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.edits import KEYS, new_box, new_landmark
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    FormatError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.formats.common import (
    ExportReport,
    Importer,
    ImportPlan,
    is_name,
)
from landmark_gui.core.formats.matching import Ref, orientation_in, upright
from landmark_gui.core.formats.reading import iterate, number, numbers, read_json, stated_size
from landmark_gui.core.formats.writing import compact
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import composed
from landmark_gui.core.project import SPLITS, Box, Landmark, Photo, Project, Review, Split

FORMAT, VERSION = "landmark-gui", 1
_COLOR = re.compile("#[0-9a-fA-F]{6}")
_BOX_ID = re.compile("[0-9a-zA-Z-]{1,64}")


def write(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ExportReport:
    """Write landmarks, photos and boxes. Raises OSError."""
    marks = ",\n".join(f"  {compact(asdict(mark))}" for mark in project.ordered_landmarks())
    photos = ",\n".join(_photo_text(project, photo) for photo in project.ordered_photos())
    head = f' "format": {compact(FORMAT)},\n "version": {VERSION}'
    lists = f' "landmarks": [\n{marks}\n ],\n "photos": [\n{photos}\n ]'
    write_atomic(path, f"{{\n{head},\n{lists}\n}}\n")
    return ExportReport(len(project.boxes))


def _photo_text(project: Project, photo: Photo) -> str:
    facts = {
        "path": photo.path,
        "hash": photo.hash,
        "size": photo.size,
        "width": photo.width,
        "height": photo.height,
        "landmark": photo.landmark_id,
        "review": photo.review,
        "split": photo.split,
    }
    boxes = ",\n".join(f"   {compact(_box_entry(box))}" for box in project.boxes_of(photo.id))
    return f'  {compact(facts)[:-1]}, "boxes": [' + (f"\n{boxes}\n  ]}}" if boxes else "]}")


def _box_entry(box: Box) -> dict[str, Any]:
    excluded = {"excluded": True} if box.excluded else {}
    return {"id": box.id, "landmark": box.landmark_id, **asdict(box.rect), **excluded}


def read(
    path: Path,
    project: Project,
    folder: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> ImportPlan:
    """Plan the import of such a file.

    Landmarks are found by their name; those that the project lacks keep their id, colour, key
    and order where these are free. Photos are found by path, or by content if they were moved.
    What the person has already said in the project stays.

    Raises:
        FormatError: if the file is of another form, or from a newer version.
        Cancelled: if `cancel` says so.
    """
    document = read_json(path, "JSON")
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise FormatError(tr("{path} is not an export of Landmark GUI as JSON.", path=path))
    if document.get("version") != VERSION:
        raise FormatError(
            tr("{path} was made by a newer version. Update Landmark GUI to open it.", path=path)
        )
    orientation = upright if folder is None else orientation_in(folder)
    reader = _Reader(Importer(project, folder, orientation))
    reader.landmarks(document.get("landmarks"))
    for position, entry in iterate(document.get("photos")):
        if cancel():
            raise Cancelled
        reader.photo(entry, position)
    return reader.importer.plan()


class _Reader:
    def __init__(self, importer: Importer) -> None:
        self.importer = importer
        project = importer.project
        self._marks: dict[object, Landmark] = {}
        self._by_path = {photo.path: photo for photo in project.photos.values()}
        copies = Counter(photo.hash for photo in project.photos.values())
        self._by_hash = {
            photo.hash: photo
            for photo in project.photos.values()
            if photo.hash and copies[photo.hash] == 1
        }

    def landmarks(self, entries: object) -> None:
        """Match the landmarks with those of the project, and add the others."""
        known = {composed(mark.name): mark for mark in self.importer.project.landmarks.values()}
        for position, entry in iterate(entries):
            where = tr("landmark {n}", n=position)
            name = composed(entry["name"]).strip() if _has_text(entry, "name") else ""
            key = entry.get("id") if isinstance(entry, dict) else None
            if not is_name(name) or not _is_id(key) or key in self._marks:
                self.importer.leave_out(where, tr("its name or id is missing or not usable"))
            elif name in known:
                self._marks[key] = known[name]
                self._compare(entry, known[name])
            else:
                self._marks[key] = self._added(entry, name)

    def _compare(self, entry: dict[str, Any], mark: Landmark) -> None:
        if (entry.get("color"), entry.get("key")) != (mark.color, mark.key):
            self.importer.remark(
                tr("{name} keeps the colour and key that it has in the project", name=mark.name)
            )

    def _added(self, entry: dict[str, Any], name: str) -> Landmark:
        scratch = self.importer.scratch
        mark = new_landmark(scratch, name)
        if entry["id"] not in scratch.landmarks:
            mark = replace(mark, id=entry["id"])
        if isinstance(entry.get("color"), str) and _COLOR.fullmatch(entry["color"]):
            mark = replace(mark, color=entry["color"])
        mark = replace(mark, key=self._free_key(entry, name))
        if not self.importer.project.landmarks and _is_id(entry.get("position"), 0):
            mark = replace(mark, position=entry["position"])
        self.importer.put(None, mark)
        return mark

    def _free_key(self, entry: dict[str, Any], name: str) -> str:
        key = entry.get("key")
        if not isinstance(key, str) or key not in tuple(KEYS):
            return ""
        if key in {mark.key for mark in self.importer.scratch.landmarks.values()}:
            self.importer.remark(tr("{name} has no key: {key} is taken", name=name, key=key))
            return ""
        return key

    def photo(self, entry: object, position: int) -> None:
        """Take over what the file says of one photo."""
        where = tr("photo {n}", n=position)
        if not isinstance(entry, dict) or not _has_text(entry, "path"):
            self.importer.leave_out(where, tr("it has no path"))
            return
        where = entry["path"]
        photo = self._find(entry)
        if photo is None:
            if any(entry.get(said) for said in ("boxes", "landmark", "review", "split")):
                self.importer.photo(Ref(entry["path"]), where)  # complains
            return
        if entry.get("hash") and photo.hash and entry["hash"] != photo.hash:
            self.importer.remark(tr("{file} has another content than then", file=photo.path))
        self._judge(photo, entry)
        for number_, box in iterate(entry.get("boxes")):
            self._box(photo, entry, box, tr("{file}, box {n}", file=where, n=number_))

    def _find(self, entry: dict[str, Any]) -> Photo | None:
        digest = entry.get("hash")
        by_path = self._by_path.get(entry["path"])
        by_hash = self._by_hash.get(digest) if isinstance(digest, str) else None
        if by_path is not None and by_path.hash == digest:
            return by_path  # and not another copy of it
        if found := by_hash or by_path:  # boxes belong to the picture, not to its name
            return found
        near = self.importer.photos.find(Ref(entry["path"]))
        return near[0] if len(near) == 1 else None

    def _judge(self, photo: Photo, entry: dict[str, Any]) -> None:
        """The photo's own landmark, review and split, where the person has not said otherwise."""
        before = photo = self.importer.scratch.photos[photo.id]
        mark, review = self._mark(entry.get("landmark")), entry.get("review")
        if mark is not None and photo.landmark_id is None:
            photo = replace(photo, landmark_id=mark.id)
        elif mark is not None and photo.landmark_id != mark.id:
            self.importer.remark(tr("{file} keeps the landmark that it has", file=photo.path))
        elif mark is None and entry.get("landmark") is not None:
            self.importer.leave_out(photo.path, tr("its landmark is not in the list"))
        if review in get_args(Review) and not photo.review:
            photo = replace(photo, review=cast(Review, review))
        elif review and review != photo.review:
            self.importer.remark(tr("{file} keeps the mark that it has", file=photo.path))
        split = entry.get("split")
        if split in SPLITS and not photo.split:
            photo = replace(photo, split=cast(Split, split))
        elif split and split != photo.split:
            self.importer.remark(tr("{file} keeps the split that it has", file=photo.path))
        if photo != before:
            self.importer.put(before, photo)

    def _mark(self, key: object) -> Landmark | None:
        return self._marks.get(key) if _is_id(key) else None

    def _box(self, photo: Photo, entry: dict[str, Any], box: object, where: str) -> None:
        values = box if isinstance(box, dict) else {}
        sides = numbers([values.get(side) for side in ("x", "y", "w", "h")])
        mark = self._mark(values.get("landmark"))
        if sides is None or mark is None:
            self.importer.leave_out(where, tr("it needs x, y, w, h and a landmark of the list"))
            return
        size = stated_size(entry.get("width"), entry.get("height"))
        rect: Rect | None = Rect(*sides)
        if photo.state != "unreadable":
            rect = self.importer.rect(Rect(*sides), size, photo, where)
        if rect is None:
            return
        if self.importer.had(photo, mark.id, rect):
            self.importer.leave_out(where, tr("{file} has this very box already", file=photo.path))
            return
        made = replace(new_box(photo.id, mark.id, rect), excluded=values.get("excluded") is True)
        self.importer.put(None, replace(made, id=self._free_id(values.get("id"), where) or made.id))

    def _free_id(self, key: object, where: str) -> str:
        if not isinstance(key, str) or not _BOX_ID.fullmatch(key):
            return ""
        if key in self.importer.scratch.boxes:
            self.importer.remark(
                tr("{where}: the project has this box in another form; both are kept", where=where)
            )
            return ""
        return key


def _has_text(entry: object, key: str) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get(key), str) and bool(entry[key])


def _is_id(value: object, lowest: int = 1) -> bool:
    whole = isinstance(value, int) and not isinstance(value, bool)
    return whole and number(value) is not None and cast(int, value) >= lowest
