"""Operations on the pixels of a warped crop that `ImageDataGenerator` does not know.

Those on colour and sharpness are Pillow's, as in the published code of RandAugment.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PIL.Image import Image

    from landmark_gui.core.augmentation.parameters import Step
    from landmark_gui.core.augmentation.warping import Pixels


def apply_steps(image: Pixels, steps: Sequence[Step]) -> Pixels:
    """Do the steps in their order.

    Args:
        image: uint8, shape (height, width, 3).

    Returns:
        uint8, a new array of the shape of `image`.
    """
    for step in steps:
        image = OPERATIONS[step.name](image, *step.values)
    return image


def _pillow(change: Callable[..., Image]) -> Callable[..., Pixels]:
    """An operation on pixels from one on a picture of Pillow's."""

    def changed(image: Pixels, *values: float) -> Pixels:
        import numpy as np
        from PIL import Image

        return np.array(change(Image.fromarray(image), *values))

    return changed


def _enhanced(enhancer: str) -> Callable[..., Pixels]:
    def enhance(picture: Image, factor: float) -> Image:
        from PIL import ImageEnhance

        made: Any = getattr(ImageEnhance, enhancer)(picture)
        return made.enhance(factor)  # type: ignore[no-any-return]

    return _pillow(enhance)


def _operated(name: str) -> Callable[..., Pixels]:
    def operate(picture: Image, *values: float) -> Image:
        from PIL import ImageOps

        return getattr(ImageOps, name)(picture, *values)  # type: ignore[no-any-return]

    return _pillow(operate)


def _hue(image: Pixels, turn: float) -> Pixels:
    """`turn`: part of the colour circle, -0.5 to 0.5. As Pillow, a tenth of the time."""
    import cv2
    import numpy as np

    circle = cv2.cvtColor(image, cv2.COLOR_RGB2HSV_FULL)  # 256 hues, so uint8 wraps by itself
    circle[:, :, 0] += np.uint8(round(turn * 256) % 256)
    return np.asarray(cv2.cvtColor(circle, cv2.COLOR_HSV2RGB_FULL), np.uint8)


def _blur(image: Pixels, sigma: float) -> Pixels:
    import cv2
    import numpy as np

    if sigma < 0.05:  # no neighbour would get a thousandth
        return image.copy()
    return np.asarray(cv2.GaussianBlur(image, (0, 0), sigma), np.uint8)


def _jpeg(image: Pixels, quality: float) -> Pixels:
    import cv2
    import numpy as np

    # OpenCV calls the first channel blue. It would be as red to the JPEG, with other losses.
    blue_first = cv2.cvtColor(image, cv2.COLOR_RGB2BGR)
    _, data = cv2.imencode(".jpg", blue_first, (cv2.IMWRITE_JPEG_QUALITY, int(quality)))
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR_RGB), np.uint8)


def _erase(image: Pixels, left: int, top: int, width: int, height: int, seed: int) -> Pixels:
    import numpy as np

    erased = image.copy()
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    erased[top : top + height, left : left + width] = noise
    return erased


OPERATIONS: dict[str, Callable[..., Pixels]] = {
    "brightness": _enhanced("Brightness"),
    "contrast": _enhanced("Contrast"),
    "saturation": _enhanced("Color"),
    "sharpness": _enhanced("Sharpness"),
    "hue": _hue,
    "autocontrast": _operated("autocontrast"),
    "equalize": _operated("equalize"),
    "posterize": _operated("posterize"),
    "solarize": _operated("solarize"),
    "blur": _blur,
    "jpeg": _jpeg,
    "erase": _erase,
}
