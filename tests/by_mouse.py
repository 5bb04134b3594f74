"""The main job by mouse and keyboard, on a program that has the screen: from source or built."""

from __future__ import annotations

import json
import shutil
import subprocess
import time
from contextlib import suppress
from pathlib import Path

from tests.desktop import Desktop, count, wait_for

PHOTOS_EACH = 6


def remember_small_training(settings: Path) -> None:
    """Settings as an earlier session left them: the Train page asks for a network of seconds."""
    form = json.dumps({"recipe": "scratch", "epochs": 2, "image_size": 32})
    settings.mkdir()
    (settings / "settings.toml").write_text(f"\"train.form\" = '{form}'\n", "utf-8")


def do_the_main_job(desktop: Desktop, program: subprocess.Popen[bytes], folder: Path) -> None:
    """Label, cut, train and classify in the window of `program`, then quit.

    Args:
        folder: what the program was started with: `PHOTOS_EACH` photos each of a green dome and a
            red tower, as the fixture `photo_folder` draws them.
    """
    project = folder.with_suffix(".landmarks")
    desktop.fill_screen(f"{folder.name} – Landmark GUI")
    wait_for(lambda: count(project, "photos") == 2 * PHOTOS_EACH, 20)
    _draw_boxes(desktop, project)
    _save_crops(desktop, project)
    model = _train(desktop, project)
    label = _classify(desktop, folder / "Red Tower" / "IMG_1.jpg", folder.parent)
    assert label in ("Red Tower", "Green Dome")
    assert program.poll() is None
    desktop.keys("ctrl+q")
    assert program.wait(timeout=20) == 0
    assert count(project, "boxes") == 5
    assert model.is_file()


def _draw_boxes(desktop: Desktop, project: Path) -> None:
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


def _save_crops(desktop: Desktop, project: Path) -> None:
    desktop.keys("alt+2")
    time.sleep(1)
    desktop.keys("ctrl+Return")
    crops = project.with_suffix(".data") / "crops"
    wait_for(lambda: len(list(crops.rglob("*.jpg"))) == 5, 20)


def _train(desktop: Desktop, project: Path) -> Path:
    desktop.keys("alt+5")
    time.sleep(1)
    desktop.keys("ctrl+Return")
    model = project.with_suffix(".landmark-model")
    wait_for(model.is_file, 150)
    time.sleep(1)
    return model


def _classify(desktop: Desktop, photo: Path, place: Path) -> str:
    """The label that the exported verdict on a copy of `photo` in `place` has."""
    verdicts = place / "verdicts.csv"
    desktop.keys("alt+9")
    time.sleep(1)
    _press_until(desktop, "ctrl+Return", "Add photos")
    desktop.do("type", "--delay", "20", shutil.copy(photo, place / "new.jpg"))
    desktop.keys("Return")
    time.sleep(2)
    _press_until(desktop, "ctrl+e", "Export verdicts")
    desktop.keys("ctrl+a")
    desktop.do("type", "--delay", "20", verdicts)
    desktop.keys("Return")
    wait_for(verdicts.is_file, 10)
    _, row = verdicts.read_text("utf-8").splitlines()
    return row.split(",")[1]


def _press_until(desktop: Desktop, key: str, title: str) -> None:
    """Press `key` until a dialog of this title is there: a page that still opens hears no keys."""
    for _ in range(6):
        desktop.keys(key)
        with suppress(AssertionError):
            wait_for(lambda: bool(desktop.do("search", "--onlyvisible", "--name", title)), 10)
            return
    raise AssertionError(f"{key} opens no “{title}”")
