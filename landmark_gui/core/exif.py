"""What EXIF says of an opened picture. It is as often broken as not, which must hide no picture."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

_ORIENTATION = 0x0112
_WRITTEN, _EXIF_IFD, _TAKEN, _DIGITIZED = 0x0132, 0x8769, 0x9003, 0x9004
_MAKE, _MODEL, _SERIAL, _SUBSECOND = 0x010F, 0x0110, 0xA431, 0x9291
_PNG_EXIF = (b"Raw profile type exif", b"XML:com.adobe.xmp")


def orientation(image: Image) -> int:
    """The EXIF orientation, 1 to 8; HEIC comes without one, turned by its decoder."""
    try:
        value = _entries(image).get(_ORIENTATION, 1)
    except Exception:  # broken EXIF must not hide a good picture
        return 1
    return value if value in range(1, 9) else 1


def _entries(image: Image) -> Any:
    """The EXIF data. Raises whatever Pillow does on broken ones."""
    from PIL import Image as PillowImage

    if image.format == "PNG" and not _png_goes_on(image):
        return PillowImage.Image.getexif(image)  # PNG's own decodes the whole picture first
    return image.getexif()


def taken(image: Image, *, or_written: bool = True) -> str:
    """When the picture was taken, or else digitised or written; "" if no entry is a date."""
    try:
        exif = _entries(image)
        entries = exif.get_ifd(_EXIF_IFD)
    except Exception:  # as broken as EXIF often is
        return ""
    written = exif.get(_WRITTEN) if or_written else None
    found = (entries.get(_TAKEN), entries.get(_DIGITIZED), written)
    return next((date for text in found if (date := _iso_date(text))), "")


def camera(image: Image) -> str:
    """Maker, model and serial number in one line, or "" for none."""
    try:
        exif = _entries(image)
        entries = (exif.get(_MAKE), exif.get(_MODEL), exif.get_ifd(_EXIF_IFD).get(_SERIAL))
    except Exception:  # as broken as EXIF often is
        return ""
    told = (entry.strip("\0 ") for entry in entries if isinstance(entry, str))
    return " ".join(entry for entry in told if entry)


def subsecond(image: Image) -> str:
    """The digits behind the second, as ".25", or ""."""
    try:
        digits = _entries(image).get_ifd(_EXIF_IFD).get(_SUBSECOND)
    except Exception:
        return ""
    told = digits.strip("\0 ") if isinstance(digits, str) else ""
    return f".{told}" if told.isdecimal() else ""


def _iso_date(text: object) -> str:
    if not isinstance(text, str):
        return ""
    try:
        date = datetime.strptime(text.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:  # blanks or zeros from a camera whose clock was never set
        return ""
    return date.isoformat()


def _png_goes_on(image: Any) -> bool:
    """Whether a PNG has EXIF or XMP behind its pixels, which the standard allows."""
    file, place = image.fp, image.fp.tell()
    file.seek(8)
    pixels = found = False
    while len(start := file.read(8 + len(_PNG_EXIF[0]))) > 8 and not found:
        length, kind, content = int.from_bytes(start[:4]), start[4:8], start[8:]
        pixels = pixels or kind == b"IDAT"
        found = pixels and (kind == b"eXIf" or content.startswith(_PNG_EXIF))
        file.seek(length + 4 - len(content), 1)
    file.seek(place)
    return found
