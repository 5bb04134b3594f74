"""The photos of the open project as a list model that follows each edit row by row."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt, Signal

from landmark_gui.core.project import Edit, Photo, Project
from landmark_gui.core.proposals import Proposal
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label import photo_texts
from landmark_gui.gui.pages.label.photo_query import PhotoQuery, file_name
from landmark_gui.gui.pages.label.photo_table import PhotoTable
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

PHOTO_ROLE = Qt.ItemDataRole.UserRole
SINGLY, MANY = 100, 500
"""Up to so many changed photos are moved, removed and repainted one by one; so many are added."""


class PhotoListModel(QAbstractListModel):
    """The photos that pass a query, in its order.

    The photo on show keeps its row although an edit makes it fail the filter or changes its
    place, so that it does not vanish under the person's hands; it goes once another photo is
    shown.

    Signals:
        counts_changed(): how far the photos are has changed.
    """

    counts_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self.query = PhotoQuery()
        self.proposals: Mapping[int, Proposal] = {}
        self.table = PhotoTable(Project())
        self._rows: list[int] = []
        self._row_of: dict[int, int] | None = None
        self._kept: dict[int, tuple[Any, ...]] = {}
        self._damaged: dict[Hashable, str] = {}

    # What it shows

    def set_document(self, document: Document | None, query: PhotoQuery | None = None) -> None:
        self._document, self.query = document, query or PhotoQuery()
        self._damaged.clear()
        self._rebuild(keep=None)

    def set_query(self, query: PhotoQuery) -> None:
        """Show the photos that pass this query, in its order."""
        self.query = query
        self._list(keep=None)

    @property
    def labelled(self) -> int:
        """How many readable photos of the project have a box or a landmark of their own."""
        return len(self.table.labelled)

    @property
    def readable(self) -> int:
        """How many photos of the project can be labelled."""
        return self.table.stages.total() - self.table.stages["closed"]

    def path_of(self, photo: Photo) -> Path:
        assert self._document is not None
        return self._document.photo_path(photo)

    def photo_id(self, row: int) -> int:
        return self._rows[row]

    def row_of(self, photo_id: int | None) -> int:
        """The row of a photo, or -1 if it is not shown."""
        if self._row_of is None:
            self._row_of = {id_: row for row, id_ in enumerate(self._rows)}
        return -1 if photo_id is None else self._row_of.get(photo_id, -1)

    def nearest_row(self, photo_id: int | None) -> int:
        """The row of a photo, or the row it would have; may be one past the end."""
        row = self.row_of(photo_id)
        if row >= 0 or photo_id not in self.table.photos:
            return max(row, 0)
        return bisect_left(self._rows, self._place(photo_id), key=self._place)

    def after(self, photo_id: int | None, wanted: Callable[[int], bool]) -> int | None:
        """The first wanted photo further down the list, then from its top; None if there is none.

        The photo itself does not count.
        """
        start = self.nearest_row(photo_id)
        around = self._rows[start:] + self._rows[:start]
        return next((id_ for id_ in around if id_ != photo_id and wanted(id_)), None)

    def before(self, photo_id: int) -> int | None:
        """The readable photo before this one in the order, whether or not it is listed."""
        photos = self.table.photos
        order = self.table.order(self.query)
        others = [id_ for id_ in order if id_ != photo_id and photos[id_].state == "ok"]
        place = bisect_left(others, self._place(photo_id), key=self._place)
        return others[place - 1] if place else None

    # What changes

    def apply(self, edit: Edit) -> None:
        """Follow an edit of the document."""
        changed = edit.photo_ids() & self.table.photos.keys()
        self._follow(changed)
        if edit.touches_landmarks() and self._rows:  # names and colours
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def take_proposals(self, photo_ids: Iterable[int]) -> None:
        """Follow `proposals`, which holds others for these photos now."""
        self._follow(set(photo_ids) & self.table.photos.keys() & self._photos().keys())

    def take_photos(self) -> None:
        """Follow the scan: insert new photos and refresh changed ones."""
        changed, known = self.table.changed(), self.table.photos
        new = [id_ for id_ in changed if id_ not in known]
        if len(new) > MANY or len(self._photos()) < len(known):
            self._rebuild(keep=self._on_show())
            return
        changed = [id_ for id_ in changed if id_ in known]
        self._add(new)
        self._follow(changed)

    def settle(self, photo_id: int) -> None:
        """Give a photo that is no longer on show the place that is its due, or none."""
        row = self.row_of(photo_id)
        self._kept.pop(photo_id, None)
        if row >= 0 and not self.table.passes(photo_id, self.query):
            self._remove(row)
        elif row >= 0:
            self._move(row)

    def repaint(self, photo_id: int) -> None:
        """Tell the view that the row of a photo, if it is shown, looks different."""
        row = self.row_of(photo_id)
        if row >= 0:
            index = self.index(row)
            self.dataChanged.emit(index, index)

    def _follow(self, changed: Iterable[int]) -> None:
        ids = list(changed)
        if len(ids) > SINGLY or not all(id_ in self._photos() for id_ in ids):
            self._rebuild(keep=self._on_show())
            return
        for photo_id in ids:
            self._refresh(photo_id)
        if ids:
            self.counts_changed.emit()

    def _refresh(self, photo_id: int) -> None:
        row = self.row_of(photo_id)
        place = self._place(photo_id) if row >= 0 else ()
        self.table.refresh(photo_id)
        if row < 0:
            if self.table.passes(photo_id, self.query):
                self._insert(self.nearest_row(photo_id), [photo_id])
        elif photo_id == self._on_show():
            self._kept[photo_id] = place
            self.repaint(photo_id)
        else:
            self.settle(photo_id)
            self.repaint(photo_id)

    def _add(self, new: list[int]) -> None:
        """List new photos; those that come to lie side by side are inserted together."""
        for photo_id in new:
            self.table.refresh(photo_id)
        passing = (id_ for id_ in new if self.table.passes(id_, self.query))
        blocks: dict[int, list[int]] = {}
        for photo_id in sorted(passing, key=self._place):
            blocks.setdefault(self.nearest_row(photo_id), []).append(photo_id)
        if len(blocks) > SINGLY // 10:
            self._list(keep=self._on_show())
        else:
            for row in sorted(blocks, reverse=True):
                self._insert(row, blocks[row])
        if new:
            self.counts_changed.emit()

    def _on_show(self) -> int | None:
        return self._document.current_id if self._document else None

    def _rebuild(self, keep: int | None) -> None:
        """Read the project anew; `keep` stays listed if it is, though it may no longer pass."""
        project = self._document.project if self._document else Project()
        self.table = PhotoTable(project, self.proposals)
        self._list(keep)
        self.counts_changed.emit()

    def _list(self, keep: int | None) -> None:
        table, query = self.table, self.query
        keep = keep if self.row_of(keep) >= 0 and keep in table.photos else None
        self.beginResetModel()
        self._kept.clear()
        self._row_of = None
        self._rows = table.listed(query)
        if keep is not None and not table.passes(keep, query):
            place = bisect_left(self._rows, self._place(keep), key=self._place)
            self._rows.insert(place, keep)
        self.endResetModel()

    def _photos(self) -> dict[int, Photo]:
        return self._document.project.photos if self._document else {}

    def _place(self, photo_id: int) -> tuple[Any, ...]:
        """By what the photo is listed, which is not by what it has become if it is on show."""
        return self._kept.get(photo_id) or self.table.place(photo_id, self.query)

    def _insert(self, row: int, photo_ids: list[int]) -> None:
        self.beginInsertRows(QModelIndex(), row, row + len(photo_ids) - 1)
        self._rows[row:row] = photo_ids
        self._row_of = None
        self.endInsertRows()

    def _move(self, row: int) -> None:
        photo_id = self._rows[row]
        others = self._rows[:row] + self._rows[row + 1 :]
        place = bisect_left(others, self._place(photo_id), key=self._place)
        if place != row:
            before = place if place < row else place + 1  # Qt counts the row that moves
            self.beginMoveRows(QModelIndex(), row, row, QModelIndex(), before)
            others.insert(place, photo_id)
            self._rows, self._row_of = others, None
            self.endMoveRows()

    def _remove(self, row: int) -> None:
        self.beginRemoveRows(QModelIndex(), row, row)
        del self._rows[row]
        self._row_of = None
        self.endRemoveRows()

    # Qt's questions

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        photo = self._as_seen(self.table.photos[self._rows[index.row()]])
        if role == Qt.ItemDataRole.DisplayRole:
            return file_name(photo)
        if role == PHOTO_ROLE:
            return photo
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(f"{photo.path}\n{self.state_text(photo)}")
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{photo.path}, {self.state_text(photo)}"
        return None

    def state_text(self, photo: Photo) -> str:
        """All that is known of a photo in words: labels, how far it is, where it is pinned."""
        label, review = self.label_text(photo), photo_texts.review_text(photo.review)
        return ", ".join(filter(None, (label, review, photo_texts.pin_text(photo))))

    def mark_damaged(self, version: Hashable, reason: str) -> None:
        """Show a photo as unreadable, since its pixels are, until its file changes.

        Its header may be fine, so that the scan, which reads no more, could not know.
        """
        self._damaged[version] = reason

    def _as_seen(self, photo: Photo) -> Photo:
        if photo.state != "ok":  # that says more; and a file that comes back gets another chance
            self._damaged.pop(photo.version, None)
        reason = self._damaged.get(photo.version)
        return photo if reason is None else replace(photo, state="unreadable", reason=reason)

    def label_text(self, photo: Photo) -> str:
        """What is labelled on a photo, in words, or why it is not to be had."""
        proposal = self.proposals.get(photo.id)
        if proposal is not None and photo.state == "ok":
            return photo_texts.proposal_text(proposal)
        project = self._document.project if self._document else Project()
        return photo_texts.label_text(photo, self.table.marks(photo.id).boxes, project)

    def colors(self, photo: Photo) -> Iterator[str]:
        """The colours of a photo's landmarks: of its boxes, oldest first, then of the whole."""
        landmarks = self._document.project.landmarks if self._document else {}
        of_boxes = self.table.marks(photo.id).landmarks
        for id_ in dict.fromkeys((*of_boxes, photo.landmark_id or 0)):
            if id_ in landmarks:
                yield landmarks[id_].color
