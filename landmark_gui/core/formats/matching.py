"""Which photo of the project a foreign file means."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from landmark_gui.core.paths import composed, under
from landmark_gui.core.project import Photo, Project

Parts = tuple[str, ...]
PARALLEL = {"labels": "images", "Annotations": "JPEGImages"}
"""A folder of label files, and the one beside it that holds the photos."""
Orientation = Callable[[Photo], int]
"""The EXIF orientation of a photo's file, 1 to 8."""


def upright(photo: Photo) -> int:
    """Default `Orientation`: no photo is turned."""
    return 1


def orientation_in(folder: Path) -> Orientation:
    """Reads the orientation from the files under `folder`; 1 for one that cannot be read."""

    @cache
    def read(path: str) -> int:
        try:
            return images.orientation(under(folder, path))
        except ImageError:
            return 1

    return lambda photo: read(photo.path)


@dataclass(frozen=True)
class Ref:
    """How a foreign file names a photo.

    Attributes:
        name: the path or name as it is written there, for messages as well.
        places: where the photo would lie if it lay beside the file that tells of it, absolute.
        root: the folder that is imported, if it is a folder.
        stem: the name and the places lack the photo's suffix.
        others: what else the file calls it.
    """

    name: str
    places: tuple[Path, ...] = ()
    root: Path | None = None
    stem: bool = False
    others: tuple[str, ...] = ()

    @classmethod
    def beside(
        cls, file: Path, name: str, root: Path | None, stem: bool = False, others: Parts = ()
    ) -> Ref:
        """The photo called `name` as seen from the folder of `file`, or a folder beside that."""
        place = Path(os.path.normpath(file.absolute().parent / name.replace("\\", "/")))
        known_as = name
        if stem and root is not None:
            known_as = file.relative_to(root).with_suffix("").as_posix()
        places = (*_beside(place), place)
        return cls(known_as, places, root and root.absolute(), stem, others)


def _beside(place: Path) -> Iterator[Path]:
    """Where the photo lies in a folder tree as YOLO and Pascal VOC have it."""
    parts = place.parts
    for number in range(len(parts) - 1, 0, -1):
        if parts[number] in PARALLEL:
            yield Path(*parts[:number], PARALLEL[parts[number]], *parts[number + 1 :])
            return


class PhotoIndex:
    """The photos of a project by path and by name. Nothing that a foreign file names is opened."""

    def __init__(self, project: Project, folder: Path | None = None) -> None:
        self._folder = None if folder is None else Path(os.path.normpath(folder.absolute()))
        self._full, self._stems = _Table(), _Table()
        for photo in project.photos.values():
            path = composed(photo.path)
            self._full.add(path, photo)
            self._stems.add(path, photo)
            if PurePosixPath(path).suffix:
                self._stems.add(PurePosixPath(path).with_suffix("").as_posix(), photo)

    def find(self, ref: Ref) -> list[Photo]:
        """The photo that is meant; none if there is none, several if it cannot be told."""
        table = self._stems if ref.stem else self._full
        several: list[Photo] = []
        for found in self._guesses(table, ref):
            if len(found) == 1:
                return found
            several = several or found
        return several

    def _guesses(self, table: _Table, ref: Ref) -> Iterator[list[Photo]]:
        """What is surest comes first."""
        for folder in (self._folder, None, ref.root):
            for place in ref.places:
                if folder is None:
                    yield table.fitting(_parts(place.as_posix()))
                elif place.is_relative_to(folder):
                    yield table.exact(_parts(place.relative_to(folder).as_posix()))
        for name in (ref.name, *ref.others):
            # A label file that lies elsewhere says "1.jpg" of a photo in any folder.
            bare = bool(ref.places) and len(_parts(name)) == 1
            yield table.fitting(_parts(name)) if bare else _named(table, name)


class _Table:
    def __init__(self) -> None:
        self._exact: dict[Parts, list[Photo]] = defaultdict(list)
        self._named: dict[str, list[tuple[Parts, Photo]]] = defaultdict(list)

    def add(self, path: str, photo: Photo) -> None:
        parts = tuple(path.split("/"))
        self._exact[parts].append(photo)
        self._named[parts[-1]].append((parts, photo))

    def exact(self, parts: Parts) -> list[Photo]:
        return self._exact.get(parts, [])

    def fitting(self, parts: Parts) -> list[Photo]:
        """The photos whose path ends as `parts` does, or the other way round; the best only.

        "1.jpg" in another folder is another photo. A photo at the top has no folder to tell
        it by, so among others of its name it is as good a guess as they are.
        """
        same = self._named.get(parts[-1], []) if parts else []
        ends = [(_common_end(parts, other), photo) for other, photo in same]
        longest = max((length for length, _ in ends), default=0)
        best = [photo for length, photo in ends if length == longest > 0]
        return best if longest > 1 or len(same) == 1 else _all_or_none(best, same)


def _all_or_none(best: list[Photo], same: Iterable[tuple[Parts, Photo]]) -> list[Photo]:
    return [photo for _, photo in same] if best else []


def _common_end(parts: Parts, other: Parts) -> int:
    """How many parts the shorter path has, if the longer one ends with it; otherwise 0."""
    length = min(len(parts), len(other))
    return length if parts[-length:] == other[-length:] else 0


def _named(table: _Table, name: str) -> list[Photo]:
    raw = tuple(composed(name).split("/"))  # on Linux "\\" may be part of a name
    parts = _parts(name)
    return table.exact(raw) or table.exact(parts) or table.fitting(parts)


def _parts(path: str) -> Parts:
    pieces = composed(path).replace("\\", "/").split("/")
    return tuple(piece for piece in pieces if piece not in ("", ".", ".."))
