"""How far the folder is: one bar of segments, with the numbers in words."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme

_HEIGHT = 8


class StageBar(QWidget):
    """Done, labelled and skipped photos side by side; what is left is still to begin."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("stage_bar")
        self.setAccessibleName(tr("How far the folder is"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._parts: list[tuple[int, str]] = []
        self._total = 1
        theme.signals.changed.connect(self.update)

    def show_stages(self, done: int, labelled: int, skipped: int, total: int, text: str) -> None:
        """Show these numbers of `total` photos; `text` says the same in words."""
        self._parts = [(done, "success"), (labelled, "accent"), (skipped, "muted")]
        self._total = max(total, 1)
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area, outline = QRectF(self.rect()), QPainterPath()
        outline.addRoundedRect(area, _HEIGHT / 2, _HEIGHT / 2)
        painter.setClipPath(outline)
        painter.fillRect(area, QColor(theme.colors().raised))
        left = 0.0
        for count, role in self._parts:
            width = area.width() * count / self._total
            color = QColor(getattr(theme.colors(), role))
            painter.fillRect(QRectF(left, 0, width, area.height()), color)
            left += width
