"""Search, filter and order of the photo list in one row, and below it what is in use."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.label import photo_texts
from landmark_gui.gui.pages.label.photo_query import (
    NO_LANDMARK,
    BoxCount,
    Kind,
    PhotoQuery,
    SortBy,
)
from landmark_gui.gui.widgets.common import heading
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.menu_buttons import (
    StayingMenu,
    choices,
    clear_button,
    menu_button,
    name_button,
)
from landmark_gui.gui.widgets.photo_search import PhotoSearch
from landmark_gui.gui.widgets.plain import menu_text


class FilterBar(QWidget):
    """Edits a `PhotoQuery`.

    Args:
        count: how many photos there are of some kinds, for the menu.

    Signals:
        query_changed(PhotoQuery): the person changed it.
        left(): Enter, or Esc on an empty search: the person goes on with the photo.
    """

    query_changed = Signal(object)
    left = Signal()

    def __init__(self, count: Callable[[Iterable[Kind]], dict[Kind, int]]) -> None:
        super().__init__()
        self._count = count
        self._project = Project()
        self.query = PhotoQuery()
        self.search = PhotoSearch("photo_search")
        self.search.textChanged.connect(lambda text: self._change(text=text))
        self.search.left.connect(self.left)
        self.filter_menu, self.sort_menu = QMenu(self), QMenu(self)
        self.landmark_menu, self.box_menu = StayingMenu(self), QMenu(self)
        self.filter_menu.aboutToShow.connect(self._fill_filter)
        self.sort_menu.aboutToShow.connect(self._fill_sort)
        self._filter = menu_button("photo_filter", "filter", self.filter_menu)
        self._sort = menu_button("photo_sort", "sort", self.sort_menu)
        self.line, self.position = ElidedLabel(Qt.TextElideMode.ElideRight), heading("", "muted")
        self.clear = clear_button("clear_filters")
        self._lay_out()
        self._show()

    def set_project(self, project: Project) -> None:
        """Take the names of the landmarks from another project."""
        self._project = project

    def set_query(self, query: PhotoQuery) -> None:
        """Show this query, without telling."""
        self.query = query
        self.search.show_text(query.text)
        self._show()

    def change(self, query: PhotoQuery) -> None:
        """Use another query, and tell."""
        if query != self.query:
            self.set_query(query)
            self.query_changed.emit(query)

    def drop_filters(self) -> None:
        self.change(self.query.without_filters())

    # Widgets

    def _lay_out(self) -> None:
        self.line.setObjectName("photo_filter_line")
        self.position.setObjectName("photo_position")
        self.clear.clicked.connect(self.drop_filters)
        top, below = QHBoxLayout(), QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(self.search, 1)
        top.addWidget(self._filter)
        top.addWidget(self._sort)
        below.addWidget(self.line, 1)
        below.addWidget(self.position)
        below.addWidget(self.clear)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(top)
        layout.addLayout(below)

    def _show(self) -> None:
        query, filtered = self.query, self.query.filters
        self.clear.setVisible(filtered)
        filters = photo_texts.filter_text(query, self._project)
        self.line.setText(filters or tr("All photos"))
        order = photo_texts.sort_text(query.sort)
        direction = photo_texts.direction_text(query.descending)
        name_button(self._filter, tr("Filter: {filters}", filters=self.line.text()))
        name_button(self._sort, tr("Order: {order}, {direction}", order=order, direction=direction))
        self._filter.setIcon(icons.icon("filter", "accent" if filtered else "text"))
        self._sort.setIcon(icons.icon("sort", "text" if _is_default(query) else "accent"))

    # Menus, filled as they open: landmarks and numbers change all the time

    def _fill_filter(self) -> None:
        menu, query = self.filter_menu, self.query
        menu.clear()
        numbers = self._count(Kind)
        kinds = {kind: f"{photo_texts.kind_text(kind)} ({numbers[kind]})" for kind in Kind}
        choices(menu, kinds, query.kind, lambda kind: self._change(kind=kind))
        menu.addSeparator()
        self._fill_landmarks()
        menu.addMenu(self.landmark_menu)
        self.box_menu.clear()
        self.box_menu.setTitle(tr("Number of boxes"))
        counts = {count: photo_texts.count_text(count) for count in BoxCount}
        choices(self.box_menu, counts, query.boxes, lambda count: self._change(boxes=count))
        menu.addMenu(self.box_menu)
        menu.addSeparator()
        drop = menu.addAction(icons.icon("close"), tr("Take the filters away"), self.drop_filters)
        drop.setEnabled(query.filters)

    def _fill_landmarks(self) -> None:
        menu = self.landmark_menu
        menu.clear()
        menu.setTitle(tr("Landmark"))
        marks = self._project.ordered_landmarks()
        for id_ in (NO_LANDMARK, *(mark.id for mark in marks)):
            action = menu.addAction(menu_text(photo_texts.landmark_text(id_, self._project)))
            action.setCheckable(True)
            action.setChecked(id_ in self.query.landmarks)
            action.toggled.connect(lambda on, id_=id_: self._toggle_landmark(id_, on))

    def _toggle_landmark(self, landmark_id: int, on: bool) -> None:
        chosen = self.query.landmarks
        wanted = chosen | {landmark_id} if on else chosen - {landmark_id}
        self.change(self.query.with_landmarks(wanted))

    def _fill_sort(self) -> None:
        menu, query = self.sort_menu, self.query
        menu.clear()
        orders = {sort: photo_texts.sort_text(sort) for sort in SortBy}
        choices(menu, orders, query.sort, lambda sort: self._change(sort=sort))
        menu.addSeparator()
        ways = {way: photo_texts.direction_text(way) for way in (False, True)}
        choices(menu, ways, query.descending, lambda way: self._change(descending=way))

    def _change(self, **values: Any) -> None:
        self.change(replace(self.query, **values))


def _is_default(query: PhotoQuery) -> bool:
    return query.sort is SortBy.FOLDER and not query.descending
