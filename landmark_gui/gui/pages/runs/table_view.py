"""The table of runs: what is chosen, its keys, its columns as the person left them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import (
    QByteArray,
    QItemSelection,
    QItemSelectionModel,
    QPoint,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QColor, QContextMenuEvent, QKeyEvent, QPainter, QPen
from PySide6.QtWidgets import (
    QAbstractItemView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from landmark_gui.core.i18n import tr
from landmark_gui.core.run_list import Run
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.pages.runs.curves import paint_number
from landmark_gui.gui.pages.runs.table_model import SERIES_ROLE, Column, RunTable
from landmark_gui.gui.widgets.models import Index, stretches

COLUMNS_KEY = "runs.columns"
REMEMBER_MS = 500
ROW, SWATCH, INSET = 30, 16, 5
_PADDING = 24
"""Around the title of a column, with the arrow of the order."""
_WIDTHS = {
    Column.DATE: 148,
    Column.RECIPE: 150,
    Column.DATA: 100,
    Column.EPOCHS: 64,
    Column.ACCURACY: 168,
    Column.VALIDATION: 84,
    Column.TIME: 84,
    Column.SIZE: 80,
    Column.NOTE: 180,
}


class RunView(QTableView):
    """Shows a `RunTable`.

    Signals:
        chosen(): other runs are selected.
        activated_run(Run): Enter or a double click on a run, but for its note.
        menu_wanted(QPoint): the menu of the selected runs, at this place of the screen.
    """

    chosen = Signal()
    activated_run = Signal(object)
    menu_wanted = Signal(object)

    def __init__(self, model: RunTable, context: AppContext) -> None:
        super().__init__()
        self._model, self._settings = model, context.settings
        self._kept: list[str] = []
        self.setModel(model)
        self.setObjectName("runs_table")
        self.setAccessibleName(tr("Runs"))
        self._dress()
        self._make_header()
        model.modelAboutToBeReset.connect(self._keep_selection)
        model.modelReset.connect(self._restore_selection)
        self.selectionModel().selectionChanged.connect(lambda *_: self.chosen.emit())
        self.doubleClicked.connect(self._double_clicked)

    def selected(self) -> list[Run]:
        """The selected runs, from top to bottom."""
        rows: set[int] = set()
        for part in self.selectionModel().selection():  # type: ignore[attr-defined]  # a list
            rows.update(range(part.top(), part.bottom() + 1))  # a few, however many rows they have
        return [self._model.run(row) for row in sorted(rows)]

    def select(self, ids: Sequence[str]) -> None:
        """Select these runs, those of them that are shown."""
        rows = sorted(row for row in map(self._model.row_of, ids) if row >= 0)
        last = self._model.columnCount() - 1
        selection = QItemSelection()
        for top, bottom in stretches(rows):
            selection.select(self._model.index(top, 0), self._model.index(bottom, last))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect
        if rows:
            current = self._model.index(rows[0], Column.DATE)
            none = QItemSelectionModel.SelectionFlag.NoUpdate
            self.selectionModel().setCurrentIndex(current, none)
        self.selectionModel().select(selection, flags)

    @property
    def is_editing(self) -> bool:
        """Whether a note is being written."""
        return self.state() == QAbstractItemView.State.EditingState

    def edit_note(self) -> None:
        """Write the note of the current run."""
        row = self.currentIndex().row()
        if row >= 0:
            self.edit(self._model.index(row, Column.NOTE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        row = self.currentIndex().row()
        if enter and not event.modifiers() and row >= 0 and not self.is_editing:
            self.activated_run.emit(self._model.run(row))
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        if self.selectionModel().hasSelection():
            self.menu_wanted.emit(event.globalPos())

    def sizeHint(self) -> QSize:
        return QSize(640, 6 * theme.grown(ROW))

    def _double_clicked(self, index: Index) -> None:
        if index.column() != Column.NOTE:
            self.activated_run.emit(self._model.run(index.row()))

    def _dress(self) -> None:
        self.setItemDelegate(RunCell(self))
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.verticalHeader().hide()
        self.setFont(theme.tabular(self.font()))
        self.verticalHeader().setDefaultSectionSize(theme.grown(ROW))

    def _make_header(self) -> None:
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setSectionsMovable(True)
        header.setMinimumSectionSize(48)
        for column, width in _WIDTHS.items():
            header.resizeSection(column, theme.grown(width))
        header.setStretchLastSection(True)
        header.setSortIndicator(Column.DATE, Qt.SortOrder.DescendingOrder)
        state = self._settings.get(COLUMNS_KEY, "")
        if state:
            header.restoreState(QByteArray.fromBase64(QByteArray(state.encode())))
        for column in filter(header.sectionSize, _WIDTHS):  # those that are hidden have none
            title = str(self._model.headerData(column, Qt.Orientation.Horizontal))
            needed = header.fontMetrics().horizontalAdvance(title) + _PADDING
            header.resizeSection(column, max(header.sectionSize(column), needed))
        self.setSortingEnabled(True)
        self._remember = QTimer(self, singleShot=True, interval=REMEMBER_MS)
        self._remember.timeout.connect(self._remember_columns)
        for signal in (
            header.sectionResized,
            header.sectionMoved,
            header.sortIndicatorChanged,
        ):
            signal.connect(lambda *_: self._remember.start())
        header.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        header.customContextMenuRequested.connect(self._choose_columns)

    def _remember_columns(self) -> None:
        state = bytes(self.horizontalHeader().saveState().toBase64().data()).decode()
        self._settings.set(COLUMNS_KEY, state)

    def choose_columns(self) -> None:
        """Let the person choose which columns are shown."""
        self._choose_columns(QPoint())

    def _choose_columns(self, place: QPoint) -> None:
        self.column_menu().popup(self.horizontalHeader().mapToGlobal(place))

    def column_menu(self) -> QMenu:
        """Which columns are shown; the date always is."""
        menu, header = QMenu(self), self.horizontalHeader()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for column in list(Column)[1:]:
            title = self._model.headerData(column, Qt.Orientation.Horizontal)
            action = menu.addAction(title)
            action.setCheckable(True)
            action.setChecked(not header.isSectionHidden(column))
            action.toggled.connect(lambda on, column=column: self._show_column(column, on))
        return menu

    def _show_column(self, column: Column, on: bool) -> None:
        self.horizontalHeader().setSectionHidden(column, not on)
        self._remember.start()

    def _keep_selection(self) -> None:
        self._kept = [run.id for run in self.selected()]

    def _restore_selection(self) -> None:
        self.select(self._kept)
        self.chosen.emit()


class RunCell(QStyledItemDelegate):
    """Text in line with its header, which the style sheet pads; a run that is drawn has a swatch
    in the colour of its curves."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(option.rect, QColor(theme.colors().selection))
        inner = QStyleOptionViewItem(option)
        inner.rect = option.rect.adjusted(INSET, 0, -INSET, 0)
        inner.state &= ~(QStyle.StateFlag.State_Selected | QStyle.StateFlag.State_HasFocus)
        super().paint(painter, inner, index)
        color = index.data(SERIES_ROLE)
        if color is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(color))
        place = QRectF(0, 0, SWATCH, SWATCH)
        place.moveCenter(QRectF(option.rect).center())
        place.moveRight(option.rect.right() - 4)
        painter.drawEllipse(place)
        paint_number(painter, place, color)
        painter.restore()


class FocusedCell(RunCell):
    """With a ring around the cell that the keys are at."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        super().paint(painter, option, index)
        if option.state & QStyle.StateFlag.State_HasFocus:
            painter.save()
            painter.setPen(QPen(QColor(theme.colors().accent), 2))
            painter.drawRect(option.rect.adjusted(1, 1, -1, -1))
            painter.restore()
