"""The window comes at once because nothing heavy is imported on the way to it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HEAVY = {
    *("tensorflow", "keras", "ai_edge_litert", "numpy", "cv2", "pyqtgraph"),
    *("PIL.Image", "pillow_heif", "scipy", "h5py"),
}
SHOW_WINDOW = """
from PySide6.QtWidgets import QApplication
application = QApplication([])
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.main_window import MainWindow
window = MainWindow(AppContext())
window.show()
application.processEvents()
"""
STARTS = {
    "window": SHOW_WINDOW,
    "label page": SHOW_WINDOW + "window.page('label').show(); application.processEvents()",
    "command line": "import landmark_gui.cli; landmark_gui.cli._parser()",
    "entry point": "import landmark_gui.__main__",
}
TELL = "\nimport sys; print(*sys.modules)"


def modules_after(script: str) -> set[str]:
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-c", script + TELL]
    ran = subprocess.run(command, capture_output=True, text=True, cwd=root)
    assert ran.returncode == 0, ran.stderr
    return set(ran.stdout.split())


@pytest.mark.parametrize("start", STARTS)
def test_nothing_heavy_is_imported_at_the_start(start: str) -> None:
    modules = modules_after(STARTS[start])
    assert "landmark_gui" in modules
    assert HEAVY & modules == set()


def test_the_command_line_needs_no_qt() -> None:
    modules = modules_after(STARTS["command line"])
    assert not any(name.startswith("PySide6") for name in modules)


def test_cutting_crops_needs_neither_qt_nor_tensorflow() -> None:
    modules = modules_after("import landmark_gui.core.dataset, landmark_gui.core.scan")
    assert not {"PySide6", "tensorflow", "keras"} & modules


def test_the_first_window_knows_no_project_yet() -> None:
    later = {"landmark_gui.core.project", "landmark_gui.core.edits", "landmark_gui.core.images"}
    assert not later & modules_after(STARTS["window"])
