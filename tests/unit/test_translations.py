from __future__ import annotations

import re
from string import Formatter

import pytest

from tests import translations

FIELD = Formatter()


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in FIELD.parse(text) if name}


@pytest.fixture(scope="module")
def korean():
    return translations.read("ko")


def test_every_text_of_the_code_is_in_the_catalogue_and_translated(korean) -> None:
    for message in translations.extracted():
        if message.id:
            known = korean.get(message.id)
            assert known is not None, f"run `python -m tests.translations update`: {message.id!r}"
            strings = known.string if isinstance(known.string, tuple) else (known.string,)
            assert all(strings), f"not translated into Korean: {message.id!r}"


def test_texts_are_found_inside_f_strings_and_must_be_literal() -> None:
    code = """f"{tr('Undo')} (Ctrl+Z)"; ntr("{n} box", "{n} " "boxes", 2)"""
    assert set(translations.texts_in(code)) == {"Undo", ("{n} box", "{n} boxes")}
    with pytest.raises(ValueError, match="malformed"):
        list(translations.texts_in("tr(name)"))


def test_translations_keep_the_fields_of_the_original(korean) -> None:
    for message in korean:
        if message.id:
            originals = message.id if isinstance(message.id, tuple) else (message.id,)
            strings = message.string if isinstance(message.string, tuple) else (message.string,)
            allowed = set().union(*map(fields, originals))
            for string in strings:
                assert fields(string) <= allowed, message.id
                if not message.pluralizable:
                    assert fields(string) == allowed, message.id


def test_translations_are_in_korean(korean) -> None:
    words = [m.string for m in korean if m.id and isinstance(m.string, str)]
    assert sum(bool(re.search("[가-힣]", text)) for text in words) > 0.9 * len(words)


def test_the_compiled_catalogue_is_up_to_date(korean) -> None:
    compiled = translations.po_file("ko").with_suffix(".mo").read_bytes()
    assert compiled == translations.compiled(korean)


def test_a_text_comes_out_in_the_chosen_language() -> None:
    from landmark_gui.core.i18n import ntr, set_language, tr

    set_language("ko")
    assert tr("Undo") == "실행 취소"
    assert "3" in ntr("{n} box was imported.", "{n} boxes were imported.", 3)
    set_language("en")
    assert tr("Undo") == "Undo"
    assert ntr("{n} box was imported.", "{n} boxes were imported.", 1) == "1 box was imported."


def test_what_argparse_says_is_known_to_argparse() -> None:
    import argparse
    import inspect

    from landmark_gui.cli_words import words_of_argparse

    source = inspect.getsource(argparse)
    for word in words_of_argparse():
        assert word.replace("\n", "\\n").replace("'", "\\'") in source or word in source


def test_the_command_line_speaks_the_language_of_the_system(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from landmark_gui import cli

    monkeypatch.setenv("LANGUAGE", "ko")
    with pytest.raises(SystemExit):
        cli.main(["crop"])
    said = capsys.readouterr().err
    assert "사용법: " in said and "다음 인수가 필요합니다: PROJECT" in said
