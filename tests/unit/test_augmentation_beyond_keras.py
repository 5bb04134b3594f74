"""Perspective, RandAugment, jitter, blur, JPEG, erasing: against Pillow, SciPy and the papers."""

from __future__ import annotations

import io
import math
from dataclasses import replace

import cv2
import numpy as np
import pytest
import scipy.ndimage
from PIL import Image, ImageEnhance, ImageOps

from landmark_gui.core.augmentation import (
    FILL_MODES,
    AugmentationConfig,
    AugmentationParameters,
    Step,
    apply,
    augment,
    draw,
    generator,
    matrix,
    warp,
)
from landmark_gui.core.augmentation.extras import perspective
from landmark_gui.core.augmentation.randaugment import MOVES, OPERATIONS, move, step

NONE = AugmentationConfig()
RANDAUGMENT = AugmentationConfig(randaugment_count=2, randaugment_magnitude=10)


def photo(height: int = 60, width: int = 80) -> np.ndarray:
    """Smooth, as photos are, in all colours."""
    random = np.random.default_rng(4).uniform(0, 255, (height, width, 3))
    blurred = scipy.ndimage.gaussian_filter(random, (4, 4, 0))
    low, high = blurred.min(), blurred.max()
    return ((blurred - low) / (high - low) * 255).astype(np.uint8)


def done(image: np.ndarray, *steps: Step) -> np.ndarray:
    return apply(image, AugmentationParameters(steps=steps), NONE)


def view_of(square: np.ndarray) -> AugmentationParameters:
    return AugmentationParameters(view=tuple(map(tuple, square.tolist())))


# The one warp


def pillow_warp(image: np.ndarray, square: np.ndarray) -> np.ndarray:
    """Pillow counts from the corner of a pixel, we from its middle."""
    half = np.array(((1, 0, 0.5), (0, 1, 0.5), (0, 0, 1)))
    moved = half @ square @ np.linalg.inv(half)
    coefficients = (moved / moved[2, 2]).ravel()[:8].tolist()
    picture = Image.fromarray(image)
    size, how = picture.size, Image.Transform.PERSPECTIVE
    return np.asarray(picture.transform(size, how, coefficients, Image.Resampling.BILINEAR))


def well_inside(square: np.ndarray, height: int, width: int) -> np.ndarray:
    rows, columns = np.indices((height, width))
    x, y, scale = np.tensordot(square, np.stack([columns, rows, np.ones_like(rows)]), 1)
    x, y = x / scale, y / scale
    return (x > 1) & (y > 1) & (x < width - 2) & (y < height - 2)


@pytest.mark.parametrize("index", range(20))
def test_perspective_is_pillows(index):
    image = photo()
    square = perspective(0.8, 60, 80, generator(0, 0, index))
    inside = well_inside(square, 60, 80)
    ours = warp(image, view_of(square), NONE).astype(int)
    assert inside.mean() > 0.2
    assert np.abs(ours - pillow_warp(image, square))[inside].max() <= 1


@pytest.mark.parametrize("name", MOVES)
@pytest.mark.parametrize("strength", [-1.0, -0.3, 0.5, 1.0])
def test_a_move_of_randaugment_is_pillows(name, strength):
    image, square = photo(), move(name, strength, 60, 80)
    inside = well_inside(square, 60, 80)
    ours = warp(image, view_of(square), NONE).astype(int)
    assert inside.mean() > 0.2
    assert np.abs(ours - pillow_warp(image, square))[inside].max() <= 1


def test_moves_reach_as_far_as_published():
    """AutoAugment, table 6: 30 degrees, a shear of 0.3, 150 of 331 pixels."""
    assert np.allclose(move("rotate", 1, 60, 80)[:2, :2], [[0.75**0.5, -0.5], [0.5, 0.75**0.5]])
    assert np.allclose(move("shear_x", 1, 60, 80)[:2, :2], [[1, 0.3], [0, 1]])
    assert np.allclose(move("shear_y", -1, 60, 80)[:2, :2], [[1, 0], [-0.3, 1]])
    assert np.allclose(move("translate_x", 1, 331, 331)[:, 2], [150, 0, 1])
    assert np.allclose(move("translate_y", -0.5, 331, 331)[:, 2], [0, -75, 1])
    for name in MOVES:
        assert np.allclose(move(name, 0, 60, 80), np.eye(3))


@pytest.mark.parametrize("fill_mode", FILL_MODES)
def test_keras_part_and_the_view_are_one_warp(fill_mode):
    """Its matrix is the product, and the warp goes where the matrix says."""
    config = AugmentationConfig(rotation_range=30.0, perspective=0.5, fill_mode=fill_mode)
    for index in range(20):
        drawn = draw(config, 60, 80, generator(2, 0, index))
        keras = np.vstack((matrix(replace(drawn, view=None), 60, 80), (0, 0, 1)))
        whole = matrix(drawn, 60, 80)
        assert np.allclose(whole, keras @ np.array(drawn.view))
        inside, image = well_inside(whole, 60, 80), photo()
        ours = warp(image, drawn, config).astype(int)
        assert np.abs(ours - pillow_warp(image, whole))[inside].max() <= 1


