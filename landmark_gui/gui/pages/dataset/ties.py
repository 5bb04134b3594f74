"""How many photos are tied together, and by what."""

from __future__ import annotations

from dataclasses import dataclass

from landmark_gui.core.grouping import links
from landmark_gui.gui.dataset import Dataset


@dataclass(frozen=True)
class Ties:
    """Photos that look like another one, and photos of a burst; None while that is not known."""

    near: int | None = None
    bursts: int | None = None


def ties_of(dataset: Dataset) -> Ties:
    """Count the photos that are tied together. For a thread of its own."""
    if dataset.facts is None:
        return Ties()
    found = links(dataset.project, dataset.facts, dataset.choices.split)

    def photos(kind: str) -> int:
        return len({id_ for link in found if link.kind == kind for id_ in (link.a, link.b)})

    return Ties(photos("near"), photos("burst"))
