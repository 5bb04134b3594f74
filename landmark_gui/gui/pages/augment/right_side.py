"""The right side of the page: the preview, or which of the settings help."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.studies.panel import StudyPanel
from landmark_gui.gui.studies.parts import Switch

PREVIEW, STUDY = "preview", "study"


class RightSide(QWidget):
    """One of two panels beside the settings. That of the study is made on first use."""

    def __init__(self, context: AppContext, preview: QWidget) -> None:
        super().__init__()
        self._context, self._preview = context, preview
        self.study: StudyPanel | None = None
        self.switch = Switch(
            tr("What stands beside the settings"),
            [
                (PREVIEW, "augment_preview", tr("Preview"), tr("See what the settings do")),
                (STUDY, "augment_study", tr("Which helps?"), tr("Measure which settings help")),
            ],
        )
        self._stack = QStackedWidget()
        self._stack.addWidget(preview)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.M)
        column.addWidget(self.switch)
        column.addWidget(self._stack, 1)
        self.switch.chosen.connect(self.show_part)
        press, category = context.commands.add_button, tr("Augment")
        name = tr("Which augmentation helps?")
        press("augment.preview", self.switch.button(PREVIEW), category=category)
        press("augment.study", self.switch.button(STUDY), "Alt+W", category=category, name=name)
        self.show_part(PREVIEW)

    def show_part(self, part: str) -> None:
        """Show "preview" or "study"."""
        if part == STUDY and self.study is None:
            self.study = StudyPanel(self._context, "augmentation")
            self._stack.addWidget(self.study)
        shown = self.study if part == STUDY and self.study is not None else self._preview
        self.switch.set_value(part)
        self._stack.setCurrentWidget(shown)
