"""Which photos each round of a study learns from, is steered by, and is measured on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from landmark_gui.core.errors import DatasetError
from landmark_gui.core.folds import grouped_folds
from landmark_gui.core.i18n import ntr, tr

FOLDS = 5
MOST_PARTS = 20
"""Into which what is learned from is cut, of which one validates."""

Labels = npt.NDArray[np.integer]


@dataclass(frozen=True)
class Round:
    """One round; photos of no group named here are learned from.

    Attributes:
        held: groups that are measured on.
        validation: groups that choose the best epoch; perhaps none.
    """

    held: frozenset[int]
    validation: frozenset[int]

    def masks(self, groups: Sequence[int]) -> tuple[npt.NDArray[np.bool_], ...]:
        """Of examples in these groups: who is learned from, who validates, who is measured on."""
        members = np.asarray(groups)
        held = np.isin(members, list(self.held))
        validation = np.isin(members, list(self.validation))
        return ~(held | validation), validation, held


def fold_count(labels: Labels, groups: Sequence[int], classes: Sequence[str]) -> int:
    """How many folds a study has: `FOLDS`, or as many as there are groups if these are fewer.

    Args:
        labels: class indices, shape (n,); each class occurs.
        groups: the group of each example.
        classes: their names.

    Raises:
        DatasetError: naming the landmarks of which all examples belong together, since none is
            left to learn from when they are measured.
    """
    members = np.asarray(groups)
    lone = [name for number, name in enumerate(classes) if len(set(members[labels == number])) < 2]
    if lone:
        raise DatasetError(
            ntr(
                "All photos of {names} belong together, so it cannot be learned and measured on "
                "different ones. Add photos of it that were taken apart, or leave it out.",
                "All photos of each of these belong together, so they cannot be learned and "
                "measured on different ones: {names}. Add photos of them that were taken apart, "
                "or leave them out.",
                len(lone),
                names=", ".join(lone),
            )
        )
    if len(classes) < 2:
        raise DatasetError(
            tr("There is nothing to tell apart yet: label at least two landmarks first.")
        )
    return min(FOLDS, len(set(groups)))


def round_of(
    number: int, labels: Labels, groups: Sequence[int], folds: int, seed: int, validation: float
) -> Round:
    """The groups of a round: a fold of a cross-validation that is repeated with other folds.

    Args:
        number: of the round, from 0; with five folds the rounds 0 to 4 are one cross-validation.
        labels, groups: of the examples, n of each.
        folds: of `fold_count`.
        seed: of the first cross-validation.
        validation: the share of what is not held out that validates, 0 to 1.
    """
    repetition, fold = divmod(number, folds)
    fold_of = grouped_folds(labels, groups, folds, seed + repetition)
    members = np.asarray(groups)
    held = frozenset(members[fold_of == fold].tolist())
    left = ~np.isin(members, list(held))
    return Round(held, _validation(labels[left], members[left], validation, seed + number))


def _validation(
    labels: Labels, groups: npt.NDArray[np.integer], share: float, seed: int
) -> frozenset[int]:
    """Groups for validation: about the share of each class, and never the last of a class."""
    if not share:
        return frozenset()
    scarce = [label for label in np.unique(labels) if len(set(groups[labels == label])) < 2]
    needed = set(groups[np.isin(labels, scarce)].tolist())
    free = ~np.isin(groups, list(needed))
    if len(set(groups[free].tolist())) < 2:
        return frozenset()
    parts = min(MOST_PARTS, max(2, round(1 / share)))
    part_of = grouped_folds(labels[free], groups[free].tolist(), parts, seed)
    chosen = groups[free][part_of == 0]
    return frozenset(chosen.tolist()) - _last_ones(labels, groups, set(chosen.tolist()))


def _last_ones(labels: Labels, groups: npt.NDArray[np.integer], chosen: set[int]) -> set[int]:
    """The chosen groups of classes of which no group would be left to learn from."""
    kept = set(labels[~np.isin(groups, list(chosen))].tolist())
    lost = [label for label in set(labels.tolist()) if label not in kept]
    return set(groups[np.isin(labels, lost)].tolist())
