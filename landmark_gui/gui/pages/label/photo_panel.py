"""The left part: filter, search, the list of photos and how many are labelled."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QSortFilterProxyModel, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QLineEdit,
    QListView,
    QProgressBar,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Edit
from landmark_gui.gui import icons, theme
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label.note_stack import NoteStack
from landmark_gui.gui.pages.label.photo_delegate import THUMBNAIL, PhotoDelegate
from landmark_gui.gui.pages.label.photo_model import PhotoFilter, PhotoListModel
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.common import button, heading, wrapped


class PhotoPanel(QWidget):
    """Chooses the photo on show; next and previous follow the order and filter of the list."""

    def __init__(self) -> None:
        super().__init__()
        self._document: Document | None = None
        self._direction = 1
        self.model = PhotoListModel()
        self.model.setParent(self)
        self.thumbnails = Thumbnails(THUMBNAIL * self.devicePixelRatioF(), parent=self)
        self._shown = QSortFilterProxyModel(self)
        self.list = self._make_list()
        self.filter = self._make_filter()
        self.search = self._make_search()
        self._stack = NoteStack(self.list)
        self._count, self._bar = heading("", "muted"), QProgressBar()
        self._lay_out()
        self.thumbnails.ready.connect(lambda key: self.model.repaint(key[0]))
        self.model.counts_changed.connect(self._show_counts)
        for signal in (self.model.modelReset, self.model.rowsInserted, self.model.rowsRemoved):
            signal.connect(self._show_list)

    def set_document(self, document: Document | None) -> None:
        """List the photos of another document and show its first one."""
        self._document = document
        self.thumbnails.clear()
        self.model.set_document(document)
        if document is not None:
            document.edited.connect(self._edited)
            document.photos_changed.connect(self._photos_changed)
            document.current_changed.connect(self._select_current)
        self._show_first()

    def step(self, by: int) -> None:
        """Show the photo `by` rows further down; stays at the ends of the list."""
        if self._document is None or not self.model.rowCount():
            return
        self._direction = 1 if by > 0 else -1
        row = self.model.row_of(self._document.current_id)
        if row < 0:  # filtered out: its neighbours are the rows about the place it would have
            row = self.model.nearest_row(self._document.current_id) - (by > 0)
        self._show_row(row + by)

    def upcoming(self) -> list[int]:
        """The ids of the photos that will probably be shown next, nearest first.

        Two in the direction of the last step, and the one on the other side.
        """
        row = self.model.row_of(self._document.current_id) if self._document else -1
        rows = [row + by * self._direction for by in (1, 2, -1)] if row >= 0 else []
        return [self.model.photo_id(row) for row in rows if 0 <= row < self.model.rowCount()]

    def _make_list(self) -> QListView:
        view = QListView()
        view.setObjectName("photo_list")
        view.setAccessibleName(tr("Photos"))
        # Laying out 10,000 rows asks 20,000 times how many there are. Qt's own proxy, which
        # changes nothing, answers that ten times as fast as Python.
        self._shown.setSourceModel(self.model)
        view.setModel(self._shown)
        view.setItemDelegate(PhotoDelegate(self.model, self.thumbnails))
        view.setUniformItemSizes(True)
        view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        view.setMouseTracking(True)
        view.selectionModel().currentChanged.connect(self._row_chosen)
        return view

    def _make_filter(self) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName("photo_filter")
        combo.setAccessibleName(tr("Which photos to list"))
        combo.addItem(tr("All photos"), PhotoFilter.ALL)
        combo.addItem(tr("Unlabelled"), PhotoFilter.UNLABELLED)
        combo.addItem(tr("Labelled"), PhotoFilter.LABELLED)
        combo.addItem(tr("Cannot be read"), PhotoFilter.UNREADABLE)
        combo.currentIndexChanged.connect(self._filter_changed)
        return combo

    def _make_search(self) -> QLineEdit:
        search = QLineEdit()
        search.setObjectName("photo_search")
        search.setPlaceholderText(tr("Search names"))
        search.setAccessibleName(tr("Search photos by name"))
        search.setClearButtonEnabled(True)
        search.addAction(icons.icon("search", "muted"), QLineEdit.ActionPosition.LeadingPosition)
        search.textChanged.connect(self._filter_changed)
        return search

    def _lay_out(self) -> None:
        self._count.setObjectName("labelled_count")
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Photos labelled"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.filter)
        layout.addWidget(self.search)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self._count)
        layout.addWidget(self._bar)
        self.setMinimumWidth(180)

    # Which photo is on show

    def _show_first(self) -> None:
        if self._document is None:
            return
        if self._document.current_id is None and self.model.rowCount():
            self._show_row(0)
        else:
            self._select_current(self._document.current_id)

    def _show_row(self, row: int) -> None:
        if self._document is not None and self.model.rowCount():
            row = min(max(row, 0), self.model.rowCount() - 1)
            self._document.set_current(self.model.photo_id(row))

    def _row_chosen(self, current: QModelIndex, previous: QModelIndex) -> None:
        if self._document is not None and current.isValid():
            if previous.isValid():
                self._direction = 1 if current.row() > previous.row() else -1
            self._document.set_current(self.model.photo_id(current.row()))

    def _select_current(self, photo_id: int | None) -> None:
        before = self.list.currentIndex()
        left = self.model.photo_id(before.row()) if before.isValid() else photo_id
        row = self.model.row_of(photo_id)
        if row >= 0:
            index = self._shown.index(row, 0)
            self.list.setCurrentIndex(index)
            self.list.scrollTo(index)
        else:
            self.list.clearSelection()
        if left is not None and left != photo_id:
            self.model.settle(left)

    # What changes

    def _edited(self, edit: Edit) -> None:
        self.model.apply(edit)

    def _photos_changed(self) -> None:
        self.model.take_photos()
        self._show_first()

    def _filter_changed(self) -> None:
        self.model.set_filter(self.filter.currentData(), self.search.text())
        if self._document is None or not self.model.rowCount():
            return
        if self.model.row_of(self._document.current_id) < 0:
            self._show_row(self.model.nearest_row(self._document.current_id))
        self._select_current(self._document.current_id)

    def _show_counts(self) -> None:
        labelled, readable = self.model.labelled, self.model.readable
        self._count.setText(tr("{n} of {total} photos labelled", n=labelled, total=readable))
        self._bar.setRange(0, max(readable, 1))
        self._bar.setValue(labelled)

    def _show_list(self) -> None:
        photos = self._document.project.photos if self._document else {}
        empty = photos and not self.model.rowCount()
        self._stack.set_note(self._nothing_listed() if empty else None)

    def _nothing_listed(self) -> QWidget:
        done = self.filter.currentData() == PhotoFilter.UNLABELLED and not self.search.text()
        text = (
            tr("Every photo is labelled.")
            if done
            else tr("No photo passes the filter and the search.")
        )
        note = QWidget()
        layout = QVBoxLayout(note)
        layout.addStretch(2)
        label = wrapped(text)
        label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        layout.addWidget(label)
        layout.addWidget(button(tr("Show all photos"), "show_all_photos", self.show_all))
        layout.addStretch(3)
        return note

    def show_all(self) -> None:
        """Drop filter and search."""
        self.search.clear()
        self.filter.setCurrentIndex(0)
