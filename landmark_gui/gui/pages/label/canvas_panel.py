"""The middle part: the photo on show with its boxes, a toolbar above, a hint below."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QRectF, QSize, QTimer, Signal
from PySide6.QtGui import QAction, QImage, QResizeEvent
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
from landmark_gui.gui.canvas.photo_decoding import WHOLE_PIXELS
from landmark_gui.gui.canvas.photo_loader import PhotoLoader
from landmark_gui.gui.commands import Commands, native, tooltip
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.label.name_prompt import NamePrompt
from landmark_gui.gui.pages.label.note_stack import NoteStack
from landmark_gui.gui.pages.label.photo_texts import missing_text
from landmark_gui.gui.widgets.common import EmptyState, action_button, heading
from landmark_gui.gui.widgets.elided_label import ElidedLabel


class CanvasPanel(QWidget):
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

    def __init__(self, commands: Commands) -> None:
        super().__init__()
        self._commands = commands
        self._path: Path | None = None
        self.canvas = PhotoCanvas()
        self.prompt = NamePrompt(self.canvas)
        self.loader = PhotoLoader(self)
        self._moved = QTimer(self, singleShot=True)  # zooming moves the view in several steps
        self._stack = NoteStack(self.canvas)
        self._name, self._zoom = ElidedLabel(), QToolButton()
        self._spare: list[QToolButton] = []
        self.hint = self._make_hint()
        self._make_actions()
        self._lay_out()
        self._connect()

    def show_photo(self, photo: Photo | None, path: Path | None, stand_in: QImage | None) -> None:
        """Show a photo; `stand_in`, a small version of it, is seen until it is decoded."""
        self._path = path
        self._name.setText(photo.path if photo else "")
        self._stack.set_note(None)
        self.prompt.give_up()
        shown = photo is not None and photo.state == "ok"
        for action in (self.zoom_out, self.actual, self.zoom_in, self.fit):
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
            self.loader.load(path)

    def add_bar(self, bar: QWidget) -> None:
        """Put a bar of buttons under the photo."""
        self._column.insertWidget(self._column.indexOf(self._stack) + 1, bar)

    def add_top_bar(self, bar: QWidget) -> None:
        """Put something between the toolbar and the photo."""
        self._column.insertWidget(self._column.indexOf(self._stack), bar)

    def add_tool(self, button: QToolButton) -> None:
        """Put a button at the end of the toolbar."""
        self._bar.addWidget(button)

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
        zoom = partial(self._commands.add, owner=self, category=tr("Zoom"))
        self.zoom_out = zoom(
            "zoom.out", tr("Zoom out"), canvas.zoom_out, "Ctrl+-", icon_name="zoom-out"
        )
        self.zoom_in = zoom(
            "zoom.in", tr("Zoom in"), canvas.zoom_in, "Ctrl++", "Ctrl+=", icon_name="zoom-in"
        )
        self.fit = zoom(
            "zoom.fit",
            tr("Fit the photo into the view"),
            canvas.fit,
            *("F", "Ctrl+0"),
            icon_name="fit",
        )
        self.actual = zoom("zoom.actual", tr("Show at 100 %"), canvas.actual_size, "Ctrl+1")
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
            bar.addWidget(self._button(name, action))
        bar.addSpacing(theme.S)
        bar.addWidget(self._name, 1)
        for name, action in (
            ("undo_button", self.undo),
            ("redo_button", self.redo),
            ("delete_boxes", self.delete),
        ):
            bar.addWidget(self._button(name, action))
        bar.addSpacing(theme.L)
        for name, action in (
            ("zoom_out", self.zoom_out),
            ("zoom_level", self.actual),
            ("zoom_in", self.zoom_in),
            ("fit_photo", self.fit),
        ):
            bar.addWidget(self._button(name, action))
        layout = self._column = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        layout.addLayout(bar)
        layout.addWidget(self._stack, 1)
        layout.addWidget(self.hint)

    def _button(self, name: str, action: QAction) -> QToolButton:
        button = action_button(name, action, self._zoom if action is self.actual else None)
        if action in (self.zoom_out, self.zoom_in):
            self._spare.append(button)
        if button is self._zoom:
            button.setMinimumWidth(button.fontMetrics().horizontalAdvance("6400 %") + theme.L)
        return button

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

    # A narrow window

    def minimumSizeHint(self) -> QSize:
        size = super().minimumSizeHint()
        return size if self._spare[0].isHidden() else size - QSize(self._spare_width(), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The wheel zooms as well: where the room is scarce, its buttons go first."""
        wanted = self.minimumSizeHint().width() + self._spare_width()
        for button in self._spare:
            button.setVisible(event.size().width() >= wanted)
        super().resizeEvent(event)

    def _spare_width(self) -> int:
        return sum(button.sizeHint().width() + self._bar.spacing() for button in self._spare)

    # The photo's pixels

    def _connect(self) -> None:
        self.canvas.scale_changed.connect(self._scaled)
        for bar in (self.canvas.horizontalScrollBar(), self.canvas.verticalScrollBar()):
            bar.valueChanged.connect(lambda _: self._moved.start())
        self._moved.timeout.connect(self._sharpen)
        self.canvas.pixels_wanted.connect(self._load_pixels)
        self.canvas.selection_changed.connect(lambda ids: self.delete.setEnabled(bool(ids)))
        self.loader.loaded.connect(self._loaded)
        self.loader.fine_loaded.connect(self._fine_loaded)
        self.loader.failed.connect(self._failed)

    def _loaded(self, path: Path, image: QImage) -> None:
        if path == self._path:
            self.canvas.set_image(image)
            self._sharpen()
            self.photo_shown.emit()

    def _fine_loaded(self, path: Path, image: QImage, rect: QRectF) -> None:
        if path == self._path:
            self.canvas.set_fine_image(image, rect)
            self._sharpen()  # the view may have moved on

    def _failed(self, path: Path, reason: str) -> None:
        if path == self._path:
            self._show_reason(path, reason)
            self.photo_refused.emit()

    def _scaled(self, scale: float) -> None:
        self._zoom.setText(f"{scale * 100:.0f} %")
        self.loader.space = self.canvas.fitting_space()
        self._moved.start()

    def _sharpen(self) -> None:
        canvas = self.canvas
        if self._path is not None and canvas.has_image() and not canvas.is_sharp():
            size, visible = canvas.photo_rect().size().toSize(), canvas.visible_rect()
            self.loader.load_fine(self._path, size, visible, canvas.scale_factor())

    def _show_missing(self, photo: Photo) -> None:
        text = tr(
            "{name}: {reason}. Put it back anywhere in the photo folder, under any name: its "
            "boxes are kept.",
            name=photo.path,
            reason=missing_text(photo),
        )
        note = EmptyState("warning", tr("This photo is missing"), text)
        note.setObjectName("missing_photo")
        self._stack.set_note(note)

    def _load_pixels(self) -> None:
        """For the loupe; of a photo too large to be kept whole, what is at hand must do."""
        canvas, size = self.canvas, self.canvas.photo_rect().size().toSize()
        small_enough = size.width() * size.height() <= WHOLE_PIXELS
        if self._path is not None and canvas.has_image() and small_enough:
            self.loader.load_fine(self._path, size, canvas.visible_rect(), 1.0)

    def _show_reason(self, path: Path, reason: str) -> None:
        text = tr("{name}: {reason}.", name=path.name, reason=reason)
        note = EmptyState("warning", tr("This photo cannot be shown"), text)
        note.setObjectName("unreadable_photo")
        self._stack.set_note(note)
