"""A step of the rail: icon, title, and how much there is to do as a quiet number."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton

from landmark_gui.gui import theme
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import ICON

_MOST = 999


class StepButton(QToolButton):
    """Brings a page to the front."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._title, self._badge = title, ""
        self.setObjectName(f"step_{name}")
        self.setText(title)
        self.setIcon(icon(name))
        self.setIconSize(ICON)
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)

    def set_badge(self, count: int, text: str) -> None:
        """Show a number at the right end, 0 for none; `text` says it to those who cannot see."""
        self._badge = "" if not count else f"{count}" if count <= _MOST else f"{_MOST}+"
        self.setAccessibleName(f"{self._title}, {text}" if count else self._title)
        self.update()

    @property
    def badge(self) -> str:
        return self._badge

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._badge:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = self.font()
        font.setPixelSize(11)
        painter.setFont(font)
        place, colors = self._place(painter), theme.colors()
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.border if self.isChecked() else colors.raised))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(QColor(colors.text if self.isChecked() else colors.muted))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._badge)

    def _place(self, painter: QPainter) -> QRectF:
        size = QSize(painter.fontMetrics().horizontalAdvance(self._badge) + 10, 16)
        place = QRectF(0, 0, max(size.width(), size.height()), size.height())
        place.moveCenter(QRectF(self.rect()).center())
        place.moveRight(self.width() - theme.M)
        return place
