"""The canvas: pointer and keys in, intents about boxes out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QWidget

from landmark_gui.core.geometry import Rect, drawn
from landmark_gui.core.i18n import tr
from landmark_gui.gui.canvas import keys
from landmark_gui.gui.canvas.drag_view import DragView
from landmark_gui.gui.canvas.interaction import (
    Shape,
    grown_shapes,
    moved_shapes,
    next_id,
    shape_at,
    tab_order,
)
from landmark_gui.gui.canvas.overlay import Sight


class PhotoCanvas(DragView):
    """A photo with boxes to draw, move, resize and delete.

    It shows the shapes it is given and changes none: each finished gesture is told by a
    signal, and whoever keeps the boxes answers with `set_shapes`.

    Mouse: drag on free ground draws (with Ctrl also over a box), drag a box to move it with
    the others that are selected, its border to resize it. Shift+click selects several,
    Shift+drag those that the frame touches. While dragging, Shift holds the ratio, Alt grows
    the box about its middle, Ctrl keeps it from being caught. Double-click asks for a box's
    name, or fits the photo.
    Keys: Tab and Shift+Tab go from box to box in reading order (with Ctrl on to the next
    control), arrows move by 1 pixel (Shift 10) and with Ctrl resize, or move the view if no
    box is selected, Del deletes, Esc gives up the drag or the selection.

    Signals:
        boxes_deleted(list[str])
        menu_wanted(QPoint): the menu of the selected boxes, at a place of the screen.
        and those of `DragView` and `BoxView`; Enter activates a box, too.
    """

    boxes_deleted = Signal(list)
    menu_wanted = Signal(QPoint)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._nudged: dict[str, Rect] = {}
        self.keys_told = tr(
            "Tab goes from box to box, the arrows move a box, with Ctrl they resize it, "
            "Delete removes it, Ctrl+Tab leaves the photo."
        )
        self.set_shapes([])

    def set_shapes(self, shapes: Iterable[Shape]) -> None:
        """Show these boxes; a drag or nudge of one that is gone ends."""
        super().set_shapes(shapes)
        self._nudged = {}

    def select(self, ids: Iterable[str]) -> None:
        """Select exactly these boxes and bring the last one into view; unknown ids are left out."""
        self._commit_nudge()
        super().select(ids)

    def draw_in_the_middle(self) -> None:
        """Put a new box into the middle of the view, for hands that have no mouse; select it."""
        seen, known = self.visible_rect(), set(self._shapes)
        if seen.isEmpty() or self._draft or not self.editable:
            return
        middle = (seen.center().x(), seen.center().y())
        corner = (middle[0] + seen.width() / 8, middle[1] + seen.height() / 8)
        size, ratio = self._size(), self._options.ratio or None
        rect = drawn(middle, corner, size.width, size.height, ratio=ratio, centered=True)
        self.box_drawn.emit(rect)
        self.select(id_ for id_ in self._shapes if id_ not in known)

    def delete_selected(self) -> None:
        """Ask for the selected boxes to be deleted."""
        if self._selected and self.editable:
            self.boxes_deleted.emit(self.selected())

    def sight(self) -> Sight:
        sight = super().sight()
        return replace(sight, rects=self._nudged) if self._nudged else sight

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._commit_nudge()
        super().mousePressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Of the boxes that are selected; a box under the pointer that is not, is selected."""
        self._commit_nudge()
        if self._drag is not None:
            return
        if event.reason() == QContextMenuEvent.Reason.Mouse:
            place = self.to_photo(QPointF(event.pos()))
            shape = shape_at(self._shapes.values(), place.x(), place.y())
            if shape is None:
                return
            if shape.id not in self._selected:
                self.select([shape.id])
            self.menu_wanted.emit(event.globalPos())
        elif self._selected:
            place = self.rect_on_screen(self._shapes[self._selected[-1]].rect).center()
            self.menu_wanted.emit(self.viewport().mapToGlobal(place.toPoint()))

    # Keys

    def event(self, event: QEvent) -> bool:
        # Our keys come before shortcuts of the window while the canvas has the focus, and all
        # keys belong to a drag while there is one.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if keys.is_own(event) or self._drag is not None:
                event.accept()
                return True
            if event.key() not in keys.MODIFIERS:
                self._commit_nudge()  # a shortcut may show another photo
        return super().event(event)

    def focusNextPrevChild(self, forward: bool) -> bool:  # noqa: N802
        if self._drag is not None:
            return True
        if not self.hasFocus() or not self._shapes:
            return super().focusNextPrevChild(forward)
        current = self._selected[-1] if self._selected else None
        following = next_id(tab_order(self._shapes.values()), current, 1 if forward else -1)
        self.select([following] if following else [])
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, modifiers = Qt.Key(event.key()), event.modifiers()
        if key == Qt.Key.Key_Escape and (self._drag or self._selected):
            self._give_up()
        elif self._drag is not None:
            self._pull_if_begun(event)
        elif key in keys.TABS and modifiers & keys.CONTROL:
            super().focusNextPrevChild(key == Qt.Key.Key_Tab)
        elif key in keys.ENTER and self._sole():
            self.box_activated.emit(self._selected[0])
        elif key in keys.DELETE and self._selected:
            self.delete_selected()
        elif key in keys.ARROWS:
            self._arrow(*keys.ARROWS[key], modifiers)
        else:
            super().keyPressEvent(event)
            self._hover(keys.modifiers_after(event))

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() in keys.ARROWS and not event.isAutoRepeat():
            self._commit_nudge()
        super().keyReleaseEvent(event)
        if self._drag is not None:
            self._pull_if_begun(event)
        else:
            self._hover(keys.modifiers_after(event))

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()  # the whole frame, not only what something lay on

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._commit_nudge()
        if event.reason() == Qt.FocusReason.ActiveWindowFocusReason:
            self._end_drag()  # its release will go to another window
        super().focusOutEvent(event)
        self.viewport().update()

    def _pull_if_begun(self, event: QKeyEvent) -> None:
        if self._dragged:
            self._pull(keys.modifiers_after(event))

    def _give_up(self) -> None:
        if self._drag is not None:
            self._end_drag()
        else:
            self.select([])

    def _arrow(self, dx: int, dy: int, modifiers: Qt.KeyboardModifier) -> None:
        if not self._selected:
            share = 0.9 if modifiers & keys.SHIFT else 0.1
            self.pan(dx * share, dy * share)
        elif self.editable:
            step = keys.step_of(modifiers)
            self._nudge(dx * step, dy * step, resize=bool(modifiers & keys.CONTROL))

    def _nudge(self, dx: float, dy: float, *, resize: bool) -> None:
        shapes = [
            replace(shape, rect=self._nudged.get(shape.id, shape.rect))
            for shape in self._chosen().values()
        ]
        if resize:
            self._nudged = grown_shapes(shapes, dx, dy, self._rules(keys.CONTROL))
        else:
            self._nudged = moved_shapes(shapes, dx, dy, self._size())
        self.viewport().update()

    def _commit_nudge(self) -> None:
        # A held arrow key is one change, told when it is let go.
        nudged, self._nudged = self._nudged, {}
        self._tell_changes(nudged)
