"""Where a setting of augmentation hurts, in plain words."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from landmark_gui.core.augmentation.parameters import draw, generator
from landmark_gui.core.augmentation.warping import matrix
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from landmark_gui.core.augmentation.config import AugmentationConfig, FillMode
    from landmark_gui.core.augmentation.warping import Pixels

    Points = npt.NDArray[np.float64]

DRAWS = 400
LOST = 0.02
"""Share of draws that may lose most of the crop before it is said."""
INVENTED: dict[FillMode, float] = {"nearest": 0.1, "wrap": 0.1, "constant": 0.1, "reflect": 0.25}
"""Share of invented pixels before it is said; a reflection at least looks like a photo."""
MIRROR_DISTANCE = 10
"""Bits of a perceptual hash in which two pictures that look alike may differ."""
MIRROR_SHARE = 0.2
"""Share of pictures of a landmark that have to look like the other one mirrored."""


@dataclass(frozen=True)
class Coverage:
    """What the warp does to a crop, over many draws.

    Attributes:
        lost: share of draws in which less than half of the crop's area is left in the picture.
        invented: share of the pixels that lie outside the crop, so `fill_mode` makes them up.
    """

    lost: float
    invented: float


def coverage(config: AugmentationConfig, side: int = 160, draws: int = DRAWS) -> Coverage:
    """Measure by drawing, the same each time.

    Args:
        side: of the square crop in pixels, which matters to shifts in pixels.
    """
    import numpy as np

    maps = (
        matrix(draw(config, side, side, generator(0, 0, index)), side, side)
        for index in range(draws)
    )
    left, real = np.array([_areas(_square(inverse), side) for inverse in maps]).T
    return Coverage(lost=float((left < 0.5).mean()), invented=max(0.0, 1 - float(real.mean())))


def warnings(
    config: AugmentationConfig,
    *,
    side: int = 160,
    mirrored: Collection[tuple[str, str]] = (),
    lettered: Collection[str] = (),
) -> list[str]:
    """What to think over before training with these settings; empty if nothing.

    Args:
        side: of the crops in pixels.
        mirrored: pairs of landmarks that look like each other's mirror image, as
            `mirrored_pairs` finds them.
        lettered: landmarks with lettering that is part of how one knows them.
    """
    measured = coverage(config, side)
    said = [
        _upside_down(config),
        _lost(measured.lost),
        _invented(measured.invented, config.fill_mode),
        *(_swapped(*names) for names in mirrored if config.horizontal_flip),
        *(_lettered(name) for name in lettered if config.horizontal_flip or config.vertical_flip),
        _rescaled(config),
    ]
    return [text for text in said if text]


def mirrored_pairs(
    pictures: Mapping[str, Sequence[Pixels]], distance: int = MIRROR_DISTANCE
) -> list[tuple[str, str]]:
    """Pairs of landmarks that a left-right flip takes for one another, by perceptual hashes.

    Args:
        pictures: a few small crops of each landmark, uint8 of shape (height, width, 3).
        distance: bits in which pictures that look alike may differ, of 64.
    """
    hashes = {name: [_hashes(picture) for picture in some] for name, some in pictures.items()}
    return [
        (a, b)
        for a, b in combinations(hashes, 2)
        if max(
            _mirrored_share(hashes[a], hashes[b], distance),
            _mirrored_share(hashes[b], hashes[a], distance),
        )
        >= MIRROR_SHARE
    ]


def _hashes(picture: Pixels) -> tuple[int, int]:
    """Of the picture and of its mirror image."""
    import cv2
    import numpy as np

    from landmark_gui.core.quality.phash import perceptual_hash

    grey = np.asarray(cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY), np.uint8)
    mirrored = np.ascontiguousarray(grey[:, ::-1])
    return _lowest_bits(perceptual_hash(grey)), _lowest_bits(perceptual_hash(mirrored))


def _lowest_bits(hash_: str) -> int:
    """The first 64 bits of the whole picture; 0 if it is flat."""
    return int(hash_[:16] or "0", 16)


def _mirrored_share(
    some: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]], distance: int
) -> float:
    """Pictures whose mirror image looks like one of the others, though they do not themselves."""

    def near(hash_: int) -> bool:
        return any((hash_ ^ other).bit_count() <= distance for other, _ in others)

    return sum(near(mirror) and not near(own) for own, mirror in some) / max(len(some), 1)


def _square(inverse: Points) -> Points:
    import numpy as np

    return inverse if len(inverse) == 3 else np.vstack((inverse, (0.0, 0.0, 1.0)))


def _areas(inverse: Points, side: int) -> tuple[float, float]:
    """Share of the crop that is left, and share of the result that shows it.

    The result's frame, carried into the crop, meets the crop in a polygon; carried back, that is
    where the result shows the crop.
    """
    import cv2
    import numpy as np

    low, high = -0.5, side - 0.5
    frame = np.array([((low, low), (high, low), (high, high), (low, high))], np.float32)
    area, common = cv2.intersectConvexConvex(cv2.perspectiveTransform(frame, inverse), frame)
    if area <= 0:
        return 0.0, 0.0
    shown = cv2.perspectiveTransform(common.reshape(1, -1, 2), np.linalg.inv(inverse))
    return area / side**2, cv2.contourArea(shown[0]) / side**2


def _percent(share: float) -> str:
    return f"{max(share * 100, 1):.0f}"


def _upside_down(config: AugmentationConfig) -> str:
    if not config.vertical_flip:
        return ""
    return tr(
        "Every second crop stands on its head. Buildings do not: leave the vertical flip off "
        "unless your landmarks are seen from above."
    )


def _lost(share: float) -> str:
    if share < LOST:
        return ""
    return tr(
        "In {percent} % of the draws less than half of the crop is left in the picture, and the "
        "landmark may be gone. Shift, enlarge or turn less.",
        percent=_percent(share),
    )


def _invented(share: float, fill_mode: FillMode) -> str:
    if share < INVENTED[fill_mode]:
        return ""
    percent = _percent(share)
    if fill_mode == "nearest":
        return tr(
            "{percent} % of the pixels are smeared: the edge of the crop, repeated. Shift, turn "
            "or shrink less, or fill by reflection.",
            percent=percent,
        )
    if fill_mode == "constant":
        return tr(
            "{percent} % of the pixels are one plain grey. Shift, turn or shrink less, or fill "
            "by reflection.",
            percent=percent,
        )
    return tr(
        "{percent} % of the pixels show the crop a second time beside itself. Shift, turn or "
        "shrink less.",
        percent=percent,
    )


def _swapped(first: str, second: str) -> str:
    return tr(
        "“{first}” and “{second}” look like mirror images of each other, and the horizontal flip "
        "makes one of the other. Leave it off.",
        first=first,
        second=second,
    )


def _lettered(name: str) -> str:
    return tr(
        "“{name}” bears lettering, which no photo shows mirrored or upside down. Leave the flips "
        "off.",
        name=name,
    )


def _rescaled(config: AugmentationConfig) -> str:
    if config.rescale is None:
        return ""
    return tr(
        "rescale is {value}, but training does not use it: the models of this program rescale "
        "by themselves.",
        value=f"{config.rescale:g}",
    )
