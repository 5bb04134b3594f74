"""A step of the rail: icon, title, and how much there is to do as a quiet number."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolButton, QToolTip

from landmark_gui.gui import theme
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import set_role, with_words

_MOST = 999
_HEIGHT, _LOWEST = 40, 22


class StepButton(QToolButton):
    """Brings a page to the front."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self._title, self._badge = title, ""
        self.setObjectName(f"step_{name}")
        self.setText(title)
        self.setIcon(icon(name))
        with_words(self)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self.setMaximumHeight(2 * _HEIGHT)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(title)

    def set_narrow(self, on: bool) -> None:
        """Show the icon alone; the title is then told by the tool tip."""
        if on != self.is_narrow:
            with_words(self, not on)
            self.setProperty("kind", "narrow" if on else "")
            set_role(self, "")

    @property
    def is_narrow(self) -> bool:
        return self.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly

    def full_width(self) -> int:
        """The width at which the title fits also in bold, with a badge of two figures behind."""
        bold = QFont(self.font())
        bold.setBold(True)
        words = QFontMetrics(bold).horizontalAdvance(f"{self._title} 00")
        return words + theme.XL + self.iconSize().width()

    def set_badge(self, count: int, text: str) -> None:
        """Show a number at the right end, 0 for none; `text` says it to those who cannot see."""
        self._badge = "" if not count else f"{count}" if count <= _MOST else f"{_MOST}+"
        self.setAccessibleName(f"{self._title}, {text}" if count else self._title)
        self.update()

    @property
    def badge(self) -> str:
        return self._badge

    def sizeHint(self) -> QSize:
        width = _HEIGHT - theme.S if self.is_narrow else self.full_width()
        return QSize(width, theme.grown(_HEIGHT))

    def minimumSizeHint(self) -> QSize:
        return QSize(self.sizeHint().width(), _LOWEST)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and self.is_narrow:
            QToolTip.showText(event.globalPos(), f"{self._title}\n{self.toolTip()}", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._badge:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.scaled(self.font(), theme.CAPTION / theme.SUBTITLE))
        place, colors = self._place(painter), theme.colors()
        painter.setPen(QColor(colors.outline) if colors.strong else Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colors.surface if self.isChecked() else colors.raised))
        painter.drawRoundedRect(place, place.height() / 2, place.height() / 2)
        painter.setPen(QColor(colors.text if self.isChecked() else colors.muted))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, self._badge)

    def _place(self, painter: QPainter) -> QRectF:
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(self._badge) + 10, metrics.height() + 2
        place = QRectF(0, 0, max(width, height), height)
        place.moveCenter(QRectF(self.rect()).center())
        place.moveRight(self.width() - (1 if self.is_narrow else theme.M))
        if self.is_narrow:
            place.moveTop(1)
        return place