def test_perspective_moves_corners_inwards_by_at_most_half_of_it():
    for index in range(200):
        square = perspective(0.6, 101, 201, generator(0, 1, index))
        corners = np.array([[[0, 0], [200, 0], [200, 100], [0, 100]]], np.float64)
        moved = cv2.perspectiveTransform(corners, np.linalg.inv(square))[0]
        inwards = np.abs(moved - corners[0]) / (200, 100)
        assert inwards.max() <= 0.3 + 1e-6
        assert (moved >= -1e-3).all() and (moved <= (200.001, 100.001)).all()


# Steps


ENHANCERS = {
    "brightness": ImageEnhance.Brightness,
    "contrast": ImageEnhance.Contrast,
    "color": ImageEnhance.Color,
    "sharpness": ImageEnhance.Sharpness,
}


@pytest.mark.parametrize("name", ENHANCERS)
def test_factors_of_randaugment_are_those_published(name):
    """0.1 to 1.9 at magnitude 10, no change at 0."""
    image = photo()
    for strength, factor in [(1.0, 1.9), (-1.0, 0.1), (0.5, 1.45), (0.0, 1.0)]:
        expected = ENHANCERS[name](Image.fromarray(image)).enhance(factor)
        assert np.array_equal(done(image, step(name, strength)), expected)


def test_other_operations_of_randaugment_are_those_published():
    image = photo()
    picture = Image.fromarray(image)
    assert np.array_equal(done(image, step("posterize", -1)), ImageOps.posterize(picture, 4))
    assert np.array_equal(done(image, step("solarize", 1)), 255 - image)
    assert np.array_equal(done(image, step("solarize", 0.5)), np.where(image < 128, image, ~image))
    assert np.array_equal(done(image, step("autocontrast", 1)), ImageOps.autocontrast(picture))
    assert np.array_equal(done(image, step("equalize", 1)), ImageOps.equalize(picture))
    for unchanged in ("posterize", "solarize"):
        assert np.array_equal(done(image, step(unchanged, 0)), image)


def test_randaugment_draws_each_of_the_14_operations_as_often():
    """All 14 of the paper; a share of 1/14 of 6000 draws has a deviation of 20."""
    assert len(set(OPERATIONS)) == 14
    counts = {"moved": 0, "none": 0}
    one = replace(RANDAUGMENT, randaugment_count=1)
    for index in range(6000):
        drawn = draw(one, 60, 80, generator(9, 0, index))
        name = "moved" if drawn.view else drawn.steps[0].name if drawn.steps else "none"
        counts[name] = counts.get(name, 0) + 1
    moved = counts.pop("moved")
    assert len(counts) == 9
    assert abs(moved - 6000 * 5 / 14) < 160
    assert all(abs(count - 6000 / 14) < 80 for count in counts.values())


def test_randaugment_does_as_many_as_asked_and_none_of_strength_nothing():
    image = photo()
    for count in (1, 2, 5):
        config = AugmentationConfig(randaugment_count=count)
        most = max(len(draw(config, 60, 80, generator(0, 0, i)).steps) for i in range(400))
        assert most == count
    weak = AugmentationConfig(randaugment_count=3, randaugment_magnitude=0)
    unchanging = {"autocontrast", "equalize"}  # these have no strength
    for index in range(60):
        drawn = draw(weak, 60, 80, generator(0, 0, index))
        if not unchanging & {made.name for made in drawn.steps}:
            assert np.array_equal(apply(image, drawn, weak), image)


def test_the_jitter_stays_in_its_range_and_comes_in_any_order():
    config = AugmentationConfig(
        jitter_brightness=0.2, jitter_contrast=0.3, jitter_saturation=1.5, jitter_hue=0.1
    )
    ranges = {
        "brightness": (0.8, 1.2),
        "contrast": (0.7, 1.3),
        "saturation": (0, 2.5),
        "hue": (-0.1, 0.1),
    }
    orders, values = set(), {name: [] for name in ranges}
    for index in range(400):
        steps = draw(config, 9, 9, generator(0, 0, index)).steps
        orders.add(tuple(made.name for made in steps))
        for made in steps:
            values[made.name].append(made.values[0])
    assert len(orders) == 24
    for name, (low, high) in ranges.items():
        assert low <= min(values[name]) < low + 0.05 * (high - low)
        assert high - 0.05 * (high - low) < max(values[name]) <= high
    alone = draw(AugmentationConfig(jitter_contrast=0.3), 9, 9, generator(0, 0, 0)).steps
    assert [made.name for made in alone] == ["contrast"]


def test_a_hue_is_turned_round_the_colour_circle():
    red = np.full((4, 4, 3), (200, 20, 20), np.uint8)
    for turn, expected in [(1 / 3, (20, 200, 20)), (-1 / 3, (20, 20, 200)), (0.0, (200, 20, 20))]:
        assert (
            np.abs(done(red, Step("hue", (turn,))).astype(int) - expected).max() <= 6
        )  # one of 256 hues
    grey = np.full((4, 4, 3), 90, np.uint8)
    assert np.array_equal(done(grey, Step("hue", (0.4,))), grey)


