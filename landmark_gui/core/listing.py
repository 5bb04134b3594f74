"""What lies in the photo folder, by its directories alone: no file is opened."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from landmark_gui.core.errors import Cancel, Cancelled, FolderMissing, never_cancelled
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import natural_key


@dataclass(frozen=True)
class FoundFile:
    """A file of the photo folder; whether it is a photo is not asked yet.

    Attributes:
        path: as a project stores it: POSIX, relative to the photo folder.
        place: where it can be opened.
        modified: nanoseconds since 1970.
    """

    path: str
    place: Path
    size: int
    modified: int


@dataclass
class Listing:
    """The files of a photo folder, and the folders that they were found in.

    Attributes:
        files: in natural order of their paths.
        folders: those that were entered, the photo folder first.
        closed: stored paths of those that could not be read; of their files nothing is known.
    """

    files: list[FoundFile] = field(default_factory=list)
    folders: list[Path] = field(default_factory=list)
    closed: list[str] = field(default_factory=list)

    def is_hidden(self, path: str) -> bool:
        """Whether a stored path lies in a folder that could not be read."""
        return any(path.startswith(f"{folder}/") for folder in self.closed)


def list_folder(photos_dir: Path, cancel: Cancel = never_cancelled) -> Listing:
    """List a photo folder. Hidden files, hidden folders and `*.data` are left out.

    Raises:
        FolderMissing: if the folder itself cannot be read.
        Cancelled: between two folders.
    """
    listing, waiting = Listing(), [("", photos_dir)]
    while waiting:
        if cancel():
            raise Cancelled
        prefix, folder = waiting.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError as error:
            if not prefix:
                raise folder_missing(photos_dir) from error
            listing.closed.append(prefix.rstrip("/"))
            continue
        listing.folders.append(folder)
        listing.files += _files(entries, prefix)
        waiting += [
            (f"{prefix}{stored_name(entry.name)}/", Path(entry.path))
            for entry in reversed(entries)
            if _is_entered(entry)
        ]
    listing.files.sort(key=lambda file: natural_key(file.path))
    return listing


def is_listed(photos_dir: Path, folder: Path) -> bool:
    """Whether photos in `folder`, which need not exist, would be found in a photo folder.

    By their paths alone: links are not followed.
    """
    try:
        below = folder.relative_to(photos_dir)
    except ValueError:
        return False
    return all(_is_open_name(name) for name in below.parts)


def folder_missing(folder: Path) -> FolderMissing:
    """What to say where the photos of a project should be and are not."""
    return FolderMissing(
        tr(
            "The photos are not in {folder}. Plug the drive in, put the folder back, or say "
            "where it is now.",
            folder=folder,
        )
    )


def stored_name(name: str) -> str:
    """A file's name as text; bytes that are none come out as "\\udcff"."""
    return name.encode("utf-8", "backslashreplace").decode()


def _is_entered(entry: os.DirEntry[str]) -> bool:
    return _is_open_name(entry.name) and entry.is_dir(follow_symlinks=False)


def _is_open_name(name: str) -> bool:
    return not name.startswith(".") and not name.endswith(".data")


def _files(entries: list[os.DirEntry[str]], prefix: str) -> Iterator[FoundFile]:
    for entry in entries:
        try:
            # `is_file` first: reading a named pipe would wait for ever.
            if entry.name.startswith(".") or not entry.is_file():
                continue
            status = entry.stat()
        except OSError:  # gone since it was listed
            continue
        path = prefix + stored_name(entry.name)
        yield FoundFile(path, Path(entry.path), status.st_size, status.st_mtime_ns)
