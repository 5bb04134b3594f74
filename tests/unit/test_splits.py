from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.project import SPLITS, Split
from landmark_gui.core.splits import Group, SplitFractions, SplitSettings, assign_splits

DEFAULT = SplitFractions()
FRACTIONS = [
    *(DEFAULT, SplitFractions(1, 0, 0), SplitFractions(0.8, 0.2, 0), SplitFractions(0.8, 0, 0.2)),
    *(SplitFractions(0.1, 0.45, 0.45), SplitFractions(0.01, 0.39, 0.6)),
]


def group(key: str, *photo_ids: int, shows: str = "a") -> Group:
    return Group((key, key), {number: frozenset(shows) for number in photo_ids})


@st.composite
def some_groups(draw: st.DrawFn, first: int = 0, most: int = 1) -> list[Group]:
    """Groups of one to twelve photos with up to `most` of four landmarks on each photo."""
    sizes = draw(st.lists(st.sampled_from([1, 1, 1, 2, 3, 12]), min_size=1, max_size=40))
    landmarks = st.frozensets(st.sampled_from("abcd"), min_size=1, max_size=most)
    groups, number = [], first
    for size in sizes:
        one = draw(landmarks)  # of one landmark in all where most is 1
        shows = {
            photo: draw(landmarks) if most > 1 else one for photo in range(number, number + size)
        }
        groups.append(Group((f"{size} {number // 7}", f"path {number}"), shows))
        number += size
    return groups


def members(groups: Iterable[Group], landmark: str) -> list[Group]:
    return [one for one in groups if landmark in one.counts]


@given(some_groups(most=3), st.sampled_from(FRACTIONS), st.integers(0, 5))
def test_each_photo_has_one_split_and_its_group_shares_it(
    groups: list[Group], fractions: SplitFractions, seed: int
) -> None:
    splits = assign_splits(groups, fractions, seed)
    assert sorted(splits) == sorted(photo for one in groups for photo in one.shows)
    for one in groups:
        assert len({splits[photo] for photo in one.shows}) == 1


@given(some_groups(), st.sampled_from(FRACTIONS), st.integers(0, 5))
def test_each_landmark_is_shared_out_as_asked(
    groups: list[Group], fractions: SplitFractions, seed: int
) -> None:
    asked = dict(zip(SPLITS, fractions.parts(), strict=True))
    wanted = [split for split in SPLITS if asked[split] > 0]
    splits = assign_splits(groups, fractions, seed)
    for landmark in "abcd":
        mine = members(groups, landmark)
        shares = Counter(splits[photo] for one in mine for photo in one.shows)
        assert all(shares[split] == 0 for split in SPLITS if split not in wanted)
        if len(mine) >= len(wanted):
            assert all(shares[split] >= 1 for split in wanted)
        if mine:
            largest = max(len(one.shows) for one in mine)
            total = shares.total()
            assert all(abs(shares[s] - total * asked[s]) < 2 * largest + 1 for s in wanted)


@given(st.integers(3, 200), st.sampled_from(FRACTIONS), st.integers(0, 5))
def test_single_photos_miss_their_share_by_less_than_one(
    count: int, fractions: SplitFractions, seed: int
) -> None:
    found = Counter(assign_splits(singles(count), fractions, seed).values())
    parts = fractions.parts()
    if count * min(part for part in parts if part) >= 1:
        for split, part in zip(SPLITS, parts, strict=True):
            assert abs(found[split] - count * part) < 1


@given(some_groups(most=3), st.randoms())
def test_the_order_of_groups_and_photos_does_not_matter(
    groups: list[Group], chance: Random
) -> None:
    shuffled = []
    for one in groups:
        photos = list(one.shows.items())
        chance.shuffle(photos)
        shuffled.append(Group(one.key, dict(photos)))
    chance.shuffle(shuffled)
    assert assign_splits(shuffled, DEFAULT) == assign_splits(groups, DEFAULT)


@given(some_groups(most=3), some_groups(first=1000, most=3), st.sampled_from(FRACTIONS))
def test_new_photos_do_not_move_old_ones(
    old: list[Group], new: list[Group], fractions: SplitFractions
) -> None:
    before = assign_splits(old, fractions)
    after = assign_splits([*old, *new], fractions, remembered=before)
    assert {photo: after[photo] for photo in before} == before
    assert len(after) == len(before) + sum(len(one.shows) for one in new)


@given(
    some_groups(most=2),
    st.dictionaries(st.integers(0, 60), st.sampled_from(SPLITS)),
    st.dictionaries(st.integers(0, 60), st.sampled_from(SPLITS), max_size=5),
)
def test_pins_are_obeyed_and_nothing_else_tears_a_group(
    groups: list[Group], remembered: dict[int, Split], pinned: dict[int, Split]
) -> None:
    splits = assign_splits(groups, DEFAULT, 0, remembered, pinned)
    for one in groups:
        pins = {pinned[photo] for photo in one.shows if photo in pinned}
        kept = {remembered[photo] for photo in one.shows if photo in remembered}
        homes = {splits[photo] for photo in one.shows}
        loose = {splits[photo] for photo in one.shows if photo not in pinned}
        assert all(splits[photo] == pinned[photo] for photo in one.shows if photo in pinned)
        assert len(loose) <= 1
        assert homes == pins if pins else len(homes) == 1
        if kept and not pins:
            assert homes == {min(kept, key=SPLITS.index)}


