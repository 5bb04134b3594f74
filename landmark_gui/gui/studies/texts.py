"""What the panel of a study says, as pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.backbones import backbone
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.studies import StudyConfig, StudyKind, variant_label, variants
from landmark_gui.core.studies.config import ALL, PLAIN, options_of
from landmark_gui.core.studies.journal import identity
from landmark_gui.gui import worker_texts
from landmark_gui.gui.widgets.common import duration

if TYPE_CHECKING:
    from landmark_gui.core.runs import TrainConfig
    from landmark_gui.core.studies.kept import Kept
    from landmark_gui.jobs.worker_process import Event

_EITHER_WAY = {
    "rotation_range": "°",
    "shear_range": "°",
    "width_shift_range": "",
    "height_shift_range": "",
    "channel_shift_range": "",
}
"""Options that go as far one way as the other, with their unit."""


def title(kind: StudyKind) -> str:
    """What the study asks."""
    if kind == "augmentation":
        return tr("Which augmentation helps?")
    return tr("Photos and crops compared")


def recipe_name(recipe: str) -> str:
    names = {
        "transfer": tr("Build on a trained network"),
        "scratch": tr("Train from scratch"),
        "fine-tune": tr("Tune a trained network"),
    }
    return names.get(recipe, recipe)


def settings_text(study: StudyConfig) -> str:
    """How each variant is trained, in a line."""
    return training_text(study.base, used=study.kind == "augmentation")


def training_text(base: TrainConfig, used: bool = True) -> str:
    """A training in a line; `used` says whether what it learns from counts."""
    parts = [recipe_name(base.recipe)]
    if base.recipe != "scratch":
        parts.append(backbone(base.backbone, base.alpha).title)
    if used:
        parts.append(tr("crops") if base.use == "crops" else tr("whole photos"))
    parts.append(ntr("{n} epoch", "{n} epochs", base.epochs))
    parts.append(tr("{n} px", n=base.image_size))
    return " · ".join(parts)


def plan_text(study: StudyConfig) -> str:
    """What will be done, and on which photos."""
    ways = variants(study)
    total = len(ways) * study.repeats
    trained = ntr("{n} training", "{n} trainings", total)
    rounds = ntr("{n} time", "{n} times", study.repeats)
    if study.kind == "compare":
        text = tr(
            "{trained}: photos and crops, each without and with the augmentation of the Augment "
            "page, {rounds} each. All ways get the same photos and seeds; each time they are "
            "measured on photos that none of them has seen.",
            trained=trained,
            rounds=rounds,
        )
        log = tr("Nothing is varied there, so the values of the student's log are taken.")
        return text if _options(study) else f"{text} {log}"
    what = (
        tr("without augmentation, with each option alone, and with all together")
        if ways[-1].key == ALL
        else tr("without augmentation, and with each option alone")
    )
    return tr(
        "{trained}: {what}, {rounds} each. All ways get the same photos and seeds; each time they "
        "are measured on photos that none of them has seen. The test split is not touched.",
        trained=trained,
        what=what,
        rounds=rounds,
    )


def all_done_text(total: int, won: bool) -> str:
    """That nothing is left to do; without a winner the sentence says what would tell more."""
    done = ntr("{n} training is done.", "All {n} trainings are done.", total)
    return f"{done} {tr('More repeats tell smaller differences apart.')}" if won else done


def caption(study: StudyConfig, kept: Kept | None) -> str:
    """What stands below a saved picture: of which project, how and when it was measured."""
    parts = [Path(study.base.project).stem, settings_text(study)]
    if kept is not None:
        parts.append(when_text(kept.ended))
    return " · ".join(parts)


def time_text(seconds: float | None) -> str:
    """How long it will take, as far as is known."""
    if seconds is None:
        return tr("How long it takes is told once the first training is done.")
    return tr("Time needed: {time}.", time=duration(seconds))


def details_of(study: StudyConfig) -> dict[str, str]:
    """How strong each variant is, by its key; those without a strength are missing."""
    if study.kind == "compare":
        return {}
    chosen, found = _options(study), {}
    for variant in variants(study):
        if variant.key in (PLAIN, ALL):
            continue
        strength = strength_text(variant.key, variant.config.augmentation or {})
        if variant.key not in chosen:  # off at the left, and tried all the same
            strength = f"{strength} {tr('(off at present)')}".strip()
        if strength:
            found[variant.key] = strength
    return found


def _options(study: StudyConfig) -> Sequence[str]:
    """The options of augmentation that are on."""
    return options_of(AugmentationConfig.from_dict(study.base.augmentation or {}))


def strength_text(term: str, augmentation: Mapping[str, Any]) -> str:
    """One option's strength, such as "±20°" or "0.8–1.2"; "" for a switch."""
    value = augmentation.get(term)
    if term == "randaugment_count":
        magnitude = augmentation.get("randaugment_magnitude", 0)
        return tr("{n} × strength {m}", n=value, m=f"{magnitude:g}")
    if isinstance(value, bool) or value is None:
        return ""
    if term == "zoom_range" and isinstance(value, int | float):
        value = (1 - value, 1 + value)
    if isinstance(value, int | float):
        unit = _EITHER_WAY.get(term)
        return f"{value:g}" if unit is None else f"±{value:g}{unit}"
    if term in _EITHER_WAY:  # a list is the values to draw from
        return " ".join(f"±{abs(one):g}" for one in value)
    return "–".join(f"{one:g}" for one in value)


