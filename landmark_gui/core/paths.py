"""Paths that stay inside a folder, and names that every file system accepts."""

from __future__ import annotations

import os
import re
import unicodedata
from pathlib import Path, PurePosixPath, PureWindowsPath

_FORBIDDEN = re.compile(r'[<>:"/\\|?*\x00-\x1f\x7f]')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def is_inside(relative: str) -> bool:
    """Whether a stored path is relative, does not climb, and holds no control characters."""
    path = PurePosixPath(relative)
    plain = not any(ord(character) < 32 for character in relative)
    windows = PureWindowsPath(relative)
    rooted = path.is_absolute() or windows.drive or windows.root
    return bool(path.parts) and plain and not rooted and ".." not in windows.parts


def composed(name: str) -> str:
    """`name` with its accents and Hangul syllables composed (Unicode NFC).

    Files that come from a Mac may spell them decomposed: the same to the eye, other characters.
    """
    return unicodedata.normalize("NFC", name)


def safe_name(name: str) -> str:
    """`name` as a file or folder name on Windows, macOS and Linux; never empty.

    Letters of every script are kept. Characters that some system forbids become "_". The
    result is at most 80 characters and 200 bytes long: most file systems end at 255 bytes.
    """
    cleaned = _FORBIDDEN.sub("_", name).strip(" .")[:80]
    cleaned = cleaned.encode("utf-8", "replace")[:200].decode("utf-8", "ignore").rstrip(" .")
    return f"_{cleaned}" if not cleaned or _RESERVED.match(cleaned) else cleaned


def relative_posix(path: Path, start: Path) -> str:
    """`path` as seen from the folder `start`; absolute if it is on another drive of Windows."""
    try:
        return Path(os.path.relpath(path, start)).as_posix()
    except ValueError:
        return path.as_posix()


def under(folder: Path, relative: str) -> Path:
    """The file that a project calls `relative`, a POSIX path as seen from its photo folder."""
    return folder.joinpath(*PurePosixPath(relative).parts)


def data_folder(project_path: Path) -> Path:
    """`NAME.data` beside `NAME.landmarks`: everything that can be made again."""
    return project_path.with_suffix(".data")


def is_same_file(path: Path, other: Path) -> bool:
    """Whether both exist and are one file."""
    try:
        return path.samefile(other)
    except OSError:
        return False


def free_path(path: Path) -> Path:
    """`path`, or "NAME (2).EXT" and so on if that exists already."""
    candidate, number = path, 2
    while candidate.exists():
        candidate = path.with_name(f"{path.stem} ({number}){path.suffix}")
        number += 1
    return candidate
