from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits
from landmark_gui.core.dataset import project_splits
from landmark_gui.core.grouping import Link, groups, links
from landmark_gui.core.project import SPLITS, Photo, Project, Split
from landmark_gui.core.quality.facts import Facts, PhotoFacts
from landmark_gui.core.quality.measure import Look
from landmark_gui.core.quality.measure import look as measured
from landmark_gui.core.quality.neighbours import near_forest
from landmark_gui.core.splits import SplitSettings, split_leaks
from tests.rows import box_edit, photo

SETTINGS = SplitSettings()
ALONE = SplitSettings(near_distance=None, burst_seconds=0)


def look(phash: str) -> Look:
    return replace(measured(np.zeros((8, 8, 3), np.uint8)), phash=phash)


def hash_of(number: int, flipped: int = 0) -> str:
    """A hash of its own for each number, with some of its highest bits changed."""
    bits = Random(number).getrandbits(512)
    return f"{bits ^ ((1 << flipped) - 1) ^ (((1 << flipped) - 1) << 256):0128x}"


def facts_of(project: Project, **changed: Mapping[int, object]) -> Facts:
    """Facts of photos that have nothing in common, but for what is said otherwise."""
    facts = {}
    for number in project.photos:
        values = {"content": f"hash {number}", "whole": look(hash_of(number))}
        values |= {name: by_id[number] for name, by_id in changed.items() if number in by_id}
        facts[number] = PhotoFacts(**values)  # type: ignore[arg-type]
    return facts


def photos(count: int) -> Project:
    return Project.of(photo(number) for number in range(count))


def test_photos_with_nothing_in_common_stand_alone() -> None:
    project = photos(20)
    assert links(project, facts_of(project), SETTINGS) == []
    assert groups(project, facts_of(project), SETTINGS) == {n: n for n in range(20)}


def test_copies_are_known_by_what_was_read_of_them() -> None:
    project = photos(4)
    facts = facts_of(project, content={1: "same", 3: "same"})
    assert links(project, facts, ALONE) == [Link("exact", 1, 3)]
    assert groups(project, facts, ALONE) == {0: 0, 1: 1, 2: 2, 3: 1}


def test_the_nearest_links_join_photos_that_look_alike() -> None:
    project = photos(4)
    hashes = {1: hash_of(0, 40), 2: hash_of(0, 45), 3: hash_of(0, 110)}
    facts = facts_of(project, whole={n: look(text) for n, text in hashes.items()})
    found = links(project, facts, SETTINGS)
    assert found == [Link("near", 0, 1, 40), Link("near", 1, 2, 5)]
    closer = replace(SETTINGS, near_distance=5)
    assert links(project, facts, closer) == [Link("near", 1, 2, 5)]
    assert links(project, facts, ALONE) == []


def test_pictures_are_compared_anew_only_if_one_is_another(monkeypatch) -> None:
    compared = []

    def counted(hashes: list[str], distance: int) -> object:
        compared.append(distance)
        return near_forest(hashes, distance)

    monkeypatch.setattr("landmark_gui.core.quality.neighbours.near_forest", counted)
    project = photos(4)
    facts = facts_of(project, whole={n: look(hash_of(777, n)) for n in range(4)})
    first = links(project, facts, SETTINGS)
    project.apply(edits.add_landmark(project, "Tower"))
    project.apply(box_edit(0, 2, 1))
    assert links(project, facts, SETTINGS) == first and compared == [SETTINGS.near_distance]
    facts |= facts_of(photos(1), whole={0: look(hash_of(778))})
    assert links(project, facts, SETTINGS) != first and len(compared) == 2


def test_a_burst_is_a_chain_of_one_camera() -> None:
    project = photos(6)
    taken = {
        **{0: "2024-05-31T18:00:00.50", 1: "2024-05-31T18:00:08", 2: "2024-05-31T18:00:18"},
        **{3: "2024-05-31T18:00:19", 4: "2024-05-31T18:01:00", 5: "2024-05-31T18:00:08"},
    }
    camera = dict.fromkeys(range(5), "Canon EOS R5") | {3: "NIKON Z 8"}
    facts = facts_of(project, taken=taken, camera=camera)
    assert links(project, facts, SETTINGS) == [Link("burst", 0, 1, 7.5), Link("burst", 1, 2, 10)]
    assert not links(project, facts, replace(SETTINGS, burst_seconds=0))
    assert not links(project, facts_of(project, camera=camera), SETTINGS)


