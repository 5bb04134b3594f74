"""Search, filter and sort of the photo list, against a plain filter and sort of the same photos.

Ours: `PhotoTable.listed`, what the list does at each key press, its memory warm. Reference: one
list comprehension over paths that are casefolded already, and one `sorted` by natural keys that
are made already. Both run in turn.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable
from dataclasses import replace

from benchmarks.report import ratio, spread
from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Landmark, Photo, Project, Review, natural_key
from landmark_gui.gui.pages.label.photo_query import BoxCount, Kind, PhotoQuery, SortBy
from landmark_gui.gui.pages.label.photo_table import PhotoTable

BASE = PhotoQuery(text="img 9")
QUERIES = {
    "search": BASE,
    "to do": replace(BASE, kind=Kind.TODO),
    "two landmarks": replace(BASE, landmarks=frozenset({1, 2})),
    "two boxes or more": replace(BASE, boxes=BoxCount.SEVERAL),
    "newest first": replace(BASE, sort=SortBy.TAKEN, descending=True),
    "most boxes first": replace(BASE, sort=SortBy.BOXES, descending=True),
    "by name": replace(BASE, sort=SortBy.NAME),
}


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks photo_list", description=__doc__)
    parser.add_argument("--runs", type=int, default=15)
    parser.add_argument("--photos", type=int, default=10_000)
    arguments = parser.parse_args(argv)
    project = _project(arguments.photos)
    table = PhotoTable(project)
    while table.warm(1000):
        pass
    rows = [(photo.path.casefold(), natural_key(photo.path)) for photo in project.photos.values()]

    def plain() -> object:
        found = [row for row in rows if "img" in row[0] and "9" in row[0]]
        return sorted(found, key=lambda row: row[1])

    print(f"{arguments.photos} photos, {len(project.boxes)} boxes")
    for name, query in QUERIES.items():
        ours, reference = [], []
        for _ in range(arguments.runs):
            ours.append(_milliseconds(lambda query=query: table.listed(query)))
            reference.append(_milliseconds(plain))
        print(f"  {name}: {spread(ours, 'ms')}, of the plain one {ratio(ours, reference)}")
    return 0


def _project(count: int) -> Project:
    chance = random.Random(0)
    reviews: tuple[Review, ...] = ("", "done", "skipped")
    photos = [
        Photo(
            *(number, f"Folder {number % 7}/IMG_{chance.randrange(99_999)}.jpg", 1, "", 640, 480),
            review=chance.choice(reviews),
            taken=f"2024-05-{number % 28 + 1:02}T18:04:59",
        )
        for number in range(1, count + 1)
    ]
    marks = [Landmark(number, f"Landmark {number}", "#123456") for number in range(1, 10)]
    boxes: list[Box] = [
        edits.new_box(chance.randint(1, count), chance.randint(1, 9), Rect(0, 0, 9, 9))
        for _ in range(3 * count)
    ]
    return Project.of([*marks, *photos, *boxes])


def _milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return (time.perf_counter() - start) * 1000
