"""Every action that a person can call by name: one list behind menus, buttons, the palette,
the sheet of shortcuts, and the keys that people choose for themselves.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractButton, QWidget
from shiboken6 import isValid

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.gui.icons import icon

NATIVE = QKeySequence.SequenceFormat.NativeText
PORTABLE = QKeySequence.SequenceFormat.PortableText
PAGE_STACK = "pages"
"""The object name of the widget whose children are the pages, of which one is shown."""


@dataclass(frozen=True)
class Command:
    """An action with the name under which its keys are remembered.

    Attributes:
        id: as "photo.next"; never shown.
        category: the heading under which lists of commands show it.
        default_keys: key sequences in Qt's portable spelling, as "Ctrl+Z".
        name: what it is called whatever the state, as "Undo".
        is_named: whether the action's own text would not be understood without its menu.
    """

    id: str
    category: str
    action: QAction
    default_keys: tuple[str, ...]
    name: str
    is_named: bool = False

    @property
    def text(self) -> str:
        """What the action would do now, as "Undo draw box"."""
        return self.name if self.is_named else plain(self.action.text())

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys in use, in Qt's portable spelling."""
        return tuple(key.toString(PORTABLE) for key in self.action.shortcuts())

    @property
    def owner(self) -> QWidget:
        """The widget that must be shown for the keys to work."""
        owner = self.action.parent()
        assert isinstance(owner, QWidget)
        return owner

    @property
    def available(self) -> bool:
        """Whether it can be called now, or perhaps once its page is shown."""
        page, owner = self.page, self.owner
        hidden = page is not None and page.isVisible() and not owner.isVisible()
        return self.action.isEnabled() and owner.isEnabled() and not hidden

    @property
    def page(self) -> QWidget | None:
        """The page that the command belongs to; None for commands of the window."""
        widget: QWidget | None = self.owner
        while widget is not None:
            above = widget.parentWidget()
            if above is not None and above.objectName() == PAGE_STACK:
                return widget
            widget = above
        return None


@dataclass(frozen=True)
class FixedKeys:
    """Keys or gestures that stay as they are, for the sheet of shortcuts.

    Attributes:
        keys: as the sheet shows them: "1–9", "drag".
        reserved: the key sequences among them, which no command can have.
    """

    keys: str
    text: str
    category: str
    reserved: tuple[str, ...] = ()


