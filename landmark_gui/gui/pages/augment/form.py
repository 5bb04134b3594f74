"""The form of the Augment page: one control for each setting of `AugmentationConfig`."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from landmark_gui.core.augmentation import PRESETS, AugmentationConfig
from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets.common import LabeledCombo, SliderField, heading
from landmark_gui.gui.widgets.wheel_guard import WheelGuard


def presets() -> dict[str, tuple[AugmentationConfig, str, str]]:
    """Name → settings, text and explanation."""
    return {
        "none": (AugmentationConfig(), tr("None"), tr("Every crop as it is")),
        "log": (
            PRESETS["log"],
            tr("The student's log"),
            tr("The settings of the training log that this program began from"),
        ),
        "gentle": (
            PRESETS["gentle"],
            tr("Gentle"),
            tr("What a steady hand and another step aside change"),
        ),
        "strong": (
            PRESETS["strong"],
            tr("Strong"),
            tr("For very few photos; watch that landmarks stay whole"),
        ),
    }


class AugmentForm(QWidget):
    """Shows a config and changes it, one setting at a time.

    A value that a slider cannot show (a file may hold any) stays as it is until its own slider
    is moved; `out_of_reach` names such values.

    Signals:
        changed(AugmentationConfig): the person changed a setting or chose a preset.
    """

    changed = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._config = AugmentationConfig()
        self._presets = presets()
        self.sliders = _sliders()
        self.flips = _flips()
        self.preset = self._preset_combo()
        self.fill_mode = _fill_mode_combo()
        self._lay_out()
        self._connect()
        self._guard = WheelGuard(self)
        self.set_config(self._config)

    @property
    def config(self) -> AugmentationConfig:
        return self._config

    def set_config(self, config: AugmentationConfig) -> None:
        """Show `config`; no signal is sent."""
        self._config = config
        values = _slider_values(config)
        fields: list[Any] = [*self.sliders.values(), *self.flips.values()]
        blockers = [QSignalBlocker(f) for f in (*fields, self.fill_mode, self.preset)]
        for name, slider in self.sliders.items():
            slider.set_value(values[name])
        for name, check in self.flips.items():
            check.setChecked(getattr(config, name))
        self.fill_mode.set_value(config.fill_mode)
        self.preset.set_value(self._preset_of(config))
        del blockers
        self.sliders["cval"].setEnabled(config.fill_mode == "constant")

    def out_of_reach(self) -> list[str]:
        """The settings whose value no slider can show."""
        values = _slider_values(self._config)
        return [
            name
            for name, field in self.sliders.items()
            if isinstance(getattr(self._config, name, None), tuple)
            or abs(field.value() - values[name]) > 0.01
        ]

    def reset(self) -> None:
        """Everything back to Keras' defaults, which vary nothing."""
        self._change(AugmentationConfig())

    def _preset_combo(self) -> LabeledCombo:
        choices = [(name, text, why) for name, (_, text, why) in self._presets.items()]
        made = LabeledCombo(tr("Preset"), [*choices, ("", tr("Custom"), "")])
        made.combo.setObjectName("preset")
        return made

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, theme.M, 0)
        layout.setSpacing(theme.M)
        layout.addWidget(self.preset)
        for title, names in _sections():
            layout.addSpacing(theme.S)
            layout.addWidget(heading(title, "subtitle"))
            for name in names:
                layout.addWidget(self._field(name))
        layout.addStretch()

    def _field(self, name: str) -> QWidget:
        fields: dict[str, QWidget] = {**self.sliders, **self.flips, "fill_mode": self.fill_mode}
        return fields[name]

    def _connect(self) -> None:
        for name, slider in self.sliders.items():
            slider.valueChanged.connect(lambda value, name=name: self._move(name, value))
        for name, check in self.flips.items():
            check.toggled.connect(lambda on, name=name: self._change_one(name, on))
        self.fill_mode.valueChanged.connect(lambda mode: self._change_one("fill_mode", mode))
        self.preset.valueChanged.connect(self._choose_preset)

    def _move(self, name: str, value: float) -> None:
        low, high = self._config.zoom_range
        if name == "zoom_low":
            self._change_one("zoom_range", (value, max(high, value)))
        elif name == "zoom_high":
            self._change_one("zoom_range", (min(low, value), value))
        else:
            self._change_one(name, value)

    def _change_one(self, name: str, value: Any) -> None:
        self._change(replace(self._config, **{name: value}))

    def _choose_preset(self, name: str) -> None:
        self._change(self._presets[name][0] if name else self._config)

    def _change(self, config: AugmentationConfig) -> None:
        changed = config != self._config
        self.set_config(config)
        if changed:
            self.changed.emit(config)

    def _preset_of(self, config: AugmentationConfig) -> str:
        return next((name for name, (own, *_) in self._presets.items() if own == config), "")