@pytest.mark.parametrize("turn", [-0.5, -0.2, 0.03, 0.3])
def test_a_turned_hue_is_pillows(turn):
    """Both have 256 hues, six levels apart in pure colours, and Pillow rounds them down."""
    image = photo()
    hue, saturation, value = Image.fromarray(image).convert("HSV").split()
    turned = hue.point([(level + round(turn * 256)) % 256 for level in range(256)])
    expected = np.asarray(Image.merge("HSV", (turned, saturation, value)).convert("RGB"))
    difference = np.abs(done(image, Step("hue", (turn,))).astype(int) - expected)
    assert difference.max() <= 12 and difference.mean() <= 2


@pytest.mark.parametrize("sigma", [0.3, 0.8, 2.0, 5.0])
def test_the_blur_is_scipys(sigma):
    image = np.random.default_rng(1).integers(0, 256, (60, 80, 3), np.uint8)
    ours = done(image, Step("blur", (sigma,))).astype(float)
    theirs = scipy.ndimage.gaussian_filter(
        image.astype(float), (sigma, sigma, 0), mode="mirror", truncate=4
    )
    # OpenCV ends its kernel at 3 sigma in uint8 and has weights of 1/256.
    assert np.abs(ours - theirs).max() <= 3
    assert np.abs(ours - theirs).mean() <= 0.7


def test_hardly_any_blur_changes_nothing():
    image = photo()
    assert np.array_equal(done(image, Step("blur", (0.0,))), image)


@pytest.mark.parametrize("quality", [5, 30, 60, 95])
def test_a_jpeg_is_as_pillow_would_write_it(quality):
    image, data = photo(), io.BytesIO()
    Image.fromarray(image).save(data, "JPEG", quality=quality)
    difference = np.abs(done(image, Step("jpeg", (quality,))).astype(int) - Image.open(data))
    assert difference.mean() <= 0.5
    assert difference.max() <= 6


def test_jpeg_qualities_are_drawn_between_both_ends():
    config = AugmentationConfig(jpeg_quality=(40, 44))
    drawn = {draw(config, 9, 9, generator(0, 0, index)).steps[0].values for index in range(200)}
    assert drawn == {(quality,) for quality in range(40, 45)}


def test_one_rectangle_of_the_published_shape_is_erased():
    """Zhong et al.: area 0.02 to 0.4 of the image, height 0.3 to 3.3 of the width."""
    image, config = photo(), AugmentationConfig(erasing=1.0)
    shares = []
    for index in range(300):
        drawn = draw(config, 60, 80, generator(0, 0, index))
        ((name, (left, top, wide, tall, _)),) = drawn.steps
        made = apply(image, drawn, config)
        outside = np.ones((60, 80), bool)
        outside[top : top + tall, left : left + wide] = False
        assert name == "erase" and left + wide <= 80 and top + tall <= 60
        assert np.array_equal(made[outside], image[outside])
        assert (made[~outside] != image[~outside]).mean() > 0.9
        assert 0.25 <= tall / wide <= 4
        shares.append(tall * wide / 4800)
    assert 0.018 <= min(shares) < 0.05 and 0.33 < max(shares) <= 0.41


def test_erasing_happens_as_often_as_asked():
    config = AugmentationConfig(erasing=0.3)
    drawn = sum(bool(draw(config, 60, 80, generator(0, 0, i)).steps) for i in range(1000))
    assert abs(drawn - 300) < 60
    areas = replace(config, erasing=1.0, erasing_area=(0.1, 0.1))
    (erased,) = draw(areas, 100, 100, generator(0, 0, 0)).steps
    assert math.isclose(erased.values[2] * erased.values[3], 1000, rel_tol=0.05)


def test_everything_comes_in_the_order_of_a_camera():
    config = AugmentationConfig(
        jitter_hue=0.1, randaugment_count=14, blur=1.0, jpeg_quality=(50, 90), erasing=1.0
    )
    names = [made.name for made in draw(config, 60, 80, generator(0, 0, 0)).steps]
    assert names[0] == "hue" and names[-3:] == ["blur", "jpeg", "erase"]
    assert len(names) > 5


@pytest.mark.parametrize(
    "setting",
    [
        {"perspective": 0.3},
        {"randaugment_count": 2},
        {"jitter_brightness": 0.5},
        {"jitter_hue": 0.2},
        {"blur": 3.0},
        {"jpeg_quality": (10, 20)},
        {"erasing": 1.0},
    ],
    ids=str,
)
def test_each_changes_the_picture_repeats_itself_and_is_off_by_default(setting):
    image, config = photo(), AugmentationConfig(**setting)
    made = [augment(image, config, generator(0, 0, index)) for index in range(8)]
    again = [augment(image, config, generator(0, 0, index)) for index in range(8)]
    assert all(np.array_equal(a, b) for a, b in zip(made, again, strict=True))
    assert sum(not np.array_equal(a, image) for a in made) >= 6
    assert all(a.shape == image.shape and a.dtype == np.uint8 for a in made)
    assert config.beyond_keras and not NONE.beyond_keras
