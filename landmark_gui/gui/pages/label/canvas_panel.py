"""The middle part: the photo on show with its boxes, a toolbar above, a hint below."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QImage
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Photo
from landmark_gui.gui import theme
from landmark_gui.gui.canvas import PhotoCanvas
from landmark_gui.gui.canvas.photo_feed import PhotoFeed
from landmark_gui.gui.canvas.zoom_actions import add_zoom, zoom_buttons
from landmark_gui.gui.commands import Commands, native, tooltip
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.label.name_prompt import NamePrompt
from landmark_gui.gui.pages.label.photo_texts import missing_text
from landmark_gui.gui.widgets.common import EmptyState, action_button, heading
from landmark_gui.gui.widgets.elided_label import ElidedLabel
from landmark_gui.gui.widgets.narrowing import NarrowingPanel
from landmark_gui.gui.widgets.note_stack import NoteStack


class CanvasPanel(NarrowingPanel):
    """Shows a photo, or why it cannot be shown; the canvas itself is `canvas`.

    Signals:
        step_wanted(int): -1 for the previous photo, 1 for the next.
        undo_wanted(), redo_wanted()
        photo_shown(): the photo's pixels are on the canvas.
        photo_refused(): its file cannot be opened, or is not there.
    """

    step_wanted = Signal(int)
    undo_wanted = Signal()
    redo_wanted = Signal()
    photo_shown = Signal()
    photo_refused = Signal()

    _last_tool: QWidget

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self.canvas = PhotoCanvas()
        self.prompt = NamePrompt(self.canvas)
        self._feed = PhotoFeed(self.canvas, self)
        self.loader = self._feed.loader
        self._stack = NoteStack(self.canvas)
        self._name = ElidedLabel()
        self.hint = self._make_hint()
        self._last_tool: QWidget  # of the toolbar, in the order of Tab
        self._make_actions()
        self._lay_out()
        self._connect()

    def show_photo(self, photo: Photo | None, path: Path | None, stand_in: QImage | None) -> None:
        """Show a photo; `stand_in`, a small version of it, is seen until it is decoded."""
        self._feed.show(None)
        self._name.setText(photo.path if photo else "")
        self._stack.set_note(None)
        self.prompt.give_up()
        shown = photo is not None and photo.state == "ok"
        for action in self._zoom:
            action.setEnabled(shown)
        if photo is None or path is None or not shown:
            self.canvas.set_photo_size(0, 0)
        if photo is None or path is None:
            return
        if photo.state == "missing":
            self._show_missing(photo)
        elif photo.state == "unreadable":
            self._show_reason(path, photo.reason)
        else:
            self.canvas.set_photo_size(photo.width, photo.height)
            if stand_in is not None:
                self.canvas.set_image(stand_in)
            self._feed.show(path)

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar of buttons under the photo."""
        self._column.insertWidget(self._column.indexOf(self._stack) + 1, bar)
        QWidget.setTabOrder(bar.findChildren(QToolButton)[-1], self.hint_close)

    def add_top_bar(self, bar: QWidget) -> None:
        """Put something between the toolbar and the photo."""
        self._column.insertWidget(self._column.indexOf(self._stack), bar)

    def add_tool(self, button: QToolButton) -> None:
        """Put a button at the end of the toolbar."""
        self._bar.addWidget(button)
        QWidget.setTabOrder(self._last_tool, button)
        self._last_tool = button

    def set_undo(self, undo: str, redo: str, can_undo: bool, can_redo: bool) -> None:
        """Name what undo and redo would do."""
        for action, text, can in ((self.undo, undo, can_undo), (self.redo, redo, can_redo)):
            action.setText(text)
            action.setEnabled(can)
        for action, of_menu in ((self.undo, "edit.undo"), (self.redo, "edit.redo")):
            action.setToolTip(self._tooltip(action.text(), of_menu))

    def _tooltip(self, text: str, id_: str) -> str:
        command = self._commands.find(id_)
        return tooltip(text, command.action) if command else text

    # Toolbar

    def _make_actions(self) -> None:
        canvas = self.canvas
        add = partial(self._commands.add, owner=self, category=tr("Photo"))
        self.previous = add(
            "photo.previous",
            tr("Previous photo"),
            partial(self.step_wanted.emit, -1),
            *("A", "PgUp"),
            icon_name="previous",
        )
        self.next = add(
            "photo.next",
            tr("Next photo"),
            partial(self.step_wanted.emit, 1),
            *("D", "PgDown"),
            icon_name="next",
        )
        self._zoom = add_zoom(self._commands, canvas, self, tr("Zoom"))
        # The menu has the commands for these two; the buttons only repeat them.
        self.undo = QAction(icon("undo"), tr("Undo"), self)
        self.undo.triggered.connect(lambda: self.undo_wanted.emit())
        self.redo = QAction(icon("redo"), tr("Redo"), self)
        self.redo.triggered.connect(lambda: self.redo_wanted.emit())
        self.delete = QAction(icon("delete"), tr("Delete the selected boxes"), self)
        self.delete.triggered.connect(lambda: canvas.delete_selected())
        self.delete.setToolTip(f"{self.delete.text()} ({native('Del')})")
        self.delete.setEnabled(False)

    def _lay_out(self) -> None:
        self._bar = bar = QHBoxLayout()
        bar.setSpacing(2)
        for name, action in (("previous_photo", self.previous), ("next_photo", self.next)):
            bar.addWidget(action_button(name, action))
        bar.addSpacing(theme.S)
        bar.addWidget(self._name, 1)
        for name, action in (
            ("undo_button", self.undo),
            ("redo_button", self.redo),
            ("delete_boxes", self.delete),
        ):
            bar.addWidget(action_button(name, action))
        bar.addSpacing(theme.L)
        buttons = zoom_buttons(self._zoom, self.canvas)
        self.set_spare(bar, [buttons[0], buttons[2]])  # the wheel zooms as well
        for button in buttons:
            bar.addWidget(button)
        self._last_tool = buttons[-1]
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.hint)

    def _make_hint(self) -> QFrame:
        hint = QFrame()
        hint.setObjectName("label_hint")
        text = heading(
            tr(
                "Drag: draw · 1–9: landmark · E: done, next photo · A / D: photo · "
                "Wheel: zoom · Space + drag: move"
            ),
            "muted",
        )
        text.setWordWrap(True)
        self.hint_close = QToolButton()
        self.hint_close.setObjectName("close_hint")
        self.hint_close.setIcon(icon("close", "muted"))
        self.hint_close.setToolTip(tr("Do not show this again"))
        self.hint_close.setAccessibleName(tr("Close the hint"))
        layout = QHBoxLayout(hint)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(text, 1)
        layout.addWidget(self.hint_close)
        return hint

    # The photo's pixels

    def _connect(self) -> None:
        self.canvas.selection_changed.connect(lambda ids: self.delete.setEnabled(bool(ids)))
        self._feed.shown.connect(self.photo_shown)
        self._feed.refused.connect(self._refused)

    def _refused(self, path: Path, reason: str) -> None:
        self._show_reason(path, reason)
        self.photo_refused.emit()

    def _show_missing(self, photo: Photo) -> None:
        text = tr(
            "{name}: {reason}. Put it back anywhere in the photo folder, under any name: its "
            "boxes are kept.",
            name=photo.path,
            reason=missing_text(photo),
        )
        note = self._note_in_place(tr("This photo is missing"), text)
        note.setObjectName("missing_photo")
        self._stack.set_note(note)

    def _show_reason(self, path: Path, reason: str) -> None:
        text = tr("{name}: {reason}.", name=path.name, reason=reason)
        note = self._note_in_place(tr("This photo cannot be shown"), text)
        note.setObjectName("unreadable_photo")
        self._stack.set_note(note)

    def _note_in_place(self, title: str, text: str) -> EmptyState:
        go_on = partial(self.step_wanted.emit, 1)
        return EmptyState("warning", title, text, tr("Next photo"), go_on)
