"""The photos of the open project as a list model that follows each edit row by row."""

from __future__ import annotations

from bisect import bisect_left
from enum import Enum
from pathlib import Path, PurePosixPath
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, Qt, Signal

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, Photo, natural_key
from landmark_gui.gui.document import Document

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
PHOTO_ROLE = Qt.ItemDataRole.UserRole
SINGLY = 500
"""Up to so many changed photos are inserted, removed and repainted one by one."""


class PhotoFilter(Enum):
    ALL = "all"
    UNLABELLED = "unlabelled"
    LABELLED = "labelled"
    UNREADABLE = "unreadable"


class PhotoListModel(QAbstractListModel):
    """Photos in natural order of their paths, those that pass the filter.

    The photo on show keeps its row although an edit makes it fail the filter, so that it does
    not vanish under the person's hands; it goes once another photo is shown.

    Signals:
        counts_changed(): `labelled` or `readable` changed.
    """

    counts_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._kind, self._text = PhotoFilter.ALL, ""
        self._all: list[tuple[Any, int]] = []
        self._rows: list[tuple[Any, int]] = []
        self._known: dict[int, Photo] = {}
        self._labelled: set[int] = set()

    # What it shows

    def set_document(self, document: Document | None) -> None:
        self._document = document
        self._reset()

    def set_filter(self, kind: PhotoFilter, text: str) -> None:
        """Show the photos of a kind whose path contains `text`, in any case."""
        self._kind, self._text = kind, text.casefold()
        self.beginResetModel()
        self._rows = [entry for entry in self._all if self._matches(entry[1])]
        self.endResetModel()

    @property
    def labelled(self) -> int:
        """How many readable photos of the project have a box or a landmark of their own."""
        return len(self._labelled)

    @property
    def readable(self) -> int:
        """How many photos of the project can be labelled."""
        return sum(photo.state == "ok" for photo in self._known.values())

    def path_of(self, photo: Photo) -> Path:
        assert self._document is not None
        return self._document.photo_path(photo)

    def photo_id(self, row: int) -> int:
        return self._rows[row][1]

    def row_of(self, photo_id: int | None) -> int:
        """The row of a photo, or -1 if it is not shown."""
        row = self.nearest_row(photo_id)
        return row if 0 <= row < len(self._rows) and self._rows[row][1] == photo_id else -1

    def nearest_row(self, photo_id: int | None) -> int:
        """The row of a photo, or the row it would have; may be one past the end."""
        photo = self._known.get(photo_id) if photo_id is not None else None
        return bisect_left(self._rows, _entry(photo)) if photo else 0

    # What changes

    def apply(self, edit: Edit) -> None:
        """Follow an edit of the document."""
        changed = edit.photo_ids() & self._known.keys()
        if len(changed) > SINGLY:
            self._reset()
            return
        for photo_id in changed:
            self._refresh(photo_id)
        if changed:
            self.counts_changed.emit()

    def take_photos(self) -> None:
        """Follow the scan: insert new photos and refresh changed ones."""
        photos = self._document.project.photos if self._document else {}
        changed = [photo for id_, photo in photos.items() if self._known.get(id_) is not photo]
        if len(changed) > SINGLY:
            self._reset()
            return
        for photo in changed:
            if photo.id not in self._known:
                _insert(self._all, _entry(photo))
            self._known[photo.id] = photo
            self._refresh(photo.id)
        self.counts_changed.emit()

    def settle(self, photo_id: int) -> None:
        """Take a photo out that is no longer on show and fails the filter."""
        row = self.row_of(photo_id)
        if row >= 0 and not self._matches(photo_id):
            self._remove(row)

    def repaint(self, photo_id: int) -> None:
        """Tell the view that the row of a photo, if it is shown, looks different."""
        row = self.row_of(photo_id)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index)

    def _reset(self) -> None:
        self.beginResetModel()
        self._known = dict(self._document.project.photos) if self._document else {}
        self._all = sorted(_entry(photo) for photo in self._known.values())
        self._labelled = {photo.id for photo in self._known.values() if self._has_label(photo)}
        self._rows = [entry for entry in self._all if self._matches(entry[1])]
        self.endResetModel()
        self.counts_changed.emit()

    def _refresh(self, photo_id: int) -> None:
        assert self._document is not None
        photo = self._known[photo_id] = self._document.project.photos[photo_id]
        if self._has_label(photo):
            self._labelled.add(photo_id)
        else:
            self._labelled.discard(photo_id)
        row, stays = self.row_of(photo_id), photo_id == self._document.current_id
        if row < 0 and self._matches(photo_id):
            place = self.nearest_row(photo_id)
            self.beginInsertRows(QModelIndex(), place, place)
            self._rows.insert(place, _entry(photo))
            self.endInsertRows()
        elif row >= 0 and not stays and not self._matches(photo_id):
            self._remove(row)
        else:
            self.repaint(photo_id)

    def _has_label(self, photo: Photo) -> bool:
        assert self._document is not None
        return photo.state == "ok" and self._document.project.is_labelled(photo)

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self.endRemoveRows()

    def _matches(self, photo_id: int) -> bool:
        photo, kind = self._known[photo_id], self._kind
        if self._text and self._text not in photo.path.casefold():
            return False
        if kind is PhotoFilter.LABELLED:
            return photo_id in self._labelled
        if kind is PhotoFilter.UNLABELLED:
            return photo_id not in self._labelled and photo.state == "ok"
        return kind is PhotoFilter.ALL or photo.state == "unreadable"

    # Qt's questions

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        photo = self._known[self._rows[index.row()][1]]
        if role == Qt.ItemDataRole.DisplayRole:
            return PurePosixPath(photo.path).name
        if role == PHOTO_ROLE:
            return photo
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{photo.path}\n{self.state_text(photo)}"
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{photo.path}, {self.state_text(photo)}"
        return None

    def state_text(self, photo: Photo) -> str:
        """The state of a photo in words: unreadable and why, its boxes, or unlabelled."""
        if photo.state == "unreadable":
            return tr("Cannot be read: {reason}", reason=photo.reason)
        if photo.id not in self._labelled or self._document is None:
            return tr("Unlabelled")
        project = self._document.project
        if boxes := len(project.boxes_of(photo.id)):
            return ntr("{n} box", "{n} boxes", boxes)
        mark = project.landmarks.get(photo.landmark_id or 0)
        return tr("Whole photo: {name}", name=mark.name if mark else "")

    def is_labelled(self, photo: Photo) -> bool:
        return photo.id in self._labelled


def _entry(photo: Photo) -> tuple[Any, int]:
    return natural_key(photo.path), photo.id


def _insert(rows: list[tuple[Any, int]], entry: tuple[Any, int]) -> None:
    rows.insert(bisect_left(rows, entry), entry)
