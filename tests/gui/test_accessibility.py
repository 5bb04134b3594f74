"""What a screen reader is told: of every page, every dialog, and of what happens."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QMenu, QProgressBar, QPushButton, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from landmark_gui.gui.activity import Activities
from landmark_gui.gui.dialogs.shortcuts import ShortcutsDialog
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.pages.augment.tiles import TileGrid
from landmark_gui.gui.pages.classify import webcam
from landmark_gui.gui.pages.classify.sorting_dialog import SortingDialog
from landmark_gui.gui.pages.classify.webcam import WebcamDialog
from landmark_gui.gui.pages.label.proposals_dialogs import AcceptAllDialog, ProposeDialog
from landmark_gui.gui.pages.quality.trashing import TrashDialog
from landmark_gui.gui.pages.runs.curves import IntervalPlot, OverlayPlot
from landmark_gui.gui.pages.runs.export_dialog import ExportDialog
from landmark_gui.gui.pages.train.chart import Plot
from landmark_gui.gui.studies.chart import StudyChart
from landmark_gui.gui.widgets.accessible import Role, curve_text
from landmark_gui.gui.widgets.common import Banner
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.gui.widgets.status_line import StatusLine
from tests.gui import accessible, keyboard
from tests.gui.filled_window import furnished, wait
from tests.gui.keyboard import ALT, CTRL, SHIFT


@pytest.fixture(scope="module")
def window(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDMARK_GUI_SETTINGS", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("LANDMARK_GUI_CACHE", str(tmp_path_factory.mktemp("cache")))
        with furnished(tmp_path_factory.mktemp("project")) as made:
            yield made


def page_of(window: MainWindow, name: str) -> Any:
    """The page, in front, in the window that has the keys."""
    window.activateWindow()
    wait(window.isActiveWindow)
    window.show_page(name)
    return window.page(name)


def flaws(widget: QWidget) -> list[str]:
    found = accessible.nodes(accessible.of(widget))
    return [f"{accessible.what(node)} {flaw}" for node in found for flaw in accessible.flaws(node)]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_of_everything_what_it_is(window: MainWindow, name: str) -> None:
    window.show_page(name)
    assert flaws(window.page(name)) == []


def test_the_frame_says_of_everything_what_it_is(window: MainWindow) -> None:
    page_of(window, "train")
    window.toggle_history()
    window.show_message("The photo folder is missing.", "warning", "Locate it", print)
    assert flaws(window) == []
    way = keyboard.walk(window._steps["label"])
    assert [stop for stop in keyboard.stops(window) if stop not in way] == []
    assert window.parts.all()[-1].isAncestorOf(window._history.panel)
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


def test_a_dialog_has_a_button_for_enter(dialog: QDialog) -> None:
    if isinstance(dialog, ShortcutsDialog):
        return  # Enter in its search must press nothing
    begins = dialog.focusWidget()
    buttons = [b for b in dialog.findChildren(QPushButton) if b.isVisible() and b.isDefault()]
    assert buttons or isinstance(begins, QPushButton)


# What is painted, in words


def told(window: MainWindow, name: str, kind: type[QWidget], number: int = 0) -> str:
    return accessible.description(accessible.of(page_of(window, name).findChildren(kind)[number]))


def test_curves_say_how_far_they_came(window: MainWindow) -> None:
    loss, accuracy = (told(window, "train", Plot, number) for number in (0, 1))
    assert loss == (
        "training: 2 epochs, lowest 0.7 at epoch 2; validation: 2 epochs, lowest 0.9 at epoch 2"
    )
    assert "validation: 2 epochs, highest 0.7 at epoch 2" in accuracy
    assert "lowest 0.8 at epoch 2" in told(window, "runs", OverlayPlot)
    assert "75% (30–95)" in told(window, "runs", IntervalPlot)


def test_a_curve_without_values_says_nothing() -> None:
    assert curve_text("training", [None, None], lower_is_better=True) == ""
    assert curve_text("a", [None, 0.5, 0.5], lower_is_better=False) == (
        "a: 2 epochs, highest 0.5 at epoch 2"
    )


def test_a_chart_says_all_its_rows_and_the_one_that_the_keys_are_at(window: MainWindow) -> None:
    told_at_rest = told(window, "compare", StudyChart)
    chart = window.page("compare").findChildren(StudyChart)[0]
    assert told_at_rest.splitlines() == [row.told() for row in chart.rows]
    chart.setFocus()
    QTest.keyClick(chart, Qt.Key.Key_Down)
    assert accessible.description(accessible.of(chart)) == chart.rows[1].told()


def test_tiles_and_cells_are_told_as_the_keys_go(window: MainWindow) -> None:
    grid = page_of(window, "augment").findChildren(TileGrid)[0]
    wait(lambda: grid.tiles)
    before = accessible.description(accessible.of(grid))
    grid.setFocus()
    QTest.keyClick(grid, Qt.Key.Key_Right)
    assert accessible.description(accessible.of(grid)) != before


def test_boxes_are_told_with_their_landmark_and_place(window: MainWindow) -> None:
    page = page_of(window, "label")
    node = accessible.of(page.canvas)
    assert accessible.name(node) == "Photo with 1 box" and node.role() is Role.Graphic
    page.canvas.select([])
    assert "Tab goes from box to box" in accessible.description(node)
    page.canvas.setFocus()
    QTest.keyClick(page.canvas, Qt.Key.Key_Tab)
    assert accessible.description(node) == (
        "blue, box 1 of 1: 40 × 36 pixels, 8 from the left, 6 from the top"
    )
    listed = accessible.of(page.boxes.list)
    assert accessible.name(listed.child(0)) == "blue, 40 × 36"


def test_sliders_and_progress_tell_their_value(window: MainWindow) -> None:
    window.show_page("train")
    bars = window.page("train").findChildren(QProgressBar)
    values = [accessible.of(bar).valueInterface().currentValue() for bar in bars]
    assert values[0] == 2 and accessible.name(accessible.of(bars[0])) == "Epochs"


# What happens is read out


@pytest.fixture
def read_out(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, bool]]:
    """What is announced, and whether at once."""
    said: list[tuple[str, bool]] = []

    def note(event: QAccessibleEvent) -> None:
        if isinstance(event, QAccessibleAnnouncementEvent):
            urgent = event.politeness() == QAccessible.AnnouncementPoliteness.Assertive
            said.append((event.message(), urgent))

    monkeypatch.setattr(QAccessible, "updateAccessibility", note)
    return said


def test_messages_are_read_out_and_problems_at_once(qtbot: QtBot, read_out: list) -> None:
    banner = Banner()
    qtbot.addWidget(banner)
    banner.show_message("3 photos are new.")
    banner.show_message("a.jpg could not be read.", "danger")
    assert read_out == [("3 photos are new.", False), ("a.jpg could not be read.", True)]


def test_the_status_line_is_read_out_but_not_each_of_its_figures(
    qtbot: QtBot, read_out: list
) -> None:
    status = StatusLine(Activities())
    qtbot.addWidget(status)
    for text in ("Step 1 of 9", "Step 2 of 9", "The model is ready", "1 box was copied."):
        status.say(text)
        status.read_out()
    status.say("1 box was copied.")
    status.read_out()
    said = [text for text, _ in read_out]
    assert said == ["Step 1 of 9", "The model is ready", *("1 box was copied.",) * 2]


def test_that_saving_fails_and_works_again_is_read_out(window: MainWindow, read_out: list) -> None:
    for state in ("saving", "saved", "failed", "saving", "saved"):
        window._show_save_state(state)
    assert [urgent for _, urgent in read_out] == [True, False]
    assert read_out[0][0].startswith("Not saved yet")


def test_the_end_of_a_training_is_read_out(window: MainWindow, read_out: list) -> None:
    page: Any = window.page("train")
    page.result.show_failure("The training did not succeed", "No memory.", "", False)
    assert read_out == [("The training did not succeed. No memory.", True)]
    page.result.hide()


def test_the_palette_reads_out_what_enter_would_call(window: MainWindow, read_out: list) -> None:
    window.open_palette()
    palette = window._palette
    assert palette is not None
    QTest.keyClicks(palette.field, "undo")
    assert read_out[-1][0].startswith("Undo")
    QTest.keyClick(palette.field, Qt.Key.Key_Escape)
    assert not palette.isVisible()


# The keyboard


@pytest.mark.parametrize("name", PAGES)
def test_tab_reaches_everything_in_the_order_of_reading(window: MainWindow, name: str) -> None:
    page_of(window, name)
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
def test_f6_goes_from_part_to_part_and_back(qtbot: QtBot, window: MainWindow, name: str) -> None:
    page_of(window, name)
    window._steps["label"].setFocus()
    count = len(window.parts.all())
    assert count > 1 and part_of(window) == 0
    for number in [*range(1, count), 0]:
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        assert part_of(window) == number
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F6, SHIFT)
    assert part_of(window) == count - 1


def test_the_menu_of_what_has_the_focus_opens_at_it(window: MainWindow) -> None:
    page = page_of(window, "label")
    views = (page.photos.list, page.landmarks.list, page.boxes.list)
    for view in views:
        view.setFocus()
        view.setCurrentIndex(view.model().index(0, 0))
        QTest.keyClick(view, Qt.Key.Key_F10, SHIFT)
        menu = QApplication.activePopupWidget()
        assert isinstance(menu, QMenu), view.objectName()
        middle = view.viewport().mapToGlobal(view.visualRect(view.currentIndex()).center())
        assert abs(menu.y() - middle.y()) < 4  # the screen of the tests is narrower
        QTest.keyClick(menu, Qt.Key.Key_Escape)
        assert QApplication.focusWidget() is view


def test_the_menu_of_a_box_opens_on_it(window: MainWindow) -> None:
    canvas = page_of(window, "label").canvas
    canvas.select_all()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_F10, SHIFT)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    box = canvas.rect_on_screen(canvas.shapes()[0].rect)
    assert box.top() < canvas.viewport().mapFromGlobal(menu.pos()).y() < box.bottom()
    menu.close()


def test_a_part_is_made_larger_and_a_table_sorted_by_key(window: MainWindow) -> None:
    page = page_of(window, "label")
    page.photos.list.setFocus()
    before = page.photos.width()
    QTest.keyClick(page.photos.list, Qt.Key.Key_Right, CTRL | ALT)
    assert page.photos.width() > before
    QTest.keyClick(page.photos.list, Qt.Key.Key_Left, CTRL | ALT)
    assert page.photos.width() == before
    table = page_of(window, "runs").view
    table.setFocus()
    table.setCurrentIndex(table.model().index(0, 1))
    QTest.keyClick(table, Qt.Key.Key_S, CTRL | ALT)
    assert table.horizontalHeader().sortIndicatorSection() == 1
