"""The kinds of fields of the form, each with its way back to the default."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.augmentation.values import Shift
from landmark_gui.core.i18n import tr
from landmark_gui.gui import icons, theme
from landmark_gui.gui.pages.augment.fields import Number
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import LabeledCombo, SliderField, heading, wrapped

MOST_PIXELS = 256


def slider_of(name: str, number: Number) -> SliderField:
    """A slider as the table of settings has it."""
    made = SliderField(
        number.label,
        number.unit,
        *(number.low, number.high, number.step, number.default),
        tooltip=number.help(),
        term=number.term,
    )
    made.setObjectName(name)
    return made


def reset_button(name: str, default: str) -> QToolButton:
    made = QToolButton()
    made.setIcon(icons.icon("reset"))
    made.setToolTip(tr("Back to {value}", value=default))
    made.setAccessibleName(tr("Reset {name}", name=name))
    return made


class Switch(QWidget):
    """Something that is on or off; off is the default.

    Signals:
        valueChanged(bool)
    """

    valueChanged = Signal(bool)  # noqa: N815  # Qt's spelling, as on every Qt input

    def __init__(self, name: str, label: str, why: str) -> None:
        super().__init__()
        self.check = QCheckBox(label)
        self.check.setObjectName(name)
        self._reset = reset_button(label, tr("off"))
        self._reset.setEnabled(False)
        self.setToolTip(f"{why} ({name})")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.check)
        row.addStretch()
        row.addWidget(heading(name, "caption"))
        row.addWidget(self._reset)
        self.check.toggled.connect(self._toggled)
        self._reset.clicked.connect(lambda: self.check.setChecked(False))

    def value(self) -> bool:
        return self.check.isChecked()

    def set_value(self, on: bool) -> None:
        self.check.setChecked(on)

    def _toggled(self, on: bool) -> None:
        self._reset.setEnabled(on)
        self.valueChanged.emit(on)


class Choice(QWidget):
    """One of a few; the first is the default. A value that is not among them is added.

    Signals:
        valueChanged(object)
    """

    valueChanged = Signal(object)  # noqa: N815  # Qt's spelling, as on every Qt input

    def __init__(
        self, name: str, label: str, choices: list[tuple[Any, str, str]], why: str
    ) -> None:
        super().__init__()
        self._default = choices[0][0]
        self._field = LabeledCombo(label, choices, term=name)
        self.combo = self._field.combo
        self.combo.setObjectName(name)
        self._reset = reset_button(label, choices[0][1])
        self._reset.setEnabled(False)
        self.setToolTip(f"{why} ({name})")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._field, 1)
        row.addWidget(self._reset, 0, Qt.AlignmentFlag.AlignBottom)
        self._field.valueChanged.connect(self._changed)
        self._reset.clicked.connect(lambda: self.set_value(self._default))

    def value(self) -> Any:
        return self._field.value()

    def set_value(self, value: Any) -> None:
        if self.combo.findData(value) < 0:
            self.combo.addItem(f"{value}", value)
        self._field.set_value(value)

    def _changed(self, value: Any) -> None:
        self._reset.setEnabled(value != self._default)
        self.valueChanged.emit(value)


class ShiftField(QWidget):
    """A shift in any of the ways that Keras takes it.

    Signals:
        valueChanged(object): a float below 1 is a fraction, a larger one pixels, an int whole
            pixels below it, a tuple the values to draw from.
    """

    valueChanged = Signal(object)  # noqa: N815  # Qt's spelling, as on every Qt input

    def __init__(self, name: str, number: Number) -> None:
        super().__init__()
        self.setObjectName(name)
        self._value: Shift = 0.0
        self.fraction = slider_of(name, number)
        self.fraction.setObjectName(f"{name}_fraction")
        self.pixels, self.whole = self._pixel_slider(number), self._pixel_slider(number)
        self.list = _ListField(number)
        self._stack = QStackedWidget()
        for field in self._fields():
            self._stack.addWidget(field)
            field.valueChanged.connect(self._field_changed)
        self.list.reset_wanted.connect(self.reset)
        self.kind = self._kinds(name, number)
        self.setToolTip(number.help())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._stack)
        column.addWidget(self.kind)
        self.kind.currentIndexChanged.connect(self._choose_kind)

    def value(self) -> Shift:
        return self._value

    def set_value(self, value: Shift) -> None:
        """Show a value in its own kind; 0 in the kind that is shown."""
        kind = self._kind_of(value)
        blockers = [QSignalBlocker(item) for item in (self.kind, *self._fields())]
        self.kind.setCurrentIndex(kind)
        self._stack.setCurrentIndex(kind)
        self._fields()[kind].set_value(value)
        del blockers
        changed = value != self._value or type(value) is not type(self._value)
        self._value = value
        if changed:
            self.valueChanged.emit(value)

    def reset(self) -> None:
        self.set_value(0.0)

    def reaches(self, value: Shift) -> bool:
        """Whether the field shows this value as it is."""
        field = self._fields()[self._kind_of(value)]
        shown = field.value()
        return field is self.list or abs(shown - value) <= 0.01

    def _fields(self) -> tuple[Any, ...]:
        return self.fraction, self.pixels, self.whole, self.list

    def _kind_of(self, value: Shift) -> int:
        if isinstance(value, tuple):
            return 3
        if value == 0 and self.kind.currentIndex() < 3:
            return self.kind.currentIndex()
        if isinstance(value, int) and value > 0:
            return 2
        return int(value >= 1)

    def _pixel_slider(self, number: Number) -> SliderField:
        return SliderField(
            number.label,
            "px",
            *(0, MOST_PIXELS, 1, 0),
            tooltip=number.help(),
            term=number.term,
        )

    def _kinds(self, name: str, number: Number) -> QComboBox:
        combo = QComboBox()
        combo.setObjectName(f"{name}_kind")
        combo.setAccessibleName(tr("{name}: given as", name=number.label))
        for text, why in (
            (tr("as a fraction"), tr("A part of the side, from 0 to below 1")),
            (tr("in pixels"), tr("Any number of pixels up to this, of the network's input")),
            (tr("in whole pixels"), tr("A whole number of pixels below this")),
            (tr("as a list"), tr("One of these values, to either side")),
        ):
            combo.addItem(text)
            combo.setItemData(combo.count() - 1, why, Qt.ItemDataRole.ToolTipRole)
        return combo

    def _choose_kind(self, kind: int) -> None:
        self._stack.setCurrentIndex(kind)
        self._field_changed()

    def _field_changed(self, _: object = None) -> None:
        kind = self.kind.currentIndex()
        shown = self._fields()[kind].value()
        kinds: tuple[Callable[[Any], Shift], ...] = (float, float, round, tuple)
        self._value = kinds[kind](shown)
        self.valueChanged.emit(self._value)


class _ListField(QWidget):
    """Numbers, as "0, 0.1, 0.2".

    Signals:
        valueChanged(object): a tuple; not while something else is written.
        reset_wanted()
    """

    valueChanged = Signal(object)  # noqa: N815  # Qt's spelling, as on every Qt input
    reset_wanted = Signal()

    def __init__(self, number: Number) -> None:
        super().__init__()
        self._values: tuple[float, ...] = (0.0, 0.1)
        self.field = QLineEdit("0, 0.1")
        self.field.setAccessibleName(tr("{name}: list of values", name=number.label))
        self.field.setPlaceholderText("0, 0.1, 0.2")
        self._problem = wrapped(tr("Write numbers with commas between them."), "warning")
        self._problem.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        top = QHBoxLayout()
        top.addWidget(plain.label(number.label))
        top.addStretch()
        top.addWidget(heading(number.term, "caption"))
        row = QHBoxLayout()
        reset = reset_button(number.label, "0")
        reset.clicked.connect(self.reset_wanted)
        row.addWidget(self.field, 1)
        row.addWidget(reset)
        column.addLayout(top)
        column.addLayout(row)
        column.addWidget(self._problem)
        self.field.textChanged.connect(self._written)

    def value(self) -> tuple[float, ...]:
        return self._values

    def set_value(self, values: tuple[float, ...]) -> None:
        if values != self._values:  # else what is being written would be rewritten
            self.field.setText(", ".join(f"{value:g}" for value in values))
            self._values = values

    def _written(self, text: str) -> None:
        values = parse_list(text)
        self._problem.setVisible(values is None)
        if values is not None and values != self._values:
            self._values = values
            self.valueChanged.emit(values)


def parse_list(text: str) -> tuple[float, ...] | None:
    """Numbers from -10,000 to 10,000 between commas, semicolons or spaces; None if not."""
    try:
        values = tuple(float(part) for part in re.split(r"[;,\s]+", text.strip()) if part)
    except ValueError:
        return None
    fits = all(-10_000 <= value <= 10_000 for value in values)
    return values if values and fits else None


class Held(QWidget):
    """A control with the place for what is to be said about it."""

    def __init__(self, name: str, field: QWidget) -> None:
        super().__init__()
        self.field = field
        self.note = wrapped("", "warning")
        self.note.setObjectName(f"{name}_note")
        self.note.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(theme.S)
        column.addWidget(field)
        column.addWidget(self.note)

    def say(self, texts: list[str]) -> None:
        text = "\n".join(texts)
        if text != self.note.text():
            self.note.setText(text)
            self.note.setVisible(bool(text))
