"""Errors that a person may see. `str(error)` is a whole sentence that says what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

Progress = Callable[[int, int], None]
"""Called with (done, total) while a long job runs."""

Cancel = Callable[[], bool]
"""Asked by a long job between two steps; True ends the job with `Cancelled`."""


def no_progress(done: int, total: int) -> None:
    """Default `Progress`: tells nobody."""


def never_cancelled() -> bool:
    """Default `Cancel`: the job runs to its end."""
    return False


class Cancelled(Exception):  # noqa: N818  # the person's wish, not an error
    """The person asked a job to stop. Not a failure."""


class LandmarkError(Exception):
    """Base of every error whose text is meant for the person at the screen."""


class ImageError(LandmarkError):
    """A photo that cannot be shown or used.

    Attributes:
        path: the photo.
        reason: the cause in plain words, without the file's name.
    """

    def __init__(self, path: Path | str, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = Path(path)
        self.reason = reason


class ProjectError(LandmarkError):
    """A project file that cannot be opened, read or written."""


class FolderMissing(ProjectError):  # noqa: N818  # a state of affairs, as an unplugged drive
    """The photo folder of a project is not there, or holds none of its photos."""


class DamagedError(ProjectError):
    """A project file that is damaged; `core.restore` makes it whole again as far as it can."""


class ForeignError(ProjectError):
    """A file that is no project of ours, by what it says of itself."""


class FormatError(LandmarkError):
    """A file of boxes, settings or events that does not have the promised form."""


class DatasetError(LandmarkError):
    """A project that cannot be turned into examples to learn from."""


class BundleError(LandmarkError):
    """A model file that is damaged, foreign or from a newer version."""


class TrainingError(LandmarkError):
    """A training that cannot start or did not succeed."""


class SortingError(LandmarkError):
    """Photos that cannot be sorted into a folder, or a sorting that cannot be taken back."""


class LossLost(TrainingError):  # noqa: N818  # a state of affairs
    """A loss that is no longer a finite number; the same settings would lose it again."""


class OutOfMemory(TrainingError):  # noqa: N818  # a state of affairs
    """A training for which the memory does not suffice."""


class NameRefused(LandmarkError):  # noqa: N818  # said to a person who types, not a failure
    """A name that no landmark can have."""
