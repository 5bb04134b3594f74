"""What a person is advised to do next, in plain words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.common import button, wrapped

_AT_FIRST = 2
_MOST = 12


class AdviceCard(QFrame):
    """Sentences, the most useful first; the rest on demand. Hidden without any."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self.setObjectName("advice")
        self._advice: Sequence[str] = ()
        self._all = False
        self.words = wrapped("", "")
        self.words.setObjectName("advice_words")
        self._more = button("", "advice_more", self._toggle, kind="quiet")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.S)
        layout.addWidget(self.words, 1)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignBottom)
        self.hide()

    def show_advice(self, advice: Sequence[str]) -> None:
        self._advice = advice[:_MOST]
        self.setVisible(bool(advice))
        self._show()

    def _toggle(self) -> None:
        self._all = not self._all
        self._show()

    def _show(self) -> None:
        shown = self._advice if self._all else self._advice[:_AT_FIRST]
        self.words.setText("\n".join(shown))
        more = len(self._advice) - _AT_FIRST
        self._more.setVisible(more > 0)
        text = tr("Less") if self._all else ntr("{n} more", "{n} more", more)
        self._more.setText(text)
