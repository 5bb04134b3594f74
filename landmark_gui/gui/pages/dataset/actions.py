"""What can be done with the crops that are selected in the grid."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from landmark_gui.core import edits, examples
from landmark_gui.core.examples import Example
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, Split
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.dataset.grid import CropGrid
from landmark_gui.gui.pages.dataset.tiles import Tile
from landmark_gui.gui.widgets.plain import menu_text


class TileActions(QObject):
    """Commands on the selection, and the menu that offers them.

    Args:
        page: where the commands belong.
    """

    def __init__(self, context: AppContext, grid: CropGrid, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._grid = context, grid
        self._pins = self._make_pins()
        self._out = self._add("leave_out", tr("Leave out of the dataset"), self.leave_out, "Del")
        self._in = self._add("take_in", tr("Take into the dataset again"), self.take_in, "Ins")
        self._show = self._add("show_in_photo", tr("Show in its photo"), self.show_in_photo)
        self._show.setIcon(icon("label"))
        context.commands.describe(
            "Enter", tr("Show the crop in its photo"), tr("Crops"), ("Return", "Enter")
        )
        grid.view.customContextMenuRequested.connect(self.open_menu)
        grid.opened.connect(self._open)
        grid.selection_changed.connect(self._enable)
        self._enable()

    def pin(self, split: Split | None) -> None:
        """Pin the photos of the selected crops to a split; None lets the program decide again."""
        if (document := self._document()) is None:
            return
        chosen = self._examples()
        photos = examples.photos_of(document.project, chosen)
        edit = edits.pin_photos(photos, split or "")
        self._do(document, edit, self._pinned_text(document, chosen, split))

    def leave_out(self) -> None:
        """Leave the selected crops out of the dataset."""
        if (document := self._document()) is not None:
            edit = examples.exclude(document.project, self._examples())
            said = ntr(
                "{n} crop left out; the filter “Left out” shows it.",
                "{n} crops left out; the filter “Left out” shows them.",
                self._grid.count_selected(),
            )
            self._do(document, edit, said)

    def take_in(self) -> None:
        """Take the selected crops into the dataset again."""
        if (document := self._document()) is not None:
            edit = examples.include(document.project, self._examples())
            count = self._grid.count_selected()
            said = ntr("{n} crop is in the dataset.", "{n} crops are in the dataset.", count)
            self._do(document, edit, said)

    def relabel(self, landmark_id: int) -> None:
        """Give the selected crops another landmark."""
        if (document := self._document()) is not None:
            name = document.project.landmarks[landmark_id].name
            edit = examples.relabel(document.project, self._examples(), landmark_id)
            count = self._grid.count_selected()
            said = ntr("{n} crop is {name} now.", "{n} crops are {name} now.", count, name=name)
            self._do(document, edit, said)

    def show_in_photo(self) -> None:
        """Show the current crop on the Label page."""
        if (tile := self._grid.current()) is not None:
            self._open(tile)

    def open_menu(self, place: QPoint) -> None:
        """The menu for the selected crops."""
        menu = self.menu()
        if menu is not None:
            menu.popup(self._grid.view.viewport().mapToGlobal(place))

    def menu(self) -> QMenu | None:
        """The menu, or None if there is nothing to offer."""
        document, chosen = self._context.document, self._examples()
        if document is None or not chosen:
            return None
        menu = QMenu(self._grid)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        photos = len(examples.photos_of(document.project, chosen))
        head = ntr("{n} crop", "{n} crops", self._grid.count_selected())
        on = ntr("on {n} photo", "on {n} photos", photos)
        menu.addAction(f"{head} {on}").setEnabled(False)
        menu.addSeparator()
        menu.addAction(self._show)
        menu.addMenu(self._landmark_menu(menu, document))
        menu.addSeparator()
        menu.addActions(self._pins)
        menu.addSeparator()
        menu.addActions([self._out, self._in])
        return menu

    def _landmark_menu(self, parent: QMenu, document: Document) -> QMenu:
        menu = QMenu(tr("Move to landmark"), parent)
        shown = {tile.crop.landmark for tile in self._grid.selected()}
        for mark in document.project.ordered_landmarks():
            action = menu.addAction(menu_text(mark.name), partial(self.relabel, mark.id))
            action.setEnabled(shown != {mark.name})
        menu.setEnabled(not document.read_only)
        return menu

    def _make_pins(self) -> list[QAction]:
        pins: tuple[tuple[str, str, Split | None, str], ...] = (
            ("pin_train", tr("Pin the photo to train"), "train", "T"),
            ("pin_validation", tr("Pin the photo to validation"), "validation", "V"),
            ("pin_test", tr("Pin the photo to test"), "test", "E"),
            ("unpin", tr("Free the photo from its split"), None, "F"),
        )
        made = [
            self._add(name, text, partial(self.pin, split), key) for name, text, split, key in pins
        ]
        for action in made[:3]:
            action.setIcon(icon("pin"))
        return made

    def _add(self, name: str, text: str, act: Callable[[], None], *keys: str) -> QAction:
        return self._context.commands.add(
            f"crops.{name}",
            text,
            act,
            *keys,
            owner=self._grid.view,
            category=tr("Crops"),
            focused=True,
        )

    def _open(self, tile: Tile) -> None:
        self._context.box_requested.emit(tile.crop.photo_id, tile.crop.box_id)

    def _document(self) -> Document | None:
        """The document, if something is selected."""
        return self._context.document if self._grid.count_selected() else None

    def _examples(self) -> list[Example]:
        document = self._context.document
        if document is None:
            return []
        crops = [tile.crop for tile in self._grid.selected()]
        return [
            example
            for crop in crops
            for example in examples.behind(
                document.project, (crop.photo_id, crop.box_id), crop.landmark
            )
        ]

    def _do(self, document: Document, edit: Edit, said: str) -> None:
        if edit.changes and not document.read_only:
            document.do(edit)
            self._context.status(said)
        else:
            self._context.status(tr("Nothing was to be changed."))

    def _pinned_text(self, document: Document, chosen: list[Example], split: Split | None) -> str:
        """What was pinned; that all crops of the photos go along is said if there are others."""
        photos = examples.photos_of(document.project, chosen)
        said = {
            "train": ntr("{n} photo pinned to train.", "{n} photos pinned to train.", len(photos)),
            "validation": ntr(
                "{n} photo pinned to validation.", "{n} photos pinned to validation.", len(photos)
            ),
            "test": ntr("{n} photo pinned to test.", "{n} photos pinned to test.", len(photos)),
        }.get(split or "", ntr("{n} photo freed.", "{n} photos freed.", len(photos)))
        boxes = sum(len(document.project.boxes_of(photo.id)) for photo in photos)
        if boxes > len({box for _, box in chosen if box}):
            said += " " + tr("All crops of a photo go with it: {n} here.", n=boxes)
        return said

    def _enable(self) -> None:
        document, any_selected = self._context.document, self._grid.count_selected() > 0
        editable = any_selected and document is not None and not document.read_only
        for action in (*self._pins, self._out, self._in):
            action.setEnabled(editable)
        self._show.setEnabled(self._grid.current() is not None)
