"""Text as a search compares it."""

from __future__ import annotations

import unicodedata
from functools import cache


@cache
def folded(text: str) -> str:
    """`text` for comparing: no case, no accents, Hangul syllables taken apart into letters.

    A file name from a Mac equals the one that is typed, and a syllable that is half typed is
    found in the whole one.
    """
    if text.isascii():
        return text.casefold()
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
