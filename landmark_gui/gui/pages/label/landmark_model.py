"""The landmarks of the open project as a list model: colour, name, key, how often."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    Qt,
    Signal,
)

from landmark_gui.core import edits
from landmark_gui.core.errors import NameRefused
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.matching import match
from landmark_gui.core.project import Box, Edit, Landmark, Photo
from landmark_gui.gui.document import Document
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

LANDMARK_ROLE = Qt.ItemDataRole.UserRole
COUNT_ROLE = Qt.ItemDataRole.UserRole + 1
_MIME = "application/x-landmark-id"


class LandmarkModel(QAbstractListModel):
    """Landmarks in their order, or those that fit a search. Changes go through the document.

    Signals:
        refused(str): why a name was not taken.
        namesake(int, int): a landmark would get the name that another one has.
    """

    refused = Signal(str)
    namesake = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._landmarks: list[Landmark] = []
        self._search = ""
        self._boxes: Counter[int] = Counter()
        self._photos: Counter[int] = Counter()

    def set_document(self, document: Document | None) -> None:
        self._document = document
        project = document.project if document else None
        self._boxes = (
            Counter(b.landmark_id for b in project.boxes.values()) if project else Counter()
        )
        whole = (photo.landmark_id for photo in project.photos.values()) if project else ()
        self._photos = Counter(id_ for id_ in whole if id_ is not None)
        self._reload()

    def set_search(self, text: str) -> None:
        """List only landmarks whose name fits `text`."""
        self._search = text
        self._reload()

    def apply(self, edit: Edit) -> None:
        """Follow an edit of the document."""
        for change in edit.changes:
            self._count(change.before, -1)
            self._count(change.after, 1)
        if edit.touches_landmarks():
            self._reload()
        elif self._landmarks:
            self.dataChanged.emit(self.index(0), self.index(len(self._landmarks) - 1))

    def landmark(self, row: int) -> Landmark:
        return self._landmarks[row]

    def row_of(self, landmark_id: int | None) -> int:
        """The row of a landmark, or -1."""
        rows = (row for row, mark in enumerate(self._landmarks) if mark.id == landmark_id)
        return next(rows, -1)

    def boxes(self, landmark_id: int) -> int:
        """How many boxes the project has of a landmark."""
        return self._boxes[landmark_id]

    def photos(self, landmark_id: int) -> int:
        """How many photos are that landmark as a whole."""
        return self._photos[landmark_id]

    def count_text(self, landmark_id: int) -> str:
        """How often there is a landmark: "12 boxes, 3 whole photos"."""
        boxes, photos = self.boxes(landmark_id), self.photos(landmark_id)
        said = ntr("{n} box", "{n} boxes", boxes)
        if not photos:
            return said
        whole = ntr("{n} whole photo", "{n} whole photos", photos)
        return f"{said}, {whole}" if boxes else whole

    def _count(self, row: object, by: int) -> None:
        if isinstance(row, Box):
            self._boxes[row.landmark_id] += by
        elif isinstance(row, Photo) and row.landmark_id is not None:
            self._photos[row.landmark_id] += by

    def _reload(self) -> None:
        landmarks = self._document.project.ordered_landmarks() if self._document else []
        if self._search.strip():
            landmarks = [mark for mark in landmarks if match(self._search, mark.name)]
        if [mark.id for mark in landmarks] == [mark.id for mark in self._landmarks]:
            self._landmarks = landmarks
            if landmarks:
                self.dataChanged.emit(self.index(0), self.index(len(landmarks) - 1))
            return
        self.beginResetModel()
        self._landmarks = landmarks
        self.endResetModel()

    # Qt's questions

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._landmarks)

    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled  # between two rows, never on one
        if self._document is None or self._document.read_only:
            return super().flags(index)
        movable = Qt.ItemFlag.ItemIsEditable | Qt.ItemFlag.ItemIsDragEnabled
        return super().flags(index) | movable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        mark = self._landmarks[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return mark.name
        if role == LANDMARK_ROLE:
            return mark
        if role == COUNT_ROLE:
            boxes, photos = self.boxes(mark.id), self.photos(mark.id)
            return f"{boxes} + {photos}" if boxes and photos else str(boxes or photos)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._all_text(mark)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(self._all_text(mark))
        return None

    def _all_text(self, mark: Landmark) -> str:
        key = tr("key {key}", key=mark.key) if mark.key else tr("no key")
        return f"{mark.name}, {self.count_text(mark.id)}, {key}"

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if self._document is None:
            return False
        mark = self._landmarks[index.row()]
        try:
            name = edits.clean_name(str(value))
        except NameRefused as error:
            self.refused.emit(str(error))
            return False
        twin = edits.namesake(self._document.project, name, but=mark)
        if twin is not None:
            self.namesake.emit(mark.id, twin.id)
        elif name != mark.name:
            self._document.do(edits.rename_landmark(mark, name))
        return twin is None and name != mark.name

    # Another order, by dragging

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        data = QMimeData()
        data.setData(_MIME, str(self._landmarks[indexes[0].row()].id).encode())
        return data

    def dropMimeData(
        self, data: QMimeData, action: Qt.DropAction, row: int, column: int, parent: Index
    ) -> bool:
        """Move the dragged landmark before the one in `row`. The view need not remove a row."""
        project = self._document.project if self._document else None
        text = bytes(data.data(_MIME).data()).decode()
        mark = project.landmarks.get(int(text)) if project and text.isdecimal() else None
        if mark is not None:
            self.move(mark, parent.row() if parent.isValid() else row)
        return False

    def move(self, mark: Landmark, row: int) -> None:
        """Put a landmark before the one in `row`, or at the end."""
        if self._document is None:
            return
        project = self._document.project
        others = [other.id for other in project.ordered_landmarks() if other.id != mark.id]
        following = [m.id for m in self._landmarks[row:] if m.id != mark.id] if row >= 0 else []
        if following:
            place = others.index(following[0])
        else:  # behind the last one in the list, which may not be the last one of all
            shown = [m.id for m in self._landmarks if m.id != mark.id]
            place = others.index(shown[-1]) + 1 if shown else 0
        self._document.do(edits.move_landmark(project, mark, place))
