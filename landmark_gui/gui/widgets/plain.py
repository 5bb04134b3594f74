"""Text shown letter by letter: names and paths may come from a stranger's project or folder.

Left to itself Qt takes text with tags for HTML, and would show `<b>` in bold and load pictures.
"""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as Text
from PySide6.QtWidgets import QLabel


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


def menu_text(name: str) -> str:
    """A name as the text of a menu entry or button, where "&" would mark a key."""
    return name.replace("&", "&&")
