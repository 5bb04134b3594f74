"""Commands that go to another photo of the list."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QInputDialog, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.pages.label.flow import Flow
from landmark_gui.gui.pages.label.photo_panel import PhotoPanel


def add_jumps(commands: Commands, owner: QWidget, photos: PhotoPanel, flow: Flow) -> None:
    """Make the commands of `owner`."""
    add = partial(commands.add, owner=owner, category=tr("Photo"))
    add("photo.next_to_do", tr("Next photo to do"), flow.show_next_to_do, "Q")
    text = tr("Next photo without a label")
    add("photo.next_unlabelled", text, flow.show_next_unlabelled, "Shift+D")
    add("photo.first", tr("First photo"), partial(photos.show_row, 0), "Ctrl+Home")
    add("photo.last", tr("Last photo"), photos.show_last, "Ctrl+End")
    add("photo.go_to", tr("Go to photo number…"), partial(ask_number, photos), "Ctrl+G")
    add("photo.search", tr("Search photos"), photos.filters.search.take_focus, "Ctrl+F")


def ask_number(photos: PhotoPanel) -> None:
    """Ask for the number of a photo in the list, and show it."""
    count, row = photos.model.rowCount(), photos.row()
    if count:
        title, question = tr("Go to photo"), tr("Number in the list, 1 to {n}:", n=count)
        number, chosen = QInputDialog.getInt(photos, title, question, row + 1, 1, count)
        if chosen:
            photos.show_row(number - 1)
