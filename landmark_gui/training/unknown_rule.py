"""When a model that was just trained should say "unknown", and what that will cost.

Two kinds of strangers are asked about: parts of the person's own photos where there is no box
(`training.strangers`), and, of a frozen backbone, the photos of each landmark as if it had been
left out of the training. A network that learned as a whole would have to be trained anew for
each landmark, so of it only the first kind is asked.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from landmark_gui.core.operating import chosen_threshold, operating_points
from landmark_gui.core.unknown import BACKGROUND, BOTH, LANDMARKS, NEAREST, UnknownRule
from landmark_gui.training.data import Labels, Probabilities

Scores = npt.NDArray[np.floating]

HIGHEST_THRESHOLD = 0.5
RIGHT_ANSWERS_KEPT = 0.95


def choose_threshold(probabilities: Probabilities, labels: Labels) -> float:
    """The confidence under which an answer counts as unknown, where that is all there is.

    95 of 100 right answers on the validation photos are at least this confident; it is never
    above one half, where an answer is more likely right than wrong.

    Args:
        probabilities: shape (n, classes).
        labels: the n true class indices.

    Returns:
        0 to 0.5; 0.5 where no answer was right.
    """
    right = probabilities.argmax(axis=1) == labels
    if not right.any():
        return HIGHEST_THRESHOLD
    confidences = probabilities.max(axis=1)[right]
    return min(HIGHEST_THRESHOLD, float(np.quantile(confidences, 1 - RIGHT_ANSWERS_KEPT)))


def rule_of(own: Scores, background: Scores, landmarks: Scores) -> UnknownRule:
    """The rule of a model, from the familiarity of its own photos and of strangers.

    Args:
        own: of photos that were not learned from, at least one.
        background: of parts of photos without a box.
        landmarks: of photos of a landmark by a model that has not seen it; of one of both kinds
            there must be some.
    """
    strangers = np.concatenate([background, landmarks])
    points = operating_points(own, strangers)
    kinds = {(True, True): BOTH, (True, False): BACKGROUND, (False, True): LANDMARKS}
    kind = kinds[bool(len(background)), bool(len(landmarks))]
    return UnknownRule(NEAREST, chosen_threshold(points), points, len(own), len(strangers), kind)
