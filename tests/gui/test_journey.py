"""The main job in one window: open, draw, undo, redo, crop, train, classify."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit
from pytestqt.qtbot import QtBot

from landmark_gui.core.geometry import Rect
from landmark_gui.core.store import ProjectStore
from landmark_gui.gui.main_window import MainWindow
from tests.gui.journey import click, drag_box, opened

TRAINING_MS = 180_000


def test_from_a_folder_of_photos_to_a_classified_photo(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    folder = photo_folder(each=6)
    window.opening.open(folder)
    document = opened(qtbot, window.context, window, photos=12)
    label = window.page("label")
    qtbot.waitUntil(lambda: not label.canvas.photo_rect().isEmpty(), timeout=10_000)

    # Two boxes by mouse; the first asks for its landmark's name.
    drag_box(label.canvas, Rect(10, 10, 30, 30))
    name = QApplication.focusWidget()
    assert isinstance(name, QLineEdit)
    QTest.keyClicks(name, "Green Dome")
    QTest.keyClick(name, Qt.Key.Key_Return)
    drag_box(label.canvas, Rect(50, 35, 30, 30))
    assert len(document.project.boxes) == 2
    assert {mark.name for mark in document.project.landmarks.values()} == {"Green Dome"}
    done = window.guide.progress.done
    assert done == {"open", "box"}

    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(document.project.boxes) == 1
    QTest.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(document.project.boxes) == 2
    document.label_by_folder()

    window.show_page("dataset")
    qtbot.waitUntil(lambda: _pressable(window, "save_crops_button"), timeout=10_000)
    click(window.page("dataset"), "save_crops_button")
    crops = document.data_folder / "crops"
    qtbot.waitUntil(lambda: len(list(crops.rglob("*.jpg"))) == 13, timeout=20_000)

    window.show_page("train")
    train = window.page("train")
    train.form.set_values({"recipe": "scratch", "epochs": 2, "image_size": 32})
    qtbot.waitUntil(lambda: _pressable(window, "train_button"), timeout=10_000)
    with qtbot.waitSignal(window.context.model_ready, timeout=TRAINING_MS):
        click(train, "train_button")

    assert done == {"open", "box", "crops", "varied", "trained"}

    window.show_page("classify")
    classify = window.page("classify")
    photo = sorted((folder / "Red Tower").iterdir())[0]
    classify.add_photos([photo])
    qtbot.waitUntil(lambda: len(classify.verdicts()) == 1, timeout=30_000)
    qtbot.waitUntil(lambda: "classified" in done)
    verdict = classify.verdicts()[0]
    assert verdict.label in {"Red Tower", "Green Dome"}
    assert sum(share for _, share in verdict.top) == pytest.approx(1, abs=1e-4)

    window.close()
    with ProjectStore.open(document.path, read_only=True) as store:
        assert len(store.load().boxes) == 2


def test_a_killed_training_leaves_the_window_and_the_boxes_whole(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.opening.open(photo_folder(each=6))
    document = opened(qtbot, window.context, window, photos=12)
    document.label_by_folder()
    window.show_page("train")
    train = window.page("train")
    train.form.set_values({"recipe": "scratch", "epochs": 50, "image_size": 32})
    worker = window.context.worker
    with qtbot.waitSignal(worker.finished, timeout=TRAINING_MS) as ended:
        click(train, "train_button")
        qtbot.waitUntil(lambda: worker.state == "training", timeout=TRAINING_MS)
        worker._kill()  # as the system does when memory runs out
    assert ended.args[0].kind == "failed"
    assert "signal 9" in ended.args[0].message
    assert window.isVisible()
    assert len(document.project.landmarks) == 2
    assert _pressable(window, "train_button")


def test_the_offer_to_name_landmarks_after_the_folders_does_so_and_is_over(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.opening.open(photo_folder(each=2))
    document = opened(qtbot, window.context, window, photos=4)
    qtbot.waitUntil(lambda: _pressable(window, "banner_action"))
    click(window, "banner_action")
    assert len(document.project.landmarks) == 2
    assert not _pressable(window, "banner_action")


def test_cancel_before_the_first_batch(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    window.opening.open(photo_folder(each=6))
    document = opened(qtbot, window.context, window, photos=12)
    document.label_by_folder()
    window.show_page("train")
    train = window.page("train")
    with qtbot.waitSignal(window.context.worker.finished, timeout=20_000) as ended:
        click(train, "train_button")
        qtbot.waitUntil(lambda: _pressable(window, "cancel_training_button"))
        click(train, "cancel_training_button")
    assert ended.args[0].kind == "cancelled"
    assert _pressable(window, "train_button")


def _pressable(window: MainWindow, name: str) -> bool:
    from PySide6.QtWidgets import QAbstractButton

    found = window.findChild(QAbstractButton, name)
    return found is not None and found.isVisible() and found.isEnabled()
