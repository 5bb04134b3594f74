from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.project import SPLITS, Split
from landmark_gui.core.splits import Group, SplitFractions, assign_splits

DEFAULT = SplitFractions()
FRACTIONS = [
    *(DEFAULT, SplitFractions(1, 0, 0), SplitFractions(0.8, 0.2, 0), SplitFractions(0.8, 0, 0.2)),
    *(SplitFractions(0.1, 0.45, 0.45), SplitFractions(0.01, 0.39, 0.6)),
]


@st.composite
def photos_in_groups(draw: st.DrawFn) -> list[Group]:
    """Groups of one to three copies, in one to four classes."""
    sizes = draw(st.lists(st.integers(1, 3), min_size=1, max_size=60))
    groups, number = [], 0
    for size in sizes:
        photo_ids = tuple(range(number, number + size))
        groups.append(Group(f"hash {number}", photo_ids, draw(st.sampled_from("abcd"))))
        number += size
    return groups


def counts(groups: Iterable[Group], splits: dict[int, Split]) -> dict[str, Counter[Split]]:
    """How many groups of each class each split has."""
    found: dict[str, Counter[Split]] = defaultdict(Counter)
    for group in groups:
        found[group.stratum][splits[group.photo_ids[0]]] += 1
    return found


@given(photos_in_groups(), st.sampled_from(FRACTIONS), st.integers(0, 5))
def test_each_photo_has_one_split_and_copies_share_it(
    groups: list[Group], fractions: SplitFractions, seed: int
) -> None:
    splits = assign_splits(groups, fractions, seed)
    assert sorted(splits) == [photo for group in groups for photo in group.photo_ids]
    for group in groups:
        assert len({splits[photo] for photo in group.photo_ids}) == 1


@given(photos_in_groups(), st.sampled_from(FRACTIONS), st.integers(0, 5))
def test_each_class_is_shared_out_as_asked(
    groups: list[Group], fractions: SplitFractions, seed: int
) -> None:
    asked = dict(zip(SPLITS, fractions.parts(), strict=True))
    wanted = [split for split in SPLITS if asked[split] > 0]
    for shares in counts(groups, assign_splits(groups, fractions, seed)).values():
        total = shares.total()
        assert all(shares[split] == 0 for split in SPLITS if split not in wanted)
        if total >= len(wanted):
            assert all(shares[split] >= 1 for split in wanted)
        if total * min(asked[split] for split in wanted) >= 1:
            assert all(abs(shares[split] - total * asked[split]) < 1 for split in wanted)


@given(photos_in_groups(), st.randoms())
def test_the_order_of_the_photos_does_not_matter(groups: list[Group], chance: Random) -> None:
    shuffled = list(groups)
    chance.shuffle(shuffled)
    assert assign_splits(shuffled, DEFAULT) == assign_splits(groups, DEFAULT)


@given(photos_in_groups(), photos_in_groups(), st.sampled_from(FRACTIONS))
def test_new_photos_do_not_move_old_ones(
    old: list[Group], more: list[Group], fractions: SplitFractions
) -> None:
    before = assign_splits(old, fractions)
    new = [
        Group(f"new {group.key}", tuple(photo + 1000 for photo in group.photo_ids), group.stratum)
        for group in more
    ]
    after = assign_splits([*old, *new], fractions, pinned=before)
    assert {photo: after[photo] for photo in before} == before
    assert len(after) == len(before) + sum(len(group.photo_ids) for group in new)


def singles(count: int) -> list[Group]:
    return [Group(f"hash {number}", (number,), "tower") for number in range(count)]


def test_another_seed_gives_another_split_of_the_same_sizes() -> None:
    first, second = (assign_splits(singles(40), DEFAULT, seed) for seed in (0, 1))
    assert first != second
    assert Counter(first.values()) == Counter(second.values())
    assert Counter(first.values()) == {"train": 28, "validation": 6, "test": 6}


@pytest.mark.parametrize(
    ("count", "train", "validation", "test"),
    [(1, 1, 0, 0), (2, 2, 0, 0), (3, 1, 1, 1), (4, 2, 1, 1), (7, 5, 1, 1)],
)
def test_small_classes(count: int, train: int, validation: int, test: int) -> None:
    found = Counter(assign_splits(singles(count), DEFAULT).values())
    assert [found[split] for split in SPLITS] == [train, validation, test]


def test_a_copy_of_a_pinned_photo_goes_where_that_is() -> None:
    groups = [Group("copies", (1, 2), "tower"), *singles(0)]
    assert assign_splits(groups, DEFAULT, pinned={2: "test"}) == {1: "test", 2: "test"}


def test_later_photos_make_up_for_what_pinned_ones_lack() -> None:
    pinned: dict[int, Split] = dict.fromkeys(range(10), "train")
    found = Counter(assign_splits(singles(20), DEFAULT, pinned=pinned).values())
    assert found == {"train": 14, "validation": 3, "test": 3}


@pytest.mark.parametrize(
    "parts",
    [(0.5, 0.5, 0.5), (1.2, -0.1, -0.1), (0, 0.5, 0.5), (0.5, 0.2, 0.2), (math.nan, 0.5, 0.5)],
)
def test_shares_that_make_no_whole_are_refused(parts: tuple[float, float, float]) -> None:
    with pytest.raises(DatasetError, match="add up to 1"):
        SplitFractions(*parts)
