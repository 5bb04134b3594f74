"""The settings of a training as the form of the Train page has them."""

from __future__ import annotations

from typing import Any

from landmark_gui.core.runs import TrainConfig


def form_values(config: TrainConfig) -> dict[str, Any]:
    """What `TrainForm.set_values` takes; it gives automatic ones and unknown ones its default."""
    values = config.to_dict()
    return {
        **values,
        "augment": config.augmentation is not None,
        "weights": config.weights or "",
        "learning_rate": config.learning_rate or 0.0,
    }
