"""The manual within the program."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QTextDocument
from pytestqt.qtbot import QtBot

from landmark_gui.core.i18n import set_language
from landmark_gui.core.manual import Manual, Place
from landmark_gui.core.resources import manual_root
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.help.dressing import Look, dress
from landmark_gui.gui.help.window import HelpWindow
from landmark_gui.gui.main_window import MainWindow

LOOK = Look(size=14, points=0.75, width=700, ratio=1)
NO_KEYS = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def help_window(qtbot: QtBot, settings: Settings) -> HelpWindow:
    made = HelpWindow(settings)
    qtbot.addWidget(made)
    return made


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(AppContext(Settings()))
    qtbot.addWidget(made)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.context.shutdown()


def open_at(qtbot: QtBot, window: HelpWindow, page: str, anchor: str = "") -> None:
    with qtbot.waitSignal(window.view.arrived):
        window.open_at(Place(page, anchor))
    qtbot.waitUntil(lambda: window.side.contents.topLevelItemCount() > 0)


def first_line(window: HelpWindow) -> str:
    return window.view.document().begin().text()


def heading_at_top(window: HelpWindow) -> str:
    sections = window.manual.page(window.place.page).sections
    return sections[window.view.spot.heading].title


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_page_is_drawn_with_its_headings(qtbot: QtBot, language: str) -> None:
    manual = Manual(manual_root(), language)
    for _, pages in manual.contents:
        for page in pages:
            words = re.sub(r"!\[[^]]*\]\([^)]*\)", "", manual.markdown(page))
            drawn = dress(words, manual.folder, LOOK)
            titles = [drawn.document.findBlock(at).text() for at in drawn.headings]
            assert titles == [section.title for section in page.sections], page.name
            assert "](" not in drawn.document.toPlainText()


def test_pictures_are_as_wide_as_the_column(qtbot: QtBot) -> None:
    drawn = dress("![A](pictures/label.png)", manual_root(), LOOK)
    kind = QTextDocument.ResourceType.ImageResource.value
    picture = drawn.document.resource(kind, QUrl("pictures/label.png"))
    assert picture.width() == LOOK.width and picture.height() < LOOK.width


def test_f1_opens_the_manual_at_the_page_that_is_on_show(qtbot: QtBot, window: MainWindow) -> None:
    window.show_page("classify")
    qtbot.keyClick(window, Qt.Key.Key_F1, NO_KEYS)
    manual = window.help.window
    assert manual is not None and manual.isVisible()
    qtbot.waitUntil(lambda: first_line(manual) == "Classify")
    assert manual.place == Place("classify")

    window.show_page("label")  # without a project it invites to open one
    window.help.open()
    qtbot.waitUntil(lambda: first_line(manual) == "Quick start")
    window.context.commands.get("help.news").action.trigger()
    qtbot.waitUntil(lambda: first_line(manual) == "What is new")
    window.close()
    assert not manual.isVisible()


def test_links_lead_to_headings_and_back_and_to_the_browser(
    qtbot: QtBot, help_window: HelpWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[QUrl] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    open_at(qtbot, help_window, "command-line")
    view = help_window.view
    view.verticalScrollBar().setValue(300)
    with qtbot.waitSignal(view.arrived):
        view.anchorClicked.emit(QUrl("train.md#while-it-trains"))
    assert first_line(help_window) == "Train"
    assert heading_at_top(help_window) == "While it trains"
    with qtbot.waitSignal(view.arrived):
        help_window.go_back()
    assert first_line(help_window) == "Command line"
    assert abs(view.verticalScrollBar().value() - 300) <= 2
    with qtbot.waitSignal(view.arrived):
        help_window.go_ahead()
    assert heading_at_top(help_window) == "While it trains"
    view.anchorClicked.emit(QUrl("https://arxiv.org/abs/1610.02391"))
    view.anchorClicked.emit(QUrl("file:///etc/passwd"))
    assert opened == [QUrl("https://arxiv.org/abs/1610.02391")]


def test_what_is_searched_is_found_and_marked(qtbot: QtBot, help_window: HelpWindow) -> None:
    open_at(qtbot, help_window, "label")
    side = help_window.side
    qtbot.keyClicks(side.field, "leak worth")
    assert side.hits.isVisible() and side.hits.count() > 0
    with qtbot.waitSignal(help_window.view.arrived):
        qtbot.keyClick(side.field, Qt.Key.Key_Return)
    assert help_window.place == Place("train", "what-a-leak-is-worth")
    marked = {one.cursor.selectedText() for one in help_window.view.extraSelections()}
    assert {"leak", "worth"} <= {word.lower() for word in marked}
    side.field.setText("qwertz")
    assert side.hits.count() == 0
    qtbot.keyClick(help_window, Qt.Key.Key_Escape)
    assert side.contents.isVisible() and side.words == ""
    qtbot.keyClick(help_window, Qt.Key.Key_Escape)
    assert not help_window.isVisible()


def test_the_contents_follow_the_page_and_lead_to_sections(
    qtbot: QtBot, help_window: HelpWindow
) -> None:
    open_at(qtbot, help_window, "train")
    contents = help_window.side.contents
    item = contents.currentItem()
    assert item.text(0) == "Train" and item.isExpanded()
    with qtbot.waitSignal(help_window.view.arrived):
        contents.itemActivated.emit(item.child(0), 0)
    assert heading_at_top(help_window) == item.child(0).text(0)


def test_theme_and_size_change_at_once_and_one_keeps_ones_place(
    qtbot: QtBot, help_window: HelpWindow, settings: Settings
) -> None:
    open_at(qtbot, help_window, "train", "while-it-trains")
    view = help_window.view
    with qtbot.waitSignal(view.arrived):
        help_window._larger.trigger()
    assert heading_at_top(help_window) == "While it trains"
    assert settings.get("help.zoom", 1.0) == view.zoom > 1
    before = view.document()
    with qtbot.waitSignal(view.arrived):
        theme.signals.changed.emit()
    assert view.document() is not before
    assert heading_at_top(help_window) == "While it trains"
    with qtbot.waitSignal(view.arrived):
        help_window._usual.trigger()
    assert view.zoom == 1


def test_the_language_changes_at_once_and_a_page_without_translation_says_so(
    qtbot: QtBot, help_window: HelpWindow
) -> None:
    open_at(qtbot, help_window, "quickstart")
    set_language("ko")
    help_window.speak()
    qtbot.waitUntil(lambda: first_line(help_window) == "빠른 시작")
    assert not help_window._note.isVisible()
    open_at(qtbot, help_window, "glossary")
    assert first_line(help_window) == "Glossary" and help_window._note.isVisible()
    assert help_window.side.contents.topLevelItem(0).text(0) == "시작"


def test_a_window_that_is_resized_meanwhile_does_not_lose_the_heading(
    qtbot: QtBot, help_window: HelpWindow
) -> None:
    open_at(qtbot, help_window, "command-line")
    help_window.go(Place("train", "while-it-trains"))
    with qtbot.waitSignal(help_window.view.arrived):
        help_window.view.show_again()
    assert heading_at_top(help_window) == "While it trains"


def test_a_page_may_be_left_before_it_has_arrived(qtbot: QtBot, help_window: HelpWindow) -> None:
    help_window.open_at(Place("command-line"))
    help_window.go(Place("file-formats"))
    open_at(qtbot, help_window, "label")
    qtbot.wait(200)
    assert first_line(help_window) == "Label"


def test_a_manual_that_is_gone_is_said(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Settings
) -> None:
    monkeypatch.setattr("landmark_gui.gui.help.window.manual_root", lambda: tmp_path)
    window = HelpWindow(settings)
    qtbot.addWidget(window)
    with qtbot.waitSignal(window.view.arrived):
        window.open_at(Place("label"))
    text = window.view.document().toPlainText()
    assert "Install the program again" in text and str(tmp_path / "label.md") in text
