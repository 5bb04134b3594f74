from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.folds import grouped_folds

Examples = tuple[np.ndarray, list[int]]


@st.composite
def examples(draw: st.DrawFn) -> Examples:
    """Labels and groups, in at least two groups."""
    count = draw(st.integers(2, 60))
    labels = draw(st.lists(st.integers(0, 4), min_size=count, max_size=count))
    groups = draw(st.lists(st.integers(0, 20), min_size=count, max_size=count))
    groups[0], groups[1] = 98, 99
    return np.array(labels), groups


@given(examples(), st.integers(2, 6), st.integers(0, 5))
def test_groups_stay_whole_and_no_fold_is_empty(made: Examples, folds: int, seed: int) -> None:
    labels, groups = made
    found = grouped_folds(labels, groups, folds, seed)
    assert len(set(zip(groups, found.tolist(), strict=True))) == len(set(groups))
    assert set(found.tolist()) == set(range(min(folds, len(set(groups)))))


@given(examples(), st.integers(2, 6), st.integers(0, 5))
def test_the_same_seed_gives_the_same_folds_whatever_groups_are_called(
    made: Examples, folds: int, seed: int
) -> None:
    labels, groups = made
    renamed = [f"group {99 - group}" for group in groups]
    np.testing.assert_array_equal(
        grouped_folds(labels, groups, folds, seed), grouped_folds(labels, renamed, folds, seed)
    )


@given(examples(), st.integers(2, 6), st.integers(0, 5))
def test_classes_are_spread_evenly_where_groups_allow(
    made: Examples, folds: int, seed: int
) -> None:
    labels, _ = made
    found = grouped_folds(labels, range(len(labels)), folds, seed)
    for label in set(labels.tolist()):
        sizes = Counter(found[labels == label].tolist())
        per_fold = [sizes[fold] for fold in range(min(folds, len(labels)))]
        assert max(per_fold) - min(per_fold) <= 1


def test_a_class_in_two_groups_can_be_learned_from_one_and_tested_on_the_other() -> None:
    labels = np.array([0] * 6 + [1] * 20)
    groups = [100, 100, 100, 101, 101, 101, *range(20)]
    for seed in range(20):
        found = grouped_folds(labels, groups, 5, seed)
        assert found[0] != found[3]


def test_another_seed_gives_other_folds() -> None:
    labels = np.arange(40) % 2
    first, second = (grouped_folds(labels, range(40), 5, seed) for seed in (0, 1))
    assert (first != second).any()


@pytest.mark.parametrize(("groups", "folds"), [([], 5), ([7, 7], 5), ([1, 2], 1)])
def test_one_group_or_one_fold_is_refused(groups: list[int], folds: int) -> None:
    with pytest.raises(ValueError, match="two"):
        grouped_folds(np.zeros(len(groups), int), groups, folds, 0)
