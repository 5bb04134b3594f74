"""Faults of landmarks and splits: few photos, all of one moment, the same on both sides.

Where the limits come from stands in docs/adr/0018.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from landmark_gui.core import splits
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.quality.report import Case, Fault, Finding, Subject
from landmark_gui.core.quality.scope import Scope

ENOUGH = 20
"""Different photos of a landmark: with 15 % for the test the least that gives it three."""
UNEVEN = 3.0
"""How many times as many examples the largest landmark may have as another one."""


class LabelErrorLike(Protocol):
    """An example that a model takes for another landmark; the landmarks by their names."""

    @property
    def photo_id(self) -> int: ...
    @property
    def box_id(self) -> str | None: ...
    @property
    def given(self) -> str: ...
    @property
    def likely(self) -> str: ...
    @property
    def confidence(self) -> float: ...


def distinct(scope: Scope, landmark_id: int) -> int:
    """How many photos of a landmark there are that are neither copies nor of one burst."""
    return len({scope.groups[photo_id] for photo_id in scope.photos_of(landmark_id)})


def few_photos(scope: Scope) -> Finding:
    """Landmarks with fewer different photos than a test needs."""
    cases = []
    for landmark_id in scope.by_landmark:
        count, photos = distinct(scope, landmark_id), len(scope.photos_of(landmark_id))
        if count < ENOUGH:
            detail = ntr("{n} photo", "{n} photos", photos)
            if count < photos:
                detail = tr("{photos} photos, {n} different ones", photos=photos, n=count)
            cases.append(Case((), detail, 1 - count / ENOUGH, landmark_id))
    return Finding(Fault.FEW_PHOTOS, tuple(cases))


def imbalance(scope: Scope) -> Finding:
    """Landmarks with far fewer examples than the largest one."""
    sizes = {mark: len(examples) for mark, examples in scope.by_landmark.items() if examples}
    most = max(sizes.values(), default=0)
    cases = [
        Case((), tr("{n} examples of {most}", n=size, most=most), most / size, landmark_id)
        for landmark_id, size in sizes.items()
        if most > UNEVEN * size
    ]
    return Finding(Fault.IMBALANCE, tuple(cases))


def one_burst(scope: Scope) -> Finding:
    """Landmarks all of whose photos stand in one group, so that none is left for a test."""
    cases = []
    for landmark_id in scope.by_landmark:
        photos = scope.photos_of(landmark_id)
        if len(photos) > 1 and distinct(scope, landmark_id) == 1:
            subjects = tuple(Subject(photo_id) for photo_id in photos)
            cases.append(Case(subjects, "", len(photos), landmark_id))
    return Finding(Fault.ONE_BURST, tuple(cases))


def split_leaks(scope: Scope) -> Finding:
    """Groups whose photos stand in several splits."""
    if scope.splits is None:
        return Finding(Fault.SPLIT_LEAK, ())
    standing = {id_: split for id_, split in scope.splits.items() if scope.landmarks_on.get(id_)}
    cases = [
        Case(tuple(Subject(photo_id) for photo_id in photos), "", len(photos))
        for photos in splits.split_leaks(scope.groups, standing)
    ]
    return Finding(Fault.SPLIT_LEAK, tuple(cases))


def label_errors(scope: Scope, errors: Iterable[LabelErrorLike]) -> Finding:
    """Examples that a model takes for another landmark, unless they were changed since."""
    present = {example.subject: example.landmark_id for example in scope.examples}
    cases = []
    for error in errors:
        subject = Subject(error.photo_id, error.box_id)
        given = scope.project.landmark_named(error.given)
        likely = scope.project.landmark_named(error.likely)
        if given is None or likely is None or present.get(subject) != given.id:
            continue
        detail = tr(
            "perhaps “{likely}” ({percent} %), not “{given}”",
            given=error.given,
            likely=error.likely,
            percent=round(100 * error.confidence),
        )
        cases.append(Case((subject,), detail, error.confidence, likely.id))
    return Finding(Fault.LABEL_ERROR, tuple(cases), ("relabel", "exclude"))
