"""Thumbnails made in the background."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QSize
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication, QWidget

from landmark_gui.core.geometry import Rect
from landmark_gui.core.thumbnail_cache import ThumbnailCache
from landmark_gui.gui.thumbnails import Area, Thumbnails


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


def test_a_thumbnail_of_known_content_is_kept_for_the_next_session(
    qtbot, photo: Path, tmp_path: Path
) -> None:
    kept = ThumbnailCache(tmp_path / "kept.sqlite")
    thumbnails = Thumbnails(QSize(72, 54), kept=kept)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(1, photo, "0123")
    photo.unlink()  # so it cannot be made again
    later = Thumbnails(QSize(72, 54), kept=ThumbnailCache(tmp_path / "kept.sqlite"))
    with qtbot.waitSignal(later.ready):
        later.get("another key", photo.with_name("moved.png"), "0123")
    made = later.peek("another key")
    assert made is not None
    assert made.size() == QSize(72, 18)
    color = made.toImage().pixelColor(30, 9)
    assert (color.red(), color.green(), color.blue()) == pytest.approx((0x33, 0x66, 0xCC), abs=3)


def test_another_size_or_a_damaged_file_is_made_anew(qtbot, photo: Path, tmp_path: Path) -> None:
    kept = ThumbnailCache(tmp_path / "kept.sqlite")
    for size in (QSize(72, 54), QSize(144, 108)):
        kept.put(f"0123-{size.width()}x{size.height()}", b"no picture")
        thumbnails = Thumbnails(size, kept=kept)
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.get(1, photo, "0123")
        made = thumbnails.peek(1)
        assert made is not None
        assert made.width() == size.width()
        assert kept.get(f"0123-{size.width()}x{size.height()}") != b"no picture"


def test_pixels_that_cannot_be_read_are_named(qtbot, tmp_path: Path) -> None:
    from PIL import Image

    path = tmp_path / "cut.jpg"
    Image.effect_noise((400, 300), 50).save(path)
    path.write_bytes(path.read_bytes()[:5000])
    thumbnails = Thumbnails(QSize(72, 54))
    with qtbot.waitSignal(thumbnails.failed) as failed:
        thumbnails.get(1, path, "0123")
    assert failed.args[0] == 1
    assert "cut off" in failed.args[1]


def halves(path: Path, size: tuple[int, int] = (400, 200)) -> Path:
    """A photo whose left half is red and whose right half is blue."""
    from PIL import Image

    picture = Image.new("RGB", size, "#cc0000")
    picture.paste("#0000cc", (size[0] // 2, 0, *size))
    picture.save(path)
    return path


def test_a_part_of_a_photo_has_a_thumbnail_of_its_own(qtbot, tmp_path: Path) -> None:
    path, kept = halves(tmp_path / "halves.png"), ThumbnailCache(tmp_path / "kept.sqlite")
    thumbnails = Thumbnails(QSize(80, 80), kept=kept)
    for key, left, color in (("left", 20, "#cc0000"), ("right", 220, "#0000cc")):
        with qtbot.waitSignal(thumbnails.ready):
            thumbnails.get(key, path, "0123", Area(Rect(left, 0, 100, 200), 400, 200))
        made = thumbnails.peek(key)
        assert made is not None
        assert made.size() == QSize(40, 80)
        assert made.toImage().pixelColor(20, 40) == QColor(color)
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get("whole", path, "0123")
    made = thumbnails.peek("whole")
    assert made is not None and made.size() == QSize(80, 40)


def test_what_lies_outside_the_photo_is_filled(qtbot, tmp_path: Path) -> None:
    path = halves(tmp_path / "halves.png")
    thumbnails = Thumbnails(QSize(80, 80))
    with qtbot.waitSignal(thumbnails.ready):
        area = Area(Rect(300, -50, 200, 200), 400, 200, (128, 128, 128))
        thumbnails.get(1, path, area=area)
    made = thumbnails.peek(1)
    assert made is not None and made.size() == QSize(80, 80)
    picture = made.toImage()
    assert picture.pixelColor(20, 40) == QColor("#0000cc")
    for x, y in ((20, 8), (70, 40), (70, 70)):
        assert picture.pixelColor(x, y) == QColor(128, 128, 128)


def test_a_little_of_a_huge_photo_is_not_decoded_whole(
    qtbot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("landmark_gui.gui.thumbnails.WHOLE_PIXELS", 10_000)
    monkeypatch.setattr("landmark_gui.gui.thumbnails.read_preview", lambda *_: pytest.fail())
    path = halves(tmp_path / "halves.png")
    thumbnails = Thumbnails(QSize(80, 80))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get(1, path, area=Area(Rect(180, 20, 40, 40), 400, 200))
    made = thumbnails.peek(1)
    assert made is not None and made.size() == QSize(80, 80)
    picture = made.toImage()
    assert picture.pixelColor(5, 40) == QColor("#cc0000")
    assert picture.pixelColor(75, 40) == QColor("#0000cc")


def test_on_a_finer_screen_they_are_made_anew(qtbot, photo: Path) -> None:
    thumbnails, widget = Thumbnails(QSize(24, 18)), QWidget()
    qtbot.addWidget(widget)
    thumbnails.follow_screen(widget, QSize(24, 18))
    with qtbot.waitSignal(thumbnails.ready):
        thumbnails.get("a", photo)
    before = thumbnails.get("a", photo)
    assert before is not None and before.width() == 24
    widget.devicePixelRatioF = lambda: 2.0  # type: ignore[method-assign]  # no second screen here
    QApplication.sendEvent(widget, QEvent(QEvent.Type.DevicePixelRatioChange))
    with qtbot.waitSignal(thumbnails.ready):
        assert thumbnails.get("a", photo) is None
    after = thumbnails.get("a", photo)
    assert after is not None and after.width() == 48
