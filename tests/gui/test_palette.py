"""The palette and the commands of the window, through real keys."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QInputMethodEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from landmark_gui.core import edits
from landmark_gui.core.project import Photo
from landmark_gui.core.settings import Settings
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.palette import RECENT, Palette
from landmark_gui.gui.palette_items import PaletteItem, rank

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(AppContext(Settings()))
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.close()  # not by qtbot: it would close the document before its fixture does
    delete(made)


@pytest.fixture
def document(
    window: MainWindow,
    photo_folder: Callable[..., Path],
    open_document: Callable[[Path], Document],
) -> Iterator[Document]:
    made = open_document(photo_folder(each=3))
    made.do(edits.add_landmark(made.project, "Eiffel Tower"))
    made.do(edits.add_landmark(made.project, "Round Dome"))
    window.context.set_document(made)
    yield made
    window.context.set_document(None)


def opened(qtbot: QtBot, window: MainWindow) -> Palette:
    qtbot.keyClick(window, Qt.Key.Key_P, CTRL | SHIFT)
    palette = window._palette
    assert palette is not None and palette.isVisible()
    qtbot.waitUntil(lambda: len(window._pages) == len(PAGES), timeout=20_000)
    qtbot.waitUntil(lambda: not palette._refill.isActive())
    return palette


def listed(palette: Palette) -> list[str]:
    return [hit.item.text for hit in palette.model.hits]


def item_named(palette: Palette, text: str) -> PaletteItem:
    return next(hit.item for hit in palette.model.hits if hit.item.text == text)


def find(qtbot: QtBot, palette: Palette, text: str) -> None:
    qtbot.keyClicks(palette.field, text)


def test_it_finds_a_command_and_enter_calls_it(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    assert palette.field.hasFocus()
    find(qtbot, palette, "undo")
    assert listed(palette)[0] == "Undo add landmark"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert not palette.isVisible() and len(document.project.landmarks) == 1


def test_it_knows_commands_of_pages_that_nobody_has_visited(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    find(qtbot, palette, "draw again")
    assert listed(palette)[0] == "Draw again"
    document.do(edits.delete_landmark(document.project, document.project.landmarks[1]))
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert window.current_page == "augment"


def test_esc_gives_the_focus_back(qtbot, window, document) -> None:
    canvas = window.page("label").canvas
    canvas.setFocus()
    palette = opened(qtbot, window)
    qtbot.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible() and canvas.hasFocus()


def test_going_elsewhere_closes_it(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    window.page("label").canvas.setFocus()
    assert not palette.isVisible()
    assert window.page("label").canvas.hasFocus()


def test_arrows_move_around_the_ends_and_letters_stay_in_the_field(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    first = document.current_id
    qtbot.keyClick(palette.field, Qt.Key.Key_Up)
    assert palette.list.currentIndex().row() == palette.model.rowCount() - 1
    qtbot.keyClick(palette.field, Qt.Key.Key_Down)
    assert palette.list.currentIndex().row() == 0
    find(qtbot, palette, "d1")
    assert palette.field.text() == "d1" and document.current_id == first


def test_a_click_calls_a_row(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    find(qtbot, palette, "go to train")
    place = palette.list.visualRect(palette.model.index(0)).center()
    QTest.mouseClick(palette.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert window.current_page == "train" and not palette.isVisible()


def test_photos_and_landmarks_are_found_from_two_letters(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    find(qtbot, palette, "3")
    assert "Red Tower/IMG_3.jpg" not in listed(palette)
    palette.field.setText("img_3 red")
    assert listed(palette) == ["Red Tower/IMG_3.jpg"]
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert document.current_photo.path == "Red Tower/IMG_3.jpg"
    palette = opened(qtbot, window)
    find(qtbot, palette, "rodo")
    assert listed(palette)[0] == "Round Dome"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert document.current_landmark_id == 2 and window.current_page == "label"


def test_what_cannot_be_called_is_grey_and_says_why(qtbot, window) -> None:
    palette = opened(qtbot, window)
    find(qtbot, palette, "next photo to do")
    item = item_named(palette, "Next photo to do")
    assert not item.enabled and item.why_not == "open a project first"
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert palette.isVisible()


def test_the_last_used_comes_first_also_after_a_restart(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    find(qtbot, palette, "go to crops")
    qtbot.keyClick(palette.field, Qt.Key.Key_Return)
    assert listed(opened(qtbot, window))[0] == "Go to Crops"
    window.context.settings.save()
    assert Settings().get(RECENT) == ["go.dataset"]


def test_a_syllable_that_is_still_composed_counts(qtbot, window, document) -> None:
    document.do(edits.add_landmark(document.project, "경복궁 탑"))
    palette = opened(qtbot, window)
    palette.field.setText("경")
    QApplication.sendEvent(palette.field, QInputMethodEvent("복", []))
    assert listed(palette) == ["경복궁 탑"]


def test_it_closes_with_the_project_it_was_opened_on(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    window.context.set_document(None)
    assert not palette.isVisible()


def test_the_same_keys_close_it(qtbot, window, document) -> None:
    palette = opened(qtbot, window)
    qtbot.keyClick(palette.field, Qt.Key.Key_K, CTRL)
    assert not palette.isVisible()


def test_theme_is_a_command_that_says_what_it_is(qtbot, window) -> None:
    palette = opened(qtbot, window)
    find(qtbot, palette, "dark")
    assert listed(palette)[0] == "Theme: Dark"


def test_ranking_puts_recent_ones_first_and_grey_ones_last() -> None:
    def item(text: str, id_: str, enabled: bool = True) -> PaletteItem:
        return PaletteItem(text, "Photo", lambda: None, enabled=enabled, id=id_)

    items = [item("Next photo", "a", False), item("Next page", "b"), item("Name", "c")]
    assert [hit.item.id for hit in rank("", items, ["c"])] == ["c", "a", "b"]
    assert [hit.item.id for hit in rank("nex", items, [])] == ["b", "a"]
    assert [hit.item.id for hit in rank("photo next", items, [])] == ["a", "b"]
    assert [hit.item.id for hit in rank("name photo", items, [])] == ["c"]


# The window's own keys


@pytest.mark.parametrize("number, page", list(enumerate(PAGES, 1)))
def test_the_steps_have_keys_and_say_them(qtbot, window, document, number, page) -> None:
    qtbot.keyClick(window, Qt.Key(Qt.Key.Key_0 + number), Qt.KeyboardModifier.AltModifier)
    assert window.current_page == page
    assert f"(Alt+{number})" in window._steps[page].toolTip()


def test_a_step_with_another_key_says_that(qtbot, window, document) -> None:
    window.context.commands.set_keys("go.train", ["F7"])
    qtbot.keyClick(window, Qt.Key.Key_F7)
    assert window.current_page == "train"
    assert window._steps["train"].toolTip().endswith("(F7)")


def test_the_history_panel_is_shown_and_remembered(qtbot, window, document) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert window._history is not None and window._history.isVisible()
    assert window.context.settings.get("window.history", False)
    window.context.set_document(None)
    assert not window._history.isVisible()
    window.context.set_document(document)
    assert window._history.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_F8)
    assert not window._history.isVisible()


def test_a_photo_from_a_mac_is_found_by_its_composed_name(qtbot, window, document) -> None:
    name = "경복궁/1.jpg"
    path = unicodedata.normalize("NFD", name)
    document.project.put_photos([Photo(50, path, 1, "", 96, 72)])
    palette = opened(qtbot, window)
    palette.field.setText("경복")
    assert name in listed(palette)
