from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
import pytest

from landmark_gui.core.augmentation import PRESETS, AugmentationConfig, augment, generator, warnings
from landmark_gui.core.augmentation.advice import coverage, mirrored_pairs

NONE = AugmentationConfig()


def test_settings_that_vary_nothing_cost_nothing():
    measured = coverage(NONE)
    assert (measured.lost, measured.invented) == (0, 0)
    assert warnings(NONE) == []
    assert warnings(PRESETS["gentle"]) == []
    assert warnings(PRESETS["buildings"]) == []


@pytest.mark.parametrize(
    ("config", "lost", "invented"),
    [
        # A shift of up to s one way uncovers s / 2 on average.
        (AugmentationConfig(width_shift_range=0.4), 0.0, 0.2),
        # Of 0.8 it loses more than half of the crop in 3 of 8 draws.
        (AugmentationConfig(height_shift_range=0.8), 0.375, 0.4),
        # Pixels, of 160.
        (AugmentationConfig(width_shift_range=64.0), 0.0, 0.2),
        # A list means its values: half of the crop twice, nothing once.
        (AugmentationConfig(width_shift_range=(0.0, 0.75)), 0.5, 0.375),
        # Enlarged twice each way a quarter is left; shrunk twice three quarters are border.
        (AugmentationConfig(zoom_range=(0.5, 0.5)), 1.0, 0.0),
        (AugmentationConfig(zoom_range=(2.0, 2.0)), 0.0, 0.75),
        (AugmentationConfig(horizontal_flip=True, vertical_flip=True), 0.0, 0.0),
        # A square turned by 0 to 45 degrees uncovers 1 - mean of its overlap with itself.
        (AugmentationConfig(rotation_range=45.0), 0.0, 0.117),
    ],
    ids=["across", "down", "pixels", "list", "enlarged", "shrunk", "flips", "turned"],
)
def test_shares_are_those_of_geometry(config, lost, invented):
    measured = coverage(config, 160, 2000)
    assert measured.lost == pytest.approx(lost, abs=0.03)
    assert measured.invented == pytest.approx(invented, abs=0.02)


def test_invented_pixels_are_those_that_a_white_crop_does_not_fill():
    config = replace(PRESETS["strong"], perspective=0.3, fill_mode="constant", cval=0.0)
    white = np.full((160, 160, 3), 255, np.uint8)
    shares = [(augment(white, config, generator(0, 0, i)) == 0).mean() for i in range(400)]
    assert coverage(config).invented == pytest.approx(np.mean(shares), abs=0.01)


def test_a_landmark_that_leaves_the_picture_is_told_with_its_share():
    (text,) = warnings(AugmentationConfig(height_shift_range=0.8, fill_mode="reflect"))[:1]
    assert "% of the draws less than half of the crop" in text
    assert 30 < float(text.split()[1]) < 45


@pytest.mark.parametrize(
    ("fill_mode", "words"),
    [
        ("nearest", "smeared"),
        ("constant", "one plain grey"),
        ("wrap", "a second time"),
        ("reflect", None),
    ],
)
def test_borders_are_told_in_the_words_of_their_fill(fill_mode, words):
    said = warnings(AugmentationConfig(width_shift_range=0.4, fill_mode=fill_mode))
    assert ([words in text for text in said] == [True]) if words else said == []


def test_a_vertical_flip_of_buildings_is_told():
    (text,) = warnings(AugmentationConfig(vertical_flip=True))
    assert "stands on its head" in text


def test_flips_are_told_for_mirrored_landmarks_and_for_lettering():
    known = {"mirrored": [("Left lion", "Right lion")], "lettered": ["Checkpoint Charlie"]}
    assert warnings(NONE, **known) == []
    mirrored, lettered = warnings(AugmentationConfig(horizontal_flip=True), **known)
    assert "Left lion" in mirrored and "Right lion" in mirrored
    assert "Checkpoint Charlie" in lettered
    upside_down, lettered = warnings(AugmentationConfig(vertical_flip=True), **known)
    assert "head" in upside_down and "Checkpoint Charlie" in lettered


def test_a_rescale_that_training_does_not_use_is_told():
    (text,) = warnings(AugmentationConfig(rescale=1 / 255))
    assert "0.00392157" in text


def picture(seed: int, view: int = 0) -> np.ndarray:
    """A drawn landmark, seen a little differently for each view."""
    shapes, light = np.random.default_rng(seed), np.random.default_rng(view)
    canvas = np.full((64, 64, 3), 120, np.uint8)
    for _ in range(9):
        corner, size = shapes.integers(0, 48, 2), shapes.integers(8, 30, 2)
        colour = shapes.integers(0, 256, 3).tolist()
        cv2.rectangle(canvas, corner.tolist(), (corner + size).tolist(), colour, -1)
    noisy = canvas + light.normal(0, 4, canvas.shape) + light.uniform(-10, 10)
    return np.clip(noisy, 0, 255).astype(np.uint8)


def test_landmarks_that_mirror_each_other_are_found():
    pictures = {
        "left": [picture(1, view) for view in range(4)],
        "right": [picture(1, view)[:, ::-1] for view in range(4, 8)],
        "other": [picture(2, view) for view in range(4)],
        "same as left": [picture(1, view) for view in range(8, 12)],
    }
    assert mirrored_pairs(pictures) == [("left", "right"), ("right", "same as left")]


def test_what_is_its_own_mirror_image_is_no_trap():
    half = picture(3)[:, :32]
    symmetric = np.hstack([half, half[:, ::-1]])
    assert mirrored_pairs({"a": [symmetric], "b": [symmetric], "none": []}) == []
