"""From a photo to the pixels of its crops, for files and for the network alike.

A crop is a rectangle of whole pixels of the full upright photo. Where a JPEG was decoded at 1/2,
1/4 or 1/8, that rectangle has fractions there, and the resizing works with those. Which scale a
crop is cut from depends on that crop alone, so its bytes do not depend on its neighbours.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from landmark_gui.core import images
from landmark_gui.core.crops.planning import Crop
from landmark_gui.core.crops.settings import FileSettings, Resampling
from landmark_gui.core.errors import ImageError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from PIL.Image import Image

    from landmark_gui.core.images import Area, Pixels, Stored

Result = TypeVar("Result")
Box = tuple[float, float, float, float]
Size = tuple[int, int]
PartOf = Callable[[int, int], Rect]

SPARE = 2
"""A photo decoded smaller still has this many pixels for one of the crop, along a side."""
FILL = (128, 128, 128)
"""What a padded crop shows outside of its photo: mid-grey, which is 0 to a network that scales its
input to -1…1, as the zeros with which its own convolutions pad. Repeated or mirrored borders would
be content that the photo does not have."""


@dataclass(frozen=True)
class Piece:
    """The pixels of a crop, perhaps at a smaller scale, as they lie in the photo's file.

    Attributes:
        image: RGB; holds the crop and the rest of the pixels that it cuts through.
        box: left, top, right and bottom of the crop in `image`.
        size: width and height of the crop in pixels of the full upright photo.
    """

    photo: Stored
    image: Image
    box: Box
    size: Size

    @property
    def is_exact(self) -> bool:
        """Whether `image` is the crop to the pixel."""
        width, height = self.image.size
        return self.photo.scale == 1 and self.box == (0.0, 0.0, float(width), float(height))

    def resized(self, size: Size, resampling: Resampling) -> Image:
        """The upright crop, shrunk to `size`: width and height in pixels."""
        across, down = size if self.photo.orientation < 5 else size[::-1]
        if resampling == "area":
            from landmark_gui.core.preprocess import averaged

            small = _as_image(averaged(_as_pixels(self.image), self.box, (across, down)))
        else:
            small = self.image.resize((across, down), _filter(resampling), box=self.box)
        return self.photo.upright(small)


def render(crop: Crop, size: int) -> Pixels:
    """The network's input for one crop: what training and evaluation see.

    Args:
        size: side of the square input in pixels.

    Returns:
        uint8, shape (size, size, 3).

    Raises:
        ImageError: if the photo cannot be read.
    """
    return render_all([crop], size)[0]


def render_all(crops: Sequence[Crop], size: int) -> list[Pixels]:
    """As `render` for crops of one photo, which is decoded once for those of like size."""

    def to_input(piece: Piece) -> Pixels:
        from landmark_gui.core import preprocess

        if piece.is_exact:
            return preprocess.to_input(_as_pixels(piece.photo.upright(piece.image)), size)
        return _as_pixels(piece.resized((size, size), "area"))

    return _cut(crops, lambda crop: _scale(min(crop.sides) / size), to_input)


def render_photo(path: Path, size: int, part: PartOf | None = None) -> Pixels:
    """As `render` for a photo outside any project: what the viewer classifies.

    Args:
        part: given the oriented width and height, which part to take; None takes it whole.
    """
    header = images.header(path)
    sides = header.width, header.height
    rect = part(*sides) if part else None
    return render(Crop(-1, None, path, "", sides, rect, "", "test"), size)


def encode_all(crops: Sequence[Crop], settings: FileSettings) -> list[Encoded]:
    """The files of crops of one photo, which is decoded once for those of like size.

    Raises:
        ImageError: if the photo cannot be read.
    """
    return _cut(
        crops,
        lambda crop: decode_scale(crop, settings),
        lambda piece: _encode(piece, settings),
    )


def decode_scale(crop: Crop, settings: FileSettings) -> int:
    """1, 2, 4 or 8: at which part of its size a JPEG has all that the crop's file needs."""
    return _scale(max(crop.sides) / (settings.size or math.inf))


@dataclass(frozen=True)
class Encoded:
    """The content of a crop's file, and its width and height in pixels."""

    content: bytes
    size: Size


