"""Leaving examples out, taking them in, and renaming them."""

from __future__ import annotations

import pytest

from landmark_gui.core import edits, examples
from landmark_gui.core.project import Edit, Project
from tests.rows import box_edit, small_project


@pytest.fixture
def project() -> Project:
    """Two boxes on photo 1, one on photo 2; photo 3 is a Dome as a whole."""
    project = small_project()
    for edit in (box_edit(0, 1, 1), box_edit(40, 1, 2), box_edit(0, 2, 1)):
        project.apply(edit)
    project.apply(edits.set_photos_landmark([project.photos[3]], 2))
    return project


def done(project: Project, edit: Edit) -> str:
    """Apply an edit and undo it; its kind."""
    before = list(project.rows())
    project.apply(edit)
    project.apply(edit.inverse())
    assert list(project.rows()) == before
    return edit.kind


def test_boxes_and_whole_photos_are_left_out_by_one_edit(project: Project) -> None:
    (first, _), (box,) = project.boxes_of(1), project.boxes_of(2)
    edit = examples.exclude(project, [(1, first.id), (2, box.id), (3, None)])
    assert done(project, edit) == "exclude_examples"
    project.apply(edit)
    assert [found.excluded for found in project.boxes_of(1)] == [True, False]
    assert project.boxes[box.id].excluded
    assert [project.photos[id_].review for id_ in (1, 2, 3)] == ["", "", "skipped"]

    back = examples.include(project, [(1, first.id), (2, box.id), (3, None)])
    assert done(project, back) == "include_examples"
    project.apply(back)
    assert not any(found.excluded for found in project.boxes.values())
    assert project.photos[3].review == ""


def test_boxes_alone_and_photos_alone_keep_the_name_of_their_own_edit(project: Project) -> None:
    first, _ = project.boxes_of(1)
    assert examples.exclude(project, [(1, first.id)]).kind == "exclude_boxes"
    assert examples.exclude(project, [(3, None)]).kind == "review_photos"
    assert examples.relabel(project, [(1, first.id)], 2).kind == "relabel_box"
    assert examples.relabel(project, [(3, None)], 1).kind == "label_photo"


def test_a_box_of_a_skipped_photo_comes_back_with_its_photo(project: Project) -> None:
    first, _ = project.boxes_of(1)
    project.apply(edits.review_photos([project.photos[1]], "skipped"))
    edit = examples.include(project, [(1, first.id)])
    assert edit.kind == "review_photos"
    project.apply(edit)
    assert project.photos[1].review == ""


def test_a_whole_photo_is_renamed_by_its_boxes_where_it_has_some(project: Project) -> None:
    edit = examples.relabel(project, [(1, None), (3, None)], 1)
    assert done(project, edit) == "relabel_examples"
    project.apply(edit)
    assert {box.landmark_id for box in project.boxes_of(1)} == {1}
    assert project.photos[1].landmark_id is None
    assert project.photos[3].landmark_id == 1


def test_what_is_gone_or_as_wanted_already_changes_nothing(project: Project) -> None:
    (box,) = project.boxes_of(2)
    wanted = [(2, box.id), (2, "gone"), (99, None)]
    assert not examples.relabel(project, wanted, 1).changes
    assert not examples.include(project, wanted).changes
    assert len(examples.exclude(project, [*wanted, (2, box.id)]).changes) == 1


def test_behind_a_whole_photo_stand_the_boxes_of_its_landmark(project: Project) -> None:
    tower, dome = project.boxes_of(1)
    assert examples.behind(project, (1, None), "Tower") == [(1, tower.id)]
    assert examples.behind(project, (1, None), "Dome") == [(1, dome.id)]
    assert examples.behind(project, (1, tower.id), "Tower") == [(1, tower.id)]
    assert examples.behind(project, (3, None), "Dome") == [(3, None)]
    project.apply(box_edit(70, 1, 1))
    project.apply(edits.exclude_boxes([tower]))
    (other,) = (box for box in project.boxes_of(1) if box.rect.x == 70)
    assert examples.behind(project, (1, None), "Tower") == [(1, other.id)]
    project.apply(edits.exclude_boxes([other]))
    assert len(examples.behind(project, (1, None), "Tower")) == 2  # to be taken in again
