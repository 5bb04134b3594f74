"""Finding a name by a few of its letters.

"npho" finds "Next photo", and "ㄷㅇ ㅅㅈ" finds "다음 사진".
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from landmark_gui.core.paths import composed

_INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ"
_FIRST, _LAST, _PER_INITIAL = 0xAC00, 0xD7A3, 588  # the Hangul syllables of Unicode
_START, _WORD, _NEXT, _GAP, _LENGTH = 12, 8, 6, 1, 0.05
"""Points for the first letter of the text, of a word, and for a letter right behind the last
one; what each skipped letter and each letter of the text costs."""


@dataclass(frozen=True)
class Match:
    """How well a text fits a query.

    Attributes:
        score: the higher, the better; comparable between texts for one query.
        places: indices of the letters that were matched, ascending.
    """

    score: float
    places: tuple[int, ...]


def match(query: str, text: str) -> Match | None:
    """How `text` fits `query`, or None if it does not.

    The letters of each word of the query stand in the text in their order, not necessarily
    side by side; the words may come in any order. Case does not matter. A Korean initial
    consonant stands for every syllable that begins with it.
    """
    letters, starts, initials = _prepared(text)
    score, places = -_LENGTH * len(letters), set[int]()
    for word in composed(query).lower().split():
        found = _best(word, letters, initials, starts)
        if found is None:
            return None
        score += found.score
        places.update(found.places)
    return Match(score, tuple(sorted(places)))


@lru_cache(maxsize=4096)
def _prepared(text: str) -> tuple[str, frozenset[int], str]:
    """The letters in lower case, where words start, and the letters with Korean initials."""
    lower = "".join(letter.lower()[:1] for letter in text)  # "İ" grows: places must stay
    starts = {
        place
        for place, letter in enumerate(text)
        if letter.isalnum()
        and (
            place == 0
            or not text[place - 1].isalnum()
            or (letter.isupper() and text[place - 1].islower())
            or (letter.isdigit() and not text[place - 1].isdigit())
        )
    }
    return lower, frozenset(starts), "".join(map(_initial, lower))


def _initial(letter: str) -> str:
    code = ord(letter)
    return _INITIALS[(code - _FIRST) // _PER_INITIAL] if _FIRST <= code <= _LAST else letter


def _best(word: str, letters: str, initials: str, starts: frozenset[int]) -> Match | None:
    """The best of the ways to read `word` in the text, one for each place of its first letter."""
    sources = [initials if letter in _INITIALS else letters for letter in word]
    first, best = sources[0].find(word[0]), None
    while first >= 0:
        for eager in (True, False):
            places = _places(word, sources, first, starts if eager else frozenset())
            if places is not None:
                found = Match(_score(places, starts), places)
                best = found if best is None or found.score > best.score else best
        first = sources[0].find(word[0], first + 1)
    return best


def _places(
    word: str, sources: list[str], first: int, starts: frozenset[int]
) -> tuple[int, ...] | None:
    """Where the letters of `word` stand from `first` on; each takes the next place, or a later
    one where a word starts if it can be had.
    """
    places = [first]
    for letter, source in zip(word[1:], sources[1:], strict=True):
        following = source.find(letter, places[-1] + 1)
        if following < 0:
            return None
        if following != places[-1] + 1:
            heads = (p for p in starts if p > following and source[p] == letter)
            following = min(heads, default=following) if following not in starts else following
        places.append(following)
    return tuple(places)


def _score(places: tuple[int, ...], starts: frozenset[int]) -> float:
    score = float(_START if places[0] == 0 else 0)
    for index, place in enumerate(places):
        before = places[index - 1] if index else None
        score += 1 + (_WORD if place in starts else 0)
        if before is not None:
            score += _NEXT if place == before + 1 else -_GAP * min(place - before - 1, 10)
    return score
