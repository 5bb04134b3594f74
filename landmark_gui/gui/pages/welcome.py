"""What the window shows before anything is open."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.widgets.common import EmptyState, button, heading
from landmark_gui.gui.widgets.plain import menu_text


class WelcomePage(QWidget):
    """Invites to open a folder and lists the recent projects.

    Signals:
        project_chosen(Path): a recent project was clicked.
    """

    project_chosen = Signal(object)

    def __init__(self, context: AppContext) -> None:
        super().__init__()
        layout = QVBoxLayout(self)
        layout.addWidget(
            EmptyState(
                "tower",
                tr("Teach your computer a landmark"),
                tr(
                    "Open a folder of photos. Draw boxes around the landmarks and name them, "
                    "then train a model that knows them on new photos. Your photos are only "
                    "read, never changed. You can also drop a folder here."
                ),
                tr("Open a folder of photos…"),
                context.open_folder_requested.emit,
            ),
            3,
        )
        recent = list(context.settings.recent_projects())[:5]
        if recent:
            layout.addWidget(
                heading(tr("Recent projects"), "subtitle"), 0, Qt.AlignmentFlag.AlignHCenter
            )
        for path in recent:
            layout.addWidget(self._recent(path), 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addSpacing(theme.XL)

    def _recent(self, path: Path) -> QWidget:
        return button(
            menu_text(path.stem),
            "recent_project",
            lambda: self.project_chosen.emit(path),
            kind="quiet",
            tooltip=str(path),
        )
