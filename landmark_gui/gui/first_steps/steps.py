"""The first steps: what to do, where, and what shows that it was done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.core.project import Edit


@dataclass(frozen=True)
class Step:
    """One step of the guide.

    Attributes:
        key: under which the project remembers that it was done.
        text: what to do, in a sentence.
        page: where.
        targets: object names of what to press or look at there; the first that is shown counts.
    """

    key: str
    text: str
    page: str
    targets: tuple[str, ...]


def steps() -> tuple[Step, ...]:
    """All of them, in the order of the way."""
    return (
        Step(
            "open",
            tr("Open a folder of photos, or try the sample."),
            "label",
            ("open_sample", "photo_list"),
        ),
        Step(
            "box",
            tr("Drag a box around the landmark on a photo, and name it."),
            "label",
            ("canvas",),
        ),
        Step(
            "done",
            tr("Say that the photo is done; the next one comes by itself."),
            "label",
            ("photo_done",),
        ),
        Step(
            "crops",
            tr("Look at the crops: they are all that the model will see."),
            "dataset",
            ("crop_grid",),
        ),
        Step(
            "quality",
            tr("See whether anything is wrong with photos or boxes."),
            "quality",
            ("fault_list",),
        ),
        Step(
            "varied",
            tr("Have the crops varied, so that the model learns more than it is shown."),
            "train",
            ("train_augment",),
        ),
        Step(
            "trained",
            tr("Train a model. “Train from scratch” needs no download."),
            "train",
            ("train_button",),
        ),
        Step(
            "judged",
            tr("Look at what the model got wrong, and put it right."),
            "evaluate",
            ("evaluate_gallery", "evaluate_button", "empty_state_action"),
        ),
        Step(
            "classified",
            tr(
                "Let the model name photos that it has never seen; the sample has a folder of them."
            ),
            "classify",
            ("add_photos_button", "empty_state_action"),
        ),
    )


_DRAWN = {"add_box", "copy_boxes", "duplicate_boxes", "paste_boxes", "accept_proposals"}


def done_by(edits: Iterable[Edit]) -> set[str]:
    """The steps that these edits show to be done. What came with a sample was not drawn here."""
    from landmark_gui.core.project import Photo  # with the first project, not the first window

    done = set()
    for edit in edits:
        if edit.kind in _DRAWN:
            done.add("box")
        elif edit.kind == "review_photos" and any(
            isinstance(change.after, Photo) and change.after.review == "done"
            for change in edit.changes
        ):
            done.add("done")
    return done
