"""The chosen crop, large, with where the model looks laid over it if that is wanted."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate.answer_delegate import picture_of
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.rows import paint_thumbnail

SIDE = 232
_REMEMBERED = 40


class CropView(QWidget):
    """Paints the crop of an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evaluate_crop")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._answer: CropAnswer | None = None
        side = round(2 * SIDE * self.devicePixelRatioF())
        self.pictures = Thumbnails(QSize(side, side), _REMEMBERED, self)
        self.pictures.ready.connect(lambda _: self.update())
        theme.signals.changed.connect(self.update)

    def show_answer(self, answer: CropAnswer | None) -> None:
        """Show another crop; None shows none."""
        if answer != self._answer:
            self._answer = answer
            self.setAccessibleName(
                tr("Crop of {name}", name=answer.true) if answer is not None else ""
            )
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(SIDE, SIDE)

    def picture(self) -> QPixmap | None:
        """What is painted, once it is there."""
        return None if self._answer is None else picture_of(self.pictures, self._answer)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_thumbnail(painter, QRect(0, 0, SIDE, SIDE), self.picture())
        painter.setPen(Qt.PenStyle.NoPen)
