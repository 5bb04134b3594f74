from __future__ import annotations

import numpy as np
import pytest

from landmark_gui.core.preprocess import to_input


@pytest.mark.parametrize("shape", [(300, 200), (20, 30), (7, 400), (1, 1), (64, 64)])
def test_any_crop_becomes_a_square_of_bytes(shape: tuple[int, int]) -> None:
    found = to_input(np.full((*shape, 3), (10, 20, 30), dtype=np.uint8), 64)
    assert (found.shape, found.dtype) == ((64, 64, 3), np.uint8)
    assert (found == (10, 20, 30)).all()
    assert found.flags.c_contiguous


def test_a_crop_of_the_right_size_is_left_as_it_is() -> None:
    crop = np.random.default_rng(0).integers(0, 256, (32, 32, 3), dtype=np.uint8)
    assert (to_input(crop, 32) == crop).all()


def test_shrinking_averages_what_falls_into_a_pixel() -> None:
    crop = np.random.default_rng(0).integers(0, 256, (64, 96, 3), dtype=np.uint8)
    blocks = crop.reshape(16, 4, 16, 6, 3).mean(axis=(1, 3))
    assert np.abs(to_input(crop, 16) - blocks).max() <= 0.51


def test_the_whole_crop_is_stretched_and_nothing_is_cut_off() -> None:
    crop = np.zeros((10, 100, 3), dtype=np.uint8)
    crop[:, 50:] = 200
    found = to_input(crop, 20)
    assert (found[:, :9] == 0).all() and (found[:, 11:] == 200).all()
