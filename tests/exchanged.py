"""Projects for tests of import and export, and what is compared of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from hypothesis import strategies as st

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Photo, Project
from tests.rows import photo

PATHS = (
    "IMG_1.jpg",
    "a/IMG_1.jpg",
    "b/IMG_1.jpg",
    "IMG_1.png",
    "a/classes.jpg",
    "경복궁/봄, 2024 #1.jpg",
    "no suffix",
    "a.b.c/x.y.jpeg",
)
NAMES = (
    *("Tower", "tower", "경복궁", 'the "old", gate; x', "=1+1", "two\nlines", "it's", "0: a"),
    *("- b", "# c", "{d}", "[e, f]", "null", "🗼 <&> é", "C:\\x\\y"),
)
SIZES = ((100, 80), (16_320, 12_240), (3, 299_000))

Drawn = list[tuple[int, int, float, float, float, float]]
"""Boxes as (photo, landmark, x, y, w, h); the last four as fractions of what there is room for."""


def drawn(photos: int = len(PATHS), names: int = len(NAMES)) -> st.SearchStrategy[Drawn]:
    """Boxes anywhere on the photos, no two alike."""
    part = st.integers(0, 10_000).map(lambda n: n / 10_000)
    box = st.tuples(
        st.integers(0, photos - 1),
        st.integers(0, names - 1),
        *(part, part),
        *(st.integers(1, 10_000).map(lambda n: n / 10_000) for _ in range(2)),
    )
    return st.lists(box, max_size=12, unique_by=lambda one: (one[0], *one[2:]))


def photos() -> list[Photo]:
    """A photo for each of `PATHS`, small, large and very long ones."""
    return [
        photo(n, path, width=SIZES[n % 3][0], height=SIZES[n % 3][1])
        for n, path in enumerate(PATHS, 1)
    ]


def project_of(boxes: Drawn) -> Project:
    """A project with these boxes on `photos()`, and all of `NAMES`."""
    project = Project.of(photos())
    for name in NAMES:
        project.apply(edits.add_landmark(project, name))
    for photo_index, mark, x, y, w, h in boxes:
        row = project.photos[photo_index + 1]
        left, top = x * (row.width - 0.01), y * (row.height - 0.01)
        rect = Rect(left, top, w * (row.width - left), h * (row.height - top))
        project.apply(edits.add_box(row.id, mark + 1, rect))
    return project


def shown(project: Project) -> dict[str, list[tuple[str, Rect]]]:
    """What a person sees: for each photo the boxes, oldest first, with their names."""
    return {
        row.path: [(project.landmarks[b.landmark_id].name, b.rect) for b in boxes]
        for row in project.ordered_photos()
        if (boxes := project.boxes_of(row.id))
    }


def farthest(one: Project, other: Project) -> float:
    """The largest distance of any side of any box, in pixels; inf if they show other boxes."""
    left, right = shown(one), shown(other)
    named = [{p: [name for name, _ in boxes] for p, boxes in s.items()} for s in (left, right)]
    if named[0] != named[1]:
        return float("inf")
    pairs = zip(_rects(left), _rects(right), strict=True)
    return max((_distance(a, b) for a, b in pairs), default=0.0)


def _rects(boxes: dict[str, list[tuple[str, Rect]]]) -> Iterable[Rect]:
    return [rect for path in sorted(boxes) for _, rect in boxes[path]]


def _distance(a: Rect, b: Rect) -> float:
    sides = ((a.x, b.x), (a.y, b.y), (a.right, b.right), (a.bottom, b.bottom))
    return max(abs(one - other) for one, other in sides)


def bare(project: Project) -> Project:
    """The same photos without anything that a person said of them."""
    rows = project.photos.values()
    return Project.of(replace(row, landmark_id=None, review="") for row in rows)
