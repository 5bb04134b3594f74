"""What the examples of a project come to, and what is wrong with them, in words."""

from __future__ import annotations

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Split
from landmark_gui.gui.dataset import Dataset


def summary(dataset: Dataset) -> str:
    """How many examples there are, in a line."""
    present = sum(dataset.total(name) > 0 for name in dataset.landmarks)
    count = ntr("{n} crop", "{n} crops", len(dataset.crops))
    return ntr("{crops} of {n} landmark", "{crops} of {n} landmarks", present, crops=count)


def warnings(dataset: Dataset) -> list[str]:
    """What stands in the way of a good training, a sentence each."""
    present = [name for name in dataset.landmarks if dataset.total(name)]
    found = []
    if len(present) < 2:
        found.append(tr("Training needs at least two landmarks with crops."))
    if missing := [name for name in dataset.landmarks if name not in present]:
        found.append(tr("No crop yet: {names}.", names=_listed(missing)))
    for split, text in _lacking_texts().items():
        counts = dataset.counts[split]
        if lacking := [name for name in present if not counts[name]]:
            found.append(text.format(names=_listed(lacking)))
    if dataset.unreadable:
        found.append(
            ntr(
                "{n} labelled photo is missing or cannot be read, and gives no crop.",
                "{n} labelled photos are missing or cannot be read, and give no crops.",
                dataset.unreadable,
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
