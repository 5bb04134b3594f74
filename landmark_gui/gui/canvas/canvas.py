"""The canvas: pointer and keys in, intents about boxes out."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QFontMetricsF,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
)
from PySide6.QtWidgets import QWidget

from landmark_gui.core.geometry import Handle, Rect
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.canvas import painting
from landmark_gui.gui.canvas.interaction import (
    MIN_PHOTO_PIXELS,
    Drag,
    Draw,
    Move,
    Resize,
    Shape,
    Size,
    drag_from,
    is_deliberate,
    next_id,
    shape_at,
)
from landmark_gui.gui.canvas.zoom_view import ZoomView

_REACH = 7.0
"""How far from a border, in pixels of the screen, a press still takes a handle."""
_SLIP = 3.0
"""A press that travels less, in pixels of the screen, is a click."""
_ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
_DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
_TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_OWN_KEYS = {*_ARROWS, *_DELETE, *_ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Space}
_CURSORS = {
    Handle.NW: Qt.CursorShape.SizeFDiagCursor,
    Handle.SE: Qt.CursorShape.SizeFDiagCursor,
    Handle.NE: Qt.CursorShape.SizeBDiagCursor,
    Handle.SW: Qt.CursorShape.SizeBDiagCursor,
    Handle.N: Qt.CursorShape.SizeVerCursor,
    Handle.S: Qt.CursorShape.SizeVerCursor,
    Handle.W: Qt.CursorShape.SizeHorCursor,
    Handle.E: Qt.CursorShape.SizeHorCursor,
}


class PhotoCanvas(ZoomView):
    """A photo with boxes to draw, move, resize and delete.

    It shows the shapes it is given and changes none: each finished gesture is told by a
    signal, and whoever keeps the boxes answers with `set_shapes`.

    Mouse: drag on free ground draws (with Ctrl also over a box), drag a box to move it, its
    border to resize it, Shift+click selects several, double-click asks for its name.
    Keys: Tab and Shift+Tab go from box to box (with Ctrl on to the next control), arrows move
    by 1 pixel (Shift 10) and with Ctrl resize, Del deletes, Esc gives up the drag or the
    selection.

    Signals:
        box_drawn(Rect): a rectangle inside the photo was drawn.
        box_changed(str, Rect): the box of this id was moved or resized.
        box_activated(str): the box was double-clicked, or Enter pressed on it.
        boxes_deleted(list[str])
        selection_changed(list[str])
    """

    box_drawn = Signal(object)
    box_changed = Signal(str, object)
    box_activated = Signal(str)
    boxes_deleted = Signal(list)
    selection_changed = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._shapes: dict[str, Shape] = {}
        self._selected: list[str] = []
        self._hovered: str | None = None
        self._pointer: QPointF | None = None
        self._drag: Drag | None = None
        self._pressed_at = QPointF()
        self._drag_rect: Rect | None = None
        self._nudged: Rect | None = None
        self._draft: Rect | None = None
        self.editable = True
        self.new_color = "#ffffff"
        self.setAccessibleDescription(
            tr(
                "Tab goes from box to box, the arrows move a box, Delete removes it, "
                "Ctrl+Tab leaves the photo."
            )
        )
        self.set_shapes([])

    # What is shown

    def set_shapes(self, shapes: Iterable[Shape]) -> None:
        """Show these boxes; those that were selected and are still there stay selected."""
        self._shapes = {shape.id: shape for shape in shapes}
        self._nudged = None
        if isinstance(self._drag, Move | Resize) and self._drag.shape.id not in self._shapes:
            self._end_drag()
        if self._hovered not in self._shapes:
            self._hovered = None
        count = len(self._shapes)
        self.setAccessibleName(ntr("Photo with {n} box", "Photo with {n} boxes", count))
        self._select(id_ for id_ in self._selected if id_ in self._shapes)
        self.viewport().update()

    def set_draft(self, rect: Rect | None) -> None:
        """Show a rectangle that is drawn but has no name yet; None takes it away."""
        self._draft = rect
        self.viewport().update()

    def shapes(self) -> list[Shape]:
        return list(self._shapes.values())

    def selected(self) -> list[str]:
        """The ids of the selected boxes, in the order of selection."""
        return list(self._selected)

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these boxes; unknown ids are left out."""
        self._commit_nudge()
        self._select(id_ for id_ in ids if id_ in self._shapes)

    def rect_on_screen(self, rect: Rect) -> QRectF:
        """Where a rectangle of the photo lies in the viewport."""
        return self.viewportTransform().mapRect(QRectF(rect.x, rect.y, rect.w, rect.h))

    def delete_selected(self) -> None:
        """Ask for the selected boxes to be deleted."""
        if self._selected and self.editable:
            self.boxes_deleted.emit(self.selected())

    def _select(self, ids: Iterable[str]) -> None:
        chosen = list(ids)
        if chosen != self._selected:
            self._selected = chosen
            self.viewport().update()
            self.selection_changed.emit(self.selected())

    def _sole(self) -> Shape | None:
        return self._shapes[self._selected[0]] if len(self._selected) == 1 else None

    def _size(self) -> Size:
        return Size(self.photo_rect().width(), self.photo_rect().height())

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if self.panning or not left or self.photo_rect().isEmpty() or self._draft:
            return
        self._commit_nudge()
        self._pressed_at = event.position()
        place = self.to_photo(event.position())
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self._toggle(shape_at(self._shapes.values(), place.x(), place.y()))
            return
        self._drag = self._drag_at(place, event.modifiers())
        if isinstance(self._drag, Move | Resize):
            self._select([self._drag.shape.id])

    def _drag_at(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Drag:
        over = bool(modifiers & Qt.KeyboardModifier.ControlModifier)
        shapes, reach = self._shapes.values(), _REACH / self.transform().m11()
        return drag_from(shapes, self._sole(), place.x(), place.y(), reach, over)

    def _toggle(self, hit: Shape | None) -> None:
        if hit is not None:
            rest = [id_ for id_ in self._selected if id_ != hit.id]
            self._select(rest if hit.id in self._selected else [*rest, hit.id])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._pointer = event.position()
        if self.panning:
            return
        if self._drag is None:
            self._hover(event.modifiers())
        elif self.editable and self._travelled(event.position()):
            place = self.to_photo(event.position())
            self._drag_rect = self._drag.rect_at(place.x(), place.y(), self._size())
        self.viewport().update()

    def _travelled(self, position: QPointF) -> bool:
        way = position - self._pressed_at
        return self._drag_rect is not None or way.manhattanLength() >= _SLIP

    def _hover(self, modifiers: Qt.KeyboardModifier) -> None:
        if self._pointer is None or self.ready_to_pan:
            return
        place = self.to_photo(self._pointer)
        hit = shape_at(self._shapes.values(), place.x(), place.y())
        self._hovered = hit.id if hit else None
        self.viewport().setCursor(self._cursor_at(place, modifiers))

    def _cursor_at(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Qt.CursorShape:
        if not self.editable:
            return Qt.CursorShape.ArrowCursor
        match self._drag_at(place, modifiers):
            case Resize(handle=handle):
                return _CURSORS[handle]
            case Move(shape=shape) if shape.id in self._selected:
                return Qt.CursorShape.SizeAllCursor
            case Move():
                return Qt.CursorShape.PointingHandCursor
            case _:
                return Qt.CursorShape.CrossCursor

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self._drag is None:
            return
        drag, rect = self._drag, self._drag_rect
        self._end_drag()
        if isinstance(drag, Draw):
            self._drawn(rect)
        elif rect is not None and rect != drag.shape.rect:
            self.box_changed.emit(drag.shape.id, rect)
        self._hover(event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        shape = self._sole()
        if shape is not None and isinstance(self._drag, Move):
            self._end_drag()
            self.box_activated.emit(shape.id)

    def _drawn(self, rect: Rect | None) -> None:
        if rect is not None and is_deliberate(rect, self.transform().m11()):
            self.box_drawn.emit(rect)
        else:
            self._select([])

    def _end_drag(self) -> None:
        self._drag = self._drag_rect = None
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = self._hovered = None
        self.viewport().update()
        super().leaveEvent(event)

    # Keys

    def event(self, event: QEvent) -> bool:
        # Our keys come before shortcuts of the window while the canvas has the focus.
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and _is_own(event):
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        if not self.hasFocus() or not self._shapes:
            return super().focusNextPrevChild(forward)
        current = self._selected[-1] if self._selected else None
        following = next_id(list(self._shapes), current, 1 if forward else -1)
        self.select([following] if following else [])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key == Qt.Key.Key_Escape and (self._drag or self._selected):
            self._give_up()
        elif key in _TABS and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().focusNextPrevChild(key == Qt.Key.Key_Tab)
        elif key in _ENTER and self._sole():
            self.box_activated.emit(self._selected[0])
        elif key in _DELETE and self._selected:
            self.delete_selected()
        elif key in _ARROWS and self._sole() and self.editable:
            self._nudge(*_ARROWS[key], event.modifiers())
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in _ARROWS and not event.isAutoRepeat():
            self._commit_nudge()
        super().keyReleaseEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._commit_nudge()
        super().focusOutEvent(event)
        self.viewport().update()

    def _give_up(self) -> None:
        if self._drag is not None:
            self._end_drag()
        else:
            self.select([])

    def _nudge(self, dx: int, dy: int, modifiers: Qt.KeyboardModifier) -> None:
        shape = self._sole()
        assert shape is not None
        step = 10 if modifiers & Qt.KeyboardModifier.ShiftModifier else 1
        rect, size = self._nudged or shape.rect, self._size()
        if modifiers & Qt.KeyboardModifier.ControlModifier:
            x, y = rect.right + dx * step, rect.bottom + dy * step
            corner = (Handle.SE, x, y, size.width, size.height, MIN_PHOTO_PIXELS)
            self._nudged = rect.resized(*corner)
        else:
            self._nudged = rect.moved(dx * step, dy * step, size.width, size.height)
        self.viewport().update()

    def _commit_nudge(self) -> None:
        # A held arrow key is one change, told when it is let go.
        shape, rect, self._nudged = self._sole(), self._nudged, None
        if shape is not None and rect is not None and rect != shape.rect:
            self.box_changed.emit(shape.id, rect)

    # Painting

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        painter.save()
        painter.resetTransform()
        painter.setFont(self._tag_font())
        view = QRectF(self.viewport().rect())
        if self._aiming() and self._pointer is not None:
            painting.paint_guides(painter, self._pointer, view)
        self._paint_shapes(painter, view)
        self._paint_new(painter, view)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colors().accent), 2))
            painter.drawRect(view.adjusted(1, 1, -1, -1))
        painter.restore()

    def _aiming(self) -> bool:
        """Whether the pointer is about to draw, or drawing."""
        if self._pointer is None or self._draft or not self.editable or self.ready_to_pan:
            return False
        cross = self.viewport().cursor().shape() == Qt.CursorShape.CrossCursor
        return cross and self.photo_rect().contains(self.to_photo(self._pointer))

    def _paint_shapes(self, painter: QPainter, view: QRectF) -> None:
        placed = [
            (shape, self.rect_on_screen(self._shown_rect(shape))) for shape in self._in_order()
        ]
        placed = [(shape, rect) for shape, rect in placed if rect.intersects(view)]
        for shape, rect in placed:
            chosen = shape.id in self._selected
            fill = 40 if chosen else 26 if shape.id == self._hovered else 0
            painting.paint_outline(painter, rect, QColor(shape.color), fill=fill)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        metrics = QFontMetricsF(painter.font())
        for shape, rect in placed:
            painting.paint_tag(painter, rect, shape.name, QColor(shape.color), metrics, view)
        sole = self._sole()
        for shape, rect in placed:
            if shape is sole and self.editable:
                painting.paint_handles(painter, rect, QColor(shape.color))

    def _paint_new(self, painter: QPainter, view: QRectF) -> None:
        drawing = self._drag_rect if isinstance(self._drag, Draw) else None
        rect, color = drawing or self._draft, QColor(self.new_color)
        if rect is not None:
            place = self.rect_on_screen(rect)
            painting.paint_outline(painter, place, color, fill=30)
            text = f"{rect.w:.0f} × {rect.h:.0f}"
            metrics = QFontMetricsF(painter.font())
            painting.paint_tag(painter, place, text, color, metrics, view)

    def _in_order(self) -> list[Shape]:
        """Selected boxes last, so that nothing covers them."""
        return sorted(self._shapes.values(), key=lambda shape: shape.id in self._selected)

    def _shown_rect(self, shape: Shape) -> Rect:
        dragged = isinstance(self._drag, Move | Resize) and self._drag.shape.id == shape.id
        if dragged and self._drag_rect is not None:
            return self._drag_rect
        if self._nudged is not None and [shape.id] == self._selected:
            return self._nudged
        return shape.rect

    def _tag_font(self) -> QFont:
        font = QFont(self.font())
        font.setPointSizeF(font.pointSizeF() * 0.95)
        font.setWeight(QFont.Weight.DemiBold)
        return font


def _is_own(event: QKeyEvent) -> bool:
    """Whether a key is for the canvas alone; Ctrl+Enter is for the page."""
    control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
    return event.key() in _OWN_KEYS and not (control and event.key() in _ENTER)
