"""Where there is nothing, a sentence says why, and a button is the next step."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.widgets.common import EmptyState
from tests.gui.journey import opened


@pytest.fixture
def project(qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]) -> MainWindow:
    """Photos without a label."""
    window.opening.open(photo_folder(each=2))
    opened(qtbot, window.context, window, photos=4)
    return window


def sentences(widget: QWidget) -> list[str]:
    texts = (label.text() for label in widget.findChildren(QLabel) if label.isVisible())
    return [text for text in texts if text.endswith((".", "…"))]


def next_step(qtbot: QtBot, page: QWidget) -> QPushButton:
    """The button of the empty state that `page` shows, once it has found out."""

    def found() -> list[QPushButton]:
        buttons = page.findChildren(QPushButton, "empty_state_action")
        return [button for button in buttons if button.isVisible()]

    qtbot.waitUntil(lambda: len(found()) == 1, timeout=10_000)
    (button,) = found()
    state = button
    while not isinstance(state, EmptyState):
        state = state.parentWidget()
    assert sentences(state), "no sentence"
    assert button.text() and button.isEnabled()
    return button


@pytest.mark.parametrize(
    ("name", "leads_to"),
    [
        ("dataset", "label"),
        ("quality", "label"),
        ("augment", "label"),
        ("compare", "label"),
        ("runs", "train"),
        ("evaluate", "train"),
    ],
)
def test_a_page_without_what_it_needs_leads_to_where_that_is_made(
    qtbot: QtBot, project: MainWindow, name: str, leads_to: str
) -> None:
    project.show_page(name)
    next_step(qtbot, project.page(name)).click()
    assert project.current_page == leads_to


@pytest.mark.parametrize("name", ["label", "dataset", "quality", "augment", "compare"])
def test_without_a_project_a_page_asks_for_photos(
    qtbot: QtBot, context: AppContext, name: str
) -> None:
    from landmark_gui.gui.page_list import page_class

    page = page_class(name)(context)
    qtbot.addWidget(page)
    page.show()
    with qtbot.waitSignal(context.open_folder_requested):
        next_step(qtbot, page).click()


def test_a_folder_without_photos_asks_for_another(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    window.opening.open(tmp_path / "empty")
    opened(qtbot, window.context, window, photos=0)
    qtbot.waitUntil(lambda: window._status.text() == f"No photos in {tmp_path / 'empty'}")
    window.context.open_folder_requested.disconnect()
    with qtbot.waitSignal(window.context.open_folder_requested):
        next_step(qtbot, window.page("label")).click()


def test_training_without_landmarks_leads_to_the_boxes(qtbot: QtBot, project: MainWindow) -> None:
    project.show_page("train")
    page = project.page("train")
    qtbot.waitUntil(page.draw_button.isVisible)
    assert page.state.text() == "Draw boxes for at least two landmarks first."
    page.draw_button.click()
    assert project.current_page == "label"
    document = project.context.document
    assert document is not None
    document.label_by_folder()
    project.show_page("train")
    qtbot.waitUntil(lambda: not page.draw_button.isVisible())


def test_classify_without_a_model_leads_to_one(qtbot: QtBot, project: MainWindow) -> None:
    project.show_page("classify")
    page = project.page("classify")
    assert next_step(qtbot, page).text() == "Open model…"
    train = page.findChild(QPushButton, "go_to_train")
    assert train is not None and train.isVisible()
    train.click()
    assert project.current_page == "train"


def test_a_photo_that_is_missing_leads_to_the_next(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path], monkeypatch
) -> None:
    folder = photo_folder(each=2)
    (folder / "Green Dome" / "IMG_0.jpg").write_bytes(b"no photo")
    window.opening.open(folder)
    document = opened(qtbot, window.context, window, photos=5)
    qtbot.waitUntil(lambda: document.current_photo is not None)
    bad = next(photo.id for photo in document.project.photos.values() if photo.state != "ok")
    document.set_current(bad)
    next_step(qtbot, window.page("label")).click()
    qtbot.waitUntil(lambda: document.current_id != bad)


def test_without_faults_the_next_step_is_to_train(qtbot: QtBot, context: AppContext) -> None:
    from landmark_gui.gui.pages.quality.states import States

    states = States(context, QWidget())
    qtbot.addWidget(states)
    states.show()
    states.show_nothing(labelled=True)
    with qtbot.waitSignal(context.page_requested) as asked:
        next_step(qtbot, states).click()
    assert asked.args == ["train"]


def test_a_search_for_a_photo_without_a_hit_can_be_taken_back(
    qtbot: QtBot, project: MainWindow
) -> None:
    photos = project.page("label").photos
    photos.filters.search.setText("nowhere")
    qtbot.waitUntil(lambda: photos.findChild(QPushButton, "show_all_photos") is not None)
    assert "No photo passes the filter and the search." in sentences(photos)
    photos.findChild(QPushButton, "show_all_photos").click()
    qtbot.waitUntil(lambda: photos.model.rowCount() == 4)


def test_a_palette_without_a_hit_shows_all_commands_again(window: MainWindow) -> None:
    window.open_palette()
    palette = window._palette
    assert palette is not None
    palette.field.setText("qqqqqq")
    show_all = palette.findChild(QPushButton, "palette_show_all")
    assert show_all is not None and show_all.isVisible()
    assert sentences(palette) == ["Nothing is called that."]
    show_all.click()
    assert palette.isVisible() and palette.model.rowCount() > 5
    assert not show_all.isVisible()


def test_an_empty_history_says_what_will_stand_there(project: MainWindow) -> None:
    project.toggle_history()
    note = project._history.panel.findChild(QLabel, "history_note")
    assert note is not None and note.isVisible() and note.text().endswith("that moment.")
    document = project.context.document
    assert document is not None
    document.do(edits.add_landmark(document.project, "Tower"))
    document.do(edits.add_box(1, 1, Rect(1, 1, 9, 9)))
    assert not note.isVisible()


def test_a_search_for_a_run_without_a_hit_can_be_taken_back(
    qtbot: QtBot, project: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    project.show_page("runs")
    page = project.page("runs")
    page._runs = ("a run",)  # the table itself is empty, as after a search
    page._search("nowhere")
    page.search.setText("nowhere")
    show_all = page.findChild(QPushButton, "show_all_runs")
    assert show_all is not None
    show_all.click()
    assert page.search.text() == ""
    page._runs = ()
