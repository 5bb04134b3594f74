"""The cases of the Quality page follow the project: which are open, and in which rows."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QObject, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter
from PySide6.QtTest import QAbstractItemModelTester

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Project
from landmark_gui.core.quality.report import Case, Fault, Finding, Report, Subject
from landmark_gui.gui.pages.quality import tiles
from landmark_gui.gui.pages.quality.case_model import CaseModel
from landmark_gui.gui.pages.quality.finding_panel import all_text, remedy_for_all
from landmark_gui.gui.pages.quality.open_cases import OpenCases
from landmark_gui.gui.pages.quality.pictures import Picture, paint_picture
from landmark_gui.gui.thumbnails import Thumbnails
from tests.conftest import draw_photo
from tests.rows import box_edit, small_project

FEW = settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])


def case(number: int, words: str = "") -> Case:
    return Case((Subject(number),), words)


numbers = st.lists(st.integers(0, 12), unique=True, max_size=12)


@FEW
@given(before=numbers, after=numbers, row=st.integers(0, 11))
def test_the_list_becomes_the_new_one_and_the_row_is_followed(qapp, before, after, row) -> None:
    owner = QObject()
    model = CaseModel(owner)
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, owner
    )
    model.show_fault(None, Fault.BLURRED, tuple(case(number) for number in before))
    row = row if row < len(before) else -1
    new = tuple(case(number, "words") for number in after)
    place, stays = model.follow(new, row)
    assert model.cases == new and model.rowCount() == len(after)
    if row >= 0 and before[row] in after:
        assert stays and after[place] == before[row]
    elif row >= 0:
        assert not stays
    assert tester is not None


def test_rows_that_stay_keep_their_place_in_the_view(qapp) -> None:
    owner = QObject()
    model = CaseModel(owner)
    model.show_fault(None, Fault.BLURRED, tuple(map(case, range(1000))))
    kept = [QPersistentModelIndex(model.index(row)) for row in (100, 500, 900)]
    model.follow(tuple(case(number) for number in range(1000) if number not in (5, 600)))
    assert [index.row() for index in kept] == [99, 499, 898]


def a_report(project: Project) -> Report:
    box = next(iter(project.boxes.values()))
    copies = Finding(Fault.EXACT_WITHIN, (Case((Subject(2), Subject(3))),), ("exclude",))
    blurred = Finding(Fault.BLURRED, (Case((Subject(1, box.id),)),), ("exclude",))
    few = Finding(Fault.FEW_PHOTOS, (Case((), "3 photos", 1.0, 1),))
    return Report(3, 1, (copies, blurred, few))


@pytest.fixture
def project() -> Project:
    project = small_project()
    project.apply(box_edit())
    return project


def changes(project: Project) -> dict[str, edits.Edit]:
    """Edits, and by them what each is about."""
    (box,) = project.boxes.values()
    photo = project.photos[2]
    return {
        "exclude": edits.exclude_boxes([box]),
        "relabel": edits.change_box(box, landmark_id=2),
        "move": edits.change_box(box, rect=Rect(5, 5, 20, 20)),
        "delete": edits.delete_boxes([box]),
        "skip": edits.review_photos([photo], "skipped"),
        "label": edits.set_photos_landmark([photo], 2),
        "pin": edits.pin_photos([photo], "test"),
        "draw": edits.add_box(2, 1, Rect(1, 1, 30, 30)),
    }


@pytest.mark.parametrize(
    "name, fault",
    [
        ("exclude", Fault.BLURRED),
        ("relabel", Fault.BLURRED),
        ("move", Fault.BLURRED),
        ("delete", Fault.BLURRED),
        ("skip", Fault.EXACT_WITHIN),
        ("label", Fault.EXACT_WITHIN),
        ("pin", Fault.EXACT_WITHIN),
        ("draw", Fault.EXACT_WITHIN),
    ],
)
def test_a_case_closes_with_an_edit_of_what_it_is_about_and_opens_with_undo(
    project, name, fault
) -> None:
    cases = OpenCases(a_report(project), Project.of(project.rows()))
    edit = changes(project)[name]
    project.apply(edit)
    assert cases.follow(project, edit.photo_ids()) == {fault}
    assert (cases.count(fault), cases.total()) == (0, 2)
    assert cases.finding(fault).cases == ()
    project.apply(edit.inverse())
    assert cases.follow(project, edit.photo_ids()) == {fault}
    assert cases.total() == 3 and cases.finding(fault).count == 1


def test_a_photo_whose_file_was_replaced_is_no_copy_of_another_any_more(project) -> None:
    cases = OpenCases(a_report(project), Project.of(project.rows()))
    project.put_photos([replace(project.photos[3], size=77, hash="another", modified=5)])
    cases.follow_all(project)
    assert cases.count(Fault.EXACT_WITHIN) == 0 and cases.total() == 2


def test_a_mark_as_done_closes_nothing(project) -> None:
    cases = OpenCases(a_report(project), Project.of(project.rows()))
    edit = edits.review_photos(project.photos.values(), "done")
    project.apply(edit)
    assert cases.follow(project, edit.photo_ids()) == set() and cases.total() == 3


def test_edits_since_the_report_was_begun_are_found(project) -> None:
    cases = OpenCases(a_report(project), Project.of(project.rows()))
    for name in ("skip", "delete"):
        project.apply(changes(project)[name])
    cases.follow_all(project)
    assert cases.total() == 1 and cases.faults == [
        Fault.EXACT_WITHIN,
        Fault.BLURRED,
        Fault.FEW_PHOTOS,
    ]


def test_a_landmark_is_shown_by_its_colour(project, tmp_path) -> None:
    few = a_report(project).findings[2]
    (tile,) = tiles.tiles(project, tmp_path, few.fault, few.cases[0])
    assert (tile.landmark, tile.picture, tile.subject) == ("Tower", None, None)
    assert tiles.case_text(project, few.fault, few.cases[0]) == "Tower: 3 photos"
    assert remedy_for_all(few) is None


def test_boxes_of_one_landmark_on_each_other_are_told_apart(project, tmp_path) -> None:
    project.apply(box_edit(number=3))
    one, two = project.boxes.values()
    both = Case((Subject(1, one.id), Subject(1, two.id)), "90 % in common")
    (tile,) = tiles.tiles(project, tmp_path, Fault.OVERLAP, both)
    assert tile.picture is not None
    assert dict(tile.picture.frames) == {
        two.rect: "#ffffff",
        one.rect: project.landmarks[1].color,
    }
    area = tile.picture.area
    assert area.x <= one.rect.x and area.right >= two.rect.right
    assert area.x >= 0 and area.right <= 100 and area.bottom <= 80


def test_what_is_gone_is_not_shown(project, tmp_path) -> None:
    gone = Case((Subject(99), Subject(2)))
    (tile,) = tiles.tiles(project, tmp_path, Fault.EXACT_WITHIN, gone, 5)
    assert tile.name == "IMG_2.jpg" and not tile.kept
    assert tiles.tiles(project, tmp_path, Fault.OUTSIDE, Case((Subject(1, "none"),))) == []


def test_the_button_for_all_counts_what_it_changes() -> None:
    many = (Case((Subject(1), Subject(2), Subject(3))), Case((Subject(4), Subject(5))))
    said = {
        Fault.EXACT_WITHIN: ("exclude", "Leave out all 3 copies"),
        Fault.BLURRED: ("exclude", "Leave out all 2"),
        Fault.OVERLAP: ("merge_boxes", "Merge the boxes of all 2 places"),
        Fault.OUTSIDE: ("fit_box", "Cut all 2 at the edge"),
        Fault.LABEL_ERROR: ("relabel", "Move all 2 to the likelier landmark"),
    }
    for fault, (remedy, text) in said.items():
        assert all_text(Finding(fault, many, (remedy,)), remedy) == text


# Pictures


def seen(qtbot, picture: Picture, thumbnails: Thumbnails, frame: QRect) -> QImage:
    """What is painted of a picture once it is made."""
    qtbot.waitUntil(lambda: picture.pixels(thumbnails) is not None)
    image = QImage(frame.size(), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.blue)
    painter = QPainter(image)
    paint_picture(painter, frame, picture, thumbnails)
    painter.end()
    return image


def test_a_frame_lies_on_the_box(qtbot, tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    draw_photo(path, "Green Dome", 1, (400, 300))
    box = ((Rect(100, 90, 200, 120), "#ff00ff"),)
    framed = Picture((1,), path, "", (400, 300), Rect(0, 0, 400, 300), box)
    image = seen(qtbot, framed, Thumbnails(QSize(200, 150)), QRect(0, 0, 200, 150))
    for x, y in ((50, 75), (149, 75), (100, 45), (100, 104)):
        assert image.pixelColor(x, y).name() == "#ff00ff"
    assert image.pixelColor(100, 75).name() != "#ff00ff"


def test_a_frame_lies_on_the_box_on_a_part_of_the_photo_too(qtbot, tmp_path) -> None:
    path = tmp_path / "photo.jpg"
    draw_photo(path, "Green Dome", 1, (400, 300))
    box = ((Rect(150, 100, 100, 100), "#ff00ff"),)
    framed = Picture((1,), path, "", (400, 300), Rect(100, 75, 200, 150), box)
    image = seen(qtbot, framed, Thumbnails(QSize(200, 150)), QRect(0, 0, 200, 150))
    for x, y in ((50, 75), (149, 75), (100, 25), (100, 124)):
        assert image.pixelColor(x, y).name() == "#ff00ff"


def test_a_box_far_outside_takes_no_memory(qtbot, tmp_path) -> None:
    path = tmp_path / "photo.png"
    draw_photo(path, "Green Dome", 1, (400, 300))
    far = Picture((1,), path, "", (400, 300), Rect(0, 0, 1e9, 1e9))
    image = seen(qtbot, far, Thumbnails(QSize(144, 108)), QRect(0, 0, 144, 108))
    assert far.near == Rect(0, 0, 1600, 1200)
    assert image.pixelColor(2, 2).lightness() > 60
    assert image.pixelColor(120, 90).name() == "#000000"
