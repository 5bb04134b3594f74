"""Which labels are likely wrong, from probabilities out of sample: confident learning.

After Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels"
(Journal of Artificial Intelligence Research 70, 2021, https://arxiv.org/abs/1911.00068), as
cleanlab's `find_label_issues` has it: pruned by noise rate, ranked by normalised margin. NumPy
alone; docs/adr/0019 says why not cleanlab itself.

`labels` are class indices of shape (n,), `probabilities` of shape (n, classes); each row must come
from a model that has not seen its example.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landmark_gui.core.metrics import confusion_matrix

Labels = npt.NDArray[np.integer]
Probabilities = npt.NDArray[np.floating]
Counts = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

TOLERANCE = 1e-6
"""Probabilities that differ by less count as equal."""

NEVER = 2.0
"""The threshold of a class without an example: no probability reaches it."""


def label_issues(
    labels: Labels, probabilities: Probabilities, joint: Counts | None = None
) -> list[int]:
    """The examples whose label is likely wrong, the likeliest first.

    What each of them seems to be is its most probable class. Rows that are not finite are passed
    over, and the last example of a class is never among them.

    Args:
        joint: of `confident_joint`, if it is known already.

    Returns:
        Indices into `labels`.
    """
    known = np.flatnonzero(np.isfinite(probabilities).all(axis=1))
    if not len(known):
        return []
    given, answers = labels[known], probabilities[known]
    if joint is None:
        joint = confident_joint(given, answers)
    pruned = _prune(given, answers, _noise(joint))
    issues = np.flatnonzero(pruned & ~_agrees(given, answers))
    order = np.argsort(-_margins(given, answers)[issues], kind="stable")
    return [int(index) for index in known[issues[order]]]


def thresholds(labels: Labels, probabilities: Probabilities) -> npt.NDArray[np.float64]:
    """For each class the mean probability that its own examples have of being in it."""
    values = np.full(probabilities.shape[1], NEVER)
    for number in np.unique(labels):
        values[number] = probabilities[labels == number, number].mean()
    values[values < 2 * TOLERANCE] = 2 * TOLERANCE
    return values


def confident_counts(labels: Labels, probabilities: Probabilities) -> Counts:
    """How many examples of each given class (row) are confidently of each class (column).

    An example is confidently of the classes whose threshold it reaches; of several, of the most
    probable one.
    """
    confident = probabilities >= thresholds(labels, probabilities) - TOLERANCE
    several = confident.sum(axis=1) > 1
    guess = np.where(several, probabilities.argmax(axis=1), confident.argmax(axis=1))
    counted = confident.any(axis=1)
    return confusion_matrix(labels[counted], guess[counted], probabilities.shape[1])


def confident_joint(labels: Labels, probabilities: Probabilities) -> Counts:
    """`confident_counts` calibrated: its rows add up to the examples of each class.

    Every class counts as having one example that is right.
    """
    joint = confident_counts(labels, probabilities)
    np.fill_diagonal(joint, np.maximum(joint.diagonal(), 1))
    shares = joint / joint.sum(axis=1, keepdims=True)
    scaled = shares * np.bincount(labels, minlength=len(joint))[:, None]
    return np.stack([_rounded(row) for row in scaled])


def _rounded(values: npt.NDArray[np.float64]) -> Counts:
    """Whole numbers with the same sum; those give way that were rounded furthest.

    Among equals the first one does; cleanlab leaves that to the last bit and to the processor.
    """
    whole = values.round()
    missing = int(values.sum().round() - whole.sum())
    step = -1 if missing < 0 else 1
    owed = np.round((values - whole) * step, 9)
    whole[np.argsort(-owed, kind="stable")[: abs(missing)]] += step
    return whole.astype(np.int64)


def _noise(joint: Counts) -> Counts:
    """The joint with at least one right example in each class, at the cost of the wrong ones."""
    right = np.maximum(joint.diagonal(), 1)
    wrong = np.maximum(np.count_nonzero(joint, axis=1) - 1.0, 1.0)
    less = joint - ((right - joint.diagonal()) / wrong)[:, None]
    noise: Counts = np.maximum(less, 0).astype(np.int64)
    np.fill_diagonal(noise, right)
    return noise


def _prune(labels: Labels, probabilities: Probabilities, noise: Counts) -> Mask:
    """As many examples as the noise says, of each pair of classes those with the widest margin."""
    pruned = np.zeros(len(labels), bool)
    for given in np.unique(labels):
        members = np.flatnonzero(labels == given)
        if len(members) < 2:
            continue
        for likely in np.flatnonzero(noise[given]):
            if likely != given:
                margin = probabilities[members, likely] - probabilities[members, given]
                widest = np.argsort(-margin, kind="stable")[: noise[given, likely]]
                pruned[members[widest]] = True
    return pruned


def _agrees(labels: Labels, probabilities: Probabilities) -> Mask:
    rows = np.arange(len(labels))
    favoured = probabilities.astype(np.float64)
    favoured[rows, labels] += TOLERANCE
    return np.asarray(favoured.argmax(axis=1) == labels)


def _margins(labels: Labels, probabilities: Probabilities) -> npt.NDArray[np.float64]:
    """The highest probability of another class, less that of the given one."""
    rows = np.arange(len(labels))
    others = probabilities.astype(np.float64)
    others[rows, labels] = -np.inf
    return np.asarray(others.max(axis=1) - probabilities[rows, labels])
