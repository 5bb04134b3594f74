"""The other ways by which photos come to the page, as a menu beside "Add photos"."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QMenu, QToolButton, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.widgets.common import button
from landmark_gui.gui.widgets.menu_buttons import menu_button, name_button

if TYPE_CHECKING:
    from landmark_gui.gui.pages.classify.page import ClassifyPage


def more_button(context: AppContext, page: ClassifyPage) -> QToolButton:
    """A small button with the commands as its menu."""
    menu = QMenu(page)
    made = menu_button("more_sources", "chevron-down", menu)
    name_button(made, tr("Other sources: a folder that is watched, a webcam"))
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    add = partial(context.commands.add, owner=page, category=tr("Classify"))
    menu.addAction(add("classify.watch", tr("Watch a folder…"), page.ask_watch, "Ctrl+Shift+W"))
    menu.addAction(add("classify.webcam", tr("Webcam…"), page.open_webcam))
    return made


def other_sources(page: ClassifyPage) -> QWidget:
    """The same as a row of buttons, for while there are no photos."""
    row = QWidget()
    layout = QHBoxLayout(row)
    layout.setContentsMargins(0, 0, 0, 0)
    watch, webcam = tr("Watch a folder…"), tr("Webcam…")
    layout.addWidget(button(watch, "watch_button", page.ask_watch, kind="quiet"))
    layout.addWidget(button(webcam, "webcam_button", page.open_webcam, kind="quiet"))
    return row
