"""Photos and runs given to the system's trash: how the program lets go of what a person has.

Nothing is ever deleted: a file that cannot go to a trash stays where it is.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from landmark_gui.core.errors import Cancel, Progress, never_cancelled, no_progress
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import is_inside, is_same_file, under

_DRIVE_FIXED = 3


@dataclass(frozen=True)
class Refused:
    """What stayed where it is, a photo by its path in the photo folder, and why in plain words."""

    path: str
    reason: str


@dataclass(frozen=True)
class Trashed:
    """What came of photos, or of folders; paths as the project calls them."""

    gone: tuple[str, ...]
    refused: tuple[Refused, ...]


def trash_photos(
    photos_dir: Path,
    paths: Iterable[str],
    kept: Iterable[str] = (),
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Trashed:
    """Give photos to the system's trash, one by one; one that fails does not hold up the others.

    Args:
        paths: POSIX paths as seen from `photos_dir`.
        kept: photos that must still be there afterwards, though they may be links to `paths`.
        progress: photos dealt with, of all.
        cancel: asked before each photo; those that are left stay.
    """
    wanted = list(dict.fromkeys(paths))
    links = [file for one in kept if (file := under(photos_dir, one)).is_symlink()]
    gone: list[str] = []
    refused: list[Refused] = []
    for done, path in enumerate(wanted):
        progress(done, len(wanted))
        reason = tr("cancelled") if cancel() else _trash(photos_dir, path, links)
        if reason:
            refused.append(Refused(path, reason))
        else:
            gone.append(path)
    progress(len(wanted), len(wanted))
    return Trashed(tuple(gone), tuple(refused))


def trash_folders(folders: Iterable[Path], hindrance: Callable[[Path], str]) -> Trashed:
    """Give folders of ours to the system's trash, one by one.

    Args:
        hindrance: why a folder must stay, or "".

    Returns:
        What came of them, by their names.
    """
    gone: list[str] = []
    refused: list[Refused] = []
    for folder in folders:
        reason = _hindrance_of_folder(folder) or hindrance(folder) or _give(folder)
        if reason:
            refused.append(Refused(folder.name, reason))
        else:
            gone.append(folder.name)
    return Trashed(tuple(gone), tuple(refused))


def _trash(photos_dir: Path, path: str, links: list[Path]) -> str:
    """Give one photo to the trash; "", or why it stayed."""
    file = under(photos_dir, path)
    return _hindrance(photos_dir, path, file, links) or _give(file)


def _give(file: Path) -> str:
    """Give a file or a folder to the trash; "", or why it stayed."""
    from send2trash import TrashPermissionError, send2trash

    try:
        send2trash(str(file))
    except TrashPermissionError:
        return tr("its drive has no trash, or you may not use it")
    except PermissionError:
        return tr("you may not move it")
    except OSError as error:
        return error.strerror or str(error) or tr("the system refused")
    except Exception as error:  # what the systems' own libraries raise is not documented
        return str(error) or type(error).__name__
    return tr("the system left it where it is") if file.exists() else ""


def _hindrance_of_folder(folder: Path) -> str:
    if folder.is_symlink() or not folder.is_dir():
        return tr("it is no longer there")
    return "" if _drive_has_trash(folder) else tr("its drive has no trash")


def _hindrance(photos_dir: Path, path: str, file: Path, links: list[Path]) -> str:
    """Why a photo must stay, as far as that can be known before; or ""."""
    if not is_inside(path) or not _lies_in(photos_dir, file):
        return tr("it lies outside the photo folder")
    if not file.is_file():
        return tr("the file is no longer in the folder")
    if any(is_same_file(link, file) for link in links):
        return tr("another photo is only a link to it")
    if not _drive_has_trash(file):
        return tr("its drive has no trash")
    return ""


def _lies_in(folder: Path, file: Path) -> bool:
    """Whether the folder of `file`, links followed, is `folder` or below it."""
    try:
        return file.parent.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):
        return False


def _drive_has_trash(file: Path) -> bool:
    """Windows silently deletes what it is told to recycle on sticks and network drives."""
    if sys.platform == "win32":
        import ctypes

        kind: int = ctypes.windll.kernel32.GetDriveTypeW(file.absolute().anchor)
        return kind == _DRIVE_FIXED
    return True
