"""The most probable landmarks of an answer as bars; what it is stands in colour."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.shares import percent
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify.bars import ROW, paint_class


class ShareBars(QWidget):
    """A row for each landmark: name, probability, and under them a bar of that length."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shares: Sequence[tuple[str, float]] = ()
        self._true = ""
        theme.signals.changed.connect(self.update)

    def show_shares(self, shares: Sequence[tuple[str, float]], true: str) -> None:
        """Show these landmarks, the most probable first; `true` is what the example is."""
        self._shares, self._true = shares, true
        said = ", ".join(f"{name} {percent(share)}" for name, share in shares)
        self.setAccessibleName(tr("Most probable landmarks: {classes}", classes=said))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for row, (name, share) in enumerate(self._shares):
            area = QRectF(0, row * ROW, self.width(), ROW)
            paint_class(painter, area, name, share, name == self._true)
