"""What a project has to learn from, counted, and what is still missing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from landmark_gui.core.i18n import ntr, tr

if TYPE_CHECKING:
    from landmark_gui.core.project import Project


FEWEST = 3
"""Examples of a landmark that reach for one in each split."""


def examples_of(project: Project, use: str) -> Counter[str]:
    """How many examples each landmark has."""
    return Counter(example_names(project, use))


def example_names(project: Project, use: str) -> Iterator[str]:
    """The landmark of each example, one by one; the rule is that of `core.crops.plan`."""
    for photo in project.photos.values():
        if photo.state != "ok" or photo.review == "skipped":
            continue
        boxes = project.boxes_of(photo.id)
        marks = [box.landmark_id for box in boxes if not box.excluded]
        if use == "photos":
            marks = list(dict.fromkeys(marks))
        if not boxes and photo.landmark_id is not None:
            marks = [photo.landmark_id]
        yield from (project.landmarks[mark].name for mark in marks)


def missing_text(examples: Mapping[str, int]) -> str:
    """What must be done before a training can start; "" if nothing must."""
    if not examples:
        return tr("Draw boxes for at least two landmarks first.")
    if len(examples) == 1:
        return tr(
            "So far there is only “{name}”: draw boxes for a second landmark, so that there is "
            "something to tell apart.",
            name=next(iter(examples)),
        )
    return ""


def examples_text(examples: Mapping[str, int], use: str) -> str:
    """ "120 crops of 3 landmarks"."""
    total = sum(examples.values())
    if use == "crops":
        things = ntr("{n} crop", "{n} crops", total)
    else:
        things = ntr("{n} photo", "{n} photos", total)
    marks = ntr("{n} landmark", "{n} landmarks", len(examples))
    return tr("{things} of {landmarks}", things=things, landmarks=marks)


def few_text(examples: Mapping[str, int]) -> str:
    """Which landmark has too few examples for a training to make sense; "" if none has."""
    few = [name for name, count in examples.items() if count < FEWEST]
    if not few:
        return ""
    return tr(
        "“{name}” needs at least {n} examples: one each to learn from, to choose by and to test "
        "with.",
        name=few[0],
        n=FEWEST,
    )
