"""What the Label page shows of the dataset: boxes left out of it, pins, skipped photos."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QImage
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from landmark_gui.core import box_text, edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage
from landmark_gui.gui.pages.label.photo_delegate import PhotoDelegate

RED = "#ff0000"


@pytest.fixture
def document(
    open_document: Callable[[Path], Document], photo_folder: Callable[..., Path]
) -> Document:
    document = open_document(photo_folder(each=3))
    document.do(edits.add_landmark(document.project, "Tower", RED))
    first = document.project.ordered_photos()[0]
    document.do(edits.add_box(first.id, 1, Rect(10, 10, 40, 30)))
    document.do(edits.add_box(first.id, 1, Rect(52, 12, 30, 50)))
    document.set_current(first.id)
    return document


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document) -> LabelPage:
    context.set_document(document)
    page = LabelPage(context)
    qtbot.addWidget(page)
    page.resize(1100, 700)
    page.show()
    qtbot.waitUntil(lambda: page.canvas.has_image(), timeout=10_000)
    page.canvas.setFocus()
    return page


def boxes(page: LabelPage) -> list[Box]:
    assert page.document is not None and page.document.current_id is not None
    return page.document.project.boxes_of(page.document.current_id)


def excluded(page: LabelPage) -> list[bool]:
    return [box.excluded for box in boxes(page)]


def press(qtbot: QtBot, page: LabelPage) -> None:
    qtbot.keyClick(page.canvas, Qt.Key.Key_X, Qt.KeyboardModifier.ShiftModifier)


def test_a_key_leaves_the_selected_boxes_out_and_takes_them_in_again(qtbot, page) -> None:
    first, second = boxes(page)
    action = page.box_commands.exclude_action
    page.canvas.select([first.id])
    press(qtbot, page)
    assert excluded(page) == [True, False]
    assert action.text() == "Take into the dataset again"
    page.canvas.select([first.id, second.id])
    assert action.text() == "Leave out of the dataset"
    press(qtbot, page)  # some are in: all go out
    assert excluded(page) == [True, True]
    press(qtbot, page)
    assert excluded(page) == [False, False]
    page.document.undo()
    assert excluded(page) == [True, True] and action.text() == "Take into the dataset again"


def test_without_a_selection_the_key_says_what_to_do(qtbot, context, page) -> None:
    page.canvas.select([])
    with qtbot.waitSignal(context.status_changed) as said:
        press(qtbot, page)
    assert said.args == ["Select a box first."] and excluded(page) == [False, False]


def test_a_box_that_is_left_out_is_drawn_dashed(page) -> None:
    page.canvas.select([])
    solid = red_on_border(page, boxes(page)[0])
    page.document.do(edits.exclude_boxes(boxes(page)[:1]))
    dashed = red_on_border(page, boxes(page)[0])
    assert min(solid) and any(dashed) and not all(dashed)
    page.canvas.select([boxes(page)[0].id])
    selected = red_on_border(page, boxes(page)[0])
    assert any(selected) and not all(selected)


def red_on_border(page: LabelPage, box: Box) -> list[bool]:
    """Along the bottom side of a box, between the handles: whether a pixel is in its colour."""
    seen = page.canvas.viewport().grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    rect = page.canvas.rect_on_screen(box.rect)
    y, middle = round(rect.bottom()), round(rect.center().x())
    columns = range(middle + 12, round(rect.right()) - 12)
    assert len(columns) > 30
    return [is_red(seen, x, y) for x in columns]


def is_red(image: QImage, x: int, y: int) -> bool:
    shades = (image.pixelColor(x, y + by) for by in (-1, 0))
    return any(c.red() > 150 and c.green() < 90 and c.blue() < 90 for c in shades)


def test_the_list_of_boxes_marks_it_in_words(page) -> None:
    page.document.do(edits.exclude_boxes(boxes(page)[:1]))
    model, role = page.boxes.model, Qt.ItemDataRole
    said = [model.index(row).data(role.AccessibleTextRole) for row in range(2)]
    assert said == ["Tower, 40 × 30, left out of the dataset", "Tower, 30 × 50"]
    assert "left out" in model.index(0).data(role.ToolTipRole)
    page.grab()


def test_copies_of_a_box_are_left_out_as_it_is(qtbot, page) -> None:
    page.document.do(edits.exclude_boxes(boxes(page)[:1]))
    page.canvas.select_all()
    page.box_commands.duplicate()
    assert excluded(page) == [True, False, True, False]
    page.document.undo()
    page.canvas.select_all()
    page.box_commands.cut()
    assert boxes(page) == []
    page.box_commands.paste()
    assert excluded(page) == [True, False]


def test_the_boxes_of_the_photo_before_come_in(page) -> None:
    """Of another photo the person has said nothing yet."""
    page.document.do(edits.exclude_boxes(boxes(page)))
    page.photos.step(1)
    page.flow.copy_previous()
    assert excluded(page) == [False, False]


def test_a_clipboard_of_an_older_version_is_read() -> None:
    text = '{"landmark-boxes": 1, "boxes": [{"landmark": "T", "x": 1, "y": 2, "w": 3, "h": 4}]}'
    (box,) = box_text.from_text(text)
    assert not box.excluded and "excluded" not in box_text.to_text([box])
    (again,) = box_text.from_text(box_text.to_text([box_text.CopiedBox("T", box.rect, True)]))
    assert again.excluded


def test_the_menu_of_a_box_under_the_pointer(qtbot, page) -> None:
    first, second = boxes(page)
    page.canvas.select([second.id])
    menu = menu_at(page, first)
    assert page.canvas.selected() == [first.id]
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts[0] == "Leave out of the dataset" and texts[-1] == "Delete the selected boxes"
    menu.actions()[0].trigger()
    assert excluded(page) == [True, False]
    menu.close()


def test_the_menu_of_several_boxes_keeps_them_selected(page) -> None:
    page.canvas.select_all()
    menu = menu_at(page, boxes(page)[0])
    assert len(page.canvas.selected()) == 2
    menu.close()


def test_the_menu_of_a_read_only_project_changes_nothing(page) -> None:
    page.canvas.editable = False
    menu = menu_at(page, boxes(page)[0])
    assert not any(a.isEnabled() for a in menu.actions() if not a.isSeparator())
    menu.close()
    page.canvas.editable = True


def menu_at(page: LabelPage, box: Box) -> QMenu:
    """The menu that a right click on a box opens."""
    center = page.canvas.rect_on_screen(box.rect).center().toPoint()
    viewport = page.canvas.viewport()
    reason = QContextMenuEvent.Reason.Mouse
    event = QContextMenuEvent(reason, center, viewport.mapToGlobal(center))
    QApplication.sendEvent(viewport, event)
    (menu,) = [menu for menu in page.findChildren(QMenu) if menu.isVisible()]
    return menu


def test_the_right_button_on_free_ground_opens_nothing(page) -> None:
    viewport, corner = page.canvas.viewport(), QPoint(2, 2)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, corner, viewport.mapToGlobal(corner))
    QApplication.sendEvent(viewport, event)
    assert not [menu for menu in page.findChildren(QMenu) if menu.isVisible()]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_a_pinned_photo_says_so_in_its_row(page, split) -> None:
    document = page.document
    photo = document.project.ordered_photos()[0]
    document.do(edits.pin_photos([photo], split))
    model = page.photos.model
    index = model.index(model.row_of(photo.id))
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert f"pinned to {split}" in index.data(role)
    assert isinstance(page.photos.list.itemDelegate(), PhotoDelegate)
    page.grab()
    document.undo()
    assert "pinned" not in index.data(Qt.ItemDataRole.ToolTipRole)


def test_a_skipped_photo_says_that_it_is_left_out(page) -> None:
    document = page.document
    photo = document.project.ordered_photos()[0]
    document.do(edits.review_photos([photo], "skipped"))
    model = page.photos.model
    said = model.index(model.row_of(photo.id)).data(Qt.ItemDataRole.ToolTipRole)
    assert said.endswith("2 boxes, skipped: left out of the dataset")
    assert "out of the dataset" in page.bar.skip.toolTip()
