"""The Label page on a real project: everything through mouse, keys and the document."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QLineEdit,
    QMessageBox,
    QPushButton,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from landmark_gui.core import box_text, edits, scan
from landmark_gui.core.box_text import CopiedBox
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Edit, Photo
from landmark_gui.core.project_opening import read_project
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.canvas.options import Options
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage
from landmark_gui.gui.pages.label.photo_model import PhotoListModel
from landmark_gui.gui.pages.label.photo_query import Kind, PhotoQuery
from tests.conftest import draw_photo

LEFT, NO = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def make_project(folder: Path) -> Path:
    path = folder.with_suffix(".landmarks")
    with ProjectStore.create(path, folder) as store:
        for batch in scan.new_photos(store.load(), folder):
            store.put_photos(batch)
    return path


@pytest.fixture
def open_document(qtbot: QtBot) -> Iterator[Callable[[Path], Document]]:
    opened: list[Document] = []

    def open_(folder: Path) -> Document:
        opened.append(Document(read_project(make_project(folder))))
        return opened[-1]

    yield open_
    for document in opened:
        document.close()


@pytest.fixture
def document(
    photo_folder: Callable[..., Path], open_document: Callable[[Path], Document]
) -> Document:
    """IMG_1 … IMG_3, and broken.jpg, which sorts before them."""
    folder = photo_folder(each=3, landmarks=("Red Tower",))
    (folder / "Red Tower" / "broken.jpg").write_bytes(b"no picture")
    return open_document(folder)


@pytest.fixture
def page(qtbot: QtBot, document: Document) -> LabelPage:
    context = AppContext()
    widget = LabelPage(context)
    qtbot.addWidget(widget)
    widget.resize(1200, 700)
    widget.show()
    context.set_document(document)
    qtbot.waitUntil(lambda: QApplication.activeWindow() is widget)
    show(qtbot, widget, "IMG_1.jpg")
    return widget


def show(qtbot: QtBot, page: LabelPage, name: str) -> Photo:
    assert page.document is not None
    photo = photo_named(page.document, name)
    page.document.set_current(photo.id)
    if photo.state == "ok":
        qtbot.waitUntil(page.canvas.has_image)
    return photo


def photo_named(document: Document, name: str) -> Photo:
    return next(p for p in document.project.photos.values() if p.path.endswith(name))


def drag(qtbot: QtBot, page: LabelPage, start: tuple[int, int], end: tuple[int, int]) -> None:
    view = page.canvas.viewport()
    first, last = (page.canvas.to_view(QPointF(*place)).toPoint() for place in (start, end))
    qtbot.mousePress(view, LEFT, NO, first)
    qtbot.mouseMove(view, (first + last) / 2)
    qtbot.mouseMove(view, last)
    qtbot.mouseRelease(view, LEFT, NO, last)


def boxes(page: LabelPage) -> list[Box]:
    assert page.document is not None
    assert page.document.current_id is not None
    return page.document.project.boxes_of(page.document.current_id)


def listed(page: LabelPage) -> list[str]:
    model = page.photos.model
    return [model.index(row).data() for row in range(model.rowCount())]


def two_landmarks(document: Document) -> tuple[int, int]:
    for name in ("Tower", "Dome"):
        document.do(edits.add_landmark(document.project, name))
    tower, dome = document.project.ordered_landmarks()
    document.set_current_landmark(tower.id)
    return tower.id, dome.id


def near(rect: Rect, x: float, y: float, w: float, h: float) -> bool:
    """Equal but for the rounding of the pointer to whole pixels of the screen."""
    return (rect.x, rect.y, rect.w, rect.h) == pytest.approx((x, y, w, h), abs=0.2)


# Boxes


def test_the_first_box_asks_for_a_name_and_the_next_one_remembers_it(qtbot, page) -> None:
    drag(qtbot, page, (10, 10), (50, 40))
    prompt = page.findChild(QLineEdit, "name_prompt_field")
    assert prompt.hasFocus()
    assert boxes(page) == []
    qtbot.keyClicks(prompt, "Eiffel Tower")
    qtbot.keyClick(prompt, Qt.Key.Key_Return)
    drag(qtbot, page, (60, 10), (90, 40))
    assert [mark.name for mark in page.document.project.ordered_landmarks()] == ["Eiffel Tower"]
    first, second = boxes(page)
    assert near(first.rect, 10, 10, 40, 30)
    assert first.landmark_id == second.landmark_id
    assert [shape.name for shape in page.canvas.shapes()] == ["Eiffel Tower"] * 2


def test_the_first_box_and_its_name_are_undone_together(qtbot, page) -> None:
    drag(qtbot, page, (10, 10), (50, 40))
    qtbot.keyClicks(page.middle.prompt.field, "Dome")
    qtbot.keyClick(page.middle.prompt.field, Qt.Key.Key_Return)
    page.document.undo()
    assert page.document.project.landmarks == {}
    assert page.canvas.shapes() == []
    page.document.redo()
    assert [shape.name for shape in page.canvas.shapes()] == ["Dome"]


def test_escape_in_the_question_drops_the_box(qtbot, page) -> None:
    drag(qtbot, page, (10, 10), (50, 40))
    qtbot.keyClick(page.middle.prompt.field, Qt.Key.Key_Escape)
    assert page.middle.prompt.isHidden()
    assert boxes(page) == []
    assert page.document.project.landmarks == {}
    assert page.canvas.hasFocus()


def test_draw_move_resize_delete_each_undone_and_redone(qtbot, page) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    drag(qtbot, page, (30, 25), (40, 30))
    drag(qtbot, page, (60, 45), (70, 60))
    assert near(boxes(page)[0].rect, 20, 15, 50, 45)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Delete)
    assert boxes(page) == []
    states = []
    for _ in range(4):
        page.document.undo()
        states.append([shape.rect for shape in page.canvas.shapes()])
    assert near(states[0][0], 20, 15, 50, 45)
    assert near(states[1][0], 20, 15, 40, 30)
    assert near(states[2][0], 10, 10, 40, 30)
    assert states[3] == []
    for _ in range(3):
        page.document.redo()
    assert near(page.canvas.shapes()[0].rect, 20, 15, 50, 45)


def test_a_key_with_ctrl_selects_no_second_photo(qtbot, page) -> None:
    for key in (Qt.Key.Key_End, Qt.Key.Key_Home):
        qtbot.keyClick(page, key, Qt.KeyboardModifier.ControlModifier)
        assert page.photos.selected() == [page.document.current_id]


def test_the_photo_has_the_focus_again_after_one_that_cannot_be_shown(qtbot, page) -> None:
    page.canvas.setFocus()
    page.middle._show_reason(Path("IMG_9.jpg"), "it is damaged")
    assert page.middle.isAncestorOf(QApplication.focusWidget()) and not page.canvas.isVisible()
    show(qtbot, page, "IMG_2.jpg")
    assert page.canvas.hasFocus()


def test_in_a_narrow_window_no_button_covers_another(qtbot, page) -> None:
    spare = [page.findChild(QToolButton, name) for name in ("zoom_in", "zoom_out")]
    for width, shown in ((page.minimumSizeHint().width(), False), (1200, True)):
        page.resize(width, 500)
        qtbot.waitUntil(lambda shown=shown: [b.isVisible() for b in spare] == [shown] * 2)
        level, fit = (page.findChild(QToolButton, name) for name in ("zoom_level", "fit_photo"))
        qtbot.waitUntil(lambda left=level, right=fit: left.geometry().right() < right.x())


def test_undo_shows_the_photo_it_changes(qtbot, page) -> None:
    two_landmarks(page.document)
    first = page.document.current_id
    drag(qtbot, page, (10, 10), (50, 40))
    show(qtbot, page, "IMG_3.jpg")
    page.document.undo()
    assert page.document.current_id == first
    assert page.photos.list.currentIndex().data() == "IMG_1.jpg"


def test_keys_choose_the_landmark_of_the_next_box(qtbot, page) -> None:
    tower, dome = two_landmarks(page.document)
    qtbot.keyClick(page, Qt.Key.Key_2)
    drag(qtbot, page, (10, 10), (50, 40))
    assert page.document.current_landmark_id == dome
    assert page.landmarks.list.currentIndex().data() == "Dome"
    qtbot.keyClick(page.canvas, Qt.Key.Key_Escape)  # else the key would name the box just drawn
    qtbot.keyClick(page, Qt.Key.Key_1)
    drag(qtbot, page, (60, 10), (90, 40))
    assert [box.landmark_id for box in boxes(page)] == [dome, tower]


def test_keys_rename_the_selected_boxes_in_one_step(qtbot, page) -> None:
    tower, dome = two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (40, 40))
    drag(qtbot, page, (60, 10), (90, 40))
    page.canvas.select([box.id for box in boxes(page)])
    qtbot.keyClick(page.canvas, Qt.Key.Key_2)
    assert [box.landmark_id for box in boxes(page)] == [dome, dome]
    assert page.document.current_landmark_id == tower
    page.document.undo()
    assert [box.landmark_id for box in boxes(page)] == [tower, tower]


def test_a_box_is_given_another_name_in_place(qtbot, page) -> None:
    _, dome = two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    page.canvas.select([boxes(page)[0].id])
    qtbot.keyClick(page.canvas, Qt.Key.Key_Return)
    field = page.middle.prompt.field
    assert field.text() == "Tower"
    field.setText("dome")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert [box.landmark_id for box in boxes(page)] == [dome]
    assert page.middle.prompt.isHidden()  # the canvas did not take the same Enter as its own


def test_the_list_of_boxes_and_the_canvas_share_their_selection(qtbot, page) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (40, 40))
    drag(qtbot, page, (60, 10), (90, 40))
    first, second = (box.id for box in boxes(page))
    page.boxes.list.setCurrentIndex(page.boxes.model.index(1))
    assert page.canvas.selected() == [second]
    page.canvas.select([first])
    assert [index.row() for index in page.boxes.list.selectedIndexes()] == [0]
    page.boxes.list.setFocus()
    qtbot.keyClick(page.boxes.list, Qt.Key.Key_Delete)
    assert [box.id for box in boxes(page)] == [second]


def test_a_read_only_project_is_shown_but_not_changed(qtbot, page, document) -> None:
    two_landmarks(document)
    drag(qtbot, page, (10, 10), (50, 40))
    document.read_only = True
    page._context.set_document(document)
    show(qtbot, page, "IMG_1.jpg")
    drag(qtbot, page, (60, 10), (90, 40))
    assert len(boxes(page)) == len(page.canvas.shapes()) == 1


# Landmarks


def test_a_landmark_is_added_and_chosen_with_the_keyboard(qtbot, page) -> None:
    page.canvas.setFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_N)
    field = page.findChild(QLineEdit, "add_landmark_field")
    assert field.hasFocus()
    qtbot.keyClicks(field, "Big Ben 1")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    (mark,) = page.document.project.ordered_landmarks()
    assert (mark.name, mark.key) == ("Big Ben 1", "1")
    assert page.document.current_landmark_id == mark.id
    assert field.text() == ""


def test_escape_leads_from_the_field_of_a_new_landmark_back_to_the_photo(qtbot, page) -> None:
    page.landmarks.focus_add()
    field = page.landmarks.add_field
    qtbot.keyClicks(field, "Big")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert field.text() == "" and field.hasFocus()
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert page.canvas.hasFocus()


def test_renaming_shows_on_the_canvas_and_an_empty_name_is_refused(qtbot, page) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    refused: list[str] = []
    page.landmarks.refused.connect(refused.append)
    qtbot.keyClick(page, Qt.Key.Key_F2)
    editor = page.findChild(QLineEdit, "landmark_name_editor")
    editor.setText("Big Ben")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: [shape.name for shape in page.canvas.shapes()] == ["Big Ben"])
    model = page.landmarks.model
    assert not model.setData(model.index(0), "  ")
    assert refused == ["A landmark needs a name."]


def test_recolouring_shows_on_the_canvas(qtbot, page) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    page.landmarks.recolor("#123456")
    assert [shape.color for shape in page.canvas.shapes()] == ["#123456"]
    assert page.canvas.new_color == "#123456"


@pytest.mark.parametrize("answer", ["Delete", "Cancel"])
def test_deleting_a_landmark_with_boxes_asks_first_and_can_be_undone(qtbot, page, answer) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    questions: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        assert isinstance(box, QMessageBox)
        questions.append(box.text())
        next(b for b in box.buttons() if b.text().replace("&", "") == answer).click()

    QTimer.singleShot(0, press)
    page.landmarks.list.setFocus()
    qtbot.keyClick(page.landmarks.list, Qt.Key.Key_Delete)
    assert questions == ["Delete “Tower” and all there is of it (1 box)?"]
    assert len(boxes(page)) == (0 if answer == "Delete" else 1)
    if answer == "Delete":
        page.document.undo()
        assert [shape.name for shape in page.canvas.shapes()] == ["Tower"]


def test_a_landmark_without_boxes_is_deleted_at_once(qtbot, page) -> None:
    two_landmarks(page.document)
    page.landmarks.delete()
    assert [mark.name for mark in page.document.project.ordered_landmarks()] == ["Dome"]


def test_the_number_of_boxes_of_a_landmark_follows_the_edits(qtbot, page) -> None:
    tower, dome = two_landmarks(page.document)
    model = page.landmarks.model
    drag(qtbot, page, (10, 10), (50, 40))
    assert (model.boxes(tower), model.boxes(dome)) == (1, 0)
    page.canvas.select([boxes(page)[0].id])
    qtbot.keyClick(page.canvas, Qt.Key.Key_2)
    assert (model.boxes(tower), model.boxes(dome)) == (0, 1)
    page.document.undo()
    page.document.undo()
    assert (model.boxes(tower), model.boxes(dome)) == (0, 0)


# Photos


def test_photos_are_listed_in_natural_order_with_their_state(page) -> None:
    assert listed(page) == ["broken.jpg", "IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]
    broken = page.photos.model.index(0).data(Qt.ItemDataRole.ToolTipRole)
    assert "Cannot be read: the file is empty, damaged" in broken
    assert page.findChild(QLabel, "labelled_count").text() == "0 of 3 photos labelled"


@pytest.mark.parametrize(
    ("forward", "back"), [(Qt.Key.Key_D, Qt.Key.Key_A), (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp)]
)
def test_keys_step_through_the_photos_and_stop_at_the_ends(qtbot, page, forward, back) -> None:
    def current() -> str:
        return page.document.current_photo.path.rpartition("/")[2]

    seen = []
    for _ in range(3):
        qtbot.keyClick(page, forward)
        seen.append(current())
    for _ in range(4):
        qtbot.keyClick(page, back)
        seen.append(current())
    assert seen[:3] == ["IMG_2.jpg", "IMG_3.jpg", "IMG_3.jpg"]
    assert seen[3:] == ["IMG_2.jpg", "IMG_1.jpg", "broken.jpg", "broken.jpg"]


def test_a_letter_typed_in_the_search_does_not_change_the_photo(qtbot, page) -> None:
    search = page.findChild(QLineEdit, "photo_search")
    search.setFocus()
    qtbot.keyClicks(search, "img_3")
    assert search.text() == "img_3"
    assert listed(page) == ["IMG_3.jpg"]


def test_an_unreadable_photo_says_why_and_the_next_one_is_shown(qtbot, page) -> None:
    show(qtbot, page, "broken.jpg")
    note = page.findChild(QWidget, "unreadable_photo")
    qtbot.waitUntil(note.isVisible)
    assert not page.canvas.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_D)
    qtbot.waitUntil(page.canvas.has_image)
    assert page.canvas.isVisible()


@pytest.mark.changes_photos
def test_a_photo_that_turns_out_damaged_says_so(qtbot, page) -> None:
    photo = photo_named(page.document, "IMG_2.jpg")
    page.middle.loader.clear()
    page.document.photo_path(photo).write_bytes(b"\xff\xd8\xff damaged since")
    page.document.set_current(photo.id)
    qtbot.waitUntil(lambda: page.findChild(QWidget, "unreadable_photo") is not None)
    assert not page.canvas.isVisible()


def test_filters_list_what_they_say(qtbot, page) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    found = {}
    for kind in Kind:
        page.photos.filters.change(PhotoQuery(kind))
        found[kind] = listed(page)
    assert found[Kind.UNLABELLED] == ["IMG_2.jpg", "IMG_3.jpg"]
    assert found[Kind.LABELLED] == ["IMG_1.jpg"]
    assert found[Kind.UNREADABLE] == ["broken.jpg"]
    assert page.findChild(QLabel, "labelled_count").text() == "1 of 3 photos labelled"


def test_a_photo_labelled_under_the_filter_stays_until_another_is_shown(qtbot, page) -> None:
    two_landmarks(page.document)
    page.photos.filters.change(PhotoQuery(Kind.UNLABELLED))
    drag(qtbot, page, (10, 10), (50, 40))
    assert listed(page) == ["IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg"]
    qtbot.keyClick(page, Qt.Key.Key_D)
    assert listed(page) == ["IMG_2.jpg", "IMG_3.jpg"]
    assert page.document.current_photo.path.endswith("IMG_2.jpg")
    assert page.photos.list.currentIndex().data() == "IMG_2.jpg"


def test_all_labelled_is_said_with_a_way_back(qtbot, page) -> None:
    page.document.label_by_folder()
    page.photos.filters.change(PhotoQuery(Kind.UNLABELLED))
    assert page.findChild(QLabel, "labelled_count").text() == "3 of 3 photos labelled"
    back = page.findChild(QPushButton, "show_all_photos")
    qtbot.mouseClick(back, LEFT)
    assert len(listed(page)) == 4
    assert page.photos.list.isVisible()


def test_scanned_photos_join_the_list_and_the_one_on_show_stays(qtbot, page) -> None:
    project, current = page.document.project, page.document.current_id
    for number, name in enumerate(("IMG_10.jpg", "IMG_0.jpg"), 100):
        project.photos[number] = Photo(number, f"Red Tower/{name}", 1, "", 96, 72)
    page.document.photos_changed.emit()
    assert listed(page)[1:] == ["IMG_0.jpg", "IMG_1.jpg", "IMG_2.jpg", "IMG_3.jpg", "IMG_10.jpg"]
    assert page.document.current_id == current
    assert page.photos.list.currentIndex().data() == "IMG_1.jpg"


def test_an_edit_repaints_the_rows_it_touches_and_no_others(page) -> None:
    tower, _ = two_landmarks(page.document)
    changed: list[tuple[int, int]] = []
    page.photos.model.dataChanged.connect(lambda a, b: changed.append((a.row(), b.row())))
    photo = photo_named(page.document, "IMG_2.jpg")
    page.document.do(edits.set_photos_landmark([photo], tower))
    assert changed == [(2, 2)]


def test_a_large_edit_is_followed_as_a_whole(qtbot, open_document, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    document = open_document(tmp_path / "empty")
    document.do(edits.add_landmark(document.project, "Tower"))
    for number in range(1, 1001):
        document.project.photos[number] = Photo(number, f"IMG_{number}.jpg", 1, "", 9, 9)
    model = PhotoListModel()
    model.set_document(document)
    photos = document.project.photos.values()
    changes = [change for p in photos for change in edits.set_photos_landmark([p], 1).changes]
    edit = Edit("label_photo", tuple(changes))
    document.project.apply(edit)
    model.apply(edit)
    assert (model.labelled, model.readable, model.rowCount()) == (1000, 1000, 1000)


def test_photos_show_thumbnails(qtbot, page) -> None:
    photo = photo_named(page.document, "IMG_2.jpg")
    qtbot.waitUntil(lambda: page.photos.thumbnails.peek(photo.version) is not None)


# The page


def test_nothing_open_offers_to_open_a_folder(qtbot) -> None:
    context = AppContext()
    page = LabelPage(context)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(context.open_folder_requested):
        page.findChild(QPushButton, "empty_state_action").click()


def test_a_folder_without_photos_says_so(qtbot, open_document, tmp_path) -> None:
    (tmp_path / "empty").mkdir()
    context = AppContext()
    page = LabelPage(context)
    qtbot.addWidget(page)
    context.set_document(open_document(tmp_path / "empty"))
    page.show()
    assert page.findChild(QPushButton, "empty_state_action").isVisible()
    assert not page.canvas.isVisible()


def test_closing_the_project_leaves_an_empty_page(qtbot, page) -> None:
    page._context.set_document(None)
    assert listed(page) == []
    assert page.canvas.shapes() == []
    assert not page.canvas.isVisible()
    qtbot.keyClick(page, Qt.Key.Key_D)
    qtbot.keyClick(page, Qt.Key.Key_1)


def test_the_hint_once_closed_stays_closed(qtbot, page) -> None:
    qtbot.mouseClick(page.findChild(QToolButton, "close_hint"), LEFT)
    page._context.shutdown()
    again = LabelPage(AppContext())
    qtbot.addWidget(again)
    assert again.middle.hint.isHidden()


def test_the_sizes_of_the_parts_are_remembered(qtbot, page) -> None:
    splitter = page._splitter
    width = splitter.sizes()[0]
    handle = splitter.handle(1)
    qtbot.mousePress(handle, LEFT, NO, QPoint(2, 100))
    qtbot.mouseMove(handle, QPoint(62, 100))
    qtbot.mouseRelease(handle, LEFT, NO, QPoint(62, 100))
    assert splitter.sizes()[0] > width
    qtbot.waitUntil(lambda: page._context.settings.get("label.splitter") == splitter.sizes())


def test_toolbar_buttons_undo_and_redo(qtbot, page) -> None:
    two_landmarks(page.document)
    drag(qtbot, page, (10, 10), (50, 40))
    undo = page.findChild(QToolButton, "undo_button")
    assert "draw box" in undo.toolTip()
    qtbot.mouseClick(undo, LEFT)
    assert boxes(page) == []
    qtbot.mouseClick(page.findChild(QToolButton, "redo_button"), LEFT)
    assert len(boxes(page)) == 1


@pytest.mark.parametrize("kind", [QToolButton, QLineEdit, QPushButton])
def test_controls_have_names_for_those_who_cannot_see_them(page, kind) -> None:
    for control in page.findChildren(kind):
        if control.isVisibleTo(page) and control.objectName():
            assert control.accessibleName() or control.text(), control.objectName()


def test_real_towers_are_listed_and_shown(qtbot, shared, tmp_path, open_document) -> None:
    from shutil import copytree

    copytree(shared / "data" / "towers", tmp_path / "towers")
    context = AppContext()
    page = LabelPage(context)
    qtbot.addWidget(page)
    page.show()
    context.set_document(open_document(tmp_path / "towers"))
    assert page.photos.model.rowCount() == 132
    qtbot.waitUntil(page.canvas.has_image)
    assert page.canvas.photo_rect().size().toSize().width() == 512


def test_a_photo_whose_file_has_changed_is_shown_at_its_new_size(qtbot, page) -> None:
    photo = page.document.current_photo
    page.document.project.photos[photo.id] = Photo(photo.id, photo.path, 2, "new", 50, 40)
    page.document.photos_changed.emit()
    assert page.canvas.photo_rect().width() == 50


def test_undo_of_a_label_of_the_whole_photo_shows(qtbot, page) -> None:
    tower, _ = two_landmarks(page.document)
    page.document.do(edits.set_photos_landmark([page.document.current_photo], tower))
    whole = page.boxes.findChild(QLabel, "whole_photo")
    assert (whole.text(), whole.isHidden()) == ("Whole photo: Tower", False)
    page.document.undo()
    assert whole.isHidden()


def test_a_name_that_nobody_could_see_is_refused_where_it_was_typed(
    qtbot: QtBot, page: LabelPage
) -> None:
    drag(qtbot, page, (10, 10), (60, 50))
    prompt = page.middle.prompt
    prompt.field.setText("To\awer")
    qtbot.keyClick(prompt.field, Qt.Key.Key_Return)
    assert prompt.isVisible() and not page.document.project.landmarks
    assert any("control characters" in label.text() for label in prompt.findChildren(QLabel))
    prompt.field.setText(" Tower ")
    qtbot.keyClick(prompt.field, Qt.Key.Key_Return)
    assert [mark.name for mark in page.document.project.landmarks.values()] == ["Tower"]


def test_a_click_on_the_count_of_a_landmark_lists_its_photos(page: LabelPage) -> None:
    document = page.document
    document.do(edits.add_landmark(document.project, "Tower"))
    document.do(edits.add_box(document.current_id, 1, Rect(1, 1, 9, 9)))
    page.landmarks.filter_wanted.emit(1)
    assert page.photos.model.rowCount() == 1


# Copies of boxes, and how one draws


def box_of(page: LabelPage, rect: Rect) -> str:
    assert page.document is not None
    assert page.document.current_id is not None
    if not page.document.project.landmarks:
        two_landmarks(page.document)
    page.document.do(
        edits.add_box(page.document.current_id, page.document.current_landmark_id or 0, rect)
    )
    id_ = boxes(page)[-1].id
    page.canvas.select([id_])
    return id_


def trigger(page: LabelPage, id_: str) -> None:
    page._context.commands.get(id_).action.trigger()


def test_duplicates_lie_beside_their_boxes_and_are_one_edit(page) -> None:
    original = box_of(page, Rect(10, 10, 20, 20))
    trigger(page, "boxes.duplicate")
    copy = boxes(page)[-1]
    assert page.canvas.selected() == [copy.id] != [original]
    assert copy.rect != Rect(10, 10, 20, 20)
    assert (copy.rect.w, copy.rect.h) == (20, 20)
    assert page.document.undo_text == "Undo duplicate boxes"
    page.document.undo()
    assert [box.id for box in boxes(page)] == [original]


def test_boxes_are_copied_onto_another_photo_with_their_landmark(qtbot, page) -> None:
    id_ = box_of(page, Rect(10, 10, 20, 20))
    landmark = page.document.project.boxes[id_].landmark_id
    trigger(page, "boxes.copy")
    show(qtbot, page, "IMG_2.jpg")
    trigger(page, "boxes.paste")
    pasted = boxes(page)
    assert [(box.rect, box.landmark_id) for box in pasted] == [(Rect(10, 10, 20, 20), landmark)]
    assert page.document.undo_text == "Undo paste boxes"


def test_pasting_brings_a_landmark_that_the_project_lacks(page) -> None:
    text = box_text.to_text([CopiedBox("Spire", Rect(5, 5, 10, 10))] * 2)
    QApplication.clipboard().setText(text)
    trigger(page, "boxes.paste")
    assert [mark.name for mark in page.document.project.ordered_landmarks()] == ["Spire"]
    assert len(boxes(page)) == 2
    page.document.undo()
    assert not page.document.project.landmarks
    assert boxes(page) == []


def test_a_clipboard_without_boxes_is_said_and_changes_nothing(qtbot, page) -> None:
    QApplication.clipboard().setText("a shopping list")
    with qtbot.waitSignal(page._context.status_changed) as said:
        trigger(page, "boxes.paste")
    assert "no boxes" in said.args[0]
    assert boxes(page) == []


def test_cut_takes_the_boxes_away_and_paste_brings_them_back(page) -> None:
    box_of(page, Rect(10, 10, 20, 20))
    trigger(page, "boxes.cut")
    assert boxes(page) == []
    trigger(page, "boxes.paste")
    assert [box.rect for box in boxes(page)] == [Rect(10, 10, 20, 20)]


def test_several_boxes_are_moved_as_one_edit(qtbot, page) -> None:
    box_of(page, Rect(10, 10, 20, 20))
    box_of(page, Rect(50, 30, 20, 20))
    trigger(page, "boxes.select_all")
    qtbot.keyClick(page.canvas, Qt.Key.Key_Right)
    assert [box.rect.x for box in boxes(page)] == [11, 51]
    page.document.undo()
    assert [box.rect.x for box in boxes(page)] == [10, 50]


def test_a_read_only_project_takes_no_copies(page) -> None:
    box_of(page, Rect(10, 10, 20, 20))
    page.document.read_only = True
    page.canvas.editable = False
    for id_ in ("boxes.duplicate", "boxes.cut", "boxes.paste"):
        trigger(page, id_)
    assert len(boxes(page)) == 1
    page.document.read_only = False


def test_how_one_draws_is_remembered(page) -> None:
    trigger(page, "draw.square")
    trigger(page, "view.cross_hair")
    trigger(page, "view.loupe")
    assert page.canvas.options == Options(ratio=1.0, cross_hair="drawing", loupe=False)
    assert Options.read(page._context.settings) == page.canvas.options
    trigger(page, "draw.square")
    trigger(page, "view.loupe")
    assert page.canvas.options == Options(cross_hair="drawing")


def test_the_ratio_of_the_selected_box_is_kept(qtbot, page) -> None:
    box_of(page, Rect(10, 10, 30, 20))
    trigger(page, "draw.ratio_of_box")
    page.canvas.select([])
    drag(qtbot, page, (50, 20), (80, 22))
    rect = boxes(page)[-1].rect
    assert rect.w / rect.h == pytest.approx(1.5)


def test_a_box_under_the_minimum_is_said(qtbot, page) -> None:
    page.tools.set(min_size=32.0)
    with qtbot.waitSignal(page._context.status_changed) as said:
        drag(qtbot, page, (50, 20), (60, 30))
    assert "32" in said.args[0]
    assert boxes(page) == []


def test_a_box_is_drawn_and_shaped_with_the_keyboard_alone(qtbot, page) -> None:
    two_landmarks(page.document)
    page.canvas.setFocus()
    trigger(page, "draw.middle")
    before = boxes(page)[-1]
    assert page.canvas.selected() == [before.id]
    assert before.rect.center == pytest.approx((48, 36))
    qtbot.keyClick(page.canvas, Qt.Key.Key_Left)
    qtbot.keyClick(page.canvas, Qt.Key.Key_Down, Qt.KeyboardModifier.ControlModifier)
    after = boxes(page)[-1].rect
    assert (after.x, after.h) == pytest.approx((before.rect.x - 1, before.rect.h + 1))


def test_a_photo_whose_pixels_are_damaged_says_so_in_its_row(
    qtbot: QtBot, photo_folder: Callable[..., Path], open_document: Callable[[Path], Document]
) -> None:
    folder = photo_folder(each=2, landmarks=("Red Tower",))
    whole = (folder / "Red Tower" / "IMG_1.jpg").read_bytes()
    (folder / "Red Tower" / "cut.jpg").write_bytes(whole[: len(whole) // 2])
    context = AppContext()
    page = LabelPage(context)
    qtbot.addWidget(page)
    page.show()
    context.set_document(open_document(folder))
    row = page.photos.model.index(0)
    assert row.data() == "cut.jpg"
    told = Qt.ItemDataRole.AccessibleTextRole
    qtbot.waitUntil(lambda: "Cannot be read: the file is cut off" in row.data(told))
    context.shutdown()


@pytest.mark.changes_photos
def test_a_neighbour_that_changed_on_the_disk_is_not_shown_as_it_was(qtbot, page) -> None:
    document = page.document
    qtbot.waitUntil(lambda: page.canvas.has_image() and not page.middle.loader.busy())
    photo = document.project.photos[page.photos.upcoming()[0]]
    path = document.photo_path(photo)
    assert path in page.middle.loader._remembered
    draw_photo(path, "Green Dome", 3, size=(60, 90))
    document.project.put_photos([scan.describe(photo.id, path, photo.path)])
    document.photos_changed.emit()
    document.set_current(photo.id)
    image = page.canvas.overview_image()
    assert image.isNull() or image.height() > image.width()


def test_sizes_in_the_settings_that_make_no_sense_do_no_harm(qtbot, qapp) -> None:
    context = AppContext()
    context.settings.set("label.splitter", ["wide", 760, 250])
    context.settings.set("label.side_splitter", [10**20, 1])
    widget = LabelPage(context)
    qtbot.addWidget(widget)
    assert widget._splitter.count() == 3


def test_a_project_that_remembers_nonsense_is_shown_from_the_first_photo(
    page, photo_folder, open_document
) -> None:
    document = open_document(photo_folder("others", each=2, landmarks=("Red Tower",)))
    document.set_setting("label.list", {"photo": [1], "kind": {"a": 1}, "landmarks": [[2]]})
    page._context.set_document(document)
    assert document.current_id == 1


def test_a_read_only_project_offers_no_change_of_its_landmarks(qtbot, page, document) -> None:
    two_landmarks(document)
    document.read_only = True
    page._context.set_document(document)
    panel = page.landmarks
    assert not panel.add_field.isEnabled()
    assert not any(action.isEnabled() for action in panel._of_one)
    assert not panel.model.flags(panel.model.index(0)) & Qt.ItemFlag.ItemIsEditable
    document.read_only = False


def test_the_search_is_left_although_the_photo_cannot_be_shown(qtbot, page) -> None:
    show(qtbot, page, "broken.jpg")
    search = page.photos.filters.search
    search.setFocus()
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert page.photos.list.hasFocus()
