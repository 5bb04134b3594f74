"""The history panel: every edit of the project in words, and a way back to each moment."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QObject,
    QRect,
    QSize,
    QSortFilterProxyModel,
    Qt,
)
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QDockWidget,
    QHBoxLayout,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.history import Names, Words, words
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit, HistoryEntry
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.gui.widgets.rows import dress_list, paint_row

WORDS_ROLE = Qt.ItemDataRole.UserRole
STATE_ROLE = Qt.ItemDataRole.UserRole + 1
_HEIGHT, _DOT = 44, 8


class _Edits(Sequence[Edit]):
    """The edits of entries, without a list of its own."""

    def __init__(self, entries: list[HistoryEntry]) -> None:
        self._entries = entries

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, number: Any) -> Any:
        return self._entries[number].edit


class HistoryModel(QAbstractListModel):
    """The beginning, then every edit, oldest first. Row n is the project after n edits.

    Words are found when a row is painted. An edit adds a row and drops the undone ones;
    nothing else is built anew.
    """

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._document: Document | None = None
        self._entries: list[HistoryEntry] = []
        self._names: Names | None = None
        self.position = 0

    def set_document(self, document: Document | None) -> None:
        self.beginResetModel()
        self._document = document
        self._entries = document.history if document else []
        self.position = document.position if document else 0
        self._names = Names(document.project, self._edits) if document else None
        self.endResetModel()

    def follow(self) -> None:
        """Show what became of the document's history."""
        if self._document is None:
            return
        entries, before = self._document.history, self.position
        self.position = self._document.position
        if not self._same_edits(entries):
            self._replace_tail(entries, before)
        # All rows: a landmark that was renamed has another name in each of them.
        self.dataChanged.emit(self.index(0), self.index(len(self._entries)))

    def _same_edits(self, entries: list[HistoryEntry]) -> bool:
        ours = self._entries
        return len(entries) == len(ours) and (not ours or entries[-1] is ours[-1])

    def _replace_tail(self, entries: list[HistoryEntry], kept: int) -> None:
        """A new edit takes the place of those behind the first `kept`."""
        if len(self._entries) > kept:
            self.beginRemoveRows(ROOT, kept + 1, len(self._entries))
            del self._entries[kept:]
            self.endRemoveRows()
        if self._names is not None:
            self._names.forget(kept)
        self.beginInsertRows(ROOT, kept + 1, len(entries))
        self._entries = entries
        self.endInsertRows()

    def _edits(self) -> Sequence[Edit]:
        return _Edits(self._entries)

    def words(self, row: int) -> Words:
        """What row says: the edit that led to that moment."""
        if row == 0 or self._names is None:
            return Words(tr("As it was in the beginning"))
        return words(self._entries[row - 1].edit, self._names, row - 1, self.position)

    def when(self, row: int) -> str:
        """The time of an edit, with the day unless that is today; "" if it is not known."""
        at = self._entries[row - 1].time if row else 0
        if not at:
            return ""
        made, today = time.localtime(at), time.localtime()
        same_day = made[:3] == today[:3]
        return time.strftime("%H:%M" if same_day else "%Y-%m-%d %H:%M", made)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() or self._document is None else len(self._entries) + 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = index.row()
        if role == WORDS_ROLE:
            said = self.words(row)
            return said.text, " · ".join(filter(None, (said.detail, self.when(row))))
        if role == STATE_ROLE:
            return row - self.position  # below 0 past, 0 now, above 0 undone
        if role == Qt.ItemDataRole.DisplayRole:
            return str(self.words(row))
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self._all_text(row)
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(self._all_text(row))
        return None

    def _all_text(self, row: int) -> str:
        return " · ".join(filter(None, (str(self.words(row)), self.when(row), self._state(row))))

    def _state(self, row: int) -> str:
        if row == self.position:
            return tr("the project is here")
        return tr("undone") if row > self.position else ""


