"""From a folder with faults to saved crops that stay true, in one window."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from landmark_gui.core.crops import MANIFEST
from landmark_gui.core.quality.report import Fault
from landmark_gui.gui.main_window import MainWindow
from tests.conftest import draw_photo
from tests.gui.journey import click, opened


@pytest.mark.changes_photos
def test_copies_are_left_out_and_new_photos_move_no_old_one(
    qtbot: QtBot, window: MainWindow, photo_folder: Callable[..., Path]
) -> None:
    folder = photo_folder(each=8)
    tower = folder / "Red Tower"
    for number in (1, 2):
        shutil.copy(tower / f"IMG_{number}.jpg", tower / f"copy {number}.jpg")
    window.opening.open(folder)
    document = opened(qtbot, window.context, window, photos=18)
    document.label_by_folder()
    dataset = window.context.dataset

    # The copies are found, left out by one key, and brought back by one undo.
    window.show_page("quality")
    page = window.page("quality")
    qtbot.waitUntil(lambda: dataset.is_newest and bool(page.faults.faults.counts), timeout=20_000)
    assert dict(page.faults.faults.counts)[Fault.EXACT_WITHIN] == 2
    row = [fault for fault, _ in page.faults.faults.counts].index(Fault.EXACT_WITHIN)
    page.faults.setCurrentIndex(page.faults.model().index(row, 0))
    click(page, "remedy_all")
    left_out = sorted(p.path[-5] for p in document.project.photos.values() if p.review)
    assert left_out == ["1", "2"]  # one of each pair
    QTest.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not any(photo.review for photo in document.project.photos.values())

    # Saved with a copy in the split of its original.
    saved_in = save(qtbot, window)
    for number in (1, 2):
        assert saved_in[f"Red Tower/copy {number}.jpg"] == saved_in[f"Red Tower/IMG_{number}.jpg"]

    # Photos that come later, one of them a copy of an old one, move none.
    for number in range(20, 30):
        draw_photo(folder / "Green Dome" / f"IMG_{number}.jpg", "Green Dome", number)
    shutil.copy(tower / "IMG_3.jpg", tower / "late copy.jpg")
    document.start_scan()
    qtbot.waitUntil(lambda: len(document.project.photos) == 29, timeout=20_000)
    document.label_by_folder()
    later = save(qtbot, window)
    assert len(later) == 29
    assert {path: later[path] for path in saved_in} == saved_in
    assert later["Red Tower/late copy.jpg"] == later["Red Tower/IMG_3.jpg"]


def save(qtbot: QtBot, window: MainWindow) -> dict[str, str]:
    """Save the crops; the split of each photo by the manifest."""
    document, page = window.context.document, window.page("dataset")
    assert document is not None
    window.show_page("dataset")
    qtbot.waitUntil(
        lambda: window.context.dataset.is_newest and page.save_button.isEnabled(), timeout=20_000
    )
    page.saved.hide()
    click(page, "save_crops_button")
    qtbot.waitUntil(page.saved.isVisible, timeout=20_000)
    manifest = json.loads((document.data_folder / "crops" / MANIFEST).read_text("utf-8"))
    return {entry["photo"]: entry["split"] for entry in manifest["files"].values()}
