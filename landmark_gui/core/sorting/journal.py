"""What a sorting did, written down as it does it, so that it can be taken back at any later time.

A file of JSON lines in the destination. A line is written before the file it speaks of appears,
so after a crash nothing is there that the journal does not know.
"""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

from landmark_gui.core.copying import remove
from landmark_gui.core.errors import SortingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_inside, under

PREFIX, SUFFIX = ".sorting-", ".jsonl"
FORMAT, VERSION = "landmark-gui sorting", 1


@dataclass(frozen=True)
class Made:
    """A photo that was put, or was about to be.

    Attributes:
        source: where it came from, absolute.
        target: POSIX path in the destination.
        size, modified: of the file as it was put; `modified` in nanoseconds since 1970.
        hash: of a copy's content (BLAKE2b-128); "" for a photo that was moved.
    """

    source: str
    target: str
    size: int
    modified: int
    hash: str = ""


@dataclass
class Record:
    """What a journal tells.

    Attributes:
        files: what was put and not taken back yet, by target.
        folders: names of those that were used, and whether they were made for it.
        above: how many folders were made for the destination, itself and those above it.
    """

    path: Path
    move: bool
    above: int = 0
    files: dict[str, Made] = field(default_factory=dict)
    folders: dict[str, bool] = field(default_factory=dict)

    @property
    def destination(self) -> Path:
        return self.path.parent

    def place_of(self, made: Made) -> Path:
        return under(self.destination, made.target)


class Journal:
    """An open journal; each line is with the system before the method returns.

    Args:
        forced: force each line to the disk, so that a power cut loses none: for moves, which
            leave no original behind.
    """

    def __init__(self, path: Path, file: BinaryIO, forced: bool) -> None:
        self.path, self._file, self._forced = path, file, forced

    @classmethod
    def create(cls, destination: Path, move: bool, above: int) -> Journal:
        """Begin one in a folder. Raises OSError."""
        start = f"{datetime.now():%Y%m%d-%H%M%S}"
        numbers = (start, *(f"{start}-{n}" for n in range(2, 1000)))
        for name in numbers:
            path = destination / f"{PREFIX}{name}{SUFFIX}"
            with suppress(FileExistsError):
                journal = cls(path, path.open("xb", buffering=0), move)
                head = {"format": FORMAT, "version": VERSION, "move": move, "above": above}
                journal._begin(head)
                return journal
        raise FileExistsError(str(destination))

    @classmethod
    def again(cls, record: Record) -> Journal:
        """Go on with one that is there. Raises OSError."""
        return cls(record.path, record.path.open("ab", buffering=0), record.move)

    def part(self, number: int, folder: Path) -> Path:
        """A name for a file in the making that only this sorting uses."""
        return folder / f"{_stem(self.path)}-{number}.part"

    def note(self, made: Made) -> None:
        self._write({"file": asdict(made)})

    def note_folder(self, name: str, new: bool) -> None:
        self._write({"folder": name, "new": new})

    def drop(self, target: str) -> None:
        """It was not put after all, or is taken back."""
        self._write({"gone": target})

    def close(self) -> None:
        self._file.close()

    def _begin(self, head: dict[str, Any]) -> None:
        try:
            self._write(head)
        except OSError:
            self.close()
            remove(self.path)
            raise

    def _write(self, line: dict[str, Any]) -> None:
        content = b"\n" + json.dumps(line).encode()  # first, so that half a line spoils no other
        if self._file.write(content) < len(content):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self.path))
        if self._forced:
            os.fsync(self._file.fileno())


def parts(record: Record) -> Iterator[Path]:
    """What a sorting that was cut short may have left half made."""
    for name in record.folders:
        yield from (record.destination / name).glob(f"{_stem(record.path)}-*.part")


def newest(place: Path) -> Path:
    """The journal that is meant by a folder, or by its own path.

    Raises:
        SortingError: if there is none.
    """
    if place.is_file():
        return place
    found = sorted(place.glob(f"{PREFIX}*{SUFFIX}"), key=_age)
    if not found:
        raise SortingError(tr("Nothing was sorted into {path} that could be undone.", path=place))
    return found[-1]


def read(path: Path) -> Record:
    """What a journal tells. A last line that was cut off is passed over.

    Raises:
        SortingError: if it is none, or cannot be read.
    """
    try:
        lines = [line for line in path.read_bytes().split(b"\n") if line]
        if not lines:  # it was cut short before it had begun
            return Record(path.absolute(), move=False)
        head = json.loads(lines[0])
        if head.get("format") != FORMAT:
            raise ValueError
    except OSError as error:
        raise SortingError(
            tr("{path} could not be read: {detail}", path=path, detail=error.strerror or error)
        ) from error
    except (ValueError, AttributeError, RecursionError) as error:
        raise SortingError(tr("{path} does not say what was sorted.", path=path)) from error
    if head.get("version") != VERSION:
        raise SortingError(
            tr("{path} was written by a newer version of this program. Update this one.", path=path)
        )
    above = head.get("above")
    record = Record(path.absolute(), head.get("move") is True, above if type(above) is int else 0)
    for line in lines[1:]:
        with suppress(ValueError, TypeError, AttributeError, KeyError, RecursionError):
            _take(record, json.loads(line))
    return record


def _take(record: Record, line: dict[str, Any]) -> None:
    """Believe a line, as far as it speaks of the destination alone."""
    if "file" in line:
        made = Made(**line["file"])
        kinds = {"source": str, "target": str, "size": int, "modified": int, "hash": str}
        sound = all(type(getattr(made, name)) is kind for name, kind in kinds.items())
        if sound and is_inside(made.target) and Path(made.source).is_absolute():
            record.files[made.target] = made
    elif "folder" in line and is_inside(line["folder"]):
        name = line["folder"]
        record.folders[name] = line["new"] is True or record.folders.get(name, False)
    elif "gone" in line:
        record.files.pop(line["gone"], None)


def _stem(path: Path) -> str:
    return path.name.removesuffix(SUFFIX)


def _age(path: Path) -> tuple[int, str]:
    try:
        return path.stat().st_mtime_ns, path.name
    except OSError:
        return 0, path.name