class HistoryDelegate(QStyledItemDelegate):
    """Paints an edit: a thread of dots, what was done, and below on which photo and when."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, theme.grown(_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        text, detail = index.data(WORDS_ROLE)
        state, colors = index.data(STATE_ROLE), theme.colors()
        painter.save()
        font = option.font
        font.setBold(state == 0)
        painter.setFont(font)
        area = paint_row(painter, option)
        last = index.row() == index.model().rowCount() - 1
        _paint_thread(painter, area, state, index.row() == 0, last)
        left = area.left() + theme.M + _DOT + theme.M
        upper = QRect(left, area.top() + 4, area.right() - theme.M - left, area.height() // 2 - 3)
        middle, metrics = Qt.AlignmentFlag.AlignVCenter, painter.fontMetrics()
        painter.setPen(QColor(colors.muted if state > 0 else colors.text))
        right = Qt.TextElideMode.ElideRight
        if not detail:
            upper = QRect(upper.left(), area.top(), upper.width(), area.height())
        painter.drawText(upper, middle, metrics.elidedText(text, right, upper.width()))
        font.setBold(False)
        painter.setFont(font)
        painter.setPen(QColor(colors.muted))
        lower = upper.translated(0, upper.height())
        detail = painter.fontMetrics().elidedText(
            detail, Qt.TextElideMode.ElideMiddle, lower.width()
        )
        painter.drawText(lower, middle, detail)
        painter.restore()


def _paint_thread(painter: QPainter, area: QRect, state: int, first: bool, last: bool) -> None:
    """A dot on a line: filled for edits that stand, in colour for where the project is."""
    colors, x = theme.colors(), area.left() + theme.M + _DOT // 2
    middle = area.center().y()
    painter.setPen(QPen(QColor(colors.border), 1))
    if not first:
        painter.drawLine(x, area.top() - 1, x, middle)
    if not last:
        painter.drawLine(x, middle, x, area.bottom() + 2)
    color = QColor(colors.accent if state == 0 else colors.muted)
    painter.setPen(QPen(color, 1.5))
    painter.setBrush(QColor(colors.surface) if state > 0 else color)
    painter.drawEllipse(QRect(x - _DOT // 2, middle - _DOT // 2, _DOT, _DOT))


class HistoryList(QListView):
    """Enter goes to the current row."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.currentIndex().isValid():
            self.clicked.emit(self.currentIndex())
        else:
            super().keyPressEvent(event)


class HistoryPanel(QWidget):
    """Lists the edits and goes to the moment that the person chooses."""

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self._context = context
        self._document: Document | None = None
        self.model = HistoryModel(self)
        # Each edit lays the list out, which asks for the number of rows twice a row: a proxy
        # that changes nothing answers that ten times as fast as Python.
        self._shown = QSortFilterProxyModel(self)
        self._shown.setSourceModel(self.model)
        self.list = self._make_list()
        self._note = wrapped("")
        self._note.setObjectName("history_note")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.S, theme.S, theme.M, theme.M)
        layout.setSpacing(theme.M)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._note)
        context.document_changed.connect(self.set_document)
        self.set_document(context.document)

    def set_document(self, document: Document | None) -> None:
        self._document = document
        self.model.set_document(document)
        if document is not None:
            document.edited.connect(self._edited)
        self._show_position()

    def go_to(self, position: int) -> None:
        """Undo or redo up to a moment: one step on the screen, however far it is."""
        document = self._document
        if document is None or document.read_only or position == document.position:
            return
        by = position - document.position
        document.go_to(position)
        undone = ntr("{n} edit was undone.", "{n} edits were undone.", abs(by))
        redone = ntr("{n} edit was done again.", "{n} edits were done again.", abs(by))
        self._context.status(undone if by < 0 else redone)

    def _edited(self, _: object) -> None:
        self.model.follow()
        self._show_position()

    def _show_position(self) -> None:
        index = self._shown.index(self.model.position, 0)
        self.list.setCurrentIndex(index)
        self.list.scrollTo(index)
        self._note.setText(self._note_text())
        self._note.setVisible(bool(self._note.text()))

    def _note_text(self) -> str:
        if self._document is not None and self._document.read_only:
            return tr("This project is open for reading only: the history is only shown.")
        if self._document is not None and not self._document.history:
            return tr("What you change is listed here; a click on a row goes back to that moment.")
        undone = self.model.rowCount() - 1 - self.model.position
        if undone <= 0:
            return ""
        return ntr(
            "{n} edit is undone. The next edit takes its place.",
            "{n} edits are undone. The next edit takes their place.",
            undone,
        )

    def _make_list(self) -> HistoryList:
        view = HistoryList()
        dress_list(view, "history_list", tr("History of edits"))
        view.setModel(self._shown)
        view.setItemDelegate(HistoryDelegate(view))
        view.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        view.clicked.connect(lambda index: self.go_to(index.row()))
        return view


class HistoryDock(QDockWidget):
    """The panel at the right of the window, on every page."""

    def __init__(self, context: AppContext, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("history_dock")
        self.setWindowTitle(tr("History"))
        self.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        self.panel = HistoryPanel(context)
        self.panel.setMinimumWidth(200)
        self.setWidget(self.panel)
        self.setTitleBarWidget(self._make_head(context))

    def _make_head(self, context: AppContext) -> QWidget:
        head, close = QWidget(), QToolButton()
        close.setObjectName("close_history")
        close.setIcon(icon("close"))
        close.setAccessibleName(tr("Hide the history"))
        context.commands.hint(close, "view.history", tr("Hide the history"))
        close.clicked.connect(lambda: context.commands.get("view.history").action.trigger())
        layout = QHBoxLayout(head)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.S)
        layout.addWidget(heading(tr("History"), "subtitle"), 1)
        layout.addWidget(close)
        return head
