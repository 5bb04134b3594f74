"""A split into train, validation and test in which no photo stands on two sides."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import SPLITS, Split

NEAR_DISTANCE, MAX_NEAR_DISTANCE = 6, 20
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
        near_distance: photos whose perceptual hashes differ in at most so many of 64 bits are
            near-duplicates, 0 to 20; None lets them be.
        burst_seconds: photos of one camera that follow each other within so many seconds are a
            burst, 0 to 3600; 0 lets them be.

    Raises:
        DatasetError: if a value is out of its range.
    """

    fractions: SplitFractions = field(default_factory=SplitFractions)
    seed: int = 0
    near_distance: int | None = NEAR_DISTANCE
    burst_seconds: float = BURST_SECONDS

    def __post_init__(self) -> None:
        if self.near_distance is not None and not 0 <= self.near_distance <= MAX_NEAR_DISTANCE:
            raise DatasetError(
                tr("The distance must be from 0 to {highest}.", highest=MAX_NEAR_DISTANCE)
            )
        if not 0 <= self.burst_seconds <= MAX_BURST_SECONDS:
            raise DatasetError(
                tr("A burst must be from 0 to {highest} seconds.", highest=MAX_BURST_SECONDS)
            )


@dataclass(frozen=True)
class Group:
    """Photos that must stay together (one photo, or exact copies of it), with their class."""

    key: str
    photo_ids: tuple[int, ...]
    stratum: str


def assign_splits(
    groups: Iterable[Group],
    fractions: SplitFractions,
    seed: int = 0,
    pinned: Mapping[int, Split] | None = None,
) -> dict[int, Split]:
    """Give each photo a split: grouped, stratified by class, the same for the same seed.

    Within a class the groups are ordered by a hash of (seed, key), so the order of the input
    does not matter, and each goes where the class is furthest below its share. Groups with a
    `pinned` photo keep its split, so new photos do not move old ones.

    Returns:
        The split of each photo id. A class with at least 3 groups has one in each split whose
        fraction is above 0.
    """
    strata: dict[str, list[Group]] = defaultdict(list)
    for group in groups:
        strata[group.stratum].append(group)
    assignment: dict[int, Split] = {}
    for members in strata.values():
        for group, split in _assign_stratum(members, fractions, seed, pinned or {}):
            assignment.update(dict.fromkeys(group.photo_ids, split))
    return assignment


def _assign_stratum(
    members: list[Group],
    fractions: SplitFractions,
    seed: int,
    pinned: Mapping[int, Split],
) -> Iterable[tuple[Group, Split]]:
    targets = dict(zip(SPLITS, _target_counts(len(members), fractions), strict=True))
    free = []
    for group in sorted(members, key=lambda member: _rank(seed, member.key)):
        kept = next((pinned[photo] for photo in group.photo_ids if photo in pinned), None)
        if kept is None:
            free.append(group)
        else:
            targets[kept] -= 1
            yield group, kept
    wanted = [name for name, part in zip(SPLITS, fractions.parts(), strict=True) if part > 0]
    for group in free:
        split = max(wanted, key=lambda name: targets[name])
        targets[split] -= 1
        yield group, split


def _target_counts(total: int, fractions: SplitFractions) -> list[float]:
    """How many groups each split should get; at least 1 where that is possible."""
    parts = fractions.parts()
    least = 1.0 if total >= sum(part > 0 for part in parts) else 0.0
    counts, left, shares = [0.0] * len(parts), float(total), sum(parts)
    for index in sorted(range(len(parts)), key=parts.__getitem__):
        if parts[index] > 0:  # smallest first: where it is rounded up to 1, the larger give way
            counts[index] = max(least, left * parts[index] / shares)
            left -= counts[index]
            shares -= parts[index]
    return counts


def _rank(seed: int, key: str) -> bytes:
    return hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=16).digest()
