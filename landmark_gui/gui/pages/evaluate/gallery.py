"""The gallery of answers: what is shown, tiles, and what is selected."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from PySide6.QtCore import QItemSelectionModel, QSortFilterProxyModel, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from landmark_gui.core.edits import KEYS
from landmark_gui.core.evaluation import CropAnswer
from landmark_gui.core.evaluation.answers import Key
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Project
from landmark_gui.gui import theme
from landmark_gui.gui.pages.evaluate import views
from landmark_gui.gui.pages.evaluate.answer_delegate import AnswerDelegate
from landmark_gui.gui.pages.evaluate.answer_model import AnswerModel
from landmark_gui.gui.pages.evaluate.asking import Asked
from landmark_gui.gui.pages.evaluate.views import Show, View
from landmark_gui.gui.widgets.common import heading, list_note
from landmark_gui.gui.widgets.elided_combo import ElidedCombo
from landmark_gui.gui.widgets.note_stack import NoteStack
from landmark_gui.gui.widgets.rows import dress_list
from landmark_gui.gui.widgets.tile_view import TileView

_LOWEST = 40
"""Pixels of the tiles that the smallest window leaves at least."""
_LISTED = (
    *(Show.MISTAKES, Show.ALL, Show.UNKNOWN, Show.CORRECTED),
    *(Show.NEWLY_RIGHT, Show.NEWLY_WRONG, Show.STILL_WRONG),
)


class AnswerView(TileView):
    """Tiles on which the keys of landmarks act.

    Signals:
        landmark_key(str): a digit was pressed.
    """

    landmark_key = Signal(str)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.text() in KEYS and event.text() and not event.modifiers():
            self.landmark_key.emit(event.text())
        else:
            super().keyPressEvent(event)


class AnswerGallery(QWidget):
    """Shows the answers of an evaluation.

    Signals:
        selection_changed(): other answers are selected, or other ones are shown.
        view_changed(View): other answers are shown.
        opened(CropAnswer): the person wants to see this one in its photo.
    """

    selection_changed = Signal()
    view_changed = Signal(object)
    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._asked: Asked | None = None
        self.shown = View()
        self.model = AnswerModel(self)
        self.view = AnswerView()
        dress_list(self.view, "evaluate_gallery", tr("Crops that the model was asked about"))
        self.view.setMinimumHeight(_LOWEST)
        # Laying out thousands of tiles asks for their number again and again; Qt's own proxy,
        # which changes nothing, answers ten times as fast as Python.
        self._rows = QSortFilterProxyModel(self)
        self._rows.setSourceModel(self.model)
        self.view.setModel(self._rows)
        line = self.view.fontMetrics().height()
        self.delegate = AnswerDelegate(self.model, line, self.view)
        self.view.setItemDelegate(self.delegate)
        self.view.setGridSize(self.delegate.cell())
        self.choice: QComboBox = ElidedCombo()
        self.choice.setObjectName("evaluate_show")
        self.choice.setAccessibleName(tr("Which crops are shown"))
        self.choice.setMinimumWidth(210)
        self.count = heading("", "muted")
        self.count.setObjectName("evaluate_count")
        self._stack = NoteStack(self.view)
        self._lay_out()
        self._connect()

    def show_asked(self, asked: Asked | None, project: Project, view: View) -> None:
        """Show the answers of another evaluation; None shows nothing."""
        self._asked = asked
        if asked is None:
            self.model.show_answers(())
            return
        self.model.set_evaluation(asked.corrections, project)
        self.show_view(view)

    def show_view(self, view: View) -> None:
        """Show other answers of the same evaluation, from the first on."""
        asked = self._asked
        if asked is None:
            return
        if not views.is_there(asked, view.show):
            view = View()
        self.shown = view
        self._fill_choice(asked)
        answers = views.answers_of(asked, view)
        self.model.show_answers(answers)
        self._show_note("" if answers else views.nothing_text(view))
        if answers:
            self._go_to(0)
        self.view_changed.emit(view)
        self._tell()

    def refresh(self) -> None:
        """The project was edited."""
        self.model.refresh()
        self.view.viewport().update()

    def forget_pictures(self) -> None:
        """The photos are others now."""
        self.delegate.pictures.clear()

    # What is selected

    def selected(self) -> list[CropAnswer]:
        """The selected answers, in the order of the gallery."""
        return list(self.walk_selected())

    def walk_selected(self) -> Iterator[CropAnswer]:
        """As `selected`, one after the other."""
        for block in sorted(self._blocks(), key=lambda rows: rows.start):
            yield from self.model.answers[block.start : block.stop]

    def count_selected(self) -> int:
        return sum(len(block) for block in self._blocks())

    def current(self) -> CropAnswer | None:
        """The answer with the focus."""
        row = self.view.currentIndex().row()
        return self.model.answers[row] if 0 <= row < len(self.model.answers) else None

    def go_on(self) -> None:
        """Go to the next answer, if there is one."""
        row = self.view.currentIndex().row() + 1
        if row < self.model.rowCount():
            self._go_to(row)

    def go_to(self, key: Key | None) -> None:
        """Go to the answer with this key, if it is shown."""
        for row, answer in enumerate(self.model.answers):
            if answer.key == key:
                self._go_to(row)

    def answers(self) -> Sequence[CropAnswer]:
        """All that are shown, in their order."""
        return self.model.answers

    def _blocks(self) -> Iterator[range]:
        """Rows that are selected, without an object for each of thousands."""
        selection = self.view.selectionModel().selection()
        for number in range(selection.count()):
            part = selection.at(number)
            yield range(part.top(), part.bottom() + 1)

    def _go_to(self, row: int) -> None:
        index, flag = self._rows.index(row, 0), QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.view.selectionModel().setCurrentIndex(index, flag)
        self.view.scrollTo(index, QAbstractItemView.ScrollHint.EnsureVisible)

    def _tell(self, *_: object) -> None:
        self.count.setText(views.count_text(self.model.answers, self.count_selected()))
        self.selection_changed.emit()

    # What is chosen

    def _fill_choice(self, asked: Asked) -> None:
        listed = [View(show) for show in _LISTED if views.is_there(asked, show)]
        if self.shown not in listed:
            listed.append(self.shown)
        self.choice.clear()
        for view in listed:
            self.choice.addItem(views.title(asked, view), view)
        self.choice.setCurrentIndex(listed.index(self.shown))

    def _show_note(self, text: str) -> None:
        if not text:
            self._stack.set_note(None)
            return
        show_all = partial(self.show_view, View(Show.ALL))
        self._stack.set_note(list_note(text, tr("Show all crops"), "show_all_answers", show_all))

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(theme.M)
        head.addWidget(self.choice)
        head.addStretch()
        head.addWidget(self.count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.M)
        layout.addLayout(head)
        layout.addWidget(self._stack, 1)

    def _connect(self) -> None:
        self.choice.activated.connect(lambda _: self.show_view(self.choice.currentData()))
        self.view.activated_tile.connect(self._open)
        self.view.selectionModel().selectionChanged.connect(self._tell)
        self.view.selectionModel().currentChanged.connect(lambda *_: self.selection_changed.emit())
        self.delegate.pictures.ready.connect(lambda _: self.view.viewport().update())
        theme.signals.changed.connect(self.view.viewport().update)

    def _open(self) -> None:
        answer = self.current()
        if answer is not None:
            self.opened.emit(answer)
