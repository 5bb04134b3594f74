"""Taking a sorting back, at once, tomorrow or after a crash: only what it made and is as it was."""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from landmark_gui.core import images
from landmark_gui.core.copying import move_new, reason_of, remove
from landmark_gui.core.errors import Cancel, Progress, SortingError, never_cancelled, no_progress
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_same_file
from landmark_gui.core.sorting.executing import remove_if_empty
from landmark_gui.core.sorting.journal import Journal, Made, Record, parts, read


@dataclass
class Undone:
    """What came of an undo.

    Attributes:
        back: where photos were, and where they are again; copies are gone, so the second is None.
        left: what stayed in the destination, and why, in plain words.
        stopped: whether it was cancelled; the same undo goes on from there.
    """

    back: list[tuple[Path, Path | None]] = field(default_factory=list)
    left: list[tuple[Path, str]] = field(default_factory=list)
    stopped: bool = False


def undo(
    journal: Path, progress: Progress = no_progress, cancel: Cancel = never_cancelled
) -> Undone:
    """Remove the copies that a sorting made, or move photos back to where they were.

    What was changed since stays, and so does a copy whose original is gone. The journal goes when
    nothing is left to take back.

    Raises:
        SortingError: if the journal cannot be read or written.
    """
    record, result = read(journal), Undone()
    try:
        going_on = Journal.again(record)
    except OSError as error:
        raise SortingError(
            tr("{path} could not be written: {detail}", path=journal, detail=reason_of(error))
        ) from error
    made = list(reversed(record.files.values()))
    try:
        for part in parts(record):
            remove(part)
        for number, one in enumerate(made):
            progress(number, len(made))
            if cancel():
                result.stopped = True
                break
            part = going_on.part(number, Path(one.source).parent)
            if _take_back(record, one, part, result):
                going_on.drop(one.target)
    except OSError as error:
        raise SortingError(
            tr("{path} could not be written: {detail}", path=journal, detail=reason_of(error))
        ) from error
    finally:
        going_on.close()
    progress(len(made), len(made))
    if not result.left and not result.stopped:
        _tidy(record)
    return result


def _take_back(record: Record, made: Made, part: Path, result: Undone) -> bool:
    """Take one photo back; whether nothing of it is left."""
    place, source = record.place_of(made), Path(made.source)
    try:
        reason = _hindrance(record, made, place, source)
        if not reason and _is_there(place):
            if record.move:
                _move_back(place, source, part)
            else:
                place.unlink()
            result.back.append((place, source if record.move else None))
    except OSError as error:
        reason = reason_of(error)
    if reason:
        result.left.append((place, reason))
    return not reason


def _move_back(place: Path, source: Path, part: Path) -> None:
    if is_same_file(place, source):  # a crash between the two halves of a move
        place.unlink()
        return
    source.parent.mkdir(parents=True, exist_ok=True)
    move_new(place, source, part)


def _hindrance(record: Record, made: Made, place: Path, source: Path) -> str:
    """Why a photo stays where it was put, or "". Raises OSError."""
    if not place.parent.resolve().is_relative_to(record.destination.resolve()):
        return tr("it lies outside the folder that was sorted into")
    if not _is_there(place):
        if record.move and not source.exists():
            return tr("it is no longer there; it was moved or deleted")
        return ""
    hindrance = _hindrance_of_move if record.move else _hindrance_of_copy
    return hindrance(made, place, source)


def _hindrance_of_copy(made: Made, place: Path, source: Path) -> str:
    if place.is_symlink() or place.stat().st_size != made.size or _digest(place) != made.hash:
        return tr("it was changed since")
    if is_same_file(place, source) or _digest(source) != made.hash:
        return tr("its original is gone or was changed, so this is the only one")
    return ""


def _hindrance_of_move(made: Made, place: Path, source: Path) -> str:
    if is_same_file(place, source):
        return ""
    status = place.stat()
    if place.is_symlink() or (status.st_size, status.st_mtime_ns) != (made.size, made.modified):
        return tr("it was changed since")
    if _is_there(source):
        return tr("there is another file where it came from")
    if not _fits(source, place):  # the journal of a stranger could ask for anything
        return tr("it does not look like the photo that was moved")
    return ""


def _fits(source: Path, place: Path) -> bool:
    """Whether a photo may have come from there: same name, but for a number that it was given."""
    pattern = re.escape(source.stem) + r"( \(\d+\))*" + re.escape(source.suffix)
    return bool(re.fullmatch(pattern, place.name)) and images.is_photo(place)


def _digest(path: Path) -> str:
    try:
        return images.content_hash(path)
    except FileNotFoundError:
        return ""


def _is_there(path: Path) -> bool:
    return path.is_symlink() or path.exists()


def _tidy(record: Record) -> None:
    """Nothing of the sorting is left: away with the journal and the folders that it made."""
    with suppress(OSError):
        record.path.unlink()
    for name, new in record.folders.items():
        if new:
            remove_if_empty(record.destination / name)
    folder = record.destination
    for _ in range(record.above):
        remove_if_empty(folder)
        folder = folder.parent
