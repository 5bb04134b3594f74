"""What of a photo becomes a crop, and how crops become files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr

Use = Literal["crops", "photos"]
MarginUnit = Literal["fraction", "pixels"]
Shape = Literal["free", "square"]
Edge = Literal["clamp", "pad"]
Resampling = Literal["area", "bicubic", "lanczos"]
FileForm = Literal["jpeg", "png"]
JPEG_QUALITY = 95
MAX_MARGIN = 4096
NAME_FIELDS = ("photo", "box", "landmark", "split", "number", "hash")
"""What a pattern of file names may hold in braces."""
PATTERN = "{photo}-{box}-{hash}"


@dataclass(frozen=True)
class CropSettings:
    """Which part of a photo becomes an example: for files, training and evaluation alike.

    Attributes:
        use: "crops" cuts each box (a photo without boxes counts whole if its landmark is
            known); "photos" takes each photo whole, once for each landmark on it.
        margin: added on each side of the box: a fraction of its width and height, 0 to 1, or
            pixels of the photo, 0 to 4096.
        margin_unit: "fraction" or "pixels".
        shape: "free" keeps the box's own shape, "square" lengthens its shorter sides. Inside a
            photo too small for that, the margin gives way first, then the square; never the box.
        edge: what happens where a crop would leave its photo. "clamp" cuts it, and moves a square,
            so that it stays inside; "pad" fills what is outside with grey.

    Raises:
        DatasetError: if `margin` is out of its range.
    """

    use: Use = "crops"
    margin: float = 0.0
    margin_unit: MarginUnit = "fraction"
    shape: Shape = "free"
    edge: Edge = "clamp"

    def __post_init__(self) -> None:
        if self.margin_unit == "fraction" and not 0 <= self.margin <= 1:
            raise DatasetError(tr("The margin must be from 0 to 1 of the box's sides."))
        if not 0 <= self.margin <= MAX_MARGIN:
            raise DatasetError(
                tr("The margin must be from 0 to {highest} pixels.", highest=MAX_MARGIN)
            )

    def rect(self, box: Rect, width: int, height: int) -> Rect:
        """The part of a photo of `width` × `height` pixels that a box becomes.

        With "pad" it may reach beyond the photo. Empty if less than a pixel of the box's width or
        height lies in the photo, whatever the margin.
        """
        seen = box.clamped(width, height)
        if seen.w < 1 or seen.h < 1:
            return Rect(seen.x, seen.y, 0, 0)
        grown = self._grown(box)
        if self.shape == "free":
            return grown if self.edge == "pad" else grown.clamped(width, height)
        side = max(grown.w, grown.h)
        if self.edge == "pad":
            return _square(grown, side)
        room = max(min(width, height), seen.w, seen.h)
        return _square(grown, min(side, room)).within(width, height)

    def _grown(self, box: Rect) -> Rect:
        if self.margin_unit == "fraction":
            return box.expanded(self.margin)
        around = 2 * self.margin
        return Rect(box.x - self.margin, box.y - self.margin, box.w + around, box.h + around)


def _square(rect: Rect, side: float) -> Rect:
    x, y = rect.center
    return Rect(x - side / 2, y - side / 2, side, side)


@dataclass(frozen=True)
class FileSettings:
    """How crops become files.

    Attributes:
        size: longest side in pixels; smaller crops are not enlarged. None keeps the photo's own
            resolution.
        resampling: "area" averages, as a network's input is made; the others are sharper.
        form: "jpeg" or "png".
        quality: of JPEG, 1 to 100.
        pattern: of the file names, without extension; see `NAME_FIELDS` and `core.crops.naming`.

    Raises:
        DatasetError: if a value is out of its range, or the pattern cannot be obeyed.
    """

    size: int | None = None
    resampling: Resampling = "area"
    form: FileForm = "jpeg"
    quality: int = JPEG_QUALITY
    pattern: str = PATTERN

    def __post_init__(self) -> None:
        if self.size is not None and self.size < 1:
            raise DatasetError(tr("The size of a crop must be 1 pixel or more."))
        if not 1 <= self.quality <= 100:
            raise DatasetError(tr("The quality of JPEG must be from 1 to 100."))

    @property
    def extension(self) -> str:
        """Of the files, with its dot."""
        return ".jpg" if self.form == "jpeg" else ".png"
