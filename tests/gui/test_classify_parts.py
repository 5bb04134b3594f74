"""A box on the large photo of the Classify page: only that part is classified."""

from __future__ import annotations

import json
import threading
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.inference.classifier import Classifier
from tests.gui.classify_page import (
    BLUE,
    GREEN,
    LEFT,
    NO,
    RED,
    drag,
    halves,
    on_screen,
    opened,
    plain,
    settled,
)
from tests.tiny_bundle import write_tiny_bundle


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, tiny_model: Path, tmp_path: Path) -> ClassifyPage:
    photos = halves(tmp_path / "halves.png", RED, BLUE), plain(tmp_path / "green.png", GREEN)
    return opened(qtbot, context, tiny_model, *photos)


def entry(page: ClassifyPage, row: int = 0) -> Entry:
    return page.model.entries()[row]


def answered(qtbot: QtBot, page: ClassifyPage, row: int = 0) -> str:
    """Wait for the verdict on the part; which landmark it names."""

    def there() -> bool:
        verdict = entry(page, row).verdict
        return verdict is not None and verdict.box == entry(page, row).box

    qtbot.waitUntil(there)
    return entry(page, row).verdict.label  # type: ignore[union-attr]  # it is there


def test_only_what_is_in_the_box_is_classified(qtbot: QtBot, page: ClassifyPage) -> None:
    assert page.panel.title.text() == "Unknown"  # half of it is red, half of it blue
    drag(qtbot, page, (330, 50), (550, 350))
    assert answered(qtbot, page) == "blue"
    x, y, w, h = entry(page).box
    assert (x, y, w, h) == pytest.approx((330, 50, 220, 300), abs=3)
    assert page.panel.title.text() == "blue"
    assert "Of the part of 2" in page.panel.detail.text()
    role = Qt.ItemDataRole.AccessibleTextRole
    assert page.model.index(0).data(role) == "halves.png: Part: blue, 96%"
    assert page.panel.photo.canvas.shapes()[0].name == "blue, 96%"


def test_the_box_is_moved_by_mouse_and_key(qtbot: QtBot, page: ClassifyPage) -> None:
    drag(qtbot, page, (330, 50), (550, 350))
    assert answered(qtbot, page) == "blue"
    drag(qtbot, page, (440, 200), (140, 200))
    assert answered(qtbot, page) == "red"
    left = entry(page).box[0]
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert entry(page).box[0] == left + 10
    assert answered(qtbot, page) == "red"


def test_the_box_is_resized_by_its_handles(qtbot: QtBot, page: ClassifyPage) -> None:
    drag(qtbot, page, (20, 20), (280, 380))
    assert answered(qtbot, page) == "red"
    x, y, w, h = entry(page).box
    drag(qtbot, page, (x + w, y + h / 2), (590, y + h / 2))
    assert entry(page).box == pytest.approx((x, y, 590 - x, h), abs=3)
    answered(qtbot, page)
    assert page.panel.title.text() == "Unknown"


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Escape])
def test_without_the_box_the_verdict_is_that_of_the_whole_photo(
    qtbot: QtBot, page: ClassifyPage, key: Qt.Key
) -> None:
    whole = entry(page).verdict
    drag(qtbot, page, (330, 50), (550, 350))
    answered(qtbot, page)
    qtbot.keyClick(page.panel.photo.canvas, key)
    assert entry(page).box is None and entry(page).verdict == whole
    assert page.panel.title.text() == "Unknown"
    assert "part" not in page.panel.detail.text()
    assert page.panel.photo.canvas.shapes() == []
    assert page.model.rowCount() == 2  # the key was for the box, not for the list


def test_another_box_takes_the_place_of_the_first(qtbot: QtBot, page: ClassifyPage) -> None:
    drag(qtbot, page, (330, 50), (550, 350))
    drag(qtbot, page, (20, 20), (280, 380))
    assert answered(qtbot, page) == "red"
    assert len(page.panel.photo.canvas.shapes()) == 1


def test_each_photo_keeps_its_box(qtbot: QtBot, page: ClassifyPage) -> None:
    drag(qtbot, page, (330, 50), (550, 350))
    qtbot.keyClick(page.list, Qt.Key.Key_D)
    assert page.panel.photo.canvas.part() is None and page.panel.title.text() == "green"
    qtbot.keyClick(page.list, Qt.Key.Key_A)
    assert answered(qtbot, page) == "blue"
    qtbot.waitUntil(lambda: page.panel.photo.canvas.part() is not None)
    assert page.panel.title.text() == "blue"


