"""Each setting of the form: its name, unit, range, default and what it does."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.i18n import tr

PAIRS = {
    "zoom_low": ("zoom_range", 0),
    "zoom_high": ("zoom_range", 1),
    "brightness_low": ("brightness_range", 0),
    "brightness_high": ("brightness_range", 1),
    "jpeg_low": ("jpeg_quality", 0),
    "jpeg_high": ("jpeg_quality", 1),
    "erasing_low": ("erasing_area", 0),
    "erasing_high": ("erasing_area", 1),
}
"""Slider → the pair of the config that it is an end of."""
NEUTRAL: dict[str, tuple[float, float]] = {
    "zoom_range": (1.0, 1.0),
    "brightness_range": (1.0, 1.0),
    "jpeg_quality": (100, 100),
    "erasing_area": (0.02, 0.4),
}
"""What the sliders of a pair show while it is off."""
OPTIONAL = ("brightness_range", "jpeg_quality")
WHOLE = ("jpeg_quality", "randaugment_count")
SHIFTS = ("width_shift_range", "height_shift_range")
NEEDS = {
    "erasing_low": "erasing",
    "erasing_high": "erasing",
    "randaugment_magnitude": "randaugment_count",
}
"""Sliders that mean nothing while another is 0."""


@dataclass(frozen=True)
class Number:
    """A setting that a slider shows.

    Attributes:
        term: what the config and Keras call it.
        low, high, step, default: of the slider; a file may hold more.
        why: what it does, in a line.
    """

    term: str
    label: str
    unit: str
    low: float
    high: float
    step: float
    default: float
    why: str

    def help(self) -> str:
        """`why`, with the range, unit and default."""
        return tr(
            "{why} ({term}, {low} to {high}{unit}, default {default})",
            why=self.why,
            term=self.term,
            low=f"{self.low:g}",
            high=f"{self.high:g}",
            unit=f" {self.unit}" if self.unit else "",
            default=f"{self.default:g}",
        )


@dataclass(frozen=True)
class Section:
    """Settings that belong together.

    Attributes:
        purpose: what they are for; only of those under a fold.
    """

    key: str
    title: str
    names: tuple[str, ...]
    purpose: str = ""


def sections() -> list[Section]:
    """Keras' own first, then what goes beyond, each under a fold."""
    return [
        Section(
            "place",
            tr("Place and angle"),
            ("rotation_range", "width_shift_range", "height_shift_range", "shear_range"),
        ),
        Section("size", tr("Size"), ("zoom_low", "zoom_high")),
        Section("mirror", tr("Mirror"), ("horizontal_flip", "vertical_flip")),
        Section(
            "light",
            tr("Light"),
            ("brightness_low", "brightness_high", "channel_shift_range"),
        ),
        Section("border", tr("Uncovered border"), ("fill_mode", "cval")),
        Section(
            "colour",
            tr("Colour"),
            ("jitter_brightness", "jitter_contrast", "jitter_saturation", "jitter_hue"),
            tr("For photos of other weather, hours and cameras. Howard, 2013"),
        ),
        Section(
            "view",
            tr("Viewpoint"),
            ("perspective",),
            tr("For photos taken from another spot. Wang et al., 2020"),
        ),
        Section(
            "camera",
            tr("Blur and compression"),
            ("blur", "jpeg_low", "jpeg_high"),
            tr(
                "For shaky photos and those sent by messengers. Chen et al., 2020; Dodge and "
                "Karam, 2016"
            ),
        ),
        Section(
            "hidden",
            tr("Hidden parts"),
            ("erasing", "erasing_low", "erasing_high"),
            tr("For landmarks behind people, trees and cars. Zhong et al., 2017"),
        ),
        Section(
            "randaugment",
            tr("RandAugment"),
            ("randaugment_count", "randaugment_magnitude"),
            tr("For no wish to choose: a few of 14 changes at random. Cubuk et al., 2019"),
        ),
        Section(
            "mixing",
            tr("Mixed crops"),
            ("mixup_alpha", "cutmix_alpha"),
            tr(
                "For answers that are less sure of themselves: two crops and their names in one, "
                "while training only. Zhang et al., 2018; Yun et al., 2019"
            ),
        ),
        Section(
            "keras",
            tr("Kept for Keras"),
            ("rescale",),
            tr("For files that are shared with Keras; nothing here uses it"),
        ),
    ]


def numbers() -> dict[str, Number]:
    """The sliders by name."""
    return {**_geometry(), **_light(), **_beyond(), **_mixed()}


def _geometry() -> dict[str, Number]:
    rotation, shear = tr("Turned by up to this angle, either way"), tr("Slanted by up to this")
    across = tr("Moved left or right by up to this part of the width")
    down = tr("Moved up or down by up to this part of the height")
    near = tr("The part of a side that is seen at the closest: 0.8 enlarges")
    far = tr("The part of a side that is seen at the farthest: 1.2 shrinks")
    return {
        "rotation_range": Number("rotation_range", tr("Rotation"), "°", 0, 180, 1, 0, rotation),
        "width_shift_range": Number(
            "width_shift_range", tr("Shift sideways"), "", 0, 0.99, 0.01, 0, across
        ),
        "height_shift_range": Number(
            "height_shift_range", tr("Shift up and down"), "", 0, 0.99, 0.01, 0, down
        ),
        "shear_range": Number("shear_range", tr("Shear"), "°", 0, 60, 0.1, 0, shear),
        "zoom_low": Number("zoom_range", tr("Closest"), "×", 0.2, 1, 0.01, 1, near),
        "zoom_high": Number("zoom_range", tr("Farthest"), "×", 1, 2, 0.01, 1, far),
        "cval": Number(
            "cval", tr("Grey level"), "", 0, 255, 1, 0, tr("Of the border: 0 black, 255 white")
        ),
    }


