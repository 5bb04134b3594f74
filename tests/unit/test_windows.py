"""Windows of a search: shapes, grids, overlaps."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from landmark_gui.core.crops import Crop, CropSettings
from landmark_gui.core.geometry import Rect
from landmark_gui.core.windows import (
    BANDWIDTH,
    KEPT_SHAPES,
    UNHEARD_OF,
    around,
    grid,
    log_density,
    overlaps,
    shapes_of,
    tried,
    usual_shapes,
)


def crop(rect: Rect | None, size: tuple[int, int] = (200, 100)) -> Crop:
    return Crop(1, None, Path("a.jpg"), "", size, rect, "Tower", "train")


def test_shapes_are_those_of_the_boxes_without_their_margin() -> None:
    box = Rect(80, 30, 40, 20)
    for settings in (
        CropSettings(),
        CropSettings(margin=0.25),
        CropSettings(margin=5, margin_unit="pixels"),
    ):
        cut = crop(settings.rect(box, 200, 100))
        assert shapes_of([cut], settings) == [(0.2, 0.2)]
    assert shapes_of([crop(None)], CropSettings()) == [(1.0, 1.0)]


def test_many_shapes_are_thinned_out_evenly() -> None:
    crops = [crop(Rect(0, 0, 20 + i / 10, 50)) for i in range(1000)]
    kept = shapes_of(crops, CropSettings())
    assert len(kept) == KEPT_SHAPES
    assert kept[0][0] == pytest.approx(0.1) and kept[-1][0] == pytest.approx(0.6, abs=0.001)


def test_those_tried_stand_for_all_others() -> None:
    rng = np.random.default_rng(3)
    shapes = [tuple(row) for row in rng.uniform(0.2, 0.4, (200, 2))]
    found = tried(shapes)
    assert len(found) < 20 and set(found) <= set(shapes)


def test_a_grid_covers_the_photo_and_keeps_to_its_number() -> None:
    for shapes in ([(0.1, 0.9)], [(0.02, 0.02)], usual_shapes()):
        windows = grid(shapes, 300)
        assert windows[0].tolist() == [0, 0, 1, 1]
        assert len(windows) <= 300
        corners = windows[:, :2] + windows[:, 2:]
        assert windows.min() >= 0 and corners.max() <= 1 + 1e-6
        assert corners.max(axis=0).round(5).tolist() == [1, 1]


def test_windows_around_one_stay_inside() -> None:
    near = around(np.array([0.0, 0.0, 0.5, 1.0]), 0.2)
    assert near.min() >= 0 and (near[:, :2] + near[:, 2:]).max() <= 1 + 1e-9
    assert overlaps(near, np.array([[0.0, 0.0, 0.5, 1.0]])).min() > 0.5


def test_overlaps_count_pixels() -> None:
    """Against masks of a fine raster."""
    rng = np.random.default_rng(1)
    windows = np.column_stack([rng.integers(0, 50, (6, 2)), rng.integers(1, 50, (6, 2))]) / 100
    masks = np.zeros((6, 100, 100), bool)
    for mask, (x, y, w, h) in zip(masks, (windows * 100).round().astype(int), strict=True):
        mask[y : y + h, x : x + w] = True
    both = (masks[:, None] & masks[None]).sum(axis=(2, 3))
    either = (masks[:, None] | masks[None]).sum(axis=(2, 3))
    assert np.allclose(overlaps(windows, windows), both / either)


def test_the_density_is_that_of_gaussian_kernels() -> None:
    shapes = [(0.2, 0.8), (0.3, 0.5)]
    windows = np.array([[0.0, 0.0, 0.25, 0.6], [0.0, 0.0, 0.9, 0.1]])
    kernels = [multivariate_normal(np.log(shape), BANDWIDTH**2) for shape in shapes]
    top = kernels[0].pdf(kernels[0].mean)
    expected = np.mean([k.pdf(np.log(windows[:, 2:])) / top for k in kernels], axis=0)
    assert np.allclose(log_density(windows, shapes), np.log(expected + UNHEARD_OF))
