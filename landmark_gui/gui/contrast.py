"""How well one colour is seen on another, as WCAG 2 has it.

https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio: (L1 + 0.05) / (L2 + 0.05), of which L1 is the
relative luminance of the lighter colour. Text asks for 4.5, for 7 where contrast is wanted
(success criteria 1.4.3 and 1.4.6), the border of a control and its focus ring for 3 (1.4.11).
"""

from __future__ import annotations

from functools import cache

from PySide6.QtGui import QColor

TEXT, STRONG_TEXT, SHAPE = 4.5, 7.0, 3.0
"""The least contrast of text, of text in a theme of high contrast, and of borders."""


def luminance(color: QColor) -> float:
    """The relative luminance of a colour, 0 (black) to 1 (white)."""
    parts = (color.redF(), color.greenF(), color.blueF())
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: QColor | str, other: QColor | str) -> float:
    """The contrast ratio of two opaque colours, 1 (the same) to 21 (black on white)."""
    high, low = sorted((luminance(QColor(one)), luminance(QColor(other))), reverse=True)
    return (high + 0.05) / (low + 0.05)


@cache
def ink_on(rgb: int) -> QColor:
    """Black or white, whichever is seen better on the colour; at least 4.5 on any."""
    light = luminance(QColor(rgb)) > 0.179  # where both have a contrast of 4.6
    return QColor("#000000" if light else "#ffffff")
