"""Says that something changed in a folder, once it has come to rest."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QFileSystemWatcher, QObject, QTimer, Signal

QUIET_MS = 1_000
PATIENCE_MS = 5_000
"""How long a change may wait for the quiet: copying a thousand photos goes on and on."""
MOST_FOLDERS = 200
"""Every watched folder costs the system something, and some systems much."""


class FolderWatch(QObject):
    """Watches folders, not the folders in them.

    No system tells everything: a file that is written over in place, a network drive or a
    folder too many goes unseen. Who must know for certain has to look.

    Signals:
        changed(): files were added, removed or renamed, and for a second no more were.
    """

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._watcher = QFileSystemWatcher(self)
        self._watcher.directoryChanged.connect(self._notice)
        self._quiet = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._quiet.timeout.connect(self.changed)
        self._waited = QElapsedTimer()

    def set_folders(self, folders: Iterable[Path]) -> None:
        """Watch these, the most important first, and no others."""
        # Windows lets nobody rename a folder in which a folder is watched (QTBUG-52470).
        most = 1 if sys.platform == "win32" else MOST_FOLDERS
        wanted = [str(folder) for folder in folders][:most]
        watched = self._watcher.directories()
        if gone := list(set(watched) - set(wanted)):
            self._watcher.removePaths(gone)
        if new := [path for path in wanted if path not in set(watched)]:
            self._watcher.addPaths(new)

    def stop(self) -> None:
        """Watch nothing, and forget what was noticed."""
        self.set_folders([])
        self._quiet.stop()

    def _notice(self, _: str) -> None:
        if not self._quiet.isActive():
            self._waited.start()
        if self._waited.elapsed() < PATIENCE_MS:
            self._quiet.start()
