"""What one page asks of another: the window goes there, and hands over what it is about."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

_BY_REQUEST = {
    "box_requested": ("label", "show_box"),
    "resume_requested": ("train", "resume"),
    "settings_requested": ("train", "take_settings"),
    "evaluate_requested": ("evaluate", "open_model"),
}
"""For each request of the context the page that is asked, and its method."""


class Errands(QObject):
    """Runs them as long as the window lives; pages know nothing of each other."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        for request, (page, method) in _BY_REQUEST.items():
            getattr(window.context, request).connect(partial(self._ask, page, method))

    def classify_with(self, model: Path) -> None:
        """Use a model on the Classify page."""
        self._window.show_page("classify")
        self._window.context.set_model(model)

    def classify(self, photos: list[Path]) -> None:
        """Ask the model of the Classify page about photos."""
        self._ask("classify", "add_photos", photos)

    def _ask(self, page: str, method: str, *about: object) -> None:
        self._window.show_page(page)
        do: Callable[..., Any] = getattr(self._window.page(page), method)
        do(*about)
