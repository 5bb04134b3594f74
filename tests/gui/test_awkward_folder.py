"""A folder of the files that break image programs, opened as a person opens it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageStat
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage
from tests.pillow_oracle import as_pillow_shows_it

FEW = (8, 8)
"""Pixels to which photos are averaged down before their colours are compared."""
WITHIN = 6
"""Levels of 255, the mean of a channel of those pixels: JPEG decoded small is not the same."""


@pytest.mark.shared
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
def test_each_file_is_shown_or_named_with_its_reason(
    qtbot: QtBot,
    context: AppContext,
    open_document: Callable[[Path], Document],
    shared: Path,
    tmp_path: Path,
) -> None:
    folder = tmp_path / "awkward"
    folder.mkdir()
    files = sorted((shared / "data" / "awkward").iterdir())
    for file in files:
        (folder / file.name).symlink_to(file)
    document = open_document(folder)
    assert {photo.path for photo in document.project.photos.values()} == {f.name for f in files}
    page = LabelPage(context)
    qtbot.addWidget(page)
    context.set_document(document)
    page.show()

    shown: list[str] = []
    refused: list[str] = []
    painted: list[bool] = []
    pictures: dict[Path, QImage] = {}
    page.middle.photo_shown.connect(lambda: painted.append(True))
    page.middle.loader.loaded.connect(lambda path, image: pictures.update({path: image}))

    def reason() -> str:
        note = page.findChild(QWidget, "unreadable_photo")
        return " ".join(label.text() for label in note.findChildren(QLabel)) if note else ""

    document.set_current(None)
    for photo in document.project.ordered_photos():
        painted.clear()
        document.set_current(photo.id)
        qtbot.waitUntil(lambda: bool(painted or reason()), timeout=20_000)
        if painted:
            shown.append(photo.path)
            area = page.canvas.photo_rect()
            assert (area.width(), area.height()) == (photo.width, photo.height), photo.path
            path = document.photo_path(photo)
            assert difference(pictures[path], path) < WITHIN, photo.path
        else:
            refused.append(photo.path)
            assert f"{photo.path}: " in reason()
    assert "pillow__decompression_bomb.gif" in refused
    assert "pillow__zero_width.gif" in refused
    assert "pillow__truncated_jpeg.jpg" in refused
    assert len(shown) >= 50
    assert len(shown) + len(refused) == len(files)


def difference(shown: QImage, path: Path) -> float:
    """How far the colours on the canvas are from Pillow's, in levels of 255."""
    size = (shown.width(), shown.height())
    ours = Image.frombytes("RGB", size, shown.constBits().tobytes(), "raw", "BGRX")
    wanted, _ = as_pillow_shows_it(path)
    assert abs(ours.width / ours.height - wanted.width / wanted.height) < 0.02, path.name
    few = (picture.resize(FEW, Image.Resampling.BOX) for picture in (ours, wanted))
    return max(ImageStat.Stat(ImageChops.difference(*few)).mean)
