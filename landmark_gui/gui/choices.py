"""What a person chose of crops and splits; it is kept with the project, and all pages obey it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, get_args

from landmark_gui.core.crops import (
    JPEG_QUALITY,
    PATTERN,
    CropSettings,
    Edge,
    ExportKind,
    FileForm,
    FileSettings,
    MarginUnit,
    Resampling,
    Shape,
    Use,
    example_name,
)
from landmark_gui.core.errors import DatasetError
from landmark_gui.core.splits import BURST_SECONDS, NEAR_DISTANCE, SplitFractions, SplitSettings

if TYPE_CHECKING:
    from landmark_gui.gui.document import Document

SETTING = "crops"
Kind = ExportKind
NOTHING_NEAR = -1
"""The distance that lets near-duplicates be."""
_LITERALS = {
    "use": Use,
    "margin_unit": MarginUnit,
    "shape": Shape,
    "edge": Edge,
    "resampling": Resampling,
    "form": FileForm,
    "kind": Kind,
}


@dataclass(frozen=True)
class Choices:
    """The form of the page.

    Attributes:
        use, margin_unit, shape, edge: as in `CropSettings`.
        margin: per cent of the box's sides, or pixels.
        size: longest side in pixels; 0 as in the photo.
        resampling, form, quality, pattern: as in `FileSettings`.
        validation, test: per cent. What they leave is for training.
        near_distance, burst_seconds: as in `SplitSettings`; -1 and 0 let such photos be.
        fresh: share all photos out anew, also those whose split was kept.
        kind: what is written: "folder", "zip", "tfrecord" or "imagefolder".
        out: the output folder or file; "" the project's own.
    """

    use: Use = "crops"
    margin: int = 0
    margin_unit: MarginUnit = "fraction"
    shape: Shape = "free"
    edge: Edge = "clamp"
    size: int = 0
    resampling: Resampling = "area"
    form: FileForm = "jpeg"
    quality: int = JPEG_QUALITY
    pattern: str = PATTERN
    validation: int = 15
    test: int = 15
    near_distance: int = NEAR_DISTANCE
    burst_seconds: int = int(BURST_SECONDS)
    fresh: bool = False
    kind: Kind = "folder"
    out: str = ""

    @property
    def settings(self) -> CropSettings:
        margin = self.margin / 100 if self.margin_unit == "fraction" else self.margin
        return CropSettings(self.use, margin, self.margin_unit, self.shape, self.edge)

    @property
    def files(self) -> FileSettings:
        size = self.size or None
        return FileSettings(size, self.resampling, self.form, self.quality, self.pattern)

    @property
    def split(self) -> SplitSettings:
        near = None if self.near_distance == NOTHING_NEAR else self.near_distance
        return SplitSettings(self.fractions, near_distance=near, burst_seconds=self.burst_seconds)

    @property
    def fractions(self) -> SplitFractions:
        train = 100 - self.validation - self.test
        return SplitFractions(train / 100, self.validation / 100, self.test / 100)

    def to_dict(self) -> dict[str, Any]:
        """What is kept with the project: all but `fresh`, which is asked for once."""
        return {name: value for name, value in asdict(self).items() if name != "fresh"}

    @classmethod
    def from_dict(cls, values: object) -> Choices:
        """The inverse of `to_dict`; the defaults if another version wrote something else."""
        defaults = cls()
        given = values if isinstance(values, Mapping) else {}
        if not given.keys() <= defaults.to_dict().keys():
            return defaults
        if not all(_fits(name, value) for name, value in given.items()):
            return defaults
        choices = cls(**given)
        try:
            _ = choices.settings, example_name(choices.files), choices.split
        except DatasetError:
            return defaults
        return choices


def _fits(name: str, value: object) -> bool:
    """Whether a value from a file that anybody can write may stand in that field."""
    if name in _LITERALS:
        return value in get_args(_LITERALS[name])
    return type(value) is type(getattr(Choices(), name))


def choices_of(document: Document) -> Choices:
    """What the person chose on the Crops page; the other pages cut the same crops."""
    return Choices.from_dict(document.setting(SETTING, {}))
