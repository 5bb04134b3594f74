"""The program as a person has it: a process, a real window under Xvfb, a mouse and a keyboard."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.desktop import Desktop, count, needs_desktop, open_desktop, wait_for

pytestmark = needs_desktop


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with open_desktop() as opened:
        yield opened


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
    with desktop.program(folder, settings=tmp_path / "settings") as program:
        desktop.fill_screen("사진 모음 – Landmark GUI")
        wait_for(lambda: count(project, "photos") == 12, 20)

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

        desktop.keys("alt+5")
        time.sleep(1)
        desktop.keys("ctrl+Return")
        model = project.with_suffix(".landmark-model")
        wait_for(model.is_file, 150)
        time.sleep(1)

        desktop.keys("alt+9")
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
