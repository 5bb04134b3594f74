"""The photos of the open project as a list model that follows each edit row by row."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Iterable
from enum import Enum
from itertools import chain
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
        new = [photo for photo in changed if photo.id not in self._known]
        other = [photo for photo in changed if self._looks_different(photo)]
        runs = self._runs(new)
        if len(other) > SINGLY or len(runs) > SINGLY // 10:
            self._reset()
            return
        for photo in other:
            self._move(photo)
        self._known.update((photo.id, photo) for photo in changed)
        for photo in other:
            self._refresh(photo.id)
        self._add(new)
        if new or other:
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

    def _looks_different(self, photo: Photo) -> bool:
        known = self._known.get(photo.id)
        return known is not None and not photo.shows_as(known)

    def _move(self, photo: Photo) -> None:
        """Give a photo that has another path now its new place; the selection goes along."""
        before, after = _entry(self._known[photo.id]), _entry(photo)
        row = self.row_of(photo.id)
        self._known[photo.id] = photo
        if before == after:
            return
        self._all.remove(before)
        insort(self._all, after)
        if row < 0:
            return
        place = bisect_left(self._rows, after)
        moves = place not in (row, row + 1)
        if moves:
            self.beginMoveRows(ROOT, row, row, ROOT, place)
        del self._rows[row]
        insort(self._rows, after)
        if moves:
            self.endMoveRows()

    def _add(self, new: list[Photo]) -> None:
        self._all = sorted(chain(self._all, map(_entry, new)))
        self._labelled.update(photo.id for photo in new if self._has_label(photo))
        for place, entries in self._runs(photo for photo in new if self._matches(photo.id)):
            self.beginInsertRows(ROOT, place, place + len(entries) - 1)
            self._rows[place:place] = entries
            self.endInsertRows()

    def _runs(self, new: Iterable[Photo]) -> list[tuple[int, list[tuple[Any, int]]]]:
        """New entries that come to lie side by side, with their row; from the last to the first."""
        places: dict[int, list[tuple[Any, int]]] = {}
        for entry in sorted(map(_entry, new)):
            places.setdefault(bisect_left(self._rows, entry), []).append(entry)
        return list(reversed(places.items()))

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
        return kind is PhotoFilter.ALL or photo.state != "ok"

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
        """The state of a photo in words: missing or unreadable and why, its boxes, unlabelled."""
        if photo.state == "missing":
            return tr("Missing: {reason}", reason=photo.reason)
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
