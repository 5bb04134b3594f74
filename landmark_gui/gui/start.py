"""What comes before the window: it may be open already. Little is imported for that."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings, set_aside, settings_folder
from landmark_gui.gui.instance import Instance


def start(
    paths: Sequence[Path],
    *,
    new_window: bool = False,
    reset_settings: bool = False,
    verbose: bool = False,
    say: Callable[[str], Any] = print,
) -> int:
    """Open `paths` in the window that is open, or in a new one; the exit code.

    Args:
        new_window: though another one is open.
        reset_settings: begin with none.
        verbose: log more.
        say: tells the person something before there is a window.
    """
    instance = Instance(settings_folder())
    if reset_settings:
        if not instance.is_first():
            say(tr("Close the window that is open first: it would write its settings again."))
            return 1
        _reset(say)
    if not new_window and instance.hand_over(paths):
        return 0
    from landmark_gui.gui.app import run

    return run(paths, instance, verbose)


def _reset(say: Callable[[str], Any]) -> None:
    path = Settings().path
    if path.exists():
        say(tr("The settings are reset; a copy is in {path}.", path=set_aside(path)))
