"""A sample project from the window: drawn, opened, and nothing left where it was cancelled."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from landmark_gui.core.sample_project import making
from landmark_gui.gui import sampling
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
from tests.gui.journey import opened


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[MainWindow]:
    monkeypatch.setattr(making, "EACH", 2)
    monkeypatch.setattr(making, "LEFT_TO_DO", 1)
    monkeypatch.setattr(sampling, "usual_folder", lambda: tmp_path / "Pictures")
    window = MainWindow(AppContext())
    window.show()
    qtbot.waitExposed(window)
    yield window
    window.close()


def test_the_sample_is_drawn_among_the_pictures_and_opened(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.context.sample_requested.emit()
    assert window._status.text() == "Drawing the sample photos…"
    document = opened(qtbot, window.context, window, photos=8)
    assert document.path.is_relative_to(tmp_path / "Pictures")
    assert len(document.project.boxes) == 4
    folder = Path(window.context.settings.get(sampling.LATEST, ""))
    assert len(list(folder.iterdir())) == 8
    qtbot.waitUntil(lambda: window._status.text().startswith("4 of 8 photos done"))


def test_the_person_may_say_where_it_is_to_lie(
    qtbot: QtBot, window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: str(tmp_path / "그림"))
    window.sampling.ask()
    document = opened(qtbot, window.context, window, photos=8)
    assert document.path.is_relative_to(tmp_path / "그림")


def test_a_cancelled_sample_leaves_nothing_but_the_window_as_it_was(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    window.sampling.make()
    (told,) = window.context.activities.current()
    assert told.cancel is not None
    told.cancel()
    qtbot.waitUntil(lambda: window._status.text() == "Cancelled. Nothing was written.")
    assert list((tmp_path / "Pictures").iterdir()) == []
    assert window.context.document is None


def test_why_there_is_no_sample_stands_above_the_page(
    qtbot: QtBot, window: MainWindow, tmp_path: Path
) -> None:
    (tmp_path / "Pictures").write_text("in the way")
    window.sampling.make()
    qtbot.waitUntil(lambda: "Choose another folder." in window._banner.text())
