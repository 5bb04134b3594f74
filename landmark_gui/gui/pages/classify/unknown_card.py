"""The slider between "names strangers" and "names nobody", with what its place costs."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QVBoxLayout

from landmark_gui.core.i18n import tr
from landmark_gui.core.unknown import UnknownRule
from landmark_gui.gui import theme
from landmark_gui.gui.pages.classify import texts
from landmark_gui.gui.widgets.common import button, heading, wrapped
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

_STEPS = 1000


class UnknownCard(QFrame):
    """From which score on a verdict has a name.

    Signals:
        chosen(float): the person has moved the threshold, 0 to 1.
    """

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._rule: UnknownRule | None = None
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName("unknown_slider")
        self.slider.setAccessibleName(tr("Threshold of unknown"))
        self.slider.setRange(0, _STEPS)
        self.slider.setSingleStep(_STEPS // 100)
        self.slider.setPageStep(_STEPS // 20)
        self.words = wrapped("")
        self.words.setObjectName("unknown_words")
        self.reset = button(
            tr("Reset"),
            "unknown_reset",
            self._reset,
            kind="quiet",
            tooltip=tr("Back to the threshold of the model itself"),
        )
        self._lay_out()
        self.slider.valueChanged.connect(self._moved)
        WheelGuard(self)
        self.show_rule(None, 0.0)

    def show_rule(self, rule: UnknownRule | None, threshold: float) -> None:
        """Show the rule of a model, and the threshold that is in use. Tells nobody."""
        self._rule = rule
        self.setVisible(rule is not None)
        self.slider.blockSignals(True)
        self.slider.setValue(round(threshold * _STEPS))
        self.slider.blockSignals(False)
        if rule is not None:
            self._show_words(rule, threshold)
            self.setToolTip(texts.measured_on_text(rule))

    def _show_words(self, rule: UnknownRule, threshold: float) -> None:
        said = texts.operating_text(rule, threshold)
        self.words.setText(said)
        self.slider.setAccessibleDescription(said)
        self.reset.setEnabled(threshold != rule.threshold)

    def _moved(self, step: int) -> None:
        if self._rule is not None:
            self._show_words(self._rule, step / _STEPS)
            self.chosen.emit(step / _STEPS)

    def _reset(self) -> None:
        """The model's own threshold may lie between two places of the slider."""
        if self._rule is not None:
            self.show_rule(self._rule, self._rule.threshold)
            self.chosen.emit(self._rule.threshold)

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.addWidget(heading(tr("Unknown"), "subtitle"), 1)
        top.addWidget(self.reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(theme.L, theme.M, theme.L, theme.M)
        layout.setSpacing(theme.S)
        layout.addLayout(top)
        layout.addWidget(self.slider)
        layout.addWidget(self.words)
