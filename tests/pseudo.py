"""A language that nobody speaks: every text in marks and a third longer, to find those that are
not translated, and those that have no room to be.
"""

from __future__ import annotations

import gettext
import math

OPEN, CLOSE, MORE = "⟦", "⟧", "~"
_WORD = f"{MORE * 6} "


def marked(text: str) -> str:
    """`text` in this language."""
    more = max(math.ceil(len(text) / 3) - 2, 0)  # the marks are two letters themselves
    return f"{OPEN}{text}{(_WORD * more)[:more]}{CLOSE}" if text else text


class Pseudo(gettext.NullTranslations):
    """The catalogue of this language."""

    def gettext(self, message: str) -> str:
        return marked(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return marked(msgid1 if n == 1 else msgid2)


def unmarked(text: str) -> str:
    """What of a text stands outside of the marks."""
    left, depth = [], 0
    for letter in text:
        depth += letter == OPEN
        if not depth:
            left.append(letter)
        depth -= letter == CLOSE
    return "".join(left)
