"""The photo with the whole page to itself."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from landmark_gui.gui.pages.classify.viewer import Viewer


class FullView(QObject):
    """Hides the rest of the page while the viewer wants all of it, and brings it back.

    Args:
        rest: what hides. Parts that come and go by themselves may not be among them.
    """

    def __init__(self, viewer: Viewer, rest: Sequence[QWidget], parent: QWidget) -> None:
        super().__init__(parent)
        self._viewer, self._rest = viewer, rest
        viewer.full_changed.connect(self._change)

    def leave_by(self, event: QKeyEvent) -> None:
        """Esc brings the rest back; other keys, and Esc where nothing hides, are passed on."""
        if event.key() == Qt.Key.Key_Escape and self._viewer.full:
            self._viewer.set_full(False)
        else:
            event.ignore()

    def _change(self, full: bool) -> None:
        if full:  # the list may have the focus, and is about to go
            self._viewer.canvas.setFocus(Qt.FocusReason.OtherFocusReason)
        for part in self._rest:
            part.setVisible(not full)
