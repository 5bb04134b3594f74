"""Settings reset and garbled, recent projects: what every program of the desktop does."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QMessageBox, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.app import make_application
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.recent_menu import RecentMenu


def test_a_reset_is_explained_done_and_taken_back(window: MainWindow, qtbot: QtBot) -> None:
    settings = window.context.settings
    settings.set("theme", "dark")
    settings.save()
    window.context.commands.get("help.reset").action.trigger()
    box = window.findChild(QMessageBox)
    assert "photos" in box.informativeText() and "own keys" in box.informativeText()
    next(b for b in box.findChildren(QPushButton) if "Reset" in b.text()).click()
    assert Settings(settings.path).get("theme", "") == ""
    window._banner._button.click()  # Undo
    assert Settings(settings.path).get("theme", "") == "dark"


def test_work_that_runs_is_named_before_the_window_closes(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = [QMessageBox.StandardButton.Cancel, QMessageBox.StandardButton.Close]
    asked: list[str] = []

    def question(*arguments: Any) -> QMessageBox.StandardButton:
        asked.append(arguments[2])
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    sorting, crops, report = (window.page(name) for name in ("classify", "dataset", "evaluate"))
    window.context.exporter.task = "convert"
    for job in (sorting.sorting._job, crops._saving, report.exporting._job):
        monkeypatch.setattr(job, "_task", object())
    assert not window.close() and window.isVisible()
    for said in ("model is being exported", "can be taken back", "Crops are", "evaluation is"):
        assert said in asked[0]
    assert window.close()
    assert len(asked) == 2


class Garbled(Settings):
    """Says of each key something that it cannot mean, of the type that is asked for."""

    def get(self, key: str, default: Any = None) -> Any:
        rng = random.Random(key)
        odd: dict[type, list[Any]] = {
            str: ["\0", "쓰레기", "{", "[1", "-1", "x" * 5_000, '{"a": [1]}', "[[]]"],
            bool: [True, False],
            int: [-1, 10**12, 0],
            float: [float("nan"), float("inf"), -1e300],
            list: [["", "\0", "Ctrl+"], [1, {}], []],
        }
        return rng.choice(odd.get(type(default), [None]))


def test_settings_of_another_world_prevent_no_start(qtbot: QtBot) -> None:
    settings = Garbled()
    make_application(settings)
    context = AppContext(settings)
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    for page in ("label", "augment", "train"):
        window.page(page).show()
    window.close()
    theme.apply("system")


def test_recent_projects_have_numbers_and_those_that_are_gone_are_grey(
    qtbot: QtBot, context: AppContext, tmp_path: Path
) -> None:
    chosen: list[Path] = []
    menu = RecentMenu(context.settings, chosen.append, None)
    qtbot.addWidget(menu)
    there, gone = tmp_path / "A & B.landmarks", tmp_path / "gone.landmarks"
    there.touch()
    context.settings.remember_project(there)
    context.settings.remember_project(gone)
    menu.aboutToShow.emit()
    first, second = menu.actions()[:2]
    assert first.text().startswith("&1 gone\t") and second.text().startswith("&2 A && B\t")
    qtbot.waitUntil(lambda: not first.isEnabled())
    assert first.text() == "&1 gone\tnot there"
    second.trigger()
    assert chosen == [there]
    menu.actions()[-1].trigger()
    menu.aboutToShow.emit()
    assert [action.text() for action in menu.actions()] == ["None yet"]
