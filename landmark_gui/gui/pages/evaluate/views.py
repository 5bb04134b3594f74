"""Which answers the gallery shows, and in which order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from landmark_gui.core.evaluation import CropAnswer, surest_first
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.pages.evaluate.asking import Asked


class Show(StrEnum):
    """What is shown."""

    MISTAKES = "mistakes"
    ALL = "all"
    UNKNOWN = "unknown"
    CORRECTED = "corrected"
    NEWLY_RIGHT = "newly_right"
    NEWLY_WRONG = "newly_wrong"
    STILL_WRONG = "still_wrong"
    CELL = "cell"
    LANDMARK = "landmark"


@dataclass(frozen=True)
class View:
    """A choice of answers.

    Attributes:
        given, said: of a cell, the numbers of its row and column; of a landmark the first alone.
    """

    show: Show = Show.MISTAKES
    given: int = 0
    said: int = 0


def is_there(asked: Asked, show: Show) -> bool:
    """Whether there is anything to choose so; what changed needs another model."""
    if show in (Show.NEWLY_RIGHT, Show.NEWLY_WRONG, Show.STILL_WRONG):
        return asked.comparison is not None and asked.comparison.changes is not None
    return True


def answers_of(asked: Asked, view: View) -> Sequence[CropAnswer]:
    """The answers of a view, in its order."""
    arranged = asked.arranged
    changes = asked.comparison.changes if asked.comparison is not None else None
    if view.show is Show.CELL:
        return arranged.cells.get((view.given, view.said), ())
    if view.show is Show.LANDMARK:
        name = asked.evaluation.labels[view.given]
        return [a for a in arranged.mistakes if name in (a.true, a.predicted)]
    if view.show is Show.ALL:
        return arranged.least_sure
    if view.show is Show.UNKNOWN:
        return [a for a in arranged.least_sure if a.unknown]
    if view.show is Show.CORRECTED:
        return [a for a in asked.evaluation.answers if asked.corrections.is_corrected(a)]
    if changes is not None and view.show is not Show.MISTAKES:
        return surest_first(getattr(changes, view.show.value))
    return arranged.mistakes


def title(asked: Asked, view: View) -> str:
    """A view, as the choice above the gallery names it."""
    labels = asked.evaluation.labels
    if view.show is Show.CELL:
        names = {"given": labels[view.given], "said": labels[view.said]}
        if view.given == view.said:
            return tr("{given}, recognised", **names)
        return tr("{given}, taken for {said}", **names)
    if view.show is Show.LANDMARK:
        return tr("Mistakes with {name}", name=labels[view.given])
    return {
        Show.MISTAKES: tr("Mistakes, the surest first"),
        Show.ALL: tr("All, the least sure first"),
        Show.UNKNOWN: tr("Unknown to the model"),
        Show.CORRECTED: tr("Corrected since"),
        Show.NEWLY_RIGHT: tr("Newly right"),
        Show.NEWLY_WRONG: tr("Newly wrong"),
        Show.STILL_WRONG: tr("Still wrong"),
    }[view.show]


def count_text(answers: Sequence[CropAnswer], selected: int) -> str:
    """How many are shown, and of these selected."""
    text = ntr("{n} crop", "{n} crops", len(answers))
    if selected > 1:
        text += " · " + ntr("{n} selected", "{n} selected", selected)
    return text


def nothing_text(view: View) -> str:
    """Why none is shown."""
    return {
        Show.MISTAKES: tr("No mistake: all of them are recognised."),
        Show.CORRECTED: tr("Nothing was corrected since the model was asked."),
    }.get(view.show, tr("There is none."))
