"""Folders that change while they are open: real files, the real watcher."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits, scan
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui import folder_watch, photo_scan
from landmark_gui.gui.activity import Activities
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.folder_watch import FolderWatch
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.label import LabelPage
from landmark_gui.gui.scan_status import ScanStatus
from tests.conftest import draw_photo

Open = Callable[[Path], Document]
LEFT = Qt.MouseButton.LeftButton

pytestmark = pytest.mark.changes_photos


@pytest.fixture(autouse=True)
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """The program waits for seconds; here it waits for moments."""
    monkeypatch.setattr(folder_watch, "QUIET_MS", 60)
    monkeypatch.setattr(photo_scan, "FRESH_NS", 300_000_000)
    monkeypatch.setattr(photo_scan, "AGAIN_MS", 150)
    monkeypatch.setattr(photo_scan, "MISSING_MS", 150)


@pytest.fixture
def document(qtbot: QtBot, open_document: Open, photo_folder: Callable[..., Path]) -> Document:
    """Red Tower/IMG_1.jpg … IMG_3.jpg, watched; a box on each."""
    document = open_document(photo_folder(each=3, landmarks=("Red Tower",)))
    document.do(edits.add_landmark(document.project, "Tower"))
    for photo in document.project.photos.values():
        document.do(edits.add_box(photo.id, 1, Rect(photo.id, 2, 30, 40)))
    quiet(qtbot, document)
    return document


def said(signal: object) -> list[object]:
    heard: list[object] = []
    signal.connect(heard.append)  # type: ignore[attr-defined]  # a bound Qt signal
    return heard


def states(document: Document) -> dict[str, str]:
    return {photo.path: photo.state for photo in document.project.photos.values()}


def quiet(qtbot: QtBot, document: Document) -> None:
    """Wait until no look is under way and none is due."""
    looks = document._scan
    qtbot.waitUntil(lambda: looks._task is None and not looks._later.isActive())


def test_a_watched_folder_tells_of_files_that_come_and_go(qtbot: QtBot, tmp_path: Path) -> None:
    watch = FolderWatch()
    watch.set_folders([tmp_path])
    for change in (
        lambda: (tmp_path / "a.jpg").write_bytes(b"1"),
        lambda: (tmp_path / "a.jpg").rename(tmp_path / "b.jpg"),
        lambda: (tmp_path / "b.jpg").unlink(),
    ):
        with qtbot.waitSignal(watch.changed):
            change()


def test_many_changes_are_told_once_and_none_after_the_end(qtbot: QtBot, tmp_path: Path) -> None:
    watch, told = FolderWatch(), []
    watch.changed.connect(lambda: told.append(1))
    watch.set_folders([tmp_path])
    for number in range(50):
        (tmp_path / f"{number}.jpg").write_bytes(b"1")
    qtbot.waitUntil(lambda: bool(told))
    qtbot.wait(200)
    assert told == [1]
    (tmp_path / "0.jpg").unlink()
    watch.stop()
    qtbot.wait(200)
    assert told == [1]


def test_changes_without_end_are_told_in_between(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(folder_watch, "PATIENCE_MS", 200)
    watch, told, number = FolderWatch(), [], 0
    watch.changed.connect(lambda: told.append(1))
    watch.set_folders([tmp_path])
    while not told and number < 200:
        (tmp_path / f"{number}.jpg").write_bytes(b"1")
        number += 1
        qtbot.wait(30)
    assert told


def test_other_folders_take_the_place_of_the_watched_ones(qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "new").mkdir()
    watch, told = FolderWatch(), []
    watch.changed.connect(lambda: told.append(1))
    watch.set_folders([tmp_path / "old"])
    watch.set_folders([tmp_path / "new", tmp_path / "not there"])
    (tmp_path / "old" / "a.jpg").write_bytes(b"1")
    qtbot.wait(200)
    assert not told
    with qtbot.waitSignal(watch.changed):
        (tmp_path / "new" / "a.jpg").write_bytes(b"1")


def test_a_new_photo_is_noticed_without_being_asked(qtbot: QtBot, document: Document) -> None:
    news = said(document.photos_news)
    draw_photo(document.photos_dir / "Red Tower" / "new.jpg", "Red Tower", 9)
    qtbot.waitUntil(lambda: bool(news))
    assert states(document)["Red Tower/new.jpg"] == "ok"
    assert news == ["1 new photo"]


def test_photos_in_a_new_folder_are_noticed_and_the_folder_is_watched(
    qtbot: QtBot, document: Document
) -> None:
    for number in (1, 2):
        with qtbot.waitSignal(document.photos_changed):
            draw_photo(document.photos_dir / "Gate" / f"{number}.jpg", "Blue Gate", number)
        quiet(qtbot, document)
    assert len(document.project.photos) == 5


def test_a_photo_that_is_moved_brings_its_boxes_along(qtbot: QtBot, document: Document) -> None:
    news, folder = said(document.photos_news), document.photos_dir
    first = document.project.photos[1]
    (folder / "sorted").mkdir()
    (folder / first.path).rename(folder / "sorted" / "first.jpg")
    qtbot.waitUntil(lambda: bool(news))
    assert document.project.photos[1].path == "sorted/first.jpg"
    assert [box.rect.x for box in document.project.boxes_of(1)] == [1]
    assert states(document)["sorted/first.jpg"] == "ok" and len(document.project.photos) == 3
    assert news == ["1 photo was moved"]
    document.close()
    with ProjectStore.open(document.path, read_only=True) as store:
        assert store.load() == document.project


def test_a_photo_that_is_deleted_is_missing_until_it_is_back(
    qtbot: QtBot, document: Document, tmp_path: Path
) -> None:
    news, path = said(document.photos_news), document.photo_path(document.project.photos[2])
    path.rename(tmp_path / "away.jpg")
    qtbot.waitUntil(lambda: news == ["1 photo is missing"])
    assert document.project.photos[2].state == "missing"
    assert len(document.project.boxes_of(2)) == 1
    (tmp_path / "away.jpg").rename(path)
    qtbot.waitUntil(lambda: news[1:] == ["1 photo is back"])
    assert set(states(document).values()) == {"ok"}


def test_a_photo_that_is_still_being_copied_is_tried_again(
    qtbot: QtBot, document: Document, tmp_path: Path
) -> None:
    complaints, news = said(document.message), said(document.photos_news)
    draw_photo(tmp_path / "whole.jpg", "Red Tower", 9)
    content = (tmp_path / "whole.jpg").read_bytes()
    with (document.photos_dir / "copied.jpg").open("wb") as copy:
        copy.write(content[:100])
        copy.flush()
        qtbot.waitUntil(lambda: states(document).get("copied.jpg") == "unreadable")
        copy.write(content[100:])  # no watcher tells of that
    qtbot.waitUntil(lambda: states(document)["copied.jpg"] == "ok")
    qtbot.waitUntil(lambda: bool(news))
    assert complaints == []


def test_coming_back_to_the_window_looks_and_says_nothing_if_all_is_as_it_was(
    qtbot: QtBot, document: Document
) -> None:
    quiet(qtbot, document)
    application = QGuiApplication.instance()
    heard = said(document.photos_news)
    document.photos_changed.connect(lambda: heard.append("photos"))
    document.save_state.connect(heard.append)
    with qtbot.waitSignal(document.scan_finished) as finished:
        application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert finished.args == [0] and heard == []
    changed = document.photo_path(document.project.photos[1])
    changed.write_bytes(changed.read_bytes()[:-9])  # in place: no watcher tells of that
    with qtbot.waitSignal(document.photos_changed):
        application.applicationStateChanged.emit(Qt.ApplicationState.ApplicationActive)
    assert document.project.photos[1].size == changed.stat().st_size


def test_a_missing_folder_is_said_once_and_found_when_it_is_back(
    qtbot: QtBot, document: Document
) -> None:
    missing = said(document.folder_missing)
    away = document.photos_dir.rename(document.photos_dir.with_name("away"))
    document.start_scan()
    qtbot.waitUntil(lambda: bool(missing))
    qtbot.wait(400)  # it is looked for again and again
    assert len(missing) == 1 and set(states(document).values()) == {"ok"}
    with qtbot.waitSignal(document.folder_changed):
        away.rename(document.photos_dir)


def test_large_photos_get_their_hash_later_and_nothing_shows(
    qtbot: QtBot, open_document: Open, photo_folder: Callable[..., Path], monkeypatch
) -> None:
    monkeypatch.setattr(scan, "HASHED_AT_ONCE", 10)
    folder = photo_folder(each=3)
    document = open_document(folder)
    shown = said(document.photos_news)
    document.photos_changed.connect(lambda: shown.append("photos"))
    qtbot.waitUntil(lambda: all(photo.hash for photo in document.project.photos.values()))
    assert shown == []
    document.close()
    with ProjectStore.open(document.path, read_only=True) as store:
        assert store.load() == document.project


def test_a_closed_document_looks_no_more(qtbot: QtBot, document: Document) -> None:
    looks = said(document.scan_finished)
    document.close()
    draw_photo(document.photos_dir / "new.jpg", "Red Tower", 9)
    document.start_scan()
    qtbot.wait(300)
    assert looks == []


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document) -> LabelPage:
    page = LabelPage(context)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    context.set_document(document)
    qtbot.waitUntil(page.canvas.has_image)
    return page


def test_photos_that_come_leave_the_person_where_they_are(
    qtbot: QtBot, page: LabelPage, document: Document
) -> None:
    document.set_current(2)
    qtbot.waitUntil(page.canvas.has_image)
    box = document.project.boxes_of(2)[0].id
    page.canvas.select([box])
    for number in range(30):
        draw_photo(document.photos_dir / "Aqueduct" / f"{number}.jpg", "Blue Gate", number)
    qtbot.waitUntil(lambda: page.photos.model.rowCount() == 33)
    assert document.current_id == 2 and page.canvas.selected() == [box]
    assert page.photos.list.currentIndex().row() == 31
    scroll = page.photos.list.verticalScrollBar()
    scroll.setValue(400)  # away from the photo on show
    top = page.photos.list.indexAt(QPoint(5, 5)).data()
    draw_photo(document.photos_dir / "Aqueduct" / "0 first.jpg", "Blue Gate", 99)
    qtbot.waitUntil(lambda: page.photos.model.rowCount() == 34)
    assert page.photos.list.indexAt(QPoint(5, 5)).data() == top
    assert document.current_id == 2 and page.canvas.selected() == [box]


@pytest.mark.parametrize("on_show", [1, 2])
def test_a_photo_that_is_renamed_is_listed_anew_and_the_one_on_show_stays(
    qtbot: QtBot, page: LabelPage, document: Document, on_show: int
) -> None:
    document.set_current(on_show)
    shown = said(document.current_changed)
    folder = document.photos_dir / "Red Tower"
    (folder / "IMG_1.jpg").rename(folder / "IMG_9.jpg")
    qtbot.waitUntil(lambda: document.project.photos[1].path.endswith("IMG_9.jpg"))
    model, row = page.photos.model, page.photos.list.currentIndex().row()
    assert shown == [] and model.photo_id(row) == on_show
    document.set_current(3)
    names = [model.index(row).data() for row in range(3)]
    assert names == ["IMG_2.jpg", "IMG_3.jpg", "IMG_9.jpg"]


def test_names_that_were_exchanged_are_listed_as_they_are(
    qtbot: QtBot, page: LabelPage, document: Document
) -> None:
    folder = document.photos_dir / "Red Tower"
    for old, new in (("IMG_1", "t"), ("IMG_3", "IMG_1"), ("t", "IMG_3")):
        (folder / f"{old}.jpg").rename(folder / f"{new}.jpg")
    qtbot.waitUntil(lambda: document.project.photos[1].path.endswith("IMG_3.jpg"))
    model = page.photos.model
    document.set_current(2)  # the one on show keeps its place for as long as it is
    assert [model.photo_id(row) for row in range(3)] == [3, 2, 1]
    assert [model.row_of(id_) for id_ in (3, 2, 1)] == [0, 1, 2]


def test_a_missing_photo_says_what_to_do(qtbot: QtBot, page: LabelPage, document: Document) -> None:
    document.photo_path(document.project.photos[1]).unlink()
    qtbot.waitUntil(lambda: page.findChild(object, "missing_photo") is not None)
    photo: Photo = document.project.photos[1]
    assert page.photos.model.state_text(photo) == "Missing: the file was moved or deleted"
    assert page.canvas.photo_rect().isEmpty()
    assert page.photos.model.readable == 2


@pytest.fixture
def window(qtbot: QtBot, context: AppContext, document: Document) -> MainWindow:
    window = MainWindow(context)
    qtbot.addWidget(window, before_close_func=lambda _: context.set_document(None))
    window.show()
    context.set_document(document)
    document.start_scan()
    return window


def test_a_folder_that_was_moved_is_located_again(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path, monkeypatch
) -> None:
    asked: list[bool] = []
    monkeypatch.setattr(window.opening, "relocate", lambda folder: asked.append(True))
    monkeypatch.setattr(
        "landmark_gui.gui.opening.QFileDialog.getExistingDirectory",
        lambda *_: str(tmp_path / "elsewhere"),
    )
    page = window.page("label")
    assert isinstance(page, LabelPage)
    document.photos_dir.rename(tmp_path / "elsewhere")
    document.start_scan()
    action = window.findChild(QPushButton, "banner_action")
    qtbot.waitUntil(action.isVisible)
    qtbot.mouseClick(action, LEFT)
    assert asked == [True]
    monkeypatch.undo()
    with qtbot.waitSignals([document.folder_changed, document.scan_finished]):
        window.opening.relocate(tmp_path / "elsewhere")
    assert not action.isVisible()
    qtbot.waitUntil(page.canvas.has_image)
    assert set(states(document).values()) == {"ok"} and len(document.project.photos) == 3
    document.close()
    with ProjectStore.open(document.path, read_only=True) as store:
        assert store.photos_dir == tmp_path / "elsewhere"


def test_a_photo_that_does_not_open_shows_that_the_folder_is_gone(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path
) -> None:
    page, folder = window.page("label"), document.photos_dir
    assert isinstance(page, LabelPage)
    qtbot.waitUntil(lambda: page.canvas.has_image() and document.current_id is not None)
    folder.rename(tmp_path / "elsewhere")
    page.middle.photo_refused.emit()
    action = window.findChild(QPushButton, "banner_action")
    qtbot.waitUntil(action.isVisible)
    (tmp_path / "elsewhere").rename(folder)
    qtbot.waitUntil(lambda: not document._folder_missing)


def test_a_folder_without_a_photo_of_the_project_is_refused(
    qtbot: QtBot, window: MainWindow, document: Document, tmp_path: Path
) -> None:
    draw_photo(tmp_path / "others" / "a.jpg", "Blue Gate", 5)
    before = document.photos_dir
    with qtbot.waitSignal(window.opening.failed) as refused:
        window.opening.relocate(tmp_path / "others")
    assert "others" in refused.args[0] and document.photos_dir == before


def test_the_status_line_tells_the_news_and_how_many_photos_there_are(
    qtbot: QtBot, window: MainWindow, document: Document
) -> None:
    folder = document.photos_dir
    qtbot.waitUntil(lambda: window._status.text() == f"0 of 3 photos done in {folder}")
    shutil.copy(document.photo_path(document.project.photos[1]), folder / "copy.jpg")
    qtbot.waitUntil(
        lambda: window._status.text() == f"0 of 4 photos done in {folder} · 1 new photo"
    )


def test_a_long_look_is_counted(
    qtbot: QtBot, open_document: Open, photo_folder: Callable[..., Path], monkeypatch
) -> None:
    monkeypatch.setattr(photo_scan, "SILENT_FOR", 0.0)
    monkeypatch.setattr(photo_scan, "TELL_EVERY", 0.0)
    monkeypatch.setattr(scan, "HASHED_AT_ONCE", 10)
    monkeypatch.setattr(scan, "FIRST_BATCH", 2)
    folder = photo_folder(each=2, landmarks=("Red Tower",))
    document = open_document(folder)
    quiet(qtbot, document)
    activities, texts, held = Activities(), [], []
    activities.changed.connect(lambda: texts.extend(a.text for a in activities.current()))
    ScanStatus(document, held.append, activities)
    for number in range(4):
        draw_photo(folder / f"{number}.jpg", "Red Tower", number)
    qtbot.waitUntil(lambda: held[-1:] == [f"0 of 6 photos done in {folder} · 4 new photos"])
    assert "Looking at photos: 2 of 4" in texts
    assert any("Reading the photos once" in text for text in texts)


@pytest.mark.changes_photos
def test_a_photo_that_is_missing_is_not_counted_as_in_the_folder(
    qtbot: QtBot, window: MainWindow, document: Document
) -> None:
    folder, photos = document.photos_dir, len(document.project.photos)
    qtbot.waitUntil(lambda: f"0 of {photos} photos done in {folder}" in window._status.text())
    document.photo_path(document.project.photos[1]).unlink()
    gone = f"0 of {photos - 1} photos done in {folder} · 1 photo is missing"
    qtbot.waitUntil(lambda: window._status.text() == gone, timeout=15_000)
