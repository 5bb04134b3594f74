"""A splitter whose sizes are remembered."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QSplitter, QWidget

from landmark_gui.core.settings import Settings

_REMEMBER_MS = 400
_LARGEST = 10_000


class KeptSplitter(QSplitter):
    """Parts side by side, as wide as the person left them.

    Args:
        key: of the settings.
        usual: widths in pixels as long as none are remembered.
    """

    def __init__(self, settings: Settings, key: str, parts: list[QWidget], usual: list[int]):
        super().__init__(Qt.Orientation.Horizontal)
        self._settings, self._key = settings, key
        self.setObjectName(key.partition(".")[2])
        self.setChildrenCollapsible(False)
        for part in parts:
            self.addWidget(part)
        self.setSizes(_sizes(settings, key, usual))
        self._rest = QTimer(self, singleShot=True, interval=_REMEMBER_MS)
        self._rest.timeout.connect(self._remember)
        self.splitterMoved.connect(self._rest.start)

    def _remember(self) -> None:
        if all(self.sizes()):  # a part that is hidden has no width
            self._settings.set(self._key, self.sizes())


def _sizes(settings: Settings, key: str, usual: list[int]) -> list[int]:
    sizes = settings.get(key, usual)
    fit = all(isinstance(size, int) and 0 < size <= _LARGEST for size in sizes)
    return sizes if fit and len(sizes) == len(usual) else usual
