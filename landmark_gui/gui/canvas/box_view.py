"""A photo with boxes over it, and which of them are selected."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor, QFont, QImage, QPainter
from PySide6.QtWidgets import QWidget

from landmark_gui.core.geometry import Rect, bounding
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.canvas import loupe
from landmark_gui.gui.canvas.interaction import Shape, Size, tab_order
from landmark_gui.gui.canvas.navigator import Navigator
from landmark_gui.gui.canvas.options import Options
from landmark_gui.gui.canvas.overlay import Overlay, Sight
from landmark_gui.gui.canvas.telling import selection_text
from landmark_gui.gui.canvas.zoom_view import ZoomView
from landmark_gui.gui.widgets import accessible


class BoxView(ZoomView):
    """Shows the shapes that it is given and keeps the selection.

    Signals:
        selection_changed(list[str])

    Attributes:
        keys_told: what the keys do, which is read out while no box is selected.
    """

    selection_changed = Signal(list)
    keys_told = ""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shapes: dict[str, Shape] = {}
        self._selected: list[str] = []
        self._hovered: str | None = None
        self._draft: Rect | None = None
        self._overlay = Overlay()
        self._options = Options()
        self.navigator = Navigator(self)
        self.editable = True
        self.new_color = "#ffffff"
        accessible.play(self)

    # What is shown

    @property
    def options(self) -> Options:
        return self._options

    def set_options(self, options: Options) -> None:
        """Draw, snap, magnify and keep the view as the person likes it."""
        self._options = options
        self.keep_view = options.keep_view
        self.navigator.set_on(options.navigator)
        self.viewport().update()

    def set_shapes(self, shapes: Iterable[Shape]) -> None:
        """Show these boxes; those that were selected and are still there stay selected."""
        self._shapes = {shape.id: shape for shape in shapes}
        self._overlay.forget()
        if self._hovered not in self._shapes:
            self._hovered = None
        count = sum(not shape.proposed for shape in self._shapes.values())
        name = ntr("Photo with {n} box", "Photo with {n} boxes", count)
        if count < len(self._shapes):
            name = tr("{photo} and a proposal", photo=name)
        self.setAccessibleName(name)
        self._select(id_ for id_ in self._selected if id_ in self._shapes)
        self._tell()
        self.viewport().update()

    def set_image(self, image: QImage) -> None:
        super().set_image(image)
        self.navigator.refresh()

    def set_draft(self, rect: Rect | None) -> None:
        """Show a rectangle that is drawn but has no name yet; None takes it away."""
        self._draft = rect
        self.viewport().update()

    def shapes(self) -> list[Shape]:
        return list(self._shapes.values())

    def rect_on_screen(self, rect: Rect) -> QRectF:
        """Where a rectangle of the photo lies in the viewport."""
        return self.viewportTransform().mapRect(_qrect(rect))

    # Selection

    def selected(self) -> list[str]:
        """The ids of the selected boxes, in the order of selection."""
        return list(self._selected)

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these boxes and bring the last one into view; unknown ids are left out."""
        self._select(id_ for id_ in ids if id_ in self._shapes)
        if self._selected:
            self.reveal(_qrect(self._shapes[self._selected[-1]].rect))

    def select_all(self) -> None:
        """Select every box, in reading order."""
        self._select(tab_order(self._shapes.values()))

    def zoom_to_boxes(self) -> None:
        """Zoom to the selected boxes, or all if none is; where that is done, back to the fit."""
        chosen = [self._shapes[id_] for id_ in self._selected] or self.shapes()
        whole = bounding(shape.rect for shape in chosen)
        if whole is None or self.shows_rect(_qrect(whole)):
            self.fit()
        else:
            self.show_rect(_qrect(whole))

    def _select(self, ids: Iterable[str]) -> None:
        chosen = list(ids)
        if chosen != self._selected:
            self._selected = chosen
            self.viewport().update()
            self._tell()
            self.selection_changed.emit(self.selected())

    def _tell(self) -> None:
        told = selection_text(self._shapes, self._selected)
        accessible.describe(self, told or self.keys_told)

    def _chosen(self) -> dict[str, Shape]:
        return {id_: self._shapes[id_] for id_ in self._selected}

    def _sole(self) -> Shape | None:
        return self._shapes[self._selected[0]] if len(self._selected) == 1 else None

    def _size(self) -> Size:
        return Size(self.photo_rect().width(), self.photo_rect().height())

    # Painting

    def sight(self) -> Sight:
        """What lies over the photo now."""
        sole = self._sole()
        return Sight(
            shapes=self._shapes,
            selected=tuple(self._selected),
            hovered=self._hovered,
            handles=sole.id if sole and self.editable else None,
            new=self._draft,
            new_color=self.new_color,
            focused=self.hasFocus(),
        )

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        painter.save()
        painter.resetTransform()
        self._overlay.paint(
            painter,
            self.sight(),
            to_view=self.viewportTransform(),
            size=self.viewport().size(),
            font=self._tag_font(),
        )
        painter.restore()

    def _paint_loupe(
        self, painter: QPainter, pointer: QPointF, focus: QPointF, box: Rect, color: str
    ) -> None:
        frame = loupe.frame_beside(pointer, QRectF(self.viewport().rect()))
        if frame is not None:
            loupe.paint_loupe(
                painter,
                self._photo,
                frame,
                focus,
                _qrect(box),
                color=QColor(color),
                ground=QColor(theme.colors().canvas),
            )

    def _tag_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.95)
        font.setWeight(QFont.Weight.DemiBold)
        return font


def _qrect(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.w, rect.h)
