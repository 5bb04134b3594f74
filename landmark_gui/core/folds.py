"""Folds of a cross-validation: groups stay whole, classes are spread evenly."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
import numpy.typing as npt

Folds = npt.NDArray[np.int64]


def grouped_folds(
    labels: npt.NDArray[np.integer], groups: Sequence[Hashable], folds: int, seed: int
) -> Folds:
    """A fold for each example, in which each group lies whole and classes are spread evenly.

    The groups come in an order drawn by the seed, large ones first; each goes where its classes
    have the smallest share, so that of a class that lies in groups of one no two folds differ by
    more than one. What the groups are called does not matter, only who is with whom.

    Args:
        labels: class indices, shape (n,).
        groups: the group of each example.
        folds: at least 2; fewer come out where there are fewer groups.
        seed: another one draws another order.

    Returns:
        Fold numbers from 0, shape (n,).

    Raises:
        ValueError: if there are fewer than 2 groups or folds.
    """
    members = _numbered(groups)
    table = _class_counts(labels, members)
    count = min(folds, len(table))
    if count < 2:
        raise ValueError("a cross-validation needs two groups and two folds")
    weight = table / np.maximum(table.sum(axis=0), 1)
    filled = np.zeros((count, table.shape[1]))
    sizes = np.zeros(count)
    fold_of = np.zeros(len(table), np.int64)
    for group in _order(table, seed):
        # Least squares: what the sum of the squared shares would grow by.
        cost = filled @ weight[group]
        cheapest = np.flatnonzero(cost <= cost.min() + 1e-12)
        chosen = cheapest[sizes[cheapest].argmin()]
        fold_of[group] = chosen
        filled[chosen] += table[group]
        sizes[chosen] += table[group].sum()
    return fold_of[members]


def _numbered(groups: Sequence[Hashable]) -> Folds:
    """Groups as numbers from 0, in the order in which they first appear."""
    numbers: dict[Hashable, int] = {}
    return np.array([numbers.setdefault(group, len(numbers)) for group in groups], np.int64)


def _class_counts(labels: npt.NDArray[np.integer], members: Folds) -> npt.NDArray[np.float64]:
    """Examples of each group (row) and class (column)."""
    if not len(labels):
        return np.zeros((0, 0))
    table = np.zeros((int(members.max()) + 1, int(labels.max()) + 1))
    np.add.at(table, (members, labels), 1)
    return table


def _order(table: npt.NDArray[np.float64], seed: int) -> Folds:
    drawn = np.random.default_rng(seed).permutation(len(table))
    return drawn[np.argsort(-table[drawn].sum(axis=1), kind="stable")]
