"""Mixup and cutmix: labels say what the pixels show. Keras' layers stand in tests/worker."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.stats
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.augmentation import AugmentationConfig, batch_generator
from landmark_gui.core.augmentation.mixing import cutmix, mix, mixup


def plain_batch(count: int, dtype: type = np.float32) -> tuple[np.ndarray, np.ndarray]:
    """Image i is all of level i, and of class i: pixels can be read as labels."""
    images = np.ones((count, 12, 10, 3), dtype) * np.arange(count, dtype=dtype)[:, None, None, None]
    return images, np.eye(count, dtype=np.float32)


@pytest.mark.parametrize("mixed_by", [mixup, cutmix])
@given(count=st.integers(1, 9), seed=st.integers(0, 1000), alpha=st.floats(0.05, 5))
def test_labels_are_mixed_by_the_share_of_the_pixels(mixed_by, count, seed, alpha):
    images, labels = plain_batch(count)
    before = images.copy(), labels.copy()
    mixed, mixed_labels = mixed_by(images, labels, batch_generator(seed, 0, 0), alpha)
    assert mixed.shape == images.shape and mixed_labels.shape == labels.shape
    assert mixed.dtype == mixed_labels.dtype == np.float32
    assert np.allclose(mixed_labels.sum(axis=1), 1, atol=1e-5)
    assert np.allclose(mixed_labels @ np.arange(count), mixed.mean(axis=(1, 2, 3)), atol=1e-4)
    assert np.array_equal(images, before[0]) and np.array_equal(labels, before[1])


@given(seed=st.integers(0, 1000))
def test_cutmix_pastes_one_rectangle_of_one_other_image(seed):
    images, labels = plain_batch(5)
    mixed, _ = cutmix(images, labels, batch_generator(seed, 0, 0))
    for place, image in enumerate(mixed):
        pasted = (image[:, :, 0] != place).nonzero()
        others = set(image[pasted].ravel().tolist())
        assert len(others) <= 1
        if others:
            tall, wide = (np.ptp(axis) + 1 for axis in pasted)
            assert len(pasted[0]) == tall * wide


def test_shares_have_the_published_distributions():
    images, labels = plain_batch(2)
    for alpha in (0.2, 1.0):
        shares, areas = [], []
        for step in range(1500):
            _, mixed = mixup(images, labels, batch_generator(0, 0, step), alpha)
            shares += mixed.max(axis=1).tolist() if mixed[0, 0] != 1 else []
            wide = np.zeros((2, 64, 64, 3), np.float32)
            _, cut = cutmix(wide, labels, batch_generator(0, 0, step), alpha)
            areas.append(float(cut[0, 1]))
        folded = np.maximum(
            *(lambda b: (b, 1 - b))(np.random.default_rng(0).beta(alpha, alpha, 3000))
        )
        assert scipy.stats.ks_2samp(shares, folded, method="asymp").pvalue > 0.001
        assert 0.05 < np.mean(areas) < 0.25  # half of the pairs are with themselves


def test_whole_levels_are_rounded():
    images, labels = plain_batch(7, np.uint8)
    images = images * 30
    for mixed_by in (mixup, cutmix):
        mixed, shares = mixed_by(images, labels, batch_generator(3, 1, 2))
        assert mixed.dtype == np.uint8
        levels = shares @ np.arange(7) * 30
        assert np.abs(mixed.mean(axis=(1, 2, 3)) - levels).max() <= 0.51


def test_a_config_chooses_and_both_take_turns():
    images, labels = plain_batch(6)

    def mixed(**alphas: float) -> list[np.ndarray]:
        config = AugmentationConfig(**alphas)
        return [mix(images, labels, config, batch_generator(0, 0, n))[0] for n in range(40)]

    def blended(batch: np.ndarray) -> bool:
        return bool((batch != np.rint(batch)).any())

    assert all(np.array_equal(batch, images) for batch in mixed())
    assert all(map(blended, mixed(mixup_alpha=1.0)))
    assert not any(map(blended, mixed(cutmix_alpha=1.0)))
    assert 8 < sum(map(blended, mixed(mixup_alpha=1.0, cutmix_alpha=1.0))) < 32


def test_a_batch_repeats_itself():
    images, labels = plain_batch(6)
    for mixed_by in (mixup, cutmix):
        first, again, other = (
            mixed_by(images, labels, batch_generator(0, 0, step)) for step in (4, 4, 5)
        )
        assert np.array_equal(first[0], again[0]) and np.array_equal(first[1], again[1])
        assert not np.array_equal(first[1], other[1])
