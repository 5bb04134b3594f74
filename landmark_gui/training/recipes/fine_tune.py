"""`fine-tune`: first the last layer on a frozen backbone, then its top blocks at a low rate.

The order is that of https://keras.io/guides/transfer_learning/: gradients of a random last layer
would wreck what lies below. What is near the input serves any photos, what is near the output
mostly ImageNet's (Yosinski et al., NIPS 2014, https://arxiv.org/abs/1411.1792), so the top alone
learns. Batch normalisation is frozen, weights and statistics.
"""

from __future__ import annotations

from dataclasses import replace

import keras

from landmark_gui.core import backbones
from landmark_gui.core.runs import TrainConfig
from landmark_gui.training.backbones import backbone_in, free_top
from landmark_gui.training.batches import Batches
from landmark_gui.training.fitting import Phase
from landmark_gui.training.optimizing import Defaults, compile_model, watchers
from landmark_gui.training.recipes import transfer

DEFAULTS = Defaults(
    learning_rate=1e-3,
    optimizer="adamw",
    weight_decay=1e-4,
    schedule="cosine",
    warmup_epochs=1,
)
"""Of the second part. The warm-up lets Adam's moments settle before they move what was learned
(https://arxiv.org/abs/1706.02677); the rate is a third of the head's: with MobileNetV2 of width
0.35, the only one measured, it did better than 3e-4 and 1e-4 (docs/adr/0025)."""


def phases(config: TrainConfig) -> tuple[Phase, ...]:
    """Half of the epochs for the head, which cost next to nothing, and half for the top.

    The best epoch of both is kept: if nothing is gained by tuning, the head's is.
    """
    head = (config.epochs + 1) // 2
    first = transfer.head_phase(config, _of_head(config), head)
    return (first, _top_phase(config, config.epochs - head)) if head < config.epochs else (first,)


def _of_head(config: TrainConfig) -> Defaults:
    """The settings of `transfer`, but for the rate and what goes with it, which are the top's."""
    chosen = transfer.DEFAULTS.of(config)
    own = transfer.DEFAULTS
    return replace(
        chosen,
        learning_rate=own.learning_rate,
        schedule=own.schedule,
        warmup_epochs=own.warmup_epochs,
    )


def _top_phase(config: TrainConfig, epochs: int) -> Phase:
    chosen = DEFAULTS.of(config)

    def prepare(model: keras.Model, batches: Batches) -> None:
        backbone = backbone_in(model)
        assert backbone is not None
        free_top(backbone, _first(backbone))
        compile_model(model, config, chosen, epochs, batches)

    return Phase(epochs, prepare, watchers(config, chosen))


def _first(backbone: keras.Model) -> str:
    """Where the top of a backbone begins. A weights file may hold another than the config says."""
    names = {layer.name for layer in backbone.layers}
    count = backbone.count_params()
    known = next(known for known in backbones.ALL if known.parameters == count)
    assert known.top in names
    return known.top
