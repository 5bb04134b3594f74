"""The settings of augmentation, as they are kept in files and in models."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.augmentation.values import (
    Shift,
    between,
    one_of,
    pair,
    shift,
    whole,
    zoom_pair,
)
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr

FillMode = Literal["nearest", "reflect", "wrap", "constant"]
FILL_MODES: tuple[FillMode, ...] = ("nearest", "reflect", "wrap", "constant")

KERAS_SETTINGS = (
    "rotation_range",
    "width_shift_range",
    "height_shift_range",
    "brightness_range",
    "shear_range",
    "zoom_range",
    "channel_shift_range",
    "fill_mode",
    "cval",
    "horizontal_flip",
    "vertical_flip",
    "rescale",
)
"""The settings that `ImageDataGenerator` has too, in its order."""

_LIMITS: dict[str, tuple[float, float]] = {
    "rotation_range": (0, 360),
    "shear_range": (0, 89),
    "channel_shift_range": (0, 255),
    "cval": (0, 255),
    "jitter_brightness": (0, 10),
    "jitter_contrast": (0, 10),
    "jitter_saturation": (0, 10),
    "jitter_hue": (0, 0.5),
    "perspective": (0, 0.9),
    "blur": (0, 20),
    "erasing": (0, 1),
    "randaugment_magnitude": (0, 10),
    "mixup_alpha": (0, 100),
    "cutmix_alpha": (0, 100),
}
_OPTIONAL_PAIRS: dict[str, tuple[float, float]] = {
    "brightness_range": (0, 10),
    "jpeg_quality": (1, 100),
}


@dataclass(frozen=True)
class AugmentationConfig:
    """How strongly crops are varied. The default varies nothing.

    As in `ImageDataGenerator`:
        rotation_range: rotate by up to this many degrees either way, 0 to 360.
        width_shift_range: shift sideways either way. Below 1 a fraction of the width; a float
            of 1 or more is pixels; an int n is whole pixels below n, as Keras draws them. Of a
            list one value is drawn, and its sign; fractions if the largest is below 1.
        height_shift_range: the same up and down, of the height.
        shear_range: shear by up to this many degrees (not a fraction) either way, 0 to 89.
        zoom_range: (low, high), the part of each side that is seen: 0.8 enlarges, 1.2 shrinks.
            Height and width are drawn apart. A number z from 0 to below 1 means
            (1 - z, 1 + z).
        horizontal_flip: mirror every second crop on average.
        vertical_flip: turn every second crop upside down on average.
        fill_mode: what fills the border that the warp uncovers: "nearest" repeats the edge,
            "reflect" mirrors the crop, "wrap" starts it again, "constant" is `cval`.
        cval: grey level of "constant", 0 to 255.
        channel_shift_range: add up to this many grey levels either way to all channels, 0 to
            255; the result stays between the darkest and the brightest level of the crop.
        brightness_range: (low, high) of the factor by which all levels are multiplied, 0 to 10;
            None leaves them.
        rescale: factor of `standardize`, or None. The models of this program rescale by
            themselves, so training needs none.

    Beyond it:
        jitter_brightness, jitter_contrast, jitter_saturation: change by a factor up to this far
            from 1 either way, in random order; jitter_hue: turn the hue by up to this part of
            the colour circle, 0 to 0.5. Howard, 2013, arXiv:1312.5402.
        perspective: move each corner inwards by up to half of this part of a side, 0 to 0.9.
            Wang et al., 2020, "Perspective Transformation Data Augmentation for Object
            Detection", IEEE Access 8.
        blur: Gaussian, of a standard deviation up to this many pixels, 0 to 20. Chen et al.,
            2020, arXiv:2002.05709.
        jpeg_quality: (low, high), 1 to 100, whole numbers; save as JPEG of a quality between
            them. Dodge and Karam, 2016, arXiv:1604.04004.
        erasing: share of crops of which a rectangle becomes noise, 0 to 1; erasing_area: (low,
            high), its part of the crop. Zhong et al., 2017, arXiv:1708.04896.
        randaugment_count, randaugment_magnitude: this many of 14 operations (0 to 14), each of
            this strength (0 to 10, its published scale). Cubuk et al., 2019, arXiv:1909.13719.
        mixup_alpha: blend crops and their labels in pairs by Beta(alpha, alpha); 0 does not.
            Zhang et al., 2017, arXiv:1710.09412.
        cutmix_alpha: paste a rectangle of one crop into another likewise. Yun et al., 2019,
            arXiv:1905.04899.

    Raises:
        FormatError: if a value is out of its range.
    """

    rotation_range: float = 0.0
    width_shift_range: Shift = 0.0
    height_shift_range: Shift = 0.0
    shear_range: float = 0.0
    zoom_range: tuple[float, float] = (1.0, 1.0)
    horizontal_flip: bool = False
    vertical_flip: bool = False
    fill_mode: FillMode = "nearest"
    cval: float = 0.0
    channel_shift_range: float = 0.0
    brightness_range: tuple[float, float] | None = None
    rescale: float | None = None
    jitter_brightness: float = 0.0
    jitter_contrast: float = 0.0
    jitter_saturation: float = 0.0
    jitter_hue: float = 0.0
    perspective: float = 0.0
    blur: float = 0.0
    jpeg_quality: tuple[int, int] | None = None
    erasing: float = 0.0
    erasing_area: tuple[float, float] = (0.02, 0.4)
    randaugment_count: int = 0
    randaugment_magnitude: float = 9.0
    mixup_alpha: float = 0.0
    cutmix_alpha: float = 0.0

    def __post_init__(self) -> None:
        for name, (low, high) in _LIMITS.items():
            between(name, getattr(self, name), low, high)
        for name, (low, high) in _OPTIONAL_PAIRS.items():
            if getattr(self, name) is not None:
                self._keep(name, pair(name, getattr(self, name), low, high))
        for quality in self.jpeg_quality or ():
            whole("jpeg_quality", quality, 1, 100)
        for name in ("width_shift_range", "height_shift_range"):
            self._keep(name, shift(name, getattr(self, name)))
        self._keep("zoom_range", zoom_pair(self.zoom_range))
        self._keep("erasing_area", pair("erasing_area", self.erasing_area, 0.001, 0.9))
        whole("randaugment_count", self.randaugment_count, 0, 14)
        if self.rescale is not None:
            between("rescale", self.rescale, 1e-6, 1000)
        for name in ("horizontal_flip", "vertical_flip"):
            one_of(name, getattr(self, name), (True, False))
        one_of("fill_mode", self.fill_mode, FILL_MODES)

    @cached_property
    def beyond_keras(self) -> bool:
        """Whether anything of one image is on that `ImageDataGenerator` does not know."""
        chances = (self.perspective, self.blur, self.jpeg_quality, self.erasing)
        return any((*chances, self.jitters, self.randaugment_count))

    @property
    def changes_tones(self) -> bool:
        """Whether channel shift or brightness is on."""
        return bool(self.channel_shift_range) or self.brightness_range is not None

    @property
    def jitters(self) -> bool:
        """Whether any of the four jitters is on."""
        names = ("brightness", "contrast", "saturation", "hue")
        return any(getattr(self, f"jitter_{name}") for name in names)

    def _keep(self, name: str, value: object) -> None:
        object.__setattr__(self, name, value)

    @classmethod
    def log_preset(cls) -> AugmentationConfig:
        """The settings of the training log that this program set out to reproduce."""
        return cls(
            rotation_range=40.0,
            width_shift_range=0.2,
            height_shift_range=0.2,
            shear_range=0.2,
            zoom_range=(0.8, 1.2),
            horizontal_flip=True,
        )

    def to_dict(self) -> dict[str, Any]:
        """JSON values; the inverse of `from_dict`."""
        values = asdict(self).items()
        return {name: list(v) if isinstance(v, tuple) else v for name, v in values}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> AugmentationConfig:
        """Settings by name; those left out take their defaults.

        Raises:
            FormatError: for an unknown name, or a value of the wrong kind or size.
        """
        known = [field.name for field in fields(cls)]
        for name in values:
            if name not in known:
                raise FormatError(
                    tr(
                        "There is no augmentation setting called {name}. There are: {known}",
                        name=name,
                        known=", ".join(known),
                    )
                )
        return cls(**values)

    def to_keras(self) -> dict[str, Any]:
        """The arguments of `ImageDataGenerator` that mean the same; the rest is left out."""
        values = self.to_dict()
        return {name: values[name] for name in KERAS_SETTINGS}

    def to_toml(self) -> str:
        """The settings as TOML, for a file that can be shared; what is None is left out."""
        import tomli_w

        return tomli_w.dumps({k: v for k, v in self.to_dict().items() if v is not None})

    @classmethod
    def from_toml(cls, text: str) -> AugmentationConfig:
        """The inverse of `to_toml`. Raises FormatError, in words."""
        try:
            values = tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise FormatError(
                tr("The augmentation settings are not valid TOML: {detail}", detail=error)
            ) from error
        return cls.from_dict(values)

    def save(self, path: Path) -> None:
        """Write the settings as TOML. Raises FormatError if `path` cannot be written."""
        try:
            write_atomic(path, self.to_toml())
        except OSError as error:
            raise FormatError(
                tr("{path} could not be written: {detail}", path=path, detail=error)
            ) from error

    @classmethod
    def load(cls, path: Path) -> AugmentationConfig:
        """Read a file that `save` wrote. Raises FormatError, naming the file."""
        try:
            return cls.from_toml(path.read_text("utf-8"))
        except (FormatError, OSError, UnicodeDecodeError) as error:
            raise FormatError(f"{path}: {error}") from error
