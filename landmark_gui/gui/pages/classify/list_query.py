"""Which of the classified photos the list shows and in which order: a value, and what it does."""

from __future__ import annotations

import math
import os
import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui.core.text_search import folded

if TYPE_CHECKING:
    from landmark_gui.gui.pages.classify.photos import Entry

_LAST = math.inf
"""Of what has no value: last, whichever way the others are sorted."""


class Kind(Enum):
    ALL = "all"
    NAMED = "named"
    UNKNOWN = "unknown"
    CORRECTED = "corrected"
    UNSENT = "unsent"
    FAILED = "failed"
    WAITING = "waiting"


class SortBy(Enum):
    ADDED = "added"
    NAME = "name"
    LABEL = "label"
    CERTAINTY = "certainty"
    UNKNOWN = "unknown"
    STATE = "state"


@dataclass(frozen=True)
class ListQuery:
    """A filter, a search and an order.

    Attributes:
        labels: what a photo must be said, or corrected, to show; empty for anything.
        low, high: confidence, both included; the whole range lets photos without one pass, too.
        text: words that must all be in the path, in any case, with or without accents.
        sort: by `CERTAINTY` the least certain come first.
    """

    kind: Kind = Kind.ALL
    labels: frozenset[str] = frozenset()
    low: float = 0.0
    high: float = 1.0
    text: str = ""
    sort: SortBy = SortBy.ADDED
    descending: bool = False

    @property
    def has_range(self) -> bool:
        return self.low > 0 or self.high < 1

    @property
    def filters(self) -> bool:
        """Whether it leaves photos out, apart from the search."""
        return bool(self.kind is not Kind.ALL or self.labels or self.has_range)

    @property
    def as_it_came(self) -> bool:
        """Whether it shows all photos in the order in which they came."""
        plain = self.sort is SortBy.ADDED and not self.descending
        return plain and not self.filters and not self.words

    @cached_property
    def words(self) -> list[str]:
        return folded(self.text).split()

    def without_filters(self) -> ListQuery:
        return ListQuery(text=self.text, sort=self.sort, descending=self.descending)


def is_of_kind(entry: Entry, kind: Kind) -> bool:
    return _KINDS[kind](entry)


_KINDS: dict[Kind, Callable[[Entry], bool]] = {
    Kind.ALL: lambda entry: True,
    Kind.NAMED: lambda entry: entry.verdict is not None and not entry.verdict.unknown,
    Kind.UNKNOWN: lambda entry: entry.verdict is not None and entry.verdict.unknown,
    Kind.CORRECTED: lambda entry: bool(entry.corrected),
    Kind.UNSENT: lambda entry: bool(entry.corrected) and not entry.sent,
    Kind.FAILED: lambda entry: entry.state == "failed",
    Kind.WAITING: lambda entry: entry.state in ("waiting", "stopped"),
}


def count_kinds(entries: Collection[Entry]) -> dict[Kind, int]:
    """How many photos there are of each kind."""
    return {kind: sum(map(_KINDS[kind], entries)) for kind in Kind}


def count_labels(entries: Iterable[Entry]) -> dict[str, int]:
    """What photos are said or corrected to show, and how often, from A to Z."""
    counts: dict[str, int] = {}
    for entry in entries:
        if entry.label:
            counts[entry.label] = counts.get(entry.label, 0) + 1
    return dict(sorted(counts.items(), key=lambda item: natural(item[0])))


def chosen(entries: Collection[Entry], query: ListQuery) -> list[Entry]:
    """The photos that a query lets pass, in its order; names decide among equals."""
    return ordered(passing(entries, query), query)


def passing(entries: Iterable[Entry], query: ListQuery) -> list[Entry]:
    found = list(entries)
    if query.kind is not Kind.ALL:
        found = list(filter(_KINDS[query.kind], found))
    if query.labels:
        found = [entry for entry in found if entry.label in query.labels]
    if query.has_range:
        low, high = query.low, query.high
        found = [e for e in found if e.verdict and low <= e.verdict.confidence <= high]
    for word in query.words:
        found = [entry for entry in found if word in entry.folded_place]
    return found


def ordered(entries: list[Entry], query: ListQuery) -> list[Entry]:
    if query.sort is SortBy.ADDED:
        return entries[::-1] if query.descending else entries
    by_name = sorted(entries, key=lambda entry: natural(entry.name))
    if query.sort is SortBy.NAME:
        return by_name[::-1] if query.descending else by_name
    # Two sorts of one value each compare far quicker than one sort of pairs.
    value = _by_label(entries) if query.sort is SortBy.LABEL else _VALUES[query.sort]
    return sorted(by_name, key=_turned(value) if query.descending else value)


def _turned(value: Callable[[Entry], float]) -> Callable[[Entry], float]:
    """The other way round, but what has no value stays last."""

    def turned(entry: Entry) -> float:
        found = value(entry)
        return found if found == _LAST else -found

    return turned


def _by_label(entries: Iterable[Entry]) -> Callable[[Entry], float]:
    """The places of labels from A to Z."""
    labels = sorted({entry.label for entry in entries}, key=natural)
    places: dict[str, float] = {label: place for place, label in enumerate(labels)}
    places[""] = _LAST
    return lambda entry: places[entry.label]


def _certainty(entry: Entry) -> float:
    return entry.verdict.confidence if entry.verdict is not None else _LAST


def _known(entry: Entry) -> float:
    """Unknown photos from -1 to 0, named ones from 0 to 1, each by their score."""
    if entry.verdict is None:
        return _LAST
    return entry.verdict.score - (1.0 if entry.verdict.unknown else 0.0)


_STATES = {"done": 0.0, "waiting": 1.0, "stopped": 2.0, "failed": 3.0}
_VALUES: dict[SortBy, Callable[[Entry], float]] = {
    SortBy.CERTAINTY: _certainty,
    SortBy.UNKNOWN: _known,
    SortBy.STATE: lambda entry: _STATES[entry.state],
}


@cache
def natural(name: str) -> str:
    """What to sort names by so that IMG_9 comes before IMG_10, as one text: quick to compare."""
    return re.sub(r"\d+", lambda digits: digits.group().zfill(12), name.casefold())


def folded_place(path: Path, name: str) -> str:
    """What a search looks through: the folder and the name."""
    folder = str(path).rsplit(os.sep, 2)[-2:-1]  # many times as quick as path.parent.name
    return folded("/".join((*folder, name)))


def warm(paths: Iterable[Path]) -> None:
    """Reckon what thousands of photos are sorted and searched by, on whichever thread there is."""
    for path in paths:
        natural(path.name)
        folded_place(path, path.name)


def toggled(query: ListQuery, label: str) -> ListQuery:
    """With this label among those that are shown, or without it."""
    return replace(query, labels=query.labels ^ {label})
