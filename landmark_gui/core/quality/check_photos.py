"""Faults of photos as files: those that cannot be read, and those that are there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Photo
from landmark_gui.core.quality.report import Case, Fault, Finding, Subject
from landmark_gui.core.quality.scope import Scope

Neighbours = Mapping[int, Mapping[int, float]]
"""For a photo id those that look like it, and in how many bits they differ."""


def unreadable(scope: Scope) -> Finding:
    """Photos whose header or pixels cannot be read."""
    cases = [
        Case((Subject(photo.id),), reason)
        for photo in scope.project.photos.values()
        if photo.review != "skipped" and (reason := _reason(scope, photo))
    ]
    return Finding(Fault.UNREADABLE, tuple(cases), ("exclude", "trash"))


def _reason(scope: Scope, photo: Photo) -> str:
    if photo.state == "unreadable":
        return photo.reason or tr("it cannot be read")
    return scope.fault(photo) if photo.state == "ok" else ""


def duplicates(scope: Scope) -> list[Finding]:
    """Photos that are there twice, to the byte or nearly, under one landmark or under several."""
    exact = list(_families(scope, _neighbours(scope, "exact")))
    copies = {photo_id for family in exact for photo_id in family[1:]}
    near = _neighbours(scope, "near", without=copies)
    cases: dict[Fault, list[Case]] = {fault: [] for fault in _DUPLICATES}
    for family in exact:
        across = _contradict(scope, family)
        cases[Fault.EXACT_ACROSS if across else Fault.EXACT_WITHIN].append(_case(family, ""))
    for family in _families(scope, near):
        across = _contradict(scope, family)
        farthest = max(near[family[0]][other] for other in family[1:])
        detail = ntr("{n} of 64 bits differs", "{n} of 64 bits differ", round(farthest))
        fault = Fault.NEAR_ACROSS if across else Fault.NEAR_WITHIN
        cases[fault].append(_case(family, detail, -farthest))
    return [
        Finding(fault, tuple(found), ("relabel", "exclude", "trash"))
        if fault in (Fault.EXACT_ACROSS, Fault.NEAR_ACROSS)
        else Finding(fault, tuple(found), ("exclude", "trash"))
        for fault, found in cases.items()
    ]


_DUPLICATES = (Fault.EXACT_ACROSS, Fault.EXACT_WITHIN, Fault.NEAR_ACROSS, Fault.NEAR_WITHIN)


def _case(family: list[int], detail: str, closeness: float = 0.0) -> Case:
    """Larger families first; among equal ones the closest."""
    severity = len(family) + closeness / 100
    return Case(tuple(Subject(photo_id) for photo_id in family), detail, severity)


def _neighbours(scope: Scope, kind: str, without: Iterable[int] = ()) -> Neighbours:
    gone, found = set(without), defaultdict[int, dict[int, float]](dict)
    for link in scope.links:
        if link.kind == kind and not {link.a, link.b} & gone:
            found[link.a][link.b] = found[link.b][link.a] = link.distance
    return _closed(found) if kind == "exact" else found


def _closed(found: dict[int, dict[int, float]]) -> Neighbours:
    """Copies of copies are copies, though only some of the pairs are linked."""
    closed: dict[int, dict[int, float]] = {}
    for start in found:
        if start not in closed:
            family, todo = {start}, [start]
            while todo:
                new = found[todo.pop()].keys() - family
                family |= new
                todo += new
            closed |= {one: dict.fromkeys(family - {one}, 0.0) for one in family}
    return closed


def _families(scope: Scope, neighbours: Neighbours) -> Iterator[list[int]]:
    """Photos that look alike, the one to keep first and each once.

    All look like the first: what only looks like another of them makes a family of its own, so
    that a chain of small differences never throws away a photo that looks like none that is kept.
    """
    taken: set[int] = set()
    for photo_id in sorted(neighbours, key=lambda photo_id: _worth(scope, photo_id)):
        if photo_id not in taken:
            others = [other for other in neighbours[photo_id] if other not in taken]
            if others:
                taken |= {photo_id, *others}
                yield [photo_id, *sorted(others)]


def _worth(scope: Scope, photo_id: int) -> tuple[bool, int, int, int]:
    """What is kept sorts first: labelled, with more boxes, of more pixels, of the lower id."""
    photo = scope.photos[photo_id]
    labelled = bool(scope.landmarks_on[photo_id])
    return not labelled, -len(scope.boxes_of(photo)), -photo.width * photo.height, photo_id


def _contradict(scope: Scope, family: Iterable[int]) -> bool:
    """Whether no landmark is on all of those that are labelled."""
    told = [marks for photo_id in family if (marks := scope.landmarks_on[photo_id])]
    return bool(told) and not frozenset.intersection(*told)
