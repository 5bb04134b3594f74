"""The bars of the most probable classes: some of them or all."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QScrollArea
from pytestqt.qtbot import QtBot

from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify.top_classes import TopClasses
from landmark_gui.gui.widgets.class_bars import row_height
from landmark_gui.inference.classifier import Verdict
from tests.gui.classify_page import NO

SHARES = [0.4, 0.2, 0.1, *([0.3 / 17] * 17)]
TOP = tuple((f"tower {n}", share) for n, share in enumerate(SHARES))


@pytest.fixture
def top(qtbot: QtBot) -> TopClasses:
    made = TopClasses(Settings())
    qtbot.addWidget(made)
    made.resize(260, 400)
    made.show()
    made.set_classes(len(TOP))
    made.show_verdict(Verdict(None, "tower 0", 0.4, False, TOP, 0.4))
    qtbot.waitExposed(made)
    return made


def height(top: TopClasses) -> int:
    return top.findChild(QScrollArea).height()


def test_three_five_or_all_are_shown_and_said(qtbot: QtBot, top: TopClasses) -> None:
    said = "Most probable landmarks: tower 0 40%, tower 1 20%, tower 2 10%"
    assert top.bars.accessibleName() == said and height(top) == 3 * row_height()
    top.choice.setFocus()
    qtbot.keyClick(top.choice, Qt.Key.Key_Down)
    assert top.bars.accessibleName().count("tower") == 5 and height(top) == 5 * row_height()
    qtbot.keyClick(top.choice, Qt.Key.Key_Down)
    assert top.bars.accessibleName().endswith("tower 19 2%")
    assert top.bars.height() == 20 * row_height() and height(top) == 8 * row_height()


def test_all_are_reached_by_wheel_and_by_key(qtbot: QtBot, top: TopClasses) -> None:
    top.choice.setCurrentIndex(2)
    area = top.findChild(QScrollArea)
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 0)
    at = QPointF(40, 40)
    wheel = QWheelEvent(
        at,
        top.bars.mapToGlobal(at),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        NO,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(area.viewport(), wheel)
    assert area.verticalScrollBar().value() > 0
    qtbot.keyClick(area, Qt.Key.Key_PageDown)
    qtbot.keyClick(area, Qt.Key.Key_PageDown)
    assert area.verticalScrollBar().value() == area.verticalScrollBar().maximum()


def test_the_choice_is_remembered(qtbot: QtBot, top: TopClasses) -> None:
    top.choice.setCurrentIndex(1)
    again = TopClasses(top._settings)
    qtbot.addWidget(again)
    assert again.choice.currentData() == 5
    top._settings.set("classify.top", 77)
    other = TopClasses(top._settings)
    qtbot.addWidget(other)
    assert other.choice.currentData() == 3


def test_a_model_of_few_classes_leaves_no_gap(top: TopClasses) -> None:
    top.set_classes(2)
    assert height(top) == 2 * row_height()
    assert top.bars.accessibleName().count("tower") == 2


def test_a_bar_is_as_long_as_its_share(qtbot: QtBot, top: TopClasses) -> None:
    picture, colour = top.bars.grab().toImage(), QColor(theme.colors().accent).rgb()
    rows = [y for y in range(row_height()) if picture.pixel(picture.width() // 4, y) == colour]
    assert rows
    line = [picture.pixel(x, rows[len(rows) // 2]) for x in range(picture.width())]
    assert line.count(colour) == pytest.approx(0.4 * picture.width(), abs=4)
