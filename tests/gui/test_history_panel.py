"""The history panel, driven as a person does it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.project_opening import read_project
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.history_panel import STATE_ROLE, HistoryPanel
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.label import LabelPage
from tests.rows import box_edit

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def document(
    photo_folder: Callable[..., Path], open_document: Callable[[Path], Document]
) -> Document:
    made = open_document(photo_folder(each=2, landmarks=("Red Tower",)))
    for name in ("Tower", "Dome"):
        made.do(edits.add_landmark(made.project, name))
    made.do(box_edit(photo_id=1))
    return made


@pytest.fixture
def panel(qtbot: QtBot, context: AppContext, document: Document) -> HistoryPanel:
    context.set_document(document)
    made = HistoryPanel(context)
    qtbot.addWidget(made)
    made.resize(300, 600)
    with qtbot.waitActive(made):
        made.show()
    return made


def texts(panel: HistoryPanel) -> list[str]:
    return [panel.model.index(row).data() for row in range(panel.model.rowCount())]


def states(panel: HistoryPanel) -> list[int]:
    return [panel.model.index(row).data(STATE_ROLE) for row in range(panel.model.rowCount())]


def click(panel: HistoryPanel, row: int) -> None:
    place = panel.list.visualRect(panel.list.model().index(row, 0)).center()
    QTest.mouseClick(panel.list.viewport(), LEFT, Qt.KeyboardModifier.NoModifier, place)


def note(panel: HistoryPanel) -> str:
    return panel._note.text() if panel._note.isVisible() else ""


def test_it_names_each_edit_and_marks_where_the_project_is(panel: HistoryPanel) -> None:
    assert texts(panel) == [
        "As it was in the beginning",
        "Added “Tower”",
        "Added “Dome”",
        "Drew box “Tower” · IMG_1.jpg",
    ]
    assert states(panel) == [-3, -2, -1, 0]
    assert panel.list.currentIndex().row() == 3 and note(panel) == ""


def test_a_click_goes_to_that_moment_in_one_step_and_says_so(
    qtbot: QtBot, context: AppContext, panel: HistoryPanel, document: Document
) -> None:
    said: list[str] = []
    shown: list[object] = []
    context.status_changed.connect(said.append)
    document.edited.connect(shown.append)
    click(panel, 0)
    assert document.position == 0 and not document.project.landmarks
    assert len(shown) == 1 and said[-1] == "3 edits were undone."
    assert states(panel) == [0, 1, 2, 3]
    assert note(panel) == "3 edits are undone. The next edit takes their place."
    click(panel, 2)
    assert len(document.project.landmarks) == 2 and said[-1] == "2 edits were done again."
    assert note(panel) == "1 edit is undone. The next edit takes its place."


def test_arrows_choose_and_enter_goes(
    qtbot: QtBot, panel: HistoryPanel, document: Document
) -> None:
    panel.list.setFocus()
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    qtbot.keyClick(panel.list, Qt.Key.Key_Up)
    assert document.position == 3
    qtbot.keyClick(panel.list, Qt.Key.Key_Return)
    assert document.position == 1


def test_a_new_edit_takes_the_place_of_the_undone_ones(
    panel: HistoryPanel, document: Document
) -> None:
    document.go_to(1)
    document.do(edits.rename_landmark(document.project.landmarks[1], "Spire"))
    assert texts(panel)[1:] == ["Added “Tower”", "Renamed “Tower” to “Spire”"]
    assert states(panel) == [-2, -1, 0] and note(panel) == ""


def test_only_what_changed_is_built_anew(qtbot: QtBot, panel: HistoryPanel, document: Document):
    resets: list[None] = []
    panel.model.modelReset.connect(lambda: resets.append(None))
    with qtbot.waitSignal(panel.model.rowsInserted) as added:
        document.do(box_edit(photo_id=2))
    assert added.args[1:] == [4, 4] and not resets
    document.undo()
    document.redo()
    document.go_to(0)
    assert not resets and panel.model.rowCount() == 5


def test_the_history_is_there_after_a_restart(
    qtbot: QtBot, context: AppContext, panel: HistoryPanel, document: Document
) -> None:
    before = texts(panel)
    document.go_to(2)
    assert document.close()
    again = Document(read_project(document.path))
    context.set_document(again)
    assert texts(panel) == before and states(panel) == [-2, -1, 0, 1]
    click(panel, 3)
    assert len(again.project.boxes) == 1
    assert again.close()
    context.set_document(None)
    assert panel.model.rowCount() == 0


def test_a_project_for_reading_only_goes_nowhere(
    qtbot: QtBot, context: AppContext, panel: HistoryPanel, document: Document
) -> None:
    with qtbot.waitSignal(document.save_state, check_params_cb=lambda state: state == "saved"):
        document.do(box_edit(photo_id=2))
    other = Document(read_project(document.path))
    assert other.read_only
    context.set_document(other)
    click(panel, 0)
    assert other.position == 4 and len(texts(panel)) == 5
    assert "reading only" in note(panel)
    context.set_document(document)
    other.close()


def test_hiding_it_gives_the_focus_back(
    qtbot: QtBot, context: AppContext, document: Document
) -> None:
    window = MainWindow(context)
    qtbot.addWidget(window, before_close_func=lambda _: context.set_document(None))
    page = window.page("label")
    assert isinstance(page, LabelPage)
    with qtbot.waitActive(window):
        window.show()
    context.set_document(document)
    page.photos.list.setFocus()
    window.toggle_history()
    assert window.focusWidget().objectName() == "history_list"
    window.toggle_history()
    assert page.photos.list.hasFocus()
