"""The manual: its pages, their sections, and a search over all of them.

A page is a Markdown file, `NAME.md`; `NAME.ko.md` is the same page in Korean, heading by heading.
What stands in which order is said by the links of `index.md`. Links between headings are by
GitHub's rule, so that the same files can be read there and as a site.
"""

from __future__ import annotations

import posixpath
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from landmark_gui.core.text_search import folded

INDEX = "index"
_HEADING = re.compile(r"^(#{1,6}) (.+)$")
_LINK = re.compile(r"(?<!!)\[([^]]+)\]\(([^)\s]+)\)")
_PICTURE = re.compile(r"!\[([^]]*)\]\([^)\s]+\)")
_AROUND = 60
"""Letters that the excerpt of a hit shows before the first word that was found."""


@dataclass(frozen=True)
class Place:
    """A page, and perhaps a heading on it ("" for its beginning)."""

    page: str
    anchor: str = ""


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it, up to the next heading.

    Attributes:
        level: 1 for the title of a page.
        text: without the marks of Markdown.
    """

    place: Place
    level: int
    title: str
    text: str


@dataclass(frozen=True)
class Hit:
    """A section that has all the words of a search."""

    page_title: str
    section: Section


@dataclass(frozen=True)
class Page:
    """A page of the manual in one language.

    Attributes:
        name: as "train"; the same in each language.
        is_translated: whether it speaks the language that was asked for.
    """

    name: str
    markdown: str
    is_translated: bool

    @cached_property
    def sections(self) -> tuple[Section, ...]:
        return tuple(_sections(self.name, self.markdown))

    @property
    def title(self) -> str:
        return self.sections[0].title if self.sections else self.name


class Manual:
    """The pages in `folder`, in `language` where there are such pages, else in English."""

    def __init__(self, folder: Path, language: str = "en") -> None:
        self.folder, self.language = folder, language
        self._pages: dict[str, Page] = {}

    def page(self, name: str) -> Page:
        """Read a page. Raises OSError if it cannot be read."""
        if name not in self._pages:
            self._pages[name] = self._read(name)
        return self._pages[name]

    @cached_property
    def contents(self) -> list[tuple[str, list[Page]]]:
        """The headings of the index, each with its pages, in their order."""
        groups: list[tuple[str, list[Page]]] = []
        for line in self.page(INDEX).markdown.splitlines():
            heading, link = _HEADING.match(line), _LINK.search(line)
            if heading and len(heading[1]) > 1:
                groups.append((_plain(heading[2]), []))
            elif groups and link and (place := self.place(link[2])):
                groups[-1][1].append(self.page(place.page))
        return groups

    def place(self, link: str, page: str = INDEX) -> Place | None:
        """Where a link on `page` leads within the manual; None if it leads elsewhere."""
        if re.match(r"[a-z]+:", link):
            return None
        target, _, anchor = link.partition("#")
        name = target.removesuffix(".md").removesuffix(f".{self.language}") if target else page
        is_page = not target or (target.endswith(".md") and target == posixpath.basename(target))
        return Place(name, anchor) if is_page and self._has(name) else None

    def markdown(self, page: Page) -> str:
        """A page as it is shown: of links that lead out of the manual, the words alone remain."""

        def kept(link: re.Match[str]) -> str:
            elsewhere = re.match(r"https?:", link[2])
            return link[0] if elsewhere or self.place(link[2], page.name) else link[1]

        return _LINK.sub(kept, page.markdown)

    def anchor(self, place: Place) -> str:
        """The anchor of the heading that is meant, on the page in its language."""
        shown = [section.place.anchor for section in self.page(place.page).sections]
        if place.anchor in shown or not place.anchor:
            return place.anchor
        english = [section.place.anchor for section in self._read(place.page, "").sections]
        same = len(english) == len(shown) and place.anchor in english
        return shown[english.index(place.anchor)] if same else ""

    def search(self, words: str) -> list[Hit]:
        """The sections with all the words, whole or in part; those with a fitting title first."""
        wanted = folded(words).split()
        ranked: list[tuple[int, Hit]] = []
        for page in [page for _, pages in self.contents for page in pages] if wanted else []:
            for section in page.sections:
                rank = _rank(wanted, section, page.title)
                if rank is not None:
                    ranked.append((rank, Hit(page.title, section)))
        return [hit for _, hit in sorted(ranked, key=lambda found: found[0])]

    def _has(self, name: str) -> bool:
        return (self.folder / f"{name}.md").is_file()

    def _read(self, name: str, language: str | None = None) -> Page:
        language = self.language if language is None else language
        translated = self.folder / f"{name}.{language}.md"
        found = translated if language and translated.is_file() else self.folder / f"{name}.md"
        text = found.read_text(encoding="utf-8")
        return Page(name, text, found == translated or language in ("", "en"))


def anchor_of(heading: str) -> str:
    """What a heading is linked by, as GitHub makes it: letters, digits, hyphens."""
    plain = re.sub(r"\[([^]]*)]\([^)]*\)", r"\1", heading).strip().lower()
    kept = (
        letter for letter in plain if letter in " -_" or unicodedata.category(letter)[0] in "LN"
    )
    return "".join(kept).replace(" ", "-")


def excerpt(text: str, words: str) -> str:
    """The part of `text` round the first of the words that stands in it."""
    start = max(_first_of(text, words) - _AROUND, 0)
    start = text.rfind(" ", 0, start) + 1 if start else 0
    return ("…" if start else "") + text[start : start + 3 * _AROUND]


def _first_of(text: str, words: str) -> int:
    """Where in `text` the first of the words stands; 0 if none does."""
    lower = text.lower()
    if len(lower) == len(text):
        places = [at for word in words.lower().split() if (at := lower.find(word)) >= 0]
        if places:
            return min(places)
    # Folded, a letter may become several: half a Korean syllable is found in a whole one.
    letters = [(folded(letter), at) for at, letter in enumerate(text)]
    plain = "".join(letter for letter, _ in letters)
    origins = [at for letter, at in letters for _ in letter]
    return min(
        (origins[at] for w in folded(words).split() if (at := plain.find(w)) >= 0), default=0
    )


def _sections(page: str, markdown: str) -> Iterator[Section]:
    heading, lines, in_code = None, list[str](), False
    for line in [*markdown.splitlines(), "# "]:
        in_code ^= line.startswith("```")
        match = None if in_code else re.match(r"(#{1,6}) (.*)", line)
        if match is None:
            lines.append(line)
            continue
        if heading is not None:
            place = Place(page, anchor_of(heading[2]) if len(heading[1]) > 1 else "")
            yield Section(place, len(heading[1]), _plain(heading[2]), _plain("\n".join(lines)))
        heading, lines = match, []


def _plain(markdown: str) -> str:
    """The text that a reader sees, in one line."""
    text = _LINK.sub(r"\1", _PICTURE.sub("", markdown))
    text = re.sub(r"^\|[ :|-]+\|$|^```\w*$|^> ", "", text, flags=re.MULTILINE)
    text = re.sub(r"[`*]|(?<!\\)\||\\(?=[|<>*])", "", text)
    return " ".join(text.split())


def _rank(wanted: list[str], section: Section, page_title: str) -> int | None:
    """How well a section fits, 0 best; None if a word is missing."""
    title, text = folded(section.title), folded(section.text)
    if all(word in title for word in wanted):
        return 0 if section.level == 1 else 1
    rest = [word for word in wanted if word not in folded(page_title)]
    if all(word in title for word in rest):
        return 2
    return 3 if all(word in title or word in text for word in rest) else None
