"""Channel shift, brightness and rescaling as Keras does them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from landmark_gui.core.augmentation.config import AugmentationConfig
    from landmark_gui.core.augmentation.parameters import AugmentationParameters
    from landmark_gui.core.augmentation.warping import Pixels


def change_tones(image: Pixels, parameters: AugmentationParameters) -> Pixels:
    """Channel shift, then brightness, in one look-up of each level; `image` if neither.

    Keras computes the shift in floats and cuts them to whole levels before the brightness;
    here the levels are whole from the start and rounded in between.
    """
    if parameters.channel_shift_intensity is None and parameters.brightness is None:
        return image
    import cv2
    import numpy as np

    levels = np.arange(256.0)
    if parameters.channel_shift_intensity is not None:
        darkest, brightest, *_ = cv2.minMaxLoc(image.reshape(image.shape[0], -1))
        levels = np.rint(np.clip(levels + parameters.channel_shift_intensity, darkest, brightest))
    if parameters.brightness is not None:  # as Pillow, which Keras calls, in float32 and cut
        levels = np.clip(
            np.trunc(levels.astype(np.float32) * np.float32(parameters.brightness)), 0, 255
        )
    return np.asarray(cv2.LUT(image, levels.astype(np.uint8)), np.uint8)


def standardize(
    images: npt.NDArray[np.uint8], config: AugmentationConfig
) -> npt.NDArray[np.float32]:
    """What `ImageDataGenerator.standardize` does for the settings here: times `rescale`.

    Args:
        images: uint8, of any shape.

    Returns:
        float32, a new array of the shape of `images`.
    """
    import numpy as np

    levels = images.astype(np.float32)
    if config.rescale:
        levels *= np.float32(config.rescale)
    return levels
