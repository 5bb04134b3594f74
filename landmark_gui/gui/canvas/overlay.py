"""What lies over the photo: boxes, their names, the cross-hair, the loupe."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QPixmap, QTransform

from landmark_gui.core.geometry import Rect
from landmark_gui.gui import theme
from landmark_gui.gui.canvas import painting
from landmark_gui.gui.canvas.interaction import Shape

_CHOSEN, _HOVERED, _NEW = 40, 26, 30
Placed = list[tuple[Shape, QRectF]]


@dataclass(frozen=True)
class Sight:
    """All that the overlay shows at one moment.

    Attributes:
        shapes: the boxes by id; the same mapping as long as none changes.
        rects: where boxes are shown that are being dragged or nudged.
        handles: the box that shows its handles.
        new: the rectangle that is drawn, or waits for its name.
        band: the frame that selects.
        pointer: where the cross-hair goes, in pixels of the view.
        focused: whether keys go to the canvas.
    """

    shapes: Mapping[str, Shape]
    selected: tuple[str, ...] = ()
    rects: Mapping[str, Rect] = field(default_factory=dict)
    hovered: str | None = None
    handles: str | None = None
    new: Rect | None = None
    new_color: str = "#ffffff"
    band: Rect | None = None
    pointer: QPointF | None = None
    focused: bool = False


class Overlay:
    """Paints a `Sight`.

    The boxes that are not selected make a layer that is painted once and then copied for as
    long as neither they nor the view change: what a drag costs does not depend on their number.
    """

    def __init__(self) -> None:
        self._tags: painting.Tags | None = None
        self._layer = QPixmap()
        self._layer_key: object = None
        self._seen_key: object = None

    def paint(
        self,
        painter: QPainter,
        sight: Sight,
        *,
        to_view: QTransform,
        size: QSize,
        font: QFont,
    ) -> None:
        """Paint in pixels of the view, of the given `size`; `to_view` maps the photo's to them."""
        ratio = painter.device().devicePixelRatioF()
        if self._tags is None or not self._tags.fits(font, ratio):
            self._tags, self._layer_key, self._seen_key = painting.Tags(font, ratio), None, None
        view = QRectF(QPointF(), size)

        def place(rect: Rect) -> QRectF:
            whole = to_view.mapRect(QRectF(rect.x, rect.y, rect.w, rect.h))
            return painting.aligned(whole, ratio)

        self._paint_still(painter, sight, to_view, view, place)
        self._paint_live(painter, sight, view, place)
        self._paint_new(painter, sight, view, place)
        if sight.pointer is not None:
            painting.paint_cross_hair(painter, sight.pointer, view)
        if sight.focused:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(theme.colors().focus), 3 if theme.colors().strong else 2))
            painter.drawRect(view.adjusted(1, 1, -1, -1))

    def _paint_still(
        self,
        painter: QPainter,
        sight: Sight,
        to_view: QTransform,
        view: QRectF,
        place: Callable[[Rect], QRectF],
    ) -> None:
        ratio = painter.device().devicePixelRatioF()
        scroll = (to_view.m11(), to_view.dx(), to_view.dy(), view.width(), view.height())
        key = (id(sight.shapes), sight.selected, scroll)
        if key != self._layer_key and key != self._seen_key:
            # While the view moves, each frame differs: a layer would be painted for nothing.
            self._seen_key = key
            self._paint_boxes(painter, _still(sight), view, place)
            return
        if key != self._layer_key:
            self._layer = QPixmap((view.size() * ratio).toSize())
            self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(Qt.GlobalColor.transparent)
            into = QPainter(self._layer)
            self._paint_boxes(into, _still(sight), view, place)
            into.end()
            self._layer_key = key
        painter.drawPixmap(0, 0, self._layer)

    def forget(self) -> None:
        """Paint everything anew: the boxes have changed."""
        self._layer_key = self._seen_key = None

    def _paint_boxes(
        self,
        painter: QPainter,
        shapes: Iterable[Shape],
        view: QRectF,
        place: Callable[[Rect], QRectF],
    ) -> None:
        assert self._tags is not None
        room = view.adjusted(-4, -4, 4, 4)
        placed = [(shape, place(shape.rect)) for shape in shapes]
        placed = [(shape, rect) for shape, rect in placed if rect.intersects(room)]
        clipped = [(shape, rect.intersected(room)) for shape, rect in placed]
        kept = ((rect, shape.color) for shape, rect in clipped if not shape.dashed)
        painting.paint_outlines(painter, kept)
        for shape, rect in clipped:
            if shape.dashed:
                painting.paint_dashed(painter, rect, QColor(shape.color))
        for shape, rect in placed:
            self._paint_tag(painter, shape, rect, view)

    def _paint_tag(self, painter: QPainter, shape: Shape, rect: QRectF, view: QRectF) -> None:
        assert self._tags is not None
        painter.setOpacity(painting.TAG_DIM if shape.excluded else 1.0)
        self._tags.paint(painter, rect, shape.name, shape.color, view)
        painter.setOpacity(1.0)

    def _paint_live(
        self, painter: QPainter, sight: Sight, view: QRectF, place: Callable[[Rect], QRectF]
    ) -> None:
        """The hovered box and the selected ones, above the others."""
        assert self._tags is not None
        ids = [sight.hovered] if sight.hovered and sight.hovered not in sight.selected else []
        placed: Placed = []
        for id_ in (*ids, *sight.selected):
            shape = sight.shapes[id_]
            placed.append((shape, place(sight.rects.get(id_, shape.rect))))
        room = view.adjusted(-4, -4, 4, 4)
        placed = [(shape, rect) for shape, rect in placed if rect.intersects(room)]
        for shape, rect in placed:
            fill = _HOVERED if shape.id == sight.hovered else _CHOSEN
            fill = _CHOSEN if shape.id in sight.selected else fill
            shown = rect.intersected(room)
            outline = painting.paint_dashed if shape.dashed else painting.paint_outline
            outline(painter, shown, QColor(shape.color), fill=fill)
        for shape, rect in placed:
            self._paint_tag(painter, shape, rect, view)
            if shape.id == sight.handles:
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                painting.paint_handles(painter, rect, QColor(shape.color))
                painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _paint_new(
        self, painter: QPainter, sight: Sight, view: QRectF, place: Callable[[Rect], QRectF]
    ) -> None:
        assert self._tags is not None
        if sight.band is not None:
            painting.paint_band(painter, place(sight.band), QColor(theme.colors().accent))
        if sight.new is not None:
            rect, color = place(sight.new), QColor(sight.new_color)
            painting.paint_outline(painter, rect, color, fill=_NEW)
            text = f"{sight.new.w:.0f} × {sight.new.h:.0f}"
            self._tags.paint(painter, rect, text, color.name(), view)


def _still(sight: Sight) -> list[Shape]:
    chosen = set(sight.selected)
    return [shape for id_, shape in sight.shapes.items() if id_ not in chosen]
