"""How well scores tell strangers, against a plain count of all pairs."""

from __future__ import annotations

import numpy as np
import pytest

from landmark_gui.core.operating import auroc, chosen_threshold, operating_points


def pairs(own: np.ndarray, strangers: np.ndarray) -> float:
    wins = sum(float(a > b) + 0.5 * float(a == b) for a in own for b in strangers)
    return wins / (len(own) * len(strangers))


@pytest.mark.parametrize("seed", range(4))
def test_the_area_is_the_share_of_pairs_in_the_right_order(seed: int):
    rng = np.random.default_rng(seed)
    own, strangers = rng.normal(1, 1, 40).round(1), rng.normal(0, 1, 25).round(1)  # with ties
    assert auroc(own, strangers) == pytest.approx(pairs(own, strangers))


def test_the_area_at_its_ends():
    assert auroc(np.array([0.8, 0.9]), np.array([0.1, 0.7])) == 1
    assert auroc(np.array([0.1]), np.array([0.7])) == 0
    assert auroc(np.array([0.5, 0.5]), np.array([0.5])) == 0.5


OWN = np.array([0.3, 0.5, 0.7, 0.9, 1.0])
STRANGERS = np.array([0.2, 0.3, 0.5, 0.8])


def test_points_are_what_the_thresholds_do():
    points = operating_points(OWN, STRANGERS)
    assert [point.threshold for point in points] == sorted({point.threshold for point in points})
    assert (points[0].threshold, points[-1].threshold) == (0, 1)
    for point in points:
        assert point.kept == pytest.approx((point.threshold <= OWN).mean())
        assert point.refused == pytest.approx((point.threshold > STRANGERS).mean())
    assert operating_points(OWN, STRANGERS[:0]) == operating_points(OWN[:0], STRANGERS) == ()


def test_thresholds_are_close_where_the_scores_are():
    points = operating_points(np.array([0.95, 0.97]), np.array([0.93, 0.96]))
    between = [point for point in points if 0.93 <= point.threshold <= 0.97]
    assert len(between) == len(points) - 2 > 90
    assert len({(point.kept, point.refused) for point in between}) == 4
    single = operating_points(np.array([1.0, 1.0]), np.array([1.0]))
    assert [(point.threshold, point.kept, point.refused) for point in single] == [
        (0, 1, 0),
        (1, 1, 0),
    ]


def test_the_threshold_has_the_largest_sum_and_lies_in_the_middle():
    points = operating_points(np.linspace(0.8, 1, 20), np.linspace(0, 0.6, 20))
    assert chosen_threshold(points) == pytest.approx(0.7, abs=0.02)


def test_own_photos_are_kept_whatever_strangers_call_for():
    own, strangers = np.linspace(0, 1, 100), np.full(50, 0.5)
    points = operating_points(own, strangers)
    assert chosen_threshold(points, least_kept=0) == pytest.approx(0.51, abs=0.011)
    strict = chosen_threshold(points, least_kept=0.9)
    assert strict <= 0.1 and (own >= strict).mean() >= 0.9
