"""`scratch`: a small network that learns everything from the person's photos."""

from __future__ import annotations

import keras

from landmark_gui.core.runs import Network, TrainConfig
from landmark_gui.training import models
from landmark_gui.training.batches import Batches
from landmark_gui.training.fitting import Phase
from landmark_gui.training.optimizing import Defaults, compile_model, watchers

DEFAULTS: dict[Network, Defaults] = {
    "modern": Defaults(
        learning_rate=3e-3,
        optimizer="adamw",
        weight_decay=0.02,
        schedule="cosine",
        warmup_epochs=2,
    ),
    "log": Defaults(learning_rate=1e-3),
}
"""Of "log", Adam's own rate (https://arxiv.org/abs/1412.6980), as in its day. Of "modern" a higher
one that falls to nothing: few steps go far, and the last weights are the best. What else was tried
stands in docs/adr/0024."""


def network(config: TrainConfig, classes: int) -> keras.Model:
    """The network of a config, with random weights.

    Of "log" the activation alone can be chosen: it has neither batch normalisation nor dropout.
    """
    if config.network == "log":
        return models.plain(config.image_size, classes, config.activation)
    return models.modern(
        config.image_size,
        classes,
        config.activation,
        config.batch_normalization,
        config.dropout,
    )


def phases(config: TrainConfig) -> tuple[Phase, ...]:
    """One phase, in which all learns."""
    chosen = DEFAULTS[config.network].of(config)

    def prepare(model: keras.Model, batches: Batches) -> None:
        compile_model(model, config, chosen, config.epochs, batches)

    return (Phase(config.epochs, prepare, watchers(config, chosen)),)