def _encode(piece: Piece, settings: FileSettings) -> Encoded:
    size = _fitted(piece.size, settings.size)
    exact = size == piece.size and piece.is_exact
    picture = (
        piece.photo.upright(piece.image) if exact else piece.resized(size, settings.resampling)
    )
    picture.info = {}
    buffer = BytesIO()
    try:
        if settings.form == "jpeg":
            picture.save(buffer, "JPEG", quality=settings.quality)
        else:
            picture.save(buffer, "PNG")
    except OSError as error:  # JPEG ends at 65,535 pixels a side
        reason = tr("{w} × {h} pixels are too many for this format", w=size[0], h=size[1])
        raise ImageError(piece.photo.path, reason) from error
    return Encoded(buffer.getvalue(), picture.size)


def _fitted(size: Size, longest: int | None) -> Size:
    scale = 1.0 if longest is None else min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _cut(
    crops: Sequence[Crop],
    scale_of: Callable[[Crop], int],
    finish: Callable[[Piece], Result],
) -> list[Result]:
    """Cut the crops of one photo and finish each.

    Args:
        scale_of: at which scale the photo of a crop is decoded.
    """
    by_scale: dict[int, list[int]] = defaultdict(list)
    for index, crop in enumerate(crops):
        by_scale[scale_of(crop)].append(index)
    results: dict[int, Result] = {}
    photo: Stored | None = None
    for scale in sorted(by_scale, reverse=True):
        if photo is None or photo.scale > 1:  # a format that cannot shrink serves all
            photo = images.stored(crops[0].path, scale)
        results |= {index: finish(_piece(photo, crops[index])) for index in by_scale[scale]}
    return [results[index] for index in range(len(crops))]


def _scale(shrink: float) -> int:
    """For `shrink` pixels of the photo that become one of the result, along a side."""
    return next((scale for scale in (8, 4, 2) if shrink >= SPARE * scale), 1)


def _piece(photo: Stored, crop: Crop) -> Piece:
    area = whole_pixels(crop, photo.upright_size)
    left, top, right, bottom = (side / photo.scale for side in photo.stored_area(area))
    outer = math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom)
    box = left - outer[0], top - outer[1], right - outer[0], bottom - outer[1]
    return Piece(photo, _filled(photo, outer), box, (area[2] - area[0], area[3] - area[1]))


def whole_pixels(crop: Crop, size: Size) -> Area:
    """The crop in a photo of `size`, which is another than planned if its file was replaced."""
    if crop.rect is None:
        return 0, 0, *size
    rect = crop.rect
    if size != crop.photo_size:
        rect = rect.scaled(size[0] / crop.photo_size[0], size[1] / crop.photo_size[1])
    left, right = _snapped(rect.x, rect.w, size[0])
    top, bottom = _snapped(rect.y, rect.h, size[1])
    return left, top, right, bottom


def _snapped(start: float, length: float, limit: int) -> tuple[int, int]:
    """A side of a rectangle in whole pixels: equal lengths stay equal, inside stays inside."""
    whole = max(1, round(length))
    first = round(start)
    if start >= 0 and start + length <= limit:
        whole = min(whole, limit)
        first = min(first, limit - whole)
    return first, first + whole


def _filled(photo: Stored, outer: Area) -> Image:
    """An area of the decoded photo, and what of it lies outside filled. Raises ImageError."""
    from PIL import Image as PillowImage

    width, height = photo.image.size
    if (outer[2] - outer[0]) * (outer[3] - outer[1]) > images.MAX_PIXELS:
        raise ImageError(photo.path, tr("a box on it is far larger than the photo"))
    inner = (
        min(max(outer[0], 0), width - 1),
        min(max(outer[1], 0), height - 1),
        max(min(outer[2], width), 1),
        max(min(outer[3], height), 1),
    )
    piece = photo.rgb(inner)
    if inner == outer:
        return piece
    canvas = PillowImage.new("RGB", (outer[2] - outer[0], outer[3] - outer[1]), FILL)
    canvas.paste(piece, (inner[0] - outer[0], inner[1] - outer[1]))
    return canvas


def _filter(resampling: Resampling) -> int:
    from PIL.Image import Resampling as Filter

    return Filter.BICUBIC if resampling == "bicubic" else Filter.LANCZOS


def _as_pixels(picture: Image) -> Pixels:
    import numpy as np

    return np.asarray(picture)


def _as_image(pixels: Pixels) -> Image:
    from PIL import Image as PillowImage

    return PillowImage.fromarray(pixels)
