"""A part of a page that has the focus whenever the page is given it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QWidget


class HandedFocus(QObject):
    """Gives the focus of a widget on to one inside it.

    WORKAROUND: Qt has `setFocusProxy` for this. With it Tab comes to the proxy from outside and
    passes all that stands before it; and if the widget has a menu for a child, Qt 6.11 cuts the
    ring of Tab in two, so that nothing outside of the page can be reached.
    """

    def __init__(self, widget: QWidget, to: QWidget) -> None:
        super().__init__(widget)
        self._to = to
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.FocusIn and isinstance(event, QFocusEvent):
            self._to.setFocus(event.reason())
        return False