def test_skipped_photos_and_those_that_are_gone_tie_nothing() -> None:
    project = Project.of(
        [photo(0), photo(1, review="skipped"), photo(2, state="missing"), photo(3)]
    )
    facts = facts_of(project, content=dict.fromkeys(range(4), "same"))
    assert links(project, facts, SETTINGS) == [Link("exact", 0, 3)]
    assert groups(project, facts, SETTINGS) == {0: 0, 3: 0}


# From a project to splits

TIES = st.dictionaries(st.integers(0, 29), st.integers(0, 5), max_size=20)
"""Photos that look alike, by the number of what they show."""


def labelled(count: int, chance: Random) -> Project:
    project = photos(count)
    for name in ("Tower", "Gate", "Dome"):
        project.apply(edits.add_landmark(project, name))
    for number in range(count):
        for _ in range(chance.choice((1, 1, 2))):
            project.apply(box_edit(number, number, chance.choice((1, 1, 2, 3))))
    return project


def alike(project: Project, ties: Mapping[int, int]) -> Facts:
    facts = facts_of(project)
    tied = {n: look(hash_of(1000 + what, n)) for n, what in ties.items() if n in facts}
    return facts | {n: replace(facts[n], whole=whole) for n, whole in tied.items()}


@given(st.randoms(use_true_random=False), TIES)
def test_no_group_straddles_splits_and_the_same_seed_shares_out_alike(
    chance: Random, ties: dict[int, int]
) -> None:
    project = labelled(30, chance)
    facts = alike(project, ties)
    splits = project_splits(project, SETTINGS, {}, facts)
    assert splits.keys() == project.photos.keys()
    assert not split_leaks(groups(project, facts, SETTINGS), splits)
    rows = list(project.rows())
    chance.shuffle(rows)
    assert project_splits(Project.of(rows), SETTINGS, {}, facts) == splits
    unread = Project.of(replace(r, hash="") if isinstance(r, Photo) else r for r in rows)
    assert project_splits(unread, SETTINGS, {}, facts) == splits


@given(st.randoms(use_true_random=False), TIES, st.integers(1, 29))
def test_photos_labelled_later_move_none_but_those_that_they_connect(
    chance: Random, ties: dict[int, int], later: int
) -> None:
    project = labelled(30, chance)
    facts = alike(project, ties)
    earlier = Project.of(r for r in project.rows() if getattr(r, "photo_id", 0) < later)
    before = project_splits(earlier, SETTINGS, {}, facts)
    after = project_splits(project, SETTINGS, before, facts)
    assert {number: after[number] for number in before} == before  # unlabelled ones connect too
    assert not split_leaks(groups(project, facts, SETTINGS), after)


@given(
    st.randoms(use_true_random=False), TIES, st.dictionaries(st.integers(0, 29), st.integers(0, 2))
)
def test_only_pins_leak(chance: Random, ties: dict[int, int], pins: dict[int, int]) -> None:
    project = labelled(30, chance)
    for number, which in pins.items():
        project.apply(edits.pin_photos([project.photos[number]], SPLITS[which]))
    facts = alike(project, ties)
    group_of = groups(project, facts, SETTINGS)
    remembered = {n: chance.choice(SPLITS) for n in range(30) if chance.random() < 0.3}
    splits = project_splits(project, SETTINGS, remembered, facts)
    assert all(splits[number] == SPLITS[which] for number, which in pins.items())
    torn: dict[int, set[Split]] = {}
    for number, which in pins.items():
        torn.setdefault(group_of[number], set()).add(SPLITS[which])
    leaking = {group_of[ids[0]] for ids in split_leaks(group_of, splits)}
    assert leaking == {group for group, there in torn.items() if len(there) > 1}


def test_sharing_out_anew_forgets_what_is_remembered() -> None:
    project = labelled(30, Random(0))
    remembered = dict.fromkeys(range(30), "test")
    fresh = project_splits(project, replace(SETTINGS, fresh=True), remembered)
    assert fresh == project_splits(project, SETTINGS, {}) != remembered


def test_excluded_boxes_and_skipped_photos_get_no_split() -> None:
    project = labelled(4, Random(0))
    project.apply(edits.exclude_boxes(project.boxes_of(1)))
    project.apply(edits.review_photos([project.photos[2]], "skipped"))
    assert project_splits(project, SETTINGS, {}).keys() == {0, 3}
