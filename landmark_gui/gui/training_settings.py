"""The settings of a training as the form of the Train page has them. No widget is needed to read
them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from landmark_gui.core import backbones
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.training_advice import Advice, Facts, advise
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.context import AppContext

SETTINGS_KEY = "train.form"
DEFAULTS: dict[str, Any] = {
    "use": "crops",
    "recipe": "transfer",
    "backbone": None,
    "alpha": 0.35,
    "augment": True,
    "epochs": None,
    "weights": "",
    "network": "modern",
    "activation": "relu",
    "batch_normalization": True,
    "dropout": 0.3,
    "image_size": None,
    "batch_size": None,
    "learning_rate": None,
    "optimizer": None,
    "weight_decay": None,
    "schedule": None,
    "warmup_epochs": None,
    "label_smoothing": None,
    "class_weights": False,
    "patience": None,
    "mixed_precision": False,
    "averaged_weights": None,
    "feature_cache": True,
    "seed": 0,
    "more": False,
}
"""None means that the program or the recipe chooses."""
CHOSEN = ("epochs", "image_size", "batch_size")
"""What is chosen from the data where it is None, beside the backbone."""
_OF_FORM = ("augment", "more")
"""What no training has; on or off."""
_PLAIN = TrainConfig("", "")


def remembered(context: AppContext) -> dict[str, Any]:
    """The form as it was left; {} if another version wrote what nobody here can read."""
    try:
        values = json.loads(context.settings.get(SETTINGS_KEY, "{}"))
    except ValueError:
        return {}
    return values if isinstance(values, dict) else {}


def form_values(config: TrainConfig) -> dict[str, Any]:
    """What `TrainForm.set_values` takes; what it does not know is passed over there."""
    return {
        **config.to_dict(),
        "augment": config.augmentation is not None,
        "weights": config.weights or "",
        "backbone": None if config.recipe == "scratch" else config.backbone,
    }


def usable(values: Mapping[str, Any]) -> dict[str, Any]:
    """A value for each of `DEFAULTS`, which stand for what is missing or no training can have."""
    found = {
        name: values[name] if name in values and _fits(name, values[name]) else default
        for name, default in DEFAULTS.items()
    }
    try:
        key = (None, DEFAULTS["alpha"]) if found["backbone"] is None else _known(found).key
    except IndexError:
        key = (None, DEFAULTS["alpha"])
    found["backbone"], found["alpha"] = key
    return found


def advice_for(values: Mapping[str, Any], facts: Facts) -> Advice:
    """What is suggested for the recipe and the network of these values, all of them usable."""
    return advise(facts, values["recipe"], None if values["backbone"] is None else _known(values))


def training_of(
    values: Mapping[str, Any],
    facts: Facts,
    project: Path,
    out: Path,
    augmentation: dict[str, Any],
    cutting: Choices,
) -> TrainConfig:
    """The training that the values of a form describe, on crops as `cutting` has them.

    Args:
        values: one for each of `DEFAULTS`.
        facts: what suggestions are made from, which stand for what is left to the program.

    Raises:
        TrainingError: if a setting is out of its range.
    """
    given = {name: value for name, value in values.items() if name not in _OF_FORM}
    given["weights"] = given["weights"] or None
    advice = advice_for(values, facts)
    if given["backbone"] is None:
        given["backbone"], given["alpha"] = advice.backbone.key
    for name in CHOSEN:
        given[name] = getattr(advice, name) if given[name] is None else given[name]
    return TrainConfig(
        project=str(project),
        out=str(out.absolute()),
        augmentation=augmentation if values["augment"] else None,
        margin=cutting.settings.margin,
        margin_unit=cutting.margin_unit,
        shape=cutting.shape,
        edge=cutting.edge,
        split=cutting.fractions.parts(),
        near_distance=cutting.split.near_distance,
        burst_seconds=cutting.split.burst_seconds,
        **given,
    )


def _fits(name: str, value: Any) -> bool:
    if name in _OF_FORM:
        return isinstance(value, bool)
    if name == "weights":
        return isinstance(value, str)
    if value is None:
        return DEFAULTS[name] is None
    try:
        replace(_PLAIN, **{name: value})
    except (TrainingError, TypeError):
        return False
    return True


def _known(values: Mapping[str, Any]) -> backbones.Backbone:
    return backbones.backbone(values["backbone"], values["alpha"])
