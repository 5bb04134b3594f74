"""Buttons that open a menu of choices, and the menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QMenu, QToolButton

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons
from landmark_gui.gui.widgets.common import ICON
from landmark_gui.gui.widgets.plain import literal


class StayingMenu(QMenu):
    """A menu that stays open while several of its entries are ticked."""

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        action = self.actionAt(event.position().toPoint())
        if action is not None and action.isCheckable():
            action.trigger()
        else:
            super().mouseReleaseEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        action = self.activeAction()
        if event.key() == Qt.Key.Key_Space and action is not None and action.isCheckable():
            action.trigger()
        else:
            super().keyPressEvent(event)


def choices(
    menu: QMenu, texts: dict[Any, str], chosen: Any, on_choice: Callable[[Any], Any]
) -> None:
    """One entry for each value, one of them ticked."""
    for value, text in texts.items():
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(value == chosen)
        action.triggered.connect(lambda _=False, value=value: on_choice(value))


def menu_button(name: str, icon_name: str, menu: QMenu) -> QToolButton:
    """A button that opens a menu; `name` is its object name."""
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icons.icon(icon_name))
    button.setIconSize(ICON)
    button.setMenu(menu)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button


def clear_button(name: str) -> QToolButton:
    """A button that takes filters away; hidden it keeps its place, or the list would jump."""
    button = QToolButton()
    button.setObjectName(name)
    button.setIcon(icons.icon("close", "muted"))
    name_button(button, tr("Take the filters away"))
    policy = button.sizePolicy()
    policy.setRetainSizeWhenHidden(True)
    button.setSizePolicy(policy)
    return button


def name_button(button: QToolButton, text: str) -> None:
    """Say what a button without words is for."""
    button.setToolTip(literal(text))
    button.setAccessibleName(text)