def place_text(event: Event, repeats: int) -> str:
    """Which training runs, from a `trial_progress`."""
    return tr(
        "{way} · round {round} of {rounds} · epoch {epoch} of {epochs}",
        way=variant_label(str(event["variant"])),
        round=int(event["round"]) + 1,
        rounds=repeats,
        epoch=event["epoch"],
        epochs=event["epochs"],
    )


def count_text(event: Event) -> str:
    """How many trainings are done, and how long the rest takes."""
    count = tr("{done} of {total}", done=event["done"], total=event["total"])
    left = event.get("seconds_left")
    if left is None:
        return count
    return tr("{count} · {left} left", count=count, left=duration(left))


def state_text(state: str) -> str:
    """The worker's state in words, before trainings report."""
    return tr("Training…") if state == "studying" else worker_texts.state_text(state)


def kept_text(kept: Kept, study: StudyConfig, edited: bool) -> str:
    """When a result was measured, and whether it is about what is set now.

    Args:
        edited: whether the project was changed since.
    """
    when = when_text(kept.ended)
    if not kept.same:
        return tr(
            "Measured on {when} with other settings ({names}). Start to measure the present ones.",
            when=when,
            names=", ".join(differences(kept.study, study)),
        )
    if edited and not kept.result.is_complete:
        return tr(
            "Measured on {when}. The project was changed since, so it may begin anew.", when=when
        )
    if edited:
        return tr(
            "Measured on {when}. The project was changed since: start again to be sure.", when=when
        )
    return tr("Measured on {when}, with the present settings.", when=when)


def differences(one: StudyConfig, other: StudyConfig) -> list[str]:
    """The settings in which two studies differ, in words."""
    ours, theirs = identity(one)["base"], identity(other)["base"]
    differ = [name for name in ours if ours[name] != theirs.get(name)]
    names = _names()
    return list(dict.fromkeys(names.get(name, tr("others")) for name in differ))


def blocked_text(task: str, own: bool) -> str:
    """Why a study cannot start: something else has the worker; "" if nothing has."""
    if task == "train":
        return tr("A training is running. Wait for it, or cancel it on the Train page.")
    if task == "study" and not own:
        return tr("Another study is running. Wait for it, or pause it on its page.")
    if task == "search":
        return tr("A search is running. Wait for it, or pause it on its page.")
    return ""


def keys_of(study: StudyConfig) -> Sequence[str]:
    return [variant.key for variant in variants(study)]


def _names() -> dict[str, str]:
    return {
        "augmentation": tr("augmentation"),
        "recipe": tr("recipe"),
        "backbone": tr("backbone"),
        "alpha": tr("backbone"),
        "use": tr("crops or photos"),
        "epochs": tr("epochs"),
        "image_size": tr("image size"),
        "batch_size": tr("batch size"),
        "learning_rate": tr("learning rate"),
        "seed": tr("seed"),
        "split": tr("splits"),
    }


def when_text(time: datetime) -> str:
    return f"{time:%Y-%m-%d %H:%M}"
