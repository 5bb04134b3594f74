"""What a screen reader is told: of every page, every dialog, and of what happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent
from PySide6.QtWidgets import QDialog, QWidget

from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.page_list import PAGES
from landmark_gui.gui.pages.augment.tiles import TileGrid
from landmark_gui.gui.pages.classify.sorting_dialog import SortingDialog
from landmark_gui.gui.pages.label.proposals_dialogs import AcceptAllDialog, ProposeDialog
from landmark_gui.gui.pages.quality.trashing import TrashDialog
from landmark_gui.gui.pages.runs.export_dialog import ExportDialog
from landmark_gui.gui.studies.chart import StudyChart
from landmark_gui.gui.widgets.accessible import Role, curve_text
from landmark_gui.gui.widgets.common import Banner
from landmark_gui.gui.widgets.report import ReportDialog
from landmark_gui.gui.widgets.status_text import StatusText
from tests.gui import accessible
from tests.gui.furnished import furnished


@pytest.fixture(scope="module")
def window(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MainWindow]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDMARK_GUI_SETTINGS", str(tmp_path_factory.mktemp("settings")))
        patch.setenv("LANDMARK_GUI_CACHE", str(tmp_path_factory.mktemp("cache")))
        with furnished(tmp_path_factory.mktemp("project")) as made:
            yield made


def flaws(widget: QWidget) -> list[str]:
    found = accessible.nodes(accessible.of(widget))
    return [
        f"{accessible.what(node)} {flaw}" for node in found for flaw in accessible.flaws(node)
    ]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_says_of_everything_what_it_is(window: MainWindow, name: str) -> None:
    window.show_page(name)
    assert flaws(window.page(name)) == []
