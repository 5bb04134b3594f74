"""The sheet of all shortcuts, where they can be changed."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QFrame,
    QHBoxLayout,
    QKeySequenceEdit,
    QLineEdit,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.commands import PORTABLE, Command, Commands, FixedKeys, native
from landmark_gui.gui.dialogs.fixed_keys import describe_fixed_keys
from landmark_gui.gui.dialogs.shortcut_model import (
    ROW_ROLE,
    ShortcutDelegate,
    ShortcutModel,
)
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import button, heading, search_field, set_role, wrapped
from landmark_gui.gui.widgets.dialogs import column, give_size
from landmark_gui.gui.widgets.plain import label
from landmark_gui.gui.widgets.rows import dress_list

_EDITOR_HEIGHT = 104


class KeyField(QKeySequenceEdit):
    """Takes every key but Esc, which closes the dialog as it does everywhere else."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            event.ignore()
        else:
            super().keyPressEvent(event)


class KeyEditor(QFrame):
    """Changes the keys of one command: a chip for each, and a field that takes a new one.

    Signals:
        changed(str): this command has other keys.
    """

    changed = Signal(str)

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._commands = commands
        self._command: Command | None = None
        self._wanted = ""
        self._title = heading("", "subtitle")
        self._chips = QHBoxLayout()
        self.field = self._make_field()
        self._say = wrapped("")
        self._say.setObjectName("key_verdict")
        self.take = button(tr("Take it"), "take_key", self._take, kind="primary")
        self.reset = button(tr("Reset"), "reset_key", self._reset)
        self._lay_out()
        self.setMinimumHeight(_EDITOR_HEIGHT)  # the list above stays put when keys come and go
        self.show_row(None)

    def show_row(self, row: Command | FixedKeys | None) -> None:
        """Offer to change a command; fixed keys are only explained."""
        self._command = row if isinstance(row, Command) else None
        fixed = tr("These keys stay as they are.") if isinstance(row, FixedKeys) else ""
        self._title.setText(getattr(row, "name", "") or getattr(row, "text", ""))
        self.field.setEnabled(self._command is not None)
        self._verdict(fixed or (tr("Choose a row to change its keys.") if row is None else ""))
        self._show_keys()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.S)
        head.addWidget(self._title)
        head.addSpacing(theme.M)
        head.addLayout(self._chips)
        head.addStretch()
        row = QHBoxLayout()
        row.setSpacing(theme.M)
        name = label(tr("Add a key:"))
        name.setBuddy(self.field)
        row.addWidget(name)
        row.addWidget(self.field)
        row.addWidget(self._say, 1)
        row.addWidget(self.take)
        row.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.M)
        layout.addLayout(head)
        layout.addLayout(row)

    def _make_field(self) -> QKeySequenceEdit:
        field = KeyField()
        field.setObjectName("key_field")
        field.setAccessibleName(tr("Press the new key"))
        accessible.play(field, accessible.Role.HotkeyField)
        for inside in field.findChildren(QLineEdit):
            inside.setAccessibleName(field.accessibleName())
            accessible.name_buttons(inside, field.accessibleName())
        field.setMaximumSequenceLength(1)  # "G, then P" would make G wait for the P
        field.setClearButtonEnabled(True)
        field.setFixedWidth(150)
        field.keySequenceChanged.connect(self._pressed)
        return field

    def _show_keys(self) -> None:
        while (item := self._chips.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        keys = self._command.keys if self._command is not None else ()
        for key in keys:
            chip = button(f"{native(key)}  ✕", "key_chip", partial(self._drop, key))
            chip.setAccessibleName(tr("Take {key} away", key=native(key)))
            chip.setToolTip(tr("Take {key} away", key=native(key)))
            self._chips.addWidget(chip)
        default = self._command is None or keys == self._command.default_keys
        self.reset.setEnabled(not default)

    def _pressed(self, sequence: QKeySequence) -> None:
        """A free key is added at once; for another it is said what stands against it."""
        key, command = sequence.toString(PORTABLE), self._command
        if command is None or not key:
            return
        rivals = self._commands.rivals(command.id, key)
        if refusal := self._commands.refusal(command.id, key):
            self._verdict(refusal, "danger")
        elif key in command.keys:
            self._verdict(tr("{key} is a key of this command already.", key=native(key)))
        elif rivals:
            self._wanted = key
            text = tr("{key} is used by “{name}”. Take it?", key=native(key), name=rivals[0].name)
            self._verdict(text, "warning", ask=True)
        else:
            self._give(key)

    def _take(self) -> None:
        self._give(self._wanted)

    def _give(self, key: str) -> None:
        assert self._command is not None
        self._commands.take_key(self._command.id, key)
        self._done(tr("{key} now calls “{name}”.", key=native(key), name=self._command.name))

    def _drop(self, key: str) -> None:
        assert self._command is not None
        left = [other for other in self._command.keys if other != key]
        self._commands.set_keys(self._command.id, left)
        self._done(tr("{key} calls nothing here now.", key=native(key)))

    def _reset(self) -> None:
        """The default keys again; other commands that have taken them give them back."""
        assert self._command is not None
        self._commands.set_keys(self._command.id, ())
        for key in self._command.default_keys:
            self._commands.take_key(self._command.id, key)
        self._done(tr("“{name}” has its first keys again.", name=self._command.name))

    def _done(self, text: str) -> None:
        assert self._command is not None
        self._show_keys()
        self._verdict(text, "success")
        self.changed.emit(self._command.id)

    def _verdict(self, text: str, role: str = "muted", ask: bool = False) -> None:
        self._say.setText(text)
        set_role(self._say, role)
        accessible.announce(self._say, text, urgent=True)
        self.take.setVisible(ask)
        if not ask:
            self.field.blockSignals(True)
            self.field.clear()
            self.field.blockSignals(False)


class ShortcutsDialog(QDialog):
    """All commands by category with their keys; searchable."""

    def __init__(self, commands: Commands, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("shortcuts_dialog")
        self.setWindowTitle(tr("Keyboard shortcuts"))
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._commands = commands
        describe_fixed_keys(commands)
        self.model = ShortcutModel(commands, self)
        self.search, self.list = self._make_search(), self._make_list()
        self.editor = KeyEditor(commands)
        self._lay_out()
        commands.changed.connect(self._reload)
        give_size(self, 720, 680, commands.settings, "shortcuts.size")
        self.search.setFocus()

    def choose(self, id_: str) -> None:
        """Show the keys of a command in the editor."""
        self.list.setCurrentIndex(self.model.index(self.model.row_of(id_)))

    def reset_all(self) -> None:
        """Every command gets its default keys again."""
        self._commands.reset_keys()
        self._show_row(self.list.currentIndex())

    def _lay_out(self) -> None:
        reset = button(tr("Reset all keys"), "reset_all_keys", self.reset_all)
        close = QPushButton(tr("Close"))
        close.setObjectName("close_shortcuts")
        close.clicked.connect(self.accept)
        for made in (reset, close, self.editor.take, self.editor.reset):
            made.setAutoDefault(False)  # Enter in the search must not press them
        below = QHBoxLayout()
        below.addWidget(reset)
        below.addStretch()
        below.addWidget(close)
        layout = column(self)
        layout.addWidget(self.search)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.editor)
        layout.addLayout(below)

    def _make_search(self) -> QLineEdit:
        search = search_field("shortcut_search", tr("Search by name or key"))
        search.textChanged.connect(self._searched)
        return search

    def _make_list(self) -> QListView:
        view = QListView()
        dress_list(view, "shortcut_list", tr("Commands and their keys"), uniform=False)
        view.setModel(self.model)
        view.setItemDelegate(ShortcutDelegate(view))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.selectionModel().currentChanged.connect(lambda index, _: self._show_row(index))
        return view

    def _searched(self, text: str) -> None:
        self.model.set_search(text)
        self._show_row(self.list.currentIndex())

    def _reload(self) -> None:
        before = self.list.currentIndex().data(ROW_ROLE)
        self.model.reload()
        if isinstance(before, Command) and not self.list.currentIndex().isValid():
            self.choose(before.id)

    def _show_row(self, index: QModelIndex) -> None:
        row = index.data(ROW_ROLE) if index.isValid() else None
        self.editor.show_row(None if isinstance(row, str) else row)
