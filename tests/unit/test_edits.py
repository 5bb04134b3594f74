from __future__ import annotations

import unicodedata

import pytest

from landmark_gui.core import edits
from landmark_gui.core.errors import NameRefused
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from tests.rows import box_edit, photo, small_project


def with_landmarks(count: int) -> Project:
    project = Project()
    for number in range(count):
        project.apply(edits.add_landmark(project, f"Landmark {number}"))
    return project


def test_new_landmarks_get_the_keys_1_to_9_and_0_and_then_none() -> None:
    keys = [mark.key for mark in with_landmarks(12).ordered_landmarks()]
    assert keys == [*"1234567890", "", ""]


def test_names_are_trimmed_and_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "경복궁 Café")
    assert edits.clean_name(f"  {decomposed}\t") == "경복궁 Café"


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "a\x00b", "a\u2028b", "\ud800"])
def test_names_that_nobody_can_read_are_refused(name: str) -> None:
    with pytest.raises(NameRefused):
        edits.clean_name(name)


def test_a_namesake_is_found_whatever_its_case_and_composition() -> None:
    project = small_project()
    tower = project.landmarks[1]
    assert edits.namesake(project, "TOWER") == tower
    assert edits.namesake(project, "tower", but=tower) is None
    assert edits.namesake(project, "Towers") is None


def test_the_first_eight_landmarks_have_colours_of_their_own() -> None:
    colors = [mark.color for mark in with_landmarks(9).ordered_landmarks()]
    assert len(set(colors[:8])) == 8 and colors[8] in colors


def test_a_landmark_added_after_one_was_deleted_takes_its_free_key_and_goes_last() -> None:
    project = with_landmarks(3)
    project.apply(edits.delete_landmark(project, project.landmarks[2]))
    project.apply(edits.add_landmark(project, "New", "#abcdef"))
    new = project.ordered_landmarks()[-1]
    assert (new.name, new.key, new.color) == ("New", "2", "#abcdef")
    assert len({mark.id for mark in project.landmarks.values()}) == 3


def test_changing_a_box_keeps_what_is_not_named() -> None:
    project = small_project()
    project.apply(box_edit(7))
    (box,) = project.boxes_of(1)
    project.apply(edits.change_box(box, landmark_id=2))
    assert project.boxes[box.id].rect == box.rect
    project.apply(edits.change_box(project.boxes[box.id], rect=Rect(0, 0, 9, 9)))
    assert (project.boxes[box.id].landmark_id, project.boxes[box.id].rect.w) == (2, 9)


def test_deleting_a_landmark_takes_its_boxes_and_labels_but_no_others() -> None:
    project = small_project()
    for landmark_id in (1, 2):
        project.apply(box_edit(photo_id=1, landmark_id=landmark_id))
        project.apply(edits.set_photos_landmark([project.photos[landmark_id]], landmark_id))
    project.apply(edits.delete_landmark(project, project.landmarks[1]))
    assert [box.landmark_id for box in project.boxes.values()] == [2]
    assert [photo.landmark_id for photo in project.photos.values()] == [None, 2, None]


def test_two_boxes_never_share_an_id() -> None:
    ids = {edits.new_box(1, 1, Rect(0, 0, 1, 1)).id for _ in range(100)}
    assert len(ids) == 100


def test_every_edit_has_words_of_its_own() -> None:
    project = small_project()
    project.apply(box_edit())
    (box,), mark, row = project.boxes_of(1), project.landmarks[1], project.photos[1]
    made = [
        edits.add_landmark(project, "x"),
        edits.rename_landmark(mark, "x"),
        edits.recolor_landmark(mark, "#000000"),
        edits.delete_landmark(project, mark),
        box_edit(),
        edits.change_box(box, rect=Rect(0, 0, 1, 1)),
        edits.change_box(box, landmark_id=2),
        edits.delete_boxes([box]),
        edits.set_photos_landmark([row], 1),
        edits.review_photos([row], "done"),
        edits.set_landmark_key(project, mark, "5"),
        edits.move_landmark(project, mark, 1),
        edits.merge_landmarks(project, mark, project.landmarks[2]),
    ]
    words = {edits.describe(edit) for edit in made}
    assert len(words) == len(made) and "edit" not in words


def test_merging_moves_boxes_and_labels_and_nothing_is_lost_on_undo() -> None:
    project = small_project()
    for landmark_id in (1, 2):
        project.apply(box_edit(photo_id=1, landmark_id=landmark_id))
        project.apply(edits.set_photos_landmark([project.photos[landmark_id]], landmark_id))
    before = Project.of(project.rows())
    merge = edits.merge_landmarks(project, project.landmarks[1], project.landmarks[2])
    project.apply(merge)
    assert [box.landmark_id for box in project.boxes.values()] == [2, 2]
    assert [photo.landmark_id for photo in project.photos.values()] == [2, 2, None]
    assert list(project.landmarks) == [2]
    project.apply(merge.inverse())
    assert project == before


