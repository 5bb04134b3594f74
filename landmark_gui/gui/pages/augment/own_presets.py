"""The person's own presets, kept with the preferences."""

from __future__ import annotations

import tomllib
from typing import Any

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import FormatError
from landmark_gui.core.settings import Settings

SETTING = "augmentation_presets"


class OwnPresets:
    """Configs by name. One that another version wrote and nobody here can read is kept, unseen."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def all(self) -> dict[str, AugmentationConfig]:
        """Name → config, in the order of the names."""
        found = {}
        for name, values in sorted(self._read().items(), key=lambda item: item[0].casefold()):
            try:
                found[name] = AugmentationConfig.from_dict(values)
            except (FormatError, AttributeError, TypeError):
                continue
        return found

    def put(self, name: str, config: AugmentationConfig) -> None:
        """Keep `config` under a name, in place of the one that had it."""
        values = {key: value for key, value in config.to_dict().items() if value is not None}
        self._write({**self._read(), name: values})

    def rename(self, old: str, new: str) -> None:
        """Give another name, in place of the one that had it."""
        kept = self._read()
        values = kept.pop(old)
        self._write({**kept, new: values})

    def remove(self, name: str) -> None:
        kept = self._read()
        kept.pop(name, None)
        self._write(kept)

    def _read(self) -> dict[str, Any]:
        try:
            return tomllib.loads(self._settings.get(SETTING, ""))
        except tomllib.TOMLDecodeError:
            return {}

    def _write(self, values: dict[str, Any]) -> None:
        import tomli_w

        self._settings.set(SETTING, tomli_w.dumps(values) or None)
