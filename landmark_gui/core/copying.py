"""Files given a name that no other has: copied or moved, never over another, never by half."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import sys
from contextlib import suppress
from pathlib import Path

from landmark_gui.core.images import content_hash

PIECE = 1 << 20
"""Bytes that are copied at once."""
HOPELESS = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO))
"""After these no other file can be written either."""
_NO_LINKS = frozenset((errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK))


class NotTheSame(OSError):  # noqa: N818  # an OSError, so that it is told as any other
    """A copy does not read as what was copied: the disk, the cable or the file is unwell."""


def copy_to(source: Path, part: Path, *, verified: bool = False) -> str:
    """Copy a file, with its dates, to a name that only we use.

    Args:
        part: must not exist. It is gone again if anything fails.
        verified: force the copy to the disk and read it again.

    Returns:
        BLAKE2b-128 of the content, as `images.content_hash` has it.

    Raises:
        OSError: from any step; `NotTheSame` if the copy reads otherwise.
    """
    digest = hashlib.blake2b(digest_size=16)
    with source.open("rb") as reading, part.open("xb") as writing:
        try:
            while piece := reading.read(PIECE):
                writing.write(piece)
                digest.update(piece)
            writing.flush()
            if verified:
                os.fsync(writing.fileno())
        except BaseException:
            writing.close()
            remove(part)
            raise
    try:
        with suppress(PermissionError):  # a drive that keeps no dates or rights
            shutil.copystat(source, part)
        if verified and content_hash(part) != digest.hexdigest():
            raise NotTheSame(errno.EIO, "the copy differs from the original", str(part))
    except BaseException:
        remove(part)
        raise
    return digest.hexdigest()


def rename_new(path: Path, target: Path) -> None:
    """Rename a file on its drive to a name that must be free at that very moment.

    Raises:
        FileExistsError: if there is anything at `target`, which is then untouched.
        OSError: with `errno.EXDEV` if `target` is on another drive.
    """
    if sys.platform == "win32":
        path.rename(target)  # which replaces nothing there
        return
    try:
        os.link(path, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        _rename_by_holding(path, target)
        return
    try:
        path.unlink()
    except OSError:  # two names are no renaming: back to the one that it had
        remove(target)
        raise


def _rename_by_holding(path: Path, target: Path) -> None:
    """Where a file has one name only (FAT): an empty file of ours holds the place."""
    target.open("xb").close()
    try:
        path.replace(target)
    except OSError:
        remove(target)
        raise


def move_new(source: Path, target: Path, part: Path) -> None:
    """Move a file to a name that must be free, also to another drive.

    There the original is removed only once the copy has been read again and found the same, and
    if it is still the file that was copied.

    Args:
        part: a name beside `target` that only we use.

    Raises:
        OSError: from any step; the original is then where it was.
    """
    try:
        rename_new(source, target)
        return
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    before = _stamp(source)
    copied = copy_to(source, part, verified=True)
    if _stamp(source) != before:
        remove(part)
        raise NotTheSame(errno.EIO, "the file changed while it was copied", str(source))
    try:
        rename_new(part, target)
    except OSError:
        remove(part)
        raise
    try:
        source.unlink()
    except OSError:
        if content_hash(target) == copied:  # two of them are no move: back to how it was
            remove(target)
        raise


def reason_of(error: OSError) -> str:
    """What the system says of a failure, without the names of files."""
    return error.strerror or str(error) or type(error).__name__


def _stamp(path: Path) -> tuple[int, int]:
    status = path.stat()
    return status.st_size, status.st_mtime_ns


def remove(path: Path) -> None:
    """Take away a file of ours, if it is there."""
    with suppress(OSError):
        path.unlink()
