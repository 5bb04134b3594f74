"""STAND-IN until the real module is here: which photos belong together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Literal

from landmark_gui.core.project import Project, Split
from landmark_gui.core.splits import SplitSettings

if TYPE_CHECKING:
    from landmark_gui.core.quality.facts import Facts


@dataclass(frozen=True)
class Link:
    kind: Literal["exact", "near", "burst"]
    a: int
    b: int
    distance: float


def links(project: Project, facts: Facts, settings: SplitSettings) -> list[Link]:
    found = []
    same = defaultdict(list)
    for id_, known in facts.items():
        same[known.content].append(id_)
    for ids in same.values():
        found += [Link("exact", a, b, 0) for a, b in pairwise(ids)]
    if settings.near_distance is not None:
        hashes = [(id_, known.whole.phash) for id_, known in facts.items() if known.whole]
        for (a, one), (b, two) in combinations(hashes, 2):
            far = (one ^ two).bit_count()
            if far <= settings.near_distance and facts[a].content != facts[b].content:
                found.append(Link("near", a, b, far))
    shot = sorted((k.camera, k.taken, id_) for id_, k in facts.items() if k.camera and k.taken)
    for (camera, at, a), (other, then, b) in pairwise(shot):
        gap = (datetime.fromisoformat(then) - datetime.fromisoformat(at)).total_seconds()
        if camera == other and settings.burst_seconds and gap <= settings.burst_seconds:
            found.append(Link("burst", a, b, gap))
    return found


def groups(project: Project, facts: Facts, settings: SplitSettings) -> dict[int, int]:
    group = {id_: id_ for id_ in project.photos}

    def root(id_: int) -> int:
        while group[id_] != id_:
            id_ = group[id_]
        return id_

    for link in links(project, facts, settings):
        group[max(root(link.a), root(link.b))] = min(root(link.a), root(link.b))
    return {id_: root(id_) for id_ in group}


def split_leaks(
    project: Project, groups: Mapping[int, int], splits: Mapping[int, Split]
) -> list[tuple[int, ...]]:
    by_group: dict[int, list[int]] = defaultdict(list)
    for id_, group in groups.items():
        if id_ in splits:
            by_group[group].append(id_)
    return [tuple(ids) for ids in by_group.values() if len({splits[i] for i in ids}) > 1]
