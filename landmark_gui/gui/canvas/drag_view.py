"""A photo whose boxes the mouse draws, moves, resizes and selects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter
from PySide6.QtWidgets import QWidget

from landmark_gui.core.geometry import Handle, Rect
from landmark_gui.gui.canvas import keys, loupe
from landmark_gui.gui.canvas.box_view import BoxView
from landmark_gui.gui.canvas.interaction import (
    NEW,
    Band,
    Drag,
    Draw,
    Move,
    Resize,
    Rules,
    Shape,
    drag_from,
    focus_of,
    is_deliberate,
    is_seen,
    shape_at,
    shapes_in,
)
from landmark_gui.gui.canvas.options import CrossHair
from landmark_gui.gui.canvas.overlay import Sight

_REACH = 8.0
"""How far from a border, in pixels of the screen, a press still takes a handle."""
_CATCH = 7.0
"""From how far, in pixels of the screen, a side is caught by the photo's border."""
_SLIP = 3.0
"""A press that travels less, in pixels of the screen, is a click."""
_MEANT = 8.0
"""A rectangle at least this large on the screen was meant as a box."""
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


class DragView(BoxView):
    """Follows the mouse and tells each finished gesture by a signal; changes no box itself.

    Signals:
        box_drawn(Rect): a rectangle inside the photo was drawn.
        box_too_small(Rect): a rectangle was drawn that is under the minimum.
        boxes_changed(dict[str, Rect]): these boxes were moved or resized, all in one gesture.
        box_activated(str): the box was double-clicked.
        pixels_wanted(): the photo at full size would show more than what is at hand.
    """

    box_drawn = Signal(object)
    box_too_small = Signal(object)
    boxes_changed = Signal(dict)
    box_activated = Signal(str)
    pixels_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._pointer: QPointF | None = None
        self._drag: Drag | None = None
        self._pressed_at = QPointF()
        self._dragged: dict[str, Rect] = {}
        self._snap_to: tuple[Rect, ...] = ()

    # What is shown

    def set_photo_size(self, width: float, height: float) -> None:
        self._end_drag()
        super().set_photo_size(width, height)

    def set_shapes(self, shapes: Iterable[Shape]) -> None:
        """Show these boxes; a drag of one that is gone ends."""
        super().set_shapes(shapes)
        if not self._held_ids() <= self._shapes.keys():
            self._end_drag()

    def sight(self) -> Sight:
        new, band = self._draft, None
        if isinstance(self._drag, Draw):
            new = self._dragged.get(NEW, new)
        elif isinstance(self._drag, Band):
            band = self._dragged.get(NEW)
        return replace(
            super().sight(),
            rects=self._dragged,
            new=new,
            band=band,
            pointer=self._cross_hair(),
        )

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if self.panning or not left or self.photo_rect().isEmpty() or self._draft:
            return
        self._pressed_at = self._pointer = event.position()
        self._begin(self._drag_at(self.to_photo(event.position()), event.modifiers()))

    def _drag_at(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Drag:
        return drag_from(
            self._shapes.values(),
            self._chosen(),
            place.x(),
            place.y(),
            tolerance=_REACH / self.transform().m11(),
            always_draw=bool(modifiers & keys.CONTROL) and self.editable,
            selecting=bool(modifiers & keys.SHIFT),
        )

    def _begin(self, drag: Drag) -> None:
        self._drag = drag
        if isinstance(drag, Move):
            held = [shape.id for shape in drag.shapes]
            self._select(self._selected if set(held) <= set(self._selected) else held)
        self._snap_to = self._catching(self._held_ids())
        wanted = self._options.loupe and isinstance(drag, Draw | Resize) and self.editable
        if wanted and not self._photo.has_pixels_for(1.0):
            self.pixels_wanted.emit()

    def _held_ids(self) -> set[str]:
        match self._drag:
            case Move(shapes=shapes):
                return {shape.id for shape in shapes}
            case Resize(shape=shape):
                return {shape.id}
        return set()

    def _catching(self, held: set[str]) -> tuple[Rect, ...]:
        size, rects = self._size(), []
        if self._options.snap:
            rects.append(Rect(0, 0, size.width, size.height))
        if self._options.snap_to_boxes:
            rects += [shape.rect for shape in self._shapes.values() if shape.id not in held]
        return tuple(rects)

    def _rules(self, modifiers: Qt.KeyboardModifier) -> Rules:
        free = bool(modifiers & keys.CONTROL)
        return Rules(
            self._size(),
            ratio=self._options.ratio or None,
            constrained=bool(modifiers & keys.SHIFT),
            centered=bool(modifiers & keys.ALT),
            min_size=self._options.min_size,
            snap_to=() if free else self._snap_to,
            reach=0.0 if free else _CATCH / self.transform().m11(),
        )

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        super().mouseMoveEvent(event)
        self._pointer = event.position()
        if self.panning:
            return
        if self._drag is not None and not event.buttons() & Qt.MouseButton.LeftButton:
            self._end_drag()  # the release went to another window
        if self._drag is None:
            self._hover(event.modifiers())
        elif self._dragged or self._travelled(event.position()):
            self._follow(event.position())
            self._pull(event.modifiers())
        self.viewport().update()

    def _travelled(self, position: QPointF) -> bool:
        return (position - self._pressed_at).manhattanLength() >= _SLIP

    def _follow(self, position: QPointF) -> None:
        """Scroll where the pointer leaves the view with a box in hand."""
        room, over = QRectF(self.viewport().rect()), QPointF()
        over.setX(min(position.x() - room.left(), 0.0) + max(position.x() - room.right(), 0.0))
        over.setY(min(position.y() - room.top(), 0.0) + max(position.y() - room.bottom(), 0.0))
        if not over.isNull() and not self.shows_all():
            self._scroll(over.x() / 4, over.y() / 4)

    def _pull(self, modifiers: Qt.KeyboardModifier) -> None:
        """Let the drag follow the pointer and the modifiers."""
        if self._drag is None or self._pointer is None:
            return
        if self.editable or isinstance(self._drag, Band):
            place = self.to_photo(self._pointer)
            rules = self._rules(modifiers)
            self._dragged = self._drag.rects_at(place.x(), place.y(), rules=rules)
        self.viewport().update()

    def _hover(self, modifiers: Qt.KeyboardModifier) -> None:
        if self._pointer is None or self.ready_to_pan:
            return
        place = self.to_photo(self._pointer)
        hit = shape_at(self._shapes.values(), place.x(), place.y())
        self._hovered = hit.id if hit else None
        self.viewport().setCursor(self._cursor_at(place, modifiers))

    def _cursor_at(self, place: QPointF, modifiers: Qt.KeyboardModifier) -> Qt.CursorShape:
        drag = self._drag_at(place, modifiers)
        match drag:
            case Resize(handle=handle) if self.editable:
                return _CURSORS[handle]
            case Move(shapes=shapes) if self.editable and shapes[0].id in self._selected:
                return Qt.CursorShape.SizeAllCursor
            case Move():
                return Qt.CursorShape.PointingHandCursor
            case Band() if self._hovered:
                return Qt.CursorShape.PointingHandCursor
            case _:
                drawing = self.editable or isinstance(drag, Band)
                return Qt.CursorShape.CrossCursor if drawing else Qt.CursorShape.ArrowCursor

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        if event.button() != Qt.MouseButton.LeftButton or self._drag is None:
            return
        drag, rects = self._drag, self._dragged
        self._end_drag()
        match drag:
            case Draw():
                self._drawn(rects.get(NEW))
            case Band():
                self._banded(drag, rects.get(NEW))
            case Move(shapes=shapes) if not rects:
                hit = shape_at(shapes, drag.x, drag.y)
                self._select([hit.id] if hit else [])
            case _:
                self._tell_changes(rects)
        self._hover(event.modifiers())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        shape, drag = self._sole(), self._drag
        if shape is not None and isinstance(drag, Move):
            self._end_drag()
            self.box_activated.emit(shape.id)
        elif isinstance(drag, Draw) and not event.modifiers() & keys.CONTROL:
            self._end_drag()
            self.fit()

    def _drawn(self, rect: Rect | None) -> None:
        scale, photo = self.transform().m11(), self._size()
        least = self._options.min_size
        if rect is None:
            self._select([])
        elif is_deliberate(rect, scale=scale, min_size=least, photo=photo):
            self.box_drawn.emit(rect)
        else:
            self._select([])
            if is_seen(rect, scale=scale, pixels=_MEANT, photo=photo):
                self.box_too_small.emit(rect)

    def _banded(self, band: Band, frame: Rect | None) -> None:
        if frame is not None:
            touched = [shape.id for shape in shapes_in(self._shapes.values(), frame)]
            more = [id_ for id_ in touched if id_ not in self._selected]
            self._select([*self._selected, *more])
            return
        hit = shape_at(self._shapes.values(), band.x, band.y)
        if hit is not None:
            rest = [id_ for id_ in self._selected if id_ != hit.id]
            self._select(rest if hit.id in self._selected else [*rest, hit.id])

    def _tell_changes(self, rects: Mapping[str, Rect]) -> None:
        known = ((id_, rect) for id_, rect in rects.items() if id_ in self._shapes)
        changed = {id_: rect for id_, rect in known if rect != self._shapes[id_].rect}
        if changed:
            self.boxes_changed.emit(changed)

    def _end_drag(self) -> None:
        self._drag, self._dragged = None, {}
        self.viewport().update()

    def leaveEvent(self, event: QEvent) -> None:
        self._pointer = self._hovered = None
        self.viewport().update()
        super().leaveEvent(event)

    # Painting

    def drawForeground(self, painter: QPainter, rect: QRectF | object) -> None:
        super().drawForeground(painter, rect)
        focus = self._focus()
        if focus is not None and self._pointer is not None:
            (id_, box), place = next(iter(self._dragged.items())), QPointF(*focus)
            color = self._shapes[id_].color if id_ in self._shapes else self.new_color
            painter.save()
            painter.resetTransform()
            self._paint_loupe(painter, self._pointer, place, box, color)
            painter.restore()

    def _focus(self) -> tuple[float, float] | None:
        """The place in the photo that the loupe shows; None if there is to be no loupe."""
        magnified = self.scale_factor() >= loupe.BELOW_SCALE
        if not self._options.loupe or magnified or self._drag is None or not self._dragged:
            return None
        if self._pointer is None:
            return None
        box, place = next(iter(self._dragged.values())), self.to_photo(self._pointer)
        return focus_of(self._drag, box, place.x(), place.y())

    def _cross_hair(self) -> QPointF | None:
        """Where the cross-hair is to be seen."""
        choice, drawing = self._options.cross_hair, isinstance(self._drag, Draw)
        if self._pointer is None or self._draft or not self.editable or self.ready_to_pan:
            return None
        idle = choice == CrossHair.ALWAYS and self._drag is None and not self.panning
        if choice == CrossHair.OFF or not (drawing or idle):
            return None
        place = self.to_photo(self._pointer)
        if drawing:
            return self.to_view(QPointF(*self._size().clamp(place.x(), place.y())))
        return self._pointer if self.photo_rect().contains(place) else None
