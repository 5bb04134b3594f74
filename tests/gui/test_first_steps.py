"""The guide: ticked by what the person does, pointing at what comes next, never in the way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.sample_project import making
from landmark_gui.gui import sampling
from landmark_gui.gui.commands import plain
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.first_steps.panel import StepRow
from landmark_gui.gui.first_steps.progress import SETTING
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from tests.gui.journey import click, drag_box, opened


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    window = MainWindow(AppContext())
    window.resize(1280, 800)
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def row(window: MainWindow, key: str) -> StepRow:
    assert window.guide.panel is not None
    return next(row for row in window.guide.panel.rows if row.step.key == key)


def test_the_way_of_the_sample_is_ticked_as_it_is_gone(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "EACH", 2)
    monkeypatch.setattr(making, "LEFT_TO_DO", 1)
    monkeypatch.setattr(sampling, "usual_folder", lambda: tmp_path)
    click(window, "open_sample")
    document = opened(qtbot, window.context, window, photos=8)
    guide = window.guide
    assert guide.dock is not None and guide.dock.isVisible()
    assert guide.progress.done == {"open"}  # the boxes that came with the sample do not count
    assert row(window, "box").state == "next"
    label = window.page("label")
    qtbot.waitUntil(lambda: not label.canvas.photo_rect().isEmpty(), timeout=10_000)

    click(window, "show_box")
    qtbot.waitUntil(lambda: guide.pointer is not None and guide.pointer.isVisible())
    assert guide.pointer.target is label.canvas
    drag_box(label.canvas, Rect(100, 100, 200, 250))
    assert row(window, "box").state == "done" and row(window, "done").state == "next"

    click(window, "photo_done")
    assert row(window, "done").state == "done"
    window.show_page("dataset")
    qtbot.waitUntil(lambda: "crops" in guide.progress.done, timeout=10_000)
    window.show_page("quality")
    qtbot.waitUntil(lambda: "quality" in guide.progress.done, timeout=10_000)
    click(window, "show_varied")
    qtbot.waitUntil(lambda: guide.pointer.isVisible())
    guide.pointer.target.setChecked(True)
    qtbot.waitUntil(lambda: "varied" in guide.progress.done)
    assert guide.panel is not None and guide.panel.count.text() == "6 of 9 done"
    assert document.setting(SETTING) == sorted(guide.progress.done)


def test_undone_boxes_were_drawn_all_the_same_and_another_project_begins_anew(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.opening.open(photo_folder("one", each=1))
    document = opened(qtbot, window.context, window, photos=2)
    document.do(edits.add_landmark(document.project, "Tower"))
    document.do(edits.add_box(1, 1, Rect(1, 1, 20, 20)))
    document.undo()
    assert window.guide.progress.done == {"open", "box"}
    window.opening.close_document()
    assert window.guide.progress.done == set()
    window.opening.open(photo_folder("two", each=1))
    opened(qtbot, window.context, window, photos=2)
    qtbot.waitUntil(lambda: window.guide.progress.done == {"open"})
    window.opening.open(document.path)
    qtbot.waitUntil(lambda: window.guide.progress.done == {"open", "box"})


def test_it_is_hidden_and_shown_from_the_help_menu_and_remembered(window: MainWindow) -> None:
    guide, settings = window.guide, window.context.settings
    assert guide.dock is None  # not built before it is wanted
    action = window.context.commands.get("help.first_steps").action
    assert plain(action.text()) == "First steps"
    action.trigger()
    assert guide.dock is not None and guide.dock.isVisible() and guide.shown
    click(window, "close_first_steps")
    assert not guide.dock.isVisible() and not guide.shown
    action.trigger()
    settings.save()
    again = MainWindow(AppContext())
    assert again.guide.shown and again.guide.dock is not None
    again.close()


def test_every_step_leads_to_something_that_is_there(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.guide.show()
    window.opening.open(photo_folder(each=4))
    document = opened(qtbot, window.context, window, photos=8)
    document.label_by_folder()
    assert {step.page for step in window.guide.progress.steps} <= set(PAGES)
    for step in window.guide.progress.steps:
        window.guide.point_out(step)
        qtbot.waitUntil(
            lambda step=step: (
                window.guide.pointer is not None
                and window.guide.pointer.target is not None
                and window.guide.pointer.target.objectName() in step.targets
            ),
            timeout=10_000,
        )
        assert window.current_page == step.page
        target = window.guide.pointer.target
        around = window.guide.pointer.geometry()
        assert around.contains(target.mapTo(window, target.rect().center()))


def test_the_frame_leaves_with_what_it_is_around(qtbot: QtBot, window: MainWindow) -> None:
    window.guide.show()
    window.guide.point_out(window.guide.progress.steps[0])
    qtbot.waitUntil(lambda: window.guide.pointer is not None and window.guide.pointer.isVisible())
    assert QApplication.focusWidget().objectName() == "open_sample"
    window.show_page("classify")
    assert not window.guide.pointer.isVisible()


def test_it_is_gone_through_by_key_and_says_what_was_done(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.guide.show()
    window.opening.open(photo_folder(each=1))
    opened(qtbot, window.context, window, photos=2)
    box = row(window, "box")
    assert row(window, "open").accessibleName().startswith("Done: ")
    assert box.accessibleName() == f"Next: {box.step.text}"
    assert box.show_button.accessibleName() == f"Show me: {box.step.text}"
    box.show_button.setFocus()
    QTest.keyClick(box.show_button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is row(window, "done").show_button
    QTest.keyClick(row(window, "done").show_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.guide.pointer is not None and window.guide.pointer.isVisible())


def test_at_the_end_it_offers_photos_of_ones_own(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.guide.show()
    window.opening.open(photo_folder(each=1))
    opened(qtbot, window.context, window, photos=2)
    window.guide.progress._add({step.key for step in window.guide.progress.steps})
    assert window.guide.panel is not None and window.guide.panel.end.isVisible()
    window.context.open_folder_requested.disconnect()
    with qtbot.waitSignal(window.context.open_folder_requested):
        click(window, "first_steps_own")


def test_nonsense_in_a_project_does_no_harm(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.opening.open(photo_folder(each=1))
    document = opened(qtbot, window.context, window, photos=2)
    for nonsense in ("box", ["nothing", 3], {"a": 1}):
        document._settings[SETTING] = nonsense
        window.guide.progress._begin()
        assert window.guide.progress.done == {"open"}
