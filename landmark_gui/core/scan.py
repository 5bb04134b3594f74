"""Finding the photos of a folder and describing each, so that a project can list them."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path, PurePosixPath

from landmark_gui.core import images
from landmark_gui.core.edits import new_landmark
from landmark_gui.core.errors import Cancel, Cancelled, ImageError, never_cancelled
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import composed, is_inside
from landmark_gui.core.project import Change, Edit, Landmark, Photo, Project

BATCH = 64


def find_photos(photos_dir: Path) -> list[Path]:
    """The photos under a folder, sorted by path. Hidden folders and `*.data` are not entered."""
    found = []
    for folder, names, files in os.walk(photos_dir):
        names[:] = sorted(n for n in names if not n.startswith(".") and not n.endswith(".data"))
        found += [Path(folder, name) for name in files if not name.startswith(".")]
    # `is_file` first: reading a named pipe would wait for ever.
    return sorted(path for path in found if path.is_file() and images.is_photo(path))


def new_photos(
    project: Project, photos_dir: Path, cancel: Cancel = never_cancelled
) -> Iterator[list[Photo]]:
    """Rows for the photos that the project does not list yet or that changed, in batches.

    A photo that cannot be read gets a row with the reason, so nothing is left out in silence,
    and is tried again by the next scan. A photo that is gone keeps its row and its boxes.

    Raises:
        Cancelled: between two batches.
    """
    known = {photo.path: photo for photo in project.photos.values()}
    number = max(project.photos, default=0)
    work: list[tuple[int, Path, Photo | None]] = []
    for path in find_photos(photos_dir):
        before = known.get(_stored_path(path, photos_dir))
        if before is None:
            number += 1
            work.append((number, path, None))
        elif before.state != "ok" or _changed(path, before):
            work.append((before.id, path, before))
    yield from _described(work, photos_dir, cancel)


def _described(
    work: list[tuple[int, Path, Photo | None]], photos_dir: Path, cancel: Cancel
) -> Iterator[list[Photo]]:
    def row(item: tuple[int, Path, Photo | None]) -> Photo:
        number, path, before = item
        photo = describe(number, path, _stored_path(path, photos_dir))
        return photo.judged_as(before) if before else photo

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for start in range(0, len(work), BATCH):
            if cancel():
                raise Cancelled
            batch = work[start : start + BATCH]
            rows = zip(batch, pool.map(row, batch), strict=True)
            if news := [photo for (_, _, before), photo in rows if photo != before]:
                yield news


def _stored_path(path: Path, photos_dir: Path) -> str:
    """The relative POSIX path; bytes of a name that are no text come out as "\\udcff"."""
    relative = path.relative_to(photos_dir).as_posix()
    return relative.encode("utf-8", "backslashreplace").decode()


def _changed(path: Path, photo: Photo) -> bool:
    try:
        return path.stat().st_size != photo.size
    except OSError:
        return False


def describe(number: int, path: Path, relative: str) -> Photo:
    """The row of one photo: size, content hash, oriented dimensions, or why it is unreadable."""
    try:
        size = path.stat().st_size
        _check_name(path, relative)
        digest = images.content_hash(path)
        header = images.header(path)
    except (ImageError, OSError) as error:
        reason = error.reason if isinstance(error, ImageError) else _system_reason(error)
        known_size = path.stat().st_size if path.exists() else 0
        return Photo(number, relative, known_size, "", 0, 0, "unreadable", reason)
    return Photo(number, relative, size, digest, header.width, header.height)


def _check_name(path: Path, relative: str) -> None:
    if not is_inside(relative) or not path.as_posix().endswith(relative):
        raise ImageError(path, tr("its name holds characters that cannot be kept; rename it"))


def _system_reason(error: OSError) -> str:
    return tr("the file could not be read ({detail})", detail=error.strerror or error)


def labels_from_folders(project: Project, photos: Iterable[Photo]) -> Edit:
    """Give each photo the landmark named like the folder it lies in; photos at the top have none.

    Missing landmarks are added in the order of the folders' names.
    """
    folders = {photo.id: composed(PurePosixPath(photo.path).parent.name) for photo in photos}
    marks: dict[str, Landmark] = {mark.name: mark for mark in project.landmarks.values()}
    scratch = Project(landmarks=dict(project.landmarks))
    added = []
    for name in sorted(set(folders.values()) - {""} - marks.keys()):
        marks[name] = new_landmark(scratch, name)
        scratch.landmarks[marks[name].id] = marks[name]
        added.append(Change(None, marks[name]))
    labelled = _labelled(project, folders, marks)
    return Edit("label_by_folder", (*added, *labelled))


def _labelled(
    project: Project, folders: Mapping[int, str], marks: Mapping[str, Landmark]
) -> Iterator[Change]:
    for photo_id, folder in folders.items():
        photo = project.photos[photo_id]
        if folder and photo.landmark_id != marks[folder].id:
            yield Change(photo, replace(photo, landmark_id=marks[folder].id))
