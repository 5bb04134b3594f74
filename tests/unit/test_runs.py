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
        ("no_such_setting", 1),
    ],
)
def test_a_wrong_value_is_named(name: str, value: Any) -> None:
    with pytest.raises(TrainingError, match=name):
        TrainConfig.from_dict({"project": "a", "out": "b", name: value})


def test_the_paths_are_needed() -> None:
    with pytest.raises(TrainingError, match="out"):
        TrainConfig.from_dict({"project": "a"})
