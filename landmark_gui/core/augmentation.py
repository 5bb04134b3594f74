"""Random variations of a crop, with the meaning and the units of Keras' `ImageDataGenerator`.

Source of the semantics: `keras.src.legacy.preprocessing.image`, which the tests run beside this
module. Keras warps each channel with SciPy and flips afterwards; here the whole variation is one
matrix and one pass over the image. The preview and the training both call `augment`.

NumPy and OpenCV are imported on first use, since a config is read before anything is warped.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from landmark_gui.core.atomic import write_atomic
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Pixels = npt.NDArray[np.uint8]
    Matrix = npt.NDArray[np.float64]

FillMode = Literal["nearest", "reflect", "wrap", "constant"]
FILL_MODES: tuple[FillMode, ...] = ("nearest", "reflect", "wrap", "constant")


@dataclass(frozen=True)
class AugmentationConfig:
    """How strongly crops are varied. The default varies nothing.

    Attributes:
        rotation_range: rotate by up to this many degrees either way, 0 to 360.
        width_shift_range: shift sideways either way. Below 1 a fraction of the width; a float
            of 1 or more is pixels; an int n is whole pixels below n, as Keras draws them.
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

    Raises:
        FormatError: if a value is out of its range.
    """

    rotation_range: float = 0.0
    width_shift_range: float = 0.0
    height_shift_range: float = 0.0
    shear_range: float = 0.0
    zoom_range: tuple[float, float] = (1.0, 1.0)
    horizontal_flip: bool = False
    vertical_flip: bool = False
    fill_mode: FillMode = "nearest"
    cval: float = 0.0

    def __post_init__(self) -> None:
        _between("rotation_range", self.rotation_range, 0, 360)
        _between("width_shift_range", self.width_shift_range, 0, 10_000)
        _between("height_shift_range", self.height_shift_range, 0, 10_000)
        _between("shear_range", self.shear_range, 0, 89)
        _between("cval", self.cval, 0, 255)
        object.__setattr__(self, "zoom_range", _zoom_pair(self.zoom_range))
        for name in ("horizontal_flip", "vertical_flip"):
            _one_of(name, getattr(self, name), (True, False))
        _one_of("fill_mode", self.fill_mode, FILL_MODES)

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
        return {**asdict(self), "zoom_range": list(self.zoom_range)}

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

    def to_toml(self) -> str:
        """The settings as TOML, for a file that can be shared."""
        import tomli_w

        return tomli_w.dumps(self.to_dict())

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


@dataclass(frozen=True)
class AugmentationParameters:
    """One drawn variation, named as in Keras: it says which source each output pixel has.

    Attributes:
        theta: rotation in degrees.
        tx, ty: shift in pixels, to the right and down in the source.
        shear: shear angle in degrees.
        zx, zy: part of the width and of the height that is seen.
        flip_horizontal, flip_vertical: mirrored after all the others.
    """

    theta: float = 0.0
    tx: float = 0.0
    ty: float = 0.0
    shear: float = 0.0
    zx: float = 1.0
    zy: float = 1.0
    flip_horizontal: bool = False
    flip_vertical: bool = False


def generator(seed: int, epoch: int, index: int) -> np.random.Generator:
    """The random numbers of one image in one epoch, the same in whatever order images come.

    Args:
        seed, epoch, index: 0 or more.
    """
    import numpy as np

    return np.random.default_rng((seed, epoch, index))


def draw(
    config: AugmentationConfig, height: int, width: int, rng: np.random.Generator
) -> AugmentationParameters:
    """Draw a variation for an image of `height` × `width` pixels.

    Each number has the distribution that `ImageDataGenerator.get_random_transform` gives it,
    with one difference: there `width_shift_range` moves images up and down and
    `height_shift_range` sideways (https://github.com/keras-team/keras/issues/17398). Here they
    do what Keras documents.
    """
    low, high = config.zoom_range
    return AugmentationParameters(
        theta=_either_way(config.rotation_range, rng),
        tx=_shift(config.width_shift_range, width, rng),
        ty=_shift(config.height_shift_range, height, rng),
        shear=_either_way(config.shear_range, rng),
        zx=rng.uniform(low, high),
        zy=rng.uniform(low, high),
        flip_horizontal=bool(rng.random() < 0.5) and config.horizontal_flip,
        flip_vertical=bool(rng.random() < 0.5) and config.vertical_flip,
    )


def matrix(parameters: AugmentationParameters, height: int, width: int) -> Matrix:
    """The affine map from output to input pixels.

    Keras composes rotation · shift · shear · zoom about the centre and flips the result. Here
    the product is multiplied out, and a flip is a change of sign.

    Returns:
        float64, shape (2, 3): (x, y, 1) of the output to (x, y) of the input, with x along
        the rows, as `cv2.warpAffine` takes it with WARP_INVERSE_MAP.
    """
    import numpy as np

    p = parameters
    theta, sheared = math.radians(p.theta), math.radians(p.theta + p.shear)
    xx, xy = math.cos(theta) * p.zx, -math.sin(sheared) * p.zy
    yx, yy = math.sin(theta) * p.zx, math.cos(sheared) * p.zy
    # Keras takes the height for x here. On the square inputs of a network it is the same.
    center_x, center_y = (height - 1) / 2, (width - 1) / 2
    x = center_x + math.cos(theta) * p.tx - math.sin(theta) * p.ty - xx * center_x - xy * center_y
    y = center_y + math.sin(theta) * p.tx + math.cos(theta) * p.ty - yx * center_x - yy * center_y
    if p.flip_horizontal:
        xx, yx, x, y = -xx, -yx, x + xx * (width - 1), y + yx * (width - 1)
    if p.flip_vertical:
        xy, yy, x, y = -xy, -yy, x + xy * (height - 1), y + yy * (height - 1)
    return np.array(((xx, xy, x), (yx, yy, y)))


def warp(image: Pixels, parameters: AugmentationParameters, config: AugmentationConfig) -> Pixels:
    """Apply a drawn variation, with linear interpolation.

    Args:
        image: uint8, shape (height, width, 3).
        config: gives `fill_mode` and `cval`.

    Returns:
        uint8, of the shape of `image`.
    """
    import cv2
    import numpy as np

    height, width = image.shape[:2]
    inverse = matrix(parameters, height, width)
    if config.fill_mode in ("nearest", "reflect"):
        nearest = config.fill_mode == "nearest"
        warped = cv2.warpAffine(
            image,
            inverse,
            (width, height),
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
            borderMode=cv2.BORDER_REPLICATE if nearest else cv2.BORDER_REFLECT,
        )
    else:
        across, down = _source(inverse, height, width, config.fill_mode)
        border, level = cv2.BORDER_CONSTANT, (config.cval,) * 4
        warped = cv2.remap(image, across, down, cv2.INTER_LINEAR, None, border, level)
    return np.asarray(warped, np.uint8)


def augment(image: Pixels, config: AugmentationConfig, rng: np.random.Generator) -> Pixels:
    """A random variation of `image` (uint8, shape (height, width, 3)), of the same shape."""
    height, width = image.shape[:2]
    return warp(image, draw(config, height, width, rng), config)


def _source(
    inverse: Matrix, height: int, width: int, fill_mode: FillMode
) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """Where each output pixel comes from, with SciPy's meaning of "wrap" and "constant".

    OpenCV means something else: its wrap repeats after `width` pixels, SciPy's after
    `width - 1`, and its constant is blended into the outermost pixels, SciPy's is not.
    """
    import numpy as np

    columns, rows = np.arange(width), np.arange(height)[:, None]
    across, down = ((a * columns) + (b * rows + c) for a, b, c in inverse.tolist())
    if fill_mode == "wrap":
        across, down = _wrapped(across, width - 1), _wrapped(down, height - 1)
    else:
        inside = (across >= 0) & (across <= width - 1) & (down >= 0) & (down <= height - 1)
        across = np.where(inside, across, -2.0)
    return across.astype(np.float32), down.astype(np.float32)


def _wrapped(positions: Matrix, period: int) -> Matrix:
    import numpy as np

    if period == 0:
        return np.zeros_like(positions)
    outside = (positions < 0) | (positions > period)
    return np.where(outside, positions % period, positions)


def _either_way(limit: float, rng: np.random.Generator) -> float:
    return float(rng.uniform(-limit, limit))


def _shift(limit: float, side: int, rng: np.random.Generator) -> float:
    if isinstance(limit, int) and limit > 0:
        return float(rng.integers(limit) * rng.choice((-1, 1)))
    return _either_way(limit, rng) * (side if limit < 1 else 1)


def _zoom_pair(zoom: Any) -> tuple[float, float]:
    if isinstance(zoom, int | float):
        _between("zoom_range", zoom, 0, 0.99)
        return float(1 - zoom), float(1 + zoom)
    if not isinstance(zoom, list | tuple) or len(zoom) != 2:
        raise FormatError(
            tr("zoom_range is {value}, but must be a number or a pair as [0.8, 1.2]", value=zoom)
        )
    for part in zoom:
        _between("zoom_range", part, 0.01, 100)
    if zoom[0] > zoom[1]:
        raise FormatError(tr("zoom_range is {value}: put the smaller number first", value=zoom))
    return float(zoom[0]), float(zoom[1])


def _between(name: str, value: object, low: float, high: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]  # a number, so it orders
        raise FormatError(
            tr(
                "{name} is {value}, but must be a number from {low} to {high}",
                name=name,
                value=value,
                low=low,
                high=high,
            )
        )


def _one_of(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise FormatError(
            tr(
                "{name} is {value}, but must be one of: {choices}",
                name=name,
                value=value,
                choices=", ".join(str(choice) for choice in choices),
            )
        )
