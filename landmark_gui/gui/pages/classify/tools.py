"""The buttons above the list: where photos come from, and what becomes of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.classify.sources import more_button
from landmark_gui.gui.widgets.common import button
from landmark_gui.gui.widgets.flow_layout import FlowLayout

if TYPE_CHECKING:
    from landmark_gui.gui.pages.classify.page import ClassifyPage


class Tools(QWidget):
    """A row of buttons, more rows where it is narrow; each does what `page` has a method for."""

    def __init__(self, context: AppContext, page: ClassifyPage) -> None:
        super().__init__()
        self.add = button(
            tr("Add photos…"),
            "add_photos_button",
            page.ask_photos,
            kind="primary",
            tooltip=tr("Choose photos to classify; or drop or paste them"),
        )
        self.more = more_button(context, page)
        self.resume = button(
            tr("Classify the rest"),
            "classify_rest_button",
            page.resume,
            tooltip=tr("Go on with the photos that were left when you cancelled"),
        )
        self.export = button(
            tr("Export…"),
            "classify_export_button",
            page.exporting.ask,
            tooltip=tr("Write the verdicts that are shown to a table (CSV) or as JSON"),
        )
        self.sort = button(
            tr("Sort into folders…"),
            "classify_sort_button",
            page.ask_sorting,
            tooltip=tr("Copy or move the photos into a folder for each landmark"),
        )
        self.send = button(
            tr("Send to the project"),
            "classify_send_button",
            page.send,
            tooltip=tr("Add the corrected photos, or the chosen ones, to the open project"),
        )
        self.remove = button(
            tr("Remove"),
            "classify_remove_button",
            page.remove_chosen,
            kind="quiet",
            tooltip=tr("Take the chosen photos off the list; the files stay"),
        )
        self.clear = button(
            tr("Clear list"),
            "classify_clear_button",
            page.clear,
            kind="quiet",
            tooltip=tr("Take all photos off the list; the files stay"),
        )
        self._lay_out()

    def make_commands(self, commands: Commands) -> None:
        """Register the buttons that keys press."""
        press = partial(commands.add_button, category=tr("Classify"))
        press("classify.add_photos", self.add)
        press("classify.resume", self.resume)
        press("classify.export", self.export, "Ctrl+E", name=tr("Export verdicts"))
        press("classify.sort_into", self.sort)
        press("classify.send", self.send, "S")
        press("classify.clear", self.clear)

    def _lay_out(self) -> None:
        row = FlowLayout(theme.M)
        self.setLayout(row)
        self.more.setFixedHeight(self.add.sizeHint().height())
        for part in (
            *(self.add, self.more, self.resume, self.export),
            *(self.sort, self.send, self.remove, self.clear),
        ):
            row.add(part)
