"""Ways by which photos come to the Classify page by themselves: a watched folder, large folders."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.errors import Cancelled
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage, intake, watching
from landmark_gui.gui.pages.classify.intake import expanded
from landmark_gui.gui.pages.classify.watching import FolderFollower

RED, GREEN = (255, 0, 0), (0, 255, 0)


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tiny_model: Path) -> ClassifyPage:
    context.set_model(tiny_model)
    made = ClassifyPage(context)
    qtbot.addWidget(made)
    made.resize(1100, 700)
    made.show()
    qtbot.waitUntil(lambda: made.card.name.text() == "colours")
    return made


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to watch with a photo in it; looks follow each other quickly."""
    monkeypatch.setattr(watching, "AGAIN_MS", 30)
    monkeypatch.setattr(watching, "RESCAN_MS", 60)
    made = tmp_path / "in"
    made.mkdir()
    paint(made / "old.png", RED)
    return made


def paint(path: Path, color: tuple[int, int, int]) -> Path:
    Image.new("RGB", (60, 40), color).save(path)
    return path


def names(page: ClassifyPage) -> list[str]:
    return [entry.name for entry in page.model.entries()]


def watch(qtbot: QtBot, page: ClassifyPage, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(folder))
    start = page.findChild(QPushButton, "watch_button")
    assert start is not None and start.isVisible()
    with qtbot.waitSignal(page.watch_bar.follower.found):
        QTest.mouseClick(start, Qt.MouseButton.LeftButton)


def test_a_folder_is_added_by_button_and_key(
    qtbot: QtBot, page: ClassifyPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = folder / "more"
    inner.mkdir()
    paint(inner / "new.png", GREEN)
    chosen = [str(inner), str(folder)]
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: chosen.pop(0))
    add = page.findChild(QPushButton, "folder_button")
    assert add is not None and add.isVisible()
    QTest.mouseClick(add, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: names(page) == ["new.png"])
    keys = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    QTest.keyClick(page.list, Qt.Key.Key_F, keys)
    qtbot.waitUntil(lambda: sorted(names(page)) == ["new.png", "old.png"])


def test_new_photos_of_a_watched_folder_are_classified_as_they_come(
    qtbot: QtBot, page: ClassifyPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    watch(qtbot, page, folder, monkeypatch)
    assert page.watch_bar.isVisible()
    assert page.watch_bar.text() == (f"Watching {folder}: new photos are classified as they come.")
    (folder / "notes.txt").write_text("no photo")
    paint(folder / "a.png", GREEN)
    qtbot.waitUntil(lambda: len(page.verdicts()) == 1)
    (folder / "deep").mkdir()
    paint(folder / "deep/b.png", RED)
    qtbot.waitUntil(lambda: len(page.verdicts()) == 2)
    assert names(page) == ["a.png", "b.png"]
    assert page.list.currentIndex().row() == 0  # the one on show stays
    assert "2 came, the last at " in page.watch_bar.text()
    stop = page.watch_bar.findChild(QPushButton, "stop_watching")
    assert stop is not None
    QTest.mouseClick(stop, Qt.MouseButton.LeftButton)
    paint(folder / "c.png", RED)
    qtbot.wait(300)
    assert names(page) == ["a.png", "b.png"] and not page.watch_bar.isVisible()


def test_a_file_that_is_still_written_waits_and_one_that_changes_is_asked_again(
    qtbot: QtBot, page: ClassifyPage, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    watch(qtbot, page, folder, monkeypatch)
    whole = paint(tmp_path / "whole.png", GREEN).read_bytes()
    slow = folder / "slow.png"
    slow.write_bytes(whole[:60])
    qtbot.waitUntil(lambda: len(page.model.entries("failed")) == 1)  # it rested, half written
    slow.write_bytes(whole)
    qtbot.waitUntil(lambda: len(page.verdicts()) == 1)
    assert page.verdicts()[0].label == "green" and names(page) == ["slow.png"]


def test_a_file_is_not_told_before_it_was_the_same_twice(
    qtbot: QtBot, qapp: object, folder: Path
) -> None:
    follower, told = FolderFollower(qapp), list[list[str]]()  # type: ignore[arg-type]
    follower.folder, follower._began = folder, True
    follower.arrived.connect(lambda paths: told.append([path.name for path in paths]))
    growing, done = folder / "growing.png", folder / "done.png"
    follower._tell({growing: (1, 1), done: (9, 1)})
    assert told == []
    follower._tell({growing: (2, 2), done: (9, 1)})
    assert told == [["done.png"]]
    follower._tell({growing: (2, 2), done: (9, 1)})
    assert told == [["done.png"], ["growing.png"]]
    follower.deleteLater()


def test_a_folder_that_goes_away_is_said_and_looked_for(
    qtbot: QtBot, page: ClassifyPage, folder: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    watch(qtbot, page, folder, monkeypatch)
    folder.rename(tmp_path / "away")
    qtbot.waitUntil(lambda: "cannot be watched just now" in page.watch_bar.text())
    paint(tmp_path / "away/new.png", GREEN)
    (tmp_path / "away").rename(folder)
    qtbot.waitUntil(lambda: names(page) == ["new.png"])
    page.watch_bar.stop()


def test_a_large_folder_shows_progress_and_can_be_cancelled(
    qtbot: QtBot, page: ClassifyPage, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page.intake._silence.setInterval(0)
    reached, go_on = threading.Event(), threading.Event()

    def slowly(path: Path) -> bool:
        reached.set()
        return go_on.wait(20)

    monkeypatch.setattr(intake.images, "is_photo", slowly)
    paint(folder / "second.png", RED)
    page.add_photos([folder])
    qtbot.waitUntil(lambda: reached.is_set() and page.intake.progress.isVisible())
    cancel = page.intake.progress.findChild(QPushButton, "cancel_button")
    assert cancel is not None
    QTest.mouseClick(cancel, Qt.MouseButton.LeftButton)
    go_on.set()
    qtbot.waitUntil(lambda: not page.intake.progress.isVisible())
    assert names(page) == []


def test_a_folder_is_looked_through_with_progress(folder: Path) -> None:
    (folder / "notes.txt").write_text("no photo")
    seen: list[tuple[int, int]] = []
    found = expanded([folder, Path("given.txt")], lambda done, total: seen.append((done, total)))
    assert [path.name for path in found] == ["old.png", "given.txt"]
    assert seen == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        expanded([folder], cancel=lambda: True)
