"""A virtual screen with a window manager, and what a person can do to it with mouse and keys."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

NEEDED = ("Xvfb", "xdotool", "openbox")
missing = [name for name in NEEDED if shutil.which(name) is None]
needs_desktop = pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")

WIDTH, HEIGHT = 1280, 800
FROM_SOURCE = (sys.executable, "-m", "landmark_gui")
Place = tuple[int, int]


class Desktop:
    """One screen. `scale` is the number of its pixels for one of the program's."""

    def __init__(self, display: str, scale: int = 1) -> None:
        self.scale = scale
        self.screen = {"DISPLAY": display}
        self.environment = {
            **os.environ,
            **self.screen,
            "QT_QPA_PLATFORM": "xcb",
            "QT_SCALE_FACTOR": str(scale),
        }

    def do(self, *arguments: object) -> str:
        ran = subprocess.run(
            ["xdotool", *map(str, arguments)],
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=60,
        )
        return ran.stdout.strip()

    def keys(self, *names: str) -> None:
        for name in names:
            self.do("key", "--clearmodifiers", name)
            time.sleep(0.15)

    def click(self, place: Place) -> None:
        self.do("mousemove", *self._pixels(place), "click", 1)
        time.sleep(0.2)

    def drag(self, start: Place, end: Place) -> None:
        """Press at `start`, go to `end` by way of the middle, and let go."""
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        way = [*self._move(middle), *self._move(end)]
        self.do("mousemove", *self._pixels(start), "mousedown", 1, *way, "mouseup", 1, "sleep", 0.1)

    def _move(self, place: Place) -> list[object]:
        return ["sleep", 0.04, "mousemove", *self._pixels(place), "sleep", 0.04]

    def _pixels(self, place: Place) -> Place:
        return place[0] * self.scale, place[1] * self.scale

    @contextmanager
    def program(
        self,
        *arguments: object,
        settings: Path,
        command: Sequence[str | Path] = FROM_SOURCE,
        environment: Mapping[str, str] | None = None,
    ) -> Iterator[subprocess.Popen[bytes]]:
        """The program in a process of its own; killed at the end if it still runs.

        Args:
            environment: in place of that of the tests; the display is added.
        """
        surroundings = self.environment if environment is None else {**environment, **self.screen}
        process = subprocess.Popen(
            [*command, *map(str, arguments)],
            env={**surroundings, "LANDMARK_GUI_SETTINGS": str(settings)},
        )
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()

    def fill_screen(self, title: str) -> None:
        """Wait for the window whose title holds `title` and give it the whole screen."""
        self.do("search", "--sync", "--onlyvisible", "--name", title)
        window = self.do("search", "--onlyvisible", "--name", title).split()[0]
        size = self._pixels((WIDTH, HEIGHT - 40))
        self.do("windowsize", "--sync", window, *size, "windowmove", window, 0, 20 * self.scale)
        time.sleep(1.5)

    def picture(self, path: Path) -> None:
        """What is on the screen, where ImageMagick is installed."""
        if shutil.which("import"):
            subprocess.run(["import", "-window", "root", path], env=self.environment, check=True)


@contextmanager
def open_desktop(scale: int = 1) -> Iterator[Desktop]:
    """Xvfb finds a free display by itself and writes its number into a pipe."""
    reading, writing = os.pipe()
    size = f"{WIDTH * scale}x{HEIGHT * scale}x24"
    screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", size]
    server = subprocess.Popen(screen, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = f":{pipe.readline().strip()}"
    desktop = Desktop(display, scale)
    manager = subprocess.Popen(["openbox"], env=desktop.environment, stderr=subprocess.DEVNULL)
    try:
        yield desktop
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(timeout=10)


def wait_for(condition: Callable[[], bool], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.2)


def count(project: Path, table: str) -> int:
    """Rows on disk, read as any other program could."""
    with suppress(sqlite3.OperationalError):
        uri = f"{project.as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return int(connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    return -1
