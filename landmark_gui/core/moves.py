"""Which photo of a project a file is: a photo is known by its content, not by its name.

A file that was renamed or moved brings its boxes along. Two that swapped names, or a chain
(a.jpg became b.jpg, b.jpg became c.jpg), are told apart in the same way.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from landmark_gui.core.i18n import tr
from landmark_gui.core.listing import FoundFile
from landmark_gui.core.paths import composed
from landmark_gui.core.project import Photo


@dataclass(frozen=True)
class Altered:
    """A photo as the project knows it, and what lies at its path now."""

    before: Photo
    after: Photo

    @property
    def other_content(self) -> bool:
        """Whether both are pictures, and not the same one."""
        return bool(self.before.hash and self.after.hash) and self.before.hash != self.after.hash


def missing(photo: Photo) -> Photo:
    """The row of a photo whose file is not there. Size, hash and boxes stay, to find it again."""
    reason = tr("the file was moved or deleted")
    return replace(photo, state="missing", reason=reason)


def name_key(path: str) -> str:
    """The name of a file, alike for spellings that some file systems do not tell apart."""
    return composed(PurePosixPath(path).name).casefold()


def moved_by_name(
    vacant: Iterable[Photo], files: Iterable[FoundFile]
) -> tuple[list[Photo], list[FoundFile]]:
    """Photos that moved with their name, size and date: no need to read their content.

    That is what a renamed folder looks like, and a name that is only spelled otherwise. Of a
    photo whose content was never read whole, size and date must do.

    Args:
        vacant: photos whose file is not where it was.
        files: files that the project does not know.

    Returns:
        The rows of the photos that were found, and the files that remain.
    """
    waiting: dict[tuple[int, int], list[Photo]] = defaultdict(list)
    for photo in vacant:
        if photo.width and photo.modified:
            waiting[photo.size, photo.modified].append(photo)
    found, others = [], []
    for file in files:
        rows = waiting.get((file.size, file.modified), [])
        named = [row for row in rows if name_key(row.path) == name_key(file.path)]
        if same := named or [row for row in rows if not row.hash]:
            rows.remove(same[0])
            found.append(replace(same[0], path=file.path, state="ok", reason=""))
        else:
            others.append(file)
    return found, others


def settle(
    altered: list[Altered],
    arrivals: list[Photo],
    vacant: list[Photo],
    taken_paths: Iterable[str],
    new_id: Callable[[], int],
) -> list[Photo]:
    """The rows of photos that are new, moved, edited in place or missing.

    Args:
        arrivals: what lies at paths that the project does not know; their ids mean nothing.
        vacant: photos whose file is not where it was.
        taken_paths: every path of the project and of the folder.
        new_id: gives a fresh id for each new photo.

    Returns:
        Rows for one transaction: a path of one may have been the path of another.
    """
    rows = [*vacant, *(pair.before for pair in altered)]
    owners = _owners([*(pair.after for pair in altered), *arrivals], rows)
    away = {photo.id for photo in owners.values()}
    names = _spare_names(taken_paths)
    settled = [replace(file, id=new_id()) for file in arrivals if file.path not in owners]
    for pair in altered:
        if pair.after.path not in owners:  # a new photo in the place of one that moved, or an edit
            id_ = new_id() if pair.before.id in away else pair.before.id
            settled.append(replace(pair.after, id=id_))
        elif pair.before.id not in away:
            settled.append(_replaced(pair.before, names))
    lost = (photo for photo in vacant if photo.id not in away and photo.state != "missing")
    settled += [missing(photo) for photo in lost]
    files = {file.path: file for file in (*arrivals, *(pair.after for pair in altered))}
    settled += [replace(files[path], id=owner.id) for path, owner in owners.items()]
    by_id = {photo.id: photo for photo in rows}
    return [row.judged_as(by_id.get(row.id, row)) for row in settled]


def _owners(files: list[Photo], rows: list[Photo]) -> dict[str, Photo]:
    """The photo that each file is, by path; among exact copies the one of the same name."""
    owners: dict[str, Photo] = {}
    for with_name in (True, False):
        waiting: dict[Hashable, list[Photo]] = defaultdict(list)
        gone = {photo.id for photo in owners.values()}
        for photo in rows:
            if photo.hash and photo.id not in gone:
                waiting[_content(photo, with_name)].append(photo)
        for file in files:
            same = waiting.get(_content(file, with_name))
            if same and file.path not in owners:
                owners[file.path] = same.pop(0)
    return owners


def _content(photo: Photo, with_name: bool) -> Hashable:
    return photo.hash, photo.size, name_key(photo.path) if with_name else ""


def _replaced(photo: Photo, names: Callable[[str], str]) -> Photo:
    """A photo whose content is gone and whose path belongs to another photo now."""
    reason = tr("another photo took its place")
    return replace(photo, path=names(photo.path), state="missing", reason=reason)


def _spare_names(taken: Iterable[str]) -> Callable[[str], str]:
    used = set(taken)

    def candidates(path: PurePosixPath) -> Iterator[str]:
        yield str(path.with_name(f"{path.stem} (replaced){path.suffix}"))
        number = 2
        while True:
            yield str(path.with_name(f"{path.stem} (replaced {number}){path.suffix}"))
            number += 1

    def spare(path: str) -> str:
        name = next(name for name in candidates(PurePosixPath(path)) if name not in used)
        used.add(name)
        return name

    return spare
