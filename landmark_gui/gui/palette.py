"""The command palette: a field over the window that finds commands, photos and landmarks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QEvent,
    QObject,
    QRect,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFont,
    QInputMethodEvent,
    QKeyEvent,
    QPainter,
    QTextCharFormat,
    QTextLayout,
)
from PySide6.QtWidgets import (
    QApplication,
    QFrame,
    QLineEdit,
    QListView,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)
from shiboken6 import isValid

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.commands import Commands
from landmark_gui.gui.palette_items import Hit, PaletteItem, Search, command_items, rank
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.common import list_note
from landmark_gui.gui.widgets.models import ROOT, Index
from landmark_gui.gui.widgets.plain import literal
from landmark_gui.gui.widgets.rows import centered, dress_list, key_width, paint_key, paint_row

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

HIT_ROLE = Qt.ItemDataRole.UserRole
RECENT = "palette.recent"
KEPT = 12
_WIDTH, _HEIGHT, _ROW, _ICON = 640, 420, 34, 18
_STEPS = {
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_PageUp: -8,
    Qt.Key.Key_PageDown: 8,
}


class PaletteField(QLineEdit):
    """Tells what is typed, with the syllable that an input method is still composing.

    Signals:
        typed(str)
        left(): the focus went elsewhere within the window.
    """

    typed = Signal(str)
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.textChanged.connect(self.typed)

    def inputMethodEvent(self, event: QInputMethodEvent) -> None:
        super().inputMethodEvent(event)
        text, at = self.text(), self.cursorPosition()
        if event.preeditString():
            self.typed.emit(text[:at] + event.preeditString() + text[at:])

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        away = (Qt.FocusReason.ActiveWindowFocusReason, Qt.FocusReason.PopupFocusReason)
        if event.reason() not in away:
            self.left.emit()


class HitModel(QAbstractListModel):
    """The rows of the palette."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.hits: list[Hit] = []

    def set_hits(self, hits: list[Hit]) -> None:
        self.beginResetModel()
        self.hits = hits
        self.endResetModel()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self.hits)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        hit = self.hits[index.row()]
        if role == HIT_ROLE:
            return hit
        if role == Qt.ItemDataRole.DisplayRole:
            return hit.item.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return hit.item.all_text
        if role == Qt.ItemDataRole.ToolTipRole:
            return literal(hit.item.all_text)
        return None


