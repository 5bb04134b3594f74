"""Time from process start to a painted window, against a bare window of the same toolkit.

Reference: a process that imports PySide6, shows a QMainWindow with an empty QGraphicsView and
exits after its first paint. Both run in turn, pair by pair.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time

from benchmarks.report import ratio, spread

QUIT_AFTER_PAINT = """
from PySide6.QtCore import QEvent, QObject, QTimer
class Painted(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, application.quit)
        return False
"""
BARE = f"""
import sys
from PySide6.QtWidgets import QApplication, QGraphicsScene, QGraphicsView, QMainWindow
application = QApplication(sys.argv)
{QUIT_AFTER_PAINT}
window, painted = QMainWindow(), Painted()
window.setCentralWidget(QGraphicsView(QGraphicsScene()))
window.resize(1280, 800)
window.centralWidget().viewport().installEventFilter(painted)
window.show()
application.exec()
"""
OURS = f"""
from landmark_gui.core.settings import settings_folder
from landmark_gui.gui.instance import Instance
Instance(settings_folder()).hand_over([])
from landmark_gui.gui import app
app.CrashDump(app.log_folder()).start()
settings = app.Settings()
application = app.make_application(settings)
{QUIT_AFTER_PAINT}
context, painted = app.AppContext(settings), Painted()
window = app.MainWindow(context)
window.centralWidget().installEventFilter(painted)
window.show()
application.exec()
"""


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks start", description=__doc__)
    parser.add_argument("--runs", type=int, default=11)
    runs = parser.parse_args(argv).runs
    with tempfile.TemporaryDirectory() as settings:
        environment = {
            **os.environ,
            "LANDMARK_GUI_SETTINGS": settings,
            "LANDMARK_GUI_CACHE": settings,
        }
        if not environment.get("DISPLAY") and sys.platform.startswith("linux"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        for script in (BARE, OURS):  # once uncounted: byte code and the disk's cache
            _seconds(script, environment)
        pairs = [(_seconds(OURS, environment), _seconds(BARE, environment)) for _ in range(runs)]
    ours, bare = [a for a, _ in pairs], [b for _, b in pairs]
    print(f"landmark-gui, start to painted window: {spread(ours)}")
    print(f"bare PySide6 window, the same:         {spread(bare)}")
    print(f"ratio: {ratio(ours, bare)}   (aim: under 2)")
    return 0


def _seconds(script: str, environment: dict[str, str]) -> float:
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", script], env=environment, check=True)
    return time.perf_counter() - start
