"""The sheet of shortcuts: every key is there, and can be another one."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from landmark_gui.core.resources import manual_root
from landmark_gui.core.settings import Settings
from landmark_gui.gui.commands import Commands, FixedKeys
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dialogs.shortcuts import ShortcutsDialog
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES


@pytest.fixture
def window(qtbot: QtBot) -> Iterator[MainWindow]:
    made = MainWindow(AppContext(Settings()))
    qtbot.addWidget(made)
    for name in PAGES:
        made.page(name)
    with qtbot.waitActive(made):
        made.show()
    yield made
    made.context.shutdown()


@pytest.fixture
def commands(window: MainWindow) -> Commands:
    return window.context.commands


@pytest.fixture
def sheet(qtbot: QtBot, window: MainWindow) -> ShortcutsDialog:
    qtbot.keyClick(window, Qt.Key.Key_F1, Qt.KeyboardModifier.ControlModifier)
    made = window.findChild(ShortcutsDialog)
    assert made is not None and made.isVisible()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def press(sheet: ShortcutsDialog, name: str) -> None:
    QTest.qWait(0)  # a chip that was just made is laid out first
    shown(sheet, name)[0].click()


def shown(sheet: ShortcutsDialog, name: str) -> list[QAbstractButton]:
    return [b for b in sheet.findChildren(QAbstractButton, name) if b.isVisible()]


def verdict(sheet: ShortcutsDialog) -> str:
    label = sheet.findChild(QLabel, "key_verdict")
    assert label is not None
    return label.text()


def type_key(qtbot: QtBot, sheet: ShortcutsDialog, key: Qt.Key, modifier=None) -> None:
    sheet.editor.field.setFocus()
    modifier = modifier or Qt.KeyboardModifier.NoModifier
    qtbot.keyClick(sheet.editor.field, key, modifier)


def test_no_two_commands_that_can_be_meant_at_once_share_a_key(commands: Commands) -> None:
    for command in commands.all():
        for key in command.keys:
            rivals = [rival.id for rival in commands.rivals(command.id, key)]
            assert not rivals, f"{command.id} and {rivals} share {key}"


def test_no_command_has_a_key_that_the_canvas_keeps(
    commands: Commands, sheet: ShortcutsDialog
) -> None:
    assert any(fixed.reserved for fixed in commands.fixed())  # the sheet has told of them
    own = {"classify.remove", "classify.copy", "classify.paste", "landmark.delete"}
    own |= {f"boxes.{name}" for name in ("select_all", "copy", "cut", "paste")}
    own |= {"crops.leave_out", "crops.take_in", "runs.delete"}
    own |= {"evaluate.leave_out", "evaluate.take_in", "classify.uncorrect"}
    for command in commands.all():
        assert command.id in own or not any(
            key in fixed.reserved for fixed in commands.fixed() for key in command.keys
        ), command.id


def test_every_page_is_in_the_sheet(sheet: ShortcutsDialog) -> None:
    headings = {row for row in sheet.model.rows if isinstance(row, str)}
    wanted = {"File", "Edit", "View", "Help", "Pages", "Photo", "Zoom", "Landmark", "Boxes"}
    assert wanted | {"Crops", "Augment", "Train", "Classify", "Fields"} <= headings
    assert any(isinstance(row, FixedKeys) and row.keys == "1–9, 0" for row in sheet.model.rows)


def test_a_free_key_is_taken_at_once_and_works(
    qtbot: QtBot, window: MainWindow, sheet: ShortcutsDialog, commands: Commands
) -> None:
    sheet.choose("go.train")
    type_key(qtbot, sheet, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert commands.get("go.train").keys == ("Alt+5", "Ctrl+T")
    assert verdict(sheet) == "Ctrl+T now calls “Go to Train”."
    press(sheet, "close_shortcuts")
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.current_page == "train"
    assert Settings().get("keys.go.train") is None  # the context saves a moment later
    window.context.settings.save()
    assert Settings().get("keys.go.train") == ["Alt+5", "Ctrl+T"]


def test_a_key_in_use_is_asked_for(qtbot: QtBot, sheet: ShortcutsDialog, commands: Commands):
    sheet.choose("photo.previous")
    type_key(qtbot, sheet, Qt.Key.Key_D)
    assert verdict(sheet) == "D is used by “Next photo”. Take it?"
    assert commands.get("photo.next").keys == ("D", "PgDown")
    press(sheet, "take_key")
    assert commands.get("photo.previous").keys == ("A", "PgUp", "D")
    assert commands.get("photo.next").keys == ("PgDown",)
    assert commands.get("photo.next").action.toolTip() == "Next photo (PgDown)"


@pytest.mark.parametrize(
    "key, said",
    [
        (Qt.Key.Key_7, "7 is fixed: Name the selected boxes, or choose the landmark."),
        (Qt.Key.Key_Delete, "Del is fixed: Delete the selected boxes."),
        (Qt.Key.Key_Space, "Space is fixed: Move the photo."),
    ],
)
def test_keys_that_stay_as_they_are_are_refused(
    qtbot: QtBot, sheet: ShortcutsDialog, commands: Commands, key: Qt.Key, said: str
) -> None:
    sheet.choose("photo.next")
    type_key(qtbot, sheet, key)
    assert verdict(sheet) == said and commands.get("photo.next").keys == ("D", "PgDown")


def test_escape_closes_the_sheet_from_the_field_for_keys_too(
    qtbot: QtBot, sheet: ShortcutsDialog
) -> None:
    sheet.choose("photo.previous")
    with qtbot.waitSignal(sheet.rejected):
        type_key(qtbot, sheet, Qt.Key.Key_Escape)


def test_pages_that_are_never_shown_together_may_share_a_key(commands: Commands) -> None:
    assert commands.rivals("augment.draw_again", "D") == []
    rivals = [rival.id for rival in commands.rivals("go.train", "D")]
    assert rivals == ["photo.next", "classify.next"]


def test_a_key_is_dropped_and_one_command_or_all_are_reset(
    qtbot: QtBot, sheet: ShortcutsDialog, commands: Commands
) -> None:
    sheet.choose("photo.next")
    press(sheet, "key_chip")
    assert commands.get("photo.next").keys == ("PgDown",)
    sheet.choose("photo.previous")
    type_key(qtbot, sheet, Qt.Key.Key_D)
    assert commands.get("photo.previous").keys == ("A", "PgUp", "D")
    sheet.choose("photo.next")
    press(sheet, "reset_key")
    assert commands.get("photo.next").keys == ("D", "PgDown")
    assert commands.get("photo.previous").keys == ("A", "PgUp")
    commands.set_keys("go.train", [])
    press(sheet, "reset_all_keys")
    assert commands.get("go.train").keys == ("Alt+5",)


def test_the_search_finds_names_and_keys(qtbot: QtBot, sheet: ShortcutsDialog) -> None:
    qtbot.keyClicks(sheet.search, "next pho")
    assert [getattr(row, "id", row) for row in sheet.model.rows][:2] == ["Photo", "photo.next"]
    sheet.search.setText("ctrl+m")
    assert [getattr(row, "id", row) for row in sheet.model.rows] == [
        *("Evaluate", "evaluate.open_model"),
        *("Classify", "classify.open_model"),
    ]


def test_fixed_keys_cannot_be_changed(sheet: ShortcutsDialog) -> None:
    row = next(n for n, r in enumerate(sheet.model.rows) if isinstance(r, FixedKeys))
    sheet.list.setCurrentIndex(sheet.model.index(row))
    assert not sheet.editor.field.isEnabled()
    assert verdict(sheet) == "These keys stay as they are."


def test_damaged_settings_cost_only_the_keys_that_make_no_sense(window: MainWindow) -> None:
    settings = Settings()
    settings.set("keys.a", ["J", 5])
    commands = Commands(settings)
    commands.add("a", "A", print, "D", owner=window, category="x")
    assert commands.get("a").keys == ("J",)


KEYS_OF_PARTS = {"Ctrl+Tab", "F6", "Shift+F6", "Shift+F10", "Ctrl+Alt+S"}
"""With which one goes about a window, in this program as in others."""


def test_every_key_that_the_manual_names_is_a_key(
    commands: Commands, sheet: ShortcutsDialog
) -> None:
    keys = [key for command in commands.all() for key in command.keys]
    keys += [key for fixed in commands.fixed() for key in fixed.reserved]
    known = {*map(_portable, keys), *KEYS_OF_PARTS}
    is_key = re.compile(
        r"((Ctrl|Alt|Shift)\+)*([A-Z0-9?+-]|F\d+|Enter|Esc|Del|Ins|Space|Tab|Backspace|Home|End"
        r"|Up|Down|Left|Right|Page Up|Page Down)"
    )
    unknown = {
        (page.name, named)
        for page in manual_root().glob("*.md")
        for named in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8"))
        if is_key.fullmatch(named) and _portable(named) not in known
    }
    assert not unknown


def _portable(key: str) -> str:
    return QKeySequence(key).toString(QKeySequence.SequenceFormat.PortableText)
