"""How a person likes to draw: what the toolbar toggles and the settings remember."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, fields
from enum import StrEnum
from typing import Any

from landmark_gui.core.settings import Settings
from landmark_gui.gui.canvas.interaction import MIN_SIZE

_SECTION = "canvas"
MAX_RATIO = 100.0


class CrossHair(StrEnum):
    """When lines through the pointer are shown."""

    ALWAYS = "always"
    DRAWING = "drawing"
    OFF = "off"


@dataclass(frozen=True)
class Options:
    """Attributes:
    ratio: width / height of the boxes one draws and resizes; 0 leaves them free.
    snap: a side that comes near the photo's border is caught by it.
    snap_to_boxes: the same by the sides of other boxes.
    min_size: the shortest side of a box, in pixels of the photo.
    cross_hair: a `CrossHair`.
    loupe: magnify the corner that is dragged.
    navigator: show the whole photo in a corner while the view is zoomed in.
    keep_view: the next photo is shown at the zoom and place of the one before.
    """

    ratio: float = 0.0
    snap: bool = True
    snap_to_boxes: bool = False
    min_size: float = MIN_SIZE
    cross_hair: str = CrossHair.ALWAYS.value
    loupe: bool = True
    navigator: bool = True
    keep_view: bool = False

    @classmethod
    def read(cls, settings: Settings) -> Options:
        """What is remembered; a value that makes no sense gives way to its default."""
        values: dict[str, Any] = {
            field.name: settings.get(f"{_SECTION}.{field.name}", field.default)
            for field in fields(cls)
        }
        usual = cls()
        if not (math.isfinite(values["ratio"]) and 0 <= values["ratio"] <= MAX_RATIO):
            values["ratio"] = usual.ratio
        if not 1 <= values["min_size"] <= 10_000:
            values["min_size"] = usual.min_size
        if values["cross_hair"] not in set(CrossHair):
            values["cross_hair"] = usual.cross_hair
        return cls(**values)

    def remember(self, settings: Settings) -> None:
        """Write what differs from the defaults."""
        usual = asdict(Options())
        for name, value in asdict(self).items():
            settings.set(f"{_SECTION}.{name}", None if value == usual[name] else value)
