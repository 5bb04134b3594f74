from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from landmark_gui.gui.widgets import status_text
from landmark_gui.gui.widgets.status_text import StatusText


@pytest.fixture
def status(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> StatusText:
    monkeypatch.setattr(status_text, "SAID_MS", 20)
    made = StatusText()
    qtbot.addWidget(made)
    made.hold("62 photos")
    return made


def test_what_was_said_gives_way_to_what_holds(qtbot: QtBot, status: StatusText) -> None:
    status.say("1 box was copied.")
    assert status.text() == "1 box was copied."
    qtbot.waitUntil(lambda: status.text() == "62 photos")


def test_what_holds_from_now_on_is_shown_at_once_and_stays(
    qtbot: QtBot, status: StatusText
) -> None:
    status.say("1 box was copied.")
    status.hold("63 photos")
    qtbot.wait(60)
    assert status.text() == "63 photos"


def test_nothing_said_shows_what_holds(status: StatusText) -> None:
    status.say("Opening…")
    status.say("")
    assert status.text() == "62 photos"
