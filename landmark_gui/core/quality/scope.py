"""What of a project is looked at: its photos, and what a model would learn from each.

Photos that are skipped and boxes that are excluded have been dealt with and are left aside.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from landmark_gui.core import grouping
from landmark_gui.core.geometry import Rect
from landmark_gui.core.grouping import Link
from landmark_gui.core.project import Box, Photo, Project, Split
from landmark_gui.core.quality.facts import Facts
from landmark_gui.core.quality.measure import Look
from landmark_gui.core.quality.report import Subject
from landmark_gui.core.splits import SplitSettings


@dataclass(frozen=True)
class Example:
    """A box, or a whole photo where there is no box.

    Attributes:
        landmark_id: None for a photo that is not labelled yet.
        look: of its pixels; None if they were not measured.
        width, height: in pixels of the photo.
    """

    subject: Subject
    landmark_id: int | None
    look: Look | None
    width: float
    height: float

    @property
    def ratio(self) -> float:
        return self.width / self.height


@dataclass(frozen=True)
class Scope:
    """A project with all that is known of it.

    Attributes:
        splits: the split of each photo id; None leaves out the search for leaks.
    """

    project: Project
    facts: Facts
    settings: SplitSettings
    splits: Mapping[int, Split] | None = None

    @cached_property
    def photos(self) -> dict[int, Photo]:
        """By id, those that can be read and may give an example."""
        return {
            photo.id: photo
            for photo in self.project.photos.values()
            if photo.state == "ok" and not self.is_dealt_with(photo) and not self.fault(photo)
        }

    @cached_property
    def boxes(self) -> dict[int, list[Box]]:
        """The boxes that count, by the id of their photo."""
        return {
            photo_id: [box for box in self.project.boxes_of(photo_id) if not box.excluded]
            for photo_id in self.photos
        }

    @cached_property
    def examples(self) -> list[Example]:
        """Photo by photo; photos without a label are among them."""
        return [example for photo in self.photos.values() for example in self._examples(photo)]

    @cached_property
    def by_landmark(self) -> dict[int, list[Example]]:
        """The labelled examples; a landmark without any has an empty list."""
        found: dict[int, list[Example]] = {mark: [] for mark in self.project.landmarks}
        for example in self.examples:
            if example.landmark_id is not None:
                found.setdefault(example.landmark_id, []).append(example)
        return found

    @cached_property
    def landmarks_on(self) -> dict[int, frozenset[int]]:
        """The landmarks on each photo, by its id."""
        found: dict[int, set[int]] = defaultdict(set)
        for example in self.examples:
            if example.landmark_id is not None:
                found[example.subject.photo_id].add(example.landmark_id)
        return {photo_id: frozenset(found[photo_id]) for photo_id in self.photos}

    @cached_property
    def links(self) -> list[Link]:
        """Which photos look alike or were taken in one burst."""
        return grouping.links(Project.of(self.photos.values()), self.facts, self.settings)

    @cached_property
    def groups(self) -> dict[int, int]:
        """The group of each photo id, whose photos must stay in one split.

        As splits have it: what was dealt with, and is no subject here, may still connect others.
        """
        together = grouping.groups(self.project, self.facts, self.settings)
        return {photo_id: together[photo_id] for photo_id in self.photos}

    def photos_of(self, landmark_id: int) -> list[int]:
        """The ids of the photos with a landmark, each once."""
        examples = self.by_landmark.get(landmark_id, [])
        return list(dict.fromkeys(example.subject.photo_id for example in examples))

    def fault(self, photo: Photo) -> str:
        """Why the pixels of a photo cannot be read, or ""."""
        known = self.facts.get(photo.id)
        return known.fault if known is not None else ""

    def is_dealt_with(self, photo: Photo) -> bool:
        """Skipped, all its boxes left out, or done though nothing is on it."""
        boxes = self.project.boxes_of(photo.id)
        if photo.review == "skipped" or (boxes and all(box.excluded for box in boxes)):
            return True
        return photo.review == "done" and not self.project.is_labelled(photo)

    def _examples(self, photo: Photo) -> Iterator[Example]:
        known, boxes = self.facts.get(photo.id), self.boxes[photo.id]
        for box in boxes:
            look = known.boxes.get(box.id) if known is not None else None
            rect = seen(box, photo)
            if rect.w >= 1 and rect.h >= 1:
                subject = Subject(photo.id, box.id)
                yield Example(subject, box.landmark_id, look, rect.w, rect.h)
        if not boxes:
            look = known.whole if known is not None else None
            subject = Subject(photo.id)
            yield Example(subject, photo.landmark_id, look, photo.width, photo.height)


def seen(box: Box, photo: Photo) -> Rect:
    """The part of a box that lies on its photo."""
    return box.rect.clamped(photo.width, photo.height)
