"""What benchmarks of the window share: a process of their own, and waiting for a paint."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer
from PySide6.QtWidgets import QWidget

LARGE = Path(__file__).resolve().parents[2] / "shared" / "data" / "large"
PATIENCE_MS = 60_000


def in_own_process(name: str, arguments: list[str]) -> Any:
    """What `python -m benchmarks NAME ARGUMENTS` prints as JSON, with fresh settings and cache."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {
            **os.environ,
            "LANDMARK_GUI_SETTINGS": folder,
            "LANDMARK_GUI_CACHE": os.environ.get("LANDMARK_GUI_CACHE", folder),
        }
        if not environment.get("DISPLAY") and sys.platform.startswith("linux"):
            environment["QT_QPA_PLATFORM"] = "offscreen"
        command = [sys.executable, "-m", "benchmarks", name, *arguments]
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def peak_mb() -> float:
    """The most memory that this process ever had in use, in MB; 0 where that cannot be asked."""
    status = Path("/proc/self/status")
    if status.exists():  # `getrusage` would count what the parent had when it started us
        line = next(row for row in status.read_text().splitlines() if row.startswith("VmHWM"))
        return int(line.split()[1]) / 1e3
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


class Painted(QObject):
    """Waits until a widget was painted after something was ready to be painted.

    Args:
        widget: the one to be painted.
    """

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self._loop = QEventLoop()
        self._patience = QTimer(self, singleShot=True, interval=PATIENCE_MS)
        self._patience.timeout.connect(self._loop.quit)
        self._ready = False
        widget.installEventFilter(self)

    def ready(self) -> None:
        """The next paint is the one that is waited for."""
        self._ready = True

    def seconds(self, act: Callable[[], Any]) -> float:
        """How long it takes from `act` until the paint that follows `ready` is done."""
        self._ready = False
        self._patience.start()
        start = time.perf_counter()
        act()
        self._loop.exec()
        self._patience.stop()
        if not self._ready:
            raise SystemExit("nothing was painted")
        return time.perf_counter() - start

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self._ready and event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, self._loop.quit)  # once it is painted
        return False


def wait_for(done: Callable[[], bool]) -> None:
    """Let the window work until `done`."""
    loop, timer = QEventLoop(), QTimer(interval=10)
    timer.timeout.connect(lambda: loop.quit() if done() else None)
    QTimer.singleShot(PATIENCE_MS, loop, lambda: loop.exit(1))
    timer.start()
    if loop.exec():
        raise SystemExit("it takes too long")


def wait(milliseconds: int) -> None:
    """Let the window work for a while."""
    loop = QEventLoop()
    QTimer.singleShot(milliseconds, loop.quit)
    loop.exec()
