"""Photos decoded for a view: at its size, ahead, and finer where it zooms in."""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image
from PySide6.QtCore import QRectF, QSize
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QGraphicsScene
from pytestqt.qtbot import QtBot

from landmark_gui.core import images
from landmark_gui.core.errors import ImageError
from landmark_gui.gui.canvas import photo_decoding, photo_loader
from landmark_gui.gui.canvas.photo_decoding import (
    MOST_PIXELS,
    PART_PIXELS,
    Part,
    needed_part,
    read_full,
    read_part,
    to_qimage,
)
from landmark_gui.gui.canvas.photo_item import PhotoItem
from landmark_gui.gui.canvas.photo_loader import PhotoLoader

Array = npt.NDArray[np.int16]
SPACE = QSize(100, 75)


def pixels(image: QImage) -> Array:
    """Height × width × RGB."""
    assert image.format() == QImage.Format.Format_RGB32
    flat = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return flat[..., 2::-1].astype(np.int16)


def draw(path: Path, size: tuple[int, int] = (800, 600), orientation: int = 1) -> Path:
    """Soft colours that differ everywhere."""
    rng = np.random.default_rng(size[0] + orientation)
    small = Image.fromarray(rng.integers(0, 255, (6, 8, 3), np.uint8))
    exif = Image.Exif()
    exif[0x0112] = orientation
    small.resize(size, Image.Resampling.BICUBIC).save(path, exif=exif.tobytes(), quality=95)
    return path


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    return [draw(tmp_path / f"{number}.jpg", (800 + number, 600)) for number in range(5)]


@pytest.fixture
def loader(qtbot: QtBot) -> Iterator[PhotoLoader]:
    loader = PhotoLoader()
    loader.space = SPACE
    yield loader
    qtbot.waitUntil(lambda: not loader.busy())
    loader.deleteLater()


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (7, 64), (130, 129)])
def test_pixels_reach_qt_unchanged(size: tuple[int, int]) -> None:
    width, height = size
    wanted = np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8)
    assert (pixels(to_qimage(Image.fromarray(wanted))) == wanted).all()


