"""The grid of crops: filters, tiles, and what is selected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QSortFilterProxyModel,
    Signal,
)
from PySide6.QtWidgets import QAbstractItemView, QVBoxLayout, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import theme
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.dataset.filters import TileFilters
from landmark_gui.gui.pages.dataset.tile_delegate import LARGEST, SMALLEST, TileDelegate
from landmark_gui.gui.pages.dataset.tile_model import TileModel
from landmark_gui.gui.pages.dataset.tiles import Key, Show, Shown, Tile, TileQuery, Tiles, tiles_of
from landmark_gui.gui.pages.dataset.tiles import shown as passed
from landmark_gui.gui.thumbnails import ScreenWatch
from landmark_gui.gui.widgets.common import list_note
from landmark_gui.gui.widgets.note_stack import NoteStack
from landmark_gui.gui.widgets.rows import dress_list
from landmark_gui.gui.widgets.tile_view import TileView
from landmark_gui.jobs import collector
from landmark_gui.jobs.tasks import LatestOnly

_MANY = 2_000
"""Crops whose objects the garbage collector would be too long about."""


class CropGrid(QWidget):
    """Shows the crops of a dataset.

    Signals:
        selection_changed(): other tiles are selected, or other ones are shown.
        opened(Tile): the person wants to see this one in its photo.
        side_changed(int): the person made the tiles larger or smaller.
    """

    selection_changed = Signal()
    opened = Signal(object)
    side_changed = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._tiles, self._query = Tiles(), TileQuery()
        self.model = TileModel()
        self.model.setParent(self)
        self._rows = QSortFilterProxyModel(self)
        self.filters = TileFilters()
        self._arranging = LatestOnly(self)
        self.view = self._make_view()
        self.delegate = TileDelegate(self.model, self.view)
        self.view.setItemDelegate(self.delegate)
        self._stack = NoteStack(self.view)
        self._note = ""
        self._lay_out()
        self._connect()
        ScreenWatch(self, lambda _: self.set_side(self.delegate.side))

    def set_document(self, document: Document | None) -> None:
        """Show nothing until the dataset of another document is there."""
        self._arranging.cancel()
        self._tiles = Tiles()
        self.delegate.forget()
        collector.look_again()
        if document is not None:
            self.model.set_project(document.project)
            document.folder_changed.connect(self.delegate.forget)
        else:
            self.model.show_tiles(Shown())
        self.filters.set_query(TileQuery())
        self.filters.show_choices((), self._tiles)
        self._tell()

    def show_dataset(self, dataset: Dataset) -> None:
        """Show the crops of a newer dataset; what is selected stays so."""
        query = self.filters.query
        known = query.landmark in ("", *dataset.landmarks)
        if not known:
            self.filters.set_query(query := TileQuery(worst_first=query.worst_first))

        def arranged() -> tuple[Tiles, Shown]:
            tiles = tiles_of(dataset)
            return tiles, passed(tiles, query)

        def show(made: tuple[Tiles, Shown]) -> None:
            self._tiles = made[0]
            if len(self._tiles.all) > _MANY:
                collector.set_aside()
            self.filters.show_choices(dataset.landmarks, self._tiles)
            if made[1].query == self.filters.query:
                self._show(made[1])
            else:
                self._arrange(self.filters.query)

        self._arranging.submit(arranged, show)

    def refresh(self) -> None:
        """Paint what an edit has changed; the dataset follows a moment later."""
        self.view.viewport().update()

    def set_side(self, side: int) -> None:
        """Make the tiles so large, in device-independent pixels."""
        side = min(max(side, SMALLEST), LARGEST)
        ratio, line = self.devicePixelRatioF(), self.fontMetrics().height()
        row = self._top_row()
        self.delegate.set_side(side, ratio, line)
        self.view.setGridSize(self.delegate.cell())
        if row >= 0:
            top = QAbstractItemView.ScrollHint.PositionAtTop
            self.view.scrollTo(self._rows.index(row, 0), top)
        if self.filters.side.value() != side:
            self.filters.side.setValue(side)

    # What is selected

    def selected(self) -> list[Tile]:
        """The selected tiles, in the order of the grid."""
        rows = sorted(row for block in self._blocks() for row in block)
        return [self.model.tile(row) for row in rows]

    def count_selected(self) -> int:
        return sum(len(block) for block in self._blocks())

    def current(self) -> Tile | None:
        """The tile with the focus."""
        index = self.view.currentIndex()
        return self.model.tile(index.row()) if index.isValid() else None

    def select(self, keys: Iterable[Key]) -> None:
        """Select exactly these tiles, as far as they are shown."""
        rows = sorted(row for key in keys if (row := self.model.row_of(key)) >= 0)
        selection = QItemSelection()
        for _, members in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):
            block = [row for _, row in members]
            selection.select(self._rows.index(block[0], 0), self._rows.index(block[-1], 0))
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().select(selection, flag)

    def _blocks(self) -> Iterator[range]:
        selection = self.view.selectionModel().selection()
        for number in range(selection.count()):
            part = selection.at(number)
            yield range(part.top(), part.bottom() + 1)

    # What is shown

    def _arrange(self, query: TileQuery) -> None:
        tiles = self._tiles
        self._arranging.submit(lambda: passed(tiles, query), self._show)

    def _show(self, shown: Shown) -> None:
        keys, current = [tile.key for tile in self.selected()], self.current()
        bar, place = self.view.verticalScrollBar(), self.view.currentIndex().row()
        scrolled, edited = bar.value(), shown.query == self._query
        self._query = shown.query
        if self.model.show_tiles(shown) and shown.tiles:
            self.view.executeDelayedItemsLayout()  # until then it cannot be scrolled
            row = self.model.row_of(current.key) if current else -1
            if current and row < 0:  # it is gone: its place in the grid stays the current one
                row = min(place, len(shown.tiles) - 1)
                if edited and not any(key in shown.rows for key in keys):
                    keys = [shown.keys[row]]  # so that the next key acts on the next crop
            if row >= 0:
                none = QItemSelectionModel.SelectionFlag.NoUpdate
                self.view.selectionModel().setCurrentIndex(self._rows.index(row, 0), none)
            self.select(keys)
            bar.setValue(scrolled)
        self._tell()

    def _top_row(self) -> int:
        index = self.view.indexAt(self.view.viewport().rect().topLeft())
        return index.row() if index.isValid() else -1

    def _tell(self) -> None:
        """Say how many are shown, or why none is."""
        total, rows = self._tiles.kinds.get(Show.ALL, 0), self.model.rowCount()
        text = ntr("{n} crop", "{n} crops", rows)
        if self.filters.query.filters:
            text = tr("{crops} of {total}", crops=text, total=total)
        if chosen := self.count_selected():
            text += " · " + ntr("{n} selected", "{n} selected", chosen)
        self.filters.line.setText(text)
        empty = not rows and bool(self._tiles.all)
        self._show_note(self._nothing() if empty else "")
        self.selection_changed.emit()

    def _nothing(self) -> str:
        texts = {
            Show.LEFT_OUT: tr("Nothing is left out by hand."),
            Show.PINNED: tr("No photo is pinned to a split."),
            Show.FAULTY: tr("Nothing has a flag."),
        }
        query = self.filters.query
        alone = query == TileQuery(show=query.show, worst_first=query.worst_first)
        return (alone and texts.get(query.show)) or tr("No crop passes the filters.")

    def _show_note(self, text: str) -> None:
        if text == self._note:
            return
        self._note = text
        show_all = (tr("Show all crops"), "show_all_crops", self.filters.drop_filters)
        self._stack.set_note(list_note(text, *show_all) if text else None)

    # Widgets

    def _make_view(self) -> TileView:
        view = TileView()
        dress_list(view, "crop_grid", tr("Crops"))
        # Laying out 20,000 tiles asks for their number again and again; Qt's own proxy, which
        # changes nothing, answers ten times as fast as Python.
        self._rows.setSourceModel(self.model)
        view.setModel(self._rows)
        return view

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.filters)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.filters.query_changed.connect(self._arrange)
        self.filters.side_changed.connect(self._resized)
        self.view.selectionModel().selectionChanged.connect(lambda *_: self._tell())
        self.view.activated_tile.connect(self._open)
        self.view.zoomed.connect(lambda steps: self._resized(self.delegate.side + steps))
        theme.signals.changed.connect(self.view.viewport().update)

    def _resized(self, side: int) -> None:
        self.set_side(side)
        self.side_changed.emit(self.delegate.side)

    def _open(self) -> None:
        tile = self.current()
        if tile is not None:
            self.opened.emit(tile)
