"""The crops that are shown, as Qt's views ask for them."""

from __future__ import annotations

from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractListModel, Qt

from landmark_gui.core.project import Project
from landmark_gui.gui.pages.dataset import tile_texts
from landmark_gui.gui.pages.dataset.tiles import Key, Shown, Tile
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal

TILE_ROLE = Qt.ItemDataRole.UserRole


class Now(NamedTuple):
    """What the person has said of a tile by now; the dataset follows a moment later."""

    split: str
    pinned: bool
    left_out: bool


class TileModel(QAbstractListModel):
    """A row for each crop that is shown."""

    def __init__(self) -> None:
        super().__init__()
        self._shown = Shown()
        self._project = Project()
        self._unreadable: dict[Key, str] = {}

    def set_project(self, project: Project) -> None:
        """Begin anew with the rows of another project."""
        self._project = project
        self._unreadable.clear()
        self.show_tiles(Shown())

    def show_tiles(self, shown: Shown) -> bool:
        """Replace all rows; False if the same crops are shown as before."""
        if shown.keys == self._shown.keys:
            self._shown = shown
            self.refresh()
            return False
        self.beginResetModel()
        self._shown = shown
        self.endResetModel()
        return True

    def refresh(self) -> None:
        """Something of the crops is another, though not which there are."""
        if self._shown.tiles:
            self.dataChanged.emit(self.index(0), self.index(len(self._shown.tiles) - 1))

    def repaint(self, key: Key) -> None:
        """The picture of a crop is there."""
        row = self._shown.rows.get(key)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def mark_unreadable(self, key: Key, reason: str) -> None:
        self._unreadable[key] = reason

    def tile(self, row: int) -> Tile:
        return self._shown.tiles[row]

    def row_of(self, key: Key) -> int:
        """-1 if it is not shown."""
        return self._shown.rows.get(key, -1)

    def now(self, tile: Tile) -> Now:
        """The state of a tile after the newest edit."""
        photo = self._project.photos.get(tile.crop.photo_id)
        box = self._project.boxes.get(tile.crop.box_id or "")
        if photo is None:
            return Now(tile.crop.split, tile.pinned, tile.left_out)
        out = photo.review == "skipped" or (box is not None and box.excluded)
        return Now(photo.split or tile.crop.split, bool(photo.split), out)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._shown.tiles)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role not in _TOLD:
            return None
        tile = self._shown.tiles[index.row()]
        if role == TILE_ROLE:
            return tile
        now, reason = self.now(tile), self._unreadable.get(tile.key, "")
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(tile_texts.tooltip(tile, now.split, now.pinned, now.left_out, reason))
        return tile_texts.spoken(tile, now.split, now.pinned, now.left_out)


_TOLD = (
    TILE_ROLE,
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.ToolTipRole,
)
