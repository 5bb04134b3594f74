"""What an export wrote into its folder, so that the next one knows its own files from others'.

`crops.json` lists the files. While an export is at work, what it is about to write, move or make
is first noted in a journal; a run that was cut short leaves the journal, and nothing of it is
forgotten. A file that neither names is somebody else's.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from threading import Lock
from typing import Any, BinaryIO

from landmark_gui.core.crops import naming
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings
from landmark_gui.core.errors import DatasetError
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_inside, under

MANIFEST = "crops.json"
JOURNAL = ".crops.journal"
VERSION = 2


@dataclass(frozen=True)
class Entry:
    """A file of ours.

    Attributes:
        size, hash: of its bytes (BLAKE2b-128); "" if an older version did not note them.
        pixels: fingerprint of everything that shapes the bytes; "" for a file that is no crop.
        settings: fingerprint of the `FileSettings`.
        photo: path of the photo, relative to the photo folder; `photo_hash` of its content.
        box: id of the box; None for a whole photo.
        rect: x, y, width, height in pixels of the upright photo.
    """

    size: int = 0
    hash: str = ""
    pixels: str = ""
    settings: str = ""
    photo: str = ""
    photo_hash: str = ""
    box: str | None = None
    rect: tuple[float, ...] = ()
    landmark: str = ""
    split: str = ""

    @property
    def is_list(self) -> bool:
        """Whether it lists crops and is none."""
        return bool(self.hash) and not self.pixels

    def is_content_of(self, path: Path) -> bool:
        """Whether a file still holds what was written. Raises OSError."""
        return path.stat().st_size == self.size and content_hash(path.read_bytes()) == self.hash


def entry_of(crop: Crop, settings: FileSettings, content: bytes) -> Entry:
    """What is noted of a crop's file."""
    rect = naming.shown_rect(crop)
    return Entry(
        size=len(content),
        hash=content_hash(content),
        pixels=naming.fingerprint(crop, settings),
        settings=naming.settings_fingerprint(settings),
        photo=crop.source or crop.path.name,
        photo_hash=crop.photo_hash,
        box=crop.box_id,
        rect=(float(rect.x), float(rect.y), float(rect.w), float(rect.h)),
        landmark=crop.landmark,
        split=crop.split,
    )


def content_hash(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


class Manifest:
    """The files and folders of ours in the folder `out`.

    Attributes:
        files: what is known of each, by its POSIX path in `out`. Those that went are still in it
            until the manifest is saved.

    Raises:
        DatasetError: if the file that lists them is damaged.
        OSError: if it cannot be read.
    """

    def __init__(self, out: Path) -> None:
        self.out = out
        self._path, self._journal_path = out / MANIFEST, out / JOURNAL
        self._lock = Lock()
        self._journal: BinaryIO | None = None
        self.files, self.folders = _read(self._path)
        self._replay()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """While files are written. In the end, however it comes, what stands is saved."""
        self.out.mkdir(parents=True, exist_ok=True)
        with self._journal_path.open("ab", buffering=0) as self._journal:
            try:
                yield
            finally:
                self._save()
        with suppress(OSError):
            self._journal_path.unlink()

    def note(self, files: dict[str, Entry], folders: Iterable[str] = ()) -> None:
        """Files and folders that are about to appear. Raises OSError."""
        made = sorted(folders)
        line = {"files": {name: vars(entry) for name, entry in files.items()}, "folders": made}
        with self._lock:
            assert self._journal is not None
            self._journal.write(json.dumps(line).encode() + b"\n")
            self.files |= files
            self.folders |= set(made)

    def forget(self, name: str) -> None:
        """A file that is not there any more, or not ours."""
        with self._lock:
            self.files.pop(name, None)

    def take_back(self, name: str, entry: Entry | None) -> None:
        """A file was not written after all: the earlier one stands, of which this is known."""
        with self._lock:
            if entry is None:
                self.files.pop(name, None)
            else:
                self.files[name] = entry

    def path_of(self, name: str) -> Path:
        return under(self.out, name)

    def _replay(self) -> None:
        for line in _lines(self._journal_path):
            try:
                files, folders = _believed(json.loads(line))
            except (ValueError, TypeError, AttributeError, KeyError, RecursionError):
                continue  # the end of a run that was killed as it wrote the line
            self.files |= files
            self.folders |= folders
            for name in files:
                with suppress(OSError):
                    part_of(self.path_of(name)).unlink()

    def _save(self) -> None:
        """Replaces the list in one step; its unfinished form has a fixed name, so none is left."""
        content = manifest_text(self.files, self.folders).encode()
        part = part_of(self._path)
        if self._path.is_file() and self._path.read_bytes() == content:
            part.unlink(missing_ok=True)
            return
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._path)


def manifest_text(files: Mapping[str, Entry], folders: Iterable[str]) -> str:
    """What `crops.json` holds."""
    listed = {name: vars(files[name]) for name in sorted(files)}
    document = {"version": VERSION, "files": listed, "folders": sorted(folders)}
    return json.dumps(document, ensure_ascii=False, indent=1) + "\n"


def part_of(path: Path) -> Path:
    """Where a file is written before it gets its name."""
    return path.with_name(f".{path.name}.part")


def write_file(path: Path, content: bytes) -> None:
    """Give `path` its content in one step. Raises OSError; the old file is then untouched.

    Not forced to the disk, unlike a project: a crop that a power cut damaged is noticed by its
    hash and cut again.
    """
    part = part_of(path)
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink()
        raise


def _lines(path: Path) -> list[bytes]:
    try:
        return path.read_bytes().splitlines()
    except FileNotFoundError:
        return []


def _read(path: Path) -> tuple[dict[str, Entry], set[str]]:
    if not path.is_file():
        return {}, set()
    try:
        document = json.loads(path.read_text("utf-8"))
        version = document["version"]
        if isinstance(version, int) and version > VERSION:
            raise DatasetError(
                tr(
                    "{path} was written by a newer version of this program. Update this one, or "
                    "choose another folder.",
                    path=path,
                )
            )
        return _believed(document)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as error:
        raise DatasetError(
            tr(
                "{path} is damaged, so nobody knows which files beside it are crops. Choose "
                "another folder.",
                path=path,
            )
        ) from error


def _believed(document: dict[str, Any]) -> tuple[dict[str, Entry], set[str]]:
    """Files and folders of a manifest. Only names inside its folder are believed."""
    files = document["files"]
    if isinstance(files, list):  # version 1 knew the names alone
        files = {name: {} for name in files}
        document["folders"] = [str(above) for name in files for above in _above(name)]
    found = {name: _entry(values) for name, values in files.items() if is_inside(name)}
    return found, {name for name in document.get("folders", ()) if is_inside(name)}


def _above(name: str) -> list[PurePosixPath]:
    return list(PurePosixPath(name).parents)[:-1]


def _entry(values: dict[str, Any]) -> Entry:
    rect = tuple(float(side) for side in values.get("rect", ()))
    entry = Entry(**{**values, "rect": rect})
    texts = (getattr(entry, name) for name, kind in Entry.__annotations__.items() if kind == "str")
    if type(entry.size) is not int or not all(isinstance(text, str) for text in texts):
        raise TypeError(values)
    return entry
