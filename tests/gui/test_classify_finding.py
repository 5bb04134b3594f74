"""The search for the best box, on the Classify page."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core.errors import Cancelled, ImageError, never_cancelled, no_progress
from landmark_gui.core.geometry import Rect
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.inference import localizing
from landmark_gui.inference.classifier import Classifier
from landmark_gui.inference.localizing import Located
from tests.gui.classify_page import GREY, LEFT, RED, drag, opened, plain, settled
from tests.tiny_bundle import write_tiny_bundle

CROPS = {"training": {"use": "crops"}}
SQUARE = Rect(320, 120, 200, 200)


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return write_tiny_bundle(tmp_path / "crops.landmark-model", size=32, **CROPS)


def tower(path: Path) -> Path:
    """A grey photo with a red square."""
    photo = Image.new("RGB", (600, 400), GREY)
    photo.paste(RED, (320, 120, 520, 320))
    photo.save(path)
    return path


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, model: Path, tmp_path: Path) -> ClassifyPage:
    photos = [tower(tmp_path / f"{n}.png") for n in range(3)]
    return opened(qtbot, context, model, *photos)


def entry(page: ClassifyPage, row: int = 0) -> Entry:
    return page.model.entries()[row]


def click(qtbot: QtBot, page: ClassifyPage, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button.isVisible() and button.isEnabled()
    qtbot.mouseClick(button, LEFT)


def tick_each(qtbot: QtBot, page: ClassifyPage) -> QCheckBox:
    each = page.findChild(QCheckBox, "find_each_box")
    assert each.isVisible()
    qtbot.keyClick(each, Qt.Key.Key_Space)
    return each


def idle(qtbot: QtBot, page: ClassifyPage) -> None:
    qtbot.waitUntil(lambda: not page.panel.parts.finding.busy, timeout=20_000)


Locate = Callable[..., "Located | None"]


@pytest.fixture
def located(monkeypatch: pytest.MonkeyPatch) -> Callable[[Locate], None]:
    """Puts another search in the place of the real one."""

    def put(search: Locate) -> None:
        monkeypatch.setattr(localizing, "locate_photo", search)

    return put


def at(rect: Rect) -> Locate:
    """A search that finds this box on every photo."""

    def search(classifier, path, cancel=never_cancelled, progress=no_progress, top_k=3):
        box = (rect.x, rect.y, rect.w, rect.h)
        whole = classifier.classify(path, top_k)
        return Located(box, classifier.classify(path, top_k, box), whole, 7)

    return search


def test_no_part_is_offered_of_a_photo_that_cannot_be_read(
    qtbot: QtBot, context: AppContext, model: Path, tmp_path: Path
) -> None:
    whole = tower(tmp_path / "whole.png")
    broken = tmp_path / "broken.png"
    broken.write_bytes(whole.read_bytes()[:200])
    page = opened(qtbot, context, model, whole, broken)
    find = page.findChild(QPushButton, "find_box_button")
    for row, readable in ((0, True), (1, False), (0, True)):
        page.list.setCurrentIndex(page.model.index(row))
        assert find.isEnabled() == readable
        assert page.panel.part_card.words.isVisible() == readable


def test_a_key_finds_the_part_that_shows_the_landmark(qtbot: QtBot, page: ClassifyPage) -> None:
    assert page.panel.title.text() == "Unknown"
    qtbot.keyClick(page.list, Qt.Key.Key_B)
    qtbot.waitUntil(lambda: entry(page).box is not None, timeout=20_000)
    found = Rect(*entry(page).box)
    assert abs(found.center[0] - 420) < 60 and abs(found.center[1] - 220) < 60
    assert page.panel.title.text() == "red" and "Of the part of" in page.panel.detail.text()
    assert page.panel.photo.canvas.part() == found
    assert page.panel.part_card.words.text().startswith("Found after a look at ")
    column = page.panel.part_card.parentWidget()
    assert column.minimumSizeHint().width() <= column.parentWidget().width()  # nothing is cut off
    whole = entry(page).whole
    assert whole.box is None and whole.unknown
    click(qtbot, page, "take_back_box_button")
    assert entry(page).box is None and entry(page).verdict == whole
    assert page.panel.photo.canvas.part() is None
    assert not page.findChild(QPushButton, "take_back_box_button").isVisible()


def test_taking_it_back_brings_the_box_that_was_drawn_before(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    located(at(SQUARE))
    drag(qtbot, page, (20, 20), (200, 200))
    mine = entry(page).box
    click(qtbot, page, "find_box_button")
    qtbot.waitUntil(lambda: entry(page).box == (320, 120, 200, 200))
    click(qtbot, page, "take_back_box_button")
    assert entry(page).box == mine
    qtbot.waitUntil(lambda: entry(page).verdict.box == mine)


def test_a_found_box_that_is_moved_is_the_persons_own(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    located(at(SQUARE))
    click(qtbot, page, "find_box_button")
    qtbot.waitUntil(lambda: entry(page).box is not None)
    drag(qtbot, page, (420, 220), (400, 210))
    assert not page.findChild(QPushButton, "take_back_box_button").isVisible()


def test_a_photo_that_is_best_as_a_whole_stays_whole(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    def whole(classifier, path, cancel, progress, top_k):
        verdict = classifier.classify(path, top_k)
        return Located((0, 0, 600, 400), verdict, verdict, 9)

    located(whole)
    click(qtbot, page, "find_box_button")
    said = page.panel.part_card.words
    qtbot.waitUntil(lambda: said.text() == "No part of the photo is better than all of it.")
    assert entry(page).box is None


def test_the_search_shows_how_far_it_is_and_is_cancelled(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    ended = threading.Event()

    def endless(classifier, path, cancel, progress, top_k):
        progress(30, 120)
        while not cancel():
            ended.wait(0.005)
        ended.set()
        raise Cancelled

    located(endless)
    click(qtbot, page, "find_box_button")
    progress = page.panel.part_card.progress
    qtbot.waitUntil(lambda: progress.bar.maximum() == 120 and progress.bar.value() == 30)
    qtbot.mouseClick(progress.findChild(QPushButton, "cancel_button"), LEFT)
    assert not progress.isVisible() and entry(page).box is None
    assert ended.wait(20)


def test_each_photo_is_searched_now_and_later_and_taken_back(
    qtbot: QtBot,
    context: AppContext,
    page: ClassifyPage,
    located: Callable[[Locate], None],
    tmp_path: Path,
) -> None:
    located(at(SQUARE))
    status: list[str] = []
    context.status_changed.connect(status.append)
    drag(qtbot, page, (20, 20), (200, 200))
    mine = entry(page).box
    tick_each(qtbot, page)
    idle(qtbot, page)
    assert [e.box for e in page.model.entries()] == [mine, *[(320, 120, 200, 200)] * 2]
    assert [verdict.label for verdict in page.verdicts()][1:] == ["red", "red"]
    assert status[-1] == "3 photos classified, 1 unknown"
    page.add_photos([tower(tmp_path / "late.png")])
    qtbot.waitUntil(lambda: page.model.rowCount() == 4)
    settled(qtbot, page)
    idle(qtbot, page)
    assert entry(page, 3).box == (320, 120, 200, 200)
    tick_each(qtbot, page)
    assert [e.box for e in page.model.entries()] == [mine, None, None, None]
    assert all(verdict.unknown for verdict in page.verdicts()[1:])


def test_cancel_keeps_the_boxes_that_were_found_and_the_rest_can_be_searched_later(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    seen: list[str] = []

    def first_only(classifier, path, cancel, progress, top_k):
        seen.append(path.name)
        while len(seen) > 1 and not cancel():
            pass
        if cancel():
            raise Cancelled
        return at(SQUARE)(classifier, path, cancel, progress, top_k)

    located(first_only)
    each = tick_each(qtbot, page)
    progress = page.panel.part_card.progress
    qtbot.waitUntil(lambda: progress.bar.maximum() == 3 and progress.bar.value() == 1)
    qtbot.mouseClick(progress.findChild(QPushButton, "cancel_button"), LEFT)
    assert not each.isChecked() and not progress.isVisible()
    assert [e.box is not None for e in page.model.entries()] == [True, False, False]
    located(at(SQUARE))
    tick_each(qtbot, page)
    idle(qtbot, page)
    assert all(e.box is not None for e in page.model.entries())


def test_a_box_that_is_drawn_meanwhile_stays(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    gate = threading.Event()

    def late(*arguments):
        assert gate.wait(20)
        return at(SQUARE)(*arguments)

    located(late)
    click(qtbot, page, "find_box_button")
    drag(qtbot, page, (20, 20), (200, 200))
    mine = entry(page).box
    gate.set()
    idle(qtbot, page)
    assert entry(page).box == mine


def test_photos_taken_off_the_list_are_not_searched(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    gate, seen = threading.Event(), []

    def slow(classifier, path, *more):
        seen.append(path.name)
        assert gate.wait(20)
        return at(SQUARE)(classifier, path, *more)

    located(slow)
    tick_each(qtbot, page)
    qtbot.waitUntil(lambda: len(seen) == 1)
    page._remove({entry(page, 0).key, entry(page, 1).key})
    gate.set()
    idle(qtbot, page)
    assert seen == ["0.png", "2.png"] and entry(page).box == (320, 120, 200, 200)


def test_a_photo_that_cannot_be_read_is_said_and_the_next_one_searched(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    def broken(classifier, path, *more):
        if path.name == "0.png":
            raise ImageError(path, "it is gone")
        return at(SQUARE)(classifier, path, *more)

    located(broken)
    tick_each(qtbot, page)
    idle(qtbot, page)
    assert page.panel.part_card.words.text() == "it is gone"
    assert [e.box is not None for e in page.model.entries()] == [False, True, True]


def test_a_model_that_fails_ends_the_search_in_words(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    def failing(*_):
        raise RuntimeError("the interpreter gave up")

    located(failing)
    click(qtbot, page, "find_box_button")
    said = page.panel.part_card.words
    qtbot.waitUntil(lambda: said.text() == "the interpreter gave up")
    assert not page.panel.part_card.progress.isVisible()


def test_another_model_forgets_what_was_found_but_not_what_was_drawn(
    qtbot: QtBot,
    context: AppContext,
    page: ClassifyPage,
    located: Callable[[Locate], None],
    tmp_path: Path,
) -> None:
    located(at(SQUARE))
    drag(qtbot, page, (20, 20), (200, 200))
    mine = entry(page).box
    each = tick_each(qtbot, page)
    idle(qtbot, page)
    context.set_model(write_tiny_bundle(tmp_path / "photos.landmark-model"))
    qtbot.waitUntil(lambda: page.card.name.text() == "photos")
    settled(qtbot, page)
    assert [e.box for e in page.model.entries()] == [mine, None, None]
    assert not each.isVisible()  # it learned from whole photos
    assert page.findChild(QPushButton, "find_box_button").isVisible()


def test_the_search_does_not_wait_for_the_gui_thread(
    qtbot: QtBot, page: ClassifyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked_on: set[int] = set()
    ask = Classifier.ask

    def watched(self, images):
        asked_on.add(threading.get_ident())
        return ask(self, images)

    monkeypatch.setattr(Classifier, "ask", watched)
    click(qtbot, page, "find_box_button")
    qtbot.waitUntil(lambda: entry(page).box is not None, timeout=20_000)
    assert asked_on and threading.get_ident() not in asked_on


def test_without_a_photo_there_is_nothing_to_search(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    page.list.setCurrentIndex(page.model.index(-1))
    assert not page.findChild(QPushButton, "find_box_button").isEnabled()
    plain(tmp_path / "unused.png", RED)


def test_what_was_found_is_judged_by_the_threshold_in_use(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    located(at(SQUARE))
    qtbot.keyClick(page.panel.unknown.slider, Qt.Key.Key_Home)
    click(qtbot, page, "find_box_button")
    qtbot.waitUntil(lambda: entry(page).box is not None)
    click(qtbot, page, "take_back_box_button")
    assert not entry(page).verdict.unknown


def test_the_photo_on_show_is_searched_before_those_that_wait(
    qtbot: QtBot, page: ClassifyPage, located: Callable[[Locate], None]
) -> None:
    gate, seen = threading.Event(), []

    def slow(classifier, path, *more):
        seen.append(path.name)
        assert gate.wait(20)
        return at(SQUARE)(classifier, path, *more)

    located(slow)
    tick_each(qtbot, page)
    qtbot.waitUntil(lambda: len(seen) == 1)
    qtbot.keyClick(page.list, Qt.Key.Key_End)
    click(qtbot, page, "find_box_button")
    click(qtbot, page, "find_box_button")  # a second time changes nothing
    gate.set()
    idle(qtbot, page)
    assert seen == ["0.png", "2.png", "1.png"]
