"""Every action that a person can call by name: one list behind menus, buttons, the palette,
the sheet of shortcuts, and the keys that people choose for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from landmark_gui.core.settings import Settings
from landmark_gui.gui.icons import icon

NATIVE = QKeySequence.SequenceFormat.NativeText
PORTABLE = QKeySequence.SequenceFormat.PortableText


@dataclass(frozen=True)
class Command:
    """An action with the name under which its keys are remembered.

    Attributes:
        id: as "photo.next"; never shown.
        category: the heading under which lists of commands show it.
        default_keys: key sequences in Qt's portable spelling, as "Ctrl+Z".
    """

    id: str
    category: str
    action: QAction
    default_keys: tuple[str, ...]

    @property
    def text(self) -> str:
        """What the action does, without the mnemonic and the dots of a menu."""
        return self.action.text().replace("&", "").removesuffix("…")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in use, in Qt's portable spelling."""
        return tuple(key.toString(PORTABLE) for key in self.action.shortcuts())


class Commands(QObject):
    """The commands of the window.

    Signals:
        changed(): a command was added, or has other keys.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._settings = settings
        self._commands: dict[str, Command] = {}

    def add(
        self,
        id_: str,
        text: str,
        on_trigger: Callable[[], Any],
        *keys: str,
        owner: QWidget,
        category: str,
        icon_name: str = "",
    ) -> QAction:
        """Make an action of `owner`; its keys work while `owner` is shown in the active window.

        Args:
            keys: the default keys; the person's own come in their place.
        """
        action = QAction(text, owner)
        action.setObjectName(id_)
        if icon_name:
            action.setIcon(icon(icon_name))
        action.triggered.connect(lambda: on_trigger())
        owner.addAction(action)
        command = Command(id_, category, action, keys)
        self._commands[id_] = command
        self._apply(command, self._settings.get(_setting(id_), list(keys)))
        self.changed.emit()
        return action

    def all(self) -> list[Command]:
        """The commands whose window or page still exists, in the order they were added."""
        return [command for command in self._commands.values() if isValid(command.action)]

    def get(self, id_: str) -> Command:
        """Raises KeyError if there is no such command."""
        return self._commands[id_]

    def set_keys(self, id_: str, keys: Iterable[str]) -> None:
        """Choose the keys of a command; they are remembered."""
        command, chosen = self._commands[id_], list(keys)
        default = chosen == list(command.default_keys)
        self._settings.set(_setting(id_), None if default else chosen)
        self._apply(command, chosen)
        self.changed.emit()

    def reset_keys(self) -> None:
        """Give every command its default keys again."""
        for command in self.all():
            self.set_keys(command.id, command.default_keys)

    def holders(self, key: str) -> list[Command]:
        """The commands that this key calls now."""
        wanted = QKeySequence(key)
        return [command for command in self.all() if wanted in command.action.shortcuts()]

    def _apply(self, command: Command, keys: Iterable[str]) -> None:
        action = command.action
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(tooltip(command.text, action))


def tooltip(text: str, action: QAction) -> str:
    """`text` with the action's first key behind it."""
    key = action.shortcut().toString(NATIVE)
    return f"{text} ({key})" if key else text


def _setting(id_: str) -> str:
    return f"keys.{id_}"
