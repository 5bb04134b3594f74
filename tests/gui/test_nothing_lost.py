"""The window keeps a person's work: killed, on a full disk, with a project from a stranger."""

from __future__ import annotations

import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QMessageBox
from pytestqt.qtbot import QtBot

from landmark_gui.core import backups, scan
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui import saving
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from tests.gui.journey import opened
from tests.originals import contents
from tests.rows import box_edit

ROOT = Path(__file__).parents[2]
EDIT_IN_A_WINDOW = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from landmark_gui.core.project_opening import read_project
from landmark_gui.gui.document import Document
from tests.rows import box_edit
application = QGuiApplication([])
document = Document(read_project(Path(sys.argv[1])))
def draw():
    for _ in range(3):
        number = len(document.history)
        document.do(box_edit(number))
    document.when_saved(lambda: said(number))
def said(number):
    print(number, flush=True)
    QTimer.singleShot(0, draw)
QTimer.singleShot(0, draw)
application.exec()
"""


@pytest.fixture
def project(photo_folder: Callable[..., Path]) -> Path:
    """A project of four photos in two folders, labelled by them."""
    folder = photo_folder(each=2)
    path = folder.parent / "views.landmarks"
    with ProjectStore.create(path, folder) as store:
        for batch in scan.new_photos(store.load(), folder):
            store.put_photos(batch)
        project = store.load()
        store.commit(scan.labels_from_folders(project, project.photos.values()))
    return path


@pytest.mark.skipif(sys.platform == "win32", reason="needs SIGKILL")
def test_what_the_window_calls_saved_survives_its_death(project: Path) -> None:
    dice = random.Random(1)
    last = 1
    for _ in range(5):
        command = [sys.executable, "-c", EDIT_IN_A_WINDOW, str(project)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as window:
            assert window.stdout is not None
            told = [int(window.stdout.readline()) for _ in range(dice.randrange(1, 20))]
            time.sleep(dice.uniform(0, 0.01))
            window.kill()
            told += [int(line) for line in window.stdout.read().splitlines()]
        with ProjectStore.open(project) as store:
            drawn = [int(box.rect.x) for box in store.load().boxes.values()]
            assert drawn == list(range(1, len(drawn) + 1)) and len(drawn) >= max(told)
            assert len(drawn) > last
            last = len(drawn)
            assert store.undo() is not None and store.redo() is not None


@pytest.fixture
def window(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(saving, "RETRY_MS", 50)
    close = QMessageBox.StandardButton.Close
    monkeypatch.setattr(QMessageBox, "warning", lambda *_: close)
    window = MainWindow(AppContext())
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def save_state(window: MainWindow) -> str:
    label = window.findChild(QLabel, "save_state")
    assert label is not None
    return label.text()


@pytest.mark.skipif(os.name == "nt", reason="open files cannot be moved there")
def test_the_window_says_in_words_what_becomes_of_the_file(
    project: Path, window: MainWindow, qtbot: QtBot
) -> None:
    window.opening.open(project)
    document = opened(qtbot, window.context, window, photos=4)
    document.do(box_edit(1))
    qtbot.waitUntil(lambda: save_state(window) == "All changes saved")
    away = project.parent.rename(project.parent.with_name("unplugged"))
    document.do(box_edit(2))
    qtbot.waitUntil(lambda: save_state(window) == "Not saved yet – trying again")
    assert str(project) in window._banner.text()
    away.rename(project.parent)
    qtbot.waitUntil(lambda: save_state(window) == "All changes saved")
    project.unlink()
    document.do(box_edit(3))
    qtbot.waitUntil(lambda: "written anew" in window._banner.text())
    with ProjectStore.open(project, read_only=True) as store:
        assert store.load() == document.project and len(document.project.boxes) == 3


def test_a_project_can_be_opened_again_to_write_once_the_other_window_is_closed(
    project: Path, window: MainWindow, qtbot: QtBot
) -> None:
    other = ProjectStore.open(project)
    window.opening.open(project)
    document = opened(qtbot, window.context, window, photos=4)
    assert document.read_only and "open it again" in window._banner.text()
    other.close()
    with qtbot.waitSignal(window.context.document_changed):
        window.opening.open(project)
    qtbot.waitUntil(lambda: window.context.document is not None)
    assert not window.context.document.read_only


def test_a_write_is_not_repeated_for_what_follows_it(
    qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    def fail() -> str:
        raise ZeroDivisionError

    queue, done = saving.SaveQueue(None, fail), []
    queue.add(lambda: done.append("once"))
    qtbot.waitUntil(lambda: queue.state == "saved")
    assert done == ["once"] and "ZeroDivisionError" in caplog.text


def test_a_long_session_is_backed_up_on_the_way(
    project: Path, window: MainWindow, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backups, "EVERY_EDITS", 10)
    window.opening.open(project)
    document = opened(qtbot, window.context, window, photos=4)
    (first,) = backups.copies(project)
    first.rename(first.with_name("views-2026-01-02-101010.landmarks"))
    for number in range(15):
        document.do(box_edit(number))
    qtbot.waitUntil(lambda: save_state(window) == "All changes saved")
    newest, _ = backups.copies(project)
    with ProjectStore.open(newest, read_only=True) as store:
        assert 10 <= len(store.load().boxes) <= 15


LONG = "Tour <img src='file:///etc/passwd'> & <b>bold</b>\n\u202e\x00" + "N" * 100_000
HOSTILE_ROWS = (
    ("UPDATE landmarks SET name = ?, color = ?, key = ?", (LONG, "url(x)", "../")),
    ("UPDATE photos SET reason = ?, taken = ?, modified = ?", (LONG, LONG, 2**63 - 1)),
    ("UPDATE photos SET path = ? WHERE id = 3", ("../../../etc/passwd",)),
    ("UPDATE photos SET width = 5, height = 900000000 WHERE id = 2", ()),
    ("UPDATE edits SET kind = ?, time = ?", (LONG, 2**62)),
    ("INSERT INTO boxes VALUES ('huge', 1, 1, -1e9, -1e9, 1e9, 1e9, 0)", ()),
    ("INSERT INTO boxes VALUES ('tiny', 1, 1, 5, 5, 0, 0, 0)", ()),
    ("INSERT INTO boxes VALUES ('../../out', 1, 1, 5, 5, 9, 9, 0)", ()),
    ("INSERT INTO splits VALUES (1, ?)", (LONG,)),
)
HOSTILE_PAGES = (
    {"crops": 5, "label": [], "train": {"a": "b"}, "augment": None},
    {"crops": {"size": -5, "out": LONG, "use": "nothing"}, "label": {"zoom": 1e308}},
    {"crops": {"size": 10**300, "margin": 10**9}, "window": {"x": {}}},
)


@pytest.mark.parametrize("pages", HOSTILE_PAGES)
def test_a_strangers_project_is_shown_on_every_page(
    project: Path, window: MainWindow, qtbot: QtBot, pages: object
) -> None:
    with closing(sqlite3.connect(project, isolation_level=None)) as connection:
        for statement, values in HOSTILE_ROWS:
            connection.execute(statement, values)
        settings = json.dumps(pages)
        connection.execute("INSERT INTO settings VALUES ('pages', ?)", (settings,))
    photos = contents(project.parent / "photos")
    window.opening.open(project)
    document = opened(qtbot, window.context, window, photos=4)  # 3 is known by its content
    assert "1 of 3 boxes could not be read" in document.notice
    assert {box.id for box in document.project.boxes.values()} == {"huge", "tiny"}
    for photo in document.project.photos:
        document.set_current(photo)
        qtbot.wait(20)
    for name in PAGES:
        window.show_page(name)
        qtbot.wait(50)
    window.show_page("label")
    document.do(box_edit(1))
    document.go_to(0)
    document.go_to(len(document.history))
    window.grab()
    qtbot.waitUntil(lambda: save_state(window) == "All changes saved")
    assert contents(project.parent / "photos") == photos


def test_opening_what_is_open_already_leaves_no_word_behind(qtbot, window, photo_folder) -> None:
    window.opening.open(photo_folder(each=1))
    qtbot.waitUntil(lambda: window.context.document is not None)
    document, status = window.context.document, window._status
    with qtbot.waitSignal(document.scan_finished):
        document.start_scan()
    window.opening.open(document.path)
    assert status.text().startswith("Opening")
    qtbot.waitUntil(lambda: not status.text().startswith("Opening"))
    assert window.context.document is document
