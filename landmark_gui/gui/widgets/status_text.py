"""The line at the bottom of the window: what holds, and for a while what was just said."""

from __future__ import annotations

import re

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel

from landmark_gui.gui.widgets import accessible

SAID_MS = 10_000
RESTS_MS = 1_000
"""A text that stands so long is read out; others are on their way to the next."""


class StatusText(QLabel):
    """Shows the text that holds; one that is said takes its place for some seconds.

    What stands for a moment is read out by screen readers, unless it differs from what they said
    last in its figures alone, as the steps of a training do.
    """

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("status_text")
        self._holds, self._read_out = "", ""
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(lambda: self.setText(self._holds))
        self._rests = QTimer(self, singleShot=True, interval=RESTS_MS)
        self._rests.timeout.connect(self.read_out)

    def hold(self, text: str) -> None:
        """Show `text` until another one holds."""
        self._holds = text
        self._over.stop()
        if text != self.text():
            self._show(text)

    def say(self, text: str) -> None:
        """Show `text` for a while; "" ends what was said."""
        self._show(text or self._holds)
        self._over.start(SAID_MS)

    def read_out(self) -> None:
        """Have the text read out that is shown; not each figure of one that counts."""
        text, before = self.text(), self._read_out
        if text == before or _words(text) != _words(before):
            self._read_out = text
            accessible.announce(self, text)

    def _show(self, text: str) -> None:
        self.setText(text)
        self._rests.start()


def _words(text: str) -> str:
    return re.sub(r"\d+", "", text)