class Commands(QObject):
    """The commands of the window.

    Signals:
        changed(): a command was added, or has other keys.
    """

    changed = Signal()

    def __init__(self, settings: Settings, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.settings = settings
        self._commands: dict[str, Command] = {}
        self._fixed: dict[tuple[str, str], FixedKeys] = {}
        self._hints: dict[QWidget, tuple[str, str]] = {}
        self.changed.connect(self._show_hints)

    def add(
        self,
        id_: str,
        text: str,
        on_trigger: Callable[[], Any],
        *keys: str,
        owner: QWidget,
        category: str,
        icon_name: str = "",
        name: str = "",
        focused: bool = False,
    ) -> QAction:
        """Make an action of `owner`; its keys work while `owner` is shown in the active window.

        Args:
            keys: the default keys; the person's own come in their place.
            name: what lists call it, if `text` needs its menu to be understood.
            focused: the keys work only while `owner` has the focus.
        """
        action = QAction(text, owner)
        action.setObjectName(id_)
        if icon_name:
            action.setIcon(icon(icon_name))
        if focused:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(lambda: on_trigger())
        owner.addAction(action)
        command = Command(id_, category, action, keys, name or plain(text), bool(name))
        self._commands[id_] = command
        self._apply(command, self._chosen(command))
        self.changed.emit()
        return action

    def add_button(
        self, id_: str, button: QAbstractButton, *keys: str, category: str, name: str = ""
    ) -> QAction:
        """A command that presses a button, so it can be called when the button can be pressed.

        The keys stand in the tool tip of the button from now on.
        """
        text = plain(button.text()) or button.accessibleName()
        action = self.add(
            id_, text, button.click, *keys, owner=button, category=category, name=name
        )
        action.setIcon(button.icon())
        self.hint(button, id_, button.toolTip() or text)
        return action

    def describe(self, keys: str, text: str, category: str, reserved: Iterable[str] = ()) -> None:
        """Put keys or gestures that are no command into the sheet of shortcuts.

        Args:
            keys: what the sheet shows, as "1–9" or "drag".
            reserved: the key sequences among them, which no command can have.
        """
        self._fixed[category, text] = FixedKeys(keys, text, category, tuple(reserved))

    def forget(self) -> None:
        """Know no command: all that have some are built anew."""
        self._commands.clear()
        self._fixed.clear()
        self._hints.clear()

    def all(self) -> list[Command]:
        """The commands whose window or page still exists, in the order they were added."""
        return [command for command in self._commands.values() if isValid(command.action)]

    def fixed(self) -> list[FixedKeys]:
        """What was described, in that order."""
        return list(self._fixed.values())

    def get(self, id_: str) -> Command:
        """Raises KeyError if there is no such command."""
        return self._commands[id_]

    def find(self, id_: str) -> Command | None:
        """The command, if its window or page exists."""
        command = self._commands.get(id_)
        return command if command is not None and isValid(command.action) else None

    def hint(self, widget: QWidget, id_: str, text: str) -> None:
        """Make `text` the tool tip of a widget, with the keys that the command has just then."""
        self._hints[widget] = id_, text
        self._show_hints()

    # Keys

    def set_keys(self, id_: str, keys: Iterable[str]) -> None:
        """Choose the keys of a command; they are remembered."""
        command, chosen = self._commands[id_], list(keys)
        default = chosen == list(command.default_keys)
        self.settings.set(_setting(id_), None if default else chosen)
        self._apply(command, chosen)
        self.changed.emit()

    def take_key(self, id_: str, key: str) -> None:
        """Give a command one more key; the commands that have it lose it."""
        for rival in self.rivals(id_, key):
            self.set_keys(rival.id, [other for other in rival.keys if not _same(other, key)])
        self.set_keys(id_, [*self._commands[id_].keys, key])

    def reset_keys(self) -> None:
        """Give every command its default keys again."""
        for command in self.all():
            self.set_keys(command.id, command.default_keys)

    def holders(self, key: str) -> list[Command]:
        """The commands that this key calls now."""
        wanted = QKeySequence(key)
        return [command for command in self.all() if wanted in command.action.shortcuts()]

    def rivals(self, id_: str, key: str) -> list[Command]:
        """The other commands with this key that could be meant at the same time.

        Commands of two pages are never meant at the same time.
        """
        page = self._commands[id_].page
        return [
            other
            for other in self.holders(key)
            if other.id != id_ and (None in (page, other.page) or page is other.page)
        ]

    def refusal(self, id_: str, key: str) -> str:
        """Why this command cannot have that key, or ""."""
        if any(_same(default, key) for default in self._commands[id_].default_keys):
            return ""
        for fixed in self._fixed.values():
            if any(_same(reserved, key) for reserved in fixed.reserved):
                return tr("{key} is fixed: {text}.", key=native(key), text=fixed.text)
        return ""

    def _chosen(self, command: Command) -> list[str]:
        return self.settings.texts(_setting(command.id), command.default_keys)

    def _apply(self, command: Command, keys: Iterable[str]) -> None:
        action = command.action
        action.setShortcuts([QKeySequence(key) for key in keys])
        action.setToolTip(tooltip(command.name, action))

    def _show_hints(self) -> None:
        self._hints = {widget: hint for widget, hint in self._hints.items() if isValid(widget)}
        for widget, (id_, text) in self._hints.items():
            command = self.find(id_)
            widget.setToolTip(tooltip(text, command.action) if command else text)


def tooltip(text: str, action: QAction) -> str:
    """`text` with the action's first key behind it."""
    key = action.shortcut().toString(NATIVE)
    return f"{text} ({key})" if key else text


def native(key: str) -> str:
    """A key sequence as the system writes it."""
    return QKeySequence(key).toString(NATIVE)


def plain(text: str) -> str:
    """The text of a menu entry without its mnemonic and dots."""
    return text.replace("&", "").removesuffix("…")


def _same(key: str, other: str) -> bool:
    return QKeySequence(key) == QKeySequence(other)


def _setting(id_: str) -> str:
    return f"keys.{id_}"
