from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Change, Edit, Landmark, Project, combined
from tests.rows import box_edit, photo, small_project


def copied(project: Project) -> Project:
    return Project.of(project.rows())


def random_edit(project: Project, chance: random.Random) -> Edit:
    """Any edit that a person could make next."""
    boxes, marks = list(project.boxes.values()), list(project.landmarks.values())
    mark = chance.choice(marks) if marks else None
    makers = [lambda: edits.add_landmark(project, f"Mark {chance.random()}")]
    if mark is not None:
        rect = Rect(chance.randint(0, 50), chance.randint(0, 50), 20, 20)
        some_photo = chance.choice(list(project.photos.values()))
        makers += [
            lambda: edits.add_box(some_photo.id, mark.id, rect),
            lambda: edits.rename_landmark(mark, "Other"),
            lambda: edits.recolor_landmark(mark, "#000000"),
            lambda: edits.delete_landmark(project, mark),
            lambda: edits.set_photos_landmark([some_photo], mark.id),
        ]
        if boxes:
            box = chance.choice(boxes)
            makers += [
                lambda: edits.change_box(box, rect=rect),
                lambda: edits.change_box(box, landmark_id=mark.id),
                lambda: edits.delete_boxes(chance.sample(boxes, chance.randint(1, len(boxes)))),
            ]
    return chance.choice(makers)()


@given(st.integers(0, 1000), st.integers(1, 25))
def test_inverses_lead_back_through_every_state(seed: int, length: int) -> None:
    chance, project = random.Random(seed), small_project()
    history = []
    for _ in range(length):
        edit = random_edit(project, chance)
        history.append((copied(project), edit))
        project.apply(edit)
    last = copied(project)
    for before, edit in reversed(history):
        project.apply(edit.inverse())
        assert project == before
    for _, edit in history:
        project.apply(edit)
    assert project == last


@given(st.integers(0, 1000), st.integers(1, 25))
def test_no_box_ever_refers_to_a_row_that_is_gone(seed: int, length: int) -> None:
    chance, project = random.Random(seed), small_project()
    for _ in range(length):
        project.apply(random_edit(project, chance))
        assert {box.landmark_id for box in project.boxes.values()} <= project.landmarks.keys()
        labels = {photo.landmark_id for photo in project.photos.values()} - {None}
        assert labels <= project.landmarks.keys()


def test_the_inverse_of_the_inverse_is_the_edit() -> None:
    edit = edits.delete_landmark(small_project(), small_project().landmarks[1])
    assert edit.inverse().inverse() == edit


def test_a_row_that_an_edit_changes_twice_comes_back_as_it_was_first() -> None:
    project = small_project()
    first = project.landmarks[1]
    second = edits.rename_landmark(first, "B").changes[0].after
    assert isinstance(second, Landmark)
    changes = (Change(first, second), *edits.rename_landmark(second, "C").changes)
    edit = Edit("rename_landmark", changes)
    project.apply(edit)
    project.apply(edit.inverse())
    assert project.landmarks[1] == first


def test_photos_come_in_natural_order() -> None:
    names = ["b/IMG_10.jpg", "b/IMG_9.jpg", "A/z.jpg", "b/img_1.jpg", "한글/2.jpg", "한글/10.jpg"]
    project = Project.of(photo(number, name) for number, name in enumerate(names))
    assert [row.path for row in project.ordered_photos()] == [
        "A/z.jpg",
        "b/img_1.jpg",
        "b/IMG_9.jpg",
        "b/IMG_10.jpg",
        "한글/2.jpg",
        "한글/10.jpg",
    ]


def test_boxes_of_a_photo_keep_their_order_when_one_is_changed() -> None:
    project = small_project()
    for number in range(3):
        project.apply(box_edit(number))
    first = project.boxes_of(1)[0]
    project.apply(edits.change_box(first, rect=Rect(50, 50, 10, 10)))
    assert [box.rect.x for box in project.boxes_of(1)] == [50, 1, 2]


def test_a_photo_is_labelled_by_a_box_or_as_a_whole() -> None:
    project = small_project()
    project.apply(box_edit(photo_id=1))
    project.apply(edits.set_photos_landmark([project.photos[2]], 1))
    assert [project.is_labelled(row) for row in project.photos.values()] == [True, True, False]
    project.apply(edits.delete_boxes(project.boxes_of(1)))
    assert not project.is_labelled(project.photos[1])


def test_an_edit_names_the_photos_that_must_be_drawn_again() -> None:
    project = small_project()
    project.apply(box_edit(photo_id=1, landmark_id=2))
    project.apply(edits.set_photos_landmark([project.photos[3]], 2))
    edit = edits.delete_landmark(project, project.landmarks[2])
    assert edit.photo_ids() == {1, 3}
    assert edit.touches_landmarks()
    assert not box_edit().touches_landmarks()


@pytest.mark.parametrize(("name", "number"), [("Dome", 2), ("dome", None), ("", None)])
def test_a_landmark_is_found_by_its_exact_name(name: str, number: int | None) -> None:
    found = small_project().landmark_named(name)
    assert (found.id if found else None) == number


@given(st.lists(st.tuples(st.sampled_from(["add", "move", "delete"]), st.integers(0, 3))))
def test_a_combined_edit_does_what_its_parts_do(steps: list[tuple[str, int]]) -> None:
    project = small_project()
    start, made = Project.of(project.rows()), []
    for number, (what, which) in enumerate(steps):
        boxes = list(project.boxes.values())
        if what == "add" or which >= len(boxes):
            made.append(box_edit(number))
        elif what == "move":
            made.append(edits.change_box(boxes[which], rect=Rect(number, 1, 2, 3)))
        else:
            made.append(edits.delete_boxes([boxes[which]]))
        project.apply(made[-1])
    whole = combined("import", made)
    after = Project.of(start.rows())
    after.apply(whole)
    assert after == project
    after.apply(whole.inverse())
    assert after == start
