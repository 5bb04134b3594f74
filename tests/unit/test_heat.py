"""A heat map over its picture."""

from __future__ import annotations

import numpy as np
import pytest

from landmark_gui.core.heat import HeatMap, overlaid

GREY = np.full((40, 60, 3), 100, np.uint8)


def heat(*rows: list[float]) -> HeatMap:
    return HeatMap(np.array(rows, np.float32), "Tower")


def test_where_nothing_speaks_for_the_class_the_picture_stays():
    assert (overlaid(GREY, heat([0.0, 0.0], [0.0, 0.0])) == GREY).all()


def test_without_opacity_the_picture_stays():
    assert (overlaid(GREY, heat([1.0, 0.5], [0.0, 0.2]), opacity=0) == GREY).all()


def test_a_hot_cell_is_coloured_in_its_part_of_the_picture():
    picture = GREY.copy()
    shown = overlaid(picture, heat([0.0, 0.0], [0.0, 1.0]))
    changed = np.abs(shown.astype(int) - GREY).sum(axis=2)
    assert shown.shape == GREY.shape and shown.dtype == np.uint8
    assert changed[-1, -1] == changed.max() > 100
    assert changed[:10, :15].max() == 0
    assert (picture == GREY).all(), "the original was painted on"


def test_the_hottest_place_is_warm_in_colour_and_as_opaque_as_asked():
    full, half = (overlaid(GREY, heat([1.0]), share)[0, 0].astype(int) for share in (1, 0.5))
    red, _, blue = full
    assert red > blue + 50
    assert half == pytest.approx((full + 100) / 2, abs=1)


def test_between_cells_it_changes_evenly():
    """Against SciPy's linear interpolation between the centres of cells."""
    from scipy.interpolate import RegularGridInterpolator

    cells = np.random.default_rng(0).random((3, 4)).astype(np.float32)
    white, black = (
        overlaid(np.full((30, 40, 3), level, np.uint8), HeatMap(cells, "x"), 0.8).astype(int)
        for level in (255, 0)
    )
    seen_through = (white - black)[..., 1] / 255
    exact = RegularGridInterpolator((np.arange(3) * 10 + 4.5, np.arange(4) * 10 + 4.5), cells)
    inside = np.mgrid[5:25, 5:35]
    expected = 1 - 0.8 * exact(tuple(inside))
    assert seen_through[tuple(inside)] == pytest.approx(expected, abs=0.01)
