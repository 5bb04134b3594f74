"""The question "what is this?" beside a box, answered without leaving the canvas."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QFrame, QLineEdit, QVBoxLayout, QWidget

from landmark_gui.core import edits
from landmark_gui.core.errors import NameRefused
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.common import heading, wrapped

_WIDTH = 240


class NamePrompt(QFrame):
    """A small field over its parent. Enter answers; Esc, or going elsewhere, gives up.

    Signals:
        answered(str): the name, not empty.
        given_up()
    """

    answered = Signal(str)
    given_up = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self._open = False  # not isVisible(): hiding moves the focus while still visible
        self.setObjectName("name_prompt")
        self.setProperty("role", "card")
        self.setAutoFillBackground(True)
        self.setCursor(Qt.CursorShape.ArrowCursor)
        self.field = QLineEdit()
        self.field.setObjectName("name_prompt_field")
        self.field.setPlaceholderText(tr("Name of the landmark"))
        self.field.setAccessibleName(tr("Name of the landmark in the box"))
        self.field.returnPressed.connect(self._answer)
        self.field.installEventFilter(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.M, theme.M, theme.M, theme.M)
        layout.setSpacing(theme.S)
        layout.addWidget(heading(tr("What is in the box?"), "subtitle"))
        layout.addWidget(self.field)
        self._help = wrapped("")
        layout.addWidget(self._help)
        self.hide()

    def ask(self, names: list[str], box: QRect, text: str = "") -> None:
        """Ask for a name beside `box`, in pixels of the parent; `names` are offered."""
        completer = QCompleter(names, self.field)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        self.field.setCompleter(completer)
        self._help.setText(tr("Enter keeps it, Esc gives up"))
        self.field.setText(text)
        self.field.selectAll()
        self.setGeometry(QRect(self._place(box), self._size()))
        self._open = True
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusOut and not self._completing():
            self.give_up()
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            if event.type() == QEvent.Type.KeyPress:
                self.give_up()
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What the field leaves over, Enter and Up among them, is not for the canvas below."""
        event.accept()

    def _size(self) -> QSize:
        return QSize(_WIDTH, self.sizeHint().height())

    def _place(self, box: QRect) -> QPoint:
        room, size = self._over.rect(), self._size()
        below, above = box.bottom() + theme.M, box.top() - theme.M - size.height()
        top = below if below + size.height() <= room.bottom() else max(above, 0)
        left = min(max(box.left(), 0), max(room.width() - size.width(), 0))
        return QPoint(left, top)

    def _completing(self) -> bool:
        completer = self.field.completer()
        popup = completer.popup() if completer is not None else None
        return popup is not None and popup.isVisible()

    def _answer(self) -> None:
        if not self.field.text().strip():
            return
        try:
            name = edits.clean_name(self.field.text())
        except NameRefused as error:
            self._help.setText(str(error))
            self.resize(self._size())
            return
        if self._close():
            self.answered.emit(name)

    def give_up(self) -> None:
        """Close without an answer."""
        if self._close():
            self.given_up.emit()

    def _close(self) -> bool:
        was_open, self._open = self._open, False
        self.hide()
        return was_open
