"""What is known of each photo's pixels, measured once and kept in `NAME.data`.

The file can be made again, so whatever is wrong with it costs only time.
"""

from __future__ import annotations

import json
import logging
import os
import sqlite3
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from dataclasses import astuple, dataclass, field
from pathlib import Path

from landmark_gui.core import images
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.paths import under
from landmark_gui.core.project import Photo, Project
from landmark_gui.core.quality.measure import VERSION, Look, measure

_BATCH = 64
_SCHEMA = """
CREATE TABLE IF NOT EXISTS photos (
    content TEXT PRIMARY KEY, camera TEXT NOT NULL, taken TEXT NOT NULL, fault TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS looks (
    content TEXT NOT NULL, area TEXT NOT NULL, look TEXT NOT NULL, PRIMARY KEY (content, area)
) WITHOUT ROWID;
"""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class PhotoFacts:
    """What is known of one photo.

    Attributes:
        content: BLAKE2b of the file, as `Photo.hash`, but never "".
        camera: maker, model and serial number by its EXIF data, or "".
        taken: as `Photo.taken`, with a fraction of a second where the camera gave one.
        fault: why its pixels cannot be read although its header can, in plain words; or "".
        whole: of the whole photo; None if `fault`.
        boxes: by the id of each box of the photo.
    """

    content: str
    camera: str = ""
    taken: str = ""
    fault: str = ""
    whole: Look | None = None
    boxes: Mapping[str, Look] = field(default_factory=dict)


Facts = dict[int, PhotoFacts]
"""By photo id; photos that are missing or unreadable have none."""


def facts_path(data_folder: Path) -> Path:
    """Where the facts of a project are kept."""
    return data_folder / f"facts-{VERSION}.sqlite"


def gather(
    project: Project,
    photos_dir: Path,
    kept: Path | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Facts:
    """The facts of all readable photos; those that are not kept yet are measured, on all cores.

    Args:
        kept: the file of `facts_path`, made if it can be; None keeps nothing.
        progress: photos measured, of those to be measured.

    Raises:
        Cancelled: between two photos; what was measured is kept.
    """
    known = _read(kept)
    facts: Facts = {}
    missing: list[Photo] = []
    for photo in project.photos.values():
        if photo.state == "ok":
            found = _known(project, photo, known)
            if found is None:
                missing.append(photo)
            else:
                facts[photo.id] = found
    progress(0, len(missing))

    def work(photo: Photo) -> PhotoFacts | None:
        if cancel():
            raise Cancelled
        return _measured(project, photo, photos_dir)

    fresh: list[tuple[Photo, PhotoFacts]] = []
    try:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            for done, (photo, made) in enumerate(
                zip(missing, pool.map(work, missing), strict=True), 1
            ):
                if made is not None:
                    facts[photo.id] = made
                    fresh.append((photo, made))
                if len(fresh) >= _BATCH:
                    _keep(kept, project, fresh)
                    fresh = []
                progress(done, len(missing))
    finally:
        _keep(kept, project, fresh)
    return facts


def _measured(project: Project, photo: Photo, photos_dir: Path) -> PhotoFacts | None:
    """The facts of one photo; None if it is gone."""
    path, boxes = under(photos_dir, photo.path), project.boxes_of(photo.id)
    try:
        content = photo.hash or images.content_hash(path)
        camera, taken = images.camera(path)
    except (OSError, ImageError):
        return None
    try:
        areas: list[Rect | None] = [None, *(box.rect for box in boxes)]
        whole, *others = measure(path, (photo.width, photo.height), areas)
    except ImageError as error:
        return PhotoFacts(content, camera, taken, fault=error.reason)
    looks = {box.id: look for box, look in zip(boxes, others, strict=True)}
    return PhotoFacts(content, camera, taken, "", whole, looks)


# What is kept

_Known = tuple[dict[str, tuple[str, str, str]], dict[tuple[str, str], Look]]


def _area(rect: Rect | None) -> str:
    return "" if rect is None else f"{rect.x:.1f} {rect.y:.1f} {rect.w:.1f} {rect.h:.1f}"


def _known(project: Project, photo: Photo, known: _Known) -> PhotoFacts | None:
    photos, looks = known
    if photo.hash not in photos:
        return None
    camera, taken, fault = photos[photo.hash]
    if fault:
        return PhotoFacts(photo.hash, camera, taken, fault)
    boxes = {box.id: looks.get((photo.hash, _area(box.rect))) for box in project.boxes_of(photo.id)}
    whole = looks.get((photo.hash, ""))
    measured = {id_: look for id_, look in boxes.items() if look is not None}
    if whole is None or len(measured) < len(boxes):
        return None
    return PhotoFacts(photo.hash, camera, taken, "", whole, measured)


def _read(path: Path | None) -> _Known:
    if path is None or not path.is_file():
        return {}, {}
    try:
        with closing(sqlite3.connect(path)) as connection:
            photos = {
                content: (camera, taken, fault)
                for content, camera, taken, fault in connection.execute("SELECT * FROM photos")
            }
            looks = {
                (content, area): Look(*json.loads(text))
                for content, area, text in connection.execute("SELECT * FROM looks")
            }
            return photos, looks
    except (sqlite3.Error, ValueError, TypeError) as error:
        _log.warning("%s is damaged and begun anew: %s", path, error)
        with suppress(OSError):
            path.unlink()
        return {}, {}


def _keep(path: Path | None, project: Project, fresh: Iterable[tuple[Photo, PhotoFacts]]) -> None:
    if path is None:
        return
    photos, looks = [], []
    for photo, facts in fresh:
        photos.append((facts.content, facts.camera, facts.taken, facts.fault))
        measured = {"": facts.whole} | {
            _area(box.rect): facts.boxes.get(box.id) for box in project.boxes_of(photo.id)
        }
        looks += [
            (facts.content, area, json.dumps(astuple(look)))
            for area, look in measured.items()
            if look is not None
        ]
    if not photos:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?)", photos)
            connection.executemany("INSERT OR REPLACE INTO looks VALUES (?, ?, ?)", looks)
    except (sqlite3.Error, OSError) as error:  # a full disk, a folder that cannot be written
        _log.debug("%s: %s", path, error)
