"""From a project file to its examples: one way for crops, training and evaluation."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core import grouping
from landmark_gui.core.crops import Crop, CropSettings, plan
from landmark_gui.core.errors import (
    Cancel,
    DatasetError,
    Progress,
    ProjectError,
    never_cancelled,
    no_progress,
)
from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder, under
from landmark_gui.core.project import SPLITS, Photo, Project, Split
from landmark_gui.core.splits import (
    Group,
    SplitSettings,
    assign_splits,
    split_leaks,
)
from landmark_gui.core.store import ProjectStore

if TYPE_CHECKING:  # OpenCV: the window starts without it
    from landmark_gui.core.quality.facts import Facts

SPLIT_SETTING = "split"
"""What the store calls the settings that go with the splits it remembers."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Examples:
    """What there is to learn from: class names in a fixed order, and the planned crops.

    Attributes:
        left_out: labelled photos that are missing or unreadable, and why.
        group_of: for each photo id the group whose photos must stay in one split together.
        leaks: groups that pins tear apart, as the paths of their photos.
        boxes: for each photo id all boxes on the photo, those that give no example included.
    """

    classes: tuple[str, ...]
    crops: list[Crop]
    left_out: list[tuple[Path, str]] = field(default_factory=list)
    group_of: Mapping[int, int] = field(default_factory=dict)
    leaks: list[list[str]] = field(default_factory=list)
    boxes: Mapping[int, list[Rect]] = field(default_factory=dict)

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


def as_measured(project: Project, facts: Facts | None) -> Project:
    """The project with photos whose pixels turned out to be damaged as unreadable ones.

    Their headers are fine, so the scan could not know. They give no example.
    """
    damaged = [
        replace(photo, state="unreadable", reason=known.fault)
        for photo in project.photos.values()
        if photo.state == "ok" and (known := (facts or {}).get(photo.id)) and known.fault
    ]
    if not damaged:
        return project
    measured = Project.of(project.rows())
    measured.put_photos(damaged)
    return measured


def project_splits(
    project: Project,
    settings: SplitSettings,
    stored: Mapping[int, str],
    facts: Facts | None = None,
    group_of: Mapping[int, int] | None = None,
    stood: Mapping[int, Split] | None = None,
) -> dict[int, Split]:
    """The split of every photo of the dataset: readable, labelled and not skipped.

    Pins are obeyed, splits that the project has stored are kept, and all photos of a group stand
    together; see `assign_splits`.

    Args:
        facts: what is known of the photos' pixels; without it only exact copies are kept together.
        group_of: of `grouping.groups`, where it is known already.
        stood: where photos stood in a training; there they stay, whatever is pinned or stored.
    """
    kept = {} if settings.fresh else stored
    remembered = {photo: split for photo, split in kept.items() if split in SPLITS}
    pinned = {photo.id: photo.split for photo in project.photos.values() if photo.split}
    pinned |= stood or {}
    if group_of is None:
        group_of = grouping.groups(project, facts, settings)
    return assign_splits(
        _groups(project, group_of),
        settings.fractions,
        settings.seed,
        remembered,
        pinned,
    )


def _groups(project: Project, group_of: Mapping[int, int]) -> list[Group]:
    members: dict[int, list[Photo]] = defaultdict(list)
    for photo in project.photos.values():
        if photo.state == "ok" and photo.review != "skipped" and _landmarks_on(project, photo):
            members[group_of.get(photo.id, photo.id)].append(photo)
    return [
        Group(
            min(_key(photo) for photo in photos),
            {photo.id: _landmarks_on(project, photo) for photo in photos},
        )
        for photos in members.values()
    ]


def _key(photo: Photo) -> tuple[str, str]:
    """What the scan knows of a photo at once; its content may not have been read yet."""
    return f"{photo.size} {photo.width} {photo.height}", photo.path


def _landmarks_on(project: Project, photo: Photo) -> frozenset[int]:
    boxes = project.boxes_of(photo.id)
    if boxes:
        return frozenset(box.landmark_id for box in boxes if not box.excluded)
    return frozenset() if photo.landmark_id is None else frozenset([photo.landmark_id])


