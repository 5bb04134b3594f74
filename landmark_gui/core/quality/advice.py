"""What to do next, in plain words and in the order of use."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, combinations, islice

from landmark_gui.core.grouping import time_of
from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.quality.check_classes import ENOUGH, distinct
from landmark_gui.core.quality.report import Case, Fault, Finding
from landmark_gui.core.quality.scope import Scope

MOST = 6
"""Sentences; nobody reads more."""


def advice(scope: Scope, findings: Sequence[Finding]) -> tuple[str, ...]:
    """At most `MOST` sentences; never none."""
    if (start := _before_all(scope)) is not None:
        return (start,)
    cases = {finding.fault: finding.cases for finding in findings}
    told = chain(
        _shared(scope, cases),
        _one_burst(scope, cases),
        _few(scope, cases),
        _imbalance(scope, cases),
        _leaks(cases),
        _label_errors(cases),
        _unreadable(cases),
        _boxes(cases),
        _looks(cases),
    )
    return tuple(islice(told, MOST)) or (_nothing(findings),)


_Cases = dict[Fault, tuple[Case, ...]]


def _before_all(scope: Scope) -> str | None:
    used = [mark for mark, examples in scope.by_landmark.items() if examples]
    if not used:
        return tr("Nothing is labelled yet. Draw boxes, or say what whole photos show.")
    if len(used) == 1:
        return tr(
            "Only “{name}” has examples. A model tells landmarks apart: add a second one.",
            name=_name(scope, used[0]),
        )
    return None


def _name(scope: Scope, landmark_id: int) -> str:
    mark = scope.project.landmarks.get(landmark_id)
    return mark.name if mark is not None else "?"


def _shared(scope: Scope, cases: _Cases) -> Iterator[str]:
    """Pairs of landmarks that share photos, those that share most first."""
    shared: Counter[tuple[int, int]] = Counter()
    for case in (*cases.get(Fault.EXACT_ACROSS, ()), *cases.get(Fault.NEAR_ACROSS, ())):
        on = [scope.landmarks_on[subject.photo_id] for subject in case.subjects]
        marks = sorted(frozenset[int]().union(*on))
        shared.update(dict.fromkeys(combinations(marks, 2), len(case.subjects)))
    for (one, other), count in shared.most_common(2):
        yield ntr(
            "“{one}” and “{other}” share {n} photo that looks the same; decide which it is.",
            "“{one}” and “{other}” share {n} photos that look the same; decide which they are.",
            count,
            one=_name(scope, one),
            other=_name(scope, other),
        )


def _one_burst(scope: Scope, cases: _Cases) -> Iterator[str]:
    for case in cases.get(Fault.ONE_BURST, ())[:2]:
        assert case.landmark_id is not None
        name, count = _name(scope, case.landmark_id), len(case.subjects)
        seconds = _span(scope, case)
        if seconds is None:
            yield tr(
                "All {n} photos of “{name}” look the same, so none can be kept for the test; add "
                "some from other days and places.",
                n=count,
                name=name,
            )
        else:
            yield tr(
                "All {n} photos of “{name}” were taken within {time}, so none can be kept for the "
                "test; add some from other days and places.",
                n=count,
                name=name,
                time=_duration(seconds),
            )


def _span(scope: Scope, case: Case) -> float | None:
    """Seconds from the first to the last photo; None where one has no date."""
    known = [scope.facts.get(subject.photo_id) for subject in case.subjects]
    times = [time for facts in known if facts and (time := time_of(facts.taken))]
    return (max(times) - min(times)).total_seconds() if len(times) == len(known) else None


def _duration(seconds: float) -> str:
    if seconds < 120:
        return ntr("{n} second", "{n} seconds", max(1, round(seconds)))
    return ntr("{n} minute", "{n} minutes", round(seconds / 60))


def _few(scope: Scope, cases: _Cases) -> Iterator[str]:
    told = {case.landmark_id for case in cases.get(Fault.ONE_BURST, ())}
    few = [case for case in cases.get(Fault.FEW_PHOTOS, ()) if case.landmark_id not in told]
    for case in few[:2]:
        assert case.landmark_id is not None
        yield _add_photos(scope, case.landmark_id)
    if len(few) > 2:
        yield ntr(
            "{n} more landmark has fewer than {enough} different photos.",
            "{n} more landmarks have fewer than {enough} different photos.",
            len(few) - 2,
            enough=ENOUGH,
        )


def _add_photos(scope: Scope, landmark_id: int) -> str:
    """ "Petra has 9 photos, 7 of them nearly the same; add about 15 different ones." """
    name, photos = _name(scope, landmark_id), len(scope.photos_of(landmark_id))
    count = distinct(scope, landmark_id)
    more = max(5, 5 * round((ENOUGH - count) / 5))
    if not photos:
        return tr("“{name}” has no photo yet; add about {more}.", name=name, more=more)
    if count == photos:
        return ntr(
            "“{name}” has {n} photo; add about {more} different ones.",
            "“{name}” has {n} photos; add about {more} different ones.",
            photos,
            name=name,
            more=more,
        )
    return tr(
        "“{name}” has {n} photos, {alike} of them nearly the same; add about {more} different "
        "ones.",
        name=name,
        n=photos,
        alike=_alike(scope, landmark_id),
        more=more,
    )


def _alike(scope: Scope, landmark_id: int) -> int:
    """How many photos of a landmark share a group with another one of it."""
    groups = Counter(scope.groups[photo_id] for photo_id in scope.photos_of(landmark_id))
    return sum(count for count in groups.values() if count > 1)


def _imbalance(scope: Scope, cases: _Cases) -> Iterator[str]:
    told = {case.landmark_id for case in cases.get(Fault.FEW_PHOTOS, ())}
    uneven = [case for case in cases.get(Fault.IMBALANCE, ()) if case.landmark_id not in told]
    sizes = {mark: len(examples) for mark, examples in scope.by_landmark.items()}
    for case in uneven[:1]:
        assert case.landmark_id is not None
        most = max(sizes, key=lambda mark: sizes[mark])
        yield tr(
            "“{most}” has {many} examples and “{least}” {few}; a model will prefer the first. Add "
            "photos of “{least}”.",
            most=_name(scope, most),
            many=sizes[most],
            least=_name(scope, case.landmark_id),
            few=sizes[case.landmark_id],
        )


def _leaks(cases: _Cases) -> Iterator[str]:
    if count := len(cases.get(Fault.SPLIT_LEAK, ())):
        yield ntr(
            "{n} group of photos that look the same stands in several splits; pin it to one.",
            "{n} groups of photos that look the same stand in several splits; pin each to one.",
            count,
        )


def _label_errors(cases: _Cases) -> Iterator[str]:
    if count := len(cases.get(Fault.LABEL_ERROR, ())):
        yield ntr(
            "Look at the {n} example that the model takes for another landmark.",
            "Look at the {n} examples that the model takes for another landmark.",
            count,
        )


def _unreadable(cases: _Cases) -> Iterator[str]:
    if count := len(cases.get(Fault.UNREADABLE, ())):
        yield ntr(
            "{n} photo cannot be read; copy it again from its source.",
            "{n} photos cannot be read; copy them again from their source.",
            count,
        )


def _boxes(cases: _Cases) -> Iterator[str]:
    if count := len(cases.get(Fault.OVERLAP, ())):
        yield ntr(
            "In {n} place boxes lie on each other; make one of them.",
            "In {n} places boxes lie on each other; make one of each.",
            count,
        )


def _looks(cases: _Cases) -> Iterator[str]:
    faults = (Fault.BLURRED, Fault.DARK, Fault.OVEREXPOSED, Fault.TINY)
    if count := len({case.subjects for fault in faults for case in cases.get(fault, ())}):
        yield ntr(
            "{n} example shows little of its landmark (blurred, dark, overexposed or tiny); leave "
            "it out, unless your own photos will be like that.",
            "{n} examples show little of their landmark (blurred, dark, overexposed or tiny); "
            "leave them out, unless your own photos will be like that.",
            count,
        )


def _nothing(findings: Sequence[Finding]) -> str:
    if findings:
        return tr("Nothing here keeps you from training: look through the cases, then train.")
    return tr("Nothing is wrong with these examples. Next: train a model.")
