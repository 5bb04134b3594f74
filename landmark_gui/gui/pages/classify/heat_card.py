"""How strongly it is shown where the model looks."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QSlider, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.core.settings import Settings
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.common import heading, wrapped
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

_SETTING, _USUAL = "classify.heat_opacity", 60


class HeatCard(QFrame):
    """A slider for the opacity, and what is said of the map on show.

    Signals:
        opacity_changed(float): 0 to 1.
    """

    opacity_changed = Signal(float)

    def __init__(self, settings: Settings) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._settings = settings
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("heat_opacity")
        self.slider.setAccessibleName(tr("Opacity of what the model looks at"))
        self.slider.setToolTip(tr("How much of the photo it hides"))
        self.slider.setRange(0, 100)
        self.slider.setSingleStep(5)
        self.slider.setValue(settings.get(_SETTING, _USUAL))
        self.slider.valueChanged.connect(self._moved)
        self.words = wrapped("")
        self.words.setObjectName("heat_words")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.S)
        layout.addWidget(heading(tr("Where it looks"), "subtitle"))
        layout.addWidget(self.slider)
        layout.addWidget(self.words)
        WheelGuard(self)

    @property
    def opacity(self) -> float:
        return self.slider.value() / 100

    def _moved(self, value: int) -> None:
        self._settings.set(_SETTING, value)
        self.opacity_changed.emit(self.opacity)
