"""A split into train, validation and test in which no group of photos stands on two sides."""

from __future__ import annotations

import hashlib
import math
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import SPLITS, Split

HASH_BITS = 256
"""Of a perceptual hash; `near_distance` counts in them."""
NEAR_DISTANCE, MAX_NEAR_DISTANCE = 64, 96
"""Of the 256 bits of a perceptual hash; chosen by `python -m benchmarks duplicates` (ADR 0017)."""
BURST_SECONDS, MAX_BURST_SECONDS = 10.0, 3600.0


@dataclass(frozen=True)
class SplitFractions:
    """The share of photos in each split; the three add up to 1.

    Raises:
        DatasetError: if one is negative, train is 0, or they do not add up to 1.
    """

    train: float = 0.7
    validation: float = 0.15
    test: float = 0.15

    def __post_init__(self) -> None:
        parts = self.parts()
        if not (min(parts) >= 0 and self.train > 0 and abs(sum(parts) - 1) <= 1e-6):
            raise DatasetError(
                tr(
                    "The split {parts} must be three shares that add up to 1.",
                    parts=parts,
                )
            )

    def parts(self) -> tuple[float, float, float]:
        return self.train, self.validation, self.test


@dataclass(frozen=True)
class SplitSettings:
    """How photos are shared out, and which of them must stay together.

    Attributes:
        fractions: the share of each split.
        seed: another one gives another split.
        near_distance: photos whose perceptual hashes differ in at most so many of 256 bits are
            near-duplicates, 0 to 96; None lets them be.
        burst_seconds: photos of one camera that follow each other within so many seconds are a
            burst, 0 to 3600; 0 lets them be.
        fresh: share all photos out anew, also those whose split the project remembers.

    Raises:
        DatasetError: if a value is out of its range.
    """

    fractions: SplitFractions = field(default_factory=SplitFractions)
    seed: int = 0
    near_distance: int | None = NEAR_DISTANCE
    burst_seconds: float = BURST_SECONDS
    fresh: bool = False

    def __post_init__(self) -> None:
        if self.near_distance is not None and not 0 <= self.near_distance <= MAX_NEAR_DISTANCE:
            raise DatasetError(
                tr("The distance must be from 0 to {highest}.", highest=MAX_NEAR_DISTANCE)
            )
        if not 0 <= self.burst_seconds <= MAX_BURST_SECONDS:
            raise DatasetError(
                tr("A burst must be from 0 to {highest} seconds.", highest=f"{MAX_BURST_SECONDS:g}")
            )

    def to_dict(self) -> dict[str, Any]:
        """What a project remembers beside its splits: all but `fresh`."""
        return {
            "fractions": list(self.fractions.parts()),
            "seed": self.seed,
            "near_distance": self.near_distance,
            "burst_seconds": self.burst_seconds,
        }

    @classmethod
    def from_dict(cls, values: object) -> SplitSettings | None:
        """The inverse of `to_dict`; None for anything else."""
        if not isinstance(values, Mapping) or values.keys() != cls().to_dict().keys():
            return None
        near = values["near_distance"]
        if type(values["seed"]) is not int or type(near) not in (int, type(None)):
            return None
        try:
            fractions = SplitFractions(*map(float, values["fractions"]))
            return cls(fractions, values["seed"], near, float(values["burst_seconds"]))
        except (TypeError, ValueError, DatasetError):
            return None

    def shares_as(self, other: SplitSettings) -> bool:
        """Whether both share photos out alike: the same fractions and seed."""
        return (self.fractions, self.seed) == (other.fractions, other.seed)


@dataclass(frozen=True)
class Group:
    """Photos that must stay together.

    Attributes:
        key: what the place of the group in the order is drawn from; where the first is the same
            for two groups, the second decides.
        shows: the landmarks on each photo, by its id.
    """

    key: tuple[str, str]
    shows: Mapping[int, frozenset[Hashable]]

    @cached_property
    def counts(self) -> Counter[Hashable]:
        """How many of the photos show each landmark."""
        return Counter(landmark for shown in self.shows.values() for landmark in shown)


