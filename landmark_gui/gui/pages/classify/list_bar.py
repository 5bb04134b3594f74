"""Search, filter and order of the classified photos, and how many of them are shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QMenu,
    QSpinBox,
    QVBoxLayout,
    QWidget,
    QWidgetAction,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.classify import list_texts
from landmark_gui.gui.pages.classify.list_query import (
    Kind,
    ListQuery,
    SortBy,
    count_kinds,
    count_labels,
    toggled,
)
from landmark_gui.gui.pages.classify.photos import Entry
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import padded, wrapped
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.menu_buttons import (
    StayingMenu,
    choices,
    clear_button,
    menu_button,
    name_button,
)
from landmark_gui.gui.widgets.photo_search import PhotoSearch


class ListBar(QWidget):
    """Edits a `ListQuery`.

    Args:
        entries: gives all photos, to count them in the menu.

    Signals:
        query_changed(ListQuery): the person changed it.
        left(): Enter, or Esc on an empty search: the person goes on with the list.
    """

    query_changed = Signal(object)
    left = Signal()

    def __init__(self, entries: Callable[[], list[Entry]]) -> None:
        super().__init__()
        self._entries = entries
        self.query = ListQuery()
        self.search = PhotoSearch("verdict_search")
        self.search.textChanged.connect(lambda text: self._change(text=text))
        self.search.left.connect(self.left)
        self.filter_menu, self.sort_menu = QMenu(self), QMenu(self)
        self.label_menu = StayingMenu(self)
        self.filter_menu.aboutToShow.connect(self._fill_filter)
        self.sort_menu.aboutToShow.connect(self._fill_sort)
        self._filter = menu_button("verdict_filter", "filter", self.filter_menu)
        self._sort = menu_button("verdict_sort", "sort", self.sort_menu)
        self.range = _Range()
        self._range_entry = QWidgetAction(self)  # not of the menu, which would clear it away
        self._range_entry.setDefaultWidget(self.range)
        self.range.changed.connect(lambda low, high: self._change(low=low, high=high))
        self.line, self.advice = ElidedLabel(Qt.TextElideMode.ElideRight), wrapped("")
        self.clear = clear_button("clear_verdict_filters")
        self._lay_out()
        self._show()

    def change(self, query: ListQuery) -> None:
        """Use another query, and tell."""
        if query == self.query:
            return
        self.query = query
        self.search.show_text(query.text)
        self._show()
        self.query_changed.emit(query)

    def show_counts(self, shown: int, total: int) -> None:
        """Say how many photos are shown."""
        filters = list_texts.filter_text(self.query)
        count = list_texts.count_text(shown, total)
        self.line.setText(f"{count} · {filters}" if filters else count)

    def show_advice(self, advice: str) -> None:
        """Say what is worth doing with the photos; "" for nothing."""
        self.advice.setText(advice)
        self.advice.setVisible(bool(advice))

    def show_all(self) -> None:
        """Drop filter and search."""
        self.change(ListQuery(sort=self.query.sort, descending=self.query.descending))

    def show_kind(self, kind: Kind) -> None:
        """Show photos of this kind alone; all again, if that is so already."""
        self._change(kind=Kind.ALL if kind is self.query.kind else kind)

    def sort_by(self, sort: SortBy) -> None:
        """Order by this; the other way round, if that is so already."""
        self._change(sort=sort, descending=sort is self.query.sort and not self.query.descending)

    # Widgets

    def _lay_out(self) -> None:
        self.line.setObjectName("verdict_counts")
        self.advice.setObjectName("verdict_advice")
        self.advice.hide()
        self.clear.clicked.connect(lambda: self.change(self.query.without_filters()))
        top, below = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.search, 1)
        top.addWidget(self._filter)
        top.addWidget(self._sort)
        below.addWidget(self.line, 1)
        below.addWidget(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(top)
        layout.addLayout(below)
        layout.addWidget(self.advice)

    def _show(self) -> None:
        query = self.query
        self.clear.setVisible(query.filters)
        filters = list_texts.filter_text(query) or list_texts.kind_text(Kind.ALL)
        name_button(self._filter, tr("Filter: {filters}", filters=filters))
        name_button(self._sort, tr("Order: {order}", order=list_texts.order_text(query)))
        sorted_ = query.sort is not SortBy.ADDED or query.descending
        self._filter.setIcon(icons.icon("filter", "accent" if query.filters else "text"))
        self._sort.setIcon(icons.icon("sort", "accent" if sorted_ else "text"))

    # Menus, filled as they open: what there is changes all the time

    def _fill_filter(self) -> None:
        menu, entries = self.filter_menu, self._entries()
        menu.clear()
        numbers = count_kinds(entries)
        kinds = {kind: f"{list_texts.kind_text(kind)} ({numbers[kind]:,})" for kind in Kind}
        choices(menu, kinds, self.query.kind, lambda kind: self._change(kind=kind))
        menu.addSeparator()
        self._fill_labels(count_labels(entries))
        menu.addMenu(self.label_menu)
        self.range.show_range(self.query.low, self.query.high)
        menu.addAction(self._range_entry)
        menu.addSeparator()
        drop = menu.addAction(icons.icon("close"), tr("Take the filters away"), self.show_all)
        drop.setEnabled(self.query.filters)

    def _fill_labels(self, counts: dict[str, int]) -> None:
        menu = self.label_menu
        menu.clear()
        menu.setTitle(tr("Landmark"))
        for label in {**counts, **dict.fromkeys(self.query.labels - counts.keys(), 0)}:
            text = f"{plain.menu_text(label)} ({counts.get(label, 0):,})"
            action = menu.addAction(text)
            action.setCheckable(True)
            action.setChecked(label in self.query.labels)
            action.toggled.connect(partial(self._toggle_label, label))
        menu.setEnabled(not menu.isEmpty())

    def _toggle_label(self, label: str, _: bool) -> None:
        self.change(toggled(self.query, label))

    def _fill_sort(self) -> None:
        menu, query = self.sort_menu, self.query
        menu.clear()
        orders = {sort: list_texts.sort_text(sort) for sort in SortBy}
        choices(menu, orders, query.sort, lambda sort: self._change(sort=sort, descending=False))
        menu.addSeparator()
        action = menu.addAction(tr("The other way round"))
        action.setCheckable(True)
        action.setChecked(query.descending)
        action.toggled.connect(lambda on: self._change(descending=on))

    def _change(self, **values: Any) -> None:
        self.change(replace(self.query, **values))


class _Range(QWidget):
    """From which confidence to which, in percent.

    Signals:
        changed(float, float): as fractions, the smaller first.
    """

    changed = Signal(float, float)

    def __init__(self) -> None:
        super().__init__()
        self.low = self._field("confidence_low", tr("Lowest confidence"), 0)
        self.high = self._field("confidence_high", tr("Highest confidence"), 100)
        row = QHBoxLayout(self)
        row.addWidget(plain.label(tr("Confidence")))
        row.addWidget(self.low)
        row.addWidget(plain.label("–"))
        row.addWidget(self.high)

    def show_range(self, low: float, high: float) -> None:
        """Show this range, without telling."""
        for field, value in ((self.low, low), (self.high, high)):
            field.blockSignals(True)
            field.setValue(round(100 * value))
            field.blockSignals(False)

    def _field(self, name: str, text: str, value: int) -> QSpinBox:
        field = padded(QSpinBox())
        field.setObjectName(name)
        field.setAccessibleName(text)
        field.setRange(0, 100)
        field.setSuffix(" %")
        field.setValue(value)
        field.valueChanged.connect(self._tell)
        return field

    def _tell(self) -> None:
        low, high = sorted((self.low.value(), self.high.value()))
        self.changed.emit(low / 100, high / 100)
