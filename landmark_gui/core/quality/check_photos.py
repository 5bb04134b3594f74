"""Faults of photos as files: those that cannot be read, and those that are there twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePosixPath

import numpy as np

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Photo
from landmark_gui.core.quality.neighbours import Likeness
from landmark_gui.core.quality.phash import BITS
from landmark_gui.core.quality.report import Case, Fault, Finding, Subject
from landmark_gui.core.quality.scope import Scope


def unreadable(scope: Scope) -> Finding:
    """Photos whose header or pixels cannot be read."""
    cases = [
        Case((Subject(photo.id),), reason)
        for photo in scope.project.photos.values()
        if not scope.is_dealt_with(photo) and (reason := _reason(scope, photo))
    ]
    return Finding(Fault.UNREADABLE, tuple(cases), ("exclude", "trash"))


def _reason(scope: Scope, photo: Photo) -> str:
    if photo.state == "unreadable":
        return photo.reason or tr("it cannot be read")
    return scope.fault(photo) if photo.state == "ok" else ""


def duplicates(scope: Scope) -> list[Finding]:
    """Photos that are there twice, to the byte or nearly, under one landmark or under several."""
    cases: dict[Fault, list[Case]] = {fault: [] for fault in _DUPLICATES}
    copies = _copies(scope)
    for family in copies:
        fault = Fault.EXACT_ACROSS if _contradict(scope, family) else Fault.EXACT_WITHIN
        cases[fault].append(_case(family, ""))
    for family, bits in _near(scope, {copy: same[0] for same in copies for copy in same}):
        fault = Fault.NEAR_ACROSS if _contradict(scope, family) else Fault.NEAR_WITHIN
        cases[fault].append(_case(family, _difference(bits), -bits))
    return [
        Finding(fault, tuple(found), ("relabel", "exclude", "trash"))
        if fault in (Fault.EXACT_ACROSS, Fault.NEAR_ACROSS)
        else Finding(fault, tuple(found), ("exclude", "trash"))
        for fault, found in cases.items()
    ]


_DUPLICATES = (Fault.EXACT_ACROSS, Fault.EXACT_WITHIN, Fault.NEAR_ACROSS, Fault.NEAR_WITHIN)


def _case(family: list[int], detail: str, closeness: float = 0.0) -> Case:
    """Larger families first; among equal ones the closest."""
    severity = len(family) + closeness / 1000
    return Case(tuple(Subject(photo_id) for photo_id in family), detail, severity)


def _difference(bits: int) -> str:
    if not bits:
        return tr("no difference to be seen")
    return ntr("{n} of {bits} bits differs", "{n} of {bits} bits differ", bits, bits=BITS)


def _copies(scope: Scope) -> list[list[int]]:
    """Exact copies, of each the one to keep first; photos that were not read yet have none."""
    alike: dict[str, list[int]] = defaultdict(list)
    for photo_id, photo in scope.photos.items():
        known = scope.facts.get(photo_id)
        alike[photo.hash if known is None else known.content].append(photo_id)
    several = (same for content, same in alike.items() if content and len(same) > 1)
    return [sorted(same, key=lambda photo_id: _worth(scope, photo_id)) for same in several]


def _near(scope: Scope, kept: Mapping[int, int]) -> Iterator[tuple[list[int], int]]:
    """Photos that look alike, the one to keep first, and in how many bits they differ at most.

    All look like the first: what only looks like another of them makes a family of its own, so
    that a chain of small differences never throws away a photo that looks like none that is kept.
    The links of the scope are not enough for that: they only join photos.

    Args:
        kept: of each exact copy the one that stands for all of them.
    """
    linked = (
        photo_id for link in scope.links if link.kind == "near" for photo_id in (link.a, link.b)
    )
    ids = sorted({kept.get(photo_id, photo_id) for photo_id in linked})
    distance = scope.settings.near_distance
    if distance is None or not ids:
        return
    looks = (scope.facts[photo_id].whole for photo_id in ids)
    likeness = Likeness([look.phash for look in looks if look is not None])  # linked: all have one
    left = np.ones(len(ids), bool)
    for place in sorted(range(len(ids)), key=lambda place: _worth(scope, ids[place])):
        if left[place]:
            left[place] = False
            others, bits = likeness.near(place, np.flatnonzero(left), distance)
            left[others] = False
            if len(others):
                yield [ids[place], *(ids[index] for index in others)], int(bits.max())


def _worth(scope: Scope, photo_id: int) -> tuple[bool, int, int, int, int]:
    """What is kept sorts first: labelled, with more boxes, of more pixels, of the shorter name.

    Systems and programs lengthen the name of a copy: "IMG_1 (2)", "Copy of IMG_1", "IMG_1_small".
    """
    photo = scope.photos[photo_id]
    labelled = bool(scope.landmarks_on[photo_id])
    boxes, pixels = len(scope.boxes[photo_id]), photo.width * photo.height
    return not labelled, -boxes, -pixels, len(PurePosixPath(photo.path).name), photo_id


def _contradict(scope: Scope, family: Iterable[int]) -> bool:
    """Whether no landmark is on all of those that are labelled."""
    told = [marks for photo_id in family if (marks := scope.landmarks_on[photo_id])]
    return bool(told) and not frozenset.intersection(*told)
