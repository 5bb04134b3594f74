"""What a screen reader is told: of every page, every dialog, and of what happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QDialog, QWidget
from shiboken6 import isValid

from landmark_gui.gui.dialogs.shortcuts import ShortcutsDialog
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.pages.classify import webcam
from landmark_gui.gui.pages.classify.sorting_dialog import SortingDialog
from landmark_gui.gui.pages.classify.webcam import WebcamDialog
from landmark_gui.gui.pages.label.proposals_dialogs import AcceptAllDialog, ProposeDialog
from landmark_gui.gui.pages.quality.trashing import TrashDialog
from landmark_gui.gui.pages.runs.export_dialog import ExportDialog
from landmark_gui.gui.widgets.accessible import Role
from landmark_gui.gui.widgets.report import ReportDialog
from tests.gui import accessible, keyboard
from tests.gui.furnished import furnished, wait
from tests.gui.keyboard import SHIFT


@pytest.fixture(scope="module")
def window(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDMARK_GUI_SETTINGS", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("LANDMARK_GUI_CACHE", str(tmp_path_factory.mktemp("cache")))
        with furnished(tmp_path_factory.mktemp("project")) as made:
            yield made


def flaws(widget: QWidget) -> list[str]:
    found = accessible.nodes(accessible.of(widget))
    return [f"{accessible.what(node)} {flaw}" for node in found for flaw in accessible.flaws(node)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_of_everything_what_it_is(window: MainWindow, name: str) -> None:
    window.show_page(name)
    assert flaws(window.page(name)) == []


def test_the_frame_says_of_everything_what_it_is(window: MainWindow) -> None:
    window.toggle_history()
    window.show_message("The photo folder is missing.", "warning", "Locate it", print)
    assert flaws(window) == []
    window.toggle_history()
    window._banner.hide()


def test_the_palette_and_the_menus_say_what_they_are(window: MainWindow) -> None:
    window.open_palette()
    palette = window._palette
    assert palette is not None
    assert flaws(palette) == []
    palette.close_again()
    menus = [action.menu() for action in window.menuBar().actions()]
    for menu in menus:
        nodes = [accessible.of(menu).child(number) for number in range(len(menu.actions()))]
        names = [accessible.name(node) for node in nodes if node.role() is Role.MenuItem]
        assert names and all(names)


Made = Callable[[MainWindow], QDialog]


def sorting(window: MainWindow) -> QDialog:
    page: Any = window.page("classify")
    page.ask_sorting()
    return page.findChild(SortingDialog)


DIALOGS: dict[str, Made] = {
    "report": lambda window: ReportDialog("Not everything fits", "So:", ["a.jpg: no"], window),
    "trash": lambda window: TrashDialog(Path("photos"), ["a.jpg"], window),
    "propose": lambda window: ProposeDialog(window.context, window.context.document, 3, window),
    "accept": lambda window: AcceptAllDialog(lambda _: [1, 2], window),
    "export": lambda window: ExportDialog(
        window.context, window.context.document, Path("m.landmark-model"), Path("m"), window
    ),
    "shortcuts": lambda window: ShortcutsDialog(window.context.commands, window),
    "sorting": sorting,
    "webcam": lambda window: WebcamDialog(None, 0.5, window),
}


@pytest.fixture(params=DIALOGS)
def dialog(
    request: pytest.FixtureRequest, window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> Iterator[QDialog]:
    monkeypatch.setattr(webcam, "cameras", list)
    window.show_page("classify")
    window.activateWindow()
    made = DIALOGS[request.param](window)
    made.open()
    wait(made.isActiveWindow)
    yield made
    if isValid(made):
        made.reject()


def test_a_dialog_says_of_everything_what_it_is(dialog: QDialog) -> None:
    assert flaws(dialog) == []
    assert accessible.name(accessible.of(dialog)) == dialog.windowTitle() != ""


def test_a_dialog_begins_somewhere_and_ends_with_escape(dialog: QDialog) -> None:
    begins = dialog.focusWidget()
    assert begins is not None and begins.isVisible()
    QTest.keyClick(begins, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_in_the_order_of_reading(window: MainWindow, name: str) -> None:
    window.activateWindow()
    wait(window.isActiveWindow)
    window.show_page(name)
    first_step = window._steps["label"]
    way = keyboard.walk(first_step)
    back = keyboard.walk(first_step, back=True)
    expected = {keyboard.name(stop): stop for stop in keyboard.stops(window)}
    assert [each for each, stop in expected.items() if stop not in way] == []
    assert back[1:] == way[:0:-1]
    sliders_last = "near_distance"  # of the Quality page: what they change has been seen by then
    assert [jump for jump in keyboard.jumps(way) if not jump.endswith(sliders_last)] == []


def part_of(window: MainWindow) -> int:
    focus = window.focusWidget()
    assert focus is not None
    return next(n for n, part in enumerate(window.parts.all()) if part.isAncestorOf(focus))


@pytest.mark.parametrize("name", PAGES)
def test_f6_goes_from_part_to_part_and_back(qtbot, window: MainWindow, name: str) -> None:
    window.activateWindow()
    wait(window.isActiveWindow)
    window.show_page(name)
    window._steps["label"].setFocus()
    count = len(window.parts.all())
    assert count > 1 and part_of(window) == 0
    for number in [*range(1, count), 0]:
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        assert part_of(window) == number
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F6, SHIFT)
    assert part_of(window) == count - 1
    print(name, [accessible.what(accessible.of(p)) for p in window.parts.all()])
