"""Panels that can be made narrower than their toolbar."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QWidget


class NarrowingPanel(QWidget):
    """Hides the spare buttons of its toolbar where the room is scarce."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._spare: Sequence[QWidget] = ()
        self._spacing = 0

    def set_spare(self, bar: QBoxLayout, buttons: Sequence[QWidget]) -> None:
        """Let these buttons of `bar` go first, all of them at once."""
        self._spare, self._spacing = buttons, bar.spacing()

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        if not self._spare or self._spare[0].isHidden():
            return size
        return size - QSize(self._spare_width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        wanted = self.minimumSizeHint().width() + self._spare_width()
        for button in self._spare:
            button.setVisible(event.size().width() >= wanted)
        super().resizeEvent(event)

    def _spare_width(self) -> int:
        return sum(button.sizeHint().width() + self._spacing for button in self._spare)
