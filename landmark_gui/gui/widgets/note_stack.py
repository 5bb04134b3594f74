"""A part of the page, or a note in its place."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget


class NoteStack(QStackedWidget):
    """Shows `content` until a note takes its place; the focus stays where the two are."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self._content = content
        self._note: QWidget | None = None
        self.addWidget(content)

    def set_note(self, note: QWidget | None) -> None:
        """Show `note` and drop the one before; None shows the content."""
        focus = QApplication.focusWidget()
        held = focus is not None and self.isAncestorOf(focus)
        if self._note is not None:
            self._note.setParent(None)
            self._note.deleteLater()  # not at once: its own button may be speaking
        self._note = note
        self.setCurrentIndex(0 if note is None else self.addWidget(note))
        if held:
            (note or self._content).setFocus(Qt.FocusReason.OtherFocusReason)
