"""The parts of the window from the keyboard: going from one to the next, their widths, menus and
the order of their tables."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, QRect, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import (
    QApplication,
    QDockWidget,
    QMainWindow,
    QScrollArea,
    QSplitter,
    QTableView,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui.commands import Commands

_STEP = 32
"""By how much a part gets wider or higher, in device-independent pixels."""
_LINE = 16
"""Controls whose tops differ by less stand in one line."""
_BY_TAB = Qt.FocusReason.TabFocusReason


class Parts(QObject):
    """Commands about the part of the window that has the focus.

    Args:
        window: whose dock widgets are parts.
        frame: what stands beside the page and is a part, as the list of steps.
        pages: shows one page at a time.
    """

    def __init__(
        self, window: QMainWindow, frame: QWidget, pages: QWidget, commands: Commands
    ) -> None:
        super().__init__(window)
        self._window, self._frame, self._pages = window, frame, pages
        add = partial(commands.add, owner=window, category=tr("Window"))
        add("parts.next", tr("Go to the next part"), partial(self.go, 1), "F6")
        add("parts.previous", tr("Go to the previous part"), partial(self.go, -1), "Shift+F6")
        add("parts.larger", tr("Make this part larger"), partial(self.resize, 1), "Ctrl+Alt+Right")
        less = tr("Make this part smaller")
        add("parts.smaller", less, partial(self.resize, -1), "Ctrl+Alt+Left")
        add("parts.menu", tr("Open the menu of what has the focus"), self.open_menu, "Shift+F10")
        add("parts.sort", tr("Sort the table by this column"), self.sort, "Ctrl+Alt+S")

    def all(self) -> list[QWidget]:
        """The parts that are shown, from left to right."""
        docks = [dock for dock in self._window.findChildren(QDockWidget) if dock.isVisible()]
        parts = [self._frame, *_leaves(self._pages), *docks]
        return [part for part in parts if _first_stop(part) is not None]

    def go(self, by: int) -> None:
        """Give the focus to another part: to what had it there, or else to its first control."""
        parts, focus = self.all(), QApplication.focusWidget()
        here = next((n for n, p in enumerate(parts) if focus and p.isAncestorOf(focus)), None)
        start = here if here is not None else (-1 if by > 0 else 0)
        there = parts[(start + by) % len(parts)]
        before = there.focusWidget()
        stop = before if before is not None and _is_stop(before) else _first_stop(there)
        if stop is not None:
            stop.setFocus(_BY_TAB)

    def resize(self, by: int) -> None:
        """Make the part with the focus wider, or higher if it stands above another."""
        part = QApplication.focusWidget()
        while part is not None:
            above = part.parentWidget()
            if isinstance(above, QSplitter) and above.indexOf(part) >= 0:
                _move_handle(above, above.indexOf(part), by * _STEP)
                return
            if isinstance(part, QDockWidget):
                across = Qt.Orientation.Horizontal
                self._window.resizeDocks([part], [part.width() + by * _STEP], across)
                return
            part = above

    def open_menu(self) -> None:
        """As a click with the right button, at what has the focus."""
        focus = QApplication.focusWidget()
        if focus is None:
            return
        cursor: QRect = focus.inputMethodQuery(Qt.InputMethodQuery.ImCursorRectangle) or QRect()
        place = cursor.center() if cursor.isValid() else QPoint()
        by_key = QContextMenuEvent.Reason.Keyboard
        QApplication.sendEvent(focus, QContextMenuEvent(by_key, place, focus.mapToGlobal(place)))

    def sort(self) -> None:
        """As a click on the head of the column of the current cell."""
        table = QApplication.focusWidget()
        if isinstance(table, QTableView) and table.isSortingEnabled():
            column, header = max(table.currentIndex().column(), 0), table.horizontalHeader()
            up = Qt.SortOrder.AscendingOrder
            again = header.sortIndicatorSection() == column and header.sortIndicatorOrder() == up
            table.sortByColumn(column, Qt.SortOrder.DescendingOrder if again else up)


def _leaves(widget: QWidget) -> list[QWidget]:
    """The innermost parts of splitters, and columns that scroll; without such the widget itself."""
    holders = [widget] if isinstance(widget, QSplitter) else _outermost(widget)
    leaves: list[QWidget] = []
    for holder in holders:
        if isinstance(holder, QSplitter):
            parts = (holder.widget(number) for number in range(holder.count()))
            leaves += [leaf for part in parts if part is not None for leaf in _inner(part)]
        else:
            leaves.append(holder)
    return leaves or [widget]


def _inner(part: QWidget) -> list[QWidget]:
    has_inner = isinstance(part, QSplitter) or part.findChild(QSplitter) is not None
    return _leaves(part) if has_inner else [part]


def _outermost(widget: QWidget) -> list[QSplitter | QScrollArea]:
    """The splitters and scrolled columns that are shown, without those inside of others."""
    found = [
        each
        for each in widget.findChildren(QWidget)
        if isinstance(each, QSplitter | QScrollArea) and each.isVisible()
    ]
    return [one for one in found if not any(o.isAncestorOf(one) for o in found if o is not one)]


def _first_stop(part: QWidget) -> QWidget | None:
    """What is read first within a part and takes the focus."""
    if _is_stop(part):
        return part
    # Not by nextInFocusChain(): what it returns PySide takes for a part of the Python object that
    # was asked, and with that object it would become invalid.
    stops = [widget for widget in part.findChildren(QWidget) if _is_stop(widget)]

    def place(widget: QWidget) -> tuple[int, int]:
        corner = widget.mapTo(part, QPoint())
        return corner.y() // _LINE, corner.x()

    return min(stops, key=place, default=None)


def _is_stop(widget: QWidget) -> bool:
    takes = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return takes and widget.isVisible() and widget.isEnabled()


def _move_handle(splitter: QSplitter, part: int, by: int) -> None:
    """Move the handle behind a part, or that before the last one, as a drag does."""
    last = part == splitter.count() - 1
    handle = splitter.handle(part if last else part + 1)
    across = splitter.orientation() == Qt.Orientation.Horizontal
    place = handle.x() if across else handle.y()
    splitter.moveSplitter(place - by if last else place + by, splitter.indexOf(handle))
