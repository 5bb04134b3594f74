"""Labels that are likely wrong."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class LabelError:
    """An example whose label the cross-validated predictions contradict."""

    photo_id: int
    box_id: str | None
    given: str
    likely: str
    confidence: float
