"""What a person has put right of the examples since a model was asked about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from landmark_gui.core.evaluation.answers import CropAnswer
from landmark_gui.core.project import Box, Photo, Project

Place = tuple[int, str | None]
_State = tuple[object, ...] | None


@dataclass(frozen=True)
class Now:
    """What an example is by now.

    Attributes:
        landmark, color: "" if it is none any more, or several.
        left_out: of the dataset, by hand.
        gone: its box or its photo was deleted.
        corrected: whether any of it is otherwise than when the model was asked.
    """

    landmark: str
    color: str
    left_out: bool
    gone: bool
    corrected: bool


class Corrections:
    """The examples of an evaluation as they were, against the project as it is.

    Args:
        answers: of the evaluation.
        then: the project that the model was asked about; what it holds of the examples is copied.

    Attributes:
        count: how many examples are otherwise by now, as far as `follow` was told.
    """

    def __init__(self, answers: Iterable[CropAnswer], then: Project) -> None:
        self._then: dict[Place, _State] = {}
        self._of_photo: dict[int, dict[Place, CropAnswer]] = defaultdict(dict)
        self._corrected: set[Place] = set()
        for answer in answers:
            place = answer.photo_id, answer.box_id
            self._then[place] = _state(then, answer)
            self._of_photo[answer.photo_id][place] = answer

    @property
    def count(self) -> int:
        return len(self._corrected)

    def follow(self, project: Project, photo_ids: Iterable[int]) -> None:
        """Look at the examples on these photos anew."""
        for photo_id in photo_ids:
            for place, answer in self._of_photo.get(photo_id, {}).items():
                differs = _state(project, answer) != self._then[place]
                (self._corrected.add if differs else self._corrected.discard)(place)

    def is_corrected(self, answer: CropAnswer) -> bool:
        """Whether an example is otherwise by now, as far as `follow` was told."""
        return (answer.photo_id, answer.box_id) in self._corrected

    def now(self, project: Project, answer: CropAnswer) -> Now:
        """What the example of an answer is by now. A landmark that was renamed is no correction."""
        state = _state(project, answer)
        corrected = state != self._then.get((answer.photo_id, answer.box_id), state)
        mark = project.landmarks.get(_landmark_id(project, answer) or -1)
        name, color = (mark.name, mark.color) if mark is not None else ("", "")
        return Now(name, color, _is_left_out(project, answer), state is None, corrected)


def _state(project: Project, answer: CropAnswer) -> _State:
    """All that makes the example what it is; None if it is gone."""
    photo = project.photos.get(answer.photo_id)
    if photo is None:
        return None
    if answer.box_id is not None:
        box = project.boxes.get(answer.box_id)
        return None if box is None else (_of_box(box), photo.review == "skipped")
    boxes = tuple(_of_box(box) for box in project.boxes_of(photo.id))
    return (photo.landmark_id, photo.review == "skipped", boxes)


def _of_box(box: Box) -> tuple[object, ...]:
    return box.landmark_id, box.rect, box.excluded


def _landmark_id(project: Project, answer: CropAnswer) -> int | None:
    """Of the box; of a whole photo what all its boxes bear, or what it was if one still does."""
    if answer.box_id is not None:
        box = project.boxes.get(answer.box_id)
        return None if box is None else box.landmark_id
    photo = project.photos.get(answer.photo_id)
    if photo is None:
        return None
    shown = _shown(project, photo)
    for id_ in shown:
        if id_ in project.landmarks and project.landmarks[id_].name == answer.true:
            return id_
    return shown[0] if len(shown) == 1 else None


def _shown(project: Project, photo: Photo) -> list[int]:
    boxes = project.boxes_of(photo.id)
    if not boxes:
        return [] if photo.landmark_id is None else [photo.landmark_id]
    counted = [box for box in boxes if not box.excluded] or boxes
    return list(dict.fromkeys(box.landmark_id for box in counted))


def _is_left_out(project: Project, answer: CropAnswer) -> bool:
    photo = project.photos.get(answer.photo_id)
    if photo is None or photo.review == "skipped":
        return photo is not None
    if answer.box_id is not None:
        box = project.boxes.get(answer.box_id)
        return box is not None and box.excluded
    boxes = project.boxes_of(photo.id)
    return bool(boxes) and all(box.excluded for box in boxes)
