"""Going through a folder with one hand on the keyboard: real keys on the Label page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt, QTimer
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QInputDialog, QLineEdit, QMenu, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Photo
from landmark_gui.core.project_opening import read_project
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.label import LabelPage
from landmark_gui.gui.pages.label.photo_query import Kind, PhotoQuery, SortBy
from tests.conftest import draw_photo
from tests.gui.journey import drag_box

Open = Callable[[Path], Document]
RECT = Rect(10, 10, 40, 30)


@pytest.fixture
def document(photo_folder: Callable[..., Path], open_document: Open) -> Document:
    """broken.jpg, IMG_1 … IMG_4 and the landmarks Tower, Dome and Gate on 1, 2 and 3."""
    folder = photo_folder(each=4, landmarks=("Red Tower",))
    (folder / "Red Tower" / "broken.jpg").write_bytes(b"no picture")
    document = open_document(folder)
    for name in ("Tower", "Dome", "Gate"):
        document.do(edits.add_landmark(document.project, name))
    return document


@pytest.fixture
def context(document: Document) -> AppContext:
    return AppContext()


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document) -> LabelPage:
    widget = LabelPage(context)
    qtbot.addWidget(widget)
    widget.resize(1200, 700)
    widget.show()
    context.set_document(document)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
    show(qtbot, widget, "IMG_1.jpg")
    return widget


def show(qtbot: QtBot, page: LabelPage, name: str) -> Photo:
    photo = named(page, name)
    page.document.set_current(photo.id)
    qtbot.waitUntil(page.canvas.has_image)
    page.canvas.setFocus()
    return photo


def named(page: LabelPage, name: str) -> Photo:
    photos = page.document.project.photos.values()
    return next(photo for photo in photos if photo.path.endswith(name))


def current(page: LabelPage) -> str:
    return page.document.current_photo.path.rpartition("/")[2]


def boxes(page: LabelPage, name: str = "") -> list[Box]:
    photo = named(page, name) if name else page.document.current_photo
    return page.document.project.boxes_of(photo.id)


def listed(page: LabelPage) -> list[str]:
    model = page.photos.model
    return [model.index(row).data() for row in range(model.rowCount())]


def press(qtbot: QtBot, page: LabelPage, keys: str) -> None:
    qtbot.keyClicks(page.canvas, keys)


def reviews(page: LabelPage) -> dict[str, str]:
    photos = page.document.project.ordered_photos()
    return {p.path.rpartition("/")[2]: p.review for p in photos if p.review}


def draw(page: LabelPage, name: str, landmark_id: int = 1, rect: Rect = RECT) -> None:
    page.document.do(edits.add_box(named(page, name).id, landmark_id, rect))


def near(rect: Rect, other: Rect) -> bool:
    """Equal but for the rounding of the pointer to whole pixels of the screen."""
    return rect.is_near(other, 0.5)


# Draw, name, confirm


def test_draw_name_and_confirm_are_three_strokes(qtbot, page) -> None:
    drag_box(page.canvas, RECT)
    press(qtbot, page, "2")
    press(qtbot, page, "e")
    assert current(page) == "IMG_2.jpg"
    assert reviews(page) == {"IMG_1.jpg": "done"}
    (box,) = boxes(page, "IMG_1.jpg")
    assert (box.landmark_id, near(box.rect, RECT)) == (2, True)
    assert page.document.current_landmark_id == 2  # the next box is a Dome too


def test_the_box_just_drawn_is_selected_and_a_key_names_it_anew(qtbot, page) -> None:
    drag_box(page.canvas, RECT)
    assert page.canvas.selected() == [boxes(page)[0].id]
    press(qtbot, page, "23")
    assert [box.landmark_id for box in boxes(page)] == [3]
    drag_box(page.canvas, Rect(60, 40, 30, 25))
    assert [box.landmark_id for box in boxes(page)] == [3, 3]


def test_the_landmark_of_an_older_box_does_not_become_that_of_the_next(qtbot, page) -> None:
    draw(page, "IMG_1.jpg")
    page.canvas.select([boxes(page)[0].id])
    press(qtbot, page, "2")
    assert (boxes(page)[0].landmark_id, page.document.current_landmark_id) == (2, 1)


def test_confirm_is_one_edit_and_undo_goes_back_to_the_photo(qtbot, page) -> None:
    before = page.document.position
    press(qtbot, page, "e")
    assert page.document.position == before + 1
    page.document.undo()
    assert (current(page), reviews(page)) == ("IMG_1.jpg", {})


def test_confirm_passes_over_photos_that_are_done_or_skipped_and_begins_anew(qtbot, page) -> None:
    page.flow.mark([named(page, "IMG_2.jpg").id], "done")
    page.flow.mark([named(page, "IMG_3.jpg").id], "skipped")
    seen = []
    show(qtbot, page, "IMG_1.jpg")
    for _ in range(2):
        press(qtbot, page, "e")
        seen.append(current(page))
    assert seen == ["IMG_4.jpg", "IMG_4.jpg"]
    page.flow.mark([named(page, "IMG_2.jpg").id], "")
    show(qtbot, page, "IMG_4.jpg")
    press(qtbot, page, "e")
    assert current(page) == "IMG_2.jpg"


def test_the_last_confirmation_says_that_nothing_is_left(qtbot, page, context) -> None:
    said: list[str] = []
    context.status_changed.connect(said.append)
    press(qtbot, page, "eeee")
    assert said == ["No other photo of the list is left to do."]
    assert len(reviews(page)) == 4


def test_confirm_follows_the_order_and_filter_of_the_list(qtbot, page) -> None:
    draw(page, "IMG_2.jpg")
    draw(page, "IMG_4.jpg")
    page.photos.filters.change(PhotoQuery(Kind.LABELLED, sort=SortBy.FOLDER, descending=True))
    assert listed(page) == ["IMG_4.jpg", "IMG_2.jpg"]
    show(qtbot, page, "IMG_4.jpg")
    press(qtbot, page, "e")
    assert current(page) == "IMG_2.jpg"


def test_under_the_filter_to_do_confirmed_photos_leave_the_list(qtbot, page) -> None:
    page.photos.filters.change(PhotoQuery(Kind.TODO))
    press(qtbot, page, "ee")
    assert listed(page) == ["IMG_3.jpg", "IMG_4.jpg"]
    assert page.photos.list.currentIndex().data() == current(page) == "IMG_3.jpg"


def test_ctrl_enter_is_the_primary_action(qtbot, document) -> None:
    window = MainWindow(AppContext())
    qtbot.addWidget(window)
    window.show()
    window.context.set_document(document)
    qtbot.waitActive(window)
    page = window.page("label")
    show(qtbot, page, "IMG_1.jpg")
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert (reviews(page), current(page)) == ({"IMG_1.jpg": "done"}, "IMG_2.jpg")
    window.context.set_document(None)  # the fixture closes it


def test_skip_and_take_back(qtbot, page) -> None:
    press(qtbot, page, "s")
    assert (reviews(page), current(page)) == ({"IMG_1.jpg": "skipped"}, "IMG_2.jpg")
    show(qtbot, page, "IMG_1.jpg")
    chip = page.findChild(QToolButton, "photo_reopen")
    assert (chip.isVisible(), chip.text()) == (True, "Skipped")
    qtbot.keyClick(page.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ShiftModifier)
    assert (reviews(page), current(page), chip.isVisible()) == ({}, "IMG_1.jpg", False)


def test_a_photo_that_cannot_be_read_is_passed_without_a_mark(qtbot, page) -> None:
    page.document.set_current(named(page, "broken.jpg").id)
    qtbot.keyClicks(page, "e")
    assert (reviews(page), current(page)) == ({}, "IMG_1.jpg")


def test_no_key_has_two_commands(page, context) -> None:
    keys = [(key, c.id) for c in context.commands.all() for key in c.keys]
    shared = [id_ for key, id_ in keys if len(context.commands.holders(key)) > 1]
    assert shared == []


def test_a_key_that_is_held_does_not_run_through_the_folder(page) -> None:
    held = [a for a in (page.bar.done, page.bar.skip, page.bar.copy) if a.autoRepeat()]
    assert held == []
    assert page.middle.next.autoRepeat()


def test_a_read_only_project_takes_no_marks(qtbot, page, context, document) -> None:
    document.read_only = True
    context.set_document(document)
    show(qtbot, page, "IMG_1.jpg")
    press(qtbot, page, "eswvr")
    assert (reviews(page), current(page)) == ({}, "IMG_1.jpg")
    assert not page.findChild(QToolButton, "photo_done").isEnabled()


# The whole photo


def test_the_whole_photo_is_the_chosen_landmark_until_taken_back(qtbot, page) -> None:
    button = page.findChild(QToolButton, "photo_whole")
    press(qtbot, page, "2w")
    assert (page.document.current_photo.landmark_id, button.isChecked()) == (2, True)
    press(qtbot, page, "3")
    assert not button.isChecked()
    press(qtbot, page, "w")
    assert page.document.current_photo.landmark_id == 3
    press(qtbot, page, "w")
    assert (page.document.current_photo.landmark_id, button.isChecked()) == (None, False)


def test_without_a_landmark_the_key_asks_for_its_name(qtbot, page) -> None:
    for mark in page.document.project.ordered_landmarks():
        page.document.do(edits.delete_landmark(page.document.project, mark))
    press(qtbot, page, "w")
    assert page.findChild(QLineEdit, "add_landmark_field").hasFocus()
    assert not page.bar.whole.isChecked()


# Boxes that need not be drawn


def test_the_boxes_of_the_photo_before_are_copied_as_one_edit(qtbot, page) -> None:
    draw(page, "IMG_1.jpg", 1)
    draw(page, "IMG_1.jpg", 2, Rect(60, 40, 20, 20))
    show(qtbot, page, "IMG_2.jpg")
    press(qtbot, page, "v")
    copied = [(box.landmark_id, box.rect) for box in boxes(page)]
    assert copied == [(1, RECT), (2, Rect(60, 40, 20, 20))]
    assert page.canvas.selected() == [box.id for box in boxes(page)]
    press(qtbot, page, "v")  # those are there already
    assert len(boxes(page)) == 2
    page.document.undo()
    assert boxes(page) == []


def test_the_photo_before_counts_although_the_filter_hides_it(qtbot, page) -> None:
    draw(page, "IMG_1.jpg")
    page.photos.filters.change(PhotoQuery(Kind.TODO))
    press(qtbot, page, "e")
    assert listed(page)[0] == current(page) == "IMG_2.jpg"
    press(qtbot, page, "v")
    assert [box.rect for box in boxes(page)] == [RECT]


def test_copying_says_why_there_is_nothing_to_copy(qtbot, page, context) -> None:
    said: list[str] = []
    context.status_changed.connect(said.append)
    press(qtbot, page, "v")  # broken.jpg before it has no picture, so it is no photo before
    show(qtbot, page, "IMG_2.jpg")
    press(qtbot, page, "v")
    assert said == [
        "There is no photo before this one.",
        "The photo before, Red Tower/IMG_1.jpg, has no box.",
    ]


def test_the_newest_box_is_repeated_on_other_photos_as_it_is_now(qtbot, page) -> None:
    drag_box(page.canvas, RECT)
    press(qtbot, page, "2")
    moved = edits.change_box(boxes(page)[0], rect=Rect(20, 20, 30, 30))
    page.document.do(moved)
    press(qtbot, page, "er")
    assert current(page) == "IMG_2.jpg"
    assert [(box.landmark_id, box.rect) for box in boxes(page)] == [(2, Rect(20, 20, 30, 30))]
    assert page.canvas.selected() == [boxes(page)[0].id]


def test_repeated_on_the_same_photo_it_lies_beside(qtbot, page) -> None:
    drag_box(page.canvas, RECT)
    press(qtbot, page, "rr")
    rects = [box.rect for box in boxes(page)]
    assert len({(rect.x, rect.y) for rect in rects}) == 3
    assert all(near(Rect(0, 0, rect.w, rect.h), Rect(0, 0, 40, 30)) for rect in rects)


def test_a_deleted_box_and_its_landmark_are_no_reason_to_fail(qtbot, page) -> None:
    drag_box(page.canvas, RECT)
    page.document.do(edits.delete_landmark(page.document.project, page.landmarks.current()))
    press(qtbot, page, "r")
    assert [box.landmark_id for box in boxes(page)] == [page.document.current_landmark_id]


# Typing is not commanding


@pytest.mark.parametrize("field", ["photo_search", "add_landmark_field"])
def test_letters_and_digits_belong_to_the_field_that_is_typed_in(qtbot, page, field) -> None:
    edit = page.findChild(QLineEdit, field)
    edit.setFocus()
    qtbot.keyClicks(edit, "eswvrqad1F")
    assert edit.text() == "eswvrqad1F"
    assert (reviews(page), boxes(page, "IMG_1.jpg")) == ({}, [])
    assert page.document.current_landmark_id == 1


def test_letters_belong_to_the_name_of_a_box_and_its_completions(qtbot, page) -> None:
    draw(page, "IMG_1.jpg")
    page.canvas.select([boxes(page)[0].id])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    field = page.middle.prompt.field
    qtbot.keyClicks(field, "e")
    popup = field.completer().popup()
    assert popup.isVisible()
    qtbot.keyClicks(popup, "swd1")
    assert field.text() == "eswd1"
    assert (reviews(page), current(page)) == ({}, "IMG_1.jpg")


def test_letters_are_commands_in_the_list_too_and_do_not_look_for_names(qtbot, page) -> None:
    page.photos.list.setFocus()
    qtbot.keyClicks(page.photos.list, "b")  # no command, and no jump to broken.jpg
    assert current(page) == "IMG_1.jpg"
    qtbot.keyClicks(page.photos.list, "e")
    assert (reviews(page), current(page)) == ({"IMG_1.jpg": "done"}, "IMG_2.jpg")


def test_korean_input_does_not_compose_over_the_photo_and_its_lists(page) -> None:
    composes = Qt.WidgetAttribute.WA_InputMethodEnabled  # would swallow the letters
    widgets = (page, page.canvas, page.photos.list, page.boxes.list, page.bar)
    assert not any(widget.testAttribute(composes) for widget in widgets)


def test_arrows_home_and_end_go_through_the_list(qtbot, page) -> None:
    view = page.photos.list
    view.setFocus()
    seen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Home):
        qtbot.keyClick(view, key)
        seen.append(current(page))
    assert seen == ["IMG_2.jpg", "IMG_4.jpg", "IMG_3.jpg", "broken.jpg"]


# Going somewhere


def test_jumps(qtbot, page) -> None:
    draw(page, "IMG_2.jpg")
    page.flow.mark([named(page, "IMG_3.jpg").id], "done")
    show(qtbot, page, "IMG_1.jpg")
    press(qtbot, page, "qq")
    assert current(page) == "IMG_4.jpg"
    show(qtbot, page, "IMG_1.jpg")
    qtbot.keyClick(page.canvas, Qt.Key.Key_D, Qt.KeyboardModifier.ShiftModifier)
    assert current(page) == "IMG_3.jpg"
    qtbot.keyClick(page.canvas, Qt.Key.Key_End, Qt.KeyboardModifier.ControlModifier)
    assert current(page) == "IMG_4.jpg"
    qtbot.keyClick(page.canvas, Qt.Key.Key_Home, Qt.KeyboardModifier.ControlModifier)
    assert current(page) == "broken.jpg"


def test_a_photo_is_found_by_its_number(qtbot, page) -> None:
    def answer() -> None:
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, QInputDialog)
        assert (dialog.intMinimum(), dialog.intMaximum(), dialog.intValue()) == (1, 5, 2)
        dialog.setIntValue(4)
        dialog.accept()

    QTimer.singleShot(0, answer)
    qtbot.keyClick(page.canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert current(page) == "IMG_3.jpg"


# Several photos


def select(page: LabelPage, *names: str) -> None:
    model, flag = page.photos.list.model(), QItemSelectionModel.SelectionFlag
    page.photos.list.clearSelection()
    for name in names:
        index = model.index(page.photos.model.row_of(named(page, name).id), 0)
        page.photos.list.selectionModel().setCurrentIndex(index, flag.Select)


def menu_of(page: LabelPage) -> QMenu:
    """The menu that a right click on the current row opens."""
    view = page.photos.list
    place = view.visualRect(view.currentIndex()).center()
    mouse = QContextMenuEvent.Reason.Mouse
    anywhere = view.viewport().mapToGlobal(place)
    QApplication.sendEvent(view.viewport(), QContextMenuEvent(mouse, place, anywhere))
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    return menu


def choose(menu: QMenu, *texts: str) -> None:
    for text in texts[:-1]:
        menu = action_named(menu, text).menu()
    action_named(menu, texts[-1]).trigger()


def action_named(menu: QMenu, text: str) -> QAction:
    return next(action for action in menu.actions() if action.text() == text)


def test_several_photos_are_marked_as_one_edit_and_stay_selected(qtbot, page) -> None:
    select(page, "IMG_1.jpg", "IMG_2.jpg", "broken.jpg", "IMG_4.jpg")
    menu = menu_of(page)
    assert menu.actions()[0].text() == "4 photos"
    before = page.document.position
    choose(menu, "Mark as done")
    menu.close()
    assert reviews(page) == dict.fromkeys(("IMG_1.jpg", "IMG_2.jpg", "IMG_4.jpg"), "done")
    assert len(page.photos.selected()) == 4
    assert page.document.position == before + 1
    page.document.undo()
    assert reviews(page) == {}


def test_several_photos_are_named_as_a_whole(qtbot, page) -> None:
    select(page, "IMG_2.jpg", "IMG_3.jpg")
    menu = menu_of(page)
    choose(menu, "The whole photo is", "Dome")
    menu.close()
    found = {p.path[-9:]: p.landmark_id for p in page.document.project.photos.values()}
    assert found["IMG_2.jpg"] == found["IMG_3.jpg"] == 2
    assert found["IMG_1.jpg"] is None


def test_the_selection_survives_an_order_that_the_marks_change(qtbot, page) -> None:
    page.photos.filters.change(PhotoQuery(sort=SortBy.REVIEW))
    select(page, "IMG_2.jpg", "IMG_1.jpg")
    page.flow.mark(page.photos.selected(), "done")
    assert listed(page)[0] == "IMG_1.jpg"  # on show, so it keeps its row
    assert listed(page)[-2:] == ["IMG_2.jpg", "broken.jpg"]
    chosen = {page.document.project.photos[id_].path[-9:] for id_ in page.photos.selected()}
    assert chosen == {"IMG_1.jpg", "IMG_2.jpg"}


def test_a_click_selects_the_row_under_the_pointer_although_another_leaves(qtbot, page) -> None:
    page.photos.filters.change(PhotoQuery(Kind.TODO))
    page.flow.mark([page.document.current_id], "done")
    view = page.photos.list
    place = view.visualRect(view.model().index(2, 0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert listed(page) == ["IMG_2.jpg", "IMG_3.jpg", "IMG_4.jpg"]
    assert current(page) == "IMG_3.jpg"
    assert [index.data() for index in view.selectedIndexes()] == ["IMG_3.jpg"]


def test_clicks_with_ctrl_and_shift_select_several_and_show_the_last(qtbot, page) -> None:
    view = page.photos.list

    def click(row: int, modifier: Qt.KeyboardModifier) -> None:
        place: QPoint = view.visualRect(view.model().index(row, 0)).center()
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, modifier, place)

    click(1, Qt.KeyboardModifier.NoModifier)
    click(3, Qt.KeyboardModifier.ControlModifier)
    assert (len(page.photos.selected()), current(page)) == (2, "IMG_3.jpg")
    click(4, Qt.KeyboardModifier.ShiftModifier)
    assert (len(page.photos.selected()), current(page)) == (3, "IMG_4.jpg")
    press(qtbot, page, "a")
    assert [index.data() for index in view.selectedIndexes()] == ["IMG_3.jpg"]


def test_paths_are_copied(qtbot, page) -> None:
    select(page, "IMG_1.jpg", "IMG_3.jpg")
    menu = menu_of(page)
    choose(menu, "Copy the paths")
    menu.close()
    paths = [str(page.document.photo_path(named(page, f"IMG_{n}.jpg"))) for n in (1, 3)]
    assert QGuiApplication.clipboard().text() == "\n".join(paths)


# What is said, and what is kept


def test_the_progress_of_the_folder_is_said_in_words(qtbot, page) -> None:
    draw(page, "IMG_2.jpg")
    page.flow.mark([named(page, "IMG_3.jpg").id], "skipped")
    show(qtbot, page, "IMG_1.jpg")
    press(qtbot, page, "e")
    words = page.findChild(QWidget, "stages").text().replace("\N{NO-BREAK SPACE}", " ")
    assert words == "1 done · 1 to confirm · 1 skipped · 1 not begun"
    bar = page.findChild(QWidget, "stage_bar")
    assert bar.accessibleDescription().startswith("1 of 4 photos labelled\n1 done")


def test_the_bar_gives_way_to_a_narrow_window(qtbot, page) -> None:
    done = page.findChild(QToolButton, "photo_done")
    assert done.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonTextBesideIcon
    page.resize(720, 500)
    assert done.toolButtonStyle() == Qt.ToolButtonStyle.ToolButtonIconOnly
    buttons = page.bar.findChildren(QToolButton)
    assert all(page.bar.rect().contains(b.geometry()) for b in buttons if b.isVisible())
    assert done.toolTip() == "Done, and on to the next photo to do (E)"


def test_opening_again_goes_on_where_one_left(qtbot, page, context, document) -> None:
    query = PhotoQuery(Kind.TODO, text="img", sort=SortBy.MODIFIED, descending=True)
    page.photos.filters.change(query)
    show(qtbot, page, "IMG_3.jpg")
    assert document.close()
    again = Document(read_project(document.path))
    context.set_document(again)
    assert (current(page), page.photos.model.query) == ("IMG_3.jpg", query)
    assert page.photos.filters.search.text() == "img"
    context.set_document(None)
    again.close()


def test_steps_are_written_after_a_pause_and_not_each(qtbot, page, document) -> None:
    writes: list[object] = []
    document._queue.add = writes.append
    for _ in range(3):
        press(qtbot, page, "d")
    assert writes == []
    qtbot.waitUntil(lambda: len(writes) == 1)
    assert document.setting("label.list")["photo"] == document.current_id


@pytest.mark.parametrize("size", [(192, 144), (48, 90)])
def test_boxes_are_carried_to_a_photo_of_another_size(
    qtbot, tmp_path, open_document: Open, size
) -> None:
    folder = tmp_path / "sizes"
    draw_photo(folder / "a.jpg", "Red Tower", 1)
    draw_photo(folder / "b.jpg", "Red Tower", 2, (max(size[0], 60), max(size[1], 60)))
    document = open_document(folder)
    document.do(edits.add_landmark(document.project, "Tower"))
    first, second = document.project.ordered_photos()
    document.do(edits.add_box(first.id, 1, Rect(48, 36, 48, 36)))
    document.do(edits.copy_boxes(document.project, first, second))
    (box,) = document.project.boxes_of(second.id)
    width, height = second.width, second.height
    assert box.rect == Rect(width / 2, height / 2, width / 2, height / 2)
