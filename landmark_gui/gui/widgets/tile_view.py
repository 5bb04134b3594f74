"""A list of tiles in rows."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

_WHEEL_STEP = 12
_WAYS = frozenset(
    {
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
    }
)
_SELECTING = Qt.KeyboardModifier.ShiftModifier | Qt.KeyboardModifier.ControlModifier


class TileView(QListView):
    """Tiles in rows. Letters are commands: they do not look for a tile that begins so.

    Signals:
        activated_tile(): double click or Enter on the current tile.
        zoomed(int): Ctrl and the wheel ask for tiles so much larger, in pixels.
    """

    activated_tile = Signal()
    zoomed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        # Not IconMode, which lays 20,000 tiles out twice as slowly, and lets them be dragged.
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.doubleClicked.connect(lambda _: self.activated_tile.emit())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers():
            self.activated_tile.emit()
        else:
            super().keyPressEvent(event)
            self._select_current(event)

    def _select_current(self, event: QKeyEvent) -> None:
        """Qt selects the tile that a key goes to, but not one that was the current one before."""
        goes = event.key() in _WAYS and not event.modifiers() & _SELECTING
        if goes and not self.selectionModel().hasSelection() and self.currentIndex().isValid():
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.selectionModel().select(self.currentIndex(), flag)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        pass

    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:  # noqa: N802
        """What to paint anew: not one rectangle for each of 20,000 selected tiles."""
        return QRegion(self.viewport().rect())

    def wheelEvent(self, event: QWheelEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            turned = event.angleDelta().y()
            self.zoomed.emit(_WHEEL_STEP if turned > 0 else -_WHEEL_STEP)
            event.accept()
        else:
            super().wheelEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.verticalScrollBar().setSingleStep(max(self.gridSize().height() // 3, 1))
