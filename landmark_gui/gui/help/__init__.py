"""The manual within the program: read offline, searched, at the page that is on show."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from landmark_gui.gui.help.window import HelpWindow
    from landmark_gui.gui.main_window import MainWindow

PAGE_OF_STEP = {"dataset": "crops"}
"""The page of the manual for a page of the program, where it is called otherwise."""


def page_of_step(step: str) -> str:
    """The page of the manual about a page of the program."""
    return PAGE_OF_STEP.get(step, step)


class Help:
    """Opens the window of the manual, which is made on first use and closed with the main one."""

    def __init__(self, main: MainWindow) -> None:
        self._main = main
        self.window: HelpWindow | None = None
        self.quick_start = partial(self.open, "quickstart")
        self.news = partial(self.open, "changelog")

    def open(self, page: str = "") -> None:
        """Show a page; without a name, the one about what is on show in the main window."""
        from landmark_gui.core.manual import Place
        from landmark_gui.gui.help.window import HelpWindow

        if self.window is None:
            self.window = HelpWindow(self._main.context.settings)
        step = self._main.current_page
        at_start = self._main.context.document is None and step != "classify"
        self.window.open_at(Place(page or ("quickstart" if at_start else page_of_step(step))))

    def speak(self) -> None:
        """Go on in the language that is spoken now."""
        if self.window is not None:
            self.window.speak()

    def close(self) -> None:
        if self.window is not None:
            self.window.close()
