"""Many photos, classified on all cores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from landmark_gui.core.errors import Cancel, Cancelled, ImageError, never_cancelled
from landmark_gui.core.parallel import in_order
from landmark_gui.inference.classifier import Classifier, Verdict


def classified(
    classifier: Classifier,
    photos: Iterable[Path],
    top_k: int = 3,
    cancel: Cancel = never_cancelled,
) -> Iterator[tuple[Path, Verdict | str]]:
    """Each photo with what the model says of it, or with why it cannot be read; in their order.

    Photos are decoded side by side, which takes far longer than the network does; that one
    answers one at a time.

    Raises:
        Cancelled: between two photos.
    """

    def outcome(photo: Path) -> tuple[Path, Verdict | str]:
        if cancel():
            raise Cancelled
        try:
            return photo, classifier.classify(photo, top_k)
        except ImageError as error:
            return photo, error.reason

    return in_order(outcome, photos)
