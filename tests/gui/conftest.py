"""Fixtures for tests of the window and its parts."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from shiboken6 import delete

from landmark_gui.core.project_opening import open_folder
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from tests.tiny_bundle import write_tiny_bundle


@pytest.fixture(autouse=True)
def collected_on_the_gui_thread() -> Iterator[None]:
    """As in the program (see `jobs.collector`): no dead widget is destroyed by another thread."""
    gc.disable()
    yield
    gc.collect(1)


@pytest.fixture
def context(qapp: object) -> Iterator[AppContext]:
    """What the pages share, with no document yet."""
    made = AppContext()
    yield made
    made.shutdown()


@pytest.fixture
def window(qtbot: QtBot, context: AppContext) -> MainWindow:
    """The window, shown, with no document yet."""
    made = MainWindow(context)
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


@pytest.fixture
def open_document(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[[Path], Document]]:
    """Opens a folder of photos as the window does, and waits for the scan."""
    documents: list[Document] = []

    def opened(folder: Path) -> Document:
        document = Document(open_folder(folder, tmp_path / "documents"))
        documents.append(document)
        with qtbot.waitSignal(document.scan_finished):
            document.start_scan()
        return document

    yield opened
    for document in documents:
        document.close(discard=True)
        delete(document)  # here and now: left to the collector, it may go on another thread


@pytest.fixture
def tiny_model(tmp_path: Path) -> Path:
    """A model file that knows "red", "green" and "blue"; grey is unknown to it."""
    metrics = {"accuracy": 0.9, "examples": 10}
    return write_tiny_bundle(tmp_path / "colours.landmark-model", metrics=metrics)
