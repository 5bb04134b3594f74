"""The window speaks another language at once, and loses nothing by that."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator
from pathlib import Path
from threading import Event
from typing import Any

import pytest
from PySide6.QtCore import QLocale
from PySide6.QtWidgets import QApplication, QDialogButtonBox
from pytestqt.qtbot import QtBot
from shiboken6 import isValid

from landmark_gui.core.i18n import tr
from landmark_gui.gui.language import speak
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.jobs.tasks import run_task
from tests.gui.furnished import furnished, settle, train


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path) -> Iterator[MainWindow]:
    with furnished(qtbot, tmp_path / "여행", tmp_path / "settings.toml") as made:
        yield made
    speak("en")


def switch(qtbot: QtBot, window: MainWindow, code: str) -> None:
    """Choose a language, and wait until all pages are there again."""
    window.context.commands.get(f"language.{code}").action.trigger()
    qtbot.waitUntil(lambda: not window.language.is_waiting and not window._kept)


def page(window: MainWindow, name: str) -> Any:
    return window.page(name)


def test_what_is_open_chosen_and_found_stays(qtbot: QtBot, window: MainWindow) -> None:
    train(window, end=True)
    window.show_page("label")
    label, evaluate, classify = (page(window, name) for name in ("label", "evaluate", "classify"))
    document = window.context.document
    document.set_current(3)
    box = next(iter(document.project.boxes_of(3)))
    label.canvas.select([box.id])
    classify.model.correct([classify.model.entries()[1].key], "green")
    entries, verdicts = classify.model.entries(), classify.verdicts()
    asked, commands = evaluate.asked.evaluation, {c.id for c in window.context.commands.all()}
    curve = page(window, "train").progress.chart.curve("loss")
    assert asked.answers and len(verdicts) == 4 and curve[0]
    settle(qtbot, window)

    switch(qtbot, window, "ko")

    assert window.current_page == "label" and window.context.document is document
    assert window._steps["train"].text() == "학습"
    assert document.current_id == 3 and page(window, "label").canvas.selected() == [box.id]
    assert page(window, "evaluate").asked.evaluation is asked
    assert page(window, "classify").model.entries() == entries
    assert page(window, "classify").verdicts() == verdicts
    trained = page(window, "train")
    assert trained.progress.chart.curve("loss") == curve
    assert "학습" in trained.progress.log.toPlainText() and "90" in trained.result.title.text()
    assert {c.id for c in window.context.commands.all()} == commands
    assert window.context.settings.get("language", "") == "ko"
    document.undo()  # heard once, by the new parts alone
    assert window.menus._redo.text() == document.redo_text != "Redo"


def test_a_training_goes_on_and_its_end_is_heard(qtbot: QtBot, window: MainWindow) -> None:
    train(window, end=False)
    switch(qtbot, window, "ko")
    worker: Any = window.context.worker
    now = page(window, "train")
    assert now.cancel_button.isVisible() and now.progress.chart.curve("val_loss") == ([1], [0.6])
    epoch = {"event": "epoch", "epochs": 2, "epoch": 2, "loss": 0.4, "accuracy": 0.5}
    worker.event_received.emit({**epoch, "val_loss": 0.5, "val_accuracy": 0.4, "best": True})
    assert now.progress.chart.curve("val_loss") == ([1, 2], [0.6, 0.5])
    worker.task = ""


def test_the_language_waits_for_what_would_be_lost(qtbot: QtBot, window: MainWindow) -> None:
    done = Event()
    heard: list[bool] = []
    run_task(lambda: done.wait(10), heard.append, owner=page(window, "label"))
    window.context.commands.get("language.ko").action.trigger()
    qtbot.waitUntil(lambda: "한국어" in window._banner.text(), timeout=5_000)
    assert window.language.is_waiting and window._steps["train"].text() == "Train"
    done.set()
    qtbot.waitUntil(lambda: not window.language.is_waiting)
    assert heard == [True] and window._steps["train"].text() == "학습"


def test_nothing_is_left_of_the_old_parts(qtbot: QtBot, window: MainWindow) -> None:
    old = [window.page(name) for name in window._pages] + [window.menus, window._welcome]
    gone = [weakref.ref(one) for one in old]
    switch(qtbot, window, "ko")
    assert not any(isValid(one) for one in old)
    del old
    gc.collect()
    assert not [one() for one in gone if one() is not None]
    settle(qtbot, window)
    widgets = len(QApplication.allWidgets())
    for code in ("en", "ko"):
        switch(qtbot, window, code)
        settle(qtbot, window)
    assert len(QApplication.allWidgets()) == widgets


def test_qt_speaks_the_language_too(qtbot: QtBot) -> None:
    cancel = QDialogButtonBox.StandardButton.Cancel
    speak("ko")
    assert QDialogButtonBox(cancel).button(cancel).text() == "취소"
    assert QLocale().language() == QLocale.Language.Korean
    speak("en")
    assert QDialogButtonBox(cancel).button(cancel).text() == "Cancel"
    assert tr("Undo") == "Undo"
