"""Small pictures of the crops that a report shows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path

from landmark_gui.core.crops import Crop, FileSettings, encode_all
from landmark_gui.core.errors import (
    Cancel,
    Cancelled,
    ImageError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.evaluation.answers import CropAnswer, Key
from landmark_gui.core.parallel import in_order

SIDE = 224
"""Longest side of a picture in pixels."""
_FILES = FileSettings(size=SIDE, quality=80)


def crop_pictures(
    answers: Iterable[CropAnswer],
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> dict[Key, bytes]:
    """The crops of answers as JPEG, on all cores; a photo that cannot be read by now has none.

    Raises:
        Cancelled: between two photos.
    """
    by_photo: dict[Path, list[CropAnswer]] = defaultdict(list)
    for answer in answers:
        by_photo[answer.crop.path].append(answer)

    def made(group: list[CropAnswer]) -> list[bytes]:
        if cancel():
            raise Cancelled
        crops: list[Crop] = [answer.crop for answer in group]
        try:
            return [file.content for file in encode_all(crops, _FILES)]
        except ImageError:
            return []

    pictures: dict[Key, bytes] = {}
    for done, (group, files) in enumerate(
        zip(by_photo.values(), in_order(made, by_photo.values()), strict=True), 1
    ):
        pictures |= {answer.key: content for answer, content in zip(group, files, strict=False)}
        progress(done, len(by_photo))
    return pictures
