"""The guide of the window: shown beside every page, hidden and shown again as the person likes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QDockWidget, QHBoxLayout, QToolButton, QWidget
from shiboken6 import delete

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.first_steps.progress import Progress
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.common import heading

if TYPE_CHECKING:
    from landmark_gui.gui.first_steps.panel import StepsPanel
    from landmark_gui.gui.first_steps.pointer import Pointer
    from landmark_gui.gui.first_steps.steps import Step
    from landmark_gui.gui.main_window import MainWindow

SHOWN = "window.first_steps"
WIDTH = 240
_SETTLE_MS = 100
"""After which a page that is shown for the first time has found out what it has to show."""


class Guide(QObject):
    """Blocks nothing: a panel at the right of the window, built when it is first wanted."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._context = window, window.context
        self.progress = Progress(self._context, lambda: window.current_page, self)
        self.panel: StepsPanel | None = None
        self.pointer: Pointer | None = None
        self.dock: QDockWidget | None = None
        self._settle = QTimer(self, singleShot=True, interval=_SETTLE_MS)
        self._settle.timeout.connect(self._point)
        self._step: Step | None = None
        if self.shown:
            self.show()

    @property
    def shown(self) -> bool:
        """Whether the person wants to see it."""
        return self._context.settings.get(SHOWN, False)

    def toggle(self) -> None:
        """Show it or hide it."""
        self.hide() if self.shown else self.show()

    def show(self) -> None:
        """Show it from now on, also the next time the program is started."""
        self._context.settings.set(SHOWN, True)
        if self.dock is None:
            self.dock = self._make_dock()
            self._window.addDockWidget(Qt.DockWidgetArea.RightDockWidgetArea, self.dock)
            self._window.resizeDocks([self.dock], [WIDTH], Qt.Orientation.Horizontal)
        self.dock.show()

    def hide(self) -> None:
        """Hide it until it is asked for."""
        self._context.settings.set(SHOWN, False)
        if self.pointer is not None:
            self.pointer.leave()
        if self.dock is not None:
            self.dock.hide()

    def take_down(self) -> None:
        """Destroy what it has put into the window, before the window is built anew."""
        for part in (self.pointer, self.dock):
            if part is not None:
                delete(part)
        delete(self)

    def point_out(self, step: Step) -> None:
        """Go to the page of a step, and point at what is meant."""
        self._step = step
        self._window.show_page(step.page)
        self._settle.start()

    def _point(self) -> None:
        from landmark_gui.gui.first_steps.pointer import Pointer

        page = self._window.centralWidget()
        if self._step is None or page is None:
            return
        found = (page.findChildren(QWidget, name) for name in self._step.targets)
        target = next((one for those in found for one in those if one.isVisible()), None)
        if self.pointer is None:
            self.pointer = Pointer(self._window)
        if target is not None:
            self.pointer.point_at(target)

    def _make_dock(self) -> QDockWidget:
        from landmark_gui.gui.first_steps.panel import StepsPanel

        dock = QDockWidget(self._window)
        dock.setObjectName("first_steps_dock")
        dock.setFeatures(QDockWidget.DockWidgetFeature.NoDockWidgetFeatures)
        dock.setTitleBarWidget(self._make_head())
        self.panel = StepsPanel(self.progress)
        self.panel.setMinimumWidth(WIDTH)
        self.panel.show_wanted.connect(self.point_out)
        self.panel.folder_wanted.connect(self._context.open_folder_requested)
        dock.setWidget(self.panel)
        return dock

    def _make_head(self) -> QWidget:
        head, close = QWidget(), QToolButton()
        close.setObjectName("close_first_steps")
        close.setIcon(icon("close"))
        text = tr("Hide the first steps; the Help menu brings them back")
        close.setAccessibleName(text)
        close.setToolTip(text)
        close.clicked.connect(self.hide)
        layout = QHBoxLayout(head)
        layout.setContentsMargins(theme.L, theme.M, theme.M, theme.S)
        layout.addWidget(heading(tr("First steps"), "subtitle"), 1)
        layout.addWidget(close)
        return head
