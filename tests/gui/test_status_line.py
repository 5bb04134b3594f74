"""The line at the bottom always says one thing, and leads to it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.gui import theme
from landmark_gui.gui.activity import Activities
from landmark_gui.gui.widgets import status_line
from landmark_gui.gui.widgets.common import ProgressRow
from landmark_gui.gui.widgets.status_line import StatusLine


@pytest.fixture
def activities(qapp: object) -> Activities:
    return Activities()


@pytest.fixture
def line(qtbot: QtBot, activities: Activities, monkeypatch: pytest.MonkeyPatch) -> StatusLine:
    monkeypatch.setattr(status_line, "SAID_MS", 20)
    made = StatusLine(activities)
    qtbot.addWidget(made)
    made.resize(500, 30)
    made.show()
    made.hold("3 of 62 photos done")
    return made


def part(line: StatusLine, name: str) -> QToolButton:
    found = line.findChild(QToolButton, name)
    assert found is not None
    return found


def test_what_was_said_gives_way_to_what_holds(qtbot: QtBot, line: StatusLine) -> None:
    line.say("1 box was copied.")
    assert line.text() == "1 box was copied."
    qtbot.waitUntil(lambda: line.text() == "3 of 62 photos done")


def test_what_goes_on_is_shown_until_it_is_over(line: StatusLine, activities: Activities) -> None:
    activities.show("train", "Training: epoch 1 of 9", "train")
    line.say("1 box was copied.")
    assert line.text() == "1 box was copied."
    line.say("")
    activities.show("train", "Training: epoch 2 of 9", "train")
    line.hold("4 of 62 photos done")
    assert line.text() == "Training: epoch 2 of 9"
    activities.end("train")
    activities.end("train")
    assert line.text() == "4 of 62 photos done"


def test_what_was_begun_last_stands_first_and_the_rest_is_counted(
    qtbot: QtBot, line: StatusLine, activities: Activities
) -> None:
    more = part(line, "status_more")
    activities.show("scan", "Looking at photos: 1 of 9", "label")
    assert not more.isVisible()
    activities.show("train", "Training: epoch 1 of 9", "train")
    activities.show("scan", "Looking at photos: 2 of 9", "label")
    assert line.text() == "Training: epoch 1 of 9"
    assert more.isVisible() and more.text() == "+1"
    more.menu().aboutToShow.emit()
    (entry,) = more.menu().actions()
    assert entry.text() == "Looking at photos: 2 of 9"
    with qtbot.waitSignal(line.page_requested) as asked:
        entry.trigger()
    assert asked.args == ["label"]


@pytest.mark.parametrize("by_key", [False, True])
def test_the_line_leads_to_the_page_of_what_goes_on(
    qtbot: QtBot, line: StatusLine, activities: Activities, by_key: bool
) -> None:
    text = part(line, "status_text")
    assert text.focusPolicy() == Qt.FocusPolicy.NoFocus
    activities.show("train", "Training: epoch 1 of 9", "train")
    assert text.focusPolicy() == Qt.FocusPolicy.TabFocus
    assert text.accessibleName() == text.toolTip() == "Training: epoch 1 of 9"
    with qtbot.waitSignal(line.page_requested) as asked:
        if by_key:
            QTest.keyClick(text, Qt.Key.Key_Space)
        else:
            QTest.mouseClick(text, Qt.MouseButton.LeftButton)
    assert asked.args == ["train"]


def test_what_can_be_stopped_is_stopped_from_there(
    line: StatusLine, activities: Activities
) -> None:
    cancelled: list[bool] = []
    cancel = part(line, "status_cancel")
    activities.show("open", "Opening…")
    assert not cancel.isVisible()
    activities.show("sample", "Drawing…", cancel=lambda: cancelled.append(True))
    assert cancel.isVisible() and cancel.accessibleName() == "Cancel: Drawing…"
    cancel.click()
    assert cancelled == [True]


def test_a_text_that_is_too_long_is_cut_and_its_tooltip_has_it_all(
    line: StatusLine, activities: Activities
) -> None:
    long = "Opening /home/somebody/" + "a long way down/" * 20
    activities.show("open", long)
    assert line.minimumSizeHint().width() < 200
    assert line.width() == 500
    assert part(line, "status_text").toolTip() == long


def test_tab_comes_to_the_line_after_what_was_made_later(
    qtbot: QtBot, activities: Activities
) -> None:
    window, line = QWidget(), StatusLine(activities)
    qtbot.addWidget(window)
    line.setParent(window)
    later = [QPushButton("page", window), QPushButton("another", window)]
    QLabel("no stop", window)
    activities.show("sample", "Drawing…", "train", cancel=lambda: None)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    later[0].setFocus()
    way: list[QWidget] = [later[0]]
    for _ in range(3):
        QTest.keyClick(way[-1], Qt.Key.Key_Tab)
        reached = QApplication.focusWidget()
        assert reached is not None
        way.append(reached)
    assert way[1] is later[1]
    assert [stop.objectName() for stop in way[2:]] == ["status_text", "status_cancel"]


def test_a_progress_bar_tells_what_it_shows_until_it_is_hidden(
    qtbot: QtBot, activities: Activities
) -> None:
    row = ProgressRow("Saving crops", cancellable=True)
    qtbot.addWidget(row)
    row.hide()
    activities.follow(row, "dataset")
    row.start()
    assert activities.current() == []
    row.show()
    row.set(3, 9)
    (told,) = activities.current()
    assert (told.text, told.page) == ("Saving crops · 3 of 9", "dataset")
    assert told.cancel is not None
    with qtbot.waitSignal(row.cancelled):
        told.cancel()
    row.hide()
    assert activities.current() == []


@pytest.mark.parametrize("text", ["Ready", "3 of 62 photos done", "A study: illi, Wm, fi"])
def test_a_text_has_just_the_room_that_it_needs(line: StatusLine, text: str) -> None:
    line.hold(text)
    shown = part(line, "status_text")
    room = shown.sizeHint().width() - 2 * theme.M
    assert shown.fontMetrics().elidedText(text, Qt.TextElideMode.ElideMiddle, room) == text
