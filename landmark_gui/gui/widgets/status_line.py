"""The line at the bottom of the window: what is going on, or how far the person is."""

from __future__ import annotations

import re
from itertools import pairwise

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QToolButton, QWidget

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.activity import Activities, Activity
from landmark_gui.gui.widgets import accessible
from landmark_gui.gui.widgets.plain import literal, menu_text

SAID_MS = 7_000
RESTS_MS = 1_000
"""A text that stands so long is read out; others are on their way to the next."""


class StatusText(QToolButton):
    """A text that gives way; a button where it leads to a page."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("status_text")
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._text = ""

    def show_text(self, text: str, leads: bool) -> None:
        self._text = text
        self.setAccessibleName(text)
        self.setToolTip(literal(text))
        self.setCursor(Qt.CursorShape.PointingHandCursor if leads else Qt.CursorShape.ArrowCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus if leads else Qt.FocusPolicy.NoFocus)
        self.update()

    def text(self) -> str:
        return self._text

    def sizeHint(self) -> QSize:
        metrics = self.fontMetrics()
        wide = metrics.horizontalAdvance(self._text) + 1 + 2 * theme.M  # it rounds down, too
        return QSize(wide, metrics.height() + 2 * theme.S)

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.hasFocus() or (self.underMouse() and self.focusPolicy() != Qt.FocusPolicy.NoFocus):
            super().paintEvent(event)
        painter, area = QPainter(self), self.rect().adjusted(theme.M, 0, -theme.M, 0)
        text = self.fontMetrics().elidedText(self._text, Qt.TextElideMode.ElideMiddle, area.width())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, text)


class StatusLine(QWidget):
    """Always says one thing: what has just happened, for some seconds; else what was begun last
    and goes on; else the text that holds. What goes on beside it is behind a number.

    What stands for a moment is read out by screen readers, unless it differs from what they said
    last in its figures alone, as the steps of a training do.

    Signals:
        page_requested(str): the person wants to see more of what goes on.
    """

    page_requested = Signal(str)

    def __init__(self, activities: Activities) -> None:
        super().__init__()
        self._activities, self._holds, self._said = activities, "", ""
        self._first: Activity | None = None
        self._line, self._more, self._cancel = StatusText(), QToolButton(), QToolButton()
        self._over = QTimer(self, singleShot=True)
        self._over.timeout.connect(lambda: self.say(""))
        self._read_out = ""
        self._rests = QTimer(self, singleShot=True, interval=RESTS_MS)
        self._rests.timeout.connect(self.read_out)
        self._dress()
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(theme.S)
        for part in (self._line, self._cancel, self._more):
            layout.addWidget(part)
        layout.addStretch()
        activities.changed.connect(self._show)
        self._line.clicked.connect(self._go)
        self._cancel.clicked.connect(self._stop)
        self._show()

    def hold(self, text: str) -> None:
        """Show `text` while nothing is going on, until another one holds."""
        self._holds = text
        self._show()

    def say(self, text: str) -> None:
        """Show `text` for a while; "" ends what was said."""
        self._said = text
        self._over.start(SAID_MS) if text else self._over.stop()
        self._show()
        self._rests.start()

    def text(self) -> str:
        """What is shown, all of it."""
        return self._line.text()

    def read_out(self) -> None:
        """Have the text read out that is shown; not each figure of one that counts."""
        text, before = self.text(), self._read_out
        if text == before or _words(text) != _words(before):
            self._read_out = text
            accessible.announce(self, text)

    def _dress(self) -> None:
        self._cancel.setObjectName("status_cancel")
        self._cancel.setIcon(icons.icon("close"))
        self._cancel.setIconSize(QSize(14, 14))
        self._more.setObjectName("status_more")
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._more)
        menu.aboutToShow.connect(self._fill)
        self._more.setMenu(menu)

    def _show(self) -> None:
        current = self._activities.current()
        self._first = current[0] if current and not self._said else None
        first = self._first
        text = self._said or (first.text if first is not None else self._holds)
        if text != self.text():
            self._rests.start()
        self._line.show_text(text, bool(first is not None and first.page))
        self._line.updateGeometry()
        self.come_last()
        others = len(current) - (first is not None)
        self._more.setVisible(others > 0)
        self._more.setText(f"+{others}")
        self._more.setAccessibleName(ntr("{n} more is going on", "{n} more are going on", others))
        self._cancel.setVisible(first is not None and first.cancel is not None)
        cancel = tr("Cancel: {what}", what=text)
        self._cancel.setAccessibleName(cancel)
        self._cancel.setToolTip(literal(cancel))

    def come_last(self) -> None:
        """Let Tab reach the line after the page, whose parts may have been made later."""
        last = self.window().previousInFocusChain() or self
        while last.focusPolicy() == Qt.FocusPolicy.NoFocus and last is not self:  # Qt orders none
            last = last.previousInFocusChain() or self
        parts = (self._line, self._cancel, self._more)
        stops = [part for part in parts if part.focusPolicy() != Qt.FocusPolicy.NoFocus]
        for before, part in pairwise((last, *stops)):
            QWidget.setTabOrder(before, part)

    def _go(self) -> None:
        if self._first is not None and self._first.page:
            self.page_requested.emit(self._first.page)

    def _stop(self) -> None:
        if self._first is not None and self._first.cancel is not None:
            self._first.cancel()

    def _fill(self) -> None:
        menu = self._more.menu()
        menu.clear()
        for activity in self._activities.current():
            if activity is not self._first:
                entry = menu.addAction(menu_text(activity.text))
                entry.setEnabled(bool(activity.page))
                page = activity.page
                entry.triggered.connect(lambda _=False, page=page: self.page_requested.emit(page))


def _words(text: str) -> str:
    return re.sub(r"\d+", "", text)
