"""The one image loader: every format, EXIF-correct, scaled decode, errors in plain words.

Pillow decodes and is imported on first use, since the first window does not need it.
"""

from __future__ import annotations

import hashlib
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui.core.errors import ImageError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image

    Pixels = npt.NDArray[np.uint8]

MAX_PIXELS = 300_000_000
"""Larger pictures are refused by their header: three bytes a pixel would not fit in memory."""

EXTENSIONS = frozenset(
    (
        *(".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".gif", ".bmp", ".tif", ".tiff"),
        *(".webp", ".avif", ".avifs", ".heic", ".heif", ".hif"),
    )
)
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG\r\n", b"GIF8", b"II*\x00", b"MM\x00*")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
_AVIF_BRANDS = (b"avif", b"avis")
_ORIENTATION = 0x0112
_WRITTEN, _EXIF_IFD, _TAKEN, _DIGITIZED = 0x0132, 0x8769, 0x9003, 0x9004
_opening = threading.Lock()


@dataclass(frozen=True)
class ImageHeader:
    """What the first bytes tell: format ("JPEG") and size in pixels after EXIF orientation.

    Attributes:
        taken: when the picture was taken by its EXIF data, as "2024-05-31T18:04:59", or "".
    """

    format: str
    width: int
    height: int
    taken: str = ""


def is_photo(path: Path) -> bool:
    """Whether a file is a photo by its extension or, failing that, by its first bytes."""
    if path.suffix.lower() in EXTENSIONS:
        return True
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except OSError:
        return False
    brand = start[8:] if start[4:8] == b"ftyp" else b""  # films start in the same way
    bitmap = start[:2] == b"BM" and start[6:10] == bytes(4)  # so does a text about BMX
    known = brand in _HEIF_BRANDS or brand in _AVIF_BRANDS or start[8:] == b"WEBP"
    return known or bitmap or start.startswith(_MAGIC)


def header(path: Path) -> ImageHeader:
    """Read format and oriented size without decoding. Raises ImageError."""
    with _opened(path) as image:
        width, height = image.size
        if _orientation(image) >= 5:
            width, height = height, width
        return ImageHeader(image.format or "", width, height, _taken(image))


def orientation(path: Path) -> int:
    """The EXIF orientation, 1 to 8, that turns the stored pixels upright. Raises ImageError."""
    with _opened(path) as image:
        return _orientation(image)


def load(path: Path, max_side: int | None = None) -> Image:
    """Decode a photo to RGB in its EXIF orientation.

    Args:
        path: the photo; its content counts, not its extension.
        max_side: longest side of the result in pixels; None keeps the full size.

    Raises:
        ImageError: with the reason in plain words.
    """
    image = decode(path, max_side)
    if max_side is not None and max(image.size) > max_side:
        image.thumbnail((max_side, max_side), reducing_gap=None)
    return image


def decode(path: Path, at_least: int | None = None) -> Image:
    """As `load`, but at a size that was cheap to decode and is not under `at_least`.

    JPEG can be decoded at 1/2, 1/4 and 1/8 of its size in a fraction of the time; other
    formats come in full size.
    """
    from PIL import ImageOps

    with _opened(path) as image:
        if at_least is not None:
            image.draft(None, _draft_size(image.size, at_least))
        image.load()
        if _orientation(image) != 1:
            image = ImageOps.exif_transpose(image)
        return _to_rgb(image)


def content_hash(path: Path) -> str:
    """BLAKE2b-128 of the file's bytes, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _draft_size(size: tuple[int, int], at_least: int) -> tuple[int, int]:
    scale = at_least / max(size)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


@contextmanager
def _opened(path: Path) -> Iterator[Image]:
    try:
        with path.open("rb") as file:
            image = _identify(file)
            _check_size(path, image.size)
            yield image
    except ImageError:
        raise
    except Exception as error:  # decoders raise anything from KeyError to struct.error
        raise ImageError(path, _reason(error)) from error


def _identify(file: Any) -> Image:
    from PIL import Image

    Image.MAX_IMAGE_PIXELS = MAX_PIXELS  # Pillow's own limit would refuse a 200-megapixel phone
    warnings.filterwarnings("ignore", module="PIL")  # broken EXIF is no news to the person
    if file.read(12)[8:] in _HEIF_BRANDS:
        with _opening:
            import pillow_heif

            pillow_heif.register_heif_opener()
    file.seek(0)
    return Image.open(file)


def _check_size(path: Path, size: tuple[int, int]) -> None:
    width, height = size
    if width * height == 0:
        raise ImageError(path, tr("the picture has no pixels"))
    if width * height > MAX_PIXELS:
        raise ImageError(
            path,
            tr(
                "the picture claims {w} × {h} pixels, which is too large",
                w=width,
                h=height,
            ),
        )


def _orientation(image: Image) -> int:
    try:
        value = image.getexif().get(_ORIENTATION, 1)
    except Exception:  # broken EXIF must not hide a good picture
        return 1
    return value if value in range(1, 9) else 1


def _taken(image: Image) -> str:
    """When the picture was taken, or else digitised or written; "" if no entry is a date."""
    if image.format == "PNG" and "exif" not in image.info:
        return ""  # Pillow would decode all of it to look for more
    try:
        exif = image.getexif()
        entries = exif.get_ifd(_EXIF_IFD)
    except Exception:  # as broken as EXIF often is
        return ""
    found = (entries.get(_TAKEN), entries.get(_DIGITIZED), exif.get(_WRITTEN))
    return next((date for text in found if (date := _iso_date(text))), "")


def _iso_date(text: object) -> str:
    if not isinstance(text, str):
        return ""
    try:
        date = datetime.strptime(text.strip("\0 ")[:19], "%Y:%m:%d %H:%M:%S")
    except ValueError:  # blanks or zeros from a camera whose clock was never set
        return ""
    return date.isoformat()


def _to_rgb(image: Image) -> Image:
    from PIL import Image as PillowImage

    if image.mode.startswith(("I", "F")):
        return _deep_to_rgb(image)
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        rgba = image.convert("RGBA")
        paper = PillowImage.new("RGBA", rgba.size, "white")
        return PillowImage.alpha_composite(paper, rgba).convert("RGB")
    return image if image.mode == "RGB" else image.convert("RGB")


def _deep_to_rgb(image: Image) -> Image:
    """16-bit grey with 65535 as white; 32-bit and float grey stretched over their own range."""
    import numpy as np
    from PIL import Image as PillowImage

    values = np.asarray(image).astype(np.float64)
    sixteen_bit = image.mode.startswith("I;16") or (image.mode == "I" and values.max() < 65536)
    low, high = (0.0, 65535.0) if sixteen_bit else (values.min(), values.max())
    grey = (values - low) * (255.0 / max(high - low, 1e-9))
    return PillowImage.fromarray(grey.astype(np.uint8)).convert("RGB")


def _reason(error: Exception) -> str:
    from PIL import Image, UnidentifiedImageError

    if isinstance(error, FileNotFoundError):
        return tr("the file is missing; it was moved or deleted")
    if isinstance(error, PermissionError):
        return tr("the file may not be read; check its permissions")
    if isinstance(error, UnidentifiedImageError):
        return tr("the file is empty, damaged, or not a picture we can read")
    if isinstance(error, Image.DecompressionBombError | MemoryError):
        return tr("the picture claims more pixels than fit in memory")
    if "truncated" in str(error) or "not processed" in str(error):
        return tr("the file is cut off; copy it again from its source")
    return tr("the picture is damaged ({detail})", detail=str(error) or type(error).__name__)
