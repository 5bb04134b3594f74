from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.geometry import (
    Handle,
    Rect,
    bounding,
    drawn,
    handle_at,
    moved_together,
    reading_order,
    snap_shift,
)

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


ratios = st.floats(0.05, 20)
inside = st.builds(
    lambda x, y, w, h: Rect(x, y, min(w, 100 - x), min(h, 80 - y)),
    st.floats(0, 95),
    st.floats(0, 75),
    st.floats(0.5, 100),
    st.floats(0.5, 80),
)


@given(st.sampled_from(Handle), inside, numbers, numbers, st.none() | ratios, st.booleans())
def test_every_way_of_resizing_stays_inside_the_photo(
    handle: Handle, rect: Rect, x: float, y: float, ratio: float | None, centered: bool
) -> None:
    resized = rect.resized(handle, x, y, 100, 80, 3, ratio=ratio, centered=centered)
    assert resized.x >= 0 and resized.right <= 100 + 1e-9
    assert resized.y >= 0 and resized.bottom <= 80 + 1e-9
    assert resized.w >= 0 and resized.h >= 0
    if ratio is not None and min(resized.w, resized.h) > 0.01:
        assert resized.w / resized.h == pytest.approx(ratio, rel=1e-6)


@given(inside, numbers, numbers)
def test_resizing_about_the_middle_keeps_the_middle(rect: Rect, x: float, y: float) -> None:
    resized = rect.resized(Handle.SE, x, y, 100, 80, 3, centered=True)
    assert resized.center == pytest.approx(rect.center)


def test_a_ratio_is_kept_by_corners_and_sides() -> None:
    square = Rect(10, 10, 20, 20)
    assert square.resized(Handle.SE, 50, 20, 100, 100, ratio=1) == Rect(10, 10, 40, 40)
    assert square.resized(Handle.NW, 0, 20, 100, 100, ratio=1) == Rect(0, 0, 30, 30)
    assert square.resized(Handle.E, 40, 0, 100, 100, ratio=1) == Rect(10, 5, 30, 30)
    assert square.resized(Handle.SE, 90, 90, 100, 50, ratio=1) == Rect(10, 10, 40, 40)


def test_a_box_smaller_than_the_minimum_at_the_border_does_not_leave_the_photo() -> None:
    assert Rect(99, 99, 1, 1).resized(Handle.SE, 300, 300, 100, 100, 3) == Rect(99, 99, 1, 1)
    assert Rect(0, 0, 1, 1).resized(Handle.NW, -5, -5, 1, 1, 3) == Rect(0, 0, 1, 1)


@given(numbers, numbers, numbers, numbers, st.none() | ratios, st.booleans())
def test_what_is_drawn_lies_inside_and_has_its_ratio(
    x0: float, y0: float, x1: float, y1: float, ratio: float | None, centered: bool
) -> None:
    rect = drawn((x0, y0), (x1, y1), 100, 80, ratio=ratio, centered=centered)
    assert rect.x >= 0 and rect.right <= 100 + 1e-9
    assert rect.y >= 0 and rect.bottom <= 80 + 1e-9
    if ratio is not None and min(rect.w, rect.h) > 0.01:
        assert rect.w / rect.h == pytest.approx(ratio, rel=1e-6)


def test_drawing_may_start_outside_and_be_square_or_about_the_middle() -> None:
    assert drawn((-20, -20), (30, 10), 100, 80) == Rect(0, 0, 30, 10)
    assert drawn((10, 10), (30, 20), 100, 80, ratio=1) == Rect(10, 10, 20, 20)
    assert drawn((50, 40), (20, 30), 100, 80, ratio=1) == Rect(20, 10, 30, 30)
    assert drawn((50, 40), (60, 45), 100, 80, centered=True) == Rect(40, 35, 20, 10)
    assert drawn((95, 40), (60, 45), 100, 80, centered=True) == Rect(90, 35, 10, 10)


def test_several_stop_together_at_the_border() -> None:
    pair = [Rect(10, 10, 10, 10), Rect(60, 40, 20, 20)]
    assert moved_together(pair, 50, -5, 100, 80) == [Rect(30, 5, 10, 10), Rect(80, 35, 20, 20)]
    assert moved_together([], 5, 5, 100, 80) == []
    assert bounding(pair) == Rect(10, 10, 70, 50)
    assert bounding([]) is None


def test_the_nearest_line_within_reach_catches() -> None:
    assert snap_shift((10, 30), (12, 29), 5) == -1
    assert snap_shift((10,), (20,), 5) == 0
    assert snap_shift((10,), (), 5) == 0


def test_reading_order_goes_row_by_row() -> None:
    rects = {
        "right": Rect(60, 8, 20, 20),
        "left": Rect(5, 12, 20, 20),
        "below": Rect(30, 50, 20, 20),
    }
    assert reading_order(rects) == ["left", "right", "below"]


def test_a_rectangle_from_a_larger_photo_is_brought_inside() -> None:
    assert Rect(300, 200, 40, 40).within(100, 80) == Rect(60, 40, 40, 40)
    assert Rect(300, 200, 400, 40).within(100, 80) == Rect(0, 40, 100, 40)
