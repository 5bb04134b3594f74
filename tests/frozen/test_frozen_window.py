"""The built window under Xvfb, used by mouse and keyboard."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.by_mouse import PHOTOS_EACH, do_the_main_job, remember_small_training
from tests.desktop import Desktop, needs_desktop, open_desktop
from tests.frozen.alone import Alone

pytestmark = needs_desktop


@pytest.fixture
def desktop() -> Iterator[Desktop]:
    with open_desktop() as opened:
        yield opened


def test_the_main_job_by_mouse_and_keyboard(
    desktop: Desktop,
    windowed: Path,
    alone: Alone,
    photo_folder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    folder, settings = photo_folder("사진 모음", each=PHOTOS_EACH), tmp_path / "settings"
    remember_small_training(settings)
    with desktop.program(
        folder, settings=settings, command=[windowed], environment=alone.environment
    ) as process:
        do_the_main_job(desktop, process, folder)


def test_double_clicks_open_files_in_one_window(
    desktop: Desktop,
    windowed: Path,
    alone: Alone,
    photo_folder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    """A file manager starts the program anew for each; later starts hand over and end."""
    projects = []
    for name in ("탑 사진", "돔 사진"):
        folder = photo_folder(name, each=2)
        projects.append(folder.with_suffix(".landmarks"))
        alone.told("new", projects[-1], "--photos", folder, "--labels-from-folders")

    def start(project: Path) -> AbstractContextManager[subprocess.Popen[bytes]]:
        settings, around = tmp_path / "settings", alone.environment
        return desktop.program(project, settings=settings, command=[windowed], environment=around)

    with start(projects[0]) as first:
        desktop.fill_screen("탑 사진 – Landmark GUI")
        with start(projects[1]) as second:
            assert second.wait(timeout=20) == 0
        desktop.do("search", "--sync", "--onlyvisible", "--name", "돔 사진 – Landmark GUI")
        assert first.poll() is None
        desktop.keys("ctrl+q")
        assert first.wait(timeout=20) == 0
