"""What the status line says of a project: how far the person is, and what the scan is at."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.activity import Activities
from landmark_gui.gui.widgets.common import duration

if TYPE_CHECKING:
    from landmark_gui.gui.document import Document

_KEY = "scan"
FOLLOW_MS = 100


class ScanStatus(QObject):
    """Follows a document until it is gone.

    Args:
        hold: shows a text in the status line while nothing is going on.
    """

    def __init__(
        self, document: Document, hold: Callable[[str], None], activities: Activities
    ) -> None:
        super().__init__(document)
        self._document, self._hold, self._activities = document, hold, activities
        self._stage, self._began, self._at_first, self._news = "", 0.0, 0, ""
        self._follow = QTimer(self, singleShot=True, interval=FOLLOW_MS)  # not once for each edit
        self._follow.timeout.connect(self._show)
        document.edited.connect(self._edited)
        document.photos_changed.connect(self._follow.start)
        document.scan_progress.connect(self._progress)
        document.scan_finished.connect(lambda _: self._looked())
        document.photos_news.connect(self._tell_news)
        document.folder_missing.connect(lambda _: self._missing())
        document.closing.connect(lambda: activities.end(_KEY))
        if not document.read_only:
            folder = document.photos_dir
            activities.show(_KEY, tr("Looking for photos in {folder}…", folder=folder))
        self._show()

    def _edited(self) -> None:
        self._news = ""
        self._follow.start()

    def _tell_news(self, news: str) -> None:
        self._news = news
        self._show()

    def say_again(self) -> None:
        """Say what holds, in the language that is spoken now."""
        self._show()

    def _progress(self, stage: str, done: int, total: int) -> None:
        if stage != self._stage:
            self._stage, self._began, self._at_first = stage, time.monotonic(), done
        text = f"{self._doing(stage, done, total)}{self._left(done, total)}" if stage else ""
        self._activities.show(_KEY, text, "label")

    def _doing(self, stage: str, done: int, total: int) -> str:
        if stage == "look":
            return tr("Looking at photos: {done} of {total}", done=done, total=total)
        return tr(
            "Reading the photos once, to know them again: {done} of {total}",
            done=done,
            total=total,
        )

    def _left(self, done: int, total: int) -> str:
        spent, fresh = time.monotonic() - self._began, done - self._at_first
        if spent < 1 or not fresh:
            return ""
        return tr(" · {left} left", left=duration(spent / fresh * (total - done)))

    def _looked(self) -> None:
        self._activities.end(_KEY)
        self._show()

    def _missing(self) -> None:
        self._activities.end(_KEY)
        self._hold(tr("The photo folder is missing: {folder}", folder=self._document.photos_dir))

    def _show(self) -> None:
        photos, folder = self._document.project.photos.values(), self._document.photos_dir
        there = [photo for photo in photos if photo.state == "ok"]
        if not there:
            self._hold(tr("No photos in {folder}", folder=folder))
            return
        done = sum(photo.review == "done" for photo in there)
        text = ntr(
            "{done} of {n} photo done in {folder}",
            "{done} of {n} photos done in {folder}",
            len(there),
            done=done,
            folder=folder,
        )
        self._hold(f"{text} · {self._news}" if self._news else text)
