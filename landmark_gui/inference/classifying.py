"""Many photos, classified on all cores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from landmark_gui.core.errors import Cancel, Cancelled, ImageError, never_cancelled
from landmark_gui.core.parallel import in_order
from landmark_gui.inference.classifier import Box, Classifier, Verdict

Answer = tuple[Path, Verdict | str]
"""A photo with what the model says of it, or with why it cannot be read."""


def classified(
    classifier: Classifier,
    photos: Iterable[Path],
    top_k: int = 3,
    cancel: Cancel = never_cancelled,
) -> Iterator[Answer]:
    """Each photo with what the model says of it, or with why it cannot be read; in their order.

    Photos are decoded side by side, which takes far longer than the network does; that one
    answers one at a time.

    Raises:
        Cancelled: between two photos.
    """
    return classified_parts(classifier, ((photo, None) for photo in photos), top_k, cancel)


def classified_parts(
    classifier: Classifier,
    parts: Iterable[tuple[Path, Box | None]],
    top_k: int = 3,
    cancel: Cancel = never_cancelled,
) -> Iterator[Answer]:
    """As `classified`, of photos or parts of them: x, y, width and height in oriented pixels.

    Args:
        parts: asked for a few ahead of what is answered, so it may be a queue that still grows.
    """

    def outcome(part: tuple[Path, Box | None]) -> Answer:
        photo, box = part
        if cancel():
            raise Cancelled
        try:
            return photo, classifier.classify(photo, top_k, box)
        except ImageError as error:
            return photo, error.reason

    return in_order(outcome, parts)
