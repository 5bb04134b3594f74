"""The form of the Augment page: one control for each setting of `AugmentationConfig`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.pages.augment import fields
from landmark_gui.gui.pages.augment.controls import Choice, Held, ShiftField, Switch, slider_of
from landmark_gui.gui.pages.augment.section import FormSection
from landmark_gui.gui.widgets.wheel_guard import WheelGuard

_SHRINKING = QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon


class AugmentForm(QWidget):
    """Shows a config and changes it, one setting at a time.

    A value that a slider cannot show (a file may hold any) stays as it is until its own slider
    is moved; `out_of_reach` names such values.

    Signals:
        changed(AugmentationConfig): the person changed a setting.
        help_wanted(str): what to say of the control with the focus or under the pointer.
    """

    changed = Signal(object)
    help_wanted = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._config = AugmentationConfig()
        self.numbers = fields.numbers()
        self.controls = self._make_controls()
        self.held = {name: Held(name, control) for name, control in self.controls.items()}
        self.sections = [FormSection(section) for section in fields.sections()]
        self._lay_out()
        for name, control in self.controls.items():
            control.valueChanged.connect(lambda value, name=name: self._move(name, value))
        self._guard = WheelGuard(self)
        self._watch_focus()
        self.set_config(self._config)

    @property
    def config(self) -> AugmentationConfig:
        return self._config

    def set_config(self, config: AugmentationConfig) -> None:
        """Show `config`; no signal is sent."""
        self._config = config
        for name, control in self.controls.items():
            value = fields.value_of(config, name)
            blocker = QSignalBlocker(control)
            control.set_value(value)
            del blocker
        self._follow()

    def out_of_reach(self) -> list[str]:
        """The controls that show another value than the config has."""
        return [name for name in self.controls if not self._reaches(name)]

    def reset(self) -> None:
        """Everything back to Keras' defaults, which vary nothing."""
        if self._config != AugmentationConfig():
            self.set_config(AugmentationConfig())
            self.changed.emit(self._config)

    def say(self, said: Mapping[str, list[str]]) -> None:
        """Show what there is to think over, each beside the control that it concerns."""
        for name, held in self.held.items():
            held.say(said.get(name, []))

    def reveal(self, name: str) -> QWidget:
        """Unfold a control and give it the focus."""
        for section in self.sections:
            if name in section.section.names and section.fold is not None:
                section.fold.open()
        held = self.held[name]
        for child in held.field.findChildren(QWidget):
            if child.focusPolicy() and child.isVisible() and child.isEnabled():
                child.setFocus()
                break
        return held

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in (QEvent.Type.FocusIn, QEvent.Type.Enter):
            name = watched.property("control")
            if name:
                self.help_wanted.emit(self.controls[name].toolTip())
        return False

    def _make_controls(self) -> dict[str, Any]:
        made: dict[str, Any] = {}
        for section in fields.sections():
            for name in section.names:
                if name in fields.SHIFTS:
                    made[name] = ShiftField(name, self.numbers[name])
                elif name in self.numbers:
                    made[name] = slider_of(name, self.numbers[name])
        return {**made, **_flips(), "fill_mode": _fill_mode(), "rescale": _rescale()}

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.M, 0)
        layout.setSpacing(theme.M)
        for section in self.sections:
            for name in section.section.names:
                section.content.addWidget(self.held[name])
            layout.addWidget(section)
        layout.addStretch()
        for combo in self.findChildren(QComboBox):  # long words must not widen the column
            combo.setMinimumContentsLength(8)
            combo.setSizeAdjustPolicy(_SHRINKING)

    def _watch_focus(self) -> None:
        for name, control in self.controls.items():
            for part in (control, *control.findChildren(QWidget)):
                part.setProperty("control", name)
                part.installEventFilter(self)

    def _move(self, name: str, value: Any) -> None:
        try:
            config = replace(self._config, **fields.changes(self._config, name, value))
        except FormatError:  # no field offers such a value
            return
        if config == self._config and type(value) is type(fields.value_of(self._config, name)):
            return
        self._config = config
        self._show_other_end(name)
        self._follow()
        self.changed.emit(config)

    def _show_other_end(self, name: str) -> None:
        pair = fields.PAIRS.get(name, ("",))[0]
        for other, (its_pair, _) in fields.PAIRS.items():
            if its_pair == pair and other != name:
                blocker = QSignalBlocker(self.controls[other])
                self.controls[other].set_value(fields.value_of(self._config, other))
                del blocker

    def _follow(self) -> None:
        """What depends on other settings: what can be moved, and what is on in each fold."""
        config = self._config
        self.controls["cval"].setEnabled(config.fill_mode == "constant")
        for name, needed in fields.NEEDS.items():
            self.controls[name].setEnabled(bool(getattr(config, needed)))
        for section in self.sections:
            if section.fold is None:
                continue
            on = fields.switched_on(config, section.section.names)
            section.show_on([self._label(name) for name in on])

    def _label(self, name: str) -> str:
        value = fields.value_of(self._config, name)
        number = self.numbers.get(name)
        return f"{number.label} {value:g}" if number else name

    def _reaches(self, name: str) -> bool:
        value, control = fields.value_of(self._config, name), self.controls[name]
        if isinstance(control, ShiftField):
            return control.reaches(value)
        return name not in self.numbers or abs(control.value() - value) <= 0.01


def _flips() -> dict[str, Switch]:
    return {
        "horizontal_flip": Switch(
            "horizontal_flip",
            tr("Left and right"),
            tr("Every second crop. Not for landmarks told apart by their side."),
        ),
        "vertical_flip": Switch(
            "vertical_flip",
            tr("Upside down"),
            tr("Every second crop. Buildings seldom stand on their heads."),
        ),
    }


def _fill_mode() -> Choice:
    choices = [
        ("nearest", tr("The edge, repeated"), "nearest: aaaa|abcd|dddd"),
        ("reflect", tr("The crop, mirrored"), "reflect: dcba|abcd|dcba"),
        ("wrap", tr("The crop, started again"), "wrap: abcd|abcd|abcd"),
        ("constant", tr("One grey level"), "constant: kkkk|abcd|kkkk"),
    ]
    why = tr("What stands where a turned or moved crop leaves the picture empty")
    return Choice("fill_mode", tr("Fill with"), choices, why)


def _rescale() -> Choice:
    why = tr("A factor for Keras alone: the models of this program rescale by themselves")
    choices = [(None, tr("Off"), why), (1 / 255, "1/255", tr("Levels from 0 to 1"))]
    return Choice("rescale", tr("Factor of all levels"), choices, why)
