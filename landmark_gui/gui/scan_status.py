"""What the status line says while the photo folder is looked at, and of what was found."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.widgets.common import duration

if TYPE_CHECKING:
    from landmark_gui.gui.document import Document


class ScanStatus(QObject):
    """Speaks while there is something to say; a look that finds nothing changes no text.

    Args:
        say: shows a text in the status line.
    """

    def __init__(self, document: Document, say: Callable[[str], None]) -> None:
        super().__init__(document)
        self._document, self._say = document, say
        self._stage, self._began, self._at_first = "", 0.0, 0
        self._busy = True
        document.scan_progress.connect(self._progress)
        document.scan_finished.connect(self._finished)
        document.photos_news.connect(lambda news: say(f"{self._total()} · {news}"))
        document.folder_missing.connect(self._forget)
        if document.read_only:
            say(self._total())
        else:
            say(tr("Looking for photos in {folder}…", folder=document.photos_dir))

    def say_again(self) -> None:
        """Say what holds, in the language that is spoken now."""
        self._say(self._total())

    def _progress(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._began, self._at_first = stage, time.monotonic(), done
        if stage:
            self._busy = True
            self._say(f"{self._doing(stage, done, total)}{self._left(done, total)}")
        elif self._busy:
            self._finished(0)

    def _doing(self, stage: str, done: int, total: int) -> str:
        if stage == "look":
            return tr("Looking at photos: {done} of {total}", done=done, total=total)
        return tr(
            "{photos} · reading them once, to know them again: {done} of {total}",
            photos=self._total(),
            done=done,
            total=total,
        )

    def _left(self, done: int, total: int) -> str:
        spent, fresh = time.monotonic() - self._began, done - self._at_first
        if spent < 1 or not fresh:
            return ""
        return tr(" · {left} left", left=duration(spent / fresh * (total - done)))

    def _finished(self, changed: int) -> None:
        if changed or self._busy:
            self._busy = False
            self._say(self._total())

    def _forget(self, _: object) -> None:
        self._busy = True  # once the folder is back, the next look says how many there are
        self._say("")

    def _total(self) -> str:
        photos, folder = self._document.project.photos.values(), self._document.photos_dir
        count = sum(photo.state != "missing" for photo in photos)
        return ntr("{n} photo in {folder}", "{n} photos in {folder}", count, folder=folder)
