"""Which photos belong together, and why: copies, near-duplicates, and bursts of one camera."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

from landmark_gui.core.project import Photo, Project
from landmark_gui.core.splits import SplitSettings

if TYPE_CHECKING:  # OpenCV and NumPy: the window starts without them
    from landmark_gui.core.quality.facts import Facts

Kind = Literal["exact", "near", "burst"]


@dataclass(frozen=True)
class Link:
    """Why two photos must stay together.

    Attributes:
        kind: "exact" (the same bytes), "near" (they look alike) or "burst" (one camera, shortly
            one after the other).
        a, b: photo ids, a < b.
        distance: of "near" how many bits of 256 differ, of "burst" the seconds between both.
    """

    kind: Kind
    a: int
    b: int
    distance: float = 0.0


def links(project: Project, facts: Facts | None, settings: SplitSettings) -> list[Link]:
    """What ties photos together.

    Of photos that are all alike only so many links as join them: of three copies A, B, C those of
    A with B and with C, of near-duplicates the nearest first.

    Photos that are skipped, missing or unreadable are left out; whether a photo is labelled does
    not matter.

    Args:
        facts: of `facts.gather`; without it only exact copies are found, by what the scan knows.
        settings: `near_distance` and `burst_seconds`.

    Returns:
        Exact, near and burst links, each kind ordered by photo ids.
    """
    photos = sorted(filter(_counts, project.photos.values()), key=lambda photo: photo.id)
    known = facts or {}
    copies = _copies(photos, known)
    first = [same[0] for same in copies]
    return [
        *(Link("exact", same[0].id, other.id) for same in copies for other in same[1:]),
        *_near(first, known, settings.near_distance),
        *_bursts(photos, known, settings.burst_seconds),
    ]


def groups(project: Project, facts: Facts | None, settings: SplitSettings) -> dict[int, int]:
    """The group of each photo: its number is the smallest photo id in it.

    Photos that are linked, if only through others, are in one group.
    """
    together = Joined(photo.id for photo in project.photos.values() if _counts(photo))
    for link in links(project, facts, settings):
        together.join(link.a, link.b)
    return together.roots()


class Joined:
    """Members that pairs connect, in sets that grow together; the smallest speaks for its set."""

    def __init__(self, members: Iterable[int]) -> None:
        self._parent = {member: member for member in members}

    def root(self, member: int) -> int:
        parent = self._parent
        while parent[member] != member:
            parent[member] = parent[parent[member]]
            member = parent[member]
        return member

    def join(self, a: int, b: int) -> bool:
        """Whether both were apart until now."""
        low, high = sorted((self.root(a), self.root(b)))
        self._parent[high] = low
        return low != high

    def roots(self) -> dict[int, int]:
        return {member: self.root(member) for member in self._parent}


def _counts(photo: Photo) -> bool:
    return photo.state == "ok" and photo.review != "skipped"


def _copies(photos: list[Photo], facts: Facts) -> list[list[Photo]]:
    """Exact copies together; where a large file was not read yet, all that are as large as it."""
    content = {p.id: facts[p.id].content if p.id in facts else p.hash for p in photos}
    unread = {_size(photo) for photo in photos if not content[photo.id]}
    alike: dict[Hashable, list[Photo]] = defaultdict(list)
    for photo in photos:
        alike[_size(photo) if _size(photo) in unread else content[photo.id]].append(photo)
    return list(alike.values())


def _size(photo: Photo) -> tuple[int, int, int]:
    return photo.size, photo.width, photo.height


def _near(photos: list[Photo], facts: Facts, distance: int | None) -> list[Link]:
    looks = tuple(
        (photo.id, found.whole.phash)
        for photo in photos
        if (found := facts.get(photo.id)) is not None and found.whole is not None
    )
    return [] if distance is None or not looks else list(_alike(looks, distance))


@lru_cache(maxsize=4)
def _alike(looks: tuple[tuple[int, str], ...], distance: int) -> tuple[Link, ...]:
    """Remembered: splits, faults and counts ask the same, and most edits change no picture."""
    from landmark_gui.core.quality.neighbours import near_forest

    ids, hashes = zip(*looks, strict=True)
    a, b, bits = (column.tolist() for column in near_forest(hashes, distance))
    return tuple(
        Link("near", ids[one], ids[other], float(differing))
        for one, other, differing in zip(a, b, bits, strict=True)
    )


def _bursts(photos: list[Photo], facts: Facts, seconds: float) -> list[Link]:
    cameras: dict[str, list[tuple[datetime, int]]] = defaultdict(list)
    for photo in photos:
        found = facts.get(photo.id)
        if seconds and found is not None and found.camera and (time := time_of(found.taken)):
            cameras[found.camera].append((time, photo.id))
    found_links = []
    for shots in cameras.values():
        for (earlier, one), (later, other) in pairwise(sorted(shots)):
            apart = (later - earlier).total_seconds()
            if apart <= seconds:
                found_links.append(Link("burst", min(one, other), max(one, other), apart))
    return sorted(found_links, key=lambda link: (link.a, link.b))


def time_of(text: str) -> datetime | None:
    """When a photo was taken by its `PhotoFacts.taken`; None if that is no time."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        return None
