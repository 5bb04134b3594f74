"""The rows of a project follow its photo folder, in the background and as long as it is open."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, QTimer, Signal, SignalInstance
from PySide6.QtGui import QGuiApplication

from landmark_gui.core import scan
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.i18n import ntr
from landmark_gui.core.listing import list_folder
from landmark_gui.core.project import Photo, Project
from landmark_gui.gui.folder_watch import FolderWatch
from landmark_gui.jobs.tasks import Task, run_task

FRESH_NS = 5_000_000_000
"""A file written so short a time ago may still be in the making, and is looked at again."""
AGAIN_MS = 2_000
MISSING_MS = 5_000
"""How often a folder that is missing is looked for."""
SAVE_EVERY = 2.0
"""Seconds between two savings of hashes."""
TELL_EVERY = 0.25
SILENT_FOR = 1.0
"""Seconds between two reports of progress, and how long there is none: most looks are short."""


class News:
    """What looks at the folder brought to light since it was last told: rows as they were first
    and as they are now, so that a file which was seen half copied is one new photo.
    """

    def __init__(self) -> None:
        self._rows: dict[int, tuple[Photo | None, Photo]] = {}

    def add(self, before: Photo | None, after: Photo) -> None:
        """Take in one row as it was (None: not there) and as it is."""
        first, _ = self._rows.get(after.id, (before, after))
        self._rows[after.id] = first, after

    def text(self) -> str:
        """As "3 new photos, 1 photo was moved"; empty if nothing is worth telling."""
        counts = Counter(self._kinds())
        new, moved, found, missing = (counts[kind] for kind in ("new", "moved", "found", "missing"))
        parts = (
            (new, ntr("{n} new photo", "{n} new photos", new)),
            (moved, ntr("{n} photo was moved", "{n} photos were moved", moved)),
            (found, ntr("{n} photo is back", "{n} photos are back", found)),
            (missing, ntr("{n} photo is missing", "{n} photos are missing", missing)),
        )
        return ", ".join(text for count, text in parts if count)

    @property
    def has_unreadable(self) -> bool:
        return any(
            after.state == "unreadable" and (before is None or before.state != "unreadable")
            for before, after in self._rows.values()
        )

    def _kinds(self) -> Iterator[str]:
        for before, after in self._rows.values():
            if after.state == "missing":
                yield "missing" if before and before.state != "missing" else ""
            elif after.state == "ok":
                if before is None:
                    yield "new"
                elif before.state == "missing":
                    yield "found"
                elif before.path != after.path:
                    yield "moved"


class PhotoScan(QObject):
    """Looks at the photo folder when asked, and from then on when something changes in it and
    when the person comes back to the window. In between it reads large photos for their hash.

    Args:
        subject: gives a copy of the project's photos, and the folder; called on the GUI thread.

    Signals:
        found(list[Photo]): rows that are new or different.
        hashed(list[Photo]): rows that now have a hash and are otherwise as they were.
        looked(bool): one look is over; True if no file seems to be still in the making.
        progress(str, int, int): "look" or "read", how many files are done, of how many; "" at
            the end.
        failed(Exception): why the folder could not be looked at.
    """

    found = Signal(object)
    hashed = Signal(object)
    looked = Signal(bool)
    progress = Signal(str, int, int)
    failed = Signal(object)
    _listed = Signal(object)
    _through = Signal()

    def __init__(
        self, subject: Callable[[], tuple[Project, Path]], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._subject = subject
        self._task: Task[None] | None = None
        self._began = self._again = self._stopped = self._in_the_making = False
        self._watch = FolderWatch(self)
        self._watch.changed.connect(self.start)
        self._later = QTimer(self, singleShot=True)
        self._later.timeout.connect(self.start)
        self._listed.connect(self._watch.set_folders)
        self._through.connect(self._look_is_over)
        self.found.connect(self._notice_fresh)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.applicationStateChanged.connect(self._came_back)

    def start(self) -> None:
        """Look at the folder; if that is going on already, once more when it is over."""
        if self._stopped:
            return
        if self._task is not None:
            self._again = True
            return
        self._began, self._again, self._in_the_making = True, False, False
        self._later.stop()
        self._task = run_task(partial(self._run, *self._subject()), self._done, self._failed)

    def stop(self) -> None:
        """No more looks, and no signals."""
        self._stopped = True
        self._watch.stop()
        self._later.stop()
        if self._task is not None:
            self._task.cancel()

    # On another thread

    def _run(self, project: Project, folder: Path) -> None:
        began = time.monotonic()
        listing = list_folder(folder, self._is_stopped)
        self._say(self._listed, listing.folders)
        tell = partial(self._tell, "look", [began + SILENT_FOR])
        for rows in scan.changed_photos(project, listing, self._is_stopped, tell):
            project.put_photos(rows)
            self._say(self.found, rows)
        self._say(self._through)
        self._read(project, folder)

    def _read(self, project: Project, folder: Path) -> None:
        began = time.monotonic()
        tell = partial(self._tell, "read", [began + SILENT_FOR])
        rows: list[Photo] = []
        try:
            for more in scan.hashed_photos(project, folder, self._is_interrupted, tell):
                rows += more
                if time.monotonic() - began > SAVE_EVERY:
                    began = time.monotonic()
                    self._say(self.hashed, rows)
                    rows = []
        except Cancelled:  # a new look comes first; it goes on with what is left
            pass
        if rows:
            self._say(self.hashed, rows)

    def _say(self, signal: SignalInstance, *values: object) -> None:
        if self._stopped:  # and perhaps destroyed
            raise Cancelled
        signal.emit(*values)

    def _tell(self, stage: str, due: list[float], done: int, total: int) -> None:
        if time.monotonic() >= due[0]:
            due[0] = time.monotonic() + TELL_EVERY
            self._say(self.progress, stage, done, total)

    def _is_stopped(self) -> bool:
        return self._stopped

    def _is_interrupted(self) -> bool:
        return self._stopped or self._again

    # On the GUI thread

    def _notice_fresh(self, rows: list[Photo]) -> None:
        now = time.time_ns()
        self._in_the_making |= any(0 <= now - row.modified < FRESH_NS for row in rows)

    def _look_is_over(self) -> None:
        if self._stopped:
            return
        if self._in_the_making:
            self._later.start(AGAIN_MS)
        self.looked.emit(not self._in_the_making and not self._again)

    def _done(self, _: object) -> None:
        self._task = None
        self.progress.emit("", 0, 0)
        if self._again:
            self.start()

    def _failed(self, error: Exception) -> None:
        self._task = None
        self._later.start(MISSING_MS)
        self.progress.emit("", 0, 0)
        self.failed.emit(error)

    def _came_back(self, state: Qt.ApplicationState) -> None:
        if self._began and state == Qt.ApplicationState.ApplicationActive:
            self.start()
