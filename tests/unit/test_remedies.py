from __future__ import annotations

import pytest

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.history import Names, words
from landmark_gui.core.project import Edit, Project
from landmark_gui.core.quality import remedies
from landmark_gui.core.quality.report import Case, Fault, Finding, Remedy, Subject
from tests.quality_scenes import PETRA, TREASURY, Scene, balanced


def remedied(
    scene: Scene, fault: Fault, remedy: Remedy, landmark_id: int | None = None
) -> tuple[Edit, str]:
    """Apply a remedy to all cases; the edit, and what the history says of it.

    Undone, it leaves everything as it was.
    """
    finding = scene.finding(fault)
    assert finding is not None
    before = list(scene.project.rows())
    edit = remedies.remedy_all(scene.project, finding, remedy, landmark_id)
    scene.project.apply(edit)
    scene.project.apply(edit.inverse())
    assert sorted(map(repr, scene.project.rows())) == sorted(map(repr, before))
    scene.project.apply(edit)
    return edit, told(scene.project, edit)


def told(project: Project, edit: Edit) -> str:
    assert edits.describe(edit) != edits.describe(Edit("unknown", ()))
    return words(edit, Names(project, lambda: [edit]), 0, 1).text


def test_exclude_skips_the_other_photos_of_duplicates() -> None:
    scene = balanced()
    kept, *others = scene.photos(3, like=90, content="same")

    edit, text = remedied(scene, Fault.EXACT_WITHIN, "exclude")

    assert edit.kind == "review_photos"
    assert text == "Marked as skipped"
    assert [scene.project.photos[id_].review for id_ in (kept, *others)] == ["", *["skipped"] * 2]
    assert scene.report().findings == ()


def test_exclude_leaves_out_boxes_and_whole_photos_in_one_edit() -> None:
    scene = balanced()
    scene.photo(look={"sharpness": 0.1})
    scene.box(scene.photo(), Rect(0, 0, 100, 100), sharpness=0.1)

    edit, text = remedied(scene, Fault.BLURRED, "exclude")

    assert edit.kind == "exclude_examples"
    assert text == "Left 2 examples out of the dataset"
    assert scene.report().findings == ()


def test_exclude_of_boxes_alone_is_the_edit_that_the_label_page_has() -> None:
    scene = balanced()
    scene.box(scene.photo(), Rect(0, 0, 100, 100), sharpness=0.1)

    edit, text = remedied(scene, Fault.BLURRED, "exclude")

    assert (edit.kind, text) == ("exclude_boxes", "Left 1 box out of the dataset")


def test_merged_boxes_become_the_oldest_one_round_all_of_them() -> None:
    scene = balanced()
    photo = scene.photo()
    first = scene.box(photo, Rect(100, 100, 200, 300))
    scene.box(photo, Rect(104, 98, 200, 300))

    edit, text = remedied(scene, Fault.OVERLAP, "merge_boxes")

    assert edit.kind == "merge_boxes"
    assert text == "Merged 2 boxes “Petra”"
    (box,) = scene.project.boxes_of(photo)
    assert (box.id, box.rect, box.landmark_id) == (first, Rect(100, 98, 204, 302), PETRA)


def test_boxes_of_two_landmarks_are_merged_only_where_a_person_decides() -> None:
    scene = balanced()
    photo = scene.photo()
    scene.box(photo, Rect(100, 100, 200, 300), PETRA)
    scene.box(photo, Rect(100, 100, 200, 300), TREASURY)
    finding = scene.finding(Fault.OVERLAP)
    assert finding is not None
    (case,) = finding.cases

    assert remedies.remedy(scene.project, finding, case, "merge_boxes").changes == ()
    assert remedies.offered(scene.project, finding, case) == ("relabel", "exclude")

    scene.project.apply(remedies.remedy(scene.project, finding, case, "merge_boxes", TREASURY))

    assert [box.landmark_id for box in scene.project.boxes_of(photo)] == [TREASURY]


def test_boxes_on_each_other_are_left_out_but_for_one() -> None:
    scene = balanced()
    photo = scene.photo()
    for x in (0, 1, 2):
        scene.box(photo, Rect(x, 0, 100, 100))

    remedied(scene, Fault.OVERLAP, "exclude")

    assert [box.excluded for box in scene.project.boxes_of(photo)] == [False, True, True]


