"""Select all, duplicate, copy, paste and leave out: commands on the boxes of the photo on show."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMenu, QWidget

from landmark_gui.core import box_text, edits
from landmark_gui.core.box_text import CopiedBox
from landmark_gui.core.errors import FormatError, NameRefused
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Box, Edit, Landmark
from landmark_gui.gui.canvas import PhotoCanvas
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon

STEP = 12.0
"""How far a copy lies from its box, in pixels of the screen."""


class BoxCommands(QObject):
    """Works on what is selected on the canvas; every change is one edit of the document."""

    def __init__(self, context: AppContext, canvas: PhotoCanvas, owner: QWidget) -> None:
        super().__init__(owner)
        self._context, self._canvas = context, canvas
        boxes = partial(context.commands.add, category=tr("Boxes"))
        on_canvas = partial(boxes, owner=canvas, focused=True)  # the photo list has that key too
        on_canvas("boxes.select_all", tr("Select all boxes"), canvas.select_all, "Ctrl+A")
        add = partial(boxes, owner=owner)
        add("boxes.duplicate", tr("Duplicate the selected boxes"), self.duplicate, "Ctrl+D")
        add("boxes.copy", tr("Copy the selected boxes"), self.copy, "Ctrl+C")
        add("boxes.cut", tr("Cut the selected boxes"), self.cut, "Ctrl+X")
        add("boxes.paste", tr("Paste boxes"), self.paste, "Ctrl+V")
        self.exclude_action = add(
            "boxes.exclude",
            tr("Leave out of the dataset"),
            self.toggle_excluded,
            "Shift+X",
            name=tr("Leave the selected boxes out of the dataset, or take them in again"),
        )
        canvas.selection_changed.connect(lambda _: self.show_boxes())

    def duplicate(self) -> None:
        """Put a copy of each selected box beside it, and select the copies."""
        self._put("duplicate_boxes", self._selected())

    def copy(self) -> bool:
        """Put the selected boxes on the clipboard; False if none is selected."""
        boxes = self._selected()
        if not boxes:
            self._context.status(tr("Select a box first."))
            return False
        QGuiApplication.clipboard().setText(box_text.to_text(boxes))
        count = len(boxes)
        self._context.status(ntr("{n} box was copied.", "{n} boxes were copied.", count))
        return True

    def toggle_excluded(self) -> None:
        """Leave the selected boxes out of the dataset; if all are, take them in again."""
        document, boxes = self._context.document, self._chosen()
        if document is None or not boxes:
            self._context.status(tr("Select a box first."))
            return
        document.do(edits.exclude_boxes(boxes, not all(box.excluded for box in boxes)))

    def show_boxes(self) -> None:
        """Name what `toggle_excluded` would do with the boxes that are selected now."""
        boxes = self._chosen()
        again = bool(boxes) and all(box.excluded for box in boxes)
        text = tr("Take into the dataset again") if again else tr("Leave out of the dataset")
        self.exclude_action.setText(text)

    def menu(self, parent: QWidget) -> QMenu:
        """What can be done with the selected boxes, for the right mouse button."""
        menu = QMenu(parent)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.exclude_action)
        menu.addSeparator()
        for name in ("duplicate", "copy", "cut"):
            menu.addAction(self._context.commands.get(f"boxes.{name}").action)
        delete = tr("Delete the selected boxes")
        menu.addSeparator()
        menu.addAction(icon("delete"), delete, self._canvas.delete_selected)
        if not self._canvas.editable:
            for action in menu.actions():
                action.setEnabled(False)
        return menu

    def _chosen(self) -> list[Box]:
        document = self._context.document
        known = document.project.boxes if document is not None else {}
        return [known[id_] for id_ in self._canvas.selected() if id_ in known]

    def cut(self) -> None:
        """Copy the selected boxes, then delete them."""
        if self._canvas.editable and self.copy():
            self._canvas.delete_selected()

    def paste(self) -> None:
        """Put the boxes of the clipboard onto the photo on show, with their landmarks."""
        try:
            boxes = box_text.from_text(QGuiApplication.clipboard().text())
        except FormatError as error:
            self._context.status(str(error))
        else:
            self._put("paste_boxes", boxes)

    def _selected(self) -> list[CopiedBox]:
        document = self._context.document
        if document is None:
            return []
        marks = document.project.landmarks
        return [
            CopiedBox(marks[box.landmark_id].name, box.rect, box.excluded) for box in self._chosen()
        ]

    def _put(self, kind: str, boxes: Iterable[CopiedBox]) -> None:
        document = self._context.document
        photo = document.current_photo if document else None
        if document is None or photo is None or photo.state != "ok":
            return
        try:
            edit = box_text.added(kind, document.project, photo, boxes, self._step())
        except NameRefused as error:
            self._context.status(str(error))
            return
        document.do(edit)
        made = [change.row.id for change in edit.changes if not isinstance(change.row, Landmark)]
        self._canvas.select(str(id_) for id_ in made)
        self._say_if_left_out(document, edit)

    def _step(self) -> float:
        return max(STEP / self._canvas.transform().m11(), 1.0)

    def _say_if_left_out(self, document: Document, edit: Edit) -> None:
        if not edit.changes and not document.read_only:
            self._context.status(tr("Select a box first."))
