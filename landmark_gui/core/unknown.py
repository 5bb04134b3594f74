"""When a model says "unknown": the score that it goes by, its threshold, and what that costs.

A threshold trades one mistake for the other: the higher it is, the more strangers are refused,
and the more of the model's own photos with them. What each threshold does was measured by the
training (docs/manual/unknown.md).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from landmark_gui.core.card_values import count, share
from landmark_gui.core.i18n import ntr, tr

CONFIDENCE, NEAREST = "confidence", "nearest"
KINDS = (CONFIDENCE, NEAREST)
"""The score is the largest probability (Hendrycks and Gimpel, https://arxiv.org/abs/1610.02136),
or the likeness to the nearest photo that was learned from (Sun et al.,
https://arxiv.org/abs/2204.06507), which the LiteRT model gives as its second output."""
MAX_POINTS = 1000

BACKGROUND, LANDMARKS, BOTH = "background", "landmarks", "both"
STRANGERS = (BACKGROUND, LANDMARKS, BOTH)
"""What strangers were: parts of photos where there is no box; photos of a landmark that was left
out of the training, each in turn; both."""


@dataclass(frozen=True)
class Operating:
    """What a threshold does.

    Attributes:
        threshold: a score under which a verdict is unknown, 0 to 1.
        kept: share of the model's own photos that keep their name, 0 to 1.
        refused: share of strangers that are said to be unknown, 0 to 1.
    """

    threshold: float
    kept: float
    refused: float


@dataclass(frozen=True)
class UnknownRule:
    """How a model tells its own landmarks from strangers.

    Attributes:
        kind: which score is compared with the threshold; one of `KINDS`.
        threshold: a verdict with a smaller score is unknown, 0 to 1.
        operating: what some thresholds do, from the lowest to the highest; empty where there
            was nothing to measure it on.
        own: photos of the model's landmarks that `kept` was measured on.
        strangers: pictures of something else that `refused` was measured on.
        strangers_kind: what these were; one of `STRANGERS`, or "" without any.
    """

    kind: str = CONFIDENCE
    threshold: float = 0.5
    operating: tuple[Operating, ...] = ()
    own: int = 0
    strangers: int = 0
    strangers_kind: str = ""

    def at(self, threshold: float) -> Operating | None:
        """What a threshold does, between two measured ones by interpolation.

        Returns:
            None where nothing was measured.
        """
        points = self.operating
        if not points:
            return None
        above = bisect_right([point.threshold for point in points], threshold)
        low, high = points[max(above - 1, 0)], points[min(above, len(points) - 1)]
        span = high.threshold - low.threshold
        way = (threshold - low.threshold) / span if span > 0 else 0.0
        return Operating(
            threshold,
            low.kept + way * (high.kept - low.kept),
            low.refused + way * (high.refused - low.refused),
        )

    def to_dict(self) -> dict[str, Any]:
        """As the card has it: each point of `operating` is a list of three numbers."""
        points = [[point.threshold, point.kept, point.refused] for point in self.operating]
        return {**asdict(self), "operating": points}

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> UnknownRule:
        """The inverse of `to_dict`.

        Raises:
            ValueError: if a value is missing, of another kind, or out of its range.
        """
        try:
            points = values["operating"]
            if not isinstance(points, list) or len(points) > MAX_POINTS:
                raise ValueError("operating")
            operating = tuple(Operating(*map(share, point)) for point in points)
            rule = cls(
                values["kind"],
                share(values["threshold"]),
                operating,
                count(values["own"]),
                count(values["strangers"]),
                values["strangers_kind"],
            )
        except (KeyError, TypeError) as error:
            raise ValueError(str(error)) from error
        thresholds = [point.threshold for point in operating]
        if thresholds != sorted(thresholds) or rule.kind not in KINDS:
            raise ValueError("operating, kind")
        if rule.strangers_kind not in ("", *STRANGERS):
            raise ValueError("strangers_kind")
        return rule


def unknown_sentence(rule: UnknownRule) -> str:
    """What a rule does to strangers and to the model's own photos, in words."""
    found = rule.at(rule.threshold)
    if found is None:
        return tr(
            "It says unknown where its confidence is under {threshold}; there were no strangers to "
            "measure that with.",
            threshold=f"{rule.threshold:.0%}",
        )
    said = tr(
        "It says unknown to {refused} of strangers while keeping {kept} of its own photos.",
        refused=f"{found.refused:.0%}",
        kept=f"{found.kept:.0%}",
    )
    return f"{said} {_measured_with(rule)}"


def _measured_with(rule: UnknownRule) -> str:
    if rule.strangers_kind == BACKGROUND:
        return ntr(
            "Measured with {n} part of a photo outside of its boxes.",
            "Measured with {n} parts of photos outside of their boxes.",
            rule.strangers,
        )
    if rule.strangers_kind == LANDMARKS:
        return ntr(
            "Measured with {n} photo of a landmark that was left out of the training.",
            "Measured with {n} photos of landmarks that were left out of the training in turn.",
            rule.strangers,
        )
    return ntr(
        "Measured with {n} part of a photo outside of its boxes or photo of a landmark that was "
        "left out of the training.",
        "Measured with {n} parts of photos outside of their boxes and photos of landmarks that "
        "were left out of the training in turn.",
        rule.strangers,
    )
