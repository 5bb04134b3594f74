"""What a model proposes for photos of a project: a box and a name each, or that it knows none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from landmark_gui.core import edits
from landmark_gui.core.errors import Cancel, ImageError, NameRefused, never_cancelled
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo
from landmark_gui.core.proposals import Proposal
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.localizing import Located, locate_photo


def proposed(
    classifier: Classifier,
    photos: Iterable[tuple[Photo, Path]],
    cancel: Cancel = never_cancelled,
) -> Iterator[tuple[Photo, Proposal | str]]:
    """Each photo with what the model proposes for it, or with why it could not be asked.

    A proposal is of the file that the project knows: if another one lies there before or after
    the model has looked, nothing is proposed.

    Raises:
        Cancelled: within a photo.
    """
    for photo, path in photos:
        try:
            if not _is_as_known(photo, path):
                yield photo, tr("its file has changed in between")
                continue
            located = locate_photo(classifier, path, cancel)
            if _is_as_known(photo, path):
                yield photo, _proposal(photo, located)
            else:
                yield photo, tr("its file has changed in between")
        except ImageError as error:
            yield photo, error.reason
        except (OSError, NameRefused) as error:
            yield photo, str(error)


def _is_as_known(photo: Photo, path: Path) -> bool:
    status = path.stat()
    return (status.st_size, status.st_mtime_ns) == photo.version[1:]


def _proposal(photo: Photo, located: Located) -> Proposal:
    verdict = located.verdict
    return Proposal(
        photo.version,
        edits.clean_name(verdict.label),
        verdict.confidence,
        None if located.is_whole else Rect(*located.box),
        "unknown" if verdict.unknown else "open",
    )
