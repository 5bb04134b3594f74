"""Refusing wrong settings, in words."""

from __future__ import annotations

from typing import Any

from landmark_gui.core.errors import FormatError
from landmark_gui.core.i18n import tr

Shift = float | tuple[float, ...]
"""A limit either way, or the very values to draw from, as Keras takes them."""


def between(name: str, value: object, low: float, high: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not low <= value <= high:  # type: ignore[operator]  # a number, so it orders
        raise FormatError(
            tr(
                "{name} is {value}, but must be a number from {low} to {high}",
                name=name,
                value=value,
                low=low,
                high=high,
            )
        )


def one_of(name: str, value: object, choices: tuple[object, ...]) -> None:
    if value not in choices:
        raise FormatError(
            tr(
                "{name} is {value}, but must be one of: {choices}",
                name=name,
                value=value,
                choices=", ".join(str(choice) for choice in choices),
            )
        )


def whole(name: str, value: object, low: int, high: int) -> None:
    between(name, value, low, high)
    if not isinstance(value, int):
        raise FormatError(
            tr("{name} is {value}, but must be a whole number", name=name, value=value)
        )


def pair(name: str, value: Any, low: float, high: float) -> tuple[Any, Any]:
    """(smaller, larger), both from `low` to `high`."""
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise FormatError(
            tr("{name} is {value}, but must be a pair as [0.8, 1.2]", name=name, value=value)
        )
    for part in value:
        between(name, part, low, high)
    if value[0] > value[1]:
        raise FormatError(
            tr("{name} is {value}: put the smaller number first", name=name, value=value)
        )
    return value[0], value[1]


def zoom_pair(value: Any) -> tuple[float, float]:
    if isinstance(value, int | float):
        between("zoom_range", value, 0, 0.99)
        return float(1 - value), float(1 + value)
    if not isinstance(value, list | tuple) or len(value) != 2:
        raise FormatError(
            tr("zoom_range is {value}, but must be a number or a pair as [0.8, 1.2]", value=value)
        )
    low, high = pair("zoom_range", value, 0.01, 100)
    return float(low), float(high)


def shift(name: str, value: Any) -> Shift:
    """A number as it is; a list, whose values Keras draws from, as a tuple."""
    if not isinstance(value, list | tuple):
        between(name, value, 0, 10_000)
        return value  # type: ignore[no-any-return]  # a number: see above
    for part in value:
        between(name, part, -10_000, 10_000)
    return tuple(value) or 0.0