def singles(count: int) -> list[Group]:
    return [group(f"hash {number}", number) for number in range(count)]


def test_another_seed_gives_another_split_of_the_same_sizes() -> None:
    first, second = (assign_splits(singles(40), DEFAULT, seed) for seed in (0, 1))
    assert first != second
    assert Counter(first.values()) == Counter(second.values())
    assert Counter(first.values()) == {"train": 28, "validation": 6, "test": 6}


def test_the_seed_also_shares_out_photos_of_one_size() -> None:
    alike = [Group(("the same", f"{n}.bmp"), {n: frozenset("a")}) for n in range(40)]
    assert assign_splits(alike, DEFAULT, 0) != assign_splits(alike, DEFAULT, 1)


@pytest.mark.parametrize(
    ("count", "train", "validation", "test"),
    [(1, 1, 0, 0), (2, 2, 0, 0), (3, 1, 1, 1), (4, 2, 1, 1), (7, 5, 1, 1)],
)
def test_small_classes(count: int, train: int, validation: int, test: int) -> None:
    found = Counter(assign_splits(singles(count), DEFAULT).values())
    assert [found[split] for split in SPLITS] == [train, validation, test]


def test_a_burst_of_half_a_landmark_is_learned_from() -> None:
    burst = group("burst", *range(100, 110))
    found = assign_splits([*singles(10), burst], DEFAULT)
    assert {found[photo] for photo in burst.shows} == {"train"}
    assert Counter(found.values()) == {"train": 14, "validation": 3, "test": 3}


def test_each_split_has_the_landmark_even_if_groups_are_huge() -> None:
    groups = [group("x", *range(50)), group("y", *range(50, 100)), group("z", 100)]
    assert set(assign_splits(groups, DEFAULT).values()) == set(SPLITS)


def test_the_rarest_landmark_of_a_group_counts_first() -> None:
    common = singles(30)
    rare = [group(f"rare {number}", 100 + number, shows="ab") for number in range(3)]
    splits = assign_splits([*common, *rare], DEFAULT)
    assert {splits[100], splits[101], splits[102]} == set(SPLITS)


def test_a_photo_that_connects_two_splits_brings_both_to_where_more_is_learned() -> None:
    groups = [group("joined", 1, 2, 3), *singles(0)]
    splits = assign_splits(groups, DEFAULT, remembered={1: "test", 2: "validation"})
    assert splits == {1: "validation", 2: "validation", 3: "validation"}


def test_a_pin_beats_what_is_remembered_and_pulls_the_others_along() -> None:
    groups = [group("joined", 1, 2, 3)]
    splits = assign_splits(groups, DEFAULT, 0, {1: "train", 2: "train"}, {3: "test"})
    assert set(splits.values()) == {"test"}
    torn = assign_splits(groups, DEFAULT, 0, {}, {3: "test", 2: "validation"})
    assert torn == {1: "validation", 2: "validation", 3: "test"}


def test_later_photos_make_up_for_what_older_ones_lack() -> None:
    remembered: dict[int, Split] = dict.fromkeys(range(10), "train")
    found = Counter(assign_splits(singles(20), DEFAULT, remembered=remembered).values())
    assert found == {"train": 14, "validation": 3, "test": 3}


@pytest.mark.parametrize("burst", [0.0, 2.5])
def test_settings_go_to_a_project_and_back(burst: float) -> None:
    settings = SplitSettings(SplitFractions(0.8, 0.2, 0), 7, None, burst)
    assert SplitSettings.from_dict(json.loads(json.dumps(settings.to_dict()))) == settings


@pytest.mark.parametrize(
    "change",
    [
        *({"seed": "1"}, {"fractions": [1, 2]}, {"fractions": [1, 1, 1]}, {"fractions": 7}),
        *({"near_distance": 1.5}, {"near_distance": 999}, {"burst_seconds": "x"}, {"more": 1}),
    ],
)
def test_settings_of_another_version_are_not_taken_for_ours(change: dict[str, object]) -> None:
    assert SplitSettings.from_dict({**SplitSettings().to_dict(), **change}) is None
    assert SplitSettings.from_dict(None) is None


@pytest.mark.parametrize(
    "parts",
    [(0.5, 0.5, 0.5), (1.2, -0.1, -0.1), (0, 0.5, 0.5), (0.5, 0.2, 0.2), (math.nan, 0.5, 0.5)],
)
def test_shares_that_make_no_whole_are_refused(parts: tuple[float, float, float]) -> None:
    with pytest.raises(DatasetError, match="add up to 1"):
        SplitFractions(*parts)
