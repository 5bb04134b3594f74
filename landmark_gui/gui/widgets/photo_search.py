"""The field that searches a list of photos."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from landmark_gui.core.i18n import tr
from landmark_gui.gui.widgets.common import dress_search

_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class PhotoSearch(QLineEdit):
    """Esc empties it first.

    Signals:
        left(): Enter, or Esc while it is empty: the person goes on with the photos.
    """

    left = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        dress_search(self, name, tr("Search photos by name"), tr("Search names"))
        self.setToolTip(tr("Words of the name or the folder; all of them must be there"))

    def show_text(self, text: str) -> None:
        """Show what is searched for, without telling."""
        if self.text() != text:
            self.blockSignals(True)
            self.setText(text)
            self.blockSignals(False)

    def take_focus(self) -> None:
        """Let the person type what to look for."""
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.selectAll()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        elif event.key() == Qt.Key.Key_Escape or event.key() in _ENTER:
            self.left.emit()
        else:
            super().keyPressEvent(event)
