"""Which cases of a report still stand, while the person goes on editing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import replace

from landmark_gui.core.project import Photo, Project
from landmark_gui.core.quality.report import Case, Fault, Finding, Report, Subject

_Place = tuple[Fault, int]


class OpenCases:
    """A report against the project as it is now.

    A case is open as long as the photos and boxes that it is about are what they were when the
    report was made. One that was dealt with goes at once, and comes back with undo; what edits
    mean for all others, only the next report can say.

    Args:
        report: made in the background from `before`, as this object is.
        before: the project that the report speaks of.
    """

    def __init__(self, report: Report, before: Project) -> None:
        self.report, self._before = report, before
        self._findings = {finding.fault: finding for finding in report.findings}
        self._gone: dict[Fault, set[int]] = {fault: set() for fault in self._findings}
        self._places: dict[int, list[_Place]] = defaultdict(list)
        for finding in report.findings:
            for number, case in enumerate(finding.cases):
                for photo_id in {subject.photo_id for subject in case.subjects}:
                    self._places[photo_id].append((finding.fault, number))

    @property
    def faults(self) -> list[Fault]:
        """All faults of the report, in their order; some may have no open case any more."""
        return list(self._findings)

    def finding(self, fault: Fault) -> Finding:
        """A fault with its open cases."""
        finding, gone = self._findings.get(fault, Finding(fault, ())), self._gone.get(fault)
        if not gone:
            return finding
        cases = (case for number, case in enumerate(finding.cases) if number not in gone)
        return replace(finding, cases=tuple(cases))

    def count(self, fault: Fault) -> int:
        """How many open cases a fault has; 0 if the report knows none."""
        finding = self._findings.get(fault)
        return finding.count - len(self._gone[fault]) if finding is not None else 0

    def total(self) -> int:
        return sum(self.count(fault) for fault in self._findings)

    def follow(self, now: Project, photo_ids: Iterable[int]) -> set[Fault]:
        """Look at the cases of these photos anew; the faults whose open cases are others now."""
        changed = set()
        for fault, number in {place for id_ in photo_ids for place in self._places.get(id_, ())}:
            gone, stands = self._gone[fault], self._stands(self._findings[fault].cases[number], now)
            if stands == (number in gone):
                (gone.remove if stands else gone.add)(number)
                changed.add(fault)
        return changed

    def follow_all(self, now: Project) -> None:
        """Look at the cases of all photos that were edited since the report was begun."""
        self.follow(now, _edited(self._before, now))

    def _stands(self, case: Case, now: Project) -> bool:
        return all(_is_same(self._before, now, subject) for subject in case.subjects)


def _is_same(before: Project, now: Project, subject: Subject) -> bool:
    """Whether all of a photo or a box that a finding can depend on is as it was."""
    id_, box_id = subject.photo_id, subject.box_id
    was, is_ = before.photos.get(id_), now.photos.get(id_)
    if was is not is_ and _judged(was) != _judged(is_):
        return False
    if box_id is not None:
        return before.boxes.get(box_id) == now.boxes.get(box_id)
    return frozenset(before.boxes_of(id_)) == frozenset(now.boxes_of(id_))


def _judged(photo: Photo | None) -> Hashable:
    if photo is None:
        return None
    judged = photo.landmark_id, photo.review == "skipped", photo.split, photo.state
    return judged, photo.version  # a file that was replaced is no copy of anything any more


def _edited(before: Project, now: Project) -> set[int]:
    """The photos whose rows or boxes are not the very same objects."""
    photos = {id_ for id_, row in now.photos.items() if before.photos.get(id_) is not row}
    return photos | set(_other_boxes(before, now)) | set(_other_boxes(now, before))


def _other_boxes(one: Project, other: Project) -> Iterator[int]:
    return (box.photo_id for id_, box in one.boxes.items() if other.boxes.get(id_) is not box)
