"""The one image loader: every format, upright, in sRGB, scaled decode, errors in plain words.

Pillow decodes and is imported on first use, since the first window does not need it.
"""

from __future__ import annotations

import hashlib
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui.core import exif
from landmark_gui.core.errors import ImageError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt
    from PIL.Image import Image
    from PIL.ImageCms import ImageCmsTransform

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
_REDUCIBLE = ("RGB", "L", "RGBA", "LA", "CMYK")
_ALIKE = 3
"""Levels of 255 by which a profile may differ from sRGB and still be taken for it."""
_LARGE = 24_000_000
"""Pixels; Pillow keeps four bytes for each."""
_opening, _one_large = threading.Lock(), threading.Lock()

Area = tuple[int, int, int, int]
"""Left, top, right and bottom in pixels; right and bottom are the first outside."""
Cut = Callable[["Image", Area], "Image"]


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
        if _pending_turn(image) >= 5:
            width, height = height, width
        return ImageHeader(image.format or "", width, height, exif.taken(image))


def orientation(path: Path) -> int:
    """The EXIF orientation, 1 to 8, that turns the stored pixels upright. Raises ImageError."""
    with _opened(path) as image:
        return exif.orientation(image)


def camera(path: Path) -> tuple[str, str]:
    """Which camera took a photo and when, by its EXIF data; "" for what is not told.

    Returns:
        Maker, model and serial number in one line; the time as `ImageHeader.taken`, with a
        fraction of a second where the camera gave one. When the file was written is not asked:
        a program that edits many photos writes them in one burst.

    Raises:
        ImageError: if the photo cannot be read.
    """
    with _opened(path) as image:
        taken = exif.taken(image, or_written=False)
        return exif.camera(image), taken + exif.subsecond(image) if taken else ""


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


def decode(path: Path, at_least: int | tuple[int, int] | None = None) -> Image:
    """As `load`, but at a size that was cheap to get and is not under `at_least`.

    JPEG can be decoded at 1/2, 1/4 and 1/8 of its size in a fraction of the time. Other formats
    are decoded in full size and then averaged down by a whole number.

    Args:
        at_least: longest side of the result, or a space (width, height) which the upright photo
            would just fill; in pixels. A photo that is smaller keeps its size.
    """
    with _opened(path) as image:
        orientation, wanted = _pending_turn(image), image.size
        if at_least is not None:
            wanted = _fitted(image.size, at_least, turned=orientation >= 5)
            image.draft(None, wanted)
        with _room_for(image):
            image.load()
            image = _upright(_reduced(image, wanted), orientation)
            return _reduced(_to_rgb(image), wanted if orientation < 5 else wanted[::-1])


def part(path: Path, area: Area, cut: Cut | None = None) -> Image:
    """An area of the upright photo at full size, for photos too large to be kept whole.

    Args:
        area: lies inside the photo.
        cut: gets the stored pixels of an area out of an opened picture, before its orientation
            is applied. The default decodes all of it.

    Raises:
        ImageError: with the reason in plain words.
    """
    with _opened(path) as image:
        orientation = _pending_turn(image)
        stored = _stored_area(area, image.size, orientation)
        with _room_for(image):
            piece = cut(image, stored) if cut else image.crop(stored)
        piece.info = image.info
        return _to_rgb(_upright(piece, orientation))


@dataclass(frozen=True)
class Stored:
    """A decoded photo as its file holds it, before it is turned upright and made RGB.

    Attributes:
        size: width and height in stored pixels of the full photo.
        scale: 1, 2, 4 or 8 stored pixels become one of `image`.
    """

    path: Path
    image: Image
    size: tuple[int, int]
    scale: int
    orientation: int

    @property
    def upright_size(self) -> tuple[int, int]:
        """Width and height of the full photo in its EXIF orientation."""
        return self.size if self.orientation < 5 else self.size[::-1]

    def stored_area(self, area: Area) -> Area:
        """Where an area of the full upright photo lies in the full stored one."""
        return _stored_area(area, self.size, self.orientation)

    def rgb(self, area: Area) -> Image:
        """An area of `image`, inside of it, in RGB but not turned. Raises ImageError."""
        whole = area == (0, 0, *self.image.size)
        try:
            piece = _to_rgb(self.image if whole else self.image.crop(area))
        except Exception as error:
            raise ImageError(self.path, _reason(error)) from error
        if piece is not self.image:
            piece.info = {}
        return piece

    def upright(self, piece: Image) -> Image:
        """`piece`, an area of the stored photo, in the EXIF orientation."""
        return _upright(piece, self.orientation)


