"""Texts from files and people are shown as they are, whatever they look like."""

from __future__ import annotations

import html

from PySide6.QtGui import Qt  # not QtCore's: this function is in QtGui's namespace alone


def verbatim(text: str) -> str:
    """`text` for a tool tip or a message box, where Qt renders what looks like HTML.

    A label takes `setTextFormat(Qt.TextFormat.PlainText)` instead.
    """
    if not Qt.mightBeRichText(text):
        return text
    return f'<span style="white-space: pre-wrap">{html.escape(text)}</span>'
