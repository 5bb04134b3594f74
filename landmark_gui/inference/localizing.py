"""Where on a photo the landmark is: a search over windows with a model that learned from crops.

The network was trained on crops, so it is asked about many parts of the photo. Its highest
confidence is no measure of a good box: a network that only knows landmarks is sure of some part of
a sky as well, and of every part of a tower. A window is therefore scored by what the model says
of it and of its neighbours, more than of the photo at large, by how familiar they look to it, and
by how usual the window's shape is among the boxes that the model has learned from. Measured in
ADR 33.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from landmark_gui.core import images
from landmark_gui.core.crops.cutting import FILL
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.preprocess import to_input
from landmark_gui.core.unknown import NEAREST
from landmark_gui.core.windows import (
    Numbers,
    around,
    grid,
    log_density,
    overlaps,
    tried,
    usual_shapes,
)
from landmark_gui.inference.classifier import Box, Classifier, Verdict

Pixels = npt.NDArray[np.uint8]

COARSE, FINE = 340, 96
"""Windows of the two rounds at most: together with the answers at the end under two seconds."""
STARTS = 3
"""Best windows that the second round looks around."""
BATCH = 8
"""Windows between two questions whether to stop."""
CERTAIN = 1e-6
"""Probabilities nearer to 0 or 1 are cut off there: log-odds of ±13.8."""
NEAR = 4
"""Neighbours count by their overlap (IoU) to this power."""
SHAPE_WEIGHT = 3.0
"""Of the log-density of a window's shape among those learned from."""
FAMILIAR_WEIGHT = 6.0
"""Of the log-odds of how familiar a window looks, where the model tells that."""
BARELY = 1e-3
"""Familiarity nearer to 0 or 1 is cut off there."""
AREA_WEIGHT = 0.5
"""Of the logarithm of the area, where no shapes are known: tiny sure windows are no boxes."""
SAME = 0.5
"""Windows that overlap the best one by so much (IoU) have a say in where its sides are."""
SEARCH_SIDE = 1024
"""Pixels of the longer side at which a large photo is searched."""


@dataclass(frozen=True)
class Located:
    """Where a search has found a landmark.

    Attributes:
        box: x, y, width and height in pixels of the image, or of the upright photo.
        verdict: what the model says of that box; its `box` is None if that is the whole photo.
        whole: what it says of the whole photo.
        windows: how many parts of the photo the model was asked about.
    """

    box: Box
    verdict: Verdict
    whole: Verdict
    windows: int

    @property
    def is_whole(self) -> bool:
        """Whether no part of the photo is a better box than all of it."""
        return self.verdict.box is None


@dataclass(frozen=True)
class Asked:
    """What the model says of windows.

    Attributes:
        odds: log-odds of each class for each window, shape (windows, classes).
        familiar: log-odds of how much each window looks like what was learned from, shape
            (windows,); 0 of models that only tell probabilities.
        background: `odds` of each class in windows from all over the photo, on average.
    """

    windows: Numbers
    odds: Numbers
    familiar: Numbers
    background: Numbers

    def with_more(self, other: Asked) -> Asked:
        return replace(
            self,
            windows=np.concatenate([self.windows, other.windows]),
            odds=np.concatenate([self.odds, other.odds]),
            familiar=np.concatenate([self.familiar, other.familiar]),
        )


def locate_photo(
    classifier: Classifier,
    path: Path,
    cancel: Cancel = never_cancelled,
    progress: Progress = no_progress,
    top_k: int = 3,
) -> Located:
    """Search a photo of any size for the box that shows a landmark best.

    The search sees a large photo at a part of its size; the verdicts are those of
    `Classifier.classify`, to the last digit. The box is in pixels of the upright photo.

    Args:
        progress: windows asked about, of all.

    Raises:
        ImageError: if the photo cannot be read.
        Cancelled: between two windows.
    """
    header = images.header(path)
    image = np.asarray(images.decode(path, SEARCH_SIDE))
    whole = classifier.classify(path, top_k)
    window, asked = searched(classifier, image, cancel, progress)
    windows = len(asked.windows)
    if window is None:
        box = (0.0, 0.0, float(header.width), float(header.height))
        return Located(box, whole, whole, windows)
    box = _whole_pixels(window, header.width, header.height)
    return Located(box, classifier.classify(path, top_k, box), whole, windows + 1)


