from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.geometry import Handle, Rect, handle_at

numbers = st.floats(-500, 500)
rects = st.builds(Rect.from_points, numbers, numbers, numbers, numbers)


@given(rects)
def test_a_clamped_rectangle_lies_inside_the_photo(rect: Rect) -> None:
    inside = rect.clamped(100, 80)
    assert 0 <= inside.x <= inside.right <= 100
    assert 0 <= inside.y <= inside.bottom <= 80


@given(rects, numbers, numbers)
def test_a_moved_rectangle_keeps_its_size_and_stays_inside(
    rect: Rect, dx: float, dy: float
) -> None:
    start = rect.clamped(100, 80)
    moved = start.moved(dx, dy, 100, 80)
    assert (moved.w, moved.h) == (start.w, start.h)
    assert moved.x >= 0 and moved.right <= 100 + 1e-9
    assert moved.y >= 0 and moved.bottom <= 80 + 1e-9


@given(st.sampled_from(Handle), numbers, numbers)
def test_a_resized_rectangle_stays_inside_and_keeps_a_minimum(
    handle: Handle, x: float, y: float
) -> None:
    resized = Rect(20, 20, 30, 30).resized(handle, x, y, 100, 80, min_size=3)
    assert resized.w >= 3 and resized.h >= 3
    assert resized.x >= 0 and resized.right <= 100 and resized.y >= 0 and resized.bottom <= 80


def test_resizing_leaves_the_opposite_corner_alone() -> None:
    assert Rect(10, 10, 20, 20).resized(Handle.SE, 50, 60, 100, 100) == Rect(10, 10, 40, 50)
    assert Rect(10, 10, 20, 20).resized(Handle.NW, 5, 6, 100, 100) == Rect(5, 6, 25, 24)
    assert Rect(10, 10, 20, 20).resized(Handle.E, 50, 0, 100, 100) == Rect(10, 10, 40, 20)


@pytest.mark.parametrize(
    ("point", "handle"),
    [
        ((10, 10), Handle.NW),
        ((20, 10), Handle.N),
        ((31, 29), Handle.SE),
        ((20, 20), None),
        ((50, 10), None),
    ],
)
def test_corners_are_hit_before_sides(point: tuple[float, float], handle: Handle | None) -> None:
    assert handle_at(Rect(10, 10, 20, 20), *point, tolerance=2) == handle


def test_a_margin_grows_each_side() -> None:
    assert Rect(10, 20, 30, 40).expanded(0.1) == Rect(7, 16, 36, 48)
