"""The ways to make a model, a module each, with the defaults of each and the reason for them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import keras

from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.fitting import Phase
from landmark_gui.training.precision import in_full_precision, quick_precision
from landmark_gui.training.recipes import fine_tune, scratch, transfer
from landmark_gui.training.weights import loaded

Log = Callable[[str], None]


def built_model(config: TrainConfig, classes: int, log: Log) -> keras.Model:
    """The model of a config's recipe, not yet compiled.

    Args:
        classes: number of outputs.
        log: told what the person may want to know, such as what a weights file holds.

    Raises:
        TrainingError: if the weights of a backbone cannot be had or do not fit.
    """
    with quick_precision(config, log):
        if config.recipe == "scratch":
            return scratch.network(config, classes)
        known, backbone = loaded(config, config.image_size, log)
        return transfer.network(known, backbone, config.image_size, classes, config.dropout)


def phases_of(config: TrainConfig) -> tuple[Phase, ...]:
    """How the model of a config is trained: `config.epochs` epochs in all."""
    recipes = {
        "scratch": scratch.phases,
        "transfer": transfer.phases,
        "fine-tune": fine_tune.phases,
    }
    return recipes[config.recipe](config)


def exported_model(model: keras.Model, config: TrainConfig) -> keras.Model:
    """A trained model as it is saved: in full precision, whatever it was trained in."""
    plain = replace(config, mixed_precision=False)
    classes = model.output_shape[-1]
    return in_full_precision(model, lambda: built_model(plain, classes, lambda text: None))
