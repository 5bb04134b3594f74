"""One variation seen large, the original beside it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.augment.drawing import Tile, as_shown
from landmark_gui.gui.pages.augment.tiles import paint_picture, picture_place, tile_text
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import button, wrapped


class LargeView(QWidget):
    """The pair of pictures, and below them what was drawn. Left and Right go on, Esc closes.

    Signals:
        closed()
    """

    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("large_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        accessible.play(self)
        self._tiles: Sequence[Tile] = ()
        self._network = False
        self.index = 1
        self.pair = _Pair()
        self.pair.clicked.connect(self.closed)
        self.words = wrapped("", "")
        self.words.setObjectName("large_words")
        bar = QHBoxLayout()
        bar.addWidget(self.words, 1)
        back = tr("Back to the grid (Esc)")
        bar.addWidget(button(tr("Close"), "close_large", self.closed.emit, tooltip=back))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addWidget(self.pair, 1)
        column.addLayout(bar)

    def show_tile(self, tiles: Sequence[Tile], index: int, network: bool) -> None:
        """Show a tile beside the original that it was made of."""
        self._tiles, self._network, self.index = tiles, network, min(index, len(tiles) - 1)
        if not tiles:
            self.closed.emit()
            return
        shown = tiles[self.index]
        self.words.setText(tile_text(shown))
        self.setAccessibleName(tr("One variation, beside the original"))
        accessible.describe(self, tile_text(shown))
        origin = next(t for t in reversed(tiles[: self.index + 1]) if t.parameters is None)
        pictures = [origin] if shown is origin else [origin, shown]
        self.pair.show_pictures(pictures, network)

    def step(self, by: int) -> None:
        self.show_tile(self._tiles, (self.index + by) % max(len(self._tiles), 1), self._network)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, steps = event.key(), {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        if key in (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space):
            self.closed.emit()
        elif Qt.Key(key) in steps and not event.modifiers():
            self.step(steps[Qt.Key(key)])
        else:
            super().keyPressEvent(event)


class _Pair(QWidget):
    """One or two pictures beside each other.

    Signals:
        clicked()
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._tiles: list[Tile] = []
        self._images: list[QImage] = []
        self._network = False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)

    def show_pictures(self, tiles: list[Tile], network: bool) -> None:
        self._tiles, self._network = tiles, network
        self._scale()

    def minimumSizeHint(self) -> QSize:
        return QSize(240, 140)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._scale()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        side = self._side()
        left = (self.width() - len(self._images) * (side + theme.M) + theme.M) / 2
        for index, image in enumerate(self._images):
            frame = QRectF(left + index * (side + theme.M), 0, side, self.height())
            paint_picture(painter, image, picture_place(image, frame))
        painter.end()

    def _side(self) -> int:
        return max(min((self.width() - theme.M) // 2, self.height()), 1)

    def _scale(self) -> None:
        cell = round(self._side() * self.devicePixelRatioF())
        self._images = [as_shown(t.pixels, t.ratio, cell, self._network) for t in self._tiles]
        self.update()
