"""What the program is doing just now, told by whoever does it and shown in the status line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from landmark_gui.gui.widgets.common import ProgressRow


@dataclass(frozen=True)
class Activity:
    """One thing that is going on.

    Attributes:
        text: what, how far it is, and how long it will take, in one line.
        page: where more of it is to be seen, as "train"; "" for nowhere.
        cancel: stops it; None if it ends by itself before anybody could.
    """

    text: str
    page: str = ""
    cancel: Callable[[], Any] | None = None


class Activities(QObject):
    """All that is going on, by the names under which it is told.

    Signals:
        changed(): something began, went on or ended.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._begun: dict[str, Activity] = {}

    def show(
        self, key: str, text: str, page: str = "", cancel: Callable[[], Any] | None = None
    ) -> None:
        """Tell that `key` has begun, or how far it is; an empty text tells that it is over."""
        if not text:
            self.end(key)
            return
        told = Activity(text, page, cancel)
        if self._begun.get(key) != told:
            self._begun[key] = told
            self.changed.emit()

    def end(self, key: str) -> None:
        """Tell that `key` is over, which may have been told before."""
        if self._begun.pop(key, None) is not None:
            self.changed.emit()

    def follow(self, row: ProgressRow, page: str) -> None:
        """Tell what a page's progress bar tells, with its Cancel button."""
        cancel = row.cancelled.emit if row.cancellable else None
        row.told.connect(lambda text: self.show(row.name, text, page, cancel))

    def current(self) -> list[Activity]:
        """What was begun last comes first: it is what the person waits for."""
        return list(reversed(self._begun.values()))
