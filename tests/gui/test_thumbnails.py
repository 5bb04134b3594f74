"""Thumbnails made in the background."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor

from landmark_gui.gui.thumbnails import Thumbnails


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    from PIL import Image

    path = tmp_path / "wide.png"
    Image.new("RGB", (400, 100), "#3366cc").save(path)
    return path


def test_a_thumbnail_is_made_once_and_keeps_the_shape_of_the_photo(qtbot, photo: Path) -> None:
    thumbnails = Thumbnails(QSize(72, 54))
    with qtbot.waitSignal(thumbnails.ready) as ready:
        assert thumbnails.get("wide", photo) is None
    assert ready.args == ["wide"]
    made = thumbnails.get("wide", photo)
    assert made is not None
    assert made.size() == QSize(72, 18)
    assert made.toImage().pixelColor(30, 9) == QColor("#3366cc")


def test_a_turned_photo_has_an_upright_thumbnail(qtbot, tmp_path: Path) -> None:
    from PIL import Image

    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90°
    Image.new("RGB", (200, 100)).save(tmp_path / "turned.jpg", exif=exif)
    thumbnails = Thumbnails(QSize(72, 54))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(1, tmp_path / "turned.jpg")
    made = thumbnails.peek(1)
    assert made is not None
    assert made.size() == QSize(27, 54)


def test_an_unreadable_photo_has_an_empty_thumbnail_and_is_not_tried_again(
    qtbot, tmp_path: Path
) -> None:
    thumbnails = Thumbnails(QSize(72, 54))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(1, tmp_path / "missing.jpg")
    made = thumbnails.get(1, tmp_path / "missing.jpg")
    assert made is not None
    assert made.isNull()


def test_the_least_recently_used_are_forgotten(qtbot, photo: Path) -> None:
    thumbnails = Thumbnails(QSize(72, 54), capacity=2)
    for key in "abac":
        if thumbnails.get(key, photo) is None:
            qtbot.waitUntil(lambda key=key: thumbnails.peek(key) is not None)
    assert [thumbnails.peek(key) is not None for key in "abc"] == [True, False, True]


def test_a_cleared_memory_asks_anew(qtbot, photo: Path) -> None:
    thumbnails = Thumbnails(QSize(72, 54))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get("wide", photo)
    thumbnails.clear()
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.get("wide", photo) is None