class HitDelegate(QStyledItemDelegate):
    """Paints a row: icon, text with the letters that fit, why not or category, key."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, theme.grown(_ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        hit: Hit = index.data(HIT_ROLE)
        item, colors = hit.item, theme.colors()
        painter.save()
        painter.setFont(option.font)
        area = paint_row(painter, option)
        item.icon.paint(painter, centered(area, area.left() + theme.M, _ICON, _ICON))
        left, right = area.left() + theme.M + _ICON + theme.M, area.right() - theme.M
        if item.keys:
            width = key_width(painter, item.keys)
            right -= width
            paint_key(painter, centered(area, right, width, 20), item.keys)
            right -= theme.M
        note = item.why_not or item.category
        width = painter.fontMetrics().horizontalAdvance(note)
        right -= width
        painter.setPen(QColor(colors.muted))
        middle = Qt.AlignmentFlag.AlignVCenter
        painter.drawText(QRect(right, area.top(), width + 1, area.height()), middle, note)
        text = QRect(left, area.top(), right - theme.M - left, area.height())
        paint_hit(painter, text, hit, option.font)
        painter.restore()


def paint_hit(painter: QPainter, area: QRect, hit: Hit, font: QFont) -> None:
    """The text of a hit, its letters that fit in bold; greyed if it cannot be called."""
    metrics, colors = painter.fontMetrics(), theme.colors()
    text = metrics.elidedText(hit.item.text, Qt.TextElideMode.ElideMiddle, area.width())
    painter.setPen(QColor(colors.text if hit.item.enabled else colors.muted))
    layout = QTextLayout(text, font)
    bold, formats = QTextCharFormat(), []
    bold.setFontWeight(QFont.Weight.Bold)
    if hit.item.enabled:
        bold.setForeground(QColor(colors.accent))
    for place in hit.places if text == hit.item.text else ():
        made = QTextLayout.FormatRange()
        made.start, made.length, made.format = place, 1, bold
        formats.append(made)
    layout.setFormats(formats)
    layout.beginLayout()
    line = layout.createLine()
    line.setLineWidth(area.width() + 100)  # bold letters are wider
    layout.endLayout()
    top = area.top() + (area.height() - line.height()) / 2
    painter.setClipRect(area)
    layout.draw(painter, QRect(area.left(), round(top), 0, 0).topLeft().toPointF())
    painter.setClipping(False)


class Palette(QFrame):
    """Opens over the window; Enter calls the chosen row, Esc or going elsewhere closes it."""

    def __init__(self, window: MainWindow, commands: Commands) -> None:
        super().__init__(window)
        self._window, self._commands = window, commands
        self._search: Search | None = None
        self._items: list[PaletteItem] = []
        self._before: QWidget | None = None
        self.setObjectName("palette")
        self.setProperty("role", "card")
        self.setAutoFillBackground(True)
        self.model = HitModel(self)
        self.field, self.list = self._make_field(), self._make_list()
        show_all = (tr("Show all commands"), "palette_show_all", self.field.clear)
        self._empty = list_note(tr("Nothing is called that."), *show_all)
        for part in self._empty.findChildren(QPushButton):
            part.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the field has the keys; Esc closes
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.M)
        layout.addWidget(self.field)
        layout.addWidget(self.list, 1)
        layout.addWidget(self._empty, 1)
        self._refill = QTimer(self, singleShot=True, interval=0)
        self._refill.timeout.connect(self._fill)
        commands.changed.connect(self._commands_changed)
        self.hide()

    def open(self, search: Search) -> None:
        """Show what can be done now; `search` finds what has a name."""
        self._search, self._before = search, QApplication.focusWidget()
        self.field.clear()
        self._fill()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_again(self) -> None:
        """Hide, and give the focus back to where it was."""
        before, self._before = self._before, None
        self.hide()  # the focus goes somewhere, which `_left` is told
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)

    def call(self, index: Index) -> None:
        """Close, then do what a row says; a greyed one only says why."""
        item = self.model.hits[index.row()].item
        if not item.enabled:
            return
        self._remember(item)
        self.close_again()
        item.run()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._window and event.type() == QEvent.Type.Resize:
            self._place()
        if watched is self.field and isinstance(event, QKeyEvent):
            return self._own_key(event)
        return super().eventFilter(watched, event)

    def _own_key(self, event: QKeyEvent) -> bool:
        """Arrows, Enter and Esc are for the list, also before the shortcuts of the window."""
        key = Qt.Key(event.key())
        own = key in _STEPS or key in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)
        if own and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        elif own and event.type() == QEvent.Type.KeyPress:
            if key in _STEPS:
                self._step(_STEPS[key])
            elif key == Qt.Key.Key_Escape:
                self.close_again()
            elif self.list.currentIndex().isValid():
                self.call(self.list.currentIndex())
        return own

    def _step(self, by: int) -> None:
        rows, row = self.model.rowCount(), self.list.currentIndex().row()
        if rows:
            row = (row + by) % rows if abs(by) == 1 else min(max(row + by, 0), rows - 1)
            self.list.setCurrentIndex(self.model.index(row))

    def _fill(self) -> None:
        self._items = list(command_items(self._commands, self._window))
        self._show_hits(self.field.text())

    def _show_hits(self, query: str) -> None:
        if self._search is None:
            return
        items = [*self._items, *self._search.items(query)]
        self.model.set_hits(rank(query, items, self._recent()))
        self.list.setCurrentIndex(self.model.index(0))
        self.list.setVisible(bool(self.model.hits))
        self._empty.setVisible(not self.model.hits)

    def _commands_changed(self) -> None:
        if self.isVisible():
            self._refill.start()

    def _recent(self) -> list[str]:
        return self._commands.settings.texts(RECENT)

    def _remember(self, item: PaletteItem) -> None:
        if item.id:
            others = [id_ for id_ in self._recent() if id_ != item.id]
            self._commands.settings.set(RECENT, [item.id, *others][:KEPT])

    def _place(self) -> None:
        room = self._window.rect()
        width, height = (
            min(theme.grown(_WIDTH), room.width() - 48),
            min(_HEIGHT, room.height() - 96),
        )
        self.setGeometry((room.width() - width) // 2, 56, width, height)

    def _make_field(self) -> PaletteField:
        field = PaletteField()
        field.setObjectName("palette_field")
        field.setPlaceholderText(tr("Find a command, a photo or a landmark"))
        field.setAccessibleName(tr("Find a command, a photo or a landmark"))
        leading = QLineEdit.ActionPosition.LeadingPosition
        field.addAction(icons.icon("search", "muted"), leading)
        accessible.name_buttons(field, field.accessibleName())
        field.installEventFilter(self)
        field.typed.connect(self._show_hits)
        field.left.connect(self._left)
        return field

    def _read_out(self, current: Index) -> None:
        """What Enter would call: the list never has the focus, so nobody else says it."""
        accessible.announce(self.field, current.data(Qt.ItemDataRole.AccessibleTextRole) or "")

    def _left(self) -> None:
        self.hide()
        self._search = self._before = None

    def _make_list(self) -> QListView:
        view = QListView()
        dress_list(view, "palette_list", tr("What can be done"))
        view.setModel(self.model)
        view.setItemDelegate(HitDelegate(view))
        view.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        view.clicked.connect(self.call)
        view.selectionModel().currentChanged.connect(self._read_out)
        self._window.installEventFilter(self)
        return view
