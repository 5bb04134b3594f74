"""What the panel of a search says, as pure functions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landmark_gui.core.i18n import tr
from landmark_gui.core.studies import StudyConfig
from landmark_gui.gui.studies.texts import differences, training_text, when_text
from landmark_gui.gui.worker_texts import downloading_text, preparing_text

if TYPE_CHECKING:
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.core.search.journal import KeptSearch
    from landmark_gui.jobs.worker_process import Event


def base_text(base: TrainConfig) -> str:
    """What a search starts from, and what all of its trials share."""
    rate = tr("automatic") if base.learning_rate is None else f"{base.learning_rate:g}"
    return tr(
        "It starts from the settings of the Train page, and all that it does not choose stays as "
        "it is there: {settings} · learning rate {rate}.",
        settings=training_text(base),
        rate=rate,
    )


def kept_text(kept: KeptSearch, base: TrainConfig, edited: bool) -> str:
    """When a result was found, and from which settings.

    Args:
        edited: whether the project was changed since.
    """
    when = when_text(kept.ended)
    if kept.is_of(base) and edited:
        return tr(
            "Found on {when}. The project was changed since, so it may begin anew.", when=when
        )
    if kept.is_of(base):
        return tr("Found on {when}, starting from the present settings.", when=when)
    before, now = (StudyConfig("augmentation", one) for one in (kept.config.base, base))
    return tr(
        "Found on {when}, starting from other settings ({names}).",
        when=when,
        names=", ".join(differences(before, now)),
    )


def event_text(event: Event) -> str:
    """Where a search is; "" for an event that says nothing of that."""
    if event["event"] == "preparing":
        return preparing_text(event)
    if event["event"] == "downloading":
        return downloading_text(event)
    if event["event"] == "search_progress":
        return tr(
            "Round {round} of {rounds}, epoch {epoch} of {epochs}",
            round=event["round"] + 1,
            rounds=event["rounds"],
            epoch=event["epoch"],
            epochs=event["epochs"],
        )
    return ""


def end_text(kind: str) -> str:
    """How a search ended."""
    return {
        "done": tr("The search is done."),
        "cancelled": tr("Paused. What is done is kept."),
        "failed": tr("The search did not succeed"),
    }[kind]
