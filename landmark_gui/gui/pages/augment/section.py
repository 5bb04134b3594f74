"""A group of the form, open or under a fold that shows what is on in it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QVBoxLayout, QWidget

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.augment.fields import Section
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.fold import Fold


class FormSection(QWidget):
    """The title, what the settings are for, and the settings."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.section = section
        self.fold: Fold | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, theme.S, 0, 0)
        layout.setSpacing(theme.M if not section.purpose else theme.S)
        layout.addWidget(heading(section.title, "subtitle"))
        self.on = wrapped("", "success")
        self.on.setObjectName(f"{section.key}_on")
        self.on.hide()
        if section.purpose:
            layout.addWidget(wrapped(section.purpose))
        layout.addWidget(self.on)
        if section.purpose:
            about = tr("Settings of “{name}”", name=section.title)
            self.fold = Fold(f"fold_{section.key}", about)
            layout.addWidget(self.fold)
            self.fold.toggled.connect(self._show_on)
        self.content = self.fold.content if self.fold else layout

    def show_on(self, labels: Sequence[str]) -> None:
        """Name the settings that are on, for while they are folded away."""
        text = tr("On: {names}", names=", ".join(labels)) if labels else ""
        if text != self.on.text():
            self.on.setText(text)
        self._show_on()

    def _show_on(self, _: bool = False) -> None:
        folded = self.fold is not None and not self.fold.is_open
        self.on.setVisible(folded and bool(self.on.text()))
