"""The built window under Xvfb, used by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable, Iterator
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


def test_a_project_opens_by_double_click(
    desktop: Desktop,
    windowed: Path,
    alone: Alone,
    photo_folder: Callable[..., Path],
    tmp_path: Path,
) -> None:
    """A file manager starts the program with the path, as the .desktop file says."""
    folder = photo_folder("탑 사진", each=2)
    project = folder.with_suffix(".landmarks")
    alone.told("new", project, "--photos", folder, "--labels-from-folders")
    with desktop.program(
        project,
        settings=tmp_path / "settings",
        command=[windowed],
        environment=alone.environment,
    ) as process:
        desktop.fill_screen("탑 사진 – Landmark GUI")
        desktop.keys("ctrl+q")
        assert process.wait(timeout=20) == 0
