"""The landmarks panel: order, merging, keys, counts, names; by mouse, keys and menus."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, Qt, QTimer
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QMessageBox,
    QToolButton,
    QWidget,
)
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage
from landmark_gui.gui.pages.label.landmark_list import count_area
from landmark_gui.gui.pages.label.landmark_model import COUNT_ROLE
from landmark_gui.gui.pages.label.landmark_panel import SEARCHED_FROM, LandmarkPanel
from tests.rows import box_edit

ALT, LEFT = Qt.KeyboardModifier.AltModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def document(
    photo_folder: Callable[..., Path], open_document: Callable[[Path], Document]
) -> Document:
    """Tower (2 boxes), Dome (1 box, 1 whole photo) and Gate."""
    made = open_document(photo_folder(each=2, landmarks=("Red Tower",)))
    for name in ("Tower", "Dome", "Gate"):
        made.do(edits.add_landmark(made.project, name))
    for number, landmark in ((1, 1), (2, 1), (3, 2)):
        made.do(box_edit(number, photo_id=1, landmark_id=landmark))
    made.do(edits.set_photos_landmark([made.project.photos[2]], 2))
    return made


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document) -> LabelPage:
    made = LabelPage(context)
    qtbot.addWidget(made)
    made.resize(1200, 700)
    with qtbot.waitActive(made):
        made.show()
    context.set_document(document)
    document.set_current_landmark(1)
    return made


@pytest.fixture
def panel(page: LabelPage) -> LandmarkPanel:
    return page.landmarks


def order(document: Document) -> list[str]:
    return [mark.name for mark in document.project.ordered_landmarks()]


def belongs(document: Document) -> list[int]:
    return [box.landmark_id for box in document.project.boxes.values()]


def drop(panel: LandmarkPanel, dragged: int, row: int, onto: int = -1) -> None:
    model = panel.model
    parent = model.index(onto) if onto >= 0 else QModelIndex()
    data = model.mimeData([model.index(dragged)])
    assert not model.dropMimeData(data, Qt.DropAction.MoveAction, row, 0, parent)


def answer(button: str, asked: list[str]) -> None:
    """Press a button of the question that comes."""

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, QMessageBox):
            QTimer.singleShot(10, press)
            return
        asked.append(box.text())
        next(b for b in box.buttons() if b.text().replace("&", "") == button).click()

    QTimer.singleShot(0, press)


# Order


@pytest.mark.parametrize("focus", ["landmarks", "photos"])
def test_keys_move_the_landmark_and_no_box(qtbot, page, panel, document, focus) -> None:
    widget = getattr(page, focus).list
    widget.setFocus()
    before = belongs(document)
    qtbot.keyClick(widget, Qt.Key.Key_Down, ALT)
    assert order(document) == ["Dome", "Tower", "Gate"]
    assert panel.current().name == "Tower" and panel.list.currentIndex().row() == 1
    qtbot.keyClick(widget, Qt.Key.Key_Down, ALT)
    qtbot.keyClick(widget, Qt.Key.Key_Down, ALT)
    assert order(document) == ["Dome", "Gate", "Tower"]
    for _ in range(3):
        qtbot.keyClick(widget, Qt.Key.Key_Up, ALT)
    assert order(document) == ["Tower", "Dome", "Gate"]
    assert belongs(document) == before


@pytest.mark.parametrize(
    "dragged, row, result",
    [
        (0, 3, ["Dome", "Gate", "Tower"]),
        (0, -1, ["Dome", "Gate", "Tower"]),
        (2, 0, ["Gate", "Tower", "Dome"]),
        (0, 2, ["Dome", "Tower", "Gate"]),
        (1, 1, ["Tower", "Dome", "Gate"]),
        (1, 2, ["Tower", "Dome", "Gate"]),
    ],
)
def test_a_row_is_dropped_where_it_is_to_be(page, panel, document, dragged, row, result) -> None:
    edits_before = document.position
    drop(panel, dragged, row)
    assert order(document) == result
    assert document.position == edits_before + (result != ["Tower", "Dome", "Gate"])


def test_what_is_dragged_in_from_elsewhere_moves_nothing(page, panel, document) -> None:
    from PySide6.QtCore import QMimeData

    data = QMimeData()
    data.setText("1")
    assert not panel.model.canDropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    panel.model.dropMimeData(data, Qt.DropAction.MoveAction, 0, 0, QModelIndex())
    assert order(document) == ["Tower", "Dome", "Gate"]


# Merging


def test_merging_says_how_much_went_and_can_be_undone(page, panel, document) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    panel._merges.aboutToShow.emit()
    offered = {action.text(): action for action in panel._merges.actions()}
    assert list(offered) == ["Dome  (1 box, 1 whole photo)", "Gate  (0 boxes)"]
    offered["Dome  (1 box, 1 whole photo)"].trigger()
    assert belongs(document) == [2, 2, 2] and order(document) == ["Dome", "Gate"]
    assert told == ["“Tower” (2 boxes) is now “Dome”."] and document.current_landmark_id == 2
    document.undo()
    assert belongs(document) == [1, 1, 2] and order(document) == ["Tower", "Dome", "Gate"]


@pytest.mark.parametrize("button, result", [("Merge", ["Dome", "Gate"]), ("Cancel", None)])
def test_a_name_that_another_has_offers_to_merge(
    qtbot, page, panel, document, button, result
) -> None:
    asked: list[str] = []
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_F2)
    editor = panel.findChild(QLineEdit, "landmark_name_editor")
    editor.setText(" dome ")
    answer(button, asked)
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(asked))
    assert asked == ["There is “Dome” already. Merge “Tower” (2 boxes) into it?"]
    qtbot.waitUntil(lambda: QApplication.activeModalWidget() is None)
    assert order(document) == (result or ["Tower", "Dome", "Gate"])


def test_a_landmark_may_change_the_case_of_its_own_name(page, panel, document) -> None:
    assert panel.model.setData(panel.model.index(0), "TOWER")
    assert order(document)[0] == "TOWER"


# Keys


def test_a_key_is_chosen_and_who_has_it_is_said(page, panel, document) -> None:
    panel._keys.aboutToShow.emit()
    offered = panel._keys.actions()
    assert [action.text() for action in offered[:3]] == ["1", "2  (now Dome)", "3  (now Gate)"]
    assert [action.text() for action in offered[9:]] == ["0", "No key"]
    assert [action.data() for action in offered if action.isChecked()] == ["1"]
    offered[1].trigger()
    assert [mark.key for mark in document.project.ordered_landmarks()] == ["2", "", "3"]
    panel.set_key("")
    assert [mark.key for mark in document.project.ordered_landmarks()] == ["", "", "3"]


def test_zero_is_the_key_of_the_tenth(qtbot, page, panel, document) -> None:
    document.do(edits.set_landmark_key(document.project, document.project.landmarks[3], "0"))
    page.canvas.setFocus()
    qtbot.keyClick(page.canvas, Qt.Key.Key_0)
    assert document.current_landmark_id == 3


def test_the_menus_open_as_commands(qtbot, page, panel, context) -> None:
    for id_, menu in (("landmark.key", panel._keys), ("landmark.merge", panel._merges)):
        context.commands.get(id_).action.trigger()
        qtbot.waitUntil(menu.isVisible)
        menu.close()
    assert [m for m in panel.findChildren(QMenu) if m.isVisible()] == []


# Counts


def test_counts_follow_edits_undo_and_merges(page, panel, document) -> None:
    def counts() -> list[str]:
        model = panel.model
        return [model.index(row).data(COUNT_ROLE) for row in range(model.rowCount())]

    assert counts() == ["2", "1 + 1", "0"]
    document.do(edits.set_photos_landmark([document.project.photos[1]], 1))
    assert counts() == ["2 + 1", "1 + 1", "0"]
    panel.merge(3)
    assert counts() == ["1 + 1", "2 + 1"]
    document.go_to(0)
    assert counts() == []
    document.go_to(len(document.history))
    assert counts() == ["1 + 1", "2 + 1"]
    assert panel.model.index(0).data(Qt.ItemDataRole.ToolTipRole) == (
        "Dome, 1 box, 1 whole photo, key 2"
    )


def test_a_click_on_the_count_asks_for_the_photos(qtbot, page, panel) -> None:
    index = panel.model.index(1)
    row = panel.list.visualRect(index)
    place = count_area(row.adjusted(3, 1, -3, -1), "1 + 1", panel.list.fontMetrics()).center()
    with qtbot.waitSignal(panel.filter_wanted) as wanted:
        qtbot.mouseClick(panel.list.viewport(), LEFT, pos=place)
    assert wanted.args == [2]
    with qtbot.assertNotEmitted(panel.filter_wanted):
        qtbot.mouseClick(panel.list.viewport(), LEFT, pos=row.topLeft() + QPoint(60, 15))


# Names and search


def test_names_are_composed_and_control_characters_refused(page, panel, document) -> None:
    refused: list[str] = []
    panel.refused.connect(refused.append)
    panel.add(unicodedata.normalize("NFD", " 경복궁 "))
    assert order(document)[-1] == "경복궁"
    panel.add("a\x07b")
    assert len(order(document)) == 4 and "control characters" in refused[0]


def test_adding_a_twin_chooses_the_one_that_is_there(page, panel, document) -> None:
    told: list[str] = []
    panel.told.connect(told.append)
    panel.add("GATE")
    assert order(document) == ["Tower", "Dome", "Gate"] and document.current_landmark_id == 3
    assert told == ["There is “Gate” already; it was chosen."]


def test_many_landmarks_can_be_searched(qtbot, page, panel, document) -> None:
    assert not panel.search.isVisible()
    for number in range(SEARCHED_FROM):
        document.do(edits.add_landmark(document.project, f"Place {number}"))
    assert panel.search.isVisible()
    panel.search.setFocus()
    qtbot.keyClicks(panel.search, "dom")
    assert panel.model.rowCount() == 1
    qtbot.keyClick(panel.search, Qt.Key.Key_Return)
    assert document.current_landmark_id == 2 and panel.model.rowCount() == SEARCHED_FROM + 3
    panel.search.setText("place")
    drop(panel, 2, 0)
    assert order(document)[3:6] == ["Place 2", "Place 0", "Place 1"]
    panel.search.setText("place")
    document.go_to(3)
    assert not panel.search.isVisible() and panel.model.rowCount() == 3


def test_an_input_method_does_not_swallow_the_keys_of_the_page(page, panel) -> None:
    panel.list.setFocus()
    panel.list.setCurrentIndex(panel.model.index(2))
    assert not panel.list.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)
    QApplication.sendEvent(panel.list, QEvent(QEvent.Type.StyleChange))
    assert not panel.list.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled)


def test_a_whole_photo_is_named_and_named_no_longer(page, panel, document) -> None:
    document.set_current(1)
    whole = panel._whole
    whole.trigger()
    assert document.project.photos[1].landmark_id == 1 and whole.isChecked()
    whole.trigger()
    assert document.project.photos[1].landmark_id is None and not whole.isChecked()


@pytest.mark.parametrize("name", ["next_photo", "fit_photo"])
def test_a_click_on_a_button_leaves_the_keys_to_the_photo(qtbot, page, name) -> None:
    around = QWidget()
    around.setFocusPolicy(Qt.FocusPolicy.ClickFocus)  # as the middle of the window
    page.setParent(around)
    page.show()
    with qtbot.waitActive(around):
        around.show()
    page.canvas.setFocus()
    qtbot.mouseClick(page.findChild(QToolButton, name), LEFT)
    focused = page.canvas.hasFocus()
    page.setParent(None)  # each is closed by who made it
    assert focused
