"""Rounds of a study: who is learned from, who steers, who is measured on."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.studies.rounds import fold_count, round_of

Examples = tuple[np.ndarray, list[int]]


@st.composite
def examples(draw: st.DrawFn) -> Examples:
    """Labels and groups: each group is of one landmark, each of 2 to 4 landmarks has 2 to 9."""
    labels, groups = [], []
    for landmark in range(draw(st.integers(2, 4))):
        for size in draw(st.lists(st.integers(1, 4), min_size=2, max_size=9)):
            labels += [landmark] * size
            groups += [len(set(groups)) + 10] * size
    return np.array(labels), groups


def names(labels: np.ndarray) -> list[str]:
    return [f"landmark {number}" for number in range(int(labels.max()) + 1)]


@given(examples(), st.integers(0, 12), st.sampled_from([0.0, 0.1, 0.18, 0.5]), st.integers(0, 3))
def test_groups_stay_whole_and_every_landmark_can_be_learned(
    made: Examples, number: int, share: float, seed: int
) -> None:
    labels, groups = made
    folds = fold_count(labels, groups, names(labels))
    found = round_of(number, labels, groups, folds, seed, share)
    train, validation, held = found.masks(groups)
    assert (train.astype(int) + validation + held == 1).all()
    assert held.any() and set(labels[train]) == set(labels)
    for part in (validation, held):
        inside = {group for group, there in zip(groups, part, strict=True) if there}
        assert all(there for group, there in zip(groups, part, strict=True) if group in inside)
    if not share:
        assert not validation.any()
    assert found == round_of(number, labels, groups, folds, seed, share)


@given(examples(), st.integers(0, 3))
def test_the_rounds_of_a_cross_validation_measure_everything_once(
    made: Examples, seed: int
) -> None:
    labels, groups = made
    folds = fold_count(labels, groups, names(labels))
    for first in (0, folds):
        held = [
            round_of(number, labels, groups, folds, seed, 0.2).masks(groups)[2]
            for number in range(first, first + folds)
        ]
        assert (np.sum(held, axis=0) == 1).all()


def test_another_repetition_and_another_seed_draw_other_folds() -> None:
    labels, groups = np.arange(40) % 2, list(range(40))
    drawn = [round_of(number, labels, groups, 5, seed, 0.2) for number, seed in ((0, 0), (5, 0))]
    assert drawn[0].held != drawn[1].held
    assert round_of(0, labels, groups, 5, 1, 0.2).held == drawn[1].held


def test_validation_is_about_the_share_asked_for() -> None:
    labels, groups = np.arange(100) % 2, list(range(100))
    train, validation, held = round_of(3, labels, groups, 5, 0, 0.15 / 0.85).masks(groups)
    assert (held.sum(), validation.sum(), train.sum()) == (20, 14, 66)
    assert np.bincount(labels[validation]).tolist() == [7, 7]


def test_landmarks_whose_photos_all_belong_together_are_named() -> None:
    labels = np.array([0, 0, 0, 1, 1, 2, 2])
    with pytest.raises(DatasetError, match=r"All photos of Petra belong together"):
        fold_count(labels, [1, 1, 1, 2, 3, 4, 5], ["Petra", "Dome", "Gate"])
    with pytest.raises(DatasetError, match=r"Petra, Gate"):
        fold_count(labels, [1, 1, 1, 2, 3, 4, 4], ["Petra", "Dome", "Gate"])


def test_one_landmark_is_nothing_to_tell_apart() -> None:
    with pytest.raises(DatasetError, match="two landmarks"):
        fold_count(np.zeros(4, int), [1, 2, 3, 4], ["Petra"])


def test_few_groups_make_fewer_folds() -> None:
    labels = np.array([0, 0, 1, 1])
    assert fold_count(labels, [1, 2, 3, 4], ["A", "B"]) == 4
    assert fold_count(np.repeat([0, 1], 10), list(range(20)), ["A", "B"]) == 5
