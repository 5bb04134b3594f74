"""The large photo with its toolbar above and the filmstrip below."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QListView, QToolButton, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.canvas.zoom_actions import add_zoom, zoom_buttons
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify.filmstrip import Filmstrip
from landmark_gui.gui.pages.classify.photo_view import PhotoView
from landmark_gui.gui.pages.classify.photos import ENTRY_ROLE, Entry
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.common import action_button
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.narrowing import NarrowingPanel

_FILMSTRIP = "classify.filmstrip"
_HEIGHT_WITH_STRIP = 380


class Viewer(NarrowingPanel):
    """Shows one photo of a list and steps through the list.

    Signals:
        full_changed(bool): all else of the page is to give way, or to come back.
    """

    full_changed = Signal(bool)

    _last_tool: QWidget

    def __init__(self, context: AppContext, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._context, self._thumbnails = context, thumbnails
        self._list: QListView | None = None
        self.photo = PhotoView(context.settings)
        self.canvas = self.photo.canvas
        self.strip = Filmstrip(thumbnails)
        self._name = ElidedLabel()
        self._last_tool: QWidget  # of the toolbar, in the order of Tab
        self._make_actions()
        self._lay_out()
        self.photo.shown.connect(self._look_ahead)
        self._show_strip(context.settings.get(_FILMSTRIP, True))
        self.show_entry(None)

    def follow(self, view: QListView) -> None:
        """Step through the rows of `view`, in its order."""
        self._list = view
        self.strip.follow(view)

    def show_entry(self, entry: Entry | None) -> None:
        """Show the photo of an entry; None shows nothing."""
        for action in self._zoom:
            action.setEnabled(entry is not None)
        self._name.setText(entry.name if entry else "")
        if entry is None:
            self.photo.show_photo(None, "")
            self.set_full(False)
            return
        small = self._thumbnails.peek(entry.key)
        stand_in = small.toImage() if small is not None and not small.isNull() else None
        self.photo.show_photo(entry.path, entry.name, stand_in)

    @property
    def full(self) -> bool:
        """Whether the photo has the whole page."""
        return self._full.isChecked()

    def set_full(self, full: bool) -> None:
        self._full.setChecked(full)

    def add_tool(self, action: QAction, name: str) -> QToolButton:
        """Put a button at the end of the toolbar."""
        made = action_button(name, action)
        self._bar.insertWidget(self._tools_end, made)
        QWidget.setTabOrder(self._last_tool, made)
        self._last_tool = made
        self._tools_end += 1
        return made

    def step(self, by: int) -> None:
        """Make the photo so many rows further down the current one, if there is one."""
        if self._list is None:
            return
        row = self._list.currentIndex().row() + by
        index = self._list.model().index(row, 0)
        if index.isValid():
            self._list.setCurrentIndex(index)

    # Parts

    def _make_actions(self) -> None:
        commands = self._context.commands
        add = partial(commands.add, owner=self, category=tr("Classify"))
        self._previous = add(
            "classify.previous",
            tr("Previous photo on the list"),
            partial(self.step, -1),
            *("A", "PgUp"),
            icon_name="previous",
        )
        self._next = add(
            "classify.next",
            tr("Next photo on the list"),
            partial(self.step, 1),
            *("D", "PgDown"),
            icon_name="next",
        )
        self._zoom = add_zoom(commands, self.canvas, self, tr("Classify"), "classify.")
        self._film = add(
            "classify.filmstrip",
            tr("Show the filmstrip"),
            self._remember_strip,
            "T",
            icon_name="filmstrip",
        )
        self._full = add(
            "classify.full",
            tr("Give the photo the whole page"),
            lambda: None,
            "F11",
            icon_name="full",
        )
        self._film.setCheckable(True)
        self._full.setCheckable(True)
        self._full.toggled.connect(self.full_changed)

    def _lay_out(self) -> None:
        self._bar = bar = QHBoxLayout()
        bar.setSpacing(2)
        bar.addWidget(action_button("classify_previous", self._previous))
        bar.addWidget(action_button("classify_next", self._next))
        bar.addSpacing(theme.S)
        bar.addWidget(self._name, 1)
        buttons = zoom_buttons(self._zoom, self.canvas)
        self.set_spare(bar, [buttons[0], buttons[2]])  # the wheel zooms as well
        for button in buttons:
            bar.addWidget(button)
        bar.addSpacing(theme.S)
        self._tools_end = bar.count()
        self._last_tool = buttons[-1]
        bar.addWidget(action_button("filmstrip_button", self._film))
        bar.addWidget(action_button("full_button", self._full))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(bar)
        layout.addWidget(self.photo, 1)
        layout.addWidget(self.strip)

    def _remember_strip(self) -> None:
        self._show_strip(self._film.isChecked())
        self._context.settings.set(_FILMSTRIP, self._film.isChecked())

    def _show_strip(self, shown: bool) -> None:
        self._film.setChecked(shown)
        self.strip.setVisible(shown)

    def _look_ahead(self) -> None:
        """The neighbours in the list, that behind first: people go forward."""
        if self._list is not None:
            model, row = self._list.model(), self._list.currentIndex().row()
            near = [model.index(row + by, 0) for by in (1, -1)]
            self.photo.look_ahead([_entry(index).path for index in near if index.isValid()])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where the room is scarce, the filmstrip goes first: the list shows its photos too."""
        if event.size().height() != event.oldSize().height():
            high = event.size().height() >= _HEIGHT_WITH_STRIP
            self.strip.setVisible(self._film.isChecked() and high)
        super().resizeEvent(event)


def _entry(index: QModelIndex) -> Entry:
    entry: Entry = index.data(ENTRY_ROLE)
    return entry
