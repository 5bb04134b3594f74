"""The large photo of the Classify page: zoom, steps, filmstrip, the whole page for it."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QSplitter, QToolButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import images
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage
from landmark_gui.gui.pages.classify.list_query import ListQuery, SortBy
from tests.gui.classify_page import BLUE, GREEN, LEFT, NO, RED, opened, plain, press

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tiny_model: Path, tmp_path: Path) -> ClassifyPage:
    colours = (RED, GREEN, BLUE)
    photos = [plain(tmp_path / f"{n}.png", colours[n % 3]) for n in range(6)]
    return opened(qtbot, context, tiny_model, *photos)


def scale(page: ClassifyPage) -> float:
    return page.panel.photo.canvas.scale_factor()


def shown(page: ClassifyPage) -> str:
    return page.panel.photo.canvas.accessibleName()


def test_keys_zoom_as_on_the_label_page(qtbot: QtBot, page: ClassifyPage) -> None:
    fitted = scale(page)
    assert page.panel.photo.canvas.shows_all() and fitted < 1
    qtbot.keyClick(page.list, Qt.Key.Key_1, CONTROL)
    assert scale(page) == pytest.approx(1.0)
    assert page.findChild(QToolButton, "zoom_level").text() == "100 %"
    qtbot.keyClick(page.list, Qt.Key.Key_Plus, CONTROL)
    assert scale(page) == pytest.approx(1.25)
    qtbot.keyClick(page.list, Qt.Key.Key_F)
    assert scale(page) == pytest.approx(fitted)


def test_the_wheel_zooms_at_the_pointer_and_space_pans(qtbot: QtBot, page: ClassifyPage) -> None:
    canvas, at = page.panel.photo.canvas, QPointF(60, 80)
    before, under = scale(page), canvas.to_photo(at)
    wheel = QWheelEvent(
        at,
        canvas.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, 480),
        Qt.MouseButton.NoButton,
        NO,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas.viewport(), wheel)
    assert scale(page) > 1.9 * before
    assert (canvas.to_photo(at) - under).manhattanLength() < 2
    seen = canvas.visible_rect()
    canvas.setFocus()
    qtbot.keyPress(canvas, Qt.Key.Key_Space)
    qtbot.mousePress(canvas.viewport(), LEFT, NO, QPoint(100, 100))
    qtbot.mouseMove(canvas.viewport(), QPoint(60, 90))
    qtbot.mouseRelease(canvas.viewport(), LEFT, NO, QPoint(60, 90))
    qtbot.keyRelease(canvas, Qt.Key.Key_Space)
    moved = canvas.visible_rect().topLeft() - seen.topLeft()
    assert moved.x() == pytest.approx(40 / scale(page), abs=2)
    assert canvas.part() is None  # and no box was drawn by that


def test_keys_and_buttons_step_through_the_list(qtbot: QtBot, page: ClassifyPage) -> None:
    assert shown(page) == "Photo 0.png"
    qtbot.keyClick(page.list, Qt.Key.Key_D)
    assert shown(page) == "Photo 1.png"
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_PageDown)
    assert shown(page) == "Photo 2.png"
    press(qtbot, page, "classify_previous")
    assert shown(page) == "Photo 1.png" and page.panel.title.text() == "green"
    for _ in range(3):
        qtbot.keyClick(page.list, Qt.Key.Key_A)
    assert shown(page) == "Photo 0.png"  # there is none before the first


def test_the_neighbours_are_decoded_ahead(qtbot: QtBot, page: ClassifyPage) -> None:
    loader = page.panel.photo.feed.loader
    entries = page.model.entries()
    qtbot.waitUntil(lambda: entries[1].path in loader._remembered)
    assert entries[3].path not in loader._remembered
    qtbot.keyClick(page.list, Qt.Key.Key_D)
    assert page.panel.photo.has_photo()  # at once, without a turn of the event loop


def test_the_filmstrip_has_the_list_in_its_order_and_follows_it(
    qtbot: QtBot, page: ClassifyPage
) -> None:
    strip = page.panel.viewer.strip
    names = [strip.model().index(row, 0).data() for row in range(strip.model().rowCount())]
    assert names == [f"{n}.png" for n in range(6)]
    qtbot.keyClick(page.list, Qt.Key.Key_End)
    assert strip.currentIndex().row() == 5
    assert strip.viewport().rect().contains(strip.visualRect(strip.currentIndex()))
    qtbot.mouseClick(
        strip.viewport(), LEFT, NO, strip.visualRect(strip.model().index(4, 0)).center()
    )
    assert page.list.currentIndex().row() == 4 and shown(page) == "Photo 4.png"
    qtbot.keyClick(strip, Qt.Key.Key_Left)
    assert shown(page) == "Photo 3.png"


def test_filmstrip_and_steps_obey_the_filter_and_the_order_of_the_list(
    qtbot: QtBot, page: ClassifyPage
) -> None:
    qtbot.keyClick(page.list, Qt.Key.Key_F11)
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_D)
    assert shown(page) == "Photo 1.png"
    green = ListQuery(labels=frozenset({"green"}), sort=SortBy.NAME, descending=True)
    page.side.bar.change(green)
    strip = page.panel.viewer.strip
    assert [strip.model().index(row, 0).data() for row in range(2)] == ["4.png", "1.png"]
    assert strip.model().rowCount() == 2
    assert shown(page) == "Photo 1.png" and page.panel.viewer.full
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_A)
    assert shown(page) == "Photo 4.png" and strip.currentIndex().row() == 0


def test_of_thousands_of_photos_the_filmstrip_asks_for_those_in_view(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    asked: list[object] = []
    thumbnails = page._thumbnails
    thumbnails.get = lambda key, path: asked.append(key)  # type: ignore[method-assign]
    page.list.hide()
    page.model.add(tmp_path / f"many{n}.png" for n in range(5000))
    strip = page.panel.viewer.strip
    strip.setCurrentIndex(strip.model().index(4000, 0))
    strip.grab()
    assert 4000 in asked
    assert len(set(asked)) < 60


def test_the_filmstrip_can_be_hidden_and_stays_so(
    qtbot: QtBot, context: AppContext, page: ClassifyPage
) -> None:
    strip, photo = page.panel.viewer.strip, page.panel.photo
    assert strip.isVisible()
    height = photo.height()
    qtbot.keyClick(page.list, Qt.Key.Key_T)
    assert not strip.isVisible()
    qtbot.waitUntil(lambda: photo.height() > height)
    other = ClassifyPage(context)
    qtbot.addWidget(other)
    assert other.panel.viewer.strip.isHidden()
    press(qtbot, page, "filmstrip_button")
    assert strip.isVisible()


def test_the_photo_can_have_the_whole_page(qtbot: QtBot, page: ClassifyPage) -> None:
    width = page.panel.photo.width()
    qtbot.keyClick(page.list, Qt.Key.Key_F11)
    assert not page.list.isVisible() and not page.card.isVisible()
    assert page.panel.photo.canvas.hasFocus()
    qtbot.waitUntil(lambda: page.panel.photo.width() > width + 200)
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_D)
    assert shown(page) == "Photo 1.png"
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Escape)
    assert page.list.isVisible() and page.card.isVisible()
    press(qtbot, page, "full_button")
    assert not page.list.isVisible()
    page.clear()
    assert page._no_photos.isVisible() and page.card.isVisible()


def test_the_widths_are_remembered(qtbot: QtBot, context: AppContext, page: ClassifyPage) -> None:
    splitter = page.findChild(QSplitter)
    handle = splitter.handle(1)
    before, middle = page.list.width(), handle.rect().center()
    qtbot.mousePress(handle, LEFT, NO, middle)
    qtbot.mouseMove(handle, middle + QPoint(60, 0))
    qtbot.mouseRelease(handle, LEFT, NO, middle + QPoint(60, 0))
    assert page.list.width() == before + 60
    qtbot.waitUntil(lambda: context.settings.get("classify.splitter", []) == splitter.sizes())
    qtbot.keyClick(page.list, Qt.Key.Key_F11)  # a list that is hidden is not one of no width
    qtbot.wait(500)
    assert context.settings.get("classify.splitter")[0] == before + 60


@pytest.mark.parametrize("damaged", [[], [5], ["a", "b"], [0, 0], [-4, 100]])
def test_widths_that_make_no_sense_are_passed_over(
    qtbot: QtBot, context: AppContext, damaged: list[object]
) -> None:
    context.settings.set("classify.splitter", damaged)
    page = ClassifyPage(context)
    qtbot.addWidget(page)
    assert all(size > 0 for size in page.findChild(QSplitter).sizes())


def test_no_photo_is_opened_on_the_gui_thread(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gui, on = threading.get_ident(), set()
    opening = images._opened

    def watched(path: Path):
        on.add((threading.get_ident() == gui, path.name))
        return opening(path)

    monkeypatch.setattr(images, "_opened", watched)
    large = plain(tmp_path / "large.jpg", GREEN, (4000, 3000))
    page.add_photos([large])
    qtbot.waitUntil(lambda: shown(page) == "Photo large.jpg")
    qtbot.waitUntil(page.panel.photo.has_photo)
    qtbot.keyClick(page.list, Qt.Key.Key_1, CONTROL)
    qtbot.waitUntil(page.panel.photo.canvas.is_sharp)
    assert (False, "large.jpg") in on
    assert not [name for gui_thread, name in on if gui_thread]


def test_a_photo_that_is_gone_gives_way_to_the_next_one(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    page.model.add([tmp_path / "gone.png"])
    page.list.setCurrentIndex(page.model.index(6))
    qtbot.waitUntil(lambda: "missing" in page.panel.photo.note)
    assert not page.panel.photo.canvas.isVisible()
    qtbot.keyClick(page.list, Qt.Key.Key_A)
    qtbot.waitUntil(page.panel.photo.has_photo)
    assert page.panel.photo.canvas.isVisible() and page.panel.photo.note == ""


def test_a_file_that_is_written_anew_is_shown_anew(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    canvas = page.panel.photo.canvas
    plain(tmp_path / "0.png", BLUE, (500, 500))
    page._look_again([tmp_path / "0.png"])
    qtbot.waitUntil(lambda: page.panel.title.text() == "blue")
    qtbot.waitUntil(page.panel.photo.has_photo)
    assert (canvas.photo_rect().width(), canvas.photo_rect().height()) == (500, 500)
    middle = canvas.to_view(QPointF(250, 250)).toPoint()
    assert canvas.viewport().grab().toImage().pixelColor(middle) == QColor(*BLUE)


def test_a_low_window_leaves_the_room_to_the_photo(qtbot: QtBot, page: ClassifyPage) -> None:
    strip = page.panel.viewer.strip
    assert strip.isVisible()
    page.resize(732, 440)
    qtbot.waitUntil(lambda: not strip.isVisible())
    qtbot.waitUntil(lambda: page.panel.photo.height() > 200)
    for _ in range(2):  # who wants it gets it all the same
        press(qtbot, page, "filmstrip_button")
    assert strip.isVisible()
    page.resize(1100, 700)
    qtbot.waitUntil(strip.isVisible)


def test_long_names_do_not_cut_the_column_off(qtbot: QtBot, page: ClassifyPage) -> None:
    label, file = "Oriental_Pearl_TV_Tower_and_surroundings", f"{'sommerferien' * 6}.png"
    card, column = page.panel.card, page.panel.card.parentWidget()
    first = page.model.entries()[0]
    card.show_entry(replace(first, verdict=replace(first.verdict, label=label, unknown=False)), 0)
    assert shown_text(card.title) == label
    assert column.minimumSizeHint().width() <= column.parentWidget().width()
    card.show_entry(replace(first, name=file, state="waiting", verdict=None), 0)
    assert shown_text(card.detail) == file
    page.panel.part_card.progress.set(426, 1426, "426 of 1426 · 12 min left")
    page.panel.part_card.progress.show()
    page.panel.part_card.show_found(True)
    assert column.minimumSizeHint().width() <= column.parentWidget().width()


def shown_text(label: QLabel) -> str:
    """Without the places where a line may break."""
    return label.text().replace("\u200b", "")
