"""The way back through the settings of this session."""

from __future__ import annotations

from landmark_gui.core.augmentation import AugmentationConfig

MOST = 200


class ConfigHistory:
    """Configs in the order in which they were settled on, and where one is among them."""

    def __init__(self, config: AugmentationConfig) -> None:
        self._configs = [config]
        self._place = 0

    @property
    def can_go_back(self) -> bool:
        return self._place > 0

    @property
    def can_go_forward(self) -> bool:
        return self._place + 1 < len(self._configs)

    def note(self, config: AugmentationConfig) -> None:
        """Settle on a config; what lay ahead is gone, unless it is where one is already."""
        if config != self._configs[self._place]:
            self._configs = [*self._configs[: self._place + 1], config][-MOST:]
            self._place = len(self._configs) - 1

    def back(self) -> AugmentationConfig:
        self._place = max(self._place - 1, 0)
        return self._configs[self._place]

    def forward(self) -> AugmentationConfig:
        self._place = min(self._place + 1, len(self._configs) - 1)
        return self._configs[self._place]
