"""Text shown letter by letter: names and paths may come from a stranger's project or folder.

Left to itself Qt takes text with tags for HTML, and would show `<b>` in bold and load pictures.
"""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Text
from PySide6.QtWidgets import QLabel

_LONG, _PIECE = 14, 10
"""Longer words than any of ours are broken, into pieces that fit the narrowest column."""
_MAY_BREAK = "\u200b"


def label(text: str = "") -> QLabel:
    """A label; the only way to make one here."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    return made


def literal(text: str) -> str:
    """`text` for tool tips and message boxes, which cannot be told that it is plain."""
    if not Text.mightBeRichText(text):
        return text
    return f'<span style="white-space: pre-wrap">{html.escape(text)}</span>'


def breakable(text: str) -> str:
    """`text` for a label that wraps: a line may end within long words, as file names are."""
    return re.sub(rf"\S{{{_LONG + 1},}}", lambda word: _wrappable(word[0]), text)


def _wrappable(word: str) -> str:
    parts = re.findall(rf"[^_./-]{{1,{_PIECE}}}[_./-]?|[_./-]", word)
    return _MAY_BREAK.join(parts)


def menu_text(name: str) -> str:
    """A name as the text of a menu entry or button, where "&" would mark a key."""
    return name.replace("&", "&&")
