"""The canvas, driven by mouse, wheel and keys."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core.geometry import Handle, Rect
from landmark_gui.gui.canvas import PhotoCanvas, Shape, painting
from landmark_gui.gui.canvas.interaction import (
    Draw,
    Move,
    Resize,
    Rules,
    Size,
    drag_from,
    grip_at,
    is_deliberate,
    next_id,
    shape_at,
)

LEFT, NO = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
PHOTO = Size(400, 300)
A = Shape("a", Rect(40, 30, 100, 80), "Red Tower", "#e69f00")
INNER = Shape("inner", Rect(60, 50, 20, 20), "Green Dome", "#009e73")
B = Shape("b", Rect(250, 150, 100, 100), "Green Dome", "#009e73")


@pytest.fixture
def canvas(qtbot: QtBot) -> PhotoCanvas:
    widget = PhotoCanvas()
    qtbot.addWidget(widget)
    widget.resize(848, 648)  # 2 pixels of the screen for one of the photo, and the padding
    widget.show()
    widget.set_photo_size(PHOTO.width, PHOTO.height)
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    widget.set_image(picture)
    return widget


def on_screen(canvas: PhotoCanvas, x: float, y: float) -> QPoint:
    return canvas.to_view(QPointF(x, y)).toPoint()


def drag(
    qtbot: QtBot,
    canvas: PhotoCanvas,
    start: tuple[float, float],
    end: tuple[float, float],
    *,
    modifier: Qt.KeyboardModifier = NO,
    release: bool = True,
) -> None:
    """Press at a place of the photo, move in two steps, release."""
    view, first, last = canvas.viewport(), on_screen(canvas, *start), on_screen(canvas, *end)
    qtbot.mousePress(view, LEFT, modifier, first)
    qtbot.mouseMove(view, (first + last) / 2)
    qtbot.mouseMove(view, last)
    if release:
        qtbot.mouseRelease(view, LEFT, modifier, last)


def click(
    qtbot: QtBot, canvas: PhotoCanvas, x: float, y: float, modifier: Qt.KeyboardModifier = NO
) -> None:
    qtbot.mouseClick(canvas.viewport(), LEFT, modifier, on_screen(canvas, x, y))


def record(signal) -> list:
    seen: list = []
    signal.connect(lambda *values: seen.append(values))
    return seen


# The pure part


def test_the_smallest_box_under_the_pointer_is_hit() -> None:
    assert shape_at([A, INNER], 65, 55) is INNER
    assert shape_at([A, INNER], 120, 100) is A
    assert shape_at([A, INNER], 300, 10) is None


def test_a_press_resizes_the_selected_box_moves_another_or_draws() -> None:
    assert drag_from([A, B], {"a": A}, 40, 30, tolerance=4) == Resize(A, Handle.NW, 40, 30)
    assert drag_from([A, B], {}, 40, 30, tolerance=4) == Move((A,), 40, 30)
    assert drag_from([A, B], {"a": A}, 300, 200, tolerance=4) == Move((B,), 300, 200)
    assert drag_from([A, B], {"a": A}, 10, 10, tolerance=4) == Draw(10, 10)
    assert drag_from([A, B], {"a": A}, 80, 60, tolerance=4, always_draw=True) == Draw(80, 60)


def test_a_small_box_can_still_be_moved_by_its_middle() -> None:
    small = Rect(10, 10, 8, 8)
    assert grip_at(small, 14, 14, 7) is None
    assert grip_at(small, 5, 14, 7) is not None


def test_a_resized_side_keeps_its_distance_to_the_pointer() -> None:
    resize = Resize(A, Handle.E, 143, 60)  # taken 3 pixels beside the border
    assert resize.rects_at(163, 60, rules=Rules(PHOTO)) == {"a": Rect(40, 30, 120, 80)}


def test_slips_of_the_hand_are_not_deliberate() -> None:
    assert not is_deliberate(Rect(0, 0, 2.9, 50), scale=10)
    assert not is_deliberate(Rect(0, 0, 30, 30), scale=0.1)
    assert is_deliberate(Rect(0, 0, 4, 4), scale=1)


def test_stepping_through_boxes_goes_round() -> None:
    assert next_id(["a", "b"], None, 1) == "a"
    assert next_id(["a", "b"], None, -1) == "b"
    assert next_id(["a", "b"], "b", 1) == "a"
    assert next_id([], None, 1) is None


def test_ink_reads_on_every_colour() -> None:
    assert painting.ink_on(QColor("#f0e442").rgb()).lightness() < 50
    assert painting.ink_on(QColor("#0072b2").rgb()).lightness() > 200


# Drawing


def test_a_drag_on_free_ground_draws_a_box_in_photo_pixels(qtbot, canvas) -> None:
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (10, 20), (110, 90))
    assert drawn == [(Rect(10, 20, 100, 70),)]


def test_a_box_is_clamped_to_the_photo(qtbot, canvas) -> None:
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (350, 250), (409, 309))
    assert drawn == [(Rect(350, 250, 50, 50),)]


def test_a_click_draws_nothing_and_clears_the_selection(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    canvas.select(["a"])
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (300, 200), (301, 200))
    assert drawn == []
    assert canvas.selected() == []


def test_escape_gives_up_the_box_being_drawn(qtbot, canvas) -> None:
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (10, 20), (110, 90), release=False)
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    qtbot.mouseRelease(canvas.viewport(), LEFT, NO, on_screen(canvas, 110, 90))
    assert drawn == []


def test_control_draws_a_box_inside_another(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    drawn, changed = record(canvas.box_drawn), record(canvas.boxes_changed)
    drag(qtbot, canvas, (60, 50), (90, 80), modifier=CONTROL)
    assert drawn == [(Rect(60, 50, 30, 30),)]
    assert changed == []


def test_nothing_is_drawn_or_moved_while_the_project_is_read_only(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    canvas.editable = False
    drawn, changed = record(canvas.box_drawn), record(canvas.boxes_changed)
    deleted = record(canvas.boxes_deleted)
    drag(qtbot, canvas, (200, 20), (300, 90))
    drag(qtbot, canvas, (80, 60), (120, 90))
    qtbot.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.selected() == ["a"]
    assert drawn == changed == deleted == []


# Moving, resizing, deleting


def test_a_drag_moves_the_box_and_stops_at_the_border(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    changed = record(canvas.boxes_changed)
    drag(qtbot, canvas, (80, 60), (90, 80))
    drag(qtbot, canvas, (80, 60), (10, 20))
    assert changed == [({"a": Rect(50, 50, 100, 80)},), ({"a": Rect(0, 0, 100, 80)},)]


def test_a_click_on_a_box_selects_it_and_changes_nothing(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    changed = record(canvas.boxes_changed)
    click(qtbot, canvas, 300, 200)
    assert canvas.selected() == ["b"]
    assert changed == []


@pytest.mark.parametrize(
    ("grip", "target", "expected"),
    [
        ((40, 30), (20, 10), Rect(20, 10, 120, 100)),
        ((90, 30), (90, 10), Rect(40, 10, 100, 100)),
        ((140, 30), (160, 10), Rect(40, 10, 120, 100)),
        ((140, 70), (160, 70), Rect(40, 30, 120, 80)),
        ((140, 110), (160, 130), Rect(40, 30, 120, 100)),
        ((90, 110), (90, 130), Rect(40, 30, 100, 100)),
        ((40, 110), (20, 130), Rect(20, 30, 120, 100)),
        ((40, 70), (20, 70), Rect(20, 30, 120, 80)),
    ],
)
def test_each_of_eight_handles_resizes(qtbot, canvas, grip, target, expected) -> None:
    canvas.set_shapes([A])
    canvas.select(["a"])
    changed = record(canvas.boxes_changed)
    drag(qtbot, canvas, grip, target)
    assert changed == [({"a": expected},)]


def test_handles_keep_their_reach_on_the_screen_when_zoomed_out(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    canvas.select(["a"])
    canvas.zoom_at(QPointF(424, 324), 0.25)
    changed = record(canvas.boxes_changed)
    drag(qtbot, canvas, (150, 70), (190, 70))  # 10 photo pixels beside it are 5 on the screen
    assert list(changed[0][0]) == ["a"]
    assert changed[0][0]["a"].w == pytest.approx(140, abs=2)


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_asks_for_the_selected_boxes_to_go(qtbot, canvas, key) -> None:
    canvas.set_shapes([A, B])
    deleted = record(canvas.boxes_deleted)
    click(qtbot, canvas, 80, 60)
    click(qtbot, canvas, 300, 200, SHIFT)
    qtbot.keyClick(canvas, key)
    assert deleted == [(["a", "b"],)]


def test_arrows_nudge_by_one_pixel_and_with_shift_by_ten(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    canvas.select(["a"])
    changed = record(canvas.boxes_changed)
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    qtbot.keyClick(canvas, Qt.Key.Key_Up, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, CONTROL)
    assert changed == [
        ({"a": Rect(41, 30, 100, 80)},),
        ({"a": Rect(40, 20, 100, 80)},),
        ({"a": Rect(40, 30, 100, 81)},),
    ]


def test_a_held_arrow_is_told_once_when_it_is_let_go(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    canvas.select(["a"])
    changed = record(canvas.boxes_changed)
    for _ in range(5):
        qtbot.keyPress(canvas, Qt.Key.Key_Left)
    assert changed == []
    qtbot.keyRelease(canvas, Qt.Key.Key_Left)
    assert changed == [({"a": Rect(35, 30, 100, 80)},)]


def test_tab_goes_round_the_boxes(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.setFocus()
    seen = record(canvas.selection_changed)
    for _ in range(3):
        qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    qtbot.keyClick(canvas, Qt.Key.Key_Backtab)
    assert seen == [(["a"],), (["b"],), (["a"],), (["b"],)]


def test_control_and_tab_leave_the_canvas(qtbot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    layout = QVBoxLayout(parent)
    canvas, button = PhotoCanvas(), QPushButton("next")
    layout.addWidget(canvas)
    layout.addWidget(button)
    parent.show()
    qtbot.waitUntil(lambda: QApplication.activeWindow() is parent)
    canvas.set_shapes([A])
    canvas.setFocus()
    qtbot.keyClick(canvas, Qt.Key.Key_Tab, CONTROL)
    assert button.hasFocus()


def test_a_double_click_asks_what_is_in_the_box(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    activated = record(canvas.box_activated)
    view, place = canvas.viewport(), on_screen(canvas, 80, 60)
    qtbot.mouseClick(view, LEFT, NO, place)
    qtbot.mouseDClick(view, LEFT, NO, place)
    assert activated == [("a",)]


def test_selection_survives_an_edit_but_not_the_box(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.select(["b"])
    canvas.set_shapes([A, Shape("b", Rect(0, 0, 9, 9), B.name, B.color)])
    assert canvas.selected() == ["b"]
    canvas.set_shapes([A])
    assert canvas.selected() == []


def test_a_drag_ends_when_its_box_disappears(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    changed = record(canvas.boxes_changed)
    drag(qtbot, canvas, (80, 60), (120, 90), release=False)
    canvas.set_shapes([])
    qtbot.mouseRelease(canvas.viewport(), LEFT, NO, on_screen(canvas, 120, 90))
    assert changed == []


# Zoom and pan


def wheel(canvas: PhotoCanvas, at: QPoint, notches: int) -> None:
    event = QWheelEvent(
        QPointF(at),
        QPointF(canvas.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        NO,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), event)


@pytest.mark.parametrize("place", [(10, 10), (390, 290), (123, 77)])
def test_the_wheel_keeps_the_point_under_the_pointer(canvas, place) -> None:
    at = on_screen(canvas, *place)
    for notches in (3, 2, -4, -3):
        before = canvas.scale_factor()
        wheel(canvas, at, notches)
        assert (canvas.scale_factor() > before) == (notches > 0)
        off = canvas.to_view(QPointF(*place)) - QPointF(at)
        assert abs(off.x()) <= 1.5
        assert abs(off.y()) <= 1.5


def test_fit_follows_the_size_of_the_view_until_one_zooms(qtbot, canvas) -> None:
    assert canvas.scale_factor() == pytest.approx(2)
    canvas.resize(448, 348)
    assert canvas.scale_factor() == pytest.approx(1)
    canvas.zoom_in()
    zoomed = canvas.scale_factor()
    canvas.resize(848, 648)
    assert canvas.scale_factor() == zoomed
    canvas.fit()
    assert canvas.scale_factor() == pytest.approx(2)


def test_actual_size_is_one_device_pixel_a_photo_pixel(canvas) -> None:
    canvas.actual_size()
    assert canvas.scale_factor() == pytest.approx(1)


def test_space_and_drag_pans_instead_of_drawing(qtbot, canvas) -> None:
    drawn = record(canvas.box_drawn)
    before = canvas.to_view(QPointF(0, 0))
    view = canvas.viewport()
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.mousePress(view, LEFT, NO, QPoint(300, 300))
    qtbot.mouseMove(view, QPoint(340, 280))
    qtbot.mouseRelease(view, LEFT, NO, QPoint(340, 280))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    assert canvas.to_view(QPointF(0, 0)) - before == QPointF(40, -20)
    assert drawn == []


def test_the_middle_button_pans(qtbot, canvas) -> None:
    before = canvas.to_view(QPointF(0, 0))
    view, middle = canvas.viewport(), Qt.MouseButton.MiddleButton
    qtbot.mousePress(view, middle, NO, QPoint(300, 300))
    qtbot.mouseMove(view, QPoint(310, 330))
    qtbot.mouseRelease(view, middle, NO, QPoint(310, 330))
    assert canvas.to_view(QPointF(0, 0)) - before == QPointF(10, 30)


def test_boxes_drawn_while_zoomed_are_in_photo_pixels(qtbot, canvas) -> None:
    canvas.zoom_at(QPointF(300, 200), 4)
    drawn = record(canvas.box_drawn)
    middle = canvas.to_photo(QPointF(400, 300))
    x, y = round(middle.x()), round(middle.y())
    drag(qtbot, canvas, (x, y), (x + 20, y + 15))
    rect = drawn[0][0]
    assert (rect.x, rect.y, rect.w, rect.h) == pytest.approx((x, y, 20, 15), abs=0.13)


# Looks


def test_a_box_is_painted_in_its_colour_with_its_name(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    qtbot.wait(1)
    picture = canvas.viewport().grab().toImage()
    edge = on_screen(canvas, 40, 70)
    assert picture.pixelColor(edge.x(), edge.y()) == QColor(A.color)
    above = on_screen(canvas, 40, 30) + QPoint(3, -6)  # in the tag, left of the text
    assert picture.pixelColor(above.x(), above.y()) == QColor(A.color)


def test_a_finer_image_takes_over_when_zoomed_in(qtbot, canvas) -> None:
    canvas.set_photo_size(4000, 3000)
    coarse = QImage(1000, 750, QImage.Format.Format_RGB32)
    coarse.fill(QColor("red"))
    canvas.set_image(coarse)
    assert canvas.is_sharp()
    canvas.actual_size()
    assert not canvas.is_sharp()
    fine = QImage(4000, 3000, QImage.Format.Format_RGB32)
    fine.fill(QColor("lime"))
    canvas.set_fine_image(fine)
    assert canvas.is_sharp()
    assert canvas.viewport().grab().toImage().pixelColor(300, 300) == QColor("lime")
    canvas.fit()
    assert canvas.viewport().grab().toImage().pixelColor(424, 324) == QColor("red")


def test_leaving_the_canvas_takes_the_guides_away(qtbot, canvas) -> None:
    qtbot.mouseMove(canvas.viewport(), QPoint(300, 200))
    with_guides = canvas.viewport().grab().toImage()
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert canvas.viewport().grab().toImage() != with_guides


def test_painting_a_tag_leaves_the_view_never(qtbot) -> None:
    picture = QImage(100, 50, QImage.Format.Format_RGB32)
    picture.fill(QColor("black"))
    painter = QPainter(picture)
    box, view = QRectF(-500, -200, 2000, 900), QRectF(0, 0, 100, 50)
    painting.Tags(painter.font(), 1.0).paint(painter, box, "A", "#ffff00", view)
    painter.end()
    assert picture.pixelColor(3, 3) == QColor("yellow")
