"""A line of text that gives way."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel

from landmark_gui.gui.widgets.common import set_role
from landmark_gui.gui.widgets.plain import literal


class ElidedLabel(QLabel):
    """A muted line that is cut where there is no room, as a rule at its beginning.

    The tooltip has it all.
    """

    def __init__(self, mode: Qt.TextElideMode = Qt.TextElideMode.ElideLeft) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self._mode = mode
        set_role(self, "muted")

    def setText(self, text: str) -> None:  # noqa: N802
        super().setText(text)
        self.setToolTip(literal(text))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        text = self.fontMetrics().elidedText(self.text(), self._mode, self.width())
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, text)
