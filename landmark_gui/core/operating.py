"""How well a score tells a model's own photos from strangers, and which threshold to take.

NumPy only. Scores are higher the more familiar a picture looks.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from landmark_gui.core.unknown import Operating

Scores = npt.NDArray[np.floating]

STEPS = 100
"""Between the lowest and the highest score, at which thresholds are measured."""
LEAST_KEPT = 0.9
"""Share of own photos that keep their name, whatever strangers may call for."""


def auroc(own: Scores, strangers: Scores) -> float:
    """The area under the ROC curve: how often one of its own scores higher than a stranger.

    Over all pairs, of which equal ones count half (Mann and Whitney 1947; Fawcett, Pattern
    Recognition Letters 27, 2006).

    Args:
        own: shape (n,), at least one.
        strangers: shape (m,), at least one.

    Returns:
        0 to 1; 0.5 is chance.
    """
    ordered = np.sort(strangers)
    below = np.searchsorted(ordered, own, side="left")
    not_above = np.searchsorted(ordered, own, side="right")
    return float((below + not_above).mean() / (2 * len(ordered)))


def operating_points(own: Scores, strangers: Scores) -> tuple[Operating, ...]:
    """What thresholds from 0 to 1 do, close to each other where there are scores.

    Args:
        own, strangers: scores from 0 to 1; without both kinds there is nothing to tell.
    """
    if not len(own) or not len(strangers):
        return ()
    scores = np.concatenate([own, strangers])
    steps = np.linspace(scores.min(), scores.max(), STEPS + 1)
    thresholds = np.unique(np.clip([0, *steps.round(4), 1], 0, 1))
    kept = 1 - np.searchsorted(np.sort(own), thresholds, side="left") / len(own)
    refused = np.searchsorted(np.sort(strangers), thresholds, side="left") / len(strangers)
    return tuple(
        Operating(*map(float, point)) for point in zip(thresholds, kept, refused, strict=True)
    )


def chosen_threshold(points: Sequence[Operating], least_kept: float = LEAST_KEPT) -> float:
    """The threshold with the largest sum of shares kept and refused (Youden, Cancer 3, 1950).

    Args:
        points: of `operating_points`, at least one.
        least_kept: smallest share of own photos that must keep their name.

    Returns:
        Of several equally good ones that in the middle, which is safest from luck.
    """
    allowed = [point for point in points if point.kept >= least_kept] or list(points[:1])
    best = max(point.kept + point.refused for point in allowed)
    good = [point.threshold for point in allowed if point.kept + point.refused >= best - 1e-9]
    return good[len(good) // 2]
