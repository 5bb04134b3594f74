"""Finding the photos of a folder and describing each, so that a project can list them.

A rescan of a folder where nothing has changed opens no file: size and date tell.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import count
from pathlib import Path, PurePosixPath
from typing import TypeVar

from landmark_gui.core import images
from landmark_gui.core.edits import new_landmark
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    FolderMissing,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.listing import FoundFile, Listing, folder_missing, list_folder
from landmark_gui.core.moves import Altered, moved_by_name, name_key, settle
from landmark_gui.core.paths import composed, is_inside, under
from landmark_gui.core.project import Change, Edit, Landmark, Photo, Project
from landmark_gui.core.split_names import split_named

FIRST_BATCH = 16
BATCH = 256
"""Batches double from the first, which is on the screen at once, up to this many photos."""
HASHED_AT_ONCE = 1_000_000
"""Larger files, in bytes, are listed first and read as a whole later."""
_THREADS = max(1, min(4, (os.cpu_count() or 2) - 1))  # one core is left for the window

T = TypeVar("T")
R = TypeVar("R")


def find_photos(photos_dir: Path) -> list[Path]:
    """The photos under a folder, in natural order. Hidden folders and `*.data` are not entered.

    A folder that cannot be read has none.
    """
    try:
        places = [file.place for file in list_folder(photos_dir).files]
    except FolderMissing:
        return []
    return [place for place in places if images.is_photo(place)]


def new_photos(
    project: Project,
    photos_dir: Path,
    cancel: Cancel = never_cancelled,
    progress: Progress = no_progress,
) -> Iterator[list[Photo]]:
    """The rows of a project that its photo folder makes new or different, in batches.

    A photo that cannot be read gets a row with the reason, so nothing is left out in silence,
    and is tried again by the next scan. A photo whose file is gone keeps its row and its boxes
    and is "missing" until the file is found again, under whatever path. Rows of large files come
    without a hash: see `hashed_photos`.

    Raises:
        FolderMissing: if the folder is not there, or all photos of the project are gone at once.
        Cancelled: between two photos.
    """
    yield from changed_photos(project, list_folder(photos_dir, cancel), cancel, progress)


def changed_photos(
    project: Project,
    listing: Listing,
    cancel: Cancel = never_cancelled,
    progress: Progress = no_progress,
) -> Iterator[list[Photo]]:
    """As `new_photos`, for a folder that is listed already."""
    if not listing.files and any(photo.state != "missing" for photo in project.photos.values()):
        raise folder_missing(listing.folders[0])
    seen = _compare(project, listing)
    ids = count(max(project.photos, default=0) + 1)
    altered: list[Altered] = []
    arrivals: list[Photo] = []
    with _Crew(seen.work, cancel, progress) as crew:
        for rows in crew.do(_describe_file, seen.fresh):
            yield [replace(photo, id=next(ids)) for photo in rows if photo]
        for pairs in crew.do(_look_again, seen.stale):
            altered += [pair for pair in pairs if pair.other_content]
            kept = [pair for pair in pairs if not pair.other_content]
            if news := [pair.after for pair in kept if pair.after != pair.before]:
                yield news
        for rows in crew.do(_describe_whole, seen.suspects):
            arrivals += [photo for photo in rows if photo]
    # Moves are told once every file is known, and in one batch: rows may exchange their paths.
    paths = {*(photo.path for photo in project.photos.values()), *(f.path for f in listing.files)}
    settled = settle(altered, arrivals, seen.vacant, paths, lambda: next(ids))
    if moves := [*seen.moved, *settled]:
        yield moves


def count_known(project: Project, folder: Path) -> int:
    """How many photos of a project a folder seems to hold, by their names and sizes.

    Raises:
        FolderMissing: if the folder cannot be read.
    """
    there = {(file.size, name_key(file.path)) for file in list_folder(folder).files}
    return sum((row.size, name_key(row.path)) in there for row in project.photos.values())


def hashed_photos(
    project: Project,
    photos_dir: Path,
    cancel: Cancel = never_cancelled,
    progress: Progress = no_progress,
) -> Iterator[list[Photo]]:
    """The rows that lack a hash, with it: what finds a photo again, and exact copies.

    Reads whole files. May be stopped at any time, and goes on with what is left. A file that is
    not as its row says is left to the next scan.

    Raises:
        Cancelled: between two photos.
    """

    def hashed(photo: Photo) -> Photo:
        place = under(photos_dir, photo.path)
        try:
            before, digest, after = place.stat(), images.content_hash(place), place.stat()
        except OSError:
            return photo
        known = (photo.size, photo.modified)
        same = known == _size_and_date(before) == _size_and_date(after)
        return replace(photo, hash=digest) if same else photo

    lacking = [row for row in project.photos.values() if row.state == "ok" and not row.hash]
    with _Crew(len(lacking), cancel, progress) as crew:
        for rows in crew.do(hashed, lacking, largest=FIRST_BATCH):
            if news := [photo for photo in rows if photo.hash]:
                yield news


@dataclass(frozen=True)
class _Seen:
    """What a listing says, before any file is opened.

    Attributes:
        moved: photos whose file is elsewhere under the same name.
        vacant: photos whose file is not where it was.
        stale: photos whose file has another size or date, or could not be used before.
        suspects: new files as large as a photo that may have moved.
        fresh: all other new files.
    """

    moved: list[Photo]
    vacant: list[Photo]
    stale: list[tuple[Photo, FoundFile]]
    suspects: list[FoundFile]
    fresh: list[FoundFile]

    @property
    def work(self) -> int:
        return len(self.stale) + len(self.suspects) + len(self.fresh)


def _compare(project: Project, listing: Listing) -> _Seen:
    known = {photo.path: photo for photo in project.photos.values()}
    places = {file.path for file in listing.files}
    gone = [photo for path, photo in known.items() if path not in places]
    gone = [photo for photo in gone if not listing.is_hidden(photo.path)]
    both = [(known[file.path], file) for file in listing.files if file.path in known]
    stale = [(photo, file) for photo, file in both if _differs(photo, file)]
    unknown = [file for file in listing.files if file.path not in known and _is_photo(file)]
    moved, unknown = moved_by_name(gone, unknown)
    found = {photo.id for photo in moved}
    vacant = [photo for photo in gone if photo.id not in found]
    lost = {photo.size for photo in (*vacant, *(photo for photo, _ in stale)) if photo.hash}
    suspects = [file for file in unknown if file.size in lost]
    fresh = [file for file in unknown if file.size not in lost]
    return _Seen(moved, vacant, stale, suspects, fresh)


@lru_cache(maxsize=100_000)
def _is_photo(file: FoundFile) -> bool:
    """Remembered, so that notes and tables beside the photos are not opened by every look."""
    return images.is_photo(file.place)


def _differs(photo: Photo, file: FoundFile) -> bool:
    return photo.state != "ok" or (photo.size, photo.modified) != (file.size, file.modified)


class _Crew:
    """Threads that look at files, in batches that grow."""

    def __init__(self, total: int, cancel: Cancel, progress: Progress) -> None:
        self._done, self._total = 0, total
        self._cancel, self._progress = cancel, progress
        self._pool = ThreadPoolExecutor(_THREADS)

    def __enter__(self) -> _Crew:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(cancel_futures=True)

    def do(
        self, job: Callable[[T], R], items: list[T], largest: int | None = None
    ) -> Iterator[list[R]]:
        def unless_cancelled(item: T) -> R:
            if self._cancel():
                raise Cancelled
            return job(item)

        largest = largest or BATCH
        start, size = 0, min(FIRST_BATCH, largest)
        while start < len(items):
            yield list(self._pool.map(unless_cancelled, items[start : start + size]))
            start += size
            self._done += len(items[start - size : start])
            self._progress(self._done, self._total)
            size = min(2 * size, largest)


def _look_again(known: tuple[Photo, FoundFile]) -> Altered:
    """A photo that the project lists, before and now."""
    before, file = known
    try:
        size, modified = _size_and_date(file.place.stat())
    except OSError:
        return Altered(before, before)  # gone since it was listed: the next scan will say so
    same = before.size == size and before.modified in (0, modified) and before.width > 0
    if same and before.modified:
        return Altered(before, replace(before, state="ok", reason=""))
    after = describe(before.id, file.place, file.path, hash_up_to=0 if same else None)
    if same and after.state == "ok":  # listed by an earlier version, which knew no dates
        after = replace(after, hash=before.hash)
    return Altered(before, after.judged_as(before))


def _describe_file(file: FoundFile) -> Photo | None:
    return _described(file, HASHED_AT_ONCE)


def _describe_whole(file: FoundFile) -> Photo | None:
    return _described(file, None)


def _described(file: FoundFile, hash_up_to: int | None) -> Photo | None:
    photo = describe(0, file.place, file.path, hash_up_to)
    return photo if photo.state == "ok" or file.place.exists() else None


def describe(number: int, path: Path, relative: str, hash_up_to: int | None = None) -> Photo:
    """The row of one photo, or why it is unreadable.

    Args:
        path: where the photo is; `relative` is what the project calls it.
        hash_up_to: files of more bytes get no hash yet.
    """
    size, modified = 0, 0
    try:
        size, modified = _size_and_date(path.stat())
        _check_name(path, relative)
        header = images.header(path)
        whole = hash_up_to is None or size <= hash_up_to
        digest = images.content_hash(path) if whole else ""
    except (ImageError, OSError) as error:
        reason = error.reason if isinstance(error, ImageError) else _system_reason(error)
        facts = (number, relative, size, "", 0, 0)
        return Photo(*facts, state="unreadable", reason=reason, modified=modified)
    facts = (number, relative, size, digest, header.width, header.height)
    return Photo(*facts, modified=modified, taken=header.taken)


def _size_and_date(status: os.stat_result) -> tuple[int, int]:
    return status.st_size, status.st_mtime_ns


def _check_name(path: Path, relative: str) -> None:
    if not is_inside(relative) or not path.as_posix().endswith(relative):
        raise ImageError(path, tr("its name holds characters that cannot be kept; rename it"))


def _system_reason(error: OSError) -> str:
    return tr("the file could not be read ({detail})", detail=error.strerror or error)


def labels_from_folders(project: Project, photos: Iterable[Photo]) -> Edit:
    """Give each photo the landmark named like the folder it lies in; photos at the top have none.

    Folders that name a split are passed over: in `train/Petra` and in `Petra/train` lies Petra.
    Missing landmarks are added in the order of the folders' names.
    """
    folders = _class_folders(list(photos))
    marks: dict[str, Landmark] = {mark.name: mark for mark in project.landmarks.values()}
    scratch = Project(landmarks=dict(project.landmarks))
    added = []
    for name in sorted(set(folders.values()) - {""} - marks.keys()):
        marks[name] = new_landmark(scratch, name)
        scratch.landmarks[marks[name].id] = marks[name]
        added.append(Change(None, marks[name]))
    labelled = _labelled(project, folders, marks)
    return Edit("label_by_folder", (*added, *labelled))


def _class_folders(photos: list[Photo]) -> dict[int, str]:
    """The folder that tells the landmark of each photo id, or ""."""
    folders, passed = {}, set()
    for photo in photos:
        parents = [composed(parent.name) for parent in PurePosixPath(photo.path).parents]
        named = [name for name in parents if split_named(name) is None]
        folders[photo.id] = named[0]
        if named[0] != parents[0]:
            passed.add(photo.id)
    # What lies around train and test is a landmark only if there are several: Petra/train and
    # Giza/train, but not data/train.
    if len({folders[photo_id] for photo_id in passed}) == 1:
        folders |= dict.fromkeys(passed, "")
    return folders


def _labelled(
    project: Project, folders: Mapping[int, str], marks: Mapping[str, Landmark]
) -> Iterator[Change]:
    for photo_id, folder in folders.items():
        photo = project.photos[photo_id]
        if folder and photo.landmark_id != marks[folder].id:
            yield Change(photo, replace(photo, landmark_id=marks[folder].id))
