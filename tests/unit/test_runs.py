from __future__ import annotations

import json
import math
from typing import Any

import pytest

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.runs import TrainConfig

CONFIG = TrainConfig(
    project="views.landmarks",
    out="views.landmark-model",
    recipe="scratch",
    augmentation={"rotation_range": 20.0},
    learning_rate=1e-3,
    split=(0.6, 0.2, 0.2),
)


def test_a_config_comes_back_from_json() -> None:
    assert TrainConfig.from_dict(json.loads(json.dumps(CONFIG.to_dict()))) == CONFIG


def test_two_paths_are_enough() -> None:
    config = TrainConfig.from_dict({"project": "a", "out": "b"})
    assert config == TrainConfig("a", "b")
    assert config.split_settings.fractions.parts() == (0.7, 0.15, 0.15)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("use", "boxes"),
        ("recipe", "best"),
        ("activation", "tanh"),
        ("alpha", 0.36),
        ("dropout", 1.0),
        ("dropout", math.nan),
        ("epochs", 0),
        ("epochs", 2.5),
        ("epochs", True),
        ("epochs", "20"),
        ("image_size", 31),
        ("batch_size", 0),
        ("margin", -0.1),
        ("learning_rate", 0),
        ("seed", "x"),
        ("seed", -1),
        ("seed", 2**32),
        ("split", [0.5, 0.5]),
        ("split", [0.5, 0.5, 0.5]),
        ("split", "abc"),
        ("split", None),
        ("network", "resnet"),
        ("backbone", "vgg16"),
        ("optimizer", "sgd"),
        ("schedule", "linear"),
        ("weight_decay", -0.1),
        ("warmup_epochs", 1.5),
        ("label_smoothing", 0.6),
        ("class_weights", None),
        ("batch_normalization", "no"),
        ("probe", None),
        ("patience", 0),
        ("mixed_precision", "yes"),
        ("averaged_weights", 2),
        ("no_such_setting", 1),
    ],
)
def test_a_wrong_value_is_named(name: str, value: Any) -> None:
    with pytest.raises(TrainingError, match=name):
        TrainConfig.from_dict({"project": "a", "out": "b", name: value})


OLDER: dict[str, Any] = {
    **{"project": "a", "out": "b", "use": "crops", "recipe": "transfer", "activation": "relu"},
    **{"batch_normalization": True, "dropout": 0.3, "augmentation": None, "weights": None},
    **{"alpha": 0.35, "epochs": 20, "image_size": 160, "batch_size": 16, "learning_rate": None},
    **{"seed": 0, "margin": 0.0, "margin_unit": "fraction", "shape": "free", "edge": "clamp"},
    **{"split": [0.7, 0.15, 0.15], "near_distance": 64, "burst_seconds": 10.0, "fresh": False},
    **{"feature_cache": True, "probe": True},
}
"""What versions before backbones could be chosen wrote down."""


def test_configs_of_older_runs_are_read() -> None:
    config = TrainConfig.from_dict(OLDER)
    assert config.backbone == "mobilenet_v2" and config.optimizer is None


def test_none_stands_for_the_recipes_own() -> None:
    names = ("optimizer", "weight_decay", "schedule", "warmup_epochs", "label_smoothing")
    config = TrainConfig("a", "b", **dict.fromkeys(names), patience=None, averaged_weights=None)
    assert TrainConfig.from_dict(config.to_dict()) == config


def test_the_paths_are_needed() -> None:
    with pytest.raises(TrainingError, match="out"):
        TrainConfig.from_dict({"project": "a"})
