"""The chosen crop, large, with where the model looks laid over it if that is wanted."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QSizePolicy, QWidget

from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.heat import HeatMap
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate.answer_delegate import picture_of
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.rows import paint_thumbnail
from landmark_gui.jobs.tasks import LatestOnly

SIDE, SMALL = 208, 104
"""Of the square that holds the crop, in device-independent pixels; where there is little room."""
_REMEMBERED = 40


class CropView(QWidget):
    """Paints the crop of an answer."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("evaluate_crop")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self._side = SIDE
        accessible.play(self)
        self._answer: CropAnswer | None = None
        self._heat: HeatMap | None = None
        self.overlaid: QPixmap | None = None
        self._overlaying = LatestOnly(self)
        self.pictures = Thumbnails(QSize(SIDE, SIDE), _REMEMBERED, self)
        self.pictures.follow_screen(self, QSize(SIDE, SIDE))
        self.pictures.ready.connect(lambda _: self._picture_ready())
        theme.signals.changed.connect(self.update)

    def set_side(self, side: int) -> None:
        """Take more or less room; the picture is made for the largest."""
        if side != self._side:
            self._side = side
            self.updateGeometry()
            self.update()

    def show_answer(self, answer: CropAnswer | None) -> None:
        """Show another crop; None shows none."""
        if answer != self._answer:
            self._answer, self._heat, self.overlaid = answer, None, None
            self._overlaying.cancel()
            self.setAccessibleName(
                tr("Crop of {name}", name=answer.true) if answer is not None else ""
            )
            self.update()

    def show_heat(self, heat: HeatMap | None) -> None:
        """Lay a map over the crop; None takes it away."""
        if heat is not self._heat:
            self._heat, self.overlaid = heat, None
            self._lay_over()
            self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._side, self._side)

    def picture(self) -> QPixmap | None:
        """The crop, once it is there."""
        return None if self._answer is None else picture_of(self.pictures, self._answer)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_thumbnail(
            painter, QRect(0, 0, self._side, self._side), self.overlaid or self.picture()
        )

    def _picture_ready(self) -> None:
        self._lay_over()
        self.update()

    def _lay_over(self) -> None:
        """In the background: the first map of all loads OpenCV."""
        picture = self.picture()
        if self._heat is None or self.overlaid is not None or picture is None or picture.isNull():
            return
        self._overlaying.submit(partial(_overlaid, picture.toImage(), self._heat), self._show)

    def _show(self, image: QImage) -> None:
        if self._heat is not None:
            self.overlaid = QPixmap.fromImage(image)
            self.update()


def _overlaid(picture: QImage, heat: HeatMap) -> QImage:
    import numpy as np

    from landmark_gui.core.heat import overlaid

    image = picture.convertToFormat(QImage.Format.Format_RGB888)
    width, height, line = image.width(), image.height(), image.bytesPerLine()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, line)
    mixed = overlaid(rows[:, : 3 * width].reshape(height, width, 3).copy(), heat)
    made = QImage(mixed.tobytes(), width, height, 3 * width, QImage.Format.Format_RGB888)
    return made.copy()  # which owns its pixels
