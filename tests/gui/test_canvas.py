"""The canvas, driven by mouse, wheel and keys."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFocusEvent, QImage, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core.geometry import Handle, Rect
from landmark_gui.core.settings import Settings
from landmark_gui.gui.canvas import PhotoCanvas, Shape, loupe, painting
from landmark_gui.gui.canvas.interaction import (
    NEW,
    Draw,
    Move,
    Resize,
    Rules,
    Size,
    drag_from,
    focus_of,
    grip_at,
    is_deliberate,
    next_id,
    shape_at,
)
from landmark_gui.gui.canvas.options import CrossHair, Options
from landmark_gui.gui.contrast import ink_on

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
    assert ink_on(QColor("#f0e442").rgb()).lightness() < 50
    assert ink_on(QColor("#0072b2").rgb()).lightness() > 200


def test_shift_makes_a_square_or_frees_a_locked_ratio() -> None:
    draw = Draw(10, 10)
    free = Rules(PHOTO)
    assert draw.rects_at(60, 30, rules=replace(free, constrained=True)) == {
        NEW: Rect(10, 10, 50, 50)
    }
    locked = replace(free, ratio=2.0)
    assert draw.rects_at(60, 30, rules=locked) == {NEW: Rect(10, 10, 50, 25)}
    unlocked = replace(locked, constrained=True)
    assert draw.rects_at(60, 30, rules=unlocked) == {NEW: Rect(10, 10, 50, 20)}


def test_shift_while_resizing_keeps_the_ratio_of_the_box() -> None:
    rules = Rules(PHOTO, constrained=True)
    pulled = Resize(A, Handle.SE, 140, 110).rects_at(190, 110, rules=rules)["a"]
    assert pulled == Rect(40, 30, 150, 120)


def test_sides_are_caught_by_the_border_and_let_go_further_away() -> None:
    rules = Rules(PHOTO, snap_to=(Rect(0, 0, 400, 300),), reach=5)
    move = Move((A,), 80, 60)
    assert move.rects_at(43, 60, rules=rules) == {"a": Rect(0, 30, 100, 80)}
    assert move.rects_at(50, 60, rules=rules) == {"a": Rect(10, 30, 100, 80)}
    assert Draw(3, 4).rects_at(397, 200, rules=rules) == {NEW: Rect(0, 0, 400, 200)}


def test_only_boxes_alongside_catch() -> None:
    rules = Rules(PHOTO, snap_to=(B.rect,), reach=5)
    assert Draw(100, 160).rects_at(247, 200, rules=rules)[NEW].right == 250
    assert Draw(100, 10).rects_at(247, 60, rules=rules)[NEW].right == 247


def test_the_loupe_looks_at_the_corner_that_moves() -> None:
    rect = Rect(10, 20, 100, 50)
    assert focus_of(Draw(10, 20), rect, 111, 69) == (110, 70)
    assert focus_of(Resize(A, Handle.W, 0, 0), rect, 12, 40) == (10, 40)
    assert focus_of(Move((A,), 0, 0), rect, 12, 40) is None


@pytest.mark.parametrize("width", [160, 400, 1600])
@pytest.mark.parametrize("place", [(0.0, 0.0), (0.5, 0.5), (1.0, 1.0), (1.0, 0.0), (0.2, 0.9)])
def test_the_loupe_stays_in_the_view_and_off_the_pointer(width, place) -> None:
    view = QRectF(0, 0, width, width * 0.75)
    point = QPointF(place[0] * view.width(), place[1] * view.height())
    frame = loupe.frame_beside(point, view)
    if frame is None:
        assert width == 160
    else:
        assert view.contains(frame)
        assert not frame.contains(point)


def test_options_are_remembered_and_nonsense_gives_way(tmp_path) -> None:
    settings = Settings(tmp_path / "settings.toml")
    chosen = Options(ratio=16 / 9, snap=False, cross_hair=str(CrossHair.OFF), min_size=8.0)
    chosen.remember(settings)
    assert Options.read(Settings(settings.path)) == chosen
    settings.set("canvas.ratio", -4.0)
    settings.set("canvas.cross_hair", "sometimes")
    settings.set("canvas.min_size", float("inf"))
    assert Options.read(settings) == Options(snap=False)


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


# Modifiers during a drag, and what ends one


def held(canvas: PhotoCanvas, key: Qt.Key, down: bool) -> None:
    kind = QEvent.Type.KeyPress if down else QEvent.Type.KeyRelease
    QApplication.sendEvent(canvas, QKeyEvent(kind, key, NO))


def test_shift_and_alt_work_while_the_button_is_down(qtbot, canvas) -> None:
    drag(qtbot, canvas, (100, 100), (150, 120), release=False)
    held(canvas, Qt.Key.Key_Shift, True)
    assert canvas.sight().new == Rect(100, 100, 50, 50)
    held(canvas, Qt.Key.Key_Shift, False)
    held(canvas, Qt.Key.Key_Alt, True)
    assert canvas.sight().new == Rect(50, 80, 100, 40)
    held(canvas, Qt.Key.Key_Alt, False)
    assert canvas.sight().new == Rect(100, 100, 50, 20)


def test_escape_restores_the_box_that_is_dragged(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    changed = record(canvas.boxes_changed)
    drag(qtbot, canvas, (80, 60), (120, 90), release=False)
    assert canvas.sight().rects == {"a": Rect(80, 60, 100, 80)}
    qtbot.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.sight().rects == {}
    qtbot.mouseRelease(canvas.viewport(), LEFT, NO, on_screen(canvas, 120, 90))
    assert changed == []


def test_another_photo_ends_the_drag(qtbot, canvas) -> None:
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (10, 20), (110, 90), release=False)
    canvas.set_photo_size(200, 100)
    qtbot.mouseRelease(canvas.viewport(), LEFT, NO, on_screen(canvas, 110, 90))
    assert drawn == []


def test_losing_the_window_ends_the_drag(qtbot, canvas) -> None:
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (10, 20), (110, 90), release=False)
    away = QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason)
    QApplication.sendEvent(canvas, away)
    qtbot.mouseRelease(canvas.viewport(), LEFT, NO, on_screen(canvas, 110, 90))
    assert drawn == []


def test_shortcuts_wait_until_the_drag_is_over(qtbot, canvas) -> None:
    drag(qtbot, canvas, (10, 20), (110, 90), release=False)
    event = QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_D, NO)
    event.ignore()
    QApplication.sendEvent(canvas, event)
    assert event.isAccepted()


def test_a_nudge_is_told_before_a_shortcut_can_show_another_photo(qtbot, canvas) -> None:
    canvas.set_shapes([A])
    canvas.select(["a"])
    changed = record(canvas.boxes_changed)
    qtbot.keyPress(canvas, Qt.Key.Key_Right)
    QApplication.sendEvent(canvas, QKeyEvent(QEvent.Type.ShortcutOverride, Qt.Key.Key_D, NO))
    assert changed == [({"a": Rect(41, 30, 100, 80)},)]


def test_a_box_that_is_too_small_is_told_and_a_click_is_not(qtbot, canvas) -> None:
    canvas.set_options(Options(min_size=20))
    small, drawn = record(canvas.box_too_small), record(canvas.box_drawn)
    drag(qtbot, canvas, (100, 100), (110, 112))
    click(qtbot, canvas, 200, 200)
    drag(qtbot, canvas, (100, 100), (102, 101))
    assert small == [(Rect(100, 100, 10, 12),)]
    assert drawn == []


@pytest.mark.parametrize(("width", "height"), [(1, 1), (2, 2), (20_000, 10), (10, 20_000)])
def test_photos_of_odd_sizes_can_be_boxed_whole(qtbot, canvas, width, height) -> None:
    canvas.set_photo_size(width, height)
    drawn = record(canvas.box_drawn)
    view = canvas.viewport()
    corner = QPointF(canvas.to_view(QPointF(0, 0))) - QPointF(9, 9)
    opposite = canvas.to_view(QPointF(width, height)) + QPointF(9, 9)
    qtbot.mousePress(view, LEFT, NO, corner.toPoint())
    qtbot.mouseMove(view, opposite.toPoint())
    view.grab()
    qtbot.mouseRelease(view, LEFT, NO, opposite.toPoint())
    assert drawn == [(Rect(0, 0, width, height),)]


# Several boxes


def test_shift_and_drag_selects_what_the_frame_touches(qtbot, canvas) -> None:
    canvas.set_shapes([A, INNER, B])
    drawn = record(canvas.box_drawn)
    drag(qtbot, canvas, (20, 20), (70, 60), modifier=SHIFT)
    assert canvas.selected() == ["a", "inner"]
    drag(qtbot, canvas, (240, 140), (260, 160), modifier=SHIFT)
    assert canvas.selected() == ["a", "inner", "b"]
    assert drawn == []


def test_selected_boxes_move_together_as_one_change(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.select_all()
    changed = record(canvas.boxes_changed)
    drag(qtbot, canvas, (90, 70), (110, 80))
    assert changed == [({"a": Rect(60, 40, 100, 80), "b": Rect(270, 160, 100, 100)},)]
    assert canvas.selected() == ["a", "b"]


def test_a_click_on_one_of_several_selects_it_alone(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.select_all()
    click(qtbot, canvas, 90, 70)
    assert canvas.selected() == ["a"]


def test_arrows_nudge_all_selected_boxes_as_one_change(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.select_all()
    changed = record(canvas.boxes_changed)
    qtbot.keyClick(canvas, Qt.Key.Key_Down, SHIFT)
    qtbot.keyClick(canvas, Qt.Key.Key_Right, CONTROL)
    assert changed == [
        ({"a": Rect(40, 40, 100, 80), "b": Rect(250, 160, 100, 100)},),
        ({"a": Rect(40, 30, 101, 80), "b": Rect(250, 150, 101, 100)},),
    ]


# Views


def test_zoom_to_the_box_and_back(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.select(["b"])
    canvas.zoom_to_boxes()
    assert canvas.visible_rect().contains(QRectF(250, 150, 100, 100))
    assert not canvas.visible_rect().intersects(QRectF(40, 30, 100, 80))
    canvas.zoom_to_boxes()
    assert canvas.scale_factor() == pytest.approx(2)


def test_the_next_photo_is_shown_at_the_same_place_if_wanted(canvas) -> None:
    canvas.set_options(Options(keep_view=True))
    canvas.show_rect(QRectF(300, 200, 40, 30))
    canvas.set_photo_size(0, 0)  # one that cannot be shown
    canvas.set_photo_size(4000, 3000)
    seen = canvas.visible_rect()
    assert seen.contains(QRectF(3000, 2000, 400, 300))
    assert seen.width() < 1000
    canvas.set_options(Options())
    canvas.set_photo_size(400, 300)
    assert canvas.shows_all()


def test_a_box_that_tab_comes_to_is_scrolled_into_view(qtbot, canvas) -> None:
    canvas.set_shapes([A, B])
    canvas.setFocus()
    canvas.show_rect(QRectF(40, 30, 50, 40))
    scale = canvas.scale_factor()
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    qtbot.keyClick(canvas, Qt.Key.Key_Tab)
    assert canvas.selected() == ["b"]
    assert canvas.visible_rect().contains(QPointF(300, 200))
    assert canvas.scale_factor() == scale


def test_arrows_move_the_view_when_nothing_is_selected(qtbot, canvas) -> None:
    before = canvas.visible_rect()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.visible_rect() == before
    canvas.zoom_to(8)
    before = canvas.visible_rect()
    qtbot.keyClick(canvas, Qt.Key.Key_Right)
    assert canvas.visible_rect().left() > before.left()


def test_a_double_click_on_free_ground_fits_the_photo(qtbot, canvas) -> None:
    canvas.zoom_to(8)
    view, place = canvas.viewport(), QPoint(300, 300)
    qtbot.mouseClick(view, LEFT, NO, place)
    qtbot.mouseDClick(view, LEFT, NO, place)
    assert canvas.shows_all()


def test_the_navigator_shows_itself_when_zoomed_in_and_moves_the_view(qtbot, canvas) -> None:
    assert not canvas.navigator.isVisible()
    canvas.zoom_to(8)
    assert canvas.navigator.isVisible()
    qtbot.mouseClick(canvas.navigator, LEFT, NO, QPoint(2, 2))
    assert canvas.visible_rect().contains(QPointF(5, 5))
    canvas.navigator.grab()
    canvas.set_options(Options(navigator=False))
    assert not canvas.navigator.isVisible()
    canvas.set_options(Options())
    canvas.fit()
    assert not canvas.navigator.isVisible()


def test_the_loupe_shows_the_pixels_under_the_corner(qtbot, canvas) -> None:
    picture = QImage(400, 300, QImage.Format.Format_RGB32)
    picture.fill(QColor("#336699"))
    picture.setPixelColor(203, 100, QColor("#ff00ff"))  # three pixels beside the corner
    canvas.set_photo_size(400, 300)
    canvas.zoom_to(1)
    canvas.set_image(picture)
    drag(qtbot, canvas, (100, 60), (200, 100), release=False)
    shown = canvas.viewport().grab().toImage()
    frame = loupe.frame_beside(
        QPointF(on_screen(canvas, 200, 100)), QRectF(canvas.viewport().rect())
    )
    at = frame.center() + QPointF(3.5 * loupe.ZOOM, 0.5 * loupe.ZOOM)
    assert shown.pixelColor(at.toPoint()) == QColor("#ff00ff")
    canvas.set_options(Options(loupe=False))
    assert canvas.viewport().grab().toImage().pixelColor(at.toPoint()) != QColor("#ff00ff")


def test_the_photo_at_full_size_is_wanted_for_the_loupe_only_if_it_shows_more(
    qtbot, canvas
) -> None:
    wanted = record(canvas.pixels_wanted)
    drag(qtbot, canvas, (10, 20), (110, 90))
    assert wanted == []
    canvas.set_photo_size(4000, 3000)
    canvas.set_image(QImage(400, 300, QImage.Format.Format_RGB32))
    drag(qtbot, canvas, (100, 200), (1100, 900))
    assert len(wanted) == 1


def test_the_copied_layer_looks_as_the_boxes_painted_anew(qtbot, canvas) -> None:
    canvas.set_shapes([A, INNER, B])
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    canvas.set_shapes([A, INNER, B])
    anew = pixels(canvas)
    pixels(canvas)
    copied = pixels(canvas)
    assert np.abs(copied - anew).max() <= 2  # what is blended in two steps is rounded twice


@pytest.mark.parametrize("zoom", [0.4, 1.0, 3.7])
def test_a_still_photo_is_copied_as_it_was_painted_and_follows_the_view(canvas, zoom) -> None:
    canvas.set_options(Options(navigator=False))
    canvas.set_image(gradient())
    canvas.zoom_to(zoom)
    painted = pixels(canvas)
    pixels(canvas)
    assert np.array_equal(pixels(canvas), painted)
    canvas.pan(0.1, 0.1)
    canvas.zoom_at(QPointF(300, 300), 1.3)
    moved = pixels(canvas)
    assert not np.array_equal(moved, painted)
    canvas.set_image(QImage(400, 300, QImage.Format.Format_RGB32))
    assert not np.array_equal(pixels(canvas), moved)


def gradient() -> QImage:
    image = QImage(400, 300, QImage.Format.Format_RGB32)
    for x in range(400):
        for y in range(300):
            image.setPixel(x, y, QColor(x % 256, y % 256, (x * y) % 256).rgb())
    return image


def pixels(canvas: PhotoCanvas) -> np.ndarray:
    image = canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB888)
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), -1)
    return rows.astype(int)


def test_the_frame_of_the_focus_is_painted_whole_when_it_comes(qtbot, canvas) -> None:
    class Painted(QObject):
        area = QRect()

        def eventFilter(self, watched: QObject, event: QEvent) -> bool:
            if event.type() == QEvent.Type.Paint:
                self.area = event.region().boundingRect()
            return False

    canvas.clearFocus()
    QApplication.processEvents()
    canvas.viewport().installEventFilter(painted := Painted(canvas))
    canvas.setFocus()
    qtbot.waitUntil(lambda: painted.area == canvas.viewport().rect())


@pytest.mark.parametrize(
    ("choice", "idle", "drawing"),
    [("always", True, True), ("drawing", False, True), ("off", False, False)],
)
def test_the_cross_hair_is_seen_when_chosen(qtbot, canvas, choice, idle, drawing) -> None:
    canvas.set_options(Options(cross_hair=choice))
    for place in (QPoint(290, 190), QPoint(300, 200)):
        qtbot.mouseMove(canvas.viewport(), place)
    assert (canvas.sight().pointer is not None) == idle
    drag(qtbot, canvas, (10, 20), (110, 90), release=False)
    assert (canvas.sight().pointer is not None) == drawing


@pytest.mark.parametrize("ratio", [1, 1.5, 2])
def test_the_photo_lies_under_its_boxes_at_every_density(
    qtbot: QtBot, canvas: PhotoCanvas, ratio: float
) -> None:
    blue = QColor("#3377cc")
    photo = QImage(640, 480, QImage.Format.Format_RGB32)
    photo.fill(blue)
    canvas.set_photo_size(640, 480)
    canvas.set_image(photo)
    view = canvas.viewport()
    wanted = canvas.rect_on_screen(Rect(0, 0, 640, 480))
    for _ in range(3):  # the second frame alike makes a copy, the third uses it
        picture = QImage(view.size() * ratio, QImage.Format.Format_RGB32)
        picture.setDevicePixelRatio(ratio)
        view.render(picture)
        middle = picture.height() // 2
        found = [x for x in range(picture.width()) if picture.pixelColor(x, middle) == blue]
        assert found[0] / ratio == pytest.approx(wanted.left(), abs=2)
        assert found[-1] / ratio == pytest.approx(wanted.right(), abs=2)
