"""What the palette offers: commands, photos, landmarks and recent projects, ranked by a query."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QIcon

from landmark_gui.core.i18n import tr
from landmark_gui.core.matching import Match, match
from landmark_gui.core.paths import composed
from landmark_gui.core.project import Landmark
from landmark_gui.gui.commands import NATIVE, Commands
from landmark_gui.gui.icons import icon
from landmark_gui.gui.widgets.rows import swatch_icon

if TYPE_CHECKING:
    from landmark_gui.gui.document import Document
    from landmark_gui.gui.main_window import MainWindow

LEAST = 2
"""Letters from which photos, landmarks and projects are searched."""
MOST = 8
"""How many of each of them are offered at the most."""
_GREY, _RECENT, _BY_CATEGORY = -6.0, 4.0, -12.0


@dataclass(frozen=True)
class PaletteItem:
    """One row of the palette.

    Attributes:
        category: shown at the right, and searched if the text alone does not fit.
        keys: the first key, as the system writes it.
        enabled: False greys it; `why_not` then says why, if that is known.
        id: under which it is remembered as recently used; "" for what is not.
    """

    text: str
    category: str
    run: Callable[[], object] = field(compare=False)
    icon: QIcon = field(default_factory=QIcon, compare=False)
    keys: str = ""
    enabled: bool = True
    why_not: str = ""
    id: str = ""

    @property
    def all_text(self) -> str:
        """What the row says, in one line."""
        return ", ".join(filter(None, (self.text, self.category, self.keys, self.why_not)))


@dataclass(frozen=True)
class Hit:
    """An item that fits a query, and which letters of its text do."""

    item: PaletteItem
    places: tuple[int, ...] = ()


def rank(query: str, items: Sequence[PaletteItem], recent: Sequence[str]) -> list[Hit]:
    """The items that fit a query, best first; for an empty one all, recently used ones first."""
    ages = {id_: age for age, id_ in enumerate(recent)}
    if not query.strip():
        order = sorted(items, key=lambda item: ages.get(item.id, len(ages)))
        return [Hit(item) for item in order]
    scored = []
    for place, item in enumerate(items):
        found = _fit(query, item)
        if found is not None:
            bonus = _RECENT / (1 + ages[item.id]) if item.id in ages else 0.0
            score = found.score + bonus + (0.0 if item.enabled else _GREY)
            scored.append((-score, place, Hit(item, found.places)))
    return [hit for _, _, hit in sorted(scored, key=lambda entry: entry[:2])]


def _fit(query: str, item: PaletteItem) -> Match | None:
    found = match(query, item.text)
    if found is not None:
        return found
    both = f"{item.text} {item.category}"  # with the category only whole words count
    wider = match(query, both)
    if wider is None or not all(word in both.casefold() for word in query.casefold().split()):
        return None
    places = tuple(place for place in wider.places if place < len(item.text))
    return Match(wider.score + _BY_CATEGORY, places)


def command_items(commands: Commands, window: MainWindow) -> Iterator[PaletteItem]:
    """Every command, greyed if it cannot be called now."""
    for command in commands.all():
        if command.id == "help.palette":
            continue
        shortcut = command.action.shortcut()
        why_not = window.why_not(command)
        yield PaletteItem(
            command.text,
            command.category,
            partial(window.call, command),
            command.action.icon(),
            shortcut.toString(NATIVE),
            command.available and not why_not,
            why_not,
            command.id,
        )


class Search:
    """Photos, landmarks and projects by name, as they are when the palette opens."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._document = window.context.document
        self._photos: list[tuple[str, int]] | None = None
        self._projects: list[PaletteItem] | None = None

    def items(self, query: str) -> Iterator[PaletteItem]:
        """What fits, at most `MOST` of a kind; nothing for less than `LEAST` letters."""
        wanted = query.strip()
        if len(wanted) < LEAST:
            return
        yield from _best(wanted, self._landmarks())
        yield from self._found_photos(wanted)
        yield from _best(wanted, self._recent())

    def _landmarks(self) -> Iterator[PaletteItem]:
        document = self._document
        for mark in document.project.ordered_landmarks() if document else ():
            choose = partial(self._choose, mark)
            picture = swatch_icon(mark.color)
            yield PaletteItem(mark.name, tr("Choose landmark"), choose, picture, mark.key)

    def _found_photos(self, query: str) -> list[PaletteItem]:
        """Photos whose path holds each word of the query: 10,000 are looked through in 2 ms."""
        document, words = self._document, composed(query).casefold().split()
        if document is None:
            return []
        found: list[tuple[int, int, int]] = []
        for path, photo_id in self._paths(document):
            if all(word in path for word in words):
                found.append((len(path), len(found), photo_id))
        return [
            self._photo(document, photo_id)
            for _, _, photo_id in heapq.nsmallest(MOST, found)
            if photo_id in document.project.photos
        ]

    def _photo(self, document: Document, photo_id: int) -> PaletteItem:
        show, path = partial(self._show, document, photo_id), document.project.photos[photo_id].path
        return PaletteItem(composed(path), tr("Go to photo"), show, icon("photo"))

    def _paths(self, document: Document) -> list[tuple[str, int]]:
        if self._photos is None:
            photos = document.project.photos.values()
            self._photos = [(composed(photo.path).casefold(), photo.id) for photo in photos]
        return self._photos

    def _recent(self) -> list[PaletteItem]:
        if self._projects is None:
            self._projects = [
                PaletteItem(path.stem, tr("Open project"), partial(self._window.opening.open, path))
                for path in self._window.context.settings.recent_projects()
                if self._document is None or path != self._document.path
            ]
        return self._projects

    def _choose(self, mark: Landmark) -> None:
        if self._document is not None:
            self._window.show_page("label")
            self._document.set_current_landmark(mark.id)

    def _show(self, document: Document, photo_id: int) -> None:
        self._window.show_page("label")
        document.set_current(photo_id)


def _best(query: str, items: Iterable[PaletteItem]) -> list[PaletteItem]:
    return [hit.item for hit in rank(query, list(items), ())[:MOST]]
