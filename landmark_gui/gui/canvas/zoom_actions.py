"""The commands that zoom a view, with the same keys on every page."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QToolButton, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.canvas.zoom_view import ZoomView
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.widgets.common import action_button


class ZoomActions(NamedTuple):
    """In the order of the toolbar."""

    out: QAction
    actual: QAction
    closer: QAction
    fit: QAction


def add_zoom(
    commands: Commands, view: ZoomView, owner: QWidget, category: str, prefix: str = ""
) -> ZoomActions:
    """Register the commands; `prefix`, as "classify.", tells those of two pages apart."""

    def add(id_: str, text: str, act: Callable[[], None], *keys: str, icon: str = "") -> QAction:
        return commands.add(
            f"{prefix}zoom.{id_}", text, act, *keys, owner=owner, category=category, icon_name=icon
        )

    return ZoomActions(
        add("out", tr("Zoom out"), view.zoom_out, "Ctrl+-", icon="zoom-out"),
        add("actual", tr("Show at 100 %"), view.actual_size, "Ctrl+1"),
        add("in", tr("Zoom in"), view.zoom_in, "Ctrl++", "Ctrl+=", icon="zoom-in"),
        add("fit", tr("Fit the photo into the view"), view.fit, "F", "Ctrl+0", icon="fit"),
    )


def zoom_buttons(actions: ZoomActions, view: ZoomView) -> list[QToolButton]:
    """A button for each action, in that order; that of 100 % shows how far the view is zoomed."""
    names = ("zoom_out", "zoom_level", "zoom_in", "fit_photo")
    buttons = [action_button(name, action) for name, action in zip(names, actions, strict=True)]
    level = buttons[1]
    level.setMinimumWidth(level.fontMetrics().horizontalAdvance("6400 %") + theme.L)
    view.scale_changed.connect(lambda scale: level.setText(f"{scale * 100:.0f} %"))
    return buttons
