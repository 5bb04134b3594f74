"""Saying what photos truly show: by a digit, as on the Label page, or by the menu of the list."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction, QKeySequence, QShortcut
from PySide6.QtWidgets import QInputDialog, QLineEdit, QMenu, QWidget

from landmark_gui.core import edits
from landmark_gui.core.errors import NameRefused
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.file_manager import copy_paths, show_file
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.classify.sending import Sending
from landmark_gui.gui.pages.classify.side import ListSide
from landmark_gui.gui.widgets.plain import menu_text
from landmark_gui.gui.widgets.rows import swatch_icon


@dataclass(frozen=True)
class Choice:
    """Something that a photo may show, with its digit or "" and its colour or ""."""

    name: str
    key: str = ""
    color: str = ""


class Correcting(QObject):
    """Corrects the chosen photos. The landmarks of the open project come first, with their keys;
    those that only the model knows get the digits that are left.
    """

    def __init__(
        self, context: AppContext, side: ListSide, sending: Sending, page: QWidget
    ) -> None:
        super().__init__(page)
        self._context, self._side, self._page = context, side, page
        self._sending = sending
        self._labels: tuple[str, ...] = ()
        self.more: list[QAction] = []
        """What else the menu of the list offers."""
        side.list.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        side.list.customContextMenuRequested.connect(self._open_menu)
        self._make_commands()

    def set_labels(self, labels: tuple[str, ...]) -> None:
        """The classes of the model."""
        self._labels = labels

    def choices(self) -> list[Choice]:
        """What a photo may show, in the order of the project and then of the model."""
        document = self._context.document
        marks = document.project.ordered_landmarks() if document else []
        found = [Choice(mark.name, mark.key, mark.color) for mark in marks]
        known = {choice.name.casefold() for choice in found}
        free = [key for key in edits.KEYS if key not in {choice.key for choice in found}]
        for label in self._labels:
            if label.casefold() not in known:
                found.append(Choice(label, free.pop(0) if free else ""))
        return found

    def choose_key(self, key: str) -> None:
        """Say that the chosen photos show the landmark with this key, and go on to the next."""
        label = next((choice.name for choice in self.choices() if choice.key == key), None)
        if label is not None:
            self.correct(label)

    def correct(self, label: str) -> None:
        """Say what the chosen photos show; "" leaves it to the model again."""
        chosen = self._side.chosen()
        if not chosen:
            return
        self._side.correct([entry.key for entry in chosen], label)
        if label:
            text = ntr("{n} photo shows {name}", "{n} photos show {name}", len(chosen), name=label)
            self._context.status(text)
        if len(chosen) == 1 and label:
            self._side.step()

    def ask_name(self) -> None:
        """Let the person type what the chosen photos show."""
        title, names = tr("Another landmark"), [choice.name for choice in self.choices()]
        text, ok = QInputDialog.getText(
            self._page, title, tr("What do the photos show?"), QLineEdit.EchoMode.Normal, ""
        )
        if not ok or not text.strip():
            return
        try:
            name = edits.clean_name(text)
        except NameRefused as error:
            self._context.status(str(error))
            return
        same = (known for known in names if known.casefold() == name.casefold())
        self.correct(next(same, name))

    def _make_commands(self) -> None:
        page, category = self._page, tr("Classify")
        for key in edits.KEYS:  # these belong to the landmarks, not to the list of commands
            QShortcut(QKeySequence(key), page, partial(self.choose_key, key))
        text = tr("Say what the chosen photos show")
        self._context.commands.describe("0–9", text, category)
        add = partial(self._context.commands.add, owner=page, category=category)
        self._another = add("classify.correct", tr("Another landmark…"), self.ask_name, "N")
        text = tr("Leave it to the model again")
        self._back = add("classify.uncorrect", text, partial(self.correct, ""), "Backspace")

    def _open_menu(self, place: QPoint) -> None:
        if self._side.chosen():
            menu = self.menu()
            menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
            menu.popup(self._side.list.viewport().mapToGlobal(place))

    def menu(self) -> QMenu:
        """What can be said of, and done with, the chosen photos."""
        menu, chosen = QMenu(self._page), self._side.chosen()
        said = {entry.corrected for entry in chosen}
        sub_menu = menu.addMenu(icon("edit"), tr("It shows"))
        for choice in self.choices():
            text = menu_text(choice.name) + (f"\t{choice.key}" if choice.key else "")
            action = sub_menu.addAction(text, partial(self.correct, choice.name))
            if choice.color:
                action.setIcon(swatch_icon(choice.color))
            action.setCheckable(True)
            action.setChecked(said == {choice.name})
        sub_menu.addSeparator()
        sub_menu.addAction(self._another)
        self._back.setEnabled(said != {""})
        menu.addAction(self._back)
        menu.addSeparator()
        send = ntr("Send {n} photo to the project", "Send {n} photos to the project", len(chosen))
        menu.addAction(icon("add"), send, partial(self._sending.send, chosen))
        menu.addActions(self.more)
        menu.addSeparator()
        paths = [entry.path for entry in chosen]
        menu.addAction(icon("open"), tr("Show in the file manager"), partial(show_file, paths[0]))
        copy = ntr("Copy the path", "Copy the paths", len(paths))
        menu.addAction(copy, partial(copy_paths, paths))
        return menu