def assign_splits(
    groups: Iterable[Group],
    fractions: SplitFractions,
    seed: int = 0,
    remembered: Mapping[int, Split] | None = None,
    pinned: Mapping[int, Split] | None = None,
) -> dict[int, Split]:
    """Give each photo a split: grouped, stratified by landmark, the same for the same seed.

    Landmark by landmark, the rarest first, as in Sechidis et al. (2011), "On the stratification of
    multi-label data": the groups that show it, the largest first and those of one size in an order
    drawn from (seed, key), go where it is furthest below its share. So neither the order of the
    input nor the machine matters.

    Args:
        remembered: by photo id. A group goes where most is learned from any of its photos: train
            before validation before test. So new photos do not move old ones, but where they
            connect old ones from two splits.
        pinned: as `remembered`, and before it. A pinned photo stands where it is pinned even if
            its group is torn apart by that.

    Returns:
        The split of each photo id. A landmark with at least as many groups of its own alone as
        there are splits has a photo in each split whose fraction is above 0, and misses its share
        of photos by less than twice its largest group.
    """
    everything = list(groups)
    hall = _Hall(everything, fractions, pinned or {})
    free = []
    for group in everything:
        home = _first(group, pinned or {}) or _first(group, remembered or {})
        if home is None:
            free.append(group)
        else:
            hall.seat(group, home)
    free.sort(key=lambda group: tuple(_rank(seed, part) for part in group.key))
    for landmark in hall.rarest_first():
        members = [group for group in free if landmark in group.counts]
        members.sort(key=lambda group: -group.counts[landmark])
        for place, group in enumerate(members):
            hall.seat(group, hall.best(group, landmark, left=len(members) - place))
        free = [group for group in free if landmark not in group.counts]
    return hall.assignment


def _first(group: Group, known: Mapping[int, Split]) -> Split | None:
    there = {known[photo] for photo in group.shows if photo in known}
    return next((split for split in SPLITS if split in there), None)


def split_leaks(group_of: Mapping[int, int], splits: Mapping[int, Split]) -> list[tuple[int, ...]]:
    """The groups that stand in more than one split, as pins can have it: the ids of their photos.

    Args:
        group_of: the group of each photo id; a photo without one is a group of its own.
        splits: of the photos of the dataset; others leak nothing.
    """
    together: dict[int, list[int]] = defaultdict(list)
    for photo_id in sorted(splits):
        together[group_of.get(photo_id, photo_id)].append(photo_id)
    return [tuple(ids) for ids in together.values() if len({splits[id_] for id_ in ids}) > 1]


class _Hall:
    """Who sits in which split, and how many photos of each landmark each split still lacks."""

    def __init__(
        self, groups: list[Group], fractions: SplitFractions, pinned: Mapping[int, Split]
    ) -> None:
        self.assignment: dict[int, Split] = {}
        self._pinned = pinned
        self._wanted = [
            split for split, part in zip(SPLITS, fractions.parts(), strict=True) if part > 0
        ]
        photos: Counter[Hashable] = Counter()
        self._groups: Counter[Hashable] = Counter()
        for group in groups:
            photos.update(group.counts)
            self._groups.update(group.counts.keys())
        self._lacks = {
            landmark: dict(
                zip(SPLITS, _targets(photos[landmark], count, fractions.parts()), strict=True)
            )
            for landmark, count in self._groups.items()
        }
        self._seen: set[tuple[Hashable, Split]] = set()

    def rarest_first(self) -> list[Hashable]:
        """The landmarks, those with the fewest groups first."""
        return sorted(self._groups, key=lambda landmark: (self._groups[landmark], str(landmark)))

    def seat(self, group: Group, home: Split) -> None:
        for photo, shown in group.shows.items():
            split = self._pinned.get(photo, home)
            self.assignment[photo] = split
            for landmark in shown:
                self._lacks[landmark][split] -= 1
                self._seen.add((landmark, split))

    def best(self, group: Group, landmark: Hashable, left: int) -> Split:
        """Where a group goes for the sake of one of its landmarks.

        Args:
            left: how many groups of the landmark have no place yet, with this one.
        """
        unseen = [split for split in self._wanted if (landmark, split) not in self._seen]
        enough = self._groups[landmark] >= len(self._wanted)
        choices = unseen if enough and left <= len(unseen) else self._wanted

        def lack(split: Split) -> tuple[float, float]:
            # fsum: the order in which landmarks come must not matter, not even by a rounding
            others = math.fsum(self._lacks[other][split] for other in group.counts)
            return self._lacks[landmark][split], others

        return max(choices, key=lack)


def _targets(photos: int, groups: int, parts: tuple[float, float, float]) -> list[float]:
    """How many photos each split should get; at least 1 where there are groups enough."""
    least = 1.0 if groups >= sum(part > 0 for part in parts) else 0.0
    counts, left, shares = [0.0] * len(parts), float(photos), sum(parts)
    for index in sorted(range(len(parts)), key=parts.__getitem__):
        if parts[index] > 0:  # smallest first: where it is rounded up to 1, the larger give way
            counts[index] = max(least, left * parts[index] / shares)
            left -= counts[index]
            shares -= parts[index]
    return counts


def _rank(seed: int, key: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=16).digest()