def stored(path: Path, scale: int = 1) -> Stored:
    """Decode a photo for cutting areas out of it.

    Args:
        scale: 1, 2, 4 or 8: the part of its size at which a JPEG is decoded. Others have no cheap
            way to that, and come in full size.

    Raises:
        ImageError: with the reason in plain words.
    """
    with _opened(path) as image:
        orientation, size = _pending_turn(image), image.size
        if scale > 1 and min(size) >= scale:
            image.draft(None, (size[0] // scale, size[1] // scale))
        with _room_for(image):
            shrunk = image.size != size
            image.load()
        if image.mode.startswith(("I", "F")):  # stretched over the range of all their pixels
            image = _to_rgb(image)
        size = size if shrunk else image.size  # a TIFF is turned as it is loaded
        return Stored(path, image, size, scale if shrunk else 1, orientation)


def content_hash(path: Path) -> str:
    """BLAKE2b-128 of the file's bytes, hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def _room_for(image: Image) -> AbstractContextManager[Any]:
    """Large pictures are decoded one at a time: side by side they need gigabytes."""
    large = image.width * image.height > _LARGE
    return _one_large if large else nullcontext()


def _fitted(
    size: tuple[int, int], space: int | tuple[int, int], *, turned: bool
) -> tuple[int, int]:
    """`size` scaled to fill `space`; `turned` says that the space is that of a turned picture."""
    across, down = (space, space) if isinstance(space, int) else space
    if turned:
        across, down = down, across
    scale = min(across / size[0], down / size[1], 1.0)
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _reduced(image: Image, wanted: tuple[int, int]) -> Image:
    """`image` averaged down by the largest whole number that leaves the size `wanted`."""
    factor = min(image.width // wanted[0], image.height // wanted[1])
    averages = image.mode in _REDUCIBLE and "transparency" not in image.info
    return image.reduce(factor) if factor > 1 and averages else image


def _upright(image: Image, orientation: int) -> Image:
    from PIL.Image import Transpose

    turns = {
        2: Transpose.FLIP_LEFT_RIGHT,
        3: Transpose.ROTATE_180,
        4: Transpose.FLIP_TOP_BOTTOM,
        5: Transpose.TRANSPOSE,
        6: Transpose.ROTATE_270,
        7: Transpose.TRANSVERSE,
        8: Transpose.ROTATE_90,
    }
    return image.transpose(turns[orientation]) if orientation in turns else image


def _stored_area(area: Area, size: tuple[int, int], orientation: int) -> Area:
    """Where an area of the upright picture lies in the stored one, whose size is `size`."""
    left, top, right, bottom = area
    width, height = size
    if orientation >= 5:  # mirrored along the main diagonal; 6 to 8 then as 4, 3 and 2
        left, top, right, bottom = top, left, bottom, right
    if orientation in (2, 3, 7, 8):
        left, right = width - right, width - left
    if orientation in (3, 4, 6, 7):
        top, bottom = height - bottom, height - top
    return left, top, right, bottom


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


def _pending_turn(image: Image) -> int:
    """The orientation that is left to us to apply."""
    # Pillow turns a TIFF by itself as it loads it, and gives the size of the turned picture.
    return 1 if image.format == "TIFF" else exif.orientation(image)


def _to_rgb(image: Image) -> Image:
    if image.mode.startswith(("I", "F")):
        return _deep_to_rgb(image)
    if "transparency" in image.info or image.mode in ("RGBA", "LA", "PA", "La", "RGBa"):
        return _on_paper(_managed(_in_mode(image, "RGBA")))
    if image.mode not in ("RGB", "L", "CMYK"):
        image = image.convert("RGB")
    return _in_mode(_managed(image), "RGB")


def _in_mode(image: Image, mode: str) -> Image:
    return image if image.mode == mode else image.convert(mode)  # which copies in any case


def _on_paper(image: Image) -> Image:
    from PIL import Image as PillowImage

    paper = PillowImage.new("RGB", image.size, "white")
    paper.paste(image, mask=image)
    return paper


def _managed(image: Image) -> Image:
    """In sRGB, if the ICC profile in the file says that its colours are others."""
    from PIL import ImageCms

    profile = image.info.get("icc_profile")
    transform = _to_srgb(profile, image.mode) if profile else None
    if transform is None:
        return image
    return ImageCms.applyTransform(image, transform) or image


@lru_cache(maxsize=8)
def _to_srgb(profile: bytes, mode: str) -> ImageCmsTransform | None:
    """The way from a profile to sRGB; None if there is no need, or no sense in the profile."""
    from io import BytesIO

    from PIL import Image as PillowImage
    from PIL import ImageCms

    out = "RGBA" if mode == "RGBA" else "RGB"
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        transform = ImageCms.buildTransform(source, ImageCms.createProfile("sRGB"), mode, out)
    except (ImageCms.PyCMSError, OSError, TypeError, ValueError):
        return None
    steps = range(0, 256, 51)
    colors = bytes(value for r in steps for g in steps for b in steps for value in (r, g, b))
    probe = PillowImage.frombytes("RGB", (len(colors) // 3, 1), colors).convert(mode)
    managed = ImageCms.applyTransform(probe, transform)
    assert managed is not None
    plain, found = probe.convert("RGB").tobytes(), managed.convert("RGB").tobytes()
    alike = max(abs(a - b) for a, b in zip(plain, found, strict=True)) <= _ALIKE
    return None if alike else transform


def _deep_to_rgb(image: Image) -> Image:
    """16-bit grey with 65535 as white; 32-bit and float grey stretched over their own range."""
    import numpy as np
    from PIL import Image as PillowImage

    values = np.asarray(image).astype(np.float32)
    sixteen_bit = image.mode.startswith("I;16") or (image.mode == "I" and values.max() < 65536)
    low, high = (0.0, 65535.0) if sixteen_bit else (values.min(), values.max())
    values -= low
    values *= 255.0 / max(high - low, 1e-9)
    return PillowImage.fromarray(values.astype(np.uint8)).convert("RGB")


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