def test_a_photo_comes_at_the_size_of_its_view(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load(photos[0])
    path, image = loaded.args
    assert path == photos[0]
    assert 100 <= image.width() < 200 and 75 <= image.height() < 150


def test_a_photo_seen_before_comes_at_once(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    with qtbot.waitSignal(loader.loaded):
        loader.load(photos[0])
    with qtbot.waitSignal(loader.loaded):
        loader.load(photos[1])
    came = []
    loader.loaded.connect(lambda path, _: came.append(path))
    loader.load(photos[0])
    assert came == [photos[0]]
    assert not loader.busy()


def test_a_view_that_has_grown_gets_a_larger_one(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    with qtbot.waitSignal(loader.loaded):
        loader.load(photos[0])
    widths: list[int] = []
    loader.loaded.connect(lambda _, image: widths.append(image.width()))
    loader.space = QSize(400, 300)
    loader.load(photos[0])
    assert widths and widths[0] < 400  # the small one serves until then
    qtbot.waitUntil(lambda: widths[-1] >= 400)


def test_the_next_photos_are_loaded_ahead_in_their_order_then_the_full_one(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    came: list[object] = []
    loader.loaded.connect(lambda path, _: came.append(path))
    loader.fine_loaded.connect(lambda path, image, rect: came.append((path, image.width(), rect)))
    with qtbot.waitSignal(loader.loaded):
        loader.load(photos[0])
    loader.prefetch(photos[1:3])
    qtbot.waitUntil(lambda: len(came) == 4)
    assert came == [*photos[:3], (photos[0], 800, QRectF(0, 0, 800, 600))]


def test_photos_ahead_that_are_no_longer_wanted_are_dropped(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    came: list[Path] = []
    loader.loaded.connect(lambda path, _: came.append(path))
    loader.load(photos[0])
    loader.prefetch(photos[1:3])
    loader.load(photos[4])
    loader.prefetch(photos[3:4])
    qtbot.waitUntil(lambda: photos[3] in came)
    qtbot.waitUntil(lambda: not loader.busy())
    assert not {photos[1], photos[2]} & set(came)


def test_previews_are_remembered_up_to_a_number_of_bytes(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(photo_loader, "REMEMBERED_BYTES", 2 * 4 * 101 * 76)
    for path in photos:
        with qtbot.waitSignal(loader.loaded):
            loader.load(path)
    came: list[Path] = []
    loader.loaded.connect(lambda path, _: came.append(path))
    loader.load(photos[4])
    assert came == [photos[4]]
    loader.load(photos[0])
    assert came == [photos[4]]
    qtbot.waitUntil(lambda: photos[0] in came)


def test_a_photo_whose_pixels_are_damaged_is_named_before_it_is_shown(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    photos[1].write_bytes(photos[1].read_bytes()[:3000])
    assert images.header(photos[1]).width == 801
    with qtbot.waitSignal(loader.loaded):
        loader.load(photos[0])
    with qtbot.waitSignal(loader.failed) as failed:
        loader.prefetch([photos[1]])
    assert failed.args[0] == photos[1]
    assert "cut off" in failed.args[1]


def test_a_zoomed_view_gets_the_full_size_once(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    loader.load(photos[0])
    size, visible = QSize(800, 600), QRectF(100, 100, 100, 75)
    with qtbot.waitSignal(loader.fine_loaded) as fine:
        loader.load_fine(photos[0], size, visible, 1.0)
    assert fine.args[1].size() == size
    loader.load_fine(photos[0], size, visible, 1.0)
    qtbot.waitUntil(lambda: not loader.busy())
    with qtbot.assertNotEmitted(loader.fine_loaded):
        loader.load_fine(photos[0], size, visible, 2.0)
        assert not loader.busy()


def test_a_full_size_that_cannot_be_had_leaves_the_preview(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    with qtbot.waitSignal(loader.loaded):
        loader.load(photos[0])
    photos[0].unlink()
    with qtbot.assertNotEmitted(loader.failed):
        loader.load_fine(photos[0], QSize(800, 600), QRectF(0, 0, 100, 75), 1.0)
        loader.prefetch()
        qtbot.waitUntil(lambda: not loader.busy())
    loader.load_fine(photos[0], QSize(800, 600), QRectF(0, 0, 100, 75), 1.0)
    assert not loader.busy()


def test_too_little_memory_is_said_in_words(
    photos: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(_: Image.Image) -> QImage:
        raise MemoryError

    monkeypatch.setattr(photo_decoding, "to_qimage", refuse)
    with pytest.raises(ImageError, match="memory"):
        photo_decoding.read_preview(photos[0], SPACE)


# What a view needs of a large photo


@pytest.mark.parametrize("size", [(4000, 3000), (16_320, 12_240), (1_000, 200_000)])
@pytest.mark.parametrize("scale", [0.05, 0.13, 0.3, 0.55, 0.7, 1.0, 8.0])
@pytest.mark.parametrize("view", [(1000, 700), (3840, 2160)])
def test_a_view_gets_what_it_needs_within_limits(
    size: tuple[int, int], scale: float, view: tuple[int, int]
) -> None:
    across, down = min(view[0] / scale, size[0]), min(view[1] / scale, size[1])
    for x, y in ((0.0, 0.0), (0.37, 0.61), (1.0, 1.0)):
        visible = QRectF(x * (size[0] - across), y * (size[1] - down), across, down)
        part = needed_part(QSize(*size), visible, scale)
        assert part.rect.contains(visible)
        assert QRectF(0, 0, *size).contains(part.rect)
        decoded = part.rect.width() * part.rect.height() * part.scale**2
        assert decoded <= max(MOST_PIXELS, PART_PIXELS) * 1.001
        enough = 2.0 ** math.ceil(math.log2(min(scale, 1.0)))
        if size[0] * size[1] * enough**2 <= MOST_PIXELS or across * down <= PART_PIXELS / 2:
            assert part.scale >= min(scale, 1.0) or part.rect.size().toSize() == QSize(*size)


@pytest.mark.parametrize("extension", ["jpg", "png"])
def test_a_photo_at_half_its_size_is_no_larger(tmp_path: Path, extension: str) -> None:
    path = draw(tmp_path / f"odd.{extension}", (1_165, 873))
    image = read_part(path, Part(0, 0, 1_165, 873, 0.25))
    assert 291 <= image.width() <= 292 and 218 <= image.height() <= 219


def test_a_small_move_of_the_view_needs_nothing_new() -> None:
    size = QSize(16_320, 12_240)
    parts = {needed_part(size, QRectF(5000.0 + x, 5000, 1000, 700), 1.0) for x in range(0, 40, 8)}
    assert len(parts) == 1


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_a_part_of_a_turned_photo_is_that_of_the_whole_one(
    tmp_path: Path, name: str, orientation: int
) -> None:
    path = draw(tmp_path / name, orientation=orientation)
    whole = np.asarray(images.load(path), np.int16)
    part = pixels(read_part(path, Part(128, 64, 400, 333)))
    assert part.shape == (269, 272, 3)
    assert np.abs(part - whole[64:333, 128:400]).max() <= 4  # Qt's decoder and Pillow's


@pytest.mark.shared
def test_a_part_of_a_real_photo_is_that_of_the_whole_one(shared: Path) -> None:
    large = sorted((shared / "data" / "large").iterdir())
    cmyk = [shared / "data" / "awkward" / "pillow__pil_sample_cmyk.jpg"]
    for path in large + cmyk:
        whole = np.asarray(images.load(path), np.int16)
        part = pixels(read_part(path, Part(10, 20, 90, 100)))
        assert np.abs(part - whole[20:100, 10:90]).mean() < 1.5, path.name


def test_the_full_size_behind_is_only_made_where_it_helps(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = draw(tmp_path / "a.jpg")
    assert read_full(path, QSize(100, 75)).size() == QSize(800, 600)
    assert read_full(path, QSize(800, 600)).isNull()
    monkeypatch.setattr(photo_decoding, "WHOLE_PIXELS", 100)
    assert read_full(path, QSize(100, 75)).isNull()


def test_the_part_of_a_photo_is_painted_in_its_place(qtbot: QtBot) -> None:
    item, scene = PhotoItem(), QGraphicsScene()
    scene.addItem(item)
    item.set_size(4000, 3000)
    coarse, fine = (QImage(400, 300, QImage.Format.Format_RGB32) for _ in range(2))
    coarse.fill(QColor("red"))
    fine.fill(QColor("lime"))
    item.set_image(coarse)
    item.set_fine_image(fine, QRectF(2000, 1000, 400, 300))
    seen = QImage(800, 600, QImage.Format.Format_RGB32)
    painter = QPainter(seen)
    scene.render(painter, QRectF(0, 0, 800, 600), QRectF(1800, 900, 800, 600))
    painter.end()
    assert seen.pixelColor(100, 50) == QColor("red")
    assert seen.pixelColor(300, 200) == QColor("lime")
    assert seen.pixelColor(700, 500) == QColor("red")
    assert item.has_pixels_for(1.0, QRectF(2100, 1100, 100, 100))
    assert not item.has_pixels_for(1.0, QRectF(1900, 1100, 200, 100))
    assert item.has_pixels_for(0.1, QRectF(0, 0, 4000, 3000))
    item.set_size(4000, 3000)
    assert not item.has_image()


def test_a_photo_whose_file_is_another_one_now_is_decoded_anew(
    qtbot: QtBot, loader: PhotoLoader, photos: list[Path]
) -> None:
    loader.load(photos[0])
    loader.prefetch(photos[1:2])
    qtbot.waitUntil(lambda: not loader.busy())
    draw(photos[1], (400, 700))
    loader.forget(photos[1])
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.load(photos[1])
    assert loaded.args[1].height() > loaded.args[1].width()