def load_project_examples(
    project_path: Path,
    settings: CropSettings,
    split: SplitSettings | None = None,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
    stood: Mapping[int, Split] | None = None,
) -> Examples:
    """Read a project and plan its examples; the project file is only read.

    Photos that the program has not seen yet are measured first, and the facts kept in the
    project's data folder, if it can be written.

    Args:
        split: None for the settings that the project remembers.
        progress: photos measured, of those to be measured.
        stood: as for `project_splits`.

    Raises:
        ProjectError: if the project cannot be read.
        DatasetError: if there is no example.
        Cancelled: while photos are measured.
    """
    with ProjectStore.open(project_path, read_only=True) as store:
        project, photos_dir = store.load(), store.photos_dir
        stored = store.split_assignments()
        split = split or SplitSettings.from_dict(store.setting(SPLIT_SETTING)) or SplitSettings()
    facts = _facts(project_path, project, photos_dir, progress, cancel)
    project = as_measured(project, facts)
    group_of = grouping.groups(project, facts, split)
    splits = project_splits(project, split, stored, facts, group_of, stood)
    crops = plan(project, photos_dir, settings, splits)
    left_out = [
        (under(photos_dir, photo.path), photo.reason)
        for photo in project.ordered_photos()
        if photo.state != "ok" and photo.review != "skipped" and project.is_labelled(photo)
    ]
    present = {crop.landmark for crop in crops}
    ordered = [mark.name for mark in project.ordered_landmarks() if mark.name in present]
    classes = tuple(dict.fromkeys(ordered))
    if not classes:
        raise DatasetError(
            tr("{path} has no crops yet: draw boxes, or label whole photos.", path=project_path)
        )
    leaks = split_leaks(group_of, splits)
    used = {crop.photo_id: group_of[crop.photo_id] for crop in crops}
    boxes = {id_: [box.rect for box in project.boxes_of(id_)] for id_ in used}
    return Examples(classes, crops, left_out, used, _paths(project, leaks), boxes)


def remember_splits(
    project_path: Path,
    split: SplitSettings,
    progress: Progress = no_progress,
    cancel: Cancel = never_cancelled,
) -> bool:
    """Keep the splits in the project, so that later photos do not move these.

    Returns:
        Whether they are kept: a project that is open in a window, or lies where nothing can be
        written, keeps nothing.

    Raises:
        Cancelled: while photos are measured.
    """
    try:
        with ProjectStore.open(project_path) as store:
            project, photos_dir = store.load(), store.photos_dir
        # The lock is not held meanwhile: a window may want the project.
        facts = _facts(project_path, project, photos_dir, progress, cancel)
        with ProjectStore.open(project_path) as store:
            stored = store.split_assignments()
            splits = project_splits(as_measured(store.load(), facts), split, stored, facts)
            store.set_split_assignments({**stored, **splits})
            store.set_setting(SPLIT_SETTING, split.to_dict())
    except (ProjectError, OSError) as error:
        _log.info("%s remembers no split: %s", project_path, error)
        return False
    return True


def remembered_split(project_path: Path) -> SplitSettings | None:
    """How the photos of a project were shared out; None if they never were.

    Raises:
        ProjectError: if the project cannot be read.
    """
    with ProjectStore.open(project_path, read_only=True) as store:
        told = SplitSettings.from_dict(store.setting(SPLIT_SETTING))
        return told or (SplitSettings() if store.split_assignments() else None)


def _facts(
    project_path: Path, project: Project, photos_dir: Path, progress: Progress, cancel: Cancel
) -> Facts:
    from landmark_gui.core.quality.facts import facts_path, gather

    kept = facts_path(data_folder(project_path))
    return gather(project, photos_dir, kept, progress, cancel)


def _paths(project: Project, leaks: Iterable[Iterable[int]]) -> list[list[str]]:
    return [[project.photos[photo_id].path for photo_id in leak] for leak in leaks]
