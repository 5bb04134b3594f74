"""Mixup and cutmix: what is done to a batch, with its labels.

Pure functions of images, labels and a generator (`batch_generator`).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from landmark_gui.core.augmentation.config import AugmentationConfig

    Labels = npt.NDArray[np.float32]

Images = TypeVar("Images", "npt.NDArray[np.uint8]", "npt.NDArray[np.float32]")


def mix(
    images: Images, labels: Labels, config: AugmentationConfig, rng: np.random.Generator
) -> tuple[Images, Labels]:
    """Mixup, cutmix, either by chance if both are on, or nothing; as `mixup`."""
    both = bool(config.mixup_alpha and config.cutmix_alpha)
    if config.mixup_alpha and not (both and rng.random() < 0.5):
        return mixup(images, labels, rng, config.mixup_alpha)
    if config.cutmix_alpha:
        return cutmix(images, labels, rng, config.cutmix_alpha)
    return images, labels


def mixup(
    images: Images, labels: Labels, rng: np.random.Generator, alpha: float = 0.2
) -> tuple[Images, Labels]:
    """Blend each image and its label with another of the batch.

    Zhang et al., 2017, "mixup: Beyond Empirical Risk Minimization", arXiv:1710.09412. Each pair
    has a share of its own, drawn from Beta(alpha, alpha).

    Args:
        images: uint8 or float32, shape (n, height, width, 3).
        labels: float32, shape (n, classes), one-hot or already mixed.
        alpha: above 0; 0.2 for ImageNet in the paper, more mixes more evenly.

    Returns:
        New arrays of the same shapes and types; uint8 is rounded.
    """
    others = rng.permutation(len(images))
    shares = rng.beta(alpha, alpha, len(images)).astype(np.float32)
    share = shares[:, None, None, None]
    mixed = share * images + (1 - share) * images[others]
    if images.dtype == np.uint8:
        mixed = np.rint(mixed)
    return mixed.astype(images.dtype), _mixed_labels(labels, others, shares)


def cutmix(
    images: Images, labels: Labels, rng: np.random.Generator, alpha: float = 1.0
) -> tuple[Images, Labels]:
    """Replace a rectangle of each image by the same one of another of the batch.

    Yun et al., 2019, "CutMix: Regularization Strategy to Train Strong Classifiers with
    Localizable Features", arXiv:1905.04899. The rectangle has the image's ratio, its area is
    from Beta(alpha, alpha), its middle anywhere; what sticks out is cut off, and labels are
    mixed by the area that is left.

    Args, returns: as `mixup`; alpha is 1 in the paper.
    """
    count, height, width = images.shape[:3]
    others = rng.permutation(count)
    mixed, shares = images.copy(), np.ones(count, np.float32)
    for place, other in enumerate(others):
        left, top, right, bottom = _rectangle(rng, alpha, height, width)
        mixed[place, top:bottom, left:right] = images[other, top:bottom, left:right]
        shares[place] = 1 - (right - left) * (bottom - top) / (height * width)
    return mixed, _mixed_labels(labels, others, shares)


def _rectangle(
    rng: np.random.Generator, alpha: float, height: int, width: int
) -> tuple[int, int, int, int]:
    side = math.sqrt(1 - rng.beta(alpha, alpha))
    tall, wide = int(height * side), int(width * side)
    middle_x, middle_y = int(rng.integers(width)), int(rng.integers(height))
    left, top = max(middle_x - wide // 2, 0), max(middle_y - tall // 2, 0)
    right = min(middle_x - wide // 2 + wide, width)
    return left, top, right, min(middle_y - tall // 2 + tall, height)


def _mixed_labels(labels: Labels, others: npt.NDArray[np.int64], shares: Labels) -> Labels:
    share = shares[:, None]
    return (share * labels + (1 - share) * labels[others]).astype(np.float32)
