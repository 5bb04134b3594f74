"""The left side of the page: search, filter and order, and below them the photos."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QTimer, Signal
from PySide6.QtWidgets import QAbstractItemView, QListView, QStackedWidget, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify.delegate import VerdictDelegate
from landmark_gui.gui.pages.classify.list_bar import ListBar
from landmark_gui.gui.pages.classify.list_query import Kind, ListQuery, SortBy
from landmark_gui.gui.pages.classify.list_texts import advice_text
from landmark_gui.gui.pages.classify.photos import ENTRY_ROLE, Entry, PhotoList
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.common import list_note
from landmark_gui.gui.widgets.models import stretches
from landmark_gui.gui.widgets.rows import dress_list

COUNT_MS = 100
"""Uncertain photos are counted once the verdicts of a batch came in, not after each."""
NARROWEST = 180
_FLAG = QItemSelectionModel.SelectionFlag


class VerdictList(QListView):
    """The rows; digits are commands here, they do not look for a row that begins so."""

    def __init__(self, model: PhotoList, thumbnails: Thumbnails) -> None:
        super().__init__()
        dress_list(self, "verdict_list", tr("Classified photos"))
        self.setModel(model)
        self.setItemDelegate(VerdictDelegate(thumbnails, self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        pass


Chosen = tuple[set[int], int, int]
"""The keys of the photos that are chosen, of that on show, and the row of that."""


class ListSide(QWidget):
    """Keeps the chosen photos chosen, whatever the query does to their rows.

    Signals:
        shown_changed(): other photos are shown, or in another order.
    """

    shown_changed = Signal()

    def __init__(self, model: PhotoList, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._model, self._classes = model, 0
        self._kept: Chosen = (set(), -1, 0)
        self.bar = ListBar(model.entries)
        self.list = VerdictList(model, thumbnails)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._nothing())
        self._lay_out()
        self.bar.query_changed.connect(self._query_changed)
        self.bar.left.connect(self.list.setFocus)
        model.modelAboutToBeReset.connect(self._keep)
        model.rearranged.connect(self._restore)
        self._counting = QTimer(self, singleShot=True, interval=COUNT_MS)
        self._counting.timeout.connect(self._show_advice)
        for signal in (model.modelReset, model.rowsInserted, model.rowsRemoved):
            signal.connect(self._show_counts)
        model.dataChanged.connect(self._counting.start)
        self._show_counts()

    def chosen(self) -> list[Entry]:
        """The chosen photos, from top to bottom."""
        rows = sorted(self.list.selectionModel().selectedRows(), key=QModelIndex.row)
        return [row.data(ENTRY_ROLE) for row in rows]

    def keep(self) -> Chosen:
        """What is chosen, for the list that takes the place of this one."""
        self._keep()
        return self._kept

    def take(self, kept: Chosen) -> None:
        self._kept = kept
        self._restore()

    def choices(self) -> list[tuple[str, list[Entry]]]:
        """The lists of photos that may be meant, the most likely first, with their names."""
        found = [(tr("All photos"), self._model.entries())]
        if self._model.rowCount() < self._model.total:
            found.insert(0, (tr("The photos shown"), self._model.shown))
        chosen = self.chosen()
        if 1 < len(chosen) < self._model.rowCount():
            found.insert(0, (tr("The chosen photos"), chosen))
        return found

    def set_classes(self, classes: int) -> None:
        """How many classes the model knows."""
        self._classes = classes
        self._counting.start()

    def correct(self, keys: Iterable[int], label: str) -> None:
        """Say what photos show; "" leaves it to the model again."""
        self._model.correct(keys, label)

    def step(self) -> None:
        """Go on to the next row."""
        index = self._model.index(self.list.currentIndex().row() + 1)
        if index.isValid():
            self.list.setCurrentIndex(index)

    def make_commands(self, context: AppContext, page: QWidget) -> None:
        """Search, filters and orders by key and by the palette."""
        add = partial(context.commands.add, category=tr("Classify"), owner=page)
        bar = self.bar
        add("classify.search", tr("Search photos"), bar.search.take_focus, "Ctrl+F")
        add("classify.show_all", tr("Show all photos"), bar.show_all, "Ctrl+Shift+A")
        add(
            "classify.unknown", tr("Show unknown photos"), partial(bar.show_kind, Kind.UNKNOWN), "U"
        )
        add(
            "classify.least_certain",
            tr("Least certain first"),
            partial(bar.sort_by, SortBy.CERTAINTY),
            "L",
        )
        add("classify.as_they_came", tr("As they came"), partial(bar.sort_by, SortBy.ADDED))

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.bar)
        layout.addWidget(self._stack, 1)
        self.setMinimumWidth(NARROWEST)

    def _nothing(self) -> QWidget:
        text = tr("No photo passes the filter and the search.")
        return list_note(text, tr("Show all photos"), "show_all_verdicts", self._show_all)

    def _show_all(self) -> None:
        self.bar.show_all()

    def _query_changed(self, query: ListQuery) -> None:
        self._model.set_query(query)
        self._show_counts()

    def _show_counts(self) -> None:
        model = self._model
        self.bar.show_counts(model.rowCount(), model.total)
        self._stack.setCurrentIndex(0 if model.rowCount() or not model.total else 1)
        self._counting.start()

    def _show_advice(self) -> None:
        wanted = self.bar.query.sort is SortBy.CERTAINTY
        self.bar.show_advice(advice_text(self._model.entries(), self._classes) if wanted else "")

    # What is chosen stays so

    def _keep(self) -> None:
        current = self.list.currentIndex()
        key = current.data(ENTRY_ROLE).key if current.isValid() else -1
        selection = self.list.selectionModel().selection()
        ranges = [selection.at(number) for number in range(selection.count())]
        rows = (row for stretch in ranges for row in range(stretch.top(), stretch.bottom() + 1))
        shown = self._model.shown
        self._kept = ({shown[row].key for row in rows}, key, current.row())

    def _restore(self) -> None:
        keys, current, row = self._kept
        model, selection = self._model, QItemSelection()
        for first, last in stretches(sorted(r for r in map(model.row_with, keys) if r >= 0)):
            selection.select(model.index(first), model.index(last))
        self.list.selectionModel().select(selection, _FLAG.ClearAndSelect)
        place = model.row_with(current)
        if place < 0 and row >= 0 and model.rowCount():
            self.list.setCurrentIndex(model.index(min(row, model.rowCount() - 1)))
        elif place >= 0:
            self.list.selectionModel().setCurrentIndex(model.index(place), _FLAG.NoUpdate)
            self.list.scrollTo(model.index(place))
        self.shown_changed.emit()
