"""The program as a person has it: a process, a real window under Xvfb, a mouse and a keyboard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.by_mouse import PHOTOS_EACH, do_the_main_job, remember_small_training
from tests.desktop import needs_desktop, open_desktop

pytestmark = needs_desktop


def test_the_main_job_by_mouse_and_keyboard(
    photo_folder: Callable[..., Path], tmp_path: Path
) -> None:
    folder, settings = photo_folder("사진 모음", each=PHOTOS_EACH), tmp_path / "settings"
    remember_small_training(settings)
    with open_desktop() as desktop, desktop.program(folder, settings=settings) as program:
        do_the_main_job(desktop, program, folder)