def _light() -> dict[str, Number]:
    channel = tr("Up to so many grey levels are added to all channels, or taken away")
    return {
        "brightness_low": Number(
            "brightness_range", tr("Darkest"), "×", 0, 2, 0.01, 1, tr("All levels times at least")
        ),
        "brightness_high": Number(
            "brightness_range", tr("Brightest"), "×", 0, 2, 0.01, 1, tr("All levels times at most")
        ),
        "channel_shift_range": Number(
            "channel_shift_range", tr("Channel shift"), "", 0, 255, 1, 0, channel
        ),
    }


def _beyond() -> dict[str, Number]:
    far = tr("Changed by a factor up to this far from 1, either way")
    rows = (
        ("jitter_brightness", tr("Brightness"), "", 0, 1, 0.01, 0, far),
        ("jitter_contrast", tr("Contrast"), "", 0, 1, 0.01, 0, far),
        ("jitter_saturation", tr("Saturation"), "", 0, 1, 0.01, 0, far),
        ("jitter_hue", tr("Hue"), "", 0, 0.5, 0.01, 0, tr("Turned by a part of the circle")),
        (
            "perspective",
            tr("Perspective"),
            *("", 0, 0.9, 0.01, 0),
            tr("Each corner moves inwards by up to half of this part of a side"),
        ),
        ("blur", tr("Blur"), "px", 0, 5, 0.1, 0, tr("Gaussian, of a deviation up to this")),
        (
            "erasing",
            tr("How often"),
            *("", 0, 1, 0.05, 0),
            tr("Share of the crops of which a rectangle becomes noise"),
        ),
        (
            "randaugment_count",
            tr("How many changes"),
            *("", 0, 14, 1, 0),
            tr("So many of 14 operations for each crop"),
        ),
        (
            "randaugment_magnitude",
            tr("How strong"),
            *("", 0, 10, 0.5, 9),
            tr("The published scale, of all operations"),
        ),
    )
    made = {name: Number(name, *rest) for name, *rest in rows}  # type: ignore[arg-type]  # as above
    return {**made, **_ends()}


def _mixed() -> dict[str, Number]:
    blended = tr("Two crops shine through each other; 0.2 mostly a little, 1 evenly")
    pasted = tr("A rectangle of one crop lies in another; 1 is of any size")
    return {
        "mixup_alpha": Number("mixup_alpha", tr("Blended (mixup)"), "", 0, 2, 0.05, 0, blended),
        "cutmix_alpha": Number("cutmix_alpha", tr("Pasted (cutmix)"), "", 0, 2, 0.05, 0, pasted),
    }


def _ends() -> dict[str, Number]:
    worst, best = tr("Saved as JPEG of at least this quality"), tr("And of at most this quality")
    least, most = tr("The rectangle's smallest part of the crop"), tr("Its largest part")
    area = "erasing_area"
    return {
        "jpeg_low": Number("jpeg_quality", tr("JPEG, worst"), "", 1, 100, 1, 100, worst),
        "jpeg_high": Number("jpeg_quality", tr("JPEG, best"), "", 1, 100, 1, 100, best),
        "erasing_low": Number(area, tr("Smallest"), "", 0.01, 0.9, 0.01, 0.02, least),
        "erasing_high": Number(area, tr("Largest"), "", 0.01, 0.9, 0.01, 0.4, most),
    }


def value_of(config: AugmentationConfig, name: str) -> Any:
    """What the control `name` shows of a config."""
    if name in PAIRS:
        pair, end = PAIRS[name]
        return (getattr(config, pair) or NEUTRAL[pair])[end]
    return getattr(config, name)


def changes(config: AugmentationConfig, name: str, value: Any) -> dict[str, Any]:
    """The fields of the config that a moved control changes.

    The other end of a pair goes along, so that the smaller number stays first.
    """
    if name in WHOLE or PAIRS.get(name, ("",))[0] in WHOLE:
        value = round(value)
    if name not in PAIRS:
        return {name: value}
    pair, end = PAIRS[name]
    low, high = getattr(config, pair) or NEUTRAL[pair]
    both = (value, max(high, value)) if end == 0 else (min(low, value), value)
    return {pair: None if pair in OPTIONAL and both == NEUTRAL[pair] else both}


def switched_on(config: AugmentationConfig, names: Iterable[str]) -> list[str]:
    """The controls among `names` that change something, as a folded section names them."""
    plain = AugmentationConfig()
    return [
        name
        for name in names
        if value_of(config, name) != value_of(plain, name)
        and not (name in NEEDS and not getattr(config, NEEDS[name]))
    ]