def _sections() -> list[tuple[str, tuple[str, ...]]]:
    return [
        (
            tr("Place and angle"),
            ("rotation_range", "width_shift_range", "height_shift_range", "shear_range"),
        ),
        (tr("Size"), ("zoom_low", "zoom_high")),
        (tr("Mirror"), ("horizontal_flip", "vertical_flip")),
        (tr("Uncovered border"), ("fill_mode", "cval")),
    ]


def _slider_values(config: AugmentationConfig) -> dict[str, float]:
    low, high = config.zoom_range
    names = ("rotation_range", "width_shift_range", "height_shift_range", "shear_range", "cval")
    return {
        **{name: _largest(getattr(config, name)) for name in names},
        "zoom_low": low,
        "zoom_high": high,
    }


def _largest(value: float | tuple[float, ...]) -> float:
    return max(map(abs, value)) if isinstance(value, tuple) else value


def _sliders() -> dict[str, SliderField]:
    sliders = {
        "rotation_range": SliderField(
            tr("Rotation"),
            "°",
            *(0, 180, 1, 0),
            tooltip=tr("rotation_range: turned by up to this angle, either way"),
            term="rotation_range",
        ),
        "width_shift_range": SliderField(
            tr("Shift sideways, of the width"),
            "",
            *(0, 0.5, 0.01, 0),
            tooltip=tr("width_shift_range: moved left or right by up to this part of the width"),
            term="width_shift_range",
        ),
        "height_shift_range": SliderField(
            tr("Shift up and down, of the height"),
            "",
            *(0, 0.5, 0.01, 0),
            tooltip=tr("height_shift_range: moved up or down by up to this part of the height"),
            term="height_shift_range",
        ),
        "shear_range": SliderField(
            tr("Shear"),
            "°",
            *(0, 60, 0.1, 0),
            tooltip=tr("shear_range: slanted by up to this angle, in degrees, either way"),
            term="shear_range",
        ),
        "zoom_low": SliderField(
            tr("Closest, part that is seen"),
            "×",
            *(0.2, 1, 0.01, 1),
            tooltip=tr("zoom_range, first number: 0.8 enlarges until 80 % of a side is seen"),
            term="zoom_range",
        ),
        "zoom_high": SliderField(
            tr("Farthest, part that is seen"),
            "×",
            *(1, 2, 0.01, 1),
            tooltip=tr("zoom_range, second number: 1.2 shrinks until 120 % of a side is seen"),
            term="zoom_range",
        ),
        "cval": SliderField(
            tr("Grey level of the border"),
            "",
            *(0, 255, 1, 0),
            tooltip=tr("cval: 0 is black, 255 is white; for the fill “One grey level” alone"),
            term="cval",
        ),
    }
    for name, slider in sliders.items():
        slider.setObjectName(name)
    return sliders


def _flips() -> dict[str, QCheckBox]:
    flips = {
        "horizontal_flip": QCheckBox(f"{tr('Left and right')} (horizontal_flip)"),
        "vertical_flip": QCheckBox(f"{tr('Upside down')} (vertical_flip)"),
    }
    flips["horizontal_flip"].setToolTip(
        tr("horizontal_flip: every second crop. Not for landmarks told apart by their side.")
    )
    flips["vertical_flip"].setToolTip(
        tr("vertical_flip: every second crop. Buildings seldom stand on their heads.")
    )
    for name, check in flips.items():
        check.setObjectName(name)
    return flips


def _fill_mode_combo() -> LabeledCombo:
    made = LabeledCombo(
        tr("Fill with"),
        [
            ("nearest", tr("The edge, repeated"), tr("fill_mode nearest: aaaa|abcd|dddd")),
            ("reflect", tr("The crop, mirrored"), tr("fill_mode reflect: dcba|abcd|dcba")),
            ("wrap", tr("The crop, started again"), tr("fill_mode wrap: abcd|abcd|abcd")),
            ("constant", tr("One grey level"), tr("fill_mode constant: kkkk|abcd|kkkk")),
        ],
        term="fill_mode",
    )
    made.combo.setObjectName("fill_mode")
    return made