def test_a_box_is_cut_at_the_edge_unless_nothing_of_it_is_inside() -> None:
    scene = balanced()
    photo = scene.photo()
    partly = scene.box(photo, Rect(600, 100, 60, 100))
    wholly = scene.box(photo, Rect(700, 100, 60, 100))

    edit, text = remedied(scene, Fault.OUTSIDE, "fit_box")

    assert (edit.kind, text) == ("move_box", "Resized box “Petra”")
    assert scene.project.boxes[partly].rect == Rect(600, 100, 40, 100)
    finding = scene.finding(Fault.OUTSIDE)
    assert finding is not None
    assert [case.subjects[0].box_id for case in finding.cases] == [wholly]
    assert remedies.offered(scene.project, finding, finding.cases[0]) == ("exclude",)


def test_relabel_moves_whole_photos_and_photos_with_boxes_of_one_landmark() -> None:
    scene = balanced()
    first = scene.photo(PETRA, like=90, content="same")
    second = scene.photo(None, like=90, content="same")
    box = scene.box(second, Rect(0, 0, 100, 100), TREASURY)

    edit, text = remedied(scene, Fault.EXACT_ACROSS, "relabel", TREASURY)

    assert (edit.kind, text) == ("label_photo", "The whole photo is “Treasury”")
    assert scene.project.photos[first].landmark_id == TREASURY
    assert scene.project.boxes[box].landmark_id == TREASURY
    assert scene.flagged(Fault.EXACT_ACROSS) == []


def test_relabel_leaves_a_photo_of_several_landmarks_to_the_person() -> None:
    scene = balanced()
    photo = scene.photo(None)
    for mark, x in ((PETRA, 0), (TREASURY, 300)):
        scene.box(photo, Rect(x, 0, 100, 100), mark)
    case = Case((Subject(photo),))
    finding = Finding(Fault.EXACT_ACROSS, (case,), ("relabel",))

    assert remedies.remedy(scene.project, finding, case, "relabel", PETRA).changes == ()


def test_label_errors_move_each_to_its_own_landmark() -> None:
    scene = balanced()
    one, other = scene.photo(PETRA), scene.photo(TREASURY)
    cases = (
        Case((Subject(one),), landmark_id=TREASURY),
        Case((Subject(other),), landmark_id=PETRA),
    )
    finding = Finding(Fault.LABEL_ERROR, cases, ("relabel",))

    edit = remedies.remedy_all(scene.project, finding, "relabel")
    scene.project.apply(edit)

    assert [scene.project.photos[id_].landmark_id for id_ in (one, other)] == [TREASURY, PETRA]
    assert told(scene.project, edit) == "Gave 2 examples to other landmarks"


def test_boxes_and_photos_moved_to_one_landmark_are_told_by_its_name() -> None:
    scene = balanced()
    photo, other = scene.photo(PETRA), scene.photo(None)
    box = scene.box(other, Rect(0, 0, 100, 100), PETRA)
    case = Case((Subject(photo), Subject(other, box)), landmark_id=TREASURY)
    finding = Finding(Fault.LABEL_ERROR, (case,), ("relabel",))

    edit = remedies.remedy(scene.project, finding, case, "relabel")

    assert told(scene.project, edit) == "Gave 2 examples to “Treasury”"


@pytest.mark.parametrize("remedy", ["exclude", "relabel", "merge_boxes", "fit_box", "trash"])
def test_rows_that_are_gone_are_passed_over(remedy: Remedy) -> None:
    scene = balanced()
    case = Case((Subject(1, "gone"), Subject(998), Subject(999, "gone")), landmark_id=77)
    finding = Finding(Fault.OVERLAP, (case,), ("exclude", "relabel", "merge_boxes", "fit_box"))

    assert remedies.remedy(scene.project, finding, case, remedy).changes == ()


def test_the_trash_takes_all_copies_but_the_one_to_keep() -> None:
    scene = balanced()
    photos = scene.photos(3, like=90, content="same")
    broken = scene.photo(state="unreadable", reason="it is no picture")
    report = scene.report()
    (unreadable,) = report.findings[0].cases
    (copies,) = report.findings[1].cases

    assert remedies.files_to_trash(scene.project, unreadable) == [f"IMG_{broken}.jpg"]
    assert remedies.files_to_trash(scene.project, copies) == [
        f"IMG_{id_}.jpg" for id_ in photos[1:]
    ]
