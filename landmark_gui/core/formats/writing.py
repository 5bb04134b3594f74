"""Writing exports: one file in one step, or a folder of label files that respects its guests."""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence, Set
from pathlib import Path, PurePosixPath
from typing import Any

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import Cancel, Cancelled, Progress
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.paths import composed, is_inside
from landmark_gui.core.project import Photo, Project


def compact(value: object) -> str:
    """A JSON value on one line, in letters of every script."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def lines_of(document: dict[str, Any]) -> str:
    """A JSON object whose lists have one item a line, so that two exports can be compared."""
    parts = []
    for key, value in document.items():
        text = compact(value)
        if isinstance(value, list) and value:
            text = "[\n" + ",\n".join(f"  {compact(item)}" for item in value) + "\n ]"
        parts.append(f" {compact(key)}: {text}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def not_kept(
    project: Project,
    form: str,
    *,
    unused: bool = False,
    needs_size: bool = False,
    splits: bool = False,
) -> list[str]:
    """In words what a format of boxes cannot hold of this project.

    Args:
        form: the format's name.
        unused: whether it knows only landmarks that have a box.
        needs_size: whether a photo's size must be known.
        splits: whether it holds the splits of photos that have a box.
    """
    words = [
        *_whole_photos(project, form),
        *_marks(project, form),
        *_pins(project, form, boxed=splits),
    ]
    if unused:
        used = {box.landmark_id for box in project.boxes.values()}
        words += [
            tr("the landmark {name} has no box, so {form} does not name it", name=m.name, form=form)
            for m in project.ordered_landmarks()
            if m.id not in used
        ]
    if needs_size:
        words += [
            tr("{file} cannot be read, so its boxes were left out", file=photo.path)
            for photo in project.ordered_photos()
            if not has_size(photo) and project.boxes_of(photo.id)
        ]
    return words


def _whole_photos(project: Project, form: str) -> Iterator[str]:
    counts = Counter(photo.landmark_id for photo in project.photos.values())
    for mark in project.ordered_landmarks():
        if counts[mark.id]:
            yield ntr(
                "{n} photo is {name} as a whole, which {form} cannot hold",
                "{n} photos are {name} as a whole, which {form} cannot hold",
                counts[mark.id],
                name=mark.name,
                form=form,
            )


def _marks(project: Project, form: str) -> Iterator[str]:
    if count := sum(bool(photo.review) for photo in project.photos.values()):
        yield ntr(
            "{n} photo is marked as done or skipped, which {form} cannot hold",
            "{n} photos are marked as done or skipped, which {form} cannot hold",
            count,
            form=form,
        )


def _pins(project: Project, form: str, *, boxed: bool) -> Iterator[str]:
    pinned = [photo for photo in project.photos.values() if photo.split]
    if count := sum(not (boxed and project.boxes_of(photo.id)) for photo in pinned):
        yield ntr(
            "{n} photo is pinned to a split, which {form} cannot hold",
            "{n} photos are pinned to a split, which {form} cannot hold",
            count,
            form=form,
        )


def boxed_photos(project: Project) -> list[Photo]:
    """The readable photos that have a box, in natural order."""
    photos = project.ordered_photos()
    return [photo for photo in photos if has_size(photo) and project.boxes_of(photo.id)]


def has_size(photo: Photo) -> bool:
    """Whether the photo's size is known; that of a missing one still is."""
    return photo.state != "unreadable" and min(photo.width, photo.height) > 0


def label_names(project: Project, suffix: str, taken: Set[str] = frozenset()) -> dict[int, str]:
    """The name of the label file of each photo id: "a/1.txt" for "a/1.jpg".

    Photos that differ in their suffix alone would share it. They get "a/1.jpg.txt" and
    "a/1.png.txt", so that boxes never end up on the wrong photo.

    Args:
        taken: names that are not for label files, in any folder.
    """
    names = {
        photo.id: PurePosixPath(photo.path).with_suffix(suffix).as_posix()
        for photo in project.photos.values()
    }
    while clashing := _clashing(names, project, suffix, taken):
        for photo_id in clashing:
            names[photo_id] = project.photos[photo_id].path + suffix
    return names


def _clashing(names: dict[int, str], project: Project, suffix: str, taken: Set[str]) -> list[int]:
    sharing: dict[str, list[int]] = defaultdict(list)
    for photo_id, name in names.items():
        sharing[composed(name).casefold()].append(photo_id)  # most disks ignore case
    return [
        photo_id
        for photo_ids in sharing.values()
        for photo_id in photo_ids
        if len(photo_ids) > 1 or PurePosixPath(names[photo_id]).name.casefold() in taken
        if names[photo_id] != project.photos[photo_id].path + suffix
    ]


