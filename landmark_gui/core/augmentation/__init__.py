"""Random variations of a crop, with the meaning and the units of Keras' `ImageDataGenerator`.

Source of the semantics: `keras.src.legacy.preprocessing.image`, which the tests run beside this
package. Keras warps each channel with SciPy and flips afterwards; here all that moves pixels is
one matrix and one pass over the image. The preview and the training both call `augment`.

`config` says how strongly, `parameters` draws, `warping` and `tones` do what Keras does, `steps`
what Keras' generator does not know. NumPy, OpenCV and Pillow are imported on first use, since a
config is read before anything is varied.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from landmark_gui.core.augmentation.advice import warnings
from landmark_gui.core.augmentation.config import FILL_MODES, AugmentationConfig, FillMode
from landmark_gui.core.augmentation.parameters import (
    AugmentationParameters,
    Step,
    batch_generator,
    draw,
    generator,
)
from landmark_gui.core.augmentation.presets import PRESETS
from landmark_gui.core.augmentation.steps import apply_steps
from landmark_gui.core.augmentation.tones import change_tones, standardize
from landmark_gui.core.augmentation.warping import matrix, warp

if TYPE_CHECKING:
    import numpy as np

    from landmark_gui.core.augmentation.warping import Pixels

__all__ = [
    "FILL_MODES",
    "PRESETS",
    "AugmentationConfig",
    "AugmentationParameters",
    "FillMode",
    "Step",
    "apply",
    "augment",
    "batch_generator",
    "draw",
    "generator",
    "matrix",
    "standardize",
    "warnings",
    "warp",
]


def augment(image: Pixels, config: AugmentationConfig, rng: np.random.Generator) -> Pixels:
    """A random variation of `image` (uint8, shape (height, width, 3)), of the same shape."""
    height, width = image.shape[:2]
    return apply(image, draw(config, height, width, rng), config)


def apply(image: Pixels, parameters: AugmentationParameters, config: AugmentationConfig) -> Pixels:
    """Apply a drawn variation: the warp, Keras' tones, then the steps beyond Keras.

    Args:
        image: uint8, shape (height, width, 3); it stays as it is.
        config: gives `fill_mode` and `cval`.

    Returns:
        uint8, a new array of the shape of `image`.
    """
    varied = change_tones(warp(image, parameters, config), parameters)
    return apply_steps(varied, parameters.steps) if parameters.steps else varied
