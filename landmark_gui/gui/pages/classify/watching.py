"""A folder whose new photos are classified as they come."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout

from landmark_gui.core import images
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.listing import FoundFile, Listing, list_folder
from landmark_gui.gui.folder_watch import FolderWatch
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import button, set_role
from landmark_gui.jobs.tasks import LatestOnly

AGAIN_MS = 1_000
"""A file that has just come is looked at again after this time: it may be in the making."""
RESCAN_MS = 5_000
"""Not every drive tells of changes, so the folder is looked at all the same."""
Stamp = tuple[int, int]


class FolderFollower(QObject):
    """Looks at a folder, and the folders in it, when the system tells of a change and besides.

    What is there at the start is let be. A file is told once it is as it was at the look before,
    and again if it changes afterwards: then it was still being written, slowly.

    Signals:
        arrived(list[Path]): new photos.
        changed(list[Path]): photos that were told already and have other content now.
        missing(str): the folder is not there, and why; it is looked for on.
        found(): it is there, at first or again.
    """

    arrived = Signal(object)
    changed = Signal(object)
    missing = Signal(str)
    found = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.folder: Path | None = None
        self._known: dict[Path, Stamp] = {}
        self._fresh: dict[Path, Stamp] = {}
        self._began = False
        self._looking = LatestOnly(self)
        self._watch = FolderWatch(self)
        self._watch.changed.connect(self._look)
        self._next = QTimer(self, singleShot=True)
        self._next.timeout.connect(self._look)

    def start(self, folder: Path) -> None:
        """Follow this folder, and no other."""
        self.stop()
        self.folder, self._began = folder, False
        self._look()

    def stop(self) -> None:
        """Follow none."""
        self.folder = None
        self._known, self._fresh = {}, {}
        self._looking.cancel()
        self._watch.stop()
        self._next.stop()

    def _look(self) -> None:
        if self.folder is not None:
            self._next.stop()
            work = partial(_list_photos, self.folder)
            self._looking.submit(work, self._take, self._fail)

    def _take(self, seen: tuple[Listing, dict[Path, Stamp]]) -> None:
        listing, stamps = seen
        if self.folder is None:
            return
        self._watch.set_folders(listing.folders)
        if not self._began:
            self._began, self._known = True, stamps
        self._tell(stamps)
        self.found.emit()
        self._next.start(AGAIN_MS if self._fresh else RESCAN_MS)

    def _tell(self, stamps: dict[Path, Stamp]) -> None:
        other = {path: stamp for path, stamp in stamps.items() if self._known.get(path) != stamp}
        at_rest = {path for path, stamp in other.items() if self._fresh.get(path) == stamp}
        self._fresh = {path: stamp for path, stamp in other.items() if path not in at_rest}
        new = [path for path in other if path in at_rest and path not in self._known]
        changed = [path for path in other if path in at_rest and path in self._known]
        self._known |= {path: other[path] for path in at_rest}
        if new:
            self.arrived.emit(new)
        if changed:
            self.changed.emit(changed)

    def _fail(self, error: Exception) -> None:
        if self.folder is not None:
            self.missing.emit(str(error))
            self._next.start(RESCAN_MS)


def _list_photos(folder: Path) -> tuple[Listing, dict[Path, Stamp]]:
    """What lies in a folder, and of the photos in it size and date. Raises FolderMissing."""
    listing = list_folder(folder)
    photos = filter(_is_photo, listing.files)
    return listing, {file.place: (file.size, file.modified) for file in photos}


def _is_photo(file: FoundFile) -> bool:
    return file.size > 0 and images.is_photo(file.place)


class WatchBar(QFrame):
    """Says which folder is watched and how many photos came; hidden while there is none.

    Signals:
        arrived(list[Path]), changed(list[Path]): as those of `FolderFollower`.
    """

    arrived = Signal(object)
    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("watch_bar")
        self.follower = FolderFollower(self)
        self._count, self._last = 0, ""
        self._text = plain.label()
        self._text.setWordWrap(True)
        layout = QHBoxLayout(self)
        layout.addWidget(self._text, 1)
        layout.addWidget(button(tr("Stop watching"), "stop_watching", self.stop))
        self.follower.arrived.connect(self._arrived)
        self.follower.changed.connect(self.changed)
        self.follower.missing.connect(self._missing)
        self.follower.found.connect(self._show)
        self.hide()

    def start(self, folder: Path) -> None:
        """Watch this folder until `stop`, or until the program ends."""
        self._count, self._last = 0, ""
        self.follower.start(folder)
        self._show()
        self.show()

    def stop(self) -> None:
        """Watch no folder."""
        self.follower.stop()
        self.hide()

    def text(self) -> str:
        return self._text.text()

    def _arrived(self, paths: list[Path]) -> None:
        self._count += len(paths)
        self._last = time.strftime("%H:%M:%S")
        self._show()
        self.arrived.emit(paths)

    def _show(self) -> None:
        folder = self.follower.folder
        text = tr("Watching {folder}: new photos are classified as they come.", folder=folder)
        if self._count:
            text += " " + ntr(
                "{n} came, at {time}.",
                "{n} came, the last at {time}.",
                self._count,
                time=self._last,
            )
        self._say(text, "info")

    def _missing(self, reason: str) -> None:
        folder = self.follower.folder
        text = tr("{folder} cannot be watched just now; it is looked for on.", folder=folder)
        self._say(text, "warning")

    def _say(self, text: str, level: str) -> None:
        if text != self._text.text():
            set_role(self, f"banner-{level}")
            self._text.setText(text)
            self.setAccessibleName(text)
