"""What is known of each photo's pixels, measured once and kept in `NAME.data`.

The file can be made again, so whatever is wrong with it costs only time.
"""

from __future__ import annotations

import json
import logging
import math
import os
import re
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
from landmark_gui.core.quality.phash import DIGITS

_BATCH = 64
_SCHEMA = """
CREATE TABLE IF NOT EXISTS photos (
    content TEXT PRIMARY KEY, camera TEXT NOT NULL, taken TEXT NOT NULL, fault TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS files (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, modified INTEGER NOT NULL, content TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS looks (
    content TEXT NOT NULL, area TEXT NOT NULL, look TEXT NOT NULL, PRIMARY KEY (content, area)
) WITHOUT ROWID;
"""
_PHASH = re.compile(rf"([0-9a-f]{{{2 * DIGITS}}}([0-9a-f]{{{DIGITS}}})?)?")
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

    A photo is known by its content, so one that was replaced is measured, and one that was moved
    is not. If a box is new or has moved, its photo is decoded again.

    Args:
        kept: the file of `facts_path`, made if it can be; None keeps nothing. Several processes
            may share it.
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
    if missing:
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
    """The facts of one photo; None if it is gone, or the system would not give it just now."""
    path, boxes = under(photos_dir, photo.path), project.boxes_of(photo.id)
    try:
        content = photo.hash if _is_as_scanned(path, photo) else ""
        content = content or images.content_hash(path)
        camera, taken = images.camera(path)
    except (OSError, ImageError):
        return None
    try:
        areas: list[Rect | None] = [None, *(box.rect for box in boxes)]
        whole, *others = measure(path, (photo.width, photo.height), areas)
    except ImageError as error:
        if _may_pass(error):
            return None
        return PhotoFacts(content, camera, taken, fault=error.reason)
    looks = {box.id: look for box, look in zip(boxes, others, strict=True)}
    return PhotoFacts(content, camera, taken, "", whole, looks)


def _is_as_scanned(path: Path, photo: Photo) -> bool:
    """Whether the file is still the one whose content the scan knows. Raises OSError."""
    status = path.stat()
    return (status.st_size, status.st_mtime_ns) == (photo.size, photo.modified)


def _may_pass(error: ImageError) -> bool:
    """Whether it was the system that failed and not the photo: a drive that went, full memory."""
    cause = error.__cause__
    by_system = isinstance(cause, OSError) and cause.errno is not None
    return by_system or isinstance(cause, MemoryError)


# What is kept


@dataclass(frozen=True)
class _Known:
    """What the file holds.

    Attributes:
        contents: of large files that the scan has not read yet, by path, size and date.
        photos: camera, time and fault of each content.
        looks: by content and area.
    """

    contents: dict[tuple[str, int, int], str] = field(default_factory=dict)
    photos: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    looks: dict[tuple[str, str], Look] = field(default_factory=dict)


def _file(photo: Photo) -> tuple[str, int, int]:
    return photo.path, photo.size, photo.modified


def _area(rect: Rect | None) -> str:
    return "" if rect is None else f"{rect.x:.1f} {rect.y:.1f} {rect.w:.1f} {rect.h:.1f}"


def _known(project: Project, photo: Photo, known: _Known) -> PhotoFacts | None:
    content = photo.hash or known.contents.get(_file(photo), "")
    if content not in known.photos:
        return None
    camera, taken, fault = known.photos[content]
    if fault:
        return PhotoFacts(content, camera, taken, fault)
    boxes = project.boxes_of(photo.id)
    looks = {box.id: known.looks.get((content, _area(box.rect))) for box in boxes}
    whole = known.looks.get((content, ""))
    measured = {id_: look for id_, look in looks.items() if look is not None}
    if whole is None or len(measured) < len(looks):
        return None
    return PhotoFacts(content, camera, taken, "", whole, measured)


def _read(path: Path | None) -> _Known:
    if path is None or not path.is_file():
        return _Known()
    try:
        with closing(sqlite3.connect(path)) as connection:
            files = connection.execute("SELECT path, size, modified, content FROM files")
            photos = connection.execute("SELECT content, camera, taken, fault FROM photos")
            looks = connection.execute("SELECT content, area, look FROM looks")
            return _Known(
                {(name, size, modified): content for name, size, modified, content in files},
                {content: _told(*texts) for content, *texts in photos},
                {(content, area): _look(text) for content, area, text in looks},
            )
    except sqlite3.OperationalError as error:  # another process writes: no reason to begin anew
        _log.info("%s: %s", path, error)
    except (sqlite3.Error, ValueError, TypeError) as error:
        _log.warning("%s is damaged and begun anew: %s", path, error)
        with suppress(OSError):
            path.unlink()
    return _Known()


def _told(camera: object, taken: object, fault: object) -> tuple[str, str, str]:
    """Raises TypeError if one is no text."""
    if not (isinstance(camera, str) and isinstance(taken, str) and isinstance(fault, str)):
        raise TypeError(camera, taken, fault)
    return camera, taken, fault


def _look(text: str) -> Look:
    """Raises ValueError or TypeError if the text is not what `_keep` wrote."""
    phash, *figures = json.loads(text)
    if not _PHASH.fullmatch(phash):
        raise ValueError("no perceptual hash")
    if not all(type(figure) is float and math.isfinite(figure) for figure in figures):
        raise ValueError("a figure that is none")
    return Look(phash, *figures)


def _keep(path: Path | None, project: Project, fresh: Iterable[tuple[Photo, PhotoFacts]]) -> None:
    files, photos, looks = [], [], []
    for photo, facts in fresh:
        if not photo.hash:
            files.append((*_file(photo), facts.content))
        photos.append((facts.content, facts.camera, facts.taken, facts.fault))
        measured = {"": facts.whole} | {
            _area(box.rect): facts.boxes.get(box.id) for box in project.boxes_of(photo.id)
        }
        looks += [
            (facts.content, area, json.dumps(astuple(look)))
            for area, look in measured.items()
            if look is not None
        ]
    if path is None or not photos:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        _remove_older(path)
        if path.is_symlink():  # a stranger's: it would be written through
            path.unlink()
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.executescript(_SCHEMA)
            connection.executemany("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?)", files)
            connection.executemany("INSERT OR REPLACE INTO photos VALUES (?, ?, ?, ?)", photos)
            connection.executemany("INSERT OR REPLACE INTO looks VALUES (?, ?, ?)", looks)
    except (sqlite3.Error, OSError) as error:  # a full disk, a folder that cannot be written
        _log.debug("%s: %s", path, error)


def _remove_older(path: Path) -> None:
    """Files of other versions, which nothing reads any more."""
    for other in path.parent.glob("facts-*.sqlite"):
        if other != path:
            with suppress(OSError):
                other.unlink()
