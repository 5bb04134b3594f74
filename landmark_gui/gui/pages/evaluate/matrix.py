"""The confusion matrix of an evaluation, whose cells open the photos behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.confusion_matrix import ConfusionMatrix, Matrix

_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class CellMatrix(ConfusionMatrix):
    """Enter, Space or a click opens a cell.

    Signals:
        opened(int, int): row (what it is) and column (what the model says) of a cell.
    """

    opened = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setMouseTracking(True)
        self._open: tuple[int, int] | None = None
        theme.signals.changed.connect(self.update)

    def show_matrix(self, matrix: Matrix, classes: Sequence[str], title: str) -> None:
        super().show_matrix(matrix, classes, title)
        self._open = None

    def mark(self, cell: tuple[int, int] | None) -> None:
        """Show which cell the gallery shows."""
        if cell != self._open:
            self._open = cell
            self.update()

    def said(self, row: int, column: int) -> str:
        return tr("{cell}. Enter shows the photos.", cell=super().said(row, column))

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._open is not None:
            painter = QPainter(self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(QPen(QColor(theme.colors().text), 2))
            painter.drawRect(QRectF(self._cell(*self._open)).adjusted(1, 1, -1, -1))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._cell_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(QPointF(event.position()))
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(cell)
            self.opened.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING and self.matrix and not _is_with_command(event):
            self.opened.emit(*self.current)
        else:
            super().keyPressEvent(event)


def _is_with_command(event: QKeyEvent) -> bool:
    return bool(
        event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    )
