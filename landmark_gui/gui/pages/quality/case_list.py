"""The list of cases: cards or rows, of which only those on the screen are painted."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListView

from landmark_gui.core.i18n import tr
from landmark_gui.core.quality.report import Case, Fault, Subject
from landmark_gui.gui import theme
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.quality.case_delegate import PICTURE, CaseDelegate
from landmark_gui.gui.pages.quality.case_model import CASE_ROLE, CaseModel
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.rows import dress_list


class CaseList(QListView):
    """Shows the cases of a fault; several can be selected.

    Signals:
        show_wanted(Subject): a double click on a picture, or Enter on its case.
        selection_changed(): others are selected.
    """

    show_wanted = Signal(object)
    selection_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.cases = CaseModel(self)
        self.thumbnails = Thumbnails(PICTURE, parent=self)
        self.thumbnails.follow_screen(self, PICTURE)
        self._look = CaseDelegate(self.cases, self.thumbnails, self)
        self._follows = False
        # Laying out thousands of rows asks twice as often how many there are; Qt's own proxy
        # answers that faster than Python.
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.cases)
        dress_list(self, "case_list", tr("Cases"))
        self.setModel(self._shown)
        self.setItemDelegate(self._look)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.verticalScrollBar().setSingleStep(PICTURE.height() // 4)
        self.thumbnails.ready.connect(lambda _: self.viewport().update())
        theme.signals.changed.connect(self.viewport().update)
        self.selectionModel().selectionChanged.connect(self._told)

    def show_fault(
        self, document: Document | None, fault: Fault | None, cases: tuple[Case, ...]
    ) -> None:
        """Show the cases of another fault from the first on."""
        self.cases.show_fault(document, fault, cases)
        rows = self._look.in_rows
        self.setFlow(QListView.Flow.TopToBottom if rows else QListView.Flow.LeftToRight)
        self.setWrapping(not rows)
        self.scrollToTop()
        if cases:
            self._go_to(0)
        self.selection_changed.emit()

    def follow(self, cases: tuple[Case, ...]) -> None:
        """Show what has become of the cases, where the person is."""
        place, chosen = self.verticalScrollBar().value(), self.selected()
        self._follows = True
        row, stays = self.cases.follow(cases, self.currentIndex().row())
        if cases and not stays:  # the next one takes its place: Qt would go back by one
            self._go_to(min(max(row, 0), len(cases) - 1))
        elif cases and not self.currentIndex().isValid():
            self._go_to(max(row, 0))
            self._select(chosen)
        self._follows = False
        self.verticalScrollBar().setValue(place)
        self.selection_changed.emit()

    def selected(self) -> list[Case]:
        """The selected cases, from the top."""
        rows = sorted(index.row() for index in self.selectedIndexes())
        return [self.cases.cases[row] for row in rows if row < len(self.cases.cases)]

    def current_subject(self) -> Subject | None:
        """The first photo or box of the case on which the keys act."""
        case = self.currentIndex().data(CASE_ROLE)
        return case.subjects[0] if isinstance(case, Case) and case.subjects else None

    def _go_to(self, row: int) -> None:
        flag = QItemSelectionModel.SelectionFlag.ClearAndSelect
        self.selectionModel().setCurrentIndex(self._shown.index(row, 0), flag)

    def _select(self, cases: list[Case]) -> None:
        """Select these as well."""
        wanted, selection = {case.subjects for case in cases}, QItemSelection()
        for row, case in enumerate(self.cases.cases):
            if case.subjects in wanted:
                index = self._shown.index(row, 0)
                selection.select(index, index)
        self.selectionModel().select(selection, QItemSelectionModel.SelectionFlag.Select)

    def _told(self) -> None:
        if not self._follows:
            self.selection_changed.emit()

    # Mouse and keys

    def _subject_under(self, event: QMouseEvent) -> Subject | None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        case = index.data(CASE_ROLE) if index.isValid() else None
        if not isinstance(case, Case):
            return None
        return self._look.subject_at(self.visualRect(index), case, point)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        super().mouseDoubleClickEvent(event)
        subject = self._subject_under(event)
        if subject is not None and event.button() == Qt.MouseButton.LeftButton:
            self.show_wanted.emit(subject)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            subject = self.current_subject()
            if subject is not None:
                self.show_wanted.emit(subject)
            return
        super().keyPressEvent(event)

    def keyboardSearch(self, search: str) -> None:  # noqa: N802
        """Letters are commands: they do not look for a row that begins so."""
