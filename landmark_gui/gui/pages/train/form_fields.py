"""What the parts of the form are made of: fields that have a name, a value and a signal."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import SignalInstance
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QHBoxLayout,
    QLineEdit,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from landmark_gui.core.i18n import tr
from landmark_gui.gui import theme
from landmark_gui.gui.widgets import plain
from landmark_gui.gui.widgets.common import LabeledCombo, padded


@dataclass(frozen=True)
class Field:
    """A setting on the form.

    Attributes:
        widget: what is laid out: the input, with its label where it has one.
        get, set: its value, and another one; `set` raises TypeError or ValueError for what it
            cannot be.
        changed: whenever the value is another one.
    """

    widget: QWidget
    get: Callable[[], Any]
    set: Callable[[Any], None]
    changed: SignalInstance


@dataclass(frozen=True)
class Range:
    """What a number may be.

    Attributes:
        step: of the arrows.
        decimals: 0 for whole numbers.
        unit: behind the number, with its space.
        nothing: what to say in place of None, "" if it cannot be None.
        at: the value of the spin box, below `low`, that stands for None.
    """

    low: float
    high: float
    step: float = 1
    decimals: int = 0
    unit: str = ""
    nothing: str = ""
    at: float = 0


def number_field(label: str, name: str, span: Range, tip: str) -> Field:
    """A number, or None where the range has words for it."""
    spin: Any = padded(QDoubleSpinBox() if span.decimals else QSpinBox())
    kind = float if span.decimals else int
    if span.decimals:
        spin.setDecimals(span.decimals)
    lowest = span.at if span.nothing else span.low
    spin.setRange(kind(lowest), kind(span.high))
    spin.setSingleStep(kind(span.step))
    spin.setSuffix(span.unit)
    spin.setSpecialValueText(span.nothing)
    _name(spin, label, name, tip)

    def get() -> Any:
        value = spin.value()
        return None if span.nothing and value < span.low else value

    def put(value: Any) -> None:
        if value is None and span.nothing:
            value = span.at
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise TypeError(name)
        if not lowest <= value <= span.high:  # nor is NaN; a spin box overflows
            raise ValueError(name)
        spin.setValue(kind(value))

    return Field(labelled(label, spin), get, put, spin.valueChanged)


def choice_field(
    label: str, name: str, choices: Sequence[tuple[Any, str, str]], tip: str = ""
) -> Field:
    """One of some values: (value, text, explanation)."""
    made = LabeledCombo(label, choices)
    made.combo.setObjectName(name)
    made.combo.setToolTip(tip)
    values = [value for value, _, _ in choices]

    def put(value: Any) -> None:
        made.set_value(values[values.index(value)])

    return Field(made, made.value, put, made.valueChanged)


def switch_field(label: str, name: str, tip: str) -> Field:
    """On or off."""
    made = QCheckBox(label)
    _name(made, label, name, tip)

    def put(value: Any) -> None:
        if not isinstance(value, bool):
            raise TypeError(name)
        made.setChecked(value)

    return Field(made, made.isChecked, put, made.toggled)


def line_field(label: str, name: str, tip: str) -> Field:
    """A line of text; its widget is the line alone."""
    made = QLineEdit()
    _name(made, label, name, tip)

    def put(value: Any) -> None:
        if not isinstance(value, str):
            raise TypeError(name)
        made.setText(value)

    return Field(made, lambda: made.text().strip(), put, made.textChanged)


def on_off_field(label: str, name: str, tip: str) -> Field:
    """On, off, or None for the recipe's own."""
    choices = ((None, automatic(), ""), (True, tr("on"), ""), (False, tr("off"), ""))
    return choice_field(label, name, choices, tip)


def automatic() -> str:
    """What stands where the program chooses."""
    return tr("automatic")


def labelled(label: str, field: QWidget, row: QWidget | None = None) -> QWidget:
    """A field under its name; `row` if there is more beside it."""
    name = plain.label(label)
    name.setBuddy(field)
    return column(name, row or field, spacing=2)


def column(*parts: QWidget, spacing: int = theme.M) -> QWidget:
    """Parts below each other."""
    box = QWidget()
    layout = QVBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(spacing)
    for part in parts:
        layout.addWidget(part)
    return box


def beside(first: QWidget, second: QWidget, *, share: int = 1) -> QWidget:
    """Two parts side by side; the second takes `share` of the room, 0 for what it needs."""
    box = QWidget()
    layout = QHBoxLayout(box)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(theme.M)
    layout.addWidget(first, 1)
    layout.addWidget(second, share)
    return box


def _name(widget: QWidget, label: str, name: str, tip: str) -> None:
    widget.setObjectName(name)
    widget.setAccessibleName(label)
    widget.setToolTip(tip)
