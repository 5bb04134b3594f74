"""From a project file to its examples: one way for crops, training and evaluation."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core.crops import Crop, CropSettings, plan
from landmark_gui.core.errors import (
    Cancel,
    DatasetError,
    Progress,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import under
from landmark_gui.core.project import SPLITS, Photo, Project, Split
from landmark_gui.core.splits import Group, SplitSettings, assign_splits
from landmark_gui.core.store import ProjectStore

if TYPE_CHECKING:  # OpenCV: the window starts without it
    from landmark_gui.core.quality.facts import Facts


@dataclass(frozen=True)
class Examples:
    """What there is to learn from: class names in a fixed order, and the planned crops.

    Attributes:
        left_out: labelled photos that are missing or unreadable, and why.
        group_of: for each photo id the group whose photos must stay in one split together.
    """

    classes: tuple[str, ...]
    crops: list[Crop]
    left_out: list[tuple[Path, str]] = field(default_factory=list)
    group_of: Mapping[int, int] = field(default_factory=dict)

    def of(self, split: Split) -> list[Crop]:
        return [crop for crop in self.crops if crop.split == split]

    def check_distinguishable(self) -> None:
        """Raises DatasetError if fewer than two landmarks have an example."""
        if len(self.classes) < 2:
            raise DatasetError(
                tr("There is nothing to tell apart yet: label at least two landmarks first.")
            )

    def labels(self, crops: list[Crop]) -> list[int]:
        """The class index of each crop."""
        index = {name: number for number, name in enumerate(self.classes)}
        return [index[crop.landmark] for crop in crops]


def project_splits(
    project: Project,
    settings: SplitSettings,
    stored: Mapping[int, str],
    facts: Facts | None = None,
) -> dict[int, Split]:
    """The split of every labelled photo. Splits that the project has stored are kept.

    Args:
        facts: what is known of the photos' pixels; without it only exact copies are kept together.
    """
    pinned = {
        photo_id: split
        for photo_id, split in stored.items()
        if split in SPLITS and photo_id in project.photos
    }
    return assign_splits(_groups(project), settings.fractions, settings.seed, pinned)


def _groups(project: Project) -> list[Group]:
    """Labelled photos, exact copies together, each under the rarest landmark it shows."""
    frequency: dict[int, int] = defaultdict(int)
    for photo in project.photos.values():
        for landmark_id in _landmarks_on(project, photo):
            frequency[landmark_id] += 1
    labelled = [p for p in project.photos.values() if p.state == "ok" and project.is_labelled(p)]
    return [
        Group(
            photos[0].hash or photos[0].path,
            tuple(photo.id for photo in photos),
            _stratum(project, photos, frequency),
        )
        for photos in _copies(labelled)
    ]


def _copies(photos: list[Photo]) -> list[list[Photo]]:
    """Exact copies together; where a large file was not read yet, all that are as large as it."""
    unread = {(photo.size, photo.width, photo.height) for photo in photos if not photo.hash}
    alike: dict[Hashable, list[Photo]] = defaultdict(list)
    for photo in photos:
        size = (photo.size, photo.width, photo.height)
        alike[size if size in unread else photo.hash].append(photo)
    return list(alike.values())


def _landmarks_on(project: Project, photo: Photo) -> set[int]:
    boxes = {box.landmark_id for box in project.boxes_of(photo.id)}
    return boxes or ({photo.landmark_id} - {None})  # type: ignore[return-value]  # None removed


def _stratum(project: Project, photos: list[Photo], frequency: Mapping[int, int]) -> str:
    shown = set().union(*(_landmarks_on(project, photo) for photo in photos))
    return str(min(shown, key=lambda landmark_id: (frequency[landmark_id], landmark_id)))


def load_project_examples(
    project_path: Path,
    settings: CropSettings,
    split: SplitSettings | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> Examples:
    """Read a project and plan its examples; the project file is only read.

    Raises:
        ProjectError: if the project cannot be read.
        DatasetError: if there is no example.
    """
    with ProjectStore.open(project_path, read_only=True) as store:
        project = store.load()
        stored = store.split_assignments()
        splits = project_splits(project, split or SplitSettings(), stored)
        crops = plan(project, store.photos_dir, settings, splits)
        left_out = [
            (under(store.photos_dir, photo.path), photo.reason)
            for photo in project.ordered_photos()
            if photo.state != "ok" and project.is_labelled(photo)
        ]
    present = {crop.landmark for crop in crops}
    ordered = [mark.name for mark in project.ordered_landmarks() if mark.name in present]
    classes = tuple(dict.fromkeys(ordered))
    if not classes:
        raise DatasetError(
            tr("{path} has no crops yet: draw boxes, or label whole photos.", path=project_path)
        )
    return Examples(classes, crops, left_out)
