"""The rail of steps at the left of the window."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtWidgets import QFrame, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.step_button import StepButton

_PART = 7
"""The rail shows words as long as the window is so many times as wide."""


class Rail(QFrame):
    """One step below the other; in a narrow window only their icons."""

    def __init__(self, steps: Iterable[StepButton]) -> None:
        super().__init__()
        self.setObjectName("steps")
        self.setAccessibleName(tr("Pages"))
        self._steps = list(steps)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.S, theme.M, theme.S)
        layout.setSpacing(theme.S // 2)
        for step in self._steps:
            layout.addWidget(step)
        layout.addStretch()

    def fit(self, window_width: int) -> None:
        """Show words or icons alone, whichever suits a window of this width."""
        words = max(step.full_width() for step in self._steps) + 2 * theme.M
        narrow = window_width < _PART * words
        for step in self._steps:
            step.set_narrow(narrow)
