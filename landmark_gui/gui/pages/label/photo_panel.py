"""The left part: search, filter and order, the list of photos, and how far the folder is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from itertools import groupby

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPoint,
    QSortFilterProxyModel,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Edit
from landmark_gui.core.proposals import Proposal
from landmark_gui.gui import theme
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label.filter_bar import FilterBar
from landmark_gui.gui.pages.label.folder_progress import FolderProgress
from landmark_gui.gui.pages.label.photo_delegate import THUMBNAIL, PhotoDelegate
from landmark_gui.gui.pages.label.photo_menu import photo_menu
from landmark_gui.gui.pages.label.photo_model import PhotoListModel
from landmark_gui.gui.pages.label.photo_query import Kind, PhotoQuery
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.common import list_note
from landmark_gui.gui.widgets.note_stack import NoteStack
from landmark_gui.gui.widgets.rows import dress_list

REMEMBER_MS = 1000
_SETTING = "label.list"
_WARM_AT_ONCE = 200
"""Photos made ready for search and sort between two events: about 3 ms."""


class PhotoPanel(QWidget):
    """Chooses the photo on show; next and previous follow the order and filter of the list.

    Signals:
        mark_wanted(list[int], str): the person marks these photos as "done", "skipped" or "".
        whole_wanted(list[int], int | None): what landmark these photos are as a whole.
        left(): the person goes on with the photo on show.
    """

    mark_wanted = Signal(list, str)
    whole_wanted = Signal(list, object)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._on_show: int | None = None
        self._leaving: set[int] = set()
        self._direction = 1
        self.model = PhotoListModel()
        self.model.setParent(self)
        self.thumbnails = Thumbnails(THUMBNAIL, parent=self)
        self.thumbnails.follow_screen(self, THUMBNAIL)
        self._shown = QSortFilterProxyModel(self)
        self.list = self._make_list()
        self.filters = FilterBar(lambda kinds: self.model.table.count(kinds))
        self._stack = NoteStack(self.list)
        self._progress = FolderProgress()
        self._warming = QTimer(self, interval=0)
        self._remember = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._lay_out()
        self._connect()

    def set_document(self, document: Document | None) -> None:
        """List the photos of another document, and show the one that was on show last."""
        self._document, self._on_show = document, None
        self._leaving.clear()
        self.thumbnails.clear()
        kept = document.setting(_SETTING, {}) if document else {}
        query = PhotoQuery.from_json(kept)
        self.model.set_document(document, query)
        if document is not None:
            self.filters.set_project(document.project)
            document.edited.connect(self._edited)
            document.photos_changed.connect(self._photos_changed)
            document.current_changed.connect(self._select_current)
            document.closing.connect(self._write)
        self.filters.set_query(query)
        self._warming.start()
        shown_last = kept.get("photo") if isinstance(kept, dict) else None
        self._show_first(shown_last if isinstance(shown_last, int) else None)

    # Which photo is on show

    def step(self, by: int) -> None:
        """Show the photo `by` rows further down; stays at the ends of the list."""
        self._direction = 1 if by > 0 else -1
        row = self.row()
        if row < 0:  # filtered out: its neighbours are the rows about the place it would have
            row = self.model.nearest_row(self._current()) - (by > 0)
        self.show_row(row + by)

    def show_row(self, row: int) -> None:
        """Show the photo in a row, or the one nearest to it."""
        if self._document is not None and self.model.rowCount():
            row = min(max(row, 0), self.model.rowCount() - 1)
            self._document.set_current(self.model.photo_id(row))

    def show_last(self) -> None:
        self.show_row(self.model.rowCount() - 1)

    def show_next(self, wanted: Callable[[int], bool]) -> bool:
        """Show the next wanted photo of the list, beginning anew at its end; False if none is."""
        following = self.model.after(self._current(), wanted)
        if following is not None and self._document is not None:
            self._document.set_current(following)
        return following is not None

    def upcoming(self) -> list[int]:
        """The ids of the photos that will probably be shown next, nearest first.

        Two in the direction of the last step, and the one on the other side.
        """
        row = self.row()
        rows = [row + by * self._direction for by in (1, 2, -1)] if row >= 0 else []
        return [self.model.photo_id(row) for row in rows if 0 <= row < self.model.rowCount()]

    def filter_by_landmark(self, landmark_id: int) -> None:
        """List the photos that bear a landmark, and no others."""
        query = PhotoQuery(sort=self.model.query.sort, descending=self.model.query.descending)
        self.filters.change(query.with_landmarks([landmark_id]))

    def show_all(self) -> None:
        """Drop filter and search."""
        query = self.model.query
        self.filters.change(PhotoQuery(sort=query.sort, descending=query.descending))

    def selected(self) -> list[int]:
        """The photos that are selected in the list, from top to bottom."""
        rows = sorted(index.row() for index in self.list.selectedIndexes())
        return [self.model.photo_id(row) for row in rows]

    def _current(self) -> int | None:
        return self._document.current_id if self._document else None

    def row(self) -> int:
        """The row of the photo on show, or -1 if it is not listed."""
        return self.model.row_of(self._current())

    def _show_first(self, photo_id: int | None) -> None:
        if self._document is None:
            return
        if self._document.current_id is None and photo_id in self._document.project.photos:
            self._document.set_current(photo_id)
        if self._document.current_id is None and self.model.rowCount():
            self.show_row(0)
        else:
            self._select_current(self._document.current_id)

    def _row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if self._document is not None and current.isValid():
            if previous.isValid():
                self._direction = 1 if current.row() > previous.row() else -1
            self._document.set_current(self.model.photo_id(current.row()))

    def _select_current(self, photo_id: int | None) -> None:
        left, self._on_show = self._on_show, photo_id
        row = self.model.row_of(photo_id)
        if row < 0:
            self.list.clearSelection()
        elif row != self.list.currentIndex().row():  # else the person has chosen it here
            index = self._shown.index(row, 0)
            # The view's own setCurrentIndex would add the row while Ctrl is held, as for Ctrl+Z.
            flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
            self.list.selectionModel().setCurrentIndex(index, flag)
            self.list.scrollTo(index)
        if left is not None and left != photo_id:
            self._leaving.add(left)
        if not QApplication.mouseButtons():  # no row moves from under a pressed button
            self._settle()
        self._show_position()  # the menu of a row takes the release of its button
        self._remember.start()

    def _settle(self) -> None:
        """Give photos that are no longer on show the place that is their due."""
        leaving, self._leaving = self._leaving - {self._on_show}, set()
        for photo_id in leaving:
            self.model.settle(photo_id)
        self._show_position()

    def _select_again(self, photo_ids: list[int]) -> None:
        """Select the rows of these photos after the list was made anew."""
        selection = QItemSelection()
        rows = sorted(row for row in map(self.model.row_of, photo_ids) if row >= 0)
        for _, run in groupby(enumerate(rows), lambda pair: pair[1] - pair[0]):  # neighbours
            block = [row for _, row in run]
            selection.select(self._shown.index(block[0], 0), self._shown.index(block[-1], 0))
        self.list.selectionModel().select(
            selection, QItemSelectionModel.SelectionFlag.ClearAndSelect
        )

    # What changes

    def show_proposals(self, proposals: Mapping[int, Proposal]) -> None:
        """List what is proposed, from a mapping that lives on; `follow_proposals` tells news."""
        self.model.proposals = proposals

    def follow_proposals(self, photo_ids: Iterable[int]) -> None:
        """These photos have another proposal now, or none."""
        with_rows = self.selected()
        self.model.take_proposals(photo_ids)
        self._follow_list(with_rows)

    def _edited(self, edit: Edit) -> None:
        with_rows = self.selected()
        self.model.apply(edit)
        if edit.touches_landmarks():
            self._forget_deleted_landmarks()
        self._follow_list(with_rows)

    def _photos_changed(self) -> None:
        with_rows, top = self.selected(), self._top()
        self.model.take_photos()
        self._warming.start()
        self._show_first(None)
        self._follow_list(with_rows)
        self._scroll_back(*top)

    def _top(self) -> tuple[int, int, int]:
        """The photo at the upper edge of the list, its row, and where in the view it begins."""
        index = self.list.indexAt(QPoint(1, 1))
        if not index.isValid():
            return -1, -1, 0
        return self.model.photo_id(index.row()), index.row(), self.list.visualRect(index).top()

    def _scroll_back(self, photo_id: int, row: int, place: int) -> None:
        """Let the list show what it showed, although photos were put in further up."""
        now = self.model.row_of(photo_id)
        if now >= 0 and now != row:
            bar, index = self.list.verticalScrollBar(), self._shown.index(now, 0)
            bar.setValue(bar.value() + self.list.visualRect(index).top() - place)

    def _follow_list(self, selected: list[int]) -> None:
        if len(selected) > 1 and self.selected() != selected:
            self._select_again(selected)
        row = self.row()
        if row >= 0 and not self.list.currentIndex().isValid():
            index = self._shown.index(row, 0)
            flag = QItemSelectionModel.SelectionFlag.Select
            self.list.selectionModel().setCurrentIndex(index, flag)
        self._show_position()

    def _forget_deleted_landmarks(self) -> None:
        assert self._document is not None
        query, known = self.model.query, self._document.project.landmarks
        self.filters.change(
            query.with_landmarks(id_ for id_ in query.landmarks if not id_ or id_ in known)
        )

    def _query_changed(self, query: PhotoQuery) -> None:
        selected = self.selected()
        self.model.set_query(query)
        self._remember.start()
        if self._document is not None and self.model.rowCount():
            if self.row() < 0:
                self.show_row(self.model.nearest_row(self._document.current_id))
            self._select_current(self._document.current_id)
        self._follow_list(selected)

    def _write(self) -> None:
        """Keep with the project where the person is."""
        self._remember.stop()
        if self._document is not None:
            kept = {**self.model.query.to_json(), "photo": self._document.current_id}
            self._document.set_setting(_SETTING, kept)

    def _warm(self) -> None:
        if not self.model.table.warm(_WARM_AT_ONCE):
            self._warming.stop()

    # What is said

    def _show_position(self) -> None:
        row, rows = self.row(), self.model.rowCount()
        text = tr("{n} of {total}", n=row + 1, total=rows) if row >= 0 else ""
        self.filters.position.setText(text)

    def _show_counts(self) -> None:
        self._progress.show_stages(self.model.table.stages, self.model.labelled)

    def _show_list(self) -> None:
        photos = self._document.project.photos if self._document else {}
        empty = photos and not self.model.rowCount()
        self._stack.set_note(self._nothing_listed() if empty else None)

    def _nothing_listed(self) -> QWidget:
        query = self.model.query
        ready = query == PhotoQuery(kind=query.kind, sort=query.sort, descending=query.descending)
        texts = {
            Kind.TODO: tr("Nothing is left to do: every photo is done or skipped."),
            Kind.UNLABELLED: tr("Every photo is labelled."),
            Kind.PROPOSED: tr("No photo has a proposal."),
        }
        text = texts.get(query.kind) if ready else None
        text = text or tr("No photo passes the filter and the search.")
        return list_note(text, tr("Show all photos"), "show_all_photos", self.show_all)

    # Widgets

    def _make_list(self) -> QListView:
        view = _PhotoList()
        dress_list(view, "photo_list", tr("Photos"))
        # Laying out 10,000 rows asks 20,000 times how many there are. Qt's own proxy, which
        # changes nothing, answers that ten times as fast as Python.
        self._shown.setSourceModel(self.model)
        view.setModel(self._shown)
        view.setItemDelegate(PhotoDelegate(self.model, self.thumbnails))
        view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self._open_menu)
        view.selectionModel().currentChanged.connect(self._row_chosen)
        view.released.connect(self._settle)
        return view

    def _open_menu(self, place: QPoint) -> None:
        chosen, document = self.selected(), self._document
        if document is None or not chosen:
            return
        photos = [document.project.photos[id_] for id_ in chosen]
        mark, whole = self.mark_wanted.emit, self.whole_wanted.emit
        menu = photo_menu(self, document, photos, mark, whole)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.list.viewport().mapToGlobal(place))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.filters)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._progress)
        self.setMinimumWidth(190)

    def _connect(self) -> None:
        model = self.model
        self.thumbnails.failed.connect(model.mark_damaged)  # `ready` follows and repaints
        self.thumbnails.ready.connect(lambda key: model.repaint(key[0]))
        self.filters.query_changed.connect(self._query_changed)
        self.filters.left.connect(self.left)
        self._warming.timeout.connect(self._warm)
        self._remember.timeout.connect(self._write)
        model.counts_changed.connect(self._show_counts)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._show_list)


class _PhotoList(QListView):
    """A list in which letters are commands: they do not look for a row that begins so.

    Signals:
        released(): a button of the mouse was let go.
    """

    released = Signal()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self.released.emit()

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        pass
