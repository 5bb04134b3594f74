"""The program as a person has it: a process, a real window under Xvfb, a mouse and a keyboard."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

NEEDED = ("Xvfb", "xdotool", "openbox")
missing = [name for name in NEEDED if shutil.which(name) is None]
pytestmark = pytest.mark.skipif(bool(missing), reason=f"needs {', '.join(missing)}")

WIDTH, HEIGHT = 1280, 800


class Desktop:
    """A virtual screen with a window manager, and what a person can do to it."""

    def __init__(self, display: str) -> None:
        self.environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}

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

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        middle = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        self.do("mousemove", *start, "mousedown", 1)
        for place in (middle, end):
            time.sleep(0.1)
            self.do("mousemove", *place)
        time.sleep(0.1)
        self.do("mouseup", 1)
        time.sleep(0.3)


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    """Xvfb finds a free display by itself and writes its number into a pipe."""
    reading, writing = os.pipe()
    screen = ["Xvfb", "-displayfd", str(writing), "-screen", "0", f"{WIDTH}x{HEIGHT}x24"]
    server = subprocess.Popen(screen, pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        display = f":{pipe.readline().strip()}"
    desktop = Desktop(display)
    manager = subprocess.Popen(["openbox"], env=desktop.environment, stderr=subprocess.DEVNULL)
    yield desktop
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


def remember(settings: Path, **form: object) -> None:
    """Settings as an earlier session left them, with the Train page filled in."""
    settings.mkdir()
    (settings / "settings.toml").write_text(f"\"train.form\" = '{json.dumps(form)}'\n", "utf-8")


def test_the_main_job_by_mouse_and_keyboard(
    desktop: Desktop, photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder = photo_folder("사진 모음", each=6)
    project = tmp_path / "사진 모음.landmarks"
    remember(tmp_path / "settings", recipe="scratch", epochs=2, image_size=32)
    program = subprocess.Popen(
        [sys.executable, "-m", "landmark_gui", str(folder)],
        env=desktop.environment | {"LANDMARK_GUI_SETTINGS": str(tmp_path / "settings")},
    )
    try:
        desktop.do("search", "--sync", "--onlyvisible", "--name", "사진 모음 – Landmark GUI")
        wait_for(lambda: count(project, "photos") == 12, 20)
        window = desktop.do("search", "--onlyvisible", "--name", "Landmark GUI").split()[0]
        desktop.do("windowsize", "--sync", window, WIDTH, HEIGHT - 40)
        desktop.do("windowmove", window, 0, 20)
        time.sleep(1.5)

        desktop.drag((600, 330), (700, 430))
        desktop.do("type", "--delay", "30", "Green Dome")
        desktop.keys("Return")
        wait_for(lambda: count(project, "boxes") == 1, 10)
        desktop.drag((760, 330), (840, 430))
        wait_for(lambda: count(project, "boxes") == 2, 10)
        desktop.keys("ctrl+z")
        wait_for(lambda: count(project, "boxes") == 1, 10)
        desktop.keys("ctrl+y")
        wait_for(lambda: count(project, "boxes") == 2, 10)

        # The next landmark on the next photos, with the keyboard where it serves.
        desktop.keys("n")
        desktop.do("type", "--delay", "30", "Red Tower")
        desktop.keys("Return")
        wait_for(lambda: count(project, "landmarks") == 2, 10)
        desktop.do("mousemove", 900, 620, "click", 1)
        for _ in range(3):
            desktop.keys("d", "2")
            time.sleep(0.5)
            desktop.drag((620, 330), (720, 430))
        wait_for(lambda: count(project, "boxes") == 5, 10)

        desktop.keys("alt+2")
        time.sleep(1)
        desktop.keys("ctrl+Return")
        crops = project.with_suffix(".data") / "crops"
        wait_for(lambda: len(list(crops.rglob("*.jpg"))) == 5, 20)

        desktop.keys("alt+4")
        time.sleep(1)
        desktop.keys("ctrl+Return")
        model = project.with_suffix(".landmark-model")
        wait_for(model.is_file, 150)
        time.sleep(1)

        desktop.keys("alt+5")
        time.sleep(1)
        desktop.keys("ctrl+Return")
        desktop.do("search", "--sync", "--onlyvisible", "--name", "Add photos")
        new = shutil.copy(folder / "Red Tower" / "IMG_1.jpg", tmp_path / "new.jpg")
        desktop.do("type", "--delay", "20", new)
        desktop.keys("Return")
        time.sleep(2)
        desktop.keys("ctrl+e")
        desktop.do("search", "--sync", "--onlyvisible", "--name", "Export verdicts")
        desktop.keys("ctrl+a")
        desktop.do("type", "--delay", "20", tmp_path / "verdicts.csv")
        desktop.keys("Return")
        wait_for((tmp_path / "verdicts.csv").is_file, 10)
        _, row = (tmp_path / "verdicts.csv").read_text("utf-8").splitlines()
        assert "Red Tower" in row.split(",")[1] or "Green Dome" in row.split(",")[1]

        assert program.poll() is None
        desktop.keys("ctrl+q")
        program.wait(timeout=20)
        assert program.returncode == 0
        assert count(project, "boxes") == 5
    finally:
        if program.poll() is None:
            program.kill()
            program.wait()
