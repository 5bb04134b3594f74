"""All photos of a project, ready to be filtered, sorted and counted at each key press."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Container, Iterable
from itertools import islice
from typing import Any, Literal

from landmark_gui.core.project import Photo, Project, natural_key
from landmark_gui.core.text_search import folded
from landmark_gui.gui.pages.label.photo_query import (
    BY_NAME,
    BoxCount,
    Kind,
    Marks,
    PhotoQuery,
    SortBy,
    file_name,
    has_count,
    has_landmark,
    is_of_kind,
    name_key,
    place_of,
    sort_value,
)

Stage = Literal["done", "labelled", "skipped", "open", "closed"]
"""How far a photo is: finished; labelled, but not yet finished; left out; untouched; no picture."""


class PhotoTable:
    """Photos as the list last saw them, and what is worth remembering of each.

    The project changes first, `refresh` follows; so the table still knows the place that a
    photo had before.
    """

    def __init__(self, project: Project, proposed: Container[int] = ()) -> None:
        """`proposed` holds the photos that a model proposes something for, as they are then."""
        self._project, self._proposed = project, proposed
        self.photos: dict[int, Photo] = dict(project.photos)
        self._by_path = sorted(self.photos, key=self._path_key)
        self._marks: dict[int, Marks] = {}
        photos, is_labelled = self.photos.items(), project.is_labelled
        self.labelled = {id_ for id_, p in photos if p.state == "ok" and is_labelled(p)}
        self._stages = {id_: stage_of(photo, id_ in self.labelled) for id_, photo in photos}
        self.stages = Counter(self._stages.values())
        self._cold = iter(tuple(self._by_path))

    # One photo

    def marks(self, photo_id: int) -> Marks:
        """The boxes of a photo in brief."""
        found = self._marks.get(photo_id)
        if found is None:
            found = self._marks[photo_id] = Marks.of(self._project.boxes_of(photo_id))
        return found

    def is_to_do(self, photo_id: int) -> bool:
        return is_of_kind(self.photos[photo_id], photo_id in self.labelled, Kind.TODO)

    def is_unlabelled(self, photo_id: int) -> bool:
        return is_of_kind(self.photos[photo_id], photo_id in self.labelled, Kind.UNLABELLED)

    def passes(self, photo_id: int, query: PhotoQuery) -> bool:
        return bool(self._passing([photo_id], query))

    def place(self, photo_id: int, query: PhotoQuery) -> tuple[Any, ...]:
        """What to compare this photo with others by."""
        return place_of(self.photos[photo_id], self._boxes(photo_id, query), query)

    def refresh(self, photo_id: int) -> None:
        """Follow a photo that is new or has changed."""
        before, after = self.photos.get(photo_id), self._project.photos[photo_id]
        if before is not None and before.path != after.path:
            self._by_path.remove(photo_id)
        self.photos[photo_id] = after
        if before is None or before.path != after.path:
            insort(self._by_path, photo_id, key=self._path_key)
        self._marks.pop(photo_id, None)
        self._judge(photo_id)

    # All photos

    def order(self, query: PhotoQuery) -> list[int]:
        """Every photo, in the order of the query."""
        return self._sorted(self._by_path, query)

    def listed(self, query: PhotoQuery) -> list[int]:
        """The photos that pass, in order."""
        return self._sorted(self._passing(self._by_path, query), query)

    def changed(self) -> list[int]:
        """Photos that are new, or look otherwise than the table knows them."""
        known, photos = self.photos, self._project.photos
        others = [id_ for id_, photo in photos.items() if known.get(id_) is not photo]
        alike = [id_ for id_ in others if id_ in known and photos[id_].shows_as(known[id_])]
        known.update((id_, photos[id_]) for id_ in alike)  # a hash has come
        return [id_ for id_ in others if known.get(id_) is not photos[id_]]

    def count(self, kinds: Iterable[Kind]) -> dict[Kind, int]:
        """How many photos there are of each kind."""
        alike: Counter[tuple[Any, ...]] = Counter()
        examples: dict[tuple[Any, ...], tuple[Photo, bool, bool]] = {}
        for id_, photo in self.photos.items():
            labelled, proposed = id_ in self.labelled, id_ in self._proposed
            group = (photo.state, photo.review, photo.landmark_id is None, labelled, proposed)
            alike[group] += 1
            examples[group] = photo, labelled, proposed

        def is_of(group: tuple[Any, ...], kind: Kind) -> bool:
            photo, labelled, proposed = examples[group]
            return is_of_kind(photo, labelled, kind, proposed)

        return {kind: sum(n for group, n in alike.items() if is_of(group, kind)) for kind in kinds}

    def warm(self, count: int) -> bool:
        """Work out for some more photos what search and sort will ask; False when all are done."""
        some = list(islice(self._cold, count))
        for photo_id in some:
            photo = self.photos[photo_id]
            natural_key(file_name(photo))
            folded(photo.path)
            self.marks(photo_id)
        return bool(some)

    def _passing(self, ids: list[int], query: PhotoQuery) -> list[int]:
        """Those of the photos that pass; one condition after the other, as fast as Python goes."""
        photos, labelled, proposed = self.photos, self.labelled, self._proposed
        if query.kind is not Kind.ALL:
            kind = query.kind
            ids = [i for i in ids if is_of_kind(photos[i], i in labelled, kind, i in proposed)]
        for word in query.words:
            ids = [i for i in ids if word in folded(photos[i].path)]
        if query.boxes is not BoxCount.ANY:
            ids = [i for i in ids if has_count(self.marks(i).boxes, query.boxes)]
        if query.landmarks:
            ids = [i for i in ids if has_landmark(photos[i], self.marks(i), query.landmarks)]
        return ids

    def _sorted(self, by_path: list[int], query: PhotoQuery) -> list[int]:
        """The ids, given in the order of their paths, in that of the query."""
        photos = self.photos
        if query.sort in BY_NAME:
            names = by_path
            if query.sort is SortBy.NAME:
                names = sorted(by_path, key=lambda id_: natural_key(file_name(photos[id_])))
            return names[::-1] if query.descending else list(names)
        return sorted(  # stable, so the names decide among equals
            by_path, key=lambda id_: sort_value(photos[id_], self._boxes(id_, query), query)
        )

    def _boxes(self, photo_id: int, query: PhotoQuery) -> int:
        return self.marks(photo_id).boxes if query.sort is SortBy.BOXES else 0

    def _path_key(self, photo_id: int) -> tuple[Any, ...]:
        return name_key(self.photos[photo_id], SortBy.FOLDER)

    def _judge(self, photo_id: int) -> None:
        photo = self.photos[photo_id]
        labelled = photo.state == "ok" and self._project.is_labelled(photo)
        (self.labelled.add if labelled else self.labelled.discard)(photo_id)
        stage = stage_of(photo, labelled)
        if photo_id in self._stages:
            self.stages[self._stages[photo_id]] -= 1
        self._stages[photo_id] = stage
        self.stages[stage] += 1


def stage_of(photo: Photo, labelled: bool) -> Stage:
    if photo.state != "ok":
        return "closed"
    if photo.review:
        return photo.review
    return "labelled" if labelled else "open"
