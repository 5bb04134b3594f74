"""Which model answers, and how good it is."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import button, heading, wrapped
from landmark_gui.inference.bundle import Bundle


class ModelCard(QFrame):
    """Name, accuracy and classes of the model, and a button for another one.

    Signals:
        open_requested(): the person wants to choose a model file.
    """

    open_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("model_card")
        self.setProperty("role", "card")
        self._icon = icons.IconView(28, "classify")
        self.name = heading("", "subtitle")
        self.name.setObjectName("model_name")
        self.detail = wrapped("")
        self.detail.setObjectName("model_detail")
        self.open_button = button(
            tr("Open model…"),
            "open_model_button",
            self.open_requested.emit,
            tooltip=tr("Choose a model file"),
        )
        self._lay_out()
        self.show_model(None)

    def show_model(self, bundle: Bundle | None) -> None:
        """Describe a model; None says that there is none."""
        if bundle is None:
            self.name.setText(tr("No model"))
            self.detail.setText(tr("Train one on the Train page, or open a model file."))
        else:
            self.name.setText(bundle.path.stem)
            self.detail.setText(texts.model_text(bundle))
        self.setToolTip(plain.literal(str(bundle.path)) if bundle else "")

    def show_loading(self, path: Path) -> None:
        self.name.setText(tr("Opening {name}…", name=path.name))

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self.name)
        words.addWidget(self.detail)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.L)
        layout.addWidget(self._icon)
        layout.addLayout(words, 1)
        layout.addWidget(self.open_button)
