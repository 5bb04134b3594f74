"""Failures that nobody expected reach the log and the person, from wherever they come."""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QTimer, qInstallMessageHandler, qWarning
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QListWidget, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import crash_dump, log_files
from landmark_gui.core.problem_report import Problem
from landmark_gui.gui import problems
from landmark_gui.gui.dialogs.about import AboutDialog
from landmark_gui.gui.dialogs.problem import ProblemDialog
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.jobs.tasks import run_task


@pytest.fixture
def watched(window: MainWindow) -> Iterator[problems.Problems]:
    """Failures are watched for as in the program, and as they were afterwards."""
    hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
    root = logging.getLogger()
    handlers, ours = [*root.handlers], logging.getLogger("landmark_gui")
    before, level = [*ours.handlers], ours.level
    qt = qInstallMessageHandler(None)
    yield problems.watch(window)
    qInstallMessageHandler(qt)
    sys.excepthook, threading.excepthook, sys.unraisablehook = hooks
    for handler in set(root.handlers) - set(handlers):
        root.removeHandler(handler)
        handler.close()
    ours.handlers[:] = before
    ours.setLevel(level)


def fail() -> None:
    raise ValueError("spilt <b>milk</b>")


def fail_in_slot() -> None:
    QTimer.singleShot(0, fail)


def fail_in_thread() -> None:
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()


def fail_in_task() -> None:
    run_task(fail, lambda _: None)


def shown(window: MainWindow) -> ProblemDialog:
    """What the button of the banner opens."""
    window._banner._button.click()
    return window.findChildren(ProblemDialog)[-1]


@pytest.mark.parametrize("where", [fail_in_slot, fail_in_thread, fail_in_task])
def test_a_failure_is_told_and_logged(
    where: object, window: MainWindow, watched: problems.Problems, qtbot: QtBot
) -> None:
    where()  # type: ignore[operator]
    qtbot.waitUntil(lambda: window._banner.isVisible())
    assert "spilt <b>milk</b>" in window._banner.text()
    dialog = shown(window)
    assert "Traceback" in dialog.text and "Last lines of the log" in dialog.text
    assert "spilt" in log_files.window_log().read_text("utf-8")
    dialog.findChild(QPushButton, "problem_copy").click()
    assert QGuiApplication.clipboard().text() == dialog.text
    assert dialog.findChild(QPlainTextEdit, "problem_details").toPlainText() == dialog.text


def test_a_failure_of_each_repaint_is_logged_once(watched: problems.Problems) -> None:
    for _ in range(50):
        try:
            fail()
        except ValueError as error:
            watched.caught(type(error), error, error.__traceback__)
    assert log_files.window_log().read_text("utf-8").count("Traceback") == 1


def test_what_qt_complains_about_is_logged(watched: problems.Problems) -> None:
    qWarning("the screen is upside down")
    assert "WARNING qt: the screen is upside down" in log_files.window_log().read_text("utf-8")


def test_a_crash_is_told_at_the_next_start(window: MainWindow, watched: problems.Problems) -> None:
    watched.tell_of_crash()
    assert not window._banner.isVisible()
    (log_files.log_folder() / "crash-1.txt").write_text("Fatal Python error: Aborted")
    watched.tell_of_crash()
    assert "ended unexpectedly" in window._banner.text()
    assert "Fatal Python error: Aborted" in shown(window).text
    assert (log_files.log_folder() / crash_dump.LAST).exists()


@pytest.mark.parametrize(("asked", "level"), [("debug", 10), ("WARNING", 30), ("loud", 20)])
def test_how_much_is_logged_can_be_said(
    asked: str, level: int, monkeypatch: pytest.MonkeyPatch, watched: problems.Problems
) -> None:
    monkeypatch.setenv("LANDMARK_GUI_LOG", asked)
    problems.start_logging()
    assert logging.getLogger("landmark_gui").level == level


def test_without_a_folder_for_logs_failures_are_told_all_the_same(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, request
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("LANDMARK_GUI_SETTINGS", str(tmp_path / "file"))
    watched = request.getfixturevalue("watched")
    watched.show(Problem("It failed.", "Do something.", "because"))
    dialog = shown(window)
    assert "because" in dialog.text and "Last lines" not in dialog.text


def test_the_about_dialog_names_packages_and_licences(qtbot: QtBot) -> None:
    dialog = AboutDialog()
    qtbot.addWidget(dialog)
    listing = dialog.findChild(QListWidget, "about_packages")
    qtbot.waitUntil(lambda: listing.count() > 10)
    numpy = next(i for i in range(listing.count()) if listing.item(i).text().startswith("numpy "))
    listing.setCurrentRow(numpy)
    licence = dialog.findChild(QPlainTextEdit, "about_licence")
    qtbot.waitUntil(lambda: "Redistribution" in licence.toPlainText())
    dialog.findChild(QPushButton, "about_copy").click()
    assert "tensorflow: 2." in QGuiApplication.clipboard().text()


def test_a_window_that_cannot_be_made_is_told_with_what_to_do(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[ProblemDialog] = []
    monkeypatch.setattr(ProblemDialog, "exec", lambda dialog: told.append(dialog))
    try:
        fail()
    except ValueError as error:
        problems.tell_no_window(error)
    qtbot.addWidget(told[0])
    assert "spilt" in told[0].text and "fail()" in told[0].text


def test_the_menu_shows_the_logs(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "landmark_gui.gui.file_manager.QDesktopServices.openUrl",
        lambda url: opened.append(url.toLocalFile()),
    )
    window.context.commands.get("help.log_folder").action.trigger()
    assert opened == [os.fspath(log_files.log_folder())] and log_files.log_folder().is_dir()
