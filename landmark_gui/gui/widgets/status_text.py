"""The line at the bottom of the window: what holds, and for a while what was just said."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel

SAID_MS = 10_000


class StatusText(QLabel):
    """Shows the text that holds; one that is said takes its place for some seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setObjectName("status_text")
        self._holds = ""
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(lambda: self.setText(self._holds))

    def hold(self, text: str) -> None:
        """Show `text` until another one holds."""
        self._holds = text
        self._over.stop()
        self.setText(text)

    def say(self, text: str) -> None:
        """Show `text` for a while; "" ends what was said."""
        self.setText(text or self._holds)
        self._over.start(SAID_MS)
