"""Intervals and tests of accuracy, against SciPy."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from landmark_gui.core.intervals import Interval, mcnemar, paired, wilson


@given(st.integers(1, 2000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_wilson_is_that_of_scipy(counts: tuple[int, int]) -> None:
    right, total = counts
    expected = binomtest(right, total).proportion_ci(0.95, "wilson")
    found = wilson(right, total)
    assert (found.low, found.high) == pytest.approx((expected.low, expected.high), abs=1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_mcnemar_is_the_exact_sign_test(first: int, second: int) -> None:
    expected = binomtest(first, first + second, 0.5).pvalue if first + second else 1
    assert mcnemar(first, second) == pytest.approx(expected, rel=1e-9)


def test_only_common_examples_are_compared() -> None:
    first = {1: True, 2: True, 3: False, 4: True}
    second = {2: False, 3: True, 4: True, 5: False}
    found = paired(first, second)
    assert found is not None
    assert (found.examples, found.first_only, found.second_only, found.p) == (3, 1, 1, 1.0)
    assert paired({1: True}, {2: True}) is None


def test_intervals_overlap_where_they_touch() -> None:
    assert Interval(0.2, 0.5).overlaps(Interval(0.5, 0.7))
    assert not Interval(0.2, 0.4).overlaps(Interval(0.5, 0.7))
