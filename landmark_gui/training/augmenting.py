"""How a training varies its crops."""

from __future__ import annotations

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.runs import TrainConfig


def augmentation_of(config: TrainConfig) -> AugmentationConfig | None:
    """How a training varies its crops; None if not at all. Raises FormatError."""
    found = AugmentationConfig.from_dict(config.augmentation or {})
    return None if found == AugmentationConfig() else found
