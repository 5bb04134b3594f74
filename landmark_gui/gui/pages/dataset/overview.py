"""What a project yields with the settings of the page: counts, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core import crops
from landmark_gui.core.crops import Crop
from landmark_gui.core.dataset import project_splits
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import SPLITS, Project, Row, Split
from landmark_gui.gui.choices import Choices

if TYPE_CHECKING:
    pass


@dataclass(frozen=True)
class Planned:
    """The examples of a project, and what to say about them.

    Attributes:
        landmarks: name and colour of each, in their order.
        counts: {"train": {name: n}, …}.
        labelled: how many photos have a label.
        unreadable: how many labelled photos are missing or cannot be read, and so give no example.
        kept: how many photos have a split from an earlier saving.
    """

    splits: dict[int, Split]
    crops: list[Crop]
    landmarks: dict[str, str]
    counts: Mapping[str, Mapping[str, int]]
    labelled: int
    unreadable: int
    kept: int

    def total(self, landmark: str) -> int:
        return sum(self.counts[split][landmark] for split in SPLITS)


def plan(
    rows: Iterable[Row], photos_dir: Path, choices: Choices, kept: Mapping[int, str]
) -> Planned:
    """Plan the crops of a snapshot of a project. For a thread of its own.

    Args:
        rows: all rows of the project.
        kept: splits of an earlier saving, by photo id.
    """
    project = Project.of(rows)
    stored = {} if choices.fresh else kept
    splits = project_splits(project, choices.split, stored)
    planned = crops.plan(project, photos_dir, choices.settings, splits)
    landmarks = {mark.name: mark.color for mark in reversed(project.ordered_landmarks())}
    landmarks = dict(reversed(landmarks.items()))  # of two with one name, the first counts
    labelled = [photo for photo in project.photos.values() if project.is_labelled(photo)]
    unreadable = sum(photo.state != "ok" for photo in labelled)
    return Planned(
        splits,
        planned,
        landmarks,
        crops.split_counts(planned, landmarks),
        len(labelled),
        unreadable,
        len(splits.keys() & kept.keys()),
    )


def summary(planned: Planned) -> str:
    """How many examples there are, in a line."""
    present = sum(planned.total(name) > 0 for name in planned.landmarks)
    count = ntr("{n} crop", "{n} crops", len(planned.crops))
    return ntr("{crops} of {n} landmark", "{crops} of {n} landmarks", present, crops=count)


def warnings(planned: Planned) -> list[str]:
    """What stands in the way of a good training, a sentence each."""
    present = [name for name in planned.landmarks if planned.total(name)]
    found = []
    if len(present) < 2:
        found.append(tr("Training needs at least two landmarks with crops."))
    if missing := [name for name in planned.landmarks if name not in present]:
        found.append(tr("No crop yet: {names}.", names=_listed(missing)))
    for split, text in _lacking_texts().items():
        counts = planned.counts[split]
        if lacking := [name for name in present if not counts[name]]:
            found.append(text.format(names=_listed(lacking)))
    if planned.unreadable:
        found.append(
            ntr(
                "{n} labelled photo is missing or cannot be read, and gives no crop.",
                "{n} labelled photos are missing or cannot be read, and give no crops.",
                planned.unreadable,
            )
        )
    return found


def _lacking_texts() -> dict[Split, str]:
    return {
        "train": tr("No training example, so not learned: {names}. Label more photos."),
        "validation": tr("Not in validation, so it has no say in which epoch is best: {names}."),
        "test": tr("Not in test, so nobody knows how well it is recognised: {names}."),
    }


def _listed(names: list[str], limit: int = 5) -> str:
    more = len(names) - limit
    shown = ", ".join(names[:limit])
    return (
        ntr("{names} and {n} more", "{names} and {n} more", more, names=shown)
        if more > 0
        else shown
    )
