"""What a person does with examples of the dataset: leave them out, take them in, rename them.

An example is a box, or a whole photo (its box id is None).
"""

from __future__ import annotations

from collections.abc import Iterable

from landmark_gui.core import edits
from landmark_gui.core.project import Box, Change, Edit, Photo, Project

Example = tuple[int, str | None]
"""The ids of the photo and of the box."""


def behind(project: Project, example: Example, landmark: str) -> list[Example]:
    """What stands behind an example: of a photo as a whole the boxes that bear its landmark.

    So another landmark on the same photo stays as it is. A photo without boxes stands for itself.
    """
    photo_id, box_id = example
    boxes = project.boxes_of(photo_id) if box_id is None else []
    bearing = [box for box in boxes if project.landmarks[box.landmark_id].name == landmark]
    counted = [box for box in bearing if not box.excluded] or bearing
    return [(photo_id, box.id) for box in counted] if boxes else [example]


def exclude(project: Project, examples: Iterable[Example]) -> Edit:
    """Leave boxes out of the dataset, and skip the photos that are examples as a whole."""
    boxes, photos = _rows(project, examples)
    return _joined(
        "exclude_examples", edits.exclude_boxes(boxes), edits.review_photos(photos, "skipped")
    )


def include(project: Project, examples: Iterable[Example]) -> Edit:
    """Take examples into the dataset again; a skipped photo is to do again."""
    boxes, photos = _rows(project, examples)
    of_boxes = (project.photos[box.photo_id] for box in boxes if box.photo_id in project.photos)
    skipped = {photo.id: photo for photo in (*photos, *of_boxes) if photo.review == "skipped"}
    return _joined(
        "include_examples",
        edits.exclude_boxes(boxes, excluded=False),
        edits.review_photos(skipped.values(), ""),
    )


def relabel(project: Project, examples: Iterable[Example], landmark_id: int) -> Edit:
    """Give boxes another landmark; a whole photo that has boxes is renamed by all of them."""
    boxes, photos = _rows(project, examples)
    whole = [photo for photo in photos if not project.boxes_of(photo.id)]
    boxes += [box for photo in photos for box in project.boxes_of(photo.id) if not box.excluded]
    changes = [
        change
        for box in {box.id: box for box in boxes}.values()
        if box.landmark_id != landmark_id
        for change in edits.change_box(box, landmark_id=landmark_id).changes
    ]
    return _joined(
        "relabel_examples",
        Edit("relabel_box", tuple(changes)),
        edits.set_photos_landmark(whole, landmark_id),
    )


def photos_of(project: Project, examples: Iterable[Example]) -> list[Photo]:
    """The photos of the examples, each once."""
    ids = dict.fromkeys(photo_id for photo_id, _ in examples)
    return [project.photos[id_] for id_ in ids if id_ in project.photos]


def _rows(project: Project, examples: Iterable[Example]) -> tuple[list[Box], list[Photo]]:
    """The boxes, and the photos that count whole; what is gone since is passed over."""
    wanted = list(examples)
    ids = dict.fromkeys(box_id for _, box_id in wanted if box_id is not None)
    boxes = [project.boxes[id_] for id_ in ids if id_ in project.boxes]
    return boxes, photos_of(project, (example for example in wanted if example[1] is None))


def _joined(kind: str, *parts: Edit) -> Edit:
    """One edit; under the name of its only part if the others change nothing."""
    changing = [part for part in parts if part.changes]
    changes: tuple[Change, ...] = tuple(change for part in changing for change in part.changes)
    return Edit(changing[0].kind if len(changing) == 1 else kind, changes)
