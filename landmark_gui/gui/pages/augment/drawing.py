"""The tiles of the preview, made off the GUI thread by the functions that the training calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QImage

from landmark_gui.core.augmentation import (
    AugmentationConfig,
    AugmentationParameters,
    draw,
    generator,
)
from landmark_gui.core.augmentation import apply as apply_parameters
from landmark_gui.core.i18n import tr
from landmark_gui.gui.pages.augment.sweeps import Pin, held, hold

if TYPE_CHECKING:
    from landmark_gui.core.preprocess import Pixels

TILES = 12
CROPS = TILES // 2
"""Of many crops each stands beside its variation."""


@dataclass(frozen=True)
class Source:
    """A crop to vary.

    Attributes:
        pixels: the network's input, uint8 of shape (side, side, 3).
        ratio: width of the crop for each pixel of its height, before it was stretched.
    """

    name: str
    pixels: Pixels
    ratio: float


@dataclass(frozen=True)
class Request:
    """What is to be seen.

    Attributes:
        sources: one of which many draws are shown, or several with the same draw.
        many: several.
        round: number of the draw.
        pin: the parameter that is swept, if one is.
        network: as the network sees it: stretched to its input, pixel by pixel.
        cell: longer side of a tile in pixels of the screen.
    """

    sources: Sequence[Source]
    config: AugmentationConfig
    many: bool = False
    round: int = 0
    pin: Pin | None = None
    network: bool = False
    cell: int = 160


@dataclass(frozen=True)
class Tile:
    """A picture of the grid.

    Attributes:
        pixels: what the network would get, uint8.
        image: the same as it is shown.
        name: of the crop.
        parameters: what was drawn; None of the original.
    """

    pixels: Pixels
    image: QImage
    name: str
    ratio: float
    parameters: AugmentationParameters | None = None


def make_tiles(request: Request) -> list[Tile]:
    """The originals and their variations; the draws stay the same while the settings move."""
    if request.many:
        return [
            tile for source in request.sources for tile in _beside(request, source, range(1, 2))
        ]
    return _beside(request, request.sources[0], range(1, TILES))


def _beside(request: Request, source: Source, draws: range) -> list[Tile]:
    return [_tile(request, source), *(_varied(request, source, number) for number in draws)]


def _varied(request: Request, source: Source, number: int) -> Tile:
    pin, config = request.pin, request.config
    if pin is not None:
        config = held(config, pin)
    height, width = source.pixels.shape[:2]
    parameters = draw(config, height, width, generator(0, request.round, number))
    if pin is not None:
        parameters = hold(parameters, pin)
    return _tile(request, source, parameters, apply_parameters(source.pixels, parameters, config))


def _tile(
    request: Request,
    source: Source,
    parameters: AugmentationParameters | None = None,
    pixels: Pixels | None = None,
) -> Tile:
    pixels = source.pixels if pixels is None else pixels
    image = as_shown(pixels, source.ratio, request.cell, request.network)
    return Tile(pixels, image, source.name, source.ratio, parameters)


def as_shown(pixels: Pixels, ratio: float, cell: int, network: bool) -> QImage:
    """A picture that fits into a square of `cell` pixels: in the crop's own proportions, or
    stretched and with its pixels to be seen, as the network gets it.
    """
    import cv2

    width, height = (cell, cell) if network else _fitted(ratio, cell)
    method = cv2.INTER_NEAREST if network else cv2.INTER_LINEAR
    if not network and min(width, height) < min(pixels.shape[:2]):
        method = cv2.INTER_AREA
    size = (max(width, 1), max(height, 1))
    shown = cv2.cvtColor(cv2.resize(pixels, size, interpolation=method), cv2.COLOR_RGB2BGRA)
    return QImage(shown.data, *size, 4 * size[0], QImage.Format.Format_RGB32).copy()


def _fitted(ratio: float, cell: int) -> tuple[int, int]:
    return (cell, round(cell / ratio)) if ratio >= 1 else (round(cell * ratio), cell)


def network_text(tiles: Sequence[Tile]) -> str:
    """What numbers the network gets: both recipes scale 0…255 to -1…1."""
    import numpy as np

    levels = np.stack([tile.pixels for tile in tiles if tile.parameters] or [tiles[0].pixels])
    low, high, mean = (float(f(levels)) / 127.5 - 1 for f in (np.min, np.max, np.mean))
    return tr(
        "{side} × {side} pixels in three colours, as numbers from −1 to 1. Here {low} to {high}, "
        "{mean} in the middle.",
        side=levels.shape[1],
        low=_signed(low),
        high=_signed(high),
        mean=_signed(mean),
    )


def drawn_text(parameters: AugmentationParameters) -> str:
    """What was drawn, in a line."""
    p = parameters
    parts = [
        (p.theta, tr("turned {n}°", n=f"{p.theta:.0f}")),
        (p.tx, tr("sideways {n} px", n=_signed(-p.tx, 0))),
        (p.ty, tr("down {n} px", n=_signed(-p.ty, 0))),
        (p.shear, tr("sheared {n}°", n=f"{p.shear:.1f}")),
        ((p.zx, p.zy) != (1, 1), tr("seen {w} × {h}", w=f"{p.zx:.2f}", h=f"{p.zy:.2f}")),
        (p.flip_horizontal, tr("mirrored")),
        (p.flip_vertical, tr("upside down")),
        (p.channel_shift_intensity, tr("levels {n}", n=_signed(p.channel_shift_intensity or 0, 0))),
        (p.brightness is not None, tr("brightness × {n}", n=f"{p.brightness or 0:.2f}")),
        (p.view, tr("perspective")),
        *((True, _step_text(step.name, step.values)) for step in p.steps),
    ]
    return ", ".join(text for used, text in parts if used) or tr("nothing was changed")


def _step_text(name: str, values: tuple[float, ...]) -> str:
    names = {
        "brightness": tr("brightness"),
        "contrast": tr("contrast"),
        "saturation": tr("saturation"),
        "sharpness": tr("sharpness"),
        "hue": tr("hue"),
        "blur": tr("blur"),
        "jpeg": "JPEG",
        "erase": tr("erased"),
    }
    text = names.get(name, name)
    return f"{text} {values[0]:.3g}" if len(values) == 1 else text


def _signed(value: float, digits: int = 2) -> str:
    return f"{value:.{digits}f}".replace("-", "−")
