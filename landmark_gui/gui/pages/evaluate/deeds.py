"""What can be done with the selected answers: put their labels right, leave examples out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from itertools import islice

from PySide6.QtCore import QObject, QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from landmark_gui.core import examples
from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.examples import Example
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, Landmark, combined
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.pages.evaluate.gallery import AnswerGallery
from landmark_gui.gui.widgets.plain import menu_text
from landmark_gui.gui.widgets.rows import swatch_icon

_LOOKED_AT = 200
"""Selected answers that are looked at to tell whether there is anything to agree with."""


class AnswerDeeds(QObject):
    """Commands on the selection, and the menus that offer them."""

    def __init__(self, context: AppContext, gallery: AnswerGallery, page: QWidget) -> None:
        super().__init__(page)
        self._context, self._gallery = context, gallery
        self.agree = self._add("agree", tr("The model is right"), self._agree, "Y")
        self.agree.setIcon(icon("check"))
        self.relabel = self._add("relabel", tr("Choose what it is…"), self._open_landmarks, "R")
        self.relabel.setIcon(icon("edit"))
        self.leave_out = self._add("leave_out", tr("Leave out of the dataset"), self._out, "Del")
        self.leave_out.setIcon(icon("excluded"))
        self.take_in = self._add("take_in", tr("Take into the dataset again"), self._in, "Ins")
        self.show = self._add("show_in_photo", tr("Show in its photo"), self._show_current)
        self.show.setIcon(icon("label"))
        describe = partial(context.commands.describe, category=tr("Evaluate"))
        describe("Enter", tr("Show the crop in its photo"), reserved=("Return", "Enter"))
        describe("1–9, 0", tr("It is the landmark of that key"))
        self.relabel.setIconText(tr("It is…"))
        self.leave_out.setIconText(tr("Leave out"))
        self.show.setIconText(tr("In its photo"))
        gallery.opened.connect(self._open)
        gallery.view.landmark_key.connect(self._by_key)
        gallery.view.customContextMenuRequested.connect(self._open_menu)
        gallery.selection_changed.connect(self.refresh)
        self.refresh()

    def give(self, landmark_id: int) -> None:
        """Say that the selected examples are this landmark."""
        document = self._document()
        if document is None:
            return
        answers = self._gallery.selected()
        edit = examples.relabel(document.project, self._examples(document, answers), landmark_id)
        name = document.project.landmarks[landmark_id].name
        said = ntr("{n} crop is {name} now.", "{n} crops are {name} now.", len(answers), name=name)
        self._do(document, edit, said)

    def menu(self) -> QMenu | None:
        """The menu of the selected answers, or None if there is nothing to offer."""
        document = self._document()
        if document is None:
            return None
        menu = QMenu(self._gallery)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.show)
        menu.addAction(self.agree)
        menu.addMenu(self._landmark_menu(document, menu))
        menu.addSeparator()
        menu.addActions([self.leave_out, self.take_in])
        return menu

    def refresh(self) -> None:
        """Enable what can be done now."""
        document = self._context.document
        some = self._gallery.count_selected() > 0
        editable = some and document is not None and not document.read_only
        looked_at = islice(self._gallery.walk_selected(), _LOOKED_AT) if editable else ()
        self.agree.setEnabled(any(self._landmark_of(answer) is not None for answer in looked_at))
        for action in (self.relabel, self.leave_out, self.take_in):
            action.setEnabled(editable)
        self.show.setEnabled(self._gallery.current() is not None)

    # What the person does

    def _agree(self) -> None:
        """Give each selected example the landmark that the model sees in it."""
        document = self._document()
        if document is None:
            return
        edits, count = [], 0
        for answer in self._gallery.selected():
            mark = self._landmark_of(answer)
            if mark is not None:
                behind = self._examples(document, [answer])
                edits.append(examples.relabel(document.project, behind, mark.id))
                count += 1
        said = ntr("The model was right on {n} crop.", "The model was right on {n} crops.", count)
        edit = combined("relabel_examples", edits)
        only = edits[0] if len(edits) == 1 else edit
        self._do(document, only, said)

    def _by_key(self, key: str) -> None:
        document = self._document()
        marks = document.project.landmarks.values() if document is not None else ()
        mark = next((mark for mark in marks if mark.key == key), None)
        if mark is not None:
            self.give(mark.id)

    def _out(self) -> None:
        self._include(False)

    def _in(self) -> None:
        self._include(True)

    def _include(self, wanted: bool) -> None:
        document = self._document()
        if document is None:
            return
        answers = self._gallery.selected()
        behind = self._examples(document, answers)
        edit = (examples.include if wanted else examples.exclude)(document.project, behind)
        said = (
            ntr("{n} crop is in the dataset.", "{n} crops are in the dataset.", len(answers))
            if wanted
            else ntr("{n} crop left out.", "{n} crops left out.", len(answers))
        )
        self._do(document, edit, said)

    def _show_current(self) -> None:
        answer = self._gallery.current()
        if answer is not None:
            self._open(answer)

    def _open(self, answer: CropAnswer) -> None:
        self._context.box_requested.emit(answer.photo_id, answer.box_id)

    def _open_menu(self, place: QPoint) -> None:
        menu = self.menu()
        if menu is not None:
            menu.popup(self._gallery.view.viewport().mapToGlobal(place))

    def _open_landmarks(self) -> None:
        """The landmarks below the current tile, to be chosen by arrows or their first letters."""
        document = self._document()
        if document is None:
            return
        menu = self._landmark_menu(document, self._gallery)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view = self._gallery.view
        place = view.visualRect(view.currentIndex()).bottomLeft()
        menu.popup(view.viewport().mapToGlobal(place))

    def _landmark_menu(self, document: Document, parent: QWidget) -> QMenu:
        menu = QMenu(tr("It is"), parent)
        shown = {self._gallery.model.now(answer).landmark for answer in self._gallery.selected()}
        for mark in document.project.ordered_landmarks():
            text = f"{menu_text(mark.name)}\t{mark.key}" if mark.key else menu_text(mark.name)
            action = menu.addAction(swatch_icon(mark.color), text, partial(self.give, mark.id))
            action.setEnabled(shown != {mark.name})
        menu.setEnabled(not document.read_only)
        return menu

    # Parts

    def _add(self, name: str, text: str, act: Callable[[], None], *keys: str) -> QAction:
        return self._context.commands.add(
            f"evaluate.{name}",
            text,
            act,
            *keys,
            owner=self._gallery.view,
            category=tr("Evaluate"),
            focused=True,
        )

    def _document(self) -> Document | None:
        """The document, if something is selected."""
        return self._context.document if self._gallery.count_selected() else None

    def _landmark_of(self, answer: CropAnswer) -> Landmark | None:
        """What the model sees, if the project has it and the example is not so called already."""
        document = self._context.document
        if document is None or self._gallery.model.now(answer).landmark == answer.predicted:
            return None
        return document.project.landmark_named(answer.predicted)

    def _examples(self, document: Document, answers: list[CropAnswer]) -> list[Example]:
        return list(self._behind(document, answers))

    def _behind(self, document: Document, answers: list[CropAnswer]) -> Iterator[Example]:
        """Of a photo as a whole the boxes that bear its landmark by now."""
        for answer in answers:
            name = self._gallery.model.now(answer).landmark or answer.true
            yield from examples.behind(document.project, (answer.photo_id, answer.box_id), name)

    def _do(self, document: Document, edit: Edit, said: str) -> None:
        if not edit.changes or document.read_only:
            self._context.status(tr("Nothing was to be changed."))
            return
        one = self._gallery.count_selected() == 1
        document.do(edit)
        self._context.status(said)
        if one:  # the next one is likely wanted
            self._gallery.go_on()
