"""Numbers of a model's card, which may come from a stranger."""

from __future__ import annotations

import math
from typing import Any


def number(value: Any, low: float = -math.inf, high: float = math.inf) -> float:
    """A finite number from `low` to `high`.

    Raises:
        ValueError: if it is something else.
    """
    plain = isinstance(value, int | float) and not isinstance(value, bool)
    # A whole number of JSON may be too large for a float.
    if not plain or not low <= value <= high or not -math.inf < value < math.inf:
        raise ValueError(f"{value!r:.40} is no number from {low} to {high}")
    return float(value)


def share(value: Any) -> float:
    """A number from 0 to 1. Raises ValueError."""
    return number(value, 0, 1)


def count(value: Any) -> int:
    """A whole number from 0. Raises ValueError."""
    if type(value) is not int or not 0 <= value < 2**53:
        raise ValueError(f"{value!r:.40} is no count")
    return value
