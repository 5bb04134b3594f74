"""Faults of boxes as rectangles: almost the same one twice, and those that leave their photo."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from landmark_gui.core.geometry import Rect
from landmark_gui.core.i18n import tr
from landmark_gui.core.project import Box, Photo
from landmark_gui.core.quality.report import Case, Fault, Finding, Subject
from landmark_gui.core.quality.scope import Scope, seen

SAME = 0.8
"""Least intersection over union of two boxes that mean the same thing."""
SLACK = 1.0
"""Pixels by which a box may leave its photo: what rounding in other programs does."""


def overlapping(scope: Scope) -> Finding:
    """Boxes of one photo that lie almost wholly on each other."""
    cases = [case for photo in scope.photos.values() for case in _doubled(scope, photo)]
    return Finding(Fault.OVERLAP, tuple(cases), ("merge_boxes", "relabel", "exclude"))


def _doubled(scope: Scope, photo: Photo) -> Iterator[Case]:
    """Each box once, with those that lie on it; the oldest first."""
    boxes = scope.boxes_of(photo)
    shares = {
        (one.id, two.id): share
        for one, two in combinations(boxes, 2)
        if (share := intersection_over_union(one.rect, two.rect)) >= SAME
    }
    taken: set[str] = set()
    for box in boxes if shares else ():
        others = [two for two in boxes if (box.id, two.id) in shares and two.id not in taken]
        if box.id in taken or not others:
            continue
        taken |= {box.id, *(other.id for other in others)}
        yield _overlap([box, *others], min(shares[box.id, other.id] for other in others))


def _overlap(boxes: list[Box], share: float) -> Case:
    percent = round(100 * share)
    differ = len({box.landmark_id for box in boxes}) > 1
    detail = tr("{percent} % in common", percent=percent)
    if differ:
        detail = tr("{percent} % in common, different landmarks", percent=percent)
    subjects = tuple(Subject(box.photo_id, box.id) for box in boxes)
    return Case(subjects, detail, share + differ)


def intersection_over_union(one: Rect, two: Rect) -> float:
    """The common area of two rectangles as a share of what both cover, 0 to 1."""
    width = min(one.right, two.right) - max(one.x, two.x)
    height = min(one.bottom, two.bottom) - max(one.y, two.y)
    common = max(width, 0.0) * max(height, 0.0)
    return common / (one.area + two.area - common) if common else 0.0


def outside(scope: Scope) -> Finding:
    """Boxes that leave their photo, by more than rounding explains."""
    cases = [
        case
        for photo in scope.photos.values()
        for box in scope.boxes_of(photo)
        if (case := _leaving(box, photo)) is not None
    ]
    return Finding(Fault.OUTSIDE, tuple(cases), ("fit_box", "exclude"))


def _leaving(box: Box, photo: Photo) -> Case | None:
    rect, inside = box.rect, seen(box, photo)
    if rect.is_near(inside, SLACK):
        return None
    if inside.w < 1 or inside.h < 1:
        return Case((Subject(photo.id, box.id),), tr("wholly outside"), 1.0)
    share = 1 - inside.area / rect.area
    detail = tr("{percent} % outside", percent=max(1, round(100 * share)))
    return Case((Subject(photo.id, box.id),), detail, share)
