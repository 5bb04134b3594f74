"""Work for which there is no room begins only if the person wants it."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core.disk_space import Need
from landmark_gui.gui.room import when_room


@pytest.mark.parametrize("answer", [QMessageBox.StandardButton.Ignore, None])
def test_work_without_room_is_asked_about(qtbot: QtBot, tmp_path: Path, answer: object) -> None:
    owner, done = QWidget(), []
    qtbot.addWidget(owner)
    go, give_up = lambda: done.append("go"), lambda: done.append("not")
    when_room(owner, lambda: [Need(tmp_path, 10**18)], go, give_up)
    qtbot.waitUntil(lambda: owner.findChild(QMessageBox) is not None)
    box = owner.findChild(QMessageBox)
    assert "1000000000.0 GB" in box.text() and done == []
    if answer is None:
        box.reject()
    else:
        box.button(answer).click()
    assert done == (["not"] if answer is None else ["go"])


def test_work_with_room_begins(qtbot: QtBot, tmp_path: Path) -> None:
    owner, done = QWidget(), []
    qtbot.addWidget(owner)
    when_room(owner, lambda: [Need(tmp_path, 1)], lambda: done.append("go"))
    when_room(owner, lambda: 1 / 0, lambda: done.append("nobody knows"))  # type: ignore[arg-type, return-value]
    qtbot.waitUntil(lambda: sorted(done) == ["go", "nobody knows"])
    assert owner.findChild(QMessageBox) is None
