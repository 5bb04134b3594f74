"""What SQLite and the system say, turned into sentences about the project file."""

from __future__ import annotations

import errno
import json
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from landmark_gui.core.errors import DamagedError, FormatError, ProjectError
from landmark_gui.core.i18n import tr

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)
_SILENT = (errno.EIO, errno.ENXIO, errno.ENODEV, errno.ESTALE, errno.ENOTCONN, errno.ETIMEDOUT)
_DAMAGE = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_TOOBIG)
UNREADABLE = (sqlite3.Error, sqlite3.Warning, UnicodeError, MemoryError)
"""What reading a damaged file may raise. Unicode: an error's text can quote the file."""
_MALFORMED = (FormatError, json.JSONDecodeError, UnicodeError, RecursionError, OverflowError)
"""A value that no version of the program writes: also a damage, if SQLite does not see it."""


@contextmanager
def speaking(path: Path) -> Iterator[None]:
    """Turn each failure of SQLite, of the disk or of a stored value into a ProjectError.

    Raises:
        DamagedError: if the content of the file is at fault.
        ProjectError: for anything else, as a full disk.
    """
    try:
        yield
    except (*UNREADABLE, *_MALFORMED, OSError) as error:
        raise spoken(path, error) from error


def spoken(path: Path, error: BaseException) -> ProjectError:
    """`error` as a sentence that names the file and says what to do."""
    if is_damage(error):
        return DamagedError(
            tr(
                "{path} is damaged ({detail}). Open it in the window: that restores what can be "
                "read, and keeps the damaged file.",
                path=path,
                detail=str(error)[:200],
            )
        )
    return ProjectError(_sentence(path, error))


def is_damage(error: BaseException) -> bool:
    """Whether the content of the file is at fault, and not the disk or the system."""
    # "Could not decode to UTF-8" comes from Python's own part of the module, without a code.
    undecodable = isinstance(error, sqlite3.OperationalError) and "decode" in str(error)
    return isinstance(error, _MALFORMED) or _code(error) in _DAMAGE or undecodable


def _code(error: BaseException) -> int:
    code: int = getattr(error, "sqlite_errorcode", 0) or 0
    return code & 0xFF  # without the extended part


def _sentence(path: Path, error: BaseException) -> str:
    code = _code(error)
    number = error.errno if isinstance(error, OSError) else None
    if code == sqlite3.SQLITE_FULL or number in _FULL:
        return tr("{path}: the disk is full. Free some space; nothing was lost.", path=path)
    if code in (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN) or number in _FORBIDDEN:
        return tr("{path} cannot be written here. Choose a folder of your own.", path=path)
    if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return tr("{path} is being used by another program. Close that one.", path=path)
    if code == sqlite3.SQLITE_IOERR or number in _SILENT:
        return tr(
            "{path}: the disk does not take the data ({detail}). Check the drive and its "
            "connection; nothing was lost.",
            path=path,
            detail=error,
        )
    return tr("{path}: {detail}", path=path, detail=str(error) or type(error).__name__)
