"""The Label page decodes the photos that come next, in the direction the person goes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import LabelPage


@pytest.fixture
def page(
    qtbot: QtBot,
    context: AppContext,
    photo_folder: Callable[..., Path],
    open_document: Callable[[Path], Document],
) -> LabelPage:
    """IMG_1 … IMG_9; the first is on show."""
    document = open_document(photo_folder(each=9, landmarks=("Red Tower",)))
    page = LabelPage(context)
    qtbot.addWidget(page)
    page.resize(1000, 600)
    page.show()
    context.set_document(document)
    return page


def upcoming(page: LabelPage) -> list[str]:
    assert page.document is not None
    photos = (page.document.project.photos[id_] for id_ in page.photos.upcoming())
    return [Path(photo.path).stem for photo in photos]


def test_two_photos_ahead_and_one_behind(page: LabelPage) -> None:
    assert upcoming(page) == ["IMG_2", "IMG_3"]
    for _ in range(4):
        page.photos.step(1)
    assert upcoming(page) == ["IMG_6", "IMG_7", "IMG_4"]
    page.photos.step(-1)
    assert upcoming(page) == ["IMG_3", "IMG_2", "IMG_5"]
    page.photos.list.setCurrentIndex(page.photos.list.model().index(8, 0))
    assert upcoming(page) == ["IMG_8"]


def test_the_next_photo_is_there_when_its_key_is_pressed(qtbot: QtBot, page: LabelPage) -> None:
    loader = page.middle.loader
    qtbot.waitUntil(lambda: page.canvas.has_image() and not loader.busy())
    for _ in range(2):
        with qtbot.waitSignal(page.middle.photo_shown, timeout=0):
            page.middle.next.trigger()


def test_a_view_that_is_zoomed_in_becomes_sharp(qtbot: QtBot, page: LabelPage) -> None:
    qtbot.waitUntil(lambda: page.canvas.has_image())
    page.canvas.actual_size()
    qtbot.waitUntil(page.canvas.is_sharp)
