"""Photos from elsewhere as new labelled photos of a project: copied, found again, labelled.

Nothing in the photo folder is replaced. A photo that the project has already, by its content, is
not copied again; its row then gets the label. The rows of new files are the scan's to make.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from landmark_gui.core import images
from landmark_gui.core.copying import HOPELESS, copy_to, reason_of, remove, rename_new
from landmark_gui.core.edits import namesake, new_box, new_landmark
from landmark_gui.core.errors import Cancel, Progress, never_cancelled, no_progress
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.listing import folder_missing, is_listed, stored_name
from landmark_gui.core.paths import under
from landmark_gui.core.project import Box, Change, Edit, Landmark, Photo, Project
from landmark_gui.core.sorting import folder_names

FOLDER = "classified"
"""Of new photos, below the photo folder; in it a folder for each landmark, so that naming
landmarks after folders says the same of them."""
_TRIES = 1000


@dataclass(frozen=True)
class Told:
    """What a person says of a photo.

    Attributes:
        box: where the landmark is, in oriented pixels; None for the whole photo.
    """

    photo: Path
    label: str
    box: Rect | None = None


@dataclass
class Brought:
    """Photos that are in the photo folder now.

    Attributes:
        paths: what a project calls each photo, or will once it is found.
        copied: how many of them were not there before.
        left: those that could not be brought there, with the reason.
    """

    paths: dict[Path, str] = field(default_factory=dict)
    copied: int = 0
    left: list[tuple[Path, str]] = field(default_factory=list)


def bring(
    wanted: Sequence[Told],
    photos: Iterable[Photo],
    photos_dir: Path,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Brought:
    """Copy into the photo folder what is not there yet. Reads whole files.

    One that cannot be copied is told and the rest goes on; a full disk, or a cancel, leaves the
    rest with the reason.

    Args:
        photos: of the project.

    Raises:
        FolderMissing: if the photo folder is not there, as on a drive that was unplugged.
    """
    if not photos_dir.is_dir():
        raise folder_missing(photos_dir)
    known, brought = _Known(photos, photos_dir), Brought()
    names = folder_names(told.label for told in wanted)
    ended = ""
    for done, told in enumerate(wanted):
        progress(done, len(wanted))
        ended = ended or (tr("cancelled") if cancel() else "")
        if ended:
            brought.left.append((told.photo, ended))
            continue
        try:
            path = known.path_of(told.photo)
            if path is None:
                path = _copied(told.photo, photos_dir, f"{FOLDER}/{names[told.label]}")
                brought.copied += 1
                known.add(told.photo, path)
            brought.paths[told.photo] = path
        except OSError as error:
            brought.left.append((told.photo, reason_of(error)))
            ended = reason_of(error) if error.errno in HOPELESS else ""
    progress(len(wanted), len(wanted))
    return brought


class _Known:
    """What the photo folder holds, by size and content."""

    def __init__(self, photos: Iterable[Photo], photos_dir: Path) -> None:
        self._photos_dir = photos_dir
        self._by_size: dict[int, list[tuple[str, str]]] = defaultdict(list)
        self._read: dict[str, str] = {}
        for photo in photos:
            if photo.state == "ok":
                self._by_size[photo.size].append((photo.path, photo.hash))

    def path_of(self, file: Path) -> str | None:
        """What a file, or one with the same content, is called in the project. Raises OSError."""
        folder = self._photos_dir.resolve()
        place = file.resolve()
        if place.is_relative_to(folder) and is_listed(folder, place.parent):
            return stored_name(place.relative_to(folder).as_posix())
        alike = self._by_size.get(file.stat().st_size, [])
        digest = images.content_hash(file) if alike else ""
        return next((path for path, known in alike if self._hash(path, known) == digest), None)

    def add(self, file: Path, path: str) -> None:
        self._by_size[file.stat().st_size].append((path, ""))

    def _hash(self, path: str, known: str) -> str:
        """Of a large photo the scan may not know it yet."""
        if known:
            return known
        if path not in self._read:
            try:
                self._read[path] = images.content_hash(under(self._photos_dir, path))
            except OSError:
                return ""
        return self._read[path]


def _copied(file: Path, photos_dir: Path, below: str) -> str:
    """Copy a file to a free name; what the project will call it. Raises OSError."""
    folder = photos_dir / below
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{file.name[:40]}.part"
    remove(part)  # of a copy that was cut short
    copy_to(file, part)
    try:
        for name in _names(file):
            try:
                rename_new(part, folder / name)
            except FileExistsError:
                continue
            return f"{below}/{stored_name(name)}"
    finally:
        remove(part)
    raise FileExistsError(tr("all names for it are taken"))


def _names(file: Path) -> Iterator[str]:
    yield file.name
    for number in range(2, _TRIES):
        yield f"{file.stem} ({number}){file.suffix}"


def labelling(project: Project, wanted: Iterable[tuple[int, str, Rect | None]]) -> Edit:
    """The edit that says of photos what they show: as a whole, or by a box.

    Landmarks that are missing are added. A box is not drawn twice, and is cut at the photo's
    border; one that lies outside is left out.

    Args:
        wanted: id of a photo, name of the landmark, and where it is.
    """
    marks = _Marks(project)
    photos: dict[int, Photo] = {}
    boxes: list[Box] = []
    for photo_id, name, rect in wanted:
        photo, mark = project.photos[photo_id], marks.named(name)
        if rect is None:
            photos[photo_id] = replace(photo, landmark_id=mark.id)
            continue
        box = new_box(photo_id, mark.id, rect.clamped(photo.width, photo.height))
        there = (*project.boxes_of(photo_id), *boxes)
        if box.rect.area and not any(_is_like(box, other) for other in there):
            boxes.append(box)
    rows = ((project.photos[id_], after) for id_, after in photos.items())
    return Edit(
        "label_classified",
        (
            *(Change(None, mark) for mark in marks.added),
            *(Change(before, after) for before, after in rows if before != after),
            *(Change(None, box) for box in boxes),
        ),
    )


def _is_like(box: Box, other: Box) -> bool:
    same = (box.photo_id, box.landmark_id) == (other.photo_id, other.landmark_id)
    return same and other.rect.is_near(box.rect)


class _Marks:
    """The landmarks of a project, and those that are to be added."""

    def __init__(self, project: Project) -> None:
        self._scratch = Project(landmarks=dict(project.landmarks))
        self.added: list[Landmark] = []

    def named(self, name: str) -> Landmark:
        mark = namesake(self._scratch, name)
        if mark is None:
            mark = new_landmark(self._scratch, name)
            self._scratch.landmarks[mark.id] = mark
            self.added.append(mark)
        return mark
