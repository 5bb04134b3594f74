"""The webcam, with a video in its place that the test draws and OpenCV decodes."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from landmark_gui.core import video
from landmark_gui.core.video import CameraError, CapturedFrames
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify import ClassifyPage, webcam
from landmark_gui.gui.pages.classify.webcam import WebcamDialog
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier

SIZE = (160, 120)


def film(path: Path, *colors: tuple[int, int, int], each: int = 60) -> Path:
    """A video in which each colour, as RGB, fills the picture for `each` frames."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 30, SIZE)
    assert writer.isOpened()
    for color in colors:
        frame = np.full((SIZE[1], SIZE[0], 3), color[::-1], np.uint8)
        for _ in range(each):
            writer.write(frame)
    writer.release()
    return path


@pytest.fixture
def red(tmp_path: Path) -> Path:
    return film(tmp_path / "red.avi", (255, 0, 0), each=300)


@pytest.fixture
def as_camera(red: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Two cameras, both the red video; which of them were opened."""
    opened: list[int] = []

    def source(number: int) -> CapturedFrames:
        assert threading.current_thread() is not threading.main_thread()
        opened.append(number)
        return CapturedFrames(red)

    monkeypatch.setattr(webcam, "cameras", lambda: [0, 2])
    monkeypatch.setattr(webcam, "CapturedFrames", source)
    yield opened


@pytest.fixture
def dialog(qtbot: QtBot, tiny_model: Path, as_camera: list[int]) -> Iterator[WebcamDialog]:
    from PySide6.QtWidgets import QWidget

    parent = QWidget()
    qtbot.addWidget(parent)
    made = WebcamDialog(Classifier(read_bundle(tiny_model)), 0.5, parent)
    made.show()
    yield made
    made.camera.stop()


def test_a_film_is_read_as_it_was_drawn(tmp_path: Path) -> None:
    source = CapturedFrames(film(tmp_path / "two.avi", (250, 0, 0), (0, 0, 250), each=2))
    frames = [source.read() for _ in range(5)]
    source.close()
    assert frames[4] is None
    for frame, color in zip(frames[:4], ((250, 0, 0),) * 2 + ((0, 0, 250),) * 2, strict=True):
        assert frame is not None and frame.shape == (120, 160, 3) and frame.dtype == np.uint8
        assert np.abs(frame.mean(axis=(0, 1)) - color).max() < 6


def test_what_cannot_be_opened_is_said_to_be_a_camera(tmp_path: Path) -> None:
    with pytest.raises(CameraError, match="cannot be opened"):
        CapturedFrames(tmp_path / "none.avi")


def test_only_cameras_that_give_a_picture_are_listed(
    red: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = {0: red, 1: tmp_path / "none.avi", 3: red}
    monkeypatch.setattr(video, "_candidates", lambda: [0, 1, 3])
    monkeypatch.setattr(video, "CapturedFrames", lambda number: CapturedFrames(given[number]))
    assert video.cameras() == [0, 3]


def test_the_live_picture_has_its_verdict(
    qtbot: QtBot, dialog: WebcamDialog, as_camera: list[int]
) -> None:
    qtbot.waitUntil(lambda: dialog.verdict.text().startswith("red, "), timeout=10_000)
    assert dialog.view.words == "" and dialog.take_button.isEnabled()
    picture = dialog.view.grab().toImage()
    assert picture.pixelColor(picture.rect().center()).red() > 230
    assert [dialog.which.itemText(row) for row in range(2)] == ["Camera 1", "Camera 3"]
    dialog.which.setCurrentIndex(1)
    dialog.which.activated.emit(1)
    qtbot.waitUntil(lambda: as_camera == [0, 2])
    qtbot.waitUntil(dialog.take_button.isEnabled)


def test_a_picture_is_taken_with_a_key(qtbot: QtBot, dialog: WebcamDialog) -> None:
    qtbot.waitUntil(dialog.take_button.isEnabled, timeout=10_000)
    taken: list[QImage] = []
    dialog.taken.connect(taken.append)
    dialog.activateWindow()
    qtbot.waitActive(dialog)
    QTest.keyClick(dialog, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: bool(taken))  # the button is shown pressed for a moment
    assert [(image.width(), image.height()) for image in taken] == [SIZE]
    assert dialog.note.text() == "1 taken; they are on the list."


def test_a_camera_that_stops_says_so(
    qtbot: QtBot, dialog: WebcamDialog, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    qtbot.waitUntil(dialog.take_button.isEnabled, timeout=10_000)
    short = film(tmp_path / "short.avi", (0, 0, 255), each=3)
    monkeypatch.setattr(webcam, "CapturedFrames", lambda number: CapturedFrames(short))
    dialog._start()
    qtbot.waitUntil(lambda: dialog.view.words == "The camera gives no more pictures.")
    assert not dialog.take_button.isEnabled() and dialog.verdict.text() == ""


def test_without_a_camera_it_says_what_to_do(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, context: AppContext
) -> None:
    monkeypatch.setattr(webcam, "cameras", list)
    page = ClassifyPage(context)
    qtbot.addWidget(page)
    page.open_webcam()
    (dialog,) = page.findChildren(WebcamDialog)
    qtbot.waitUntil(lambda: dialog.view.words.startswith("No camera was found."))
    assert not dialog.take_button.isEnabled()
    dialog.reject()


def test_what_is_taken_comes_on_the_list_as_a_file(
    qtbot: QtBot, context: AppContext, tiny_model: Path, as_camera: list[int]
) -> None:
    context.set_model(tiny_model)
    page = ClassifyPage(context)
    qtbot.addWidget(page)
    qtbot.waitUntil(lambda: page._engine.classifier is not None)
    page.open_webcam()
    (dialog,) = page.findChildren(WebcamDialog)
    qtbot.waitUntil(dialog.take_button.isEnabled, timeout=10_000)
    dialog.take()
    qtbot.waitUntil(lambda: len(page.verdicts()) == 1)
    (entry,) = page.model.entries()
    assert (entry.name, entry.label) == ("Webcam picture 1", "red") and entry.path.is_file()
    dialog.reject()
