"""The confusion matrix of an evaluation, whose cells open the photos behind them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QColor,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.train.confusion import ConfusionMatrix, Matrix, cell_text

_WAYS = {
    Qt.Key.Key_Up: (-1, 0),
    Qt.Key.Key_Down: (1, 0),
    Qt.Key.Key_Left: (0, -1),
    Qt.Key.Key_Right: (0, 1),
}
_OPENING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


class CellMatrix(ConfusionMatrix):
    """Arrows go from cell to cell; Enter, Space or a click opens one.

    Signals:
        opened(int, int): row (what it is) and column (what the model says) of a cell.
    """

    opened = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.current = (0, 0)
        self._open: tuple[int, int] | None = None
        theme.signals.changed.connect(self.update)

    def show_matrix(self, matrix: Matrix, classes: Sequence[str], title: str) -> None:
        super().show_matrix(matrix, classes, title)
        last = len(classes) - 1
        self.current = (min(self.current[0], last), min(self.current[1], last))
        self._open = None

    def mark(self, cell: tuple[int, int] | None) -> None:
        """Show which cell the gallery shows."""
        if cell != self._open:
            self._open = cell
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._open is not None:
            self._paint_frame_of(painter, self._open, QPen(QColor(theme.colors().text), 2))
        if self.hasFocus() and self.matrix:
            dotted = QPen(QColor(theme.colors().text), 1, Qt.PenStyle.DotLine)
            self._paint_frame_of(painter, self.current, dotted)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        over = self._cell_at(event.position()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self._cell_at(QPointF(event.position()))
        if cell is not None and event.button() == Qt.MouseButton.LeftButton:
            self._go(cell)
            self.opened.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        way, last = _WAYS.get(Qt.Key(event.key())), len(self.matrix) - 1
        if way is not None and self.matrix:
            row, column = self.current[0] + way[0], self.current[1] + way[1]
            self._go((min(max(row, 0), last), min(max(column, 0), last)))
        elif event.key() in _OPENING and self.matrix and not _is_with_command(event):
            self.opened.emit(*self.current)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._tell()

    def _paint_frame_of(self, painter: QPainter, cell: tuple[int, int], pen: QPen) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(pen)
        painter.drawRect(QRectF(self._cell(*cell)).adjusted(1, 1, -1, -1))

    def _go(self, cell: tuple[int, int]) -> None:
        self.current = cell
        self._tell()
        self.update()

    def _tell(self) -> None:
        if not self.matrix:
            return
        told = cell_text(self.matrix, self._classes, *self.current)
        self.setAccessibleDescription(tr("{cell}. Enter shows the photos.", cell=told))
        changed = QAccessibleEvent(self, QAccessible.Event.DescriptionChanged)
        QAccessible.updateAccessibility(changed)


def _is_with_command(event: QKeyEvent) -> bool:
    return bool(
        event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier)
    )
