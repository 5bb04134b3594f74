"""Room for the pages, also where the window is smaller than they."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QStackedWidget


class PageRoom(QScrollArea):
    """Gives the page that is shown all the room; what is missing to its least size is scrolled.

    Not with `widgetResizable`: that asks all pages, not just the one that is shown, and for the
    height at which no text would have to be scrolled.
    """

    def __init__(self, pages: QStackedWidget) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._pages = pages
        self.setWidget(pages)
        pages.installEventFilter(self)
        pages.currentChanged.connect(lambda _: self._fit())

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._pages:
            self._fit()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit()
        super().resizeEvent(event)

    def _fit(self) -> None:
        page, room = self._pages.currentWidget(), self.maximumViewportSize()
        if page is None:
            return
        least = page.minimumSizeHint().expandedTo(page.minimumSize())
        bar = self.verticalScrollBar().sizeHint().width()
        wide = least.width() > room.width()
        tall = least.height() > room.height() - bar * wide
        wide = least.width() > room.width() - bar * tall
        self._pages.resize((room - QSize(bar * tall, bar * wide)).expandedTo(least))
