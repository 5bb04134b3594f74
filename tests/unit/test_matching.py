from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.matching import match


def ranked(query: str, *texts: str) -> list[str]:
    found = [(hit.score, text) for text in texts if (hit := match(query, text)) is not None]
    return [text for _, text in sorted(found, key=lambda pair: -pair[0])]


def test_letters_must_stand_in_their_order_but_not_side_by_side() -> None:
    assert match("npho", "Next photo") is not None
    assert match("otohp", "Next photo") is None
    assert match("", "Next photo") is not None


@pytest.mark.parametrize(
    "query, best, others",
    [
        ("zo", "Zoom out", ("Horizontal zone", "Open the folder of photos")),
        ("np", "Next photo", ("Open project", "Unpack", "Name the photos")),
        ("undo", "Undo", ("Undo draw box", "Found on", "Unlabelled and done")),
        ("photo next", "Next photo", ("Previous photo",)),
        ("exp", "Export boxes", ("Next photo", "Go to the next page")),
        ("box", "Boxes on this photo", ("Export boxes",)),
        ("12", "IMG_12.jpg", ("IMG_112.jpg", "IMG_102.jpg")),
    ],
)
def test_the_text_that_a_person_means_comes_first(
    query: str, best: str, others: tuple[str, ...]
) -> None:
    assert ranked(query, *others, best)[0] == best


def test_korean_by_syllables_and_by_initial_consonants() -> None:
    assert ranked("다음", "이전 사진", "다음 사진") == ["다음 사진"]
    assert ranked("ㄷㅇㅅ", "이전 사진", "다음 사진") == ["다음 사진"]
    assert ranked("ㄷ음", "다음 사진") == ["다음 사진"]
    assert match("ㅅㅈ ㄷㅇ", "다음 사진") is not None
    assert match("ㄱ", "다음 사진") is None


def test_decomposed_hangul_from_a_mac_is_the_same() -> None:
    import unicodedata

    assert match(unicodedata.normalize("NFD", "다음"), "다음 사진") is not None


def test_the_places_are_those_of_the_letters() -> None:
    hit = match("np", "Next photo")
    assert hit is not None and hit.places == (0, 5)


@given(st.text(max_size=40), st.data())
def test_every_subsequence_is_found_at_places_that_hold_its_letters(
    text: str, data: st.DataObject
) -> None:
    chosen = [place for place, letter in enumerate(text) if letter.isascii() and letter.isalnum()]
    places = sorted(data.draw(st.sets(st.sampled_from(chosen), max_size=8))) if chosen else []
    query = "".join(text[place] for place in places)
    hit = match(query.upper(), text)
    assert hit is not None
    letters = [text[place].lower() for place in hit.places]
    assert letters == list(query.lower())


@given(st.text(max_size=12), st.text(max_size=40))
def test_any_text_gets_an_answer(query: str, text: str) -> None:
    hit = match(query, text)
    assert hit is None or all(0 <= place < len(text) for place in hit.places)
