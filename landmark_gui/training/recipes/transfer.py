"""`transfer`: a network that has seen ImageNet, frozen, under a new last layer.

What a network has learned from a million photos tells landmarks apart by a linear layer alone
(Donahue et al., DeCAF, ICML 2014; Kornblith, Shlens, Le, CVPR 2019), and nothing below it has to
learn: features are computed once (`training.frozen`), and the epochs cost next to nothing.
"""

from __future__ import annotations

import keras
from keras import layers

from landmark_gui.core.backbones import Backbone
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.backbones import as_wanted, backbone_in, freeze
from landmark_gui.training.batches import Batches
from landmark_gui.training.fitting import Phase
from landmark_gui.training.optimizing import Defaults, compile_model, watchers

DEFAULTS = Defaults(learning_rate=3e-3, schedule="cosine", warmup_epochs=2)
"""Measured on 355 photos of 7 landmarks over 15 folds, with 60 epochs: accuracy is the same from
1e-3 to 1e-2, within 0.005, and so it is with weight decay, label smoothing or without dropout; the
falling rate ends with a lower loss (docs/adr/0025)."""


def network(
    known: Backbone, backbone: keras.Model, size: int, classes: int, dropout: float
) -> keras.Model:
    """A backbone, frozen, under a new last layer.

    Args:
        known: which backbone it is.
        backbone: of `training.backbones.built`.
        size: side of the input in pixels.
        classes: number of outputs.
        dropout: fraction of features dropped before the last layer.

    Returns:
        A model from float32 pixels 0 to 255, shape (batch, size, size, 3), to probabilities.
    """
    freeze(backbone)
    inputs = keras.Input((size, size, 3), name="pixels")
    maps = backbone(as_wanted(known, inputs), training=False)  # batch normalisation as learned
    features = layers.GlobalAveragePooling2D()(maps)
    kept = layers.Dropout(dropout)(features)
    answers = layers.Dense(classes, activation="softmax", name="probabilities", dtype="float32")
    return keras.Model(inputs, answers(kept), name="transfer")


def phases(config: TrainConfig) -> tuple[Phase, ...]:
    """One phase, in which the last layer learns."""
    return (head_phase(config, DEFAULTS.of(config), config.epochs),)


def head_phase(config: TrainConfig, chosen: Defaults, epochs: int) -> Phase:
    """So many epochs in which the last layer alone learns."""

    def prepare(model: keras.Model, batches: Batches) -> None:
        backbone = backbone_in(model)
        assert backbone is not None
        freeze(backbone)
        compile_model(model, config, chosen, epochs, batches)

    return Phase(epochs, prepare, watchers(config, chosen))