def test_another_order_of_landmarks_moves_no_box() -> None:
    project = with_landmarks(4)
    ids = [mark.id for mark in project.ordered_landmarks()]
    project.apply(edits.move_landmark(project, project.landmarks[ids[3]], 1))
    assert [mark.id for mark in project.ordered_landmarks()] == [ids[0], ids[3], ids[1], ids[2]]
    assert edits.move_landmark(project, project.landmarks[ids[3]], 1).changes == ()
    project.apply(edits.move_landmark(project, project.landmarks[ids[0]], 99))
    assert project.ordered_landmarks()[-1].id == ids[0]


def test_a_key_goes_from_one_landmark_to_another() -> None:
    project = with_landmarks(3)
    third = project.ordered_landmarks()[2]
    project.apply(edits.set_landmark_key(project, third, "1"))
    assert [mark.key for mark in project.ordered_landmarks()] == ["", "2", "1"]
    assert edits.set_landmark_key(project, project.landmarks[third.id], "1").changes == ()


def test_a_review_changes_only_photos_that_are_not_so_yet() -> None:
    project = small_project()
    project.apply(edits.review_photos(project.photos.values(), "done"))
    assert {photo.review for photo in project.photos.values()} == {"done"}
    assert edits.review_photos(project.photos.values(), "done").changes == ()


def test_undo_leaves_what_the_scan_found() -> None:
    project = small_project()
    edit = edits.set_photos_landmark([project.photos[1]], 2)
    project.apply(edit)
    project.put_photos([photo(1, "moved.jpg", hash="new")])
    assert project.photos[1].landmark_id == 2
    project.apply(edit.inverse())
    found = project.photos[1]
    assert (found.path, found.hash, found.landmark_id) == ("moved.jpg", "new", None)


def two_photos(width: int, height: int) -> Project:
    """Photo 1 of 100 × 80 pixels with two boxes, and an empty photo 2 of that size."""
    project = with_landmarks(2)
    project.put_photos(
        [photo(1, "a.jpg", width=100, height=80), photo(2, "b.jpg", width=width, height=height)]
    )
    for landmark, rect in ((1, Rect(10, 20, 30, 40)), (2, Rect(50, 0, 50, 80))):
        project.apply(edits.add_box(1, landmark, rect))
    return project


def drawn_on(project: Project, photo_id: int) -> list[tuple[int, Rect]]:
    return [(box.landmark_id, box.rect) for box in project.boxes_of(photo_id)]


def test_copied_boxes_keep_their_place_in_the_picture() -> None:
    project = two_photos(200, 40)
    project.apply(edits.copy_boxes(project, project.photos[1], project.photos[2]))
    assert drawn_on(project, 2) == [(1, Rect(20, 10, 60, 20)), (2, Rect(100, 0, 100, 40))]


def test_boxes_that_are_there_are_not_copied_again() -> None:
    project = two_photos(100, 80)
    project.apply(edits.add_box(2, 1, Rect(10.2, 20, 30, 39.8)))
    project.apply(edits.add_box(2, 1, Rect(50, 0, 50, 80)))  # of another landmark
    edit = edits.copy_boxes(project, project.photos[1], project.photos[2])
    project.apply(edit)
    assert drawn_on(project, 2)[2:] == [(2, Rect(50, 0, 50, 80))]
    assert edits.describe(edit) == "copy boxes of another photo"
    again = edits.copy_boxes(project, project.photos[1], project.photos[2])
    assert again.changes == ()


def test_a_box_is_repeated_where_it_was_and_else_beside() -> None:
    project = two_photos(100, 80)
    first, second = project.photos[1], project.photos[2]
    box = project.boxes_of(1)[0]
    for _ in range(2):
        project.apply(edits.repeat_box(project, box, first, second))
    assert drawn_on(project, 2) == [(1, Rect(10, 20, 30, 40)), (1, Rect(13, 24, 30, 40))]


def test_a_box_in_a_corner_is_repeated_the_other_way() -> None:
    project = two_photos(100, 80)
    project.apply(edits.add_box(2, 1, Rect(60, 40, 40, 40)))
    (box,) = project.boxes_of(2)
    project.apply(edits.repeat_box(project, box, project.photos[2], project.photos[2]))
    assert drawn_on(project, 2)[1] == (1, Rect(56, 36, 40, 40))


def test_a_box_as_large_as_the_photo_has_no_room_beside_itself() -> None:
    project = two_photos(100, 80)
    project.apply(edits.add_box(2, 1, Rect(0, 0, 100, 80)))
    (box,) = project.boxes_of(2)
    assert not edits.repeat_box(project, box, project.photos[2], project.photos[2]).changes


def test_photos_are_named_as_a_whole_in_one_edit() -> None:
    project = two_photos(100, 80)
    project.apply(edits.set_photos_landmark([project.photos[1]], 2))
    edit = edits.set_photos_landmark(project.photos.values(), 2)
    assert len(edit.changes) == 1  # the first is so already
    project.apply(edit)
    assert {photo.landmark_id for photo in project.photos.values()} == {2}
