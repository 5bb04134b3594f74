"""Which keys the canvas takes, and what they mean."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent

ARROWS = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}
DELETE = (Qt.Key.Key_Delete, Qt.Key.Key_Backspace)
TABS = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
OWN = {*ARROWS, *DELETE, *ENTER, Qt.Key.Key_Escape, Qt.Key.Key_Space}
SHIFT = Qt.KeyboardModifier.ShiftModifier
CONTROL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
MODIFIERS = {
    Qt.Key.Key_Shift: SHIFT,
    Qt.Key.Key_Control: CONTROL,
    Qt.Key.Key_Alt: ALT,
}


def modifiers_after(event: QKeyEvent) -> Qt.KeyboardModifier:
    """The modifiers that are held once this key is down or up; platforms differ in the event's."""
    held, own = event.modifiers(), MODIFIERS.get(Qt.Key(event.key()))
    if own is None:
        return held
    return held | own if event.type() == QEvent.Type.KeyPress else held & ~own


def step_of(modifiers: Qt.KeyboardModifier) -> int:
    """How many pixels an arrow key moves a box."""
    return 10 if modifiers & SHIFT else 1


def is_own(event: QKeyEvent) -> bool:
    """Whether a key is for the canvas alone; Ctrl+Enter and Alt+arrow are for the page."""
    held, key = event.modifiers(), event.key()
    page = (held & CONTROL and key in ENTER) or (held & ALT and key in ARROWS)
    return key in OWN and not page
