"""The settings of a training as the form of the Train page has them."""

from __future__ import annotations

from typing import Any

from landmark_gui.core.runs import TrainConfig


def form_values(config: TrainConfig) -> dict[str, Any]:
    """What `TrainForm.set_values` takes; what it does not know is passed over there."""
    return {
        **config.to_dict(),
        "augment": config.augmentation is not None,
        "weights": config.weights or "",
        "backbone": None if config.recipe == "scratch" else config.backbone,
    }