def test_a_click_and_a_slip_of_the_hand_draw_no_box(qtbot: QtBot, page: ClassifyPage) -> None:
    view = page.panel.photo.canvas.viewport()
    qtbot.mouseClick(view, LEFT, NO, on_screen(page, 100, 100))
    qtbot.mousePress(view, LEFT, NO, on_screen(page, 100, 100))
    qtbot.mouseMove(view, on_screen(page, 100, 100) + QPoint(3, 1))
    qtbot.mouseRelease(view, LEFT, NO, on_screen(page, 100, 100) + QPoint(3, 1))
    assert entry(page).box is None and page.panel.title.text() == "Unknown"


def test_the_last_box_wins_though_the_first_is_answered_late(
    qtbot: QtBot, page: ClassifyPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate, classify, asked = threading.Event(), Classifier.classify, []

    def slow(self, path, top_k=3, box=None):
        asked.append(box)
        if len(asked) == 1:
            assert gate.wait(20)
        return classify(self, path, top_k, box)

    monkeypatch.setattr(Classifier, "classify", slow)
    drag(qtbot, page, (330, 50), (550, 350))
    qtbot.waitUntil(lambda: len(asked) == 1)
    assert page.panel.detail.text().endswith("Another part is being classified…")
    drag(qtbot, page, (20, 20), (280, 380))
    assert answered(qtbot, page) == "red"
    gate.set()
    qtbot.wait(100)
    assert entry(page).verdict.label == "red" and page.panel.title.text() == "red"


def test_another_model_is_asked_about_the_same_part(
    qtbot: QtBot, context: AppContext, page: ClassifyPage, tmp_path: Path
) -> None:
    drag(qtbot, page, (330, 50), (550, 350))
    answered(qtbot, page)
    box = entry(page).box
    context.set_model(write_tiny_bundle(tmp_path / "other.landmark-model", size=16))
    qtbot.waitUntil(lambda: page.card.name.text() == "other")
    settled(qtbot, page)
    assert entry(page).box == box and entry(page).verdict.box == box
    assert entry(page).verdict.label == "blue"
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Escape)  # of the whole nothing is known
    qtbot.waitUntil(lambda: entry(page).whole is not None)
    assert entry(page).verdict.box is None and page.panel.title.text() == "Unknown"


def test_cancel_of_the_queue_leaves_the_part_to_be_answered(
    qtbot: QtBot, page: ClassifyPage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gate, classify = threading.Event(), Classifier.classify

    def slow(self, *arguments):
        assert gate.wait(20)
        return classify(self, *arguments)

    monkeypatch.setattr(Classifier, "classify", slow)
    page.add_photos([plain(tmp_path / f"{n}.png", RED) for n in range(20)])
    qtbot.waitUntil(page.progress.isVisible)
    page.list.setCurrentIndex(page.model.index(0))
    qtbot.waitUntil(page.panel.photo.has_photo)
    drag(qtbot, page, (330, 50), (550, 350))
    qtbot.mouseClick(page.progress.findChild(QPushButton, "cancel_button"), LEFT)
    assert len(page.model.entries("stopped")) == 20
    gate.set()
    assert answered(qtbot, page) == "blue"
    assert len(page.model.entries("stopped")) == 20


def test_the_export_says_which_part_it_is_about(
    qtbot: QtBot, page: ClassifyPage, tmp_path: Path
) -> None:
    drag(qtbot, page, (330, 50), (550, 350))
    answered(qtbot, page)
    page.exporting.export(tmp_path / "verdicts.json")
    qtbot.waitUntil(lambda: (tmp_path / "verdicts.json").exists())
    first, second = json.loads((tmp_path / "verdicts.json").read_text("utf-8"))
    assert first["label"] == "blue" and tuple(first["box"]) == entry(page).box
    assert second["label"] == "green" and second["box"] is None


def test_backspace_is_for_the_box_and_without_one_for_the_page(
    qtbot: QtBot, page: ClassifyPage
) -> None:
    page.model.correct([entry(page).key], "red")
    drag(qtbot, page, (330, 50), (550, 350))
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Backspace)
    assert entry(page).box is None and entry(page).corrected == "red"
    qtbot.keyClick(page.panel.photo.canvas, Qt.Key.Key_Backspace)
    assert entry(page).corrected == ""
