"""What the window shows before anything is open: three ways in, and the recent projects."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.recent_projects import RecentProjects
from landmark_gui.gui.widgets.common import heading, set_role, wrapped
from landmark_gui.gui.widgets.plain import label
from landmark_gui.gui.widgets.scrolled import scrolled

LOOK_MS = 200
"""After the page is painted: what the recent projects hold can wait, the first window cannot."""
_WIDTH = 780
_ICON = 32


class WelcomePage(QWidget):
    """Invites to open photos or a project, or to try the sample.

    Signals:
        project_chosen(Path): a recent project was clicked.
        dropped(list[Path]): files or folders were let fall on the page.
    """

    project_chosen = Signal(object)
    dropped = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        self.recent = RecentProjects(context.settings)
        self.recent.chosen.connect(self.project_chosen)
        self._drop = _DropZone()
        self._look = QTimer(self, singleShot=True, interval=LOOK_MS)
        self._look.timeout.connect(self.recent.look)
        column = QVBoxLayout()
        column.setSpacing(theme.L)
        column.addStretch(1)
        column.addLayout(_head())
        column.addLayout(_ways(context))
        column.addWidget(self._drop)
        column.addSpacing(theme.M)
        column.addWidget(self.recent)
        column.addStretch(2)
        box = QWidget()
        box.setMaximumWidth(_WIDTH)
        box.setLayout(column)
        inside = QWidget()
        middle = QHBoxLayout(inside)
        middle.addStretch()
        middle.addWidget(box, 100)
        middle.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(scrolled(inside))
        self.setAcceptDrops(True)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.recent.fill()
        self._look.start()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if event.mimeData().hasUrls():
            event.acceptProposedAction()
            self._drop.set_active(True)

    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._drop.set_active(False)

    def dropEvent(self, event: QDropEvent) -> None:
        self._drop.set_active(False)
        urls = event.mimeData().urls()
        self.dropped.emit([Path(url.toLocalFile()) for url in urls if url.isLocalFile()])
        event.acceptProposedAction()


class _DropZone(QFrame):
    """Says what may be dropped on the page, and while something hangs over it, that it may."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("drop_zone")
        self._text = label()
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.addWidget(self._text)
        self.set_active(False)

    def set_active(self, active: bool) -> None:
        self._text.setText(
            tr("Let go to open it.")
            if active
            else tr("You can also drop a folder, a project or a model anywhere on this page.")
        )
        set_role(self._text, "subtitle" if active else "muted")
        set_role(self, "banner-info" if active else "drop")


class _Way(QPushButton):
    """A way in: an icon, what it is called, and what it is good for."""

    def __init__(
        self, icon: str, title: str, text: str, name: str, on_click: Callable[[], Any]
    ) -> None:
        super().__init__()
        self._icon = icons.IconView(_ICON, icon, "accent")
        self.setObjectName(name)
        self.setProperty("kind", "card")
        self.setAccessibleName(title)
        self.setAccessibleDescription(text)
        self._title, self._text = wrapped(title, "subtitle"), wrapped(text)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.L, theme.L, theme.L)
        layout.setSpacing(theme.M)
        for part in (self._icon, self._title, self._text):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            layout.addWidget(part)
        layout.addStretch()
        self.clicked.connect(lambda: on_click())
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        layout = self.layout()
        assert layout is not None
        self.setMinimumHeight(layout.totalHeightForWidth(self.width()))


def _head() -> QVBoxLayout:
    head = QVBoxLayout()
    head.setSpacing(theme.S)
    head.addWidget(heading(tr("Teach your computer a landmark")))
    head.addWidget(
        wrapped(
            tr(
                "Draw boxes around the landmarks on your photos and name them, then train a model "
                "that knows them on new photos. Your photos are only read, never changed."
            )
        )
    )
    return head


def _ways(context: AppContext) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(theme.L)
    ways = (
        _Way(
            "photo",
            tr("Open a folder of photos"),
            tr("Begin a project, or go on with the one of that folder."),
            "open_folder",
            context.open_folder_requested.emit,
        ),
        _Way(
            "open",
            tr("Open a project"),
            tr("A {suffix} file that you or somebody else has made.", suffix=".landmarks"),
            "open_project",
            context.open_project_requested.emit,
        ),
        _Way(
            "tower",
            tr("Try it with drawn photos"),
            tr("A sample project is drawn in seconds, with a guide to the first model."),
            "open_sample",
            context.sample_requested.emit,
        ),
    )
    for way in ways:
        row.addWidget(way, 1)
    return row
