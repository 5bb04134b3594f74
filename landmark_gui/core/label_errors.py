"""A label that is likely wrong. How it is found stands in `core.confident_learning`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelError:
    """An example that a model which never saw it takes for another landmark.

    Attributes:
        photo_id, box_id: the example; `box_id` is None for a photo as a whole.
        given: the landmark that it bears.
        likely: the landmark that it seems to be.
        confidence: the probability of `likely`, 0 to 1, out of sample.
    """

    photo_id: int
    box_id: str | None
    given: str
    likely: str
    confidence: float
