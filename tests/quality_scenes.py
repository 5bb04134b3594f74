"""Small datasets without files: photos, what is known of their pixels, and how to spoil them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Change, Edit, Landmark, Photo, Project
from landmark_gui.core.quality.checks import inspect
from landmark_gui.core.quality.facts import Facts, PhotoFacts
from landmark_gui.core.quality.measure import Look, look
from landmark_gui.core.quality.report import Fault, Finding, Report

PETRA, TREASURY = 1, 2
SIZE = (640, 480)


def picture(seed: int) -> npt.NDArray[np.uint8]:
    """A sharp picture in colour, unlike that of any other seed."""
    chance = np.random.default_rng(seed)
    coarse = chance.integers(20, 236, (12, 16, 3), dtype=np.uint8)
    return np.kron(coarse, np.ones((15, 15, 1), np.uint8))


def good_look(seed: int, **changes: Any) -> Look:
    """What is measured of `picture(seed)`, changed at will."""
    return replace(_measured(seed), **changes)


@cache
def _measured(seed: int) -> Look:
    return look(picture(seed))


@dataclass
class Scene:
    """A project of two landmarks that grows photo by photo."""

    project: Project = field(
        default_factory=lambda: Project.of(
            [Landmark(PETRA, "Petra", "#e69f00"), Landmark(TREASURY, "Treasury", "#56b4e9")]
        )
    )
    facts: Facts = field(default_factory=dict)

    def photo(
        self,
        landmark_id: int | None = PETRA,
        *,
        like: int | None = None,
        content: str = "",
        camera: str = "",
        fault: str = "",
        look: Look | dict[str, Any] | None = None,
        **row: Any,
    ) -> int:
        """Add a photo and return its id.

        Args:
            like: the photo that it looks like; None for one of its own.
            content: hash of the file; "" for one of its own.
            look: what is measured, or figures that differ from those of a good picture.
            row: further columns of the photo.
        """
        number = len(self.project.photos) + 1
        row = {"landmark_id": landmark_id, "path": f"IMG_{number}.jpg", **row}
        photo = Photo(
            **{"id": number, "size": 1, "hash": content or f"{number}", "width": SIZE[0]}
            | {"height": SIZE[1]}
            | row
        )
        self.project.put_photos([photo])
        whole = look if isinstance(look, Look) else good_look(like or number, **(look or {}))
        self.facts[number] = PhotoFacts(
            photo.hash, camera, photo.taken, fault, None if fault else whole
        )
        return number

    def box(
        self,
        photo_id: int,
        rect: Rect,
        landmark_id: int = PETRA,
        excluded: bool = False,
        **look: Any,
    ) -> str:
        """Draw a box and return its id."""
        box = Box(f"box {len(self.project.boxes) + 1}", photo_id, landmark_id, rect, excluded)
        self.project.apply(Edit("add_box", (Change(None, box),)))
        known = self.facts[photo_id]
        seen = good_look(1000 + len(self.project.boxes), **look)
        self.facts[photo_id] = replace(known, boxes={**known.boxes, box.id: seen})
        return box.id

    def photos(self, count: int, landmark_id: int = PETRA, **values: Any) -> list[int]:
        """Add so many photos with nothing wrong with them."""
        return [self.photo(landmark_id, **values) for _ in range(count)]

    def report(self, **options: Any) -> Report:
        return inspect(self.project, self.facts, **options)

    def finding(self, fault: Fault, **options: Any) -> Finding | None:
        found = (each for each in self.report(**options).findings if each.fault is fault)
        return next(found, None)

    def flagged(self, fault: Fault, **options: Any) -> list[list[int | str]]:
        """The cases of a fault, each as ids of boxes or, for whole photos, of photos."""
        finding = self.finding(fault, **options)
        return [
            [subject.box_id or subject.photo_id for subject in case.subjects]
            for case in (finding.cases if finding is not None else ())
        ]


def balanced() -> Scene:
    """25 good photos of each landmark: nothing to find."""
    scene = Scene()
    scene.photos(25)
    scene.photos(25, TREASURY)
    return scene