def searched(
    classifier: Classifier,
    image: Pixels,
    cancel: Cancel = never_cancelled,
    progress: Progress = no_progress,
) -> tuple[Numbers | None, Asked]:
    """The best window, None for the whole image, and all that the model was asked about."""
    shapes = classifier.bundle.shapes
    coarse = grid(tried(shapes) if shapes else usual_shapes(), COARSE)
    total = len(coarse) + FINE

    def ask(windows: Numbers, done: int) -> Asked:
        return _asked(classifier, image, windows, cancel, lambda n: progress(done + n, total))

    asked = ask(coarse, 0)
    if len(coarse) == 1:  # the model has learned from whole photos alone
        return None, asked
    scores = scores_of(asked, shapes)
    fine = np.concatenate([around(window, 0.12) for window in _peaks(asked.windows, scores)])
    asked = asked.with_more(ask(fine[:FINE], len(coarse)))
    progress(total, total)
    return settled(asked, scores_of(asked, shapes)), asked


def _asked(
    classifier: Classifier,
    image: Pixels,
    windows: Numbers,
    cancel: Cancel,
    told: Callable[[int], None],
) -> Asked:
    height, width = image.shape[:2]
    probabilities, scores = [], []
    for start in range(0, len(windows), BATCH):
        if cancel():
            raise Cancelled
        told(start)
        boxes = (Rect(*row).scaled(width, height) for row in windows[start : start + BATCH])
        answers = classifier.ask(np.stack([_input(classifier, image, box) for box in boxes]))
        probabilities.append(answers.probabilities)
        scores.append(answers.scores)
    odds = _log_odds(np.concatenate(probabilities), CERTAIN)
    familiar = np.zeros(len(windows))
    if classifier.bundle.rule.kind == NEAREST:
        familiar = _log_odds(np.concatenate(scores), BARELY)
    return Asked(windows, odds, familiar, odds.mean(axis=0))


def _log_odds(shares: npt.NDArray[np.float32], least: float) -> Numbers:
    sure = shares.astype(np.float64).clip(least, 1 - least)
    return np.asarray(np.log(sure / (1 - sure)), np.float64)


def _input(classifier: Classifier, image: Pixels, box: Rect) -> Pixels:
    """The network's input for a box, cut as its training cut boxes."""
    height, width = image.shape[:2]
    rect = classifier.bundle.crop_settings.rect(box, width, height)
    left, top = min(round(rect.x), width - 1), min(round(rect.y), height - 1)
    right, bottom = max(round(rect.right), left + 1), max(round(rect.bottom), top + 1)
    inner = image[max(top, 0) : max(bottom, 1), max(left, 0) : max(right, 1)]
    if left < 0 or top < 0 or right > width or bottom > height:
        sides = (max(-top, 0), max(bottom - height, 0), max(-left, 0), max(right - width, 0))
        bordered = cv2.copyMakeBorder(inner, *sides, cv2.BORDER_CONSTANT, value=FILL)
        inner = np.asarray(bordered, np.uint8)
    return to_input(np.ascontiguousarray(inner), classifier.bundle.size)


def scores_of(asked: Asked, shapes: tuple[tuple[float, float], ...]) -> Numbers:
    """How good a box of each class each window is: shape (windows, classes)."""
    odds, area = asked.odds - asked.background, asked.windows[:, 2:].prod(axis=1)
    if not shapes:  # windows of all kinds: a neighbour says little about another one
        return np.asarray(odds + AREA_WEIGHT * np.log(area)[:, None], np.float64)
    near = overlaps(asked.windows, asked.windows) ** NEAR
    told = odds + FAMILIAR_WEIGHT * asked.familiar[:, None]
    agreed = near @ told / near.sum(axis=1, keepdims=True)
    usual = SHAPE_WEIGHT * log_density(asked.windows, shapes)
    return np.asarray(agreed + usual[:, None], np.float64)


def _peaks(windows: Numbers, scores: Numbers) -> list[Numbers]:
    """The best windows that are not almost the same as a better one."""
    order = scores.max(axis=1).argsort(kind="stable")[::-1]
    found: list[Numbers] = []
    for index in order:
        window = windows[index]
        if not found or overlaps(window[None], np.stack(found)).max() < SAME:
            found.append(window)
        if len(found) == STARTS:
            break
    return found


def settled(asked: Asked, scores: Numbers) -> Numbers | None:
    """The best window, its sides agreed upon by those that nearly are it (box voting).

    Gidaris and Komodakis 2015, "Object detection via a multi-region and semantic
    segmentation-aware CNN model".
    """
    best, label = np.unravel_index(scores.argmax(), scores.shape)
    window = asked.windows[best]
    if (window[2:] == 1).all():
        return None
    same = overlaps(window[None], asked.windows)[0] >= SAME
    weights = np.exp(scores[same, label] - scores[best, label])
    return np.asarray(weights @ asked.windows[same] / weights.sum(), np.float64)


def _whole_pixels(window: Numbers, width: int, height: int) -> Box:
    rect = Rect(*(float(share) for share in window)).scaled(width, height)
    left, top = min(round(rect.x), width - 1), min(round(rect.y), height - 1)
    right, bottom = max(round(rect.right), left + 1), max(round(rect.bottom), top + 1)
    return float(left), float(top), float(right - left), float(bottom - top)
