"""A frame around a control for some seconds, so that the eye finds it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QScrollArea, QWidget
from shiboken6 import isValid

from landmark_gui.gui import theme

SHOWN_MS = 4_000
_WIDTH, _GAP, _ROUND = 3, 3, 8
_MOVES = (QEvent.Type.Move, QEvent.Type.Resize)


class Pointer(QWidget):
    """Lies over the window and lets the mouse through."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.target: QWidget | None = None
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._over = QTimer(self, singleShot=True, interval=SHOWN_MS)
        self._over.timeout.connect(self.leave)
        self.hide()

    def point_at(self, target: QWidget) -> None:
        """Bring `target` into view, give it the focus, and put a frame around it."""
        self.leave()
        self.target = target
        _scroll_to(target)
        if target.focusPolicy() != Qt.FocusPolicy.NoFocus or target.focusProxy() is not None:
            target.setFocus(Qt.FocusReason.OtherFocusReason)
        target.installEventFilter(self)
        self._follow()
        self.show()
        self.raise_()
        self._over.start()

    def leave(self) -> None:
        """Take the frame away."""
        self._over.stop()
        self.hide()
        if self.target is not None and isValid(self.target):
            self.target.removeEventFilter(self)
        self.target = None

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Hide:
            self.leave()
        elif event.type() in _MOVES:
            self._follow()
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.colors().accent), _WIDTH))
        inset = (_WIDTH + 1) // 2
        area = self.rect().adjusted(inset, inset, -inset, -inset)
        painter.drawRoundedRect(area, _ROUND, _ROUND)

    def _follow(self) -> None:
        target, window = self.target, self.parentWidget()
        if target is not None and window is not None:
            around = QRect(target.mapTo(window, QPoint(0, 0)), target.size())
            margin = _GAP + _WIDTH
            self.setGeometry(around.adjusted(-margin, -margin, margin, margin) & window.rect())


def _scroll_to(target: QWidget) -> None:
    around = target.parentWidget()
    while around is not None:
        if isinstance(around, QScrollArea):
            around.ensureWidgetVisible(target)
        around = around.parentWidget()
