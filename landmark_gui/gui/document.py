"""The open project: the only place that changes it, with undo, redo and saving."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from pathlib import Path, PurePosixPath
from typing import Any

from PySide6.QtCore import QObject, Signal

from landmark_gui.core import edits, scan
from landmark_gui.core.dataset import SPLIT_SETTING
from landmark_gui.core.errors import FolderMissing
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.paths import data_folder
from landmark_gui.core.project import Edit, HistoryEntry, Photo, Project, combined
from landmark_gui.core.project_opening import Opened
from landmark_gui.core.splits import SplitSettings
from landmark_gui.gui.photo_scan import News, PhotoScan
from landmark_gui.gui.saving import SaveQueue


class Document(QObject):
    """An open project.

    Signals:
        edited(Edit): rows changed through do, undo or redo.
        photos_changed(): rows of photos were added or refreshed by the scan.
        scan_finished(int): how many photos a scan added or refreshed; one at least follows
            `start_scan`, others when the folder changes.
        scan_progress(str, int, int): see `PhotoScan.progress`.
        photos_news(str): what has changed in the folder since the project was opened, in words.
        folder_missing(str): the photo folder is not there; why, and what to do.
        folder_changed(): it is there again or is another one: its photos must be read anew.
        current_changed(int | None): another photo is shown.
        landmark_changed(int | None): another landmark is chosen for new boxes.
        save_state(str): "saving", "saved" or "failed".
        message(str): a sentence for the person.
        stepped(str): what undo or redo did, in words.
        closing(): the last moment to keep a setting with the project.
    """

    edited = Signal(object)
    photos_changed = Signal()
    scan_finished = Signal(int)
    scan_progress = Signal(str, int, int)
    photos_news = Signal(str)
    folder_missing = Signal(str)
    folder_changed = Signal()
    current_changed = Signal(object)
    landmark_changed = Signal(object)
    save_state = Signal(str)
    message = Signal(str)
    stepped = Signal(str)
    closing = Signal()

    def __init__(self, opened: Opened, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = opened.store
        self.project = opened.project
        self.path = opened.store.path
        self.photos_dir = opened.photos_dir
        self.read_only = opened.store.read_only
        self.notice = opened.notice
        self._done, self._undone = opened.done, opened.undone[::-1]
        self._settings, self._splits = opened.settings, opened.splits
        self._queue = SaveQueue(self, self._store.after_write)
        self._queue.state_changed.connect(self.save_state)
        self._queue.failed.connect(self.message)
        self._queue.noticed.connect(self.message)
        self._scan = PhotoScan(self._what_to_scan, self)
        self._scan.found.connect(self._add_photos)
        self._scan.hashed.connect(self._add_hashes)
        self._scan.looked.connect(self._looked)
        self._scan.failed.connect(self._scan_failed)
        self._scan.progress.connect(self.scan_progress)
        self._scanned, self._news = 0, News()
        self._is_new, self._folder_missing = not opened.project.photos, False
        self._closed = False
        self.current_id: int | None = None
        self.current_landmark_id = next(
            (mark.id for mark in self.project.ordered_landmarks()), None
        )

    @property
    def name(self) -> str:
        return self.path.stem

    @property
    def data_folder(self) -> Path:
        """Where crops, runs and other derived files go."""
        return data_folder(self.path)

    def do(self, edit: Edit) -> None:
        """Apply an edit, show it at once, and save it in the background."""
        if not edit.changes or self._refuse_read_only():
            return
        self._done.append(HistoryEntry(edit, int(time.time())))
        self._undone.clear()
        self._apply(edit)
        self._queue.add(lambda: self._store.commit(edit))

    def undo(self) -> None:
        if self.can_undo:
            edit = edits.describe(self._done[-1].edit)
            self.go_to(len(self._done) - 1)
            self.stepped.emit(tr("Undone: {edit}", edit=edit))

    def redo(self) -> None:
        if self.can_redo:
            edit = edits.describe(self._undone[-1].edit)
            self.go_to(len(self._done) + 1)
            self.stepped.emit(tr("Done again: {edit}", edit=edit))

    def go_to(self, position: int) -> None:
        """Undo or redo until the oldest `position` edits of `history` stand."""
        position = min(max(position, 0), len(self._done) + len(self._undone))
        if position == len(self._done) or self._refuse_read_only():
            return
        passed = []
        while position < len(self._done):
            self._undone.append(self._done.pop())
            passed.append(self._undone[-1].edit.inverse())
        while position > len(self._done):
            self._done.append(self._undone.pop())
            passed.append(self._done[-1].edit)
        self._apply(combined(passed[-1].kind, passed))
        self._queue.add(lambda: self._store.go_to(position))

    @property
    def history(self) -> list[HistoryEntry]:
        """Every edit, oldest first; the first `position` of them stand, the others are undone."""
        return [*self._done, *reversed(self._undone)]

    @property
    def position(self) -> int:
        """How many edits of `history` stand."""
        return len(self._done)

    @property
    def can_undo(self) -> bool:
        return bool(self._done) and not self.read_only

    @property
    def can_redo(self) -> bool:
        return bool(self._undone) and not self.read_only

    @property
    def undo_text(self) -> str:
        if not self._done:
            return tr("Undo")
        return tr("Undo {edit}", edit=edits.describe(self._done[-1].edit))

    @property
    def redo_text(self) -> str:
        if not self._undone:
            return tr("Redo")
        return tr("Redo {edit}", edit=edits.describe(self._undone[-1].edit))

    @property
    def current_photo(self) -> Photo | None:
        return None if self.current_id is None else self.project.photos.get(self.current_id)

    def set_current(self, photo_id: int | None) -> None:
        """Show another photo."""
        if photo_id != self.current_id:
            self.current_id = photo_id
            self.current_changed.emit(photo_id)

    def set_current_landmark(self, landmark_id: int | None) -> None:
        """Choose the landmark of the next box."""
        if landmark_id != self.current_landmark_id:
            self.current_landmark_id = landmark_id
            self.landmark_changed.emit(landmark_id)

    def photo_path(self, photo: Photo) -> Path:
        return self.photos_dir.joinpath(*PurePosixPath(photo.path).parts)

    def label_by_folder(self) -> None:
        """Name each photo's landmark after its folder, as one edit."""
        self.do(scan.labels_from_folders(self.project, self.project.photos.values()))

    def setting(self, key: str, default: Any = None) -> Any:
        """A JSON value that pages keep with the project."""
        return self._settings.get(key, default)

    def set_setting(self, key: str, value: Any) -> None:
        if self._settings.get(key) == value or self.read_only:
            return
        self._settings = {**self._settings, key: value}
        settings = self._settings
        self._queue.add(lambda: self._store.set_setting("pages", settings))

    @property
    def kept_splits(self) -> dict[int, str]:
        """The splits that were kept, by photo id: a copy, to compute with off the GUI thread."""
        return dict(self._splits)

    def keep_splits(self, splits: Mapping[int, str], settings: SplitSettings) -> None:
        """Store the splits and how they were made, so that later photos do not move these.

        Photos that the project does not have are passed over: the record of a training may know
        some, and the file would refuse them for ever.
        """
        photos = self.project.photos
        self._splits = kept = {id_: split for id_, split in splits.items() if id_ in photos}
        if not self.read_only:
            self._queue.add(lambda: self._store.set_split_assignments(kept))
            self._queue.add(lambda: self._store.set_setting(SPLIT_SETTING, settings.to_dict()))

    def when_saved(self, callback: Callable[[], Any]) -> None:
        """Call `callback` once every edit is on disk, which may be at once."""
        self._queue.when_saved(callback)

    def tell_again(self) -> None:
        """Say once more what still holds, as in another language: that the folder is missing."""
        if self._folder_missing:
            self._folder_missing = False
            self.start_scan()

    @property
    def is_saved(self) -> bool:
        """Whether every edit is on disk, and nobody waits for that."""
        return self._queue.state == "saved"

    def start_scan(self) -> None:
        """Look for new and changed photos in the background, now and whenever some change."""
        if not self.read_only and not self._closed:
            self._scan.start()

    def relocate(self, folder: Path) -> None:
        """Remember that the photos are in `folder` now, and look for them there."""
        if self._refuse_read_only():
            return
        self.photos_dir = Path(os.path.normpath(folder.absolute()))
        self._queue.add(lambda: self._store.set_photos_dir(folder))
        self._folder_missing = False
        self.folder_changed.emit()
        self.start_scan()

    def close(self, discard: bool = False) -> bool:
        """Save what is left, stop the scan and free the file. Blocks until that is done.

        Args:
            discard: close even if something cannot be saved, which is then lost.

        Returns:
            False if something cannot be saved: the document then stays open and keeps trying.
        """
        if not self._closed:
            self.closing.emit()
        if not self._queue.finish() and not discard:
            return False
        self._closed = True
        self._scan.stop()
        self._queue.give_up()
        self._store.close()
        return True

    def _apply(self, edit: Edit) -> None:
        self.project.apply(edit)
        if edit.touches_landmarks() and self.current_landmark_id not in self.project.landmarks:
            first = next(iter(self.project.ordered_landmarks()), None)
            self.set_current_landmark(first.id if first else None)
        self.edited.emit(edit)

    def _refuse_read_only(self) -> bool:
        if self.read_only:
            self.message.emit(tr("{path} is open for reading only.", path=self.path))
        return self.read_only

    def _what_to_scan(self) -> tuple[Project, Path]:
        self._scanned = 0
        return Project(photos=dict(self.project.photos)), self.photos_dir

    def _add_photos(self, rows: list[Photo]) -> None:
        if self._closed:
            return
        self._scanned += len(rows)
        for row in rows:
            self._news.add(self.project.photos.get(row.id), row)
        self._put_photos(rows)
        self.photos_changed.emit()

    def _add_hashes(self, rows: list[Photo]) -> None:
        if not self._closed:
            self._put_photos(rows)

    def _put_photos(self, rows: list[Photo]) -> None:
        self.project.put_photos(rows)
        self._queue.add(lambda: self._store.put_photos(rows))

    def _looked(self, settled: bool) -> None:
        if self._folder_missing:
            self._folder_missing = False
            self.folder_changed.emit()
        self.scan_finished.emit(self._scanned)
        if settled:
            self._tell_news()

    def _tell_news(self) -> None:
        news, self._news = self._news, News()
        if news.has_unreadable:
            bad = sum(photo.state == "unreadable" for photo in self.project.photos.values())
            self.message.emit(
                ntr(
                    "{n} file cannot be opened as a photo; the list says why.",
                    "{n} files cannot be opened as photos; the list says why.",
                    bad,
                )
            )
        if not self._is_new and (text := news.text()):
            self.photos_news.emit(text)
        self._is_new = False

    def _scan_failed(self, error: Exception) -> None:
        if not isinstance(error, FolderMissing):
            self.message.emit(str(error))
        elif not self._folder_missing:
            self._folder_missing = True
            self.folder_missing.emit(str(error))
