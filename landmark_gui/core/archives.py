"""Zip archives from strangers: nothing is unpacked, and nothing swells beyond its limit.

What is read is counted as it is read: the sizes that an archive tells of itself may be lies.
"""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import PureWindowsPath

from landmark_gui.core.i18n import tr

CHUNK = 2**20
MAX_SWELL = 100
"""How many times its size in the archive a member may have. Weights hardly shrink at all."""
MAY_SWELL = 16 * 2**20
"""Bytes up to which that does not matter."""
DAMAGE = (
    *(OSError, EOFError, RuntimeError, ValueError, NotImplementedError),
    *(zipfile.BadZipFile, zlib.error, struct.error),
)
"""What a damaged or a hand-made archive provokes while it is read."""
_ENCRYPTED = 0x1
_PLAIN = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class ArchiveRefused(Exception):  # noqa: N818  # a verdict; the caller says of which file
    """An archive that is not read; the text is the reason, without the file's name."""


def check_members(archive: zipfile.ZipFile, at_most: int) -> None:
    """Refuse an archive with a member that no program of good will writes.

    Args:
        at_most: members that it may have.

    Raises:
        ArchiveRefused: if it has more, two of one name, one that would be unpacked elsewhere, a
            link, or one that is encrypted or packed in another way than zip archives mostly are.
    """
    members = archive.infolist()
    if len(members) > at_most:
        raise ArchiveRefused(tr("it holds too many files"))
    if len({member.filename for member in members}) < len(members):
        raise ArchiveRefused(tr("it holds two files of the same name"))
    for member in members:
        if not _stays_inside(member):
            raise ArchiveRefused(tr("a file in it would be written outside of its folder"))
        if stat.S_ISLNK(member.external_attr >> 16):
            raise ArchiveRefused(tr("it holds a link to another file"))
        if member.flag_bits & _ENCRYPTED:
            raise ArchiveRefused(tr("it is encrypted"))
        if member.compress_type not in _PLAIN:
            raise ArchiveRefused(tr("it is packed in an unusual way"))


def chunks(archive: zipfile.ZipFile, name: str, limit: int) -> Iterator[bytes]:
    """The content of a member, piece by piece.

    Args:
        limit: bytes that it may have.

    Raises:
        ArchiveRefused: if there is no such member, or there is more in it.
        zipfile.BadZipFile: if it is damaged.
    """
    try:
        member = archive.getinfo(name)
    except KeyError as error:
        raise ArchiveRefused(tr("{member} is missing from it", member=name)) from error
    allowed = min(limit, max(MAY_SWELL, MAX_SWELL * member.compress_size))
    read = 0
    if member.file_size <= allowed:
        with archive.open(member) as file:
            while piece := file.read(CHUNK):
                read += len(piece)
                if read > allowed:
                    break
                yield piece
    if read > allowed or member.file_size > allowed:
        raise ArchiveRefused(tr("{member} in it is too large", member=name))


def content(archive: zipfile.ZipFile, name: str, limit: int) -> bytes:
    """As `chunks`, in one piece."""
    return b"".join(chunks(archive, name, limit))


def _stays_inside(member: zipfile.ZipInfo) -> bool:
    # `filename` is what zipfile has made of it; other tools unpack what really stands there.
    name = member.orig_filename
    as_there = PureWindowsPath(name)  # splits at both kinds of slash
    anchored = bool(as_there.drive or as_there.root)
    return "\0" not in name and not anchored and ".." not in as_there.parts
