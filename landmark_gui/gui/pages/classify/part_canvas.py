"""A photo on which one box says which part of it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QPainter

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.gui.canvas import PhotoCanvas, Shape, keys

_PART = "part"


class PartCanvas(PhotoCanvas):
    """Draws, moves and resizes one box with the gestures and keys of the Label page.

    Another box takes the place of the one before; Del and Esc take it away.

    Signals:
        part_changed(Rect | None): the person wants this part, in pixels of the photo, or all.
    """

    part_changed = Signal(object)

    def __init__(self) -> None:
        self._name = ""  # first: the canvas is made with shapes, which are named
        self._heat, self._heat_at, self._opacity = QImage(), QRectF(), 1.0
        super().__init__()
        self.setObjectName("classified_photo")
        self.keys_told = tr(
            "Drag to draw a box round the part to classify. The arrows move the box, with "
            "Ctrl they resize it, Delete removes it."
        )
        self._tell()
        self.box_drawn.connect(self._change)
        self.boxes_changed.connect(self._changed)
        self.boxes_deleted.connect(lambda _: self._change(None))
        self.box_activated.connect(lambda _: self.zoom_to_boxes())

    def set_name(self, name: str) -> None:
        """Which photo it is, for those who listen."""
        self._name = name
        self.setAccessibleName(tr("Photo {name}", name=name) if name else tr("No photo"))

    def set_shapes(self, shapes: Iterable[Shape]) -> None:
        super().set_shapes(shapes)
        self.set_name(self._name)  # not how many boxes there are

    def part(self) -> Rect | None:
        """The part that is marked."""
        return self._shapes[_PART].rect if _PART in self._shapes else None

    def set_part(self, rect: Rect | None, said: str = "", color: str = "#ffffff") -> None:
        """Mark a part, with what is said of it; None marks none. Tells nobody."""
        shapes = [] if rect is None else [Shape(_PART, rect, said, color)]
        in_hand = rect is not None and rect == self.part() and (self._drag or self._nudged)
        if shapes != self.shapes() and not in_hand:
            self.set_shapes(shapes)

    def set_heat(self, image: QImage | None, rect: Rect | None = None) -> None:
        """Lay a picture over the photo, or over a part of it; None takes it away."""
        self._heat = image or QImage()
        self._heat_at = QRectF(rect.x, rect.y, rect.w, rect.h) if rect else self.photo_rect()
        self.viewport().update()

    def set_heat_opacity(self, opacity: float) -> None:
        """From 0, unseen, to 1, which hides the photo."""
        self._opacity = opacity
        self.viewport().update()

    def has_heat(self) -> bool:
        return not self._heat.isNull()

    def set_photo_size(self, width: float, height: float) -> None:
        self.set_heat(None)
        super().set_photo_size(width, height)

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        if self.has_heat():
            painter.save()
            painter.setClipRect(self.photo_rect())  # a padded part reaches beyond the photo
            painter.setOpacity(self._opacity)
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(self._heat_at, self._heat)
            painter.restore()
        super().drawForeground(painter, rect)

    def event(self, event: QEvent) -> bool:
        asked = event.type() == QEvent.Type.ShortcutOverride
        if asked and isinstance(event, QKeyEvent) and self._leaves(Qt.Key(event.key())):
            event.ignore()
            return True
        return super().event(event)

    def _leaves(self, key: Qt.Key) -> bool:
        """Whether a key that is the canvas's otherwise is one of the page."""
        return key == Qt.Key.Key_Backspace and self.part() is None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        gives_up = event.key() == Qt.Key.Key_Escape or event.key() in keys.DELETE
        if gives_up and self._drag is None and self.part() is not None:
            self._change(None)
        else:
            super().keyPressEvent(event)

    def _changed(self, rects: Mapping[str, Rect]) -> None:
        self._change(rects[_PART])

    def _change(self, rect: Rect | None) -> None:
        self.set_part(rect)
        self.select([_PART])
        self.part_changed.emit(rect)
