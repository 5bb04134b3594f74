"""The catalogues of texts: `python -m tests.translations update` extracts and compiles them."""

from __future__ import annotations

import ast
import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
TRANSLATIONS = ROOT / "resources" / "translations"
FORMS = {"tr": 1, "ntr": 2}  # how many forms of a text the first arguments give


class Texts(Catalog):
    """A catalogue with a bare header, so that it changes only when a text does."""

    def __init__(self, language: str | None = None) -> None:
        super().__init__(language, header_comment="# Texts of Landmark GUI.", fuzzy=False)

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [
            ("Project-Id-Version", "Landmark GUI"),
            ("Language", str(self.locale_identifier or "")),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def extracted() -> Catalog:
    """Every text in the code, with the files where it stands."""
    catalog = Texts()
    for file in sorted((ROOT / "landmark_gui").rglob("*.py")):
        for message in texts_in(file.read_text("utf-8")):
            catalog.add(message, locations=[(file.relative_to(ROOT).as_posix(), 0)])
    return catalog


def texts_in(code: str) -> Iterator[str | tuple[str, ...]]:
    """What `tr` and `ntr` are called with. Raises ValueError for a text that is not a literal.

    The syntax tree is read since Babel's own extraction misses what stands inside an f-string.
    """
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            forms = [ast.literal_eval(text) for text in node.args[: FORMS.get(node.func.id, 0)]]
            if forms:
                yield tuple(forms) if len(forms) > 1 else forms[0]


def po_file(language: str) -> Path:
    return TRANSLATIONS / language / "LC_MESSAGES" / "landmark_gui.po"


def read(language: str) -> Catalog:
    """The catalogue of a language as a translator left it."""
    catalog = Texts(language)
    if po_file(language).exists():
        with po_file(language).open("rb") as file:
            for message in read_po(file, locale=language):
                if message.id:
                    catalog[message.id] = message
    return catalog


def strings(message: Message) -> tuple[str, ...]:
    """The words of a text: one for each plural form."""
    words = message.string or ""
    return (words,) if isinstance(words, str) else tuple(words)


def compiled(catalog: Catalog) -> bytes:
    buffer = io.BytesIO()
    write_mo(buffer, catalog)
    return buffer.getvalue()


def write(language: str, catalog: Catalog) -> None:
    path = po_file(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    buffer = io.BytesIO()
    write_po(buffer, catalog, width=100, sort_output=True, include_lineno=False)
    path.write_bytes(buffer.getvalue())
    path.with_suffix(".mo").write_bytes(compiled(catalog))


def update(language: str) -> int:
    """Bring a catalogue up to date with the code and compile it; how many texts lack words."""
    catalog = read(language)
    catalog.update(extracted(), no_fuzzy_matching=True)
    catalog.obsolete.clear()
    write(language, catalog)
    return sum(not all(strings(message)) for message in catalog if message.id)


if __name__ == "__main__":
    if sys.argv[1:] != ["update"]:
        sys.exit("usage: python -m tests.translations update")
    print(f"Korean: {update('ko')} texts are not translated")
