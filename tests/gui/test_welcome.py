"""The page before anything is open: three ways in, a place to drop, recent projects."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.welcome import WelcomePage
from landmark_gui.gui.recent_projects import RecentRow
from tests.gui.journey import click


@pytest.fixture
def page(qtbot: QtBot, context: AppContext) -> Iterator[WelcomePage]:
    page = WelcomePage(context)
    qtbot.addWidget(page)
    page.resize(900, 700)
    page.show()
    yield page


@pytest.fixture
def projects(context: AppContext, photo_folder: Callable[..., Path], open_document) -> list[Path]:
    """A project with photos, and one whose file is gone."""
    document = open_document(photo_folder(each=2))
    gone = document.path.with_name("gone.landmarks")
    context.settings.remember_project(gone)
    context.settings.remember_project(document.path)
    document.close()
    return [document.path, gone]


def looked(qtbot: QtBot, page: WelcomePage) -> list[RecentRow]:
    page.recent.fill()
    page.recent.look()
    qtbot.waitUntil(lambda: all(row.state for row in page.recent.rows()))
    return page.recent.rows()


@pytest.mark.parametrize(
    ("name", "signal"),
    [
        ("open_folder", "open_folder_requested"),
        ("open_project", "open_project_requested"),
        ("open_sample", "sample_requested"),
    ],
)
def test_there_are_three_ways_in_by_mouse_and_by_key(
    qtbot: QtBot, page: WelcomePage, context: AppContext, name: str, signal: str
) -> None:
    with qtbot.waitSignal(getattr(context, signal)):
        click(page, name)
    way = page.findChild(QPushButton, name)
    assert way is not None and way.accessibleName() and way.accessibleDescription()
    with qtbot.waitSignal(getattr(context, signal)):
        QTest.keyClick(way, Qt.Key.Key_Space)


def test_without_recent_projects_there_is_no_list(page: WelcomePage) -> None:
    assert not page.recent.isVisible()


def test_recent_projects_say_where_they_are_and_how_far(
    qtbot: QtBot, page: WelcomePage, projects: list[Path]
) -> None:
    there, gone = looked(qtbot, page)
    assert there.path == projects[0]
    assert there.state.startswith("Today") and there.state.endswith("0 of 4 photos done")
    assert there.open_button.accessibleName() == f"Open {projects[0].stem}"
    assert gone.state == "The file is not there any more."
    assert not gone.open_button.isEnabled() and gone.locate_button.isVisible()
    with qtbot.waitSignal(page.project_chosen) as chosen:
        QTest.mouseClick(there.open_button, Qt.MouseButton.LeftButton)
    assert chosen.args == [projects[0]]


def test_a_project_taken_off_the_list_stays_on_the_disk(
    qtbot: QtBot, page: WelcomePage, projects: list[Path], context: AppContext
) -> None:
    there, _ = looked(qtbot, page)
    there.forget_button.click()
    assert context.settings.texts("recent") == [str(projects[1])]
    assert [row.path for row in page.recent.rows()] == [projects[1]]
    assert projects[0].is_file()


def test_a_project_that_was_moved_is_found_again(
    qtbot: QtBot,
    page: WelcomePage,
    projects: list[Path],
    context: AppContext,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    _, gone = looked(qtbot, page)
    moved = gone.path.with_name("moved.landmarks")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(moved), ""))
    with qtbot.waitSignal(page.project_chosen) as chosen:
        gone.locate_button.click()
    assert chosen.args == [moved]
    assert context.settings.texts("recent") == [str(projects[0]), str(moved)]


def test_a_project_that_cannot_be_read_has_a_date_alone(
    qtbot: QtBot, page: WelcomePage, context: AppContext, tmp_path: Path
) -> None:
    damaged, empty = tmp_path / "damaged.landmarks", tmp_path / "empty.landmarks"
    damaged.write_bytes(b"no project")
    ProjectStore.create(empty, tmp_path).close()
    for path in (empty, damaged):
        context.settings.remember_project(path)
    assert all("photo" not in row.state for row in looked(qtbot, page))


def test_the_page_shows_that_something_may_be_dropped(
    qtbot: QtBot, page: WelcomePage, tmp_path: Path
) -> None:
    data, buttons, keys = QMimeData(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    data.setUrls([QUrl.fromLocalFile(str(tmp_path))])
    copy, at = Qt.DropAction.CopyAction, QPoint(50, 50)
    zone = page._drop
    before = zone._text.text()
    page.dragEnterEvent(QDragEnterEvent(at, copy, data, buttons, keys))
    assert zone._text.text() == "Let go to open it."
    page.dragLeaveEvent(QDragLeaveEvent())
    assert zone._text.text() == before
    with qtbot.waitSignal(page.dropped) as dropped:
        page.dropEvent(QDropEvent(at.toPointF(), copy, data, buttons, keys))
    assert dropped.args == [[tmp_path]]
