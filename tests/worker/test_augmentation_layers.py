"""Mixup, cutmix, erasing and perspective against Keras' layers, for the same drawn numbers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from landmark_gui.core.augmentation import (
    AugmentationConfig,
    AugmentationParameters,
    apply,
    batch_generator,
    draw,
    generator,
    warp,
)
from landmark_gui.core.augmentation.extras import perspective
from landmark_gui.core.augmentation.mixing import cutmix, mixup

pytestmark = pytest.mark.slow

COUNT, CLASSES = 12, 5


@pytest.fixture(scope="module")
def layers():
    import keras

    return keras.layers


@pytest.fixture
def batch() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(0)
    images = rng.integers(0, 256, (COUNT, 40, 30, 3)).astype(np.float32)
    return images, np.eye(CLASSES, dtype=np.float32)[rng.integers(CLASSES, size=COUNT)]


def test_mixup_is_keras_own(layers, batch):
    images, labels = batch
    mixed, mixed_labels = mixup(images, labels, batch_generator(1, 2, 3), 0.4)
    again = batch_generator(1, 2, 3)  # what mixup drew, in its order
    drawn = {"permutation_order": again.permutation(COUNT)}
    drawn["mix_weight"] = again.beta(0.4, 0.4, COUNT).astype(np.float32)
    layer = layers.MixUp(alpha=0.4)
    assert np.allclose(mixed, layer.transform_images(images, drawn), atol=1e-3)
    assert np.allclose(mixed_labels, layer.transform_labels(labels, drawn), atol=1e-6)


def test_cutmix_is_keras_own(layers, batch):
    """The rectangles are found where ours pasted, so each label follows from pixels alone."""
    images, labels = batch
    mixed, mixed_labels = cutmix(images, labels, batch_generator(1, 2, 3))
    order = batch_generator(1, 2, 3).permutation(COUNT)
    corners = []
    for place in range(COUNT):
        rows, columns = (mixed[place] != images[place]).any(axis=2).nonzero()
        pasted = len(rows) > 0  # none where an image met itself, or for an empty rectangle
        sides = (columns.min(), columns.max() + 1, rows.min(), rows.max() + 1) if pasted else ()
        corners.append(sides or (0, 0, 0, 0))
    layer = layers.CutMix()
    box = tuple(np.array(side, np.float32) for side in zip(*corners, strict=True))
    masks, weight = layer._generate_batch_mask(images.shape, box)
    drawn = {"permutation_order": order, "batch_masks": masks, "mix_weight": weight}
    assert np.array_equal(mixed, layer.transform_images(images, drawn))
    keras_labels = np.asarray(layer.transform_labels(labels, drawn))
    assert sum(corner != (0, 0, 0, 0) for corner in corners) > 6
    assert np.allclose(mixed_labels, keras_labels, atol=1e-6)


def test_erasing_is_keras_own_but_for_the_noise(layers, batch):
    image = batch[0][0].astype(np.uint8)
    config = AugmentationConfig(erasing=1.0)
    for index in range(20):
        drawn = draw(config, 40, 30, generator(0, 0, index))
        left, top, wide, tall, _ = drawn.steps[0].values
        ours = apply(image, drawn, config)
        layer = layers.RandomErasing()
        box = (np.array([side], np.float32) for side in (left, left + wide, top, top + tall))
        expected = layer.transform_images(
            image[None],
            {
                "batch_masks": layer._generate_batch_mask((1, 40, 30, 3), tuple(box)),
                "apply_erasing": np.array([True]),
                "fill_value": ours[None].astype(np.float32),
            },
        )
        assert np.array_equal(ours, np.asarray(expected)[0])


@pytest.mark.parametrize("index", range(5))
def test_perspective_is_keras_own(layers, index):
    """Inside the image; beyond it Keras fills in another way. Its float32 solves the matrix."""
    rows, columns = np.indices((60, 80))
    image = np.stack([rows * 4, columns * 3, rows + columns], axis=2).astype(np.uint8)
    square = perspective(0.5, 60, 80, generator(0, 0, index))
    corners = np.array([[[0, 0], [79, 0], [0, 59], [79, 59]]], np.float64)
    moved = cv2.perspectiveTransform(corners, np.linalg.inv(square))
    layer = layers.RandomPerspective(factor=1.0)
    expected = layer.transform_images(
        image[None].astype(np.float32),
        {
            "apply_perspective": np.array([True]),
            "start_points": corners.astype(np.float32),
            "end_points": moved.astype(np.float32),
            "input_shape": (1, 60, 80, 3),
        },
    )
    view = tuple(map(tuple, square.tolist()))
    ours = warp(image, AugmentationParameters(view=view), AugmentationConfig()).astype(int)
    source = cv2.perspectiveTransform(
        np.stack([columns, rows], axis=2).reshape(1, -1, 2).astype(np.float64), square
    )
    x, y = source[0].T.reshape(2, 60, 80)
    inside = (x > 1) & (y > 1) & (x < 78) & (y < 58)
    assert inside.mean() > 0.4
    assert np.abs(ours - np.asarray(expected)[0])[inside].max() <= 1
