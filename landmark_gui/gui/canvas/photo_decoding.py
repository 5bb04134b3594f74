"""Photos as Qt paints them, and which of their pixels a view needs."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize
from PySide6.QtGui import QImage, QImageReader

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from PIL.Image import Image

WHOLE_PIXELS = 32_000_000
"""Photos of up to so many pixels, 128 MB as Qt keeps them, are decoded whole at full size."""
PART_PIXELS = 24_000_000
"""The largest area of a larger photo that is decoded at full size."""
MOST_PIXELS = 64_000_000
"""The largest image that is ever made of a photo; beyond, a half or a quarter must do."""
_GRID = 512
_ROWS = 64


@dataclass(frozen=True)
class Part:
    """What a view needs of a photo: an area in its pixels; or all of it at 1/2, 1/4 or less."""

    left: int
    top: int
    right: int
    bottom: int
    scale: float = 1.0

    @property
    def area(self) -> tuple[int, int, int, int]:
        return self.left, self.top, self.right, self.bottom

    @property
    def rect(self) -> QRectF:
        return QRectF(self.left, self.top, self.right - self.left, self.bottom - self.top)


def needed_part(size: QSize, visible: QRectF, scale: float) -> Part:
    """What is to be decoded so that a view is sharp, and stays so while it moves a little.

    Args:
        size: of the photo, in pixels.
        visible: what the view shows, in pixels of the photo.
        scale: device pixels of the view for one pixel of the photo.
    """
    width, height = size.width(), size.height()
    if width * height <= WHOLE_PIXELS:
        return Part(0, 0, width, height)
    about = (visible.width() / 2, visible.height() / 2)
    for across, down in (about, (0.0, 0.0)):
        part = _on_grid(visible.adjusted(-across, -down, across, down), width, height)
        if (part.right - part.left) * (part.bottom - part.top) <= PART_PIXELS:
            return part
    fraction = 2.0 ** math.ceil(math.log2(min(max(scale, 1 / 8), 1.0)))  # as JPEG is decoded
    while width * height * fraction**2 > MOST_PIXELS:
        fraction /= 2
    return Part(0, 0, width, height, fraction)


def _on_grid(rect: QRectF, width: int, height: int) -> Part:
    """The area in steps of the grid, so that a small move of the view needs nothing new."""
    return Part(
        max(math.floor(rect.left() / _GRID) * _GRID, 0),
        max(math.floor(rect.top() / _GRID) * _GRID, 0),
        min(math.ceil(rect.right() / _GRID) * _GRID, width),
        min(math.ceil(rect.bottom() / _GRID) * _GRID, height),
    )


def read_preview(path: Path, space: QSize) -> QImage:
    """Decode a photo so that it fills `space`, or somewhat larger if that is cheaper to get.

    Raises:
        ImageError: with the reason in plain words.
    """
    return _for_qt(path, images.decode(path, (space.width(), space.height())))


def read_part(path: Path, part: Part) -> QImage:
    """Decode what `needed_part` asked for. Raises ImageError."""
    header = images.header(path)
    whole = Part(0, 0, header.width, header.height)
    if part == whole:
        return _for_qt(path, images.decode(path))
    if part.scale < 1.0:
        side = int(part.scale * max(header.width, header.height))
        return _for_qt(path, images.decode(path, side))
    return _for_qt(path, images.part(path, part.area, partial(_cut, path)))


def read_full(path: Path, preview: QSize) -> QImage:
    """The whole photo at full size; null if `preview` is that already, or the photo is too large.

    Raises:
        ImageError: with the reason in plain words.
    """
    header = images.header(path)
    known = QSize(header.width, header.height) == preview
    if known or header.width * header.height > WHOLE_PIXELS:
        return QImage()
    return _for_qt(path, images.decode(path))


def _for_qt(path: Path, photo: Image) -> QImage:
    try:
        return to_qimage(photo)
    except MemoryError as error:
        raise ImageError(path, tr("there is not enough memory to show it")) from error


def to_qimage(photo: Image) -> QImage:
    """An RGB picture in the format that Qt paints fastest.

    In bands of a few rows: half the memory and two thirds of the time of one large conversion,
    and the interpreter is free in between. Raises MemoryError.
    """
    width, height = photo.size
    image = QImage(width, height, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MemoryError(f"{width} × {height}")
    pixels, line = memoryview(image.bits()), image.bytesPerLine()
    for top in range(0, height, _ROWS):
        bottom = min(top + _ROWS, height)
        band = photo.crop((0, top, width, bottom)).tobytes("raw", "BGRX")
        pixels[top * line : bottom * line] = band
    return image


def _cut(path: Path, photo: Image, area: images.Area) -> Image:
    """An area of the stored pixels. Qt's reader decodes a JPEG line by line and keeps no others."""
    from PIL import Image as PillowImage

    left, top, right, bottom = area
    if photo.format in ("JPEG", "MPO") and photo.mode in ("RGB", "L"):
        reader = QImageReader(str(path))
        reader.setAutoTransform(False)
        reader.setClipRect(QRect(left, top, right - left, bottom - top))
        read = reader.read().convertToFormat(QImage.Format.Format_RGB32)
        if not read.isNull():
            size = (read.width(), read.height())
            return PillowImage.frombytes("RGB", size, read.bits(), "raw", "BGRX")
    return photo.crop(area)
