from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core.settings import Settings
from landmark_gui.gui.commands import Commands


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    widget = QWidget()
    qtbot.addWidget(widget)
    widget.show()
    qtbot.waitActive(widget)
    return widget


def press(qtbot: QtBot, owner: QWidget, key: Qt.Key) -> None:
    qtbot.keyClick(owner, key)


def test_a_command_is_called_by_its_keys_and_says_them(qtbot: QtBot, owner: QWidget) -> None:
    called: list[str] = []
    commands = Commands(Settings())
    action = commands.add(
        "photo.next", "&Next photo…", lambda: called.append("next"), "D", owner=owner, category="x"
    )
    press(qtbot, owner, Qt.Key.Key_D)
    assert called == ["next"]
    assert action.toolTip() == "Next photo (D)" and commands.get("photo.next").keys == ("D",)


def test_chosen_keys_replace_the_default_and_are_remembered(qtbot: QtBot, owner: QWidget) -> None:
    called: list[str] = []
    settings = Settings()

    def make() -> Commands:
        commands = Commands(settings)
        add = commands.add
        add("a", "A", lambda: called.append("a"), "D", owner=owner, category="x")
        return commands

    commands = make()
    commands.set_keys("a", ["Ctrl+J", "J"])
    press(qtbot, owner, Qt.Key.Key_D)
    assert called == []
    press(qtbot, owner, Qt.Key.Key_J)
    assert called == ["a"]
    commands.get("a").action.deleteLater()
    again = make()
    assert again.get("a").keys == ("Ctrl+J", "J")
    again.reset_keys()
    assert again.get("a").keys == ("D",)
    assert settings.get("keys.a") is None


def test_who_holds_a_key(owner: QWidget) -> None:
    commands = Commands(Settings())
    commands.add("a", "A", print, "D", owner=owner, category="x")
    commands.add("b", "B", print, "Ctrl+D", owner=owner, category="x")
    assert [command.id for command in commands.holders("ctrl+d")] == ["b"]
    assert commands.holders(QKeySequence("F9").toString()) == []


def test_commands_of_a_page_that_is_gone_are_gone(qtbot: QtBot, owner: QWidget) -> None:
    from shiboken6 import delete

    commands = Commands(Settings())
    page = QWidget(owner)
    commands.add("a", "A", print, owner=page, category="x")
    delete(page)
    assert commands.all() == []
