"""A view with one photo in it: zoom at the pointer, pan, fit, pinch."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QResizeEvent,
    QTransform,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QFrame,
    QGestureEvent,
    QGraphicsScene,
    QGraphicsView,
    QPinchGesture,
    QWidget,
)

from landmark_gui.gui import theme
from landmark_gui.gui.canvas.still_photo import StillPhoto

MAX_SCALE = 64.0
STEP = 1.25
PADDING = 24
"""Pixels left free round a fitted photo, where drags may start and handles lie."""
_WHEEL_BASE = 1.0016  # one notch is 120 units: about 1.2 times
_ROOM = 0.15
"""Share of a rectangle left free round it when the view shows it."""


@dataclass(frozen=True)
class Place:
    """What a zoomed view shows, in terms that hold for photos of other sizes, too.

    Attributes:
        zoom: how many times larger than fitted.
        x, y: the middle of the view as a fraction of the photo's width and height.
    """

    zoom: float
    x: float
    y: float


class ZoomView(QGraphicsView):
    """Shows a photo whose pixels are the scene's coordinates.

    The wheel zooms at the pointer and a touchpad's two fingers pan; Ctrl with either zooms.
    Space with the left button, or the middle button, pans.

    Attributes:
        keep_view: show the next photo at the zoom and place of the one before.

    Signals:
        scale_changed(float): device pixels for one pixel of the photo, 1.0 is 100 %.
        view_moved(): another part of the photo is shown.
    """

    scale_changed = Signal(float)
    view_moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        scene = QGraphicsScene(self)
        self.setScene(scene)
        self._photo = StillPhoto()
        scene.addItem(self._photo)
        self.keep_view = False
        self._fitted = True
        self._last_place: Place | None = None
        self._space_held = False
        self._pan_from: QPoint | None = None
        self._configure()
        self._dress()
        theme.signals.changed.connect(self._dress)

    def _configure(self) -> None:
        off = Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setHorizontalScrollBarPolicy(off)
        self.setVerticalScrollBarPolicy(off)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setInteractive(False)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setViewportUpdateMode(QGraphicsView.ViewportUpdateMode.FullViewportUpdate)
        self.viewport().setMouseTracking(True)
        self.viewport().setAcceptDrops(False)  # dropped files are for the window
        self.setAcceptDrops(False)
        self.viewport().grabGesture(Qt.GestureType.PinchGesture)
        self.setMinimumSize(160, 120)

    def _dress(self) -> None:
        self.setBackgroundBrush(QColor(theme.colors().canvas))

    # The photo

    def set_photo_size(self, width: float, height: float) -> None:
        """Make room for a photo of `width` × `height` pixels and fit it into the view.

        With `keep_view` it is shown as the photo before was; a size of 0 in between, of a
        photo that cannot be shown, does not count.
        """
        if not self.photo_rect().isEmpty():
            self._last_place = None if self._fitted else self.place()
        self._photo.set_size(width, height)
        if self.keep_view and self._last_place is not None and width and height:
            self.go_to(self._last_place)
        else:
            self.fit()

    def set_image(self, image: QImage) -> None:
        """Show the photo by these pixels, decoded at a scale that suffices for the whole view."""
        self._photo.set_image(image)

    def set_fine_image(self, image: QImage, rect: QRectF | None = None) -> None:
        """The same photo, or the area `rect` of it, finer: for when the view is zoomed in."""
        self._photo.set_fine_image(image, rect)

    def has_image(self) -> bool:
        return self._photo.has_image()

    def overview_image(self) -> QImage:
        """Pixels of the whole photo, however few."""
        return self._photo.coarse_image()

    def is_sharp(self) -> bool:
        """Whether the images at hand have a pixel for each device pixel, or all there are."""
        return self._photo.has_pixels_for(self.scale_factor(), self.visible_rect())

    def photo_rect(self) -> QRectF:
        return self._photo.boundingRect()

    def visible_rect(self) -> QRectF:
        """What can be seen of the photo, in its pixels."""
        view = QRectF(self.viewport().rect())
        seen = QRectF(self.to_photo(view.topLeft()), self.to_photo(view.bottomRight()))
        return seen.intersected(self.photo_rect())

    def fitting_space(self) -> QSize:
        """The space that a fitted photo may fill, in device pixels."""
        view = self.viewport().size() - QSize(2 * PADDING, 2 * PADDING)
        return view.expandedTo(QSize(1, 1)) * self.devicePixelRatioF()

    # Scale and place

    def scale_factor(self) -> float:
        """Device pixels for one pixel of the photo."""
        return self.transform().m11() * self.devicePixelRatioF()

    def fit(self) -> None:
        """Show the whole photo, and keep doing so while the view changes its size."""
        self._fitted = True
        scale = self._fitting_scale()
        self._set_scale(scale)
        center = QPointF(self.viewport().width() / 2, self.viewport().height() / 2)
        self._place(self.photo_rect().center(), center)

    def actual_size(self) -> None:
        """One device pixel for one pixel of the photo, about the middle of the view."""
        self.zoom_to(1.0)

    def zoom_to(self, scale: float) -> None:
        """So many device pixels for one pixel of the photo, about the middle of the view."""
        self.zoom_at(self._middle(), scale / self.scale_factor())

    def show_rect(self, rect: QRectF) -> None:
        """Zoom so that a part of the photo fills the view, with some room round it."""
        if self.photo_rect().isEmpty():
            return
        self._fitted = False
        self._set_scale(self._scale_to_show(rect))
        self._place(rect.center(), self._middle())

    def shows_rect(self, rect: QRectF) -> bool:
        """Whether the view is as `show_rect` leaves it."""
        scale, off = self._scale_to_show(rect), self.to_view(rect.center()) - self._middle()
        same = abs(self.transform().m11() / scale - 1) < 0.001
        return same and not self._fitted and off.manhattanLength() < 4

    def reveal(self, rect: QRectF) -> None:
        """Scroll as little as needed until a part of the photo is in view; never zooms."""
        view = QRectF(self.viewport().rect()).adjusted(PADDING, PADDING, -PADDING, -PADDING)
        shown = self.viewportTransform().mapRect(rect)
        self._scroll(
            _way_in(shown.left(), shown.right(), view.left(), view.right()),
            _way_in(shown.top(), shown.bottom(), view.top(), view.bottom()),
        )

    def center_on(self, place: QPointF) -> None:
        """Bring a place of the photo to the middle of the view."""
        self._fitted = False
        self._place(place, self._middle())

    def pan(self, across: float, down: float) -> None:
        """Move the view by a share of its width and height, if not all of the photo is seen."""
        if not self.shows_all():
            self._fitted = False
            self._scroll(across * self.viewport().width(), down * self.viewport().height())

    def shows_all(self) -> bool:
        """Whether the whole photo is in the view."""
        rect, seen = self.photo_rect(), self.visible_rect()
        across = seen.width() >= 0.99 * rect.width()
        return self._fitted or (across and seen.height() >= 0.99 * rect.height())

    def place(self) -> Place:
        """What the view shows, to be shown of another photo with `go_to`."""
        rect, middle = self.photo_rect(), self.to_photo(self._middle())
        zoom = self.transform().m11() / self._fitting_scale()
        return Place(zoom, middle.x() / rect.width(), middle.y() / rect.height())

    def go_to(self, place: Place) -> None:
        """Show the photo as another one was shown."""
        rect = self.photo_rect()
        self._fitted = False
        self._set_scale(min(self._fitting_scale() * place.zoom, MAX_SCALE))
        middle = QPointF(place.x * rect.width(), place.y * rect.height())
        self._place(middle, self._middle())

    def zoom_in(self) -> None:
        self.zoom_at(self._middle(), STEP)

    def zoom_out(self) -> None:
        self.zoom_at(self._middle(), 1 / STEP)

    def zoom_at(self, point: QPointF, factor: float) -> None:
        """Zoom by `factor`; what lies under `point` of the viewport stays there."""
        if self.photo_rect().isEmpty():
            return
        self._fitted = False
        anchor = self.to_photo(point)
        least = min(self._fitting_scale(), 1.0) / 4
        self._set_scale(min(max(self.transform().m11() * factor, least), MAX_SCALE))
        self._place(anchor, point)

    def to_photo(self, point: QPointF) -> QPointF:
        """The place in the photo, in its pixels, under a point of the viewport."""
        return self.viewportTransform().inverted()[0].map(point)

    def to_view(self, point: QPointF) -> QPointF:
        """The point of the viewport over a place in the photo."""
        return self.viewportTransform().map(point)

    def _middle(self) -> QPointF:
        return QPointF(self.viewport().rect().center())

    def _fitting_scale(self) -> float:
        rect, view = self.photo_rect(), self.viewport().size()
        if rect.isEmpty():
            return 1.0
        width, height = view.width() - 2 * PADDING, view.height() - 2 * PADDING
        scale = min(max(width, 1) / rect.width(), max(height, 1) / rect.height())
        return min(scale, MAX_SCALE)

    def _scale_to_show(self, rect: QRectF) -> float:
        view = self.viewport().size()
        width = max(rect.width(), 1.0) * (1 + 2 * _ROOM)
        height = max(rect.height(), 1.0) * (1 + 2 * _ROOM)
        scale = min(view.width() / width, view.height() / height)
        return min(scale, MAX_SCALE)

    def _set_scale(self, scale: float) -> None:
        # A margin of one view on each side: any place that touches the view can be panned to.
        view = self.viewport().size()
        dx, dy = view.width() / scale, view.height() / scale
        self.setSceneRect(self.photo_rect().adjusted(-dx, -dy, dx, dy))
        self.setTransform(QTransform.fromScale(scale, scale))
        self.scale_changed.emit(self.scale_factor())

    def _place(self, anchor: QPointF, point: QPointF) -> None:
        delta = self.to_view(anchor) - point
        self._scroll(delta.x(), delta.y())

    def _scroll(self, dx: float, dy: float) -> None:
        for bar, delta in ((self.horizontalScrollBar(), dx), (self.verticalScrollBar(), dy)):
            bar.setValue(bar.value() + round(delta))
        self.view_moved.emit()

    # Events

    @property
    def panning(self) -> bool:
        return self._pan_from is not None

    @property
    def ready_to_pan(self) -> bool:
        """Whether the left button would pan now."""
        return self._space_held

    def mousePressEvent(self, event: QMouseEvent) -> None:
        left = event.button() == Qt.MouseButton.LeftButton
        if event.button() == Qt.MouseButton.MiddleButton or (left and self._space_held):
            self._pan_from = event.position().toPoint()
            self.viewport().setCursor(Qt.CursorShape.ClosedHandCursor)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            here = event.position().toPoint()
            delta = self._pan_from - here
            self._pan_from, self._fitted = here, False
            self._scroll(delta.x(), delta.y())
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pan_from is not None:
            self._pan_from = None
            self._show_hand()
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.mousePressEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space:
            self._space_held = True
            self._show_hand()
        else:
            event.ignore()

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Space and not event.isAutoRepeat():
            self._space_held = False
            self._show_hand()
        else:
            event.ignore()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._space_held = False  # its release will go elsewhere
        self._show_hand()
        super().focusOutEvent(event)

    def _show_hand(self) -> None:
        if not self.panning:
            hand, cross = Qt.CursorShape.OpenHandCursor, Qt.CursorShape.CrossCursor
            self.viewport().setCursor(hand if self._space_held else cross)

    def wheelEvent(self, event: QWheelEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase
        if touchpad and not control:
            self._fitted = False
            way = event.pixelDelta()
            if way.isNull():  # some touchpads tell degrees only
                way = event.angleDelta() / 4
            self._scroll(-way.x(), -way.y())
        else:
            self.zoom_at(event.position(), _WHEEL_BASE ** event.angleDelta().y())
        event.accept()

    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            return self._native_gesture(event)
        if isinstance(event, QGestureEvent):
            return self._gesture(event)
        return super().viewportEvent(event)

    def _native_gesture(self, event: QNativeGestureEvent) -> bool:
        if event.gestureType() != Qt.NativeGestureType.ZoomNativeGesture:
            return False
        self.zoom_at(event.position(), 1 + event.value())
        return True

    def _gesture(self, event: QGestureEvent) -> bool:
        pinch = event.gesture(Qt.GestureType.PinchGesture)
        if not isinstance(pinch, QPinchGesture):
            return False
        center = QPointF(self.viewport().mapFromGlobal(pinch.centerPoint()))
        self.zoom_at(center, pinch.scaleFactor())
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        else:
            self._set_scale(self.transform().m11())
            self.view_moved.emit()


def _way_in(low: float, high: float, first: float, last: float) -> float:
    """How far to scroll until `low` to `high` lies in `first` to `last`; its middle if longer."""
    if high - low > last - first:
        reaches = low <= first and high >= last
        return 0.0 if reaches else (low + high - first - last) / 2
    return min(low - first, 0.0) + max(high - last, 0.0)
