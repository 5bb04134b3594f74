"""From the pixels of the picture that another program saw to those of the oriented photo.

A file often states the size of its picture. If that is the photo's size before EXIF
orientation, the boxes must be turned with the photo; if it is another scale, they grow with it.
"""

from __future__ import annotations

from landmark_gui.core.errors import FormatError
from landmark_gui.core.formats.matching import Orientation
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo

Size = tuple[float, float]
UNIT: Size = (1.0, 1.0)
"""The size that stands for coordinates as fractions of the photo."""


def turned(rect: Rect, orientation: int, width: float, height: float) -> Rect:
    """`rect` on stored pixels, `width` × `height`, as seen after EXIF orientation (1 to 8)."""
    (x0, y0), (x1, y1) = (
        _turned_point(x, y, orientation, width, height)
        for x, y in ((rect.x, rect.y), (rect.right, rect.bottom))
    )
    return Rect.from_points(x0, y0, x1, y1)


def _turned_point(x: float, y: float, orientation: int, w: float, h: float) -> Size:
    # https://jpegclub.org/exif_orientation.html
    return {
        2: (w - x, y),
        3: (w - x, h - y),
        4: (x, h - y),
        5: (y, x),
        6: (h - y, x),
        7: (h - y, w - x),
        8: (y, w - x),
    }.get(orientation, (x, y))


def is_stored_size(size: Size | None, photo: Photo, orientation: Orientation) -> bool:
    """Whether `size` is the photo's before EXIF orientation, and can only be that."""
    swapped = (float(photo.height), float(photo.width))
    return size == swapped != swapped[::-1] and orientation(photo) >= 5


def fitted(
    rect: Rect, size: Size | None, photo: Photo, orientation: Orientation, as_stored: bool
) -> tuple[Rect, str]:
    """`rect` of a picture of `size` in pixels of the oriented photo, and a remark or "".

    Args:
        as_stored: other entries of the same file show that it speaks of photos before EXIF
            orientation, so photos whose size does not change by it are turned as well.

    Raises:
        FormatError: if a picture of that size cannot be this photo.
    """
    full = (float(photo.width), float(photo.height))
    if size is None or size == full:
        turn = orientation(photo) if size is not None and as_stored else 1
        untold = turn < 5 or full[0] == full[1]  # else the size says that it is turned already
        return _turned(rect, full, photo, turn if untold else 1)
    if size == UNIT:
        return _scaled(rect, UNIT, full), ""
    turn = orientation(photo)
    stored = full[::-1] if turn >= 5 else full
    if size == stored:
        return _turned(rect, stored, photo, turn)
    for whole, degrees in ((full, 1), (stored, turn)):
        if _same_shape(size, whole):
            done, _ = _turned(_scaled(rect, size, whole), whole, photo, degrees)
            return done, _scale_remark(size, photo)
    raise FormatError(
        tr(
            "it speaks of a picture of {w} × {h} pixels, but {file} has {width} × {height}",
            w=f"{size[0]:g}",
            h=f"{size[1]:g}",
            file=photo.path,
            width=photo.width,
            height=photo.height,
        )
    )


def _turned(rect: Rect, stored: Size, photo: Photo, orientation: int) -> tuple[Rect, str]:
    if orientation == 1:
        return rect, ""
    remark = tr(
        "the boxes of {file} were turned as its EXIF orientation ({n}) says",
        file=photo.path,
        n=orientation,
    )
    return turned(rect, orientation, *stored), remark


def _scaled(rect: Rect, size: Size, whole: Size) -> Rect:
    x, y = whole[0] / size[0], whole[1] / size[1]
    return Rect(rect.x * x, rect.y * y, rect.w * x, rect.h * y)


def _same_shape(size: Size, whole: Size) -> bool:
    """Whether one is the other at another scale, but for a rounding to whole pixels."""
    scale = whole[0] / size[0]
    return abs(size[1] * scale - whole[1]) <= max(scale, 1.0)


def _scale_remark(size: Size, photo: Photo) -> str:
    return tr(
        "the boxes of {file} were drawn on {w} × {h} pixels and were scaled to {width} × {height}",
        file=photo.path,
        w=f"{size[0]:g}",
        h=f"{size[1]:g}",
        width=photo.width,
        height=photo.height,
    )