def twin_remark(photo: Photo, name: str) -> str | None:
    """Says why a label file has an uncommon name; None if it has not."""
    if PurePosixPath(name).stem != PurePosixPath(photo.path).name:
        return None
    return tr(
        "the boxes of {file} are in {name}, since the common name is that of another photo's "
        "file as well; other programs may not find them there",
        file=photo.path,
        name=name,
    )


class LabelFolder:
    """Files of ours in a folder that may hold others'.

    A list of our files with the hashes of what we wrote lies among them. A file that is not on
    it, or was changed since, is never replaced or removed.

    Attributes:
        written: the names of the files that now hold what they should.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder = folder
        self.written: set[str] = set()
        self._list = folder / f".landmark-gui-{key}.json"
        self._known = _read_list(self._list)
        self._refused: set[str] = set()

    def announce(self, files: Mapping[str, str]) -> None:
        """Note what will be written: after a crash or on a full disk it is known to be ours."""
        for name, content in files.items():
            self._known.setdefault(name, set()).add(_hash(content.encode()))
        self._write_list(self._known)

    def may_put(self, name: str, content: str) -> bool:
        """Whether there is nothing, or something of ours, where the file would go."""
        path = self.folder / name
        standing = _hash_of(path)
        ours = standing in (None, _hash(content.encode()), *self._known.get(name, ()))
        return is_inside(name) and ours and not path.is_dir()

    def put(self, name: str, content: str) -> bool:
        """Write a file; False if another's stands in its place. Raises OSError."""
        if not self.may_put(name, content):
            self._refused.add(name)
            return False
        data, path = content.encode(), self.folder / name
        if _hash_of(path) != _hash(data):
            write_atomic(path, data)
        self._known[name] = {_hash(data)}
        self.written.add(name)
        return True

    def finish(self) -> list[str]:
        """Remove what an earlier export wrote and this one did not; what was changed since."""
        changed = []
        for name in sorted(self._known.keys() - self.written - self._refused):
            standing = _hash_of(self.folder / name)
            if standing in self._known[name]:
                (self.folder / name).unlink()
            elif standing is not None:
                changed.append(name)
        self._write_list({name: self._known[name] for name in self.written})
        return changed

    def _write_list(self, known: Mapping[str, Set[str]]) -> None:
        files = {name: sorted(known[name]) for name in sorted(known)}
        write_atomic(self._list, json.dumps({"files": files}, ensure_ascii=False, indent=0))


def _read_list(path: Path) -> dict[str, set[str]]:
    try:
        files = json.loads(path.read_bytes())["files"]
        return {name: set(map(str, hashes)) for name, hashes in files.items() if is_inside(name)}
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {}  # without it every file that stands there is another's, which is the safe way


def _hash(data: bytes) -> str:
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def _hash_of(path: Path) -> str | None:
    try:
        return _hash(path.read_bytes())
    except FileNotFoundError:
        return None
    except (IsADirectoryError, NotADirectoryError):
        return ""


def write_label_files(
    out: LabelFolder,
    files: Sequence[tuple[Photo, str, str]],
    progress: Progress,
    cancel: Cancel,
) -> list[str]:
    """Write a label file a photo, given as (photo, name, content).

    Returns:
        Complaints about files that stand in the way.

    Raises:
        Cancelled: between two files. What was written stays, and is known to be ours.
        OSError: as soon as a file cannot be written.
    """
    problems = []
    out.announce({name: content for _, name, content in files})
    for done, (photo, name, content) in enumerate(files, 1):
        if cancel():
            raise Cancelled
        if remark := twin_remark(photo, name):
            problems.append(remark)
        if not out.put(name, content):
            problems.append(in_the_way(out.folder / name, photo))
        progress(done, len(files))
    return problems + [_changed(out.folder / name) for name in out.finish()]


def written_boxes(out: LabelFolder, project: Project, names: Mapping[int, str]) -> int:
    """How many boxes are in the files that were written."""
    photos = (photo_id for photo_id, name in names.items() if name in out.written)
    return sum(len(project.boxes_of(photo_id)) for photo_id in photos)


def in_the_way(path: Path, photo: Photo) -> str:
    """The complaint that `path` is another's, so the boxes of `photo` were not written."""
    return tr(
        "{path} is not from an earlier export, or was changed since; it was left as it is, and "
        "the boxes of {file} were not written",
        path=path,
        file=photo.path,
    )


def _changed(path: Path) -> str:
    return tr(
        "{path} is from an earlier export and was changed since; its photo has no boxes any "
        "more, but the file was left as it is",
        path=path,
    )
