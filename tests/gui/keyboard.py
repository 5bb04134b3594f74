"""Going through a window with Tab, as a person without a mouse does."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QKeySequenceEdit,
    QLineEdit,
    QWidget,
)

from landmark_gui.gui.canvas import PhotoCanvas

CTRL = Qt.KeyboardModifier.ControlModifier
ALT = Qt.KeyboardModifier.AltModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
FAR = 300
"""More stops than any page has."""


def stops(root: QWidget) -> list[QWidget]:
    """Where Tab should come to: every control that is shown and enabled."""
    return [widget for widget in root.findChildren(QWidget) if _is_stop(widget)]


def _is_stop(widget: QWidget) -> bool:
    above = widget.parent()
    if type(widget) is QWidget and isinstance(above, QAbstractScrollArea):
        return False  # the inside of the area
    if isinstance(widget, QLineEdit) and isinstance(
        above, QAbstractSpinBox | QComboBox | QKeySequenceEdit
    ):
        return False
    if isinstance(widget, QAbstractButton) and not widget.isChecked():
        group = widget.group()
        if group is not None and group.exclusive():
            return False  # the arrows go there from the one that is chosen
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isVisible() and widget.isEnabled()


def walk(start: QWidget, *, back: bool = False) -> list[QWidget]:
    """All stops from `start` on until Tab comes back to it."""
    key = Qt.Key.Key_Backtab if back else Qt.Key.Key_Tab
    start.setFocus()
    seen = [start]
    while len(seen) < FAR:
        _press(seen[-1], key, back)
        reached = QApplication.focusWidget()
        assert reached is not None, f"Tab leads from {name(seen[-1])} to nothing"
        if reached is start:
            return seen
        assert reached is not seen[-1], f"Tab does not leave {name(reached)}"
        seen.append(reached)
    raise AssertionError(f"Tab does not come back to {name(start)}")


def _press(widget: QWidget, key: Qt.Key, back: bool) -> None:
    held = SHIFT if back else Qt.KeyboardModifier.NoModifier
    if isinstance(widget, PhotoCanvas):  # where Tab goes from box to box
        held |= CTRL
    QTest.keyClick(widget, key, held)


def jumps(way: list[QWidget]) -> list[str]:
    """Where a way goes against reading order: up or to the left within one part of a page."""
    return [f"{name(a)} → {name(b)}" for a, b in pairwise(way) if not _follows(a, b)]


def _follows(before: QWidget, after: QWidget) -> bool:
    """Whether the next stop stands to the right or below, seen from what holds them both."""
    holder = before.parentWidget()
    while holder is not None and not holder.isAncestorOf(after):
        holder = holder.parentWidget()
    if holder is None or before.isAncestorOf(after):
        return True
    first, second = _part_in(holder, before), _part_in(holder, after)
    return second.left() >= first.right() or second.top() >= first.bottom()


def _part_in(holder: QWidget, widget: QWidget) -> QRect:
    while (above := widget.parentWidget()) is not holder and above is not None:
        widget = above
    return QRect(widget.mapTo(holder, QPoint()), widget.size())


def name(widget: QWidget) -> str:
    return widget.objectName() or widget.accessibleName() or type(widget).__name__
