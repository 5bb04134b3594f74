"""Small pictures of parts of photos, with boxes drawn on them."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QPoint, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap

from landmark_gui.core.geometry import Rect
from landmark_gui.gui.canvas.painting import paint_outlines
from landmark_gui.gui.thumbnails import Area, Thumbnails
from landmark_gui.gui.widgets.rows import paint_thumbnail

_AROUND = 4
"""So many times the size of a photo is shown round it, for boxes that lie outside."""


@dataclass(frozen=True)
class Picture:
    """What is to be seen.

    Attributes:
        version: of the photo; another one once its file has changed.
        content: the hash of the photo's content, if it is known.
        size: (width, height) of the upright photo in pixels.
        area: which part of it, in those pixels; what lies outside the photo is black.
        frames: boxes to draw, each with its colour.
    """

    version: Hashable
    path: Path
    content: str
    size: tuple[int, int]
    area: Rect
    frames: tuple[tuple[Rect, str], ...] = ()

    @property
    def near(self) -> Rect:
        """What of the area lies so near to the photo that anything of it could be seen."""
        area, (width, height) = self.area, self.size
        across, down = _AROUND * width, _AROUND * height
        left, right = (min(max(x, -across), across) for x in (area.x, area.right))
        top, bottom = (min(max(y, -down), down) for y in (area.y, area.bottom))
        return Rect(left, top, max(right - left, 1.0), max(bottom - top, 1.0))

    def pixels(self, thumbnails: Thumbnails) -> QPixmap | None:
        """The part of the photo, null if it cannot be read; None while it is being made."""
        near, (width, height) = self.near, self.size
        key = (self.version, near)
        return thumbnails.get(key, self.path, self.content, Area(near, width, height))


def paint_picture(
    painter: QPainter, frame: QRect, picture: Picture, thumbnails: Thumbnails
) -> None:
    """A picture in the middle of its frame, or a symbol while there is none."""
    pixels = picture.pixels(thumbnails)
    paint_thumbnail(painter, frame, pixels)
    if pixels is None or pixels.isNull() or not picture.frames:
        return
    place = QRect(QPoint(), pixels.size().scaled(frame.size(), Qt.AspectRatioMode.KeepAspectRatio))
    place.moveCenter(frame.center())  # as `paint_thumbnail` puts it
    painter.save()
    painter.setClipRect(place)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    paint_outlines(painter, outlines(picture, QRectF(place)))
    painter.restore()


def outlines(picture: Picture, place: QRectF) -> list[tuple[QRectF, str]]:
    """Where the boxes lie on a picture that fills `place`."""
    near = picture.near
    across, down = place.width() / near.w, place.height() / near.h
    return [
        (
            QRectF(
                place.left() + (rect.x - near.x) * across,
                place.top() + (rect.y - near.y) * down,
                rect.w * across,
                rect.h * down,
            ),
            QColor(color).name(),
        )
        for rect, color in picture.frames
    ]
