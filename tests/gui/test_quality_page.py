"""The Quality page on real photos: what is found, what is done about it, and what undo does."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPlainTextEdit, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Box, Change, Edit, Project
from landmark_gui.core.quality import checks
from landmark_gui.core.quality.report import Case, Fault, Finding, Report, Subject
from landmark_gui.core.splits import MAX_NEAR_DISTANCE
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.quality import QualityPage
from landmark_gui.gui.pages.quality.thresholds import BITS
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.gui.widgets.common import EmptyState

LEFT, NO = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
ALL_REMEDIES = ("exclude", "merge_boxes", "fit_box", "relabel", "trash")
MakeFindings = Callable[[Project], list[Finding]]


@pytest.fixture
def document(
    open_document: Callable[[Path], Document], photo_folder: Callable[..., Path]
) -> Document:
    """Four photos of each of two landmarks, labelled by their folders, with a box on each."""
    document = open_document(photo_folder(each=4))
    document.label_by_folder()
    photos = document.project.ordered_photos()
    boxes = [
        Box(f"box {photo.id}", photo.id, photo.landmark_id or 0, Rect(10, 10, 60, 50))
        for photo in photos
    ]
    document.do(Edit("import", tuple(Change(None, box) for box in boxes)))
    return document


@pytest.fixture
def found(monkeypatch: pytest.MonkeyPatch) -> list[MakeFindings]:
    """What the checks find is what the last function of this list says, called at each look."""
    makers: list[MakeFindings] = [lambda _: []]

    def inspect(project: Project, *_: object) -> Report:
        findings = [finding for finding in makers[-1](project) if finding.cases]
        advice = ("Add photos.",) if findings else ()
        return Report(len(project.photos), len(project.boxes), tuple(findings), advice)

    monkeypatch.setattr(checks, "inspect", inspect)
    return makers


@pytest.fixture
def page(qtbot: QtBot, context: AppContext) -> QualityPage:
    page = QualityPage(context)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    return page


@pytest.fixture
def ready(
    qtbot: QtBot, context: AppContext, document: Document, page: QualityPage
) -> Callable[[], QualityPage]:
    """Opens the document on the page, and waits until it has been looked at."""

    def open_() -> QualityPage:
        context.set_document(document)
        settle(qtbot, context, page)
        return page

    return open_


@pytest.fixture
def window(qtbot: QtBot, document: Document) -> Iterator[MainWindow]:
    window = MainWindow(AppContext())
    window.resize(1280, 800)
    window.show()
    window.context.set_document(document)
    yield window
    window.context.set_document(None)
    window.close()
    window.deleteLater()


def settle(qtbot: QtBot, context: AppContext, page: QualityPage) -> None:
    """Wait until the page shows the newest report."""
    newest = lambda: (  # noqa: E731
        context.dataset.is_newest
        and page._open is not None
        and page._open.report is context.dataset.dataset.report
    )
    qtbot.waitUntil(newest, timeout=60_000)


# What is found, by functions of the project


def blurred(project: Project) -> list[Finding]:
    boxes = (box for box in project.boxes.values() if not box.excluded)
    cases = [Case((Subject(box.photo_id, box.id),), "sharpness 3") for box in boxes]
    return [Finding(Fault.BLURRED, tuple(cases), ("exclude",))]


def alike(project: Project) -> list[Finding]:
    """All photos of a landmark look alike, until but one is skipped."""
    cases = []
    for mark in project.ordered_landmarks():
        photos = [photo for photo in project.photos_with(mark.id) if photo.review != "skipped"]
        if len(photos) > 1:
            subjects = tuple(Subject(photo.id) for photo in photos)
            cases.append(Case(subjects, "3 of 64 bits differ", 1.0))
    return [Finding(Fault.NEAR_WITHIN, tuple(cases), ("exclude", "trash"))]


def likely_wrong(project: Project) -> list[Finding]:
    """Each box of the first landmark is taken for the second."""
    first, second = project.ordered_landmarks()
    boxes = project.boxes_with(first.id)
    cases = [
        Case((Subject(box.photo_id, box.id),), "perhaps another", 0.9, second.id) for box in boxes
    ]
    return [Finding(Fault.LABEL_ERROR, tuple(cases), ("relabel", "exclude"))]


def keys(page: QualityPage, key: Qt.Key, modifiers: Qt.KeyboardModifier = NO) -> None:
    page.panel.cases.setFocus()
    QTest.keyClick(page.panel.cases, key, modifiers)


def rows(page: QualityPage) -> int:
    return page.panel.cases.model().rowCount()


def faults(page: QualityPage) -> list[tuple[Fault, int]]:
    return page.faults.faults.counts


def note(page: QualityPage) -> str:
    """What stands in the place of the cases, all its words."""
    shown = page.states.currentWidget()
    assert isinstance(shown, EmptyState)
    return " ".join(label.text() for label in shown.findChildren(type(page.summary)))


def click(button: QPushButton | None) -> None:
    assert button is not None and button.isVisible() and button.isEnabled()
    QTest.mouseClick(button, LEFT)


def excluded(document: Document) -> int:
    return sum(box.excluded for box in document.project.boxes.values())


# States


def test_nothing_open_says_what_to_do(qtbot, context, page) -> None:
    with qtbot.waitSignal(context.open_folder_requested):
        click(page.findChild(QPushButton, "empty_state_action"))


def test_without_labels_the_page_leads_to_the_label_page(
    qtbot, context, page, open_document, photo_folder, found
) -> None:
    context.set_document(open_document(photo_folder(each=2)))
    settle(qtbot, context, page)
    assert "No labels yet" in note(page)
    context.document.photos_changed.emit()
    assert "No labels yet" in note(page)
    with qtbot.waitSignal(context.page_requested) as asked:
        click(page.states.findChild(QPushButton, "empty_state_action"))
    assert asked.args == ["label"]


def test_nothing_wrong_is_said_pleasantly(ready, found) -> None:
    page = ready()
    assert "Nothing wrong was found" in note(page)
    assert faults(page) == [] and page.advice.isHidden()
    assert page.thresholds.isVisible()


def test_the_photos_are_measured_with_their_progress_shown(context, ready, page) -> None:
    context.dataset.progressed.emit(0, 0)
    assert page.progress.isHidden()
    context.dataset.progressed.emit(3, 8)
    assert not page.progress.isHidden() and page.progress.bar.value() == 3
    ready()
    assert page.progress.isHidden()


def test_real_faults_of_real_files_are_listed_in_their_order(
    qtbot, context, page, open_document, photo_folder
) -> None:
    folder = photo_folder(each=3)
    shutil.copy(folder / "Red Tower" / "IMG_1.jpg", folder / "Red Tower" / "copy.jpg")
    shutil.copy(folder / "Red Tower" / "IMG_2.jpg", folder / "Green Dome" / "wrong.jpg")
    (folder / "Green Dome" / "broken.jpg").write_bytes(b"\xff\xd8 no photo")
    document = open_document(folder)
    document.label_by_folder()
    context.set_document(document)
    settle(qtbot, context, page)
    listed = [fault for fault, _ in faults(page)]
    assert listed == sorted(listed, key=list(Fault).index)
    wanted = {Fault.UNREADABLE: 1, Fault.EXACT_ACROSS: 1, Fault.EXACT_WITHIN: 1}
    assert wanted.items() <= dict(faults(page)).items()
    assert page.advice.isVisible() and page.advice.words.text()


def test_closing_the_project_empties_the_page(ready, context, found) -> None:
    found.append(blurred)
    page = ready()
    assert rows(page) == 8
    context.set_document(None)
    assert rows(page) == 0 and faults(page) == []
    assert page.findChild(QPushButton, "empty_state_action").isVisible()


# Remedies


@pytest.mark.parametrize("key", [Qt.Key.Key_E, Qt.Key.Key_Delete])
def test_a_case_is_left_out_by_key_and_comes_back_with_undo(
    qtbot, context, ready, document, found, key
) -> None:
    found.append(blurred)
    page = ready()
    box_id = page.panel.cases.cases.cases[0].subjects[0].box_id
    keys(page, key)
    assert document.project.boxes[box_id].excluded and rows(page) == 7
    assert faults(page) == [(Fault.BLURRED, 7)]
    settle(qtbot, context, page)
    assert rows(page) == 7
    document.undo()
    settle(qtbot, context, page)
    assert rows(page) == 8 and not excluded(document)


def test_undo_before_the_next_look_brings_the_case_back_at_once(ready, document, found) -> None:
    found.append(blurred)
    page = ready()
    keys(page, Qt.Key.Key_E)
    assert rows(page) == 7
    click(page.remedying.said.findChild(QPushButton, "banner_action"))
    assert rows(page) == 8 and not excluded(document)
    assert page.remedying.said.isHidden()


def test_all_cases_are_left_out_as_one_edit_that_the_history_tells(
    qtbot, context, ready, document, found
) -> None:
    found.append(blurred)
    page = ready()
    before = document.position
    with qtbot.waitSignal(context.status_changed) as said:
        click(page.panel.all_button)
    assert document.position == before + 1 and excluded(document) == 8
    assert said.args == ["Left 8 boxes out of the dataset · 8 photos"]
    assert page.remedying.said.text() == said.args[0]
    assert "is dealt with" in note(page)
    settle(qtbot, context, page)
    assert "Nothing wrong was found" in note(page) and faults(page) == []
    click(page.remedying.said.findChild(QPushButton, "banner_action"))
    settle(qtbot, context, page)
    assert rows(page) == 8 and page.panel.isVisible()


def test_the_edit_of_very_many_cases_is_made_in_the_background(
    qtbot, ready, document, found
) -> None:
    add_boxes(document, 400)
    found.append(blurred)
    page = ready()
    click(page.panel.all_button)
    assert not excluded(document)
    qtbot.waitUntil(lambda: excluded(document) == 408)
    document.undo()
    click(page.panel.all_button)
    document.do(edits.pin_photos(list(document.project.photos.values())[:1], "test"))
    qtbot.wait(300)  # what was made for another state of the project is not done
    assert not excluded(document)


def test_copies_are_left_out_but_the_one_that_stays(ready, document, found) -> None:
    found.append(alike)
    page = ready()
    assert page.panel.all_button.text() == "Leave out all 6 copies"
    click(page.panel.all_button)
    reviews = [photo.review for photo in document.project.photos.values()]
    assert (reviews.count("skipped"), reviews.count("")) == (6, 2)
    document.undo()
    assert all(not photo.review for photo in document.project.photos.values())


def test_boxes_on_each_other_are_merged(qtbot, context, ready, document, found) -> None:
    first = next(iter(document.project.boxes.values()))
    twin = Box("twin", first.photo_id, first.landmark_id, Rect(12, 10, 60, 50))
    document.do(Edit("add_box", (Change(None, twin),)))

    def overlapping(project: Project) -> list[Finding]:
        subjects = (Subject(first.photo_id, first.id), Subject(first.photo_id, "twin"))
        cases = (Case(subjects, "96 % in common"),) if "twin" in project.boxes else ()
        return [Finding(Fault.OVERLAP, cases, ("merge_boxes", "relabel", "exclude"))]

    found.append(overlapping)
    page = ready()
    keys(page, Qt.Key.Key_M)
    (box,) = document.project.boxes_of(first.photo_id)
    assert box.rect == Rect(10, 10, 62, 50) and rows(page) == 0
    document.undo()
    assert len(document.project.boxes_of(first.photo_id)) == 2
    settle(qtbot, context, page)
    assert rows(page) == 1


def test_a_box_is_cut_at_the_edge(qtbot, context, ready, document, found) -> None:
    first = next(iter(document.project.boxes.values()))
    document.do(edits.change_box(first, rect=Rect(60, 40, 80, 90)))

    def outside(project: Project) -> list[Finding]:
        leaves = project.boxes[first.id].rect.right > 96
        cases = (Case((Subject(first.photo_id, first.id),), "40 % outside"),) if leaves else ()
        return [Finding(Fault.OUTSIDE, cases, ("fit_box", "exclude"))]

    found.append(outside)
    page = ready()
    keys(page, Qt.Key.Key_C)
    assert document.project.boxes[first.id].rect == Rect(60, 40, 36, 32)
    document.undo()
    assert document.project.boxes[first.id].rect == Rect(60, 40, 80, 90)


def test_a_digit_moves_the_selected_cases_to_its_landmark(ready, document, found) -> None:
    found.append(likely_wrong)
    page = ready()
    first, second = document.project.ordered_landmarks()
    keys(page, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    keys(page, Qt.Key(ord(second.key)))
    assert not document.project.boxes_with(first.id)
    assert len(document.project.boxes_with(second.id)) == 8 and rows(page) == 0
    document.undo()
    assert len(document.project.boxes_with(first.id)) == 4


def test_all_likely_errors_move_to_the_landmark_that_they_seem_to_be(
    ready, document, found
) -> None:
    found.append(likely_wrong)
    page = ready()
    first, second = document.project.ordered_landmarks()
    click(page.panel.all_button)
    assert len(document.project.boxes_with(second.id)) == 8
    document.undo()
    assert len(document.project.boxes_with(first.id)) == 4


def test_the_menu_has_the_remedies_and_the_landmarks(ready, document, found) -> None:
    found.append(likely_wrong)
    page = ready()
    menu = page.panel.bar.menu()
    texts = [action.text() for action in menu.actions() if not action.isSeparator()]
    assert texts == ["Show on the Label page", "Leave out", "Move to landmark"]
    marks = menu.actions()[-1].menu().actions()
    assert [mark.text().split("\t")[0] for mark in marks] == ["Green Dome", "Red Tower"]
    marks[1].trigger()
    assert sum(box.landmark_id == 2 for box in document.project.boxes.values()) == 5
    menu.close()


def test_a_fault_that_only_a_person_can_judge_has_no_button_for_all(ready, found) -> None:
    found.append(lambda project: [replaced(alike(project)[0], Fault.NEAR_ACROSS)])
    page = ready()
    assert page.panel.all_button.isHidden()


def replaced(finding: Finding, fault: Fault) -> Finding:
    return Finding(fault, finding.cases, ("relabel", "exclude", "trash"))


def test_a_read_only_project_is_shown_and_says_why_nothing_can_be_done(
    ready, document, found
) -> None:
    found.append(blurred)
    document.read_only = True
    page = ready()
    assert not page.panel.all_button.isEnabled()
    assert "reading only" in page.panel.all_button.toolTip()
    keys(page, Qt.Key.Key_E)
    assert not excluded(document) and rows(page) == 8
    assert not page.thresholds.near.slider.isEnabled()
    document.read_only = False


# The list


def test_the_list_stays_where_it_is_and_the_next_case_is_selected(
    qtbot, context, ready, document, found
) -> None:
    add_boxes(document, 200)
    found.append(blurred)
    page = ready()
    view = page.panel.cases
    view._go_to(80)
    view.scrollTo(view.currentIndex())
    place, following = view.verticalScrollBar().value(), view.cases.cases[81]
    assert place > 0
    with qtbot.assertNotEmitted(view.cases.modelReset):
        keys(page, Qt.Key.Key_E)
        settle(qtbot, context, page)
    assert view.verticalScrollBar().value() == place
    assert view.selected() == [following] and view.currentIndex().row() == 80


def add_boxes(document: Document, count: int) -> None:
    photo = document.project.ordered_photos()[0]
    boxes = [
        Box(f"extra {number:05}", photo.id, 1, Rect(number % 40, 5, 30, 30))
        for number in range(count)
    ]
    document.do(Edit("import", tuple(Change(None, box) for box in boxes)))


def test_another_order_keeps_the_selection(qtbot, context, ready, document, found) -> None:
    found.append(blurred)
    page = ready()
    page.panel.cases._go_to(2)
    chosen = page.panel.cases.selected()
    found.append(lambda project: [backwards(blurred(project)[0])])
    context.dataset.mark_stale()
    settle(qtbot, context, page)
    assert page.panel.cases.cases.cases[5] == chosen[0]
    assert chosen[0] in page.panel.cases.selected()


def backwards(finding: Finding) -> Finding:
    return Finding(finding.fault, finding.cases[::-1], finding.remedies)


def test_of_5000_cases_only_those_on_the_screen_are_painted(
    qtbot, ready, document, found, monkeypatch
) -> None:
    add_boxes(document, 5000)
    found.append(blurred)
    asked: list[object] = []
    get = Thumbnails.get

    def noted(self: Thumbnails, key: object, *args: object) -> object:
        asked.append(key)
        return get(self, key, *args)

    monkeypatch.setattr(Thumbnails, "get", noted)
    page = ready()
    page.grab()
    assert rows(page) == 5008 and 0 < len(set(asked)) < 60
    page.panel.cases.scrollToBottom()
    page.grab()
    assert len(set(asked)) < 120
    assert len(page.panel.cases.viewport().children()) < 10  # no widget for a case


def test_an_edit_made_while_photos_are_measured_is_not_shown_as_open(
    qtbot, context, document, page, found
) -> None:
    found.append(blurred)
    context.set_document(document)
    box = next(iter(document.project.boxes.values()))
    document.do(edits.exclude_boxes([box]))
    qtbot.waitUntil(lambda: page._open is not None, timeout=20_000)
    assert rows(page) == 7


def test_pictures_side_by_side_mark_the_one_that_stays(ready, found) -> None:
    found.append(alike)
    page = ready()
    cases = page.panel.cases.cases
    shown = cases.tiles(cases.cases[0], 3)
    assert [tile.kept for tile in shown] == [True, False, False]
    assert all(tile.picture is not None and tile.landmark for tile in shown)
    assert "IMG_1.jpg" in cases.text(cases.cases[0])
    assert cases.text(cases.cases[0]).endswith("3 of 64 bits differ")


def test_a_picture_is_seen_with_its_boxes(qtbot, ready, document, found) -> None:
    first = next(iter(document.project.boxes.values()))
    subject = Subject(first.photo_id, first.id)
    found.append(lambda _: [Finding(Fault.OUTSIDE, (Case((subject,), "10 % outside"),))])
    page = ready()
    (tile,) = page.panel.cases.cases.tiles(page.panel.cases.cases.cases[0])
    assert tile.picture is not None and [rect for rect, _ in tile.picture.frames] == [first.rect]
    thumbnails = page.panel.cases.thumbnails
    qtbot.waitUntil(lambda: tile.picture.pixels(thumbnails) is not None)
    assert not tile.picture.pixels(thumbnails).isNull()
    color = document.project.landmarks[first.landmark_id].color
    shown = page.panel.cases.viewport().grab().toImage()
    colors = {shown.pixelColor(x, 60).name() for x in range(150)}
    assert color in colors


# Showing


def test_a_double_click_on_a_picture_shows_the_box_on_the_label_page(
    qtbot, window, document, found
) -> None:
    found.append(blurred)
    window.show_page("quality")
    page = window.page("quality")
    settle(qtbot, window.context, page)
    view = page.panel.cases
    row = 2
    place = view.visualRect(view.model().index(row, 0)).topLeft() + QPoint(40, 40)
    subject = view.cases.cases[row].subjects[0]
    QTest.mouseClick(view.viewport(), LEFT, NO, place)
    assert window.current_page == "quality" and view.selected() == [view.cases.cases[row]]
    QTest.mouseDClick(view.viewport(), LEFT, NO, place)
    assert window.current_page == "label" and document.current_id == subject.photo_id
    assert window.page("label").canvas.selected() == [subject.box_id]


def test_enter_shows_the_current_case_and_ctrl_click_only_selects(
    qtbot, context, ready, found
) -> None:
    found.append(blurred)
    page = ready()
    view = page.panel.cases
    rect = view.visualRect(view.model().index(1, 0))
    with qtbot.assertNotEmitted(context.box_requested):
        QTest.mouseClick(
            view.viewport(),
            LEFT,
            Qt.KeyboardModifier.ControlModifier,
            rect.topLeft() + QPoint(40, 40),
        )
    assert len(view.selected()) == 2
    with qtbot.waitSignal(context.box_requested) as shown:
        keys(page, Qt.Key.Key_Return)
    subject = view.cases.cases[1].subjects[0]
    assert shown.args == [subject.photo_id, subject.box_id]


def test_the_rail_counts_what_is_open(qtbot, window, document, found) -> None:
    found.append(blurred)
    step = window._steps["quality"]
    assert step.badge == ""
    window.show_page("quality")
    settle(qtbot, window.context, window.page("quality"))
    assert step.badge == "8" and step.accessibleName() == "Quality, 8 faults"
    keys(window.page("quality"), Qt.Key.Key_E)
    assert step.badge == "7"
    window.context.set_document(None)
    assert step.badge == "" and step.accessibleName() == "Quality"


def test_the_longest_title_of_an_empty_state_is_not_clipped(qtbot) -> None:
    title = "“Exact copies under several landmarks” is dealt with"
    state = EmptyState("check", title, "Undo brings the cases back.")
    qtbot.addWidget(state)
    state.resize(500, 400)
    state.show()
    (shown,) = (label for label in state.findChildren(QLabel) if label.text() == title)
    assert shown.height() >= shown.heightForWidth(shown.width())
    assert shown.wordWrap() and shown.width() >= shown.minimumSizeHint().width()


def test_the_keyboard_leads_from_the_faults_to_the_cases(qtbot, ready, found) -> None:
    found.append(lambda project: [*alike(project), *blurred(project)])
    page = ready()
    page.faults.setFocus()
    qtbot.keyClick(page.faults, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.panel.all_button
    qtbot.keyClick(page.panel.all_button, Qt.Key.Key_Tab)
    assert QApplication.focusWidget() is page.panel.cases
    page.faults.setFocus()
    qtbot.keyClick(page.faults, Qt.Key.Key_Return)
    assert QApplication.focusWidget() is page.panel.cases


def test_a_fault_is_chosen_and_the_page_goes_on_only_when_asked(ready, document, found) -> None:
    found.append(lambda project: [*alike(project), *blurred(project)])
    page = ready()
    assert [fault for fault, _ in faults(page)] == [Fault.NEAR_WITHIN, Fault.BLURRED]
    assert page.panel.title.text() == "Look the same · 2"
    click(page.panel.all_button)
    assert "“Look the same” is dealt with" in note(page)
    keys(page, Qt.Key.Key_E)  # what was meant for the fault before does nothing to the next
    assert not excluded(document)
    click(page.states.findChild(QPushButton, "empty_state_action"))
    assert page.panel.title.text().startswith("Blurred")
    assert page.faults.currentIndex().data() == "Blurred"


def test_a_landmark_that_is_renamed_is_shown_by_its_new_name(ready, document, found) -> None:
    found.append(blurred)
    page = ready()
    mark = document.project.ordered_landmarks()[0]
    document.do(edits.rename_landmark(mark, "Cupola"))
    case = next(c for c in page.panel.cases.cases.cases if tile_of(page, c).landmark == "Cupola")
    assert "Cupola" in page.panel.cases.cases.text(case)


def tile_of(page: QualityPage, case: Case):
    return page.panel.cases.cases.tiles(case)[0]


def test_after_a_training_the_dataset_is_looked_at_again(
    qtbot, context, ready, found, tmp_path
) -> None:
    page = ready()
    found.append(likely_wrong)
    context.set_model(tmp_path / "new.landmark-model")
    settle(qtbot, context, page)
    assert [fault for fault, _ in faults(page)] == [Fault.LABEL_ERROR]


# Thresholds


def test_the_sliders_are_choices_of_the_project(qtbot, context, ready, document, found) -> None:
    page = ready()
    near, burst = page.thresholds.near, page.thresholds.burst
    assert near.value() == context.dataset.choices.near_distance
    qtbot.waitUntil(lambda: "ties" in near.words.text())
    with qtbot.waitSignal(page.thresholds.chosen):
        near.slider.setValue(near.slider.maximum())
        burst.slider.setValue(0)
    assert context.dataset.choices.near_distance == MAX_NEAR_DISTANCE
    assert context.dataset.choices.burst_seconds == 0
    assert document.setting("crops")["near_distance"] == MAX_NEAR_DISTANCE
    assert "96 of 256 bits" in near.words.text()
    assert burst.words.text() == "When photos were taken does not matter."
    near.slider.setValue(0)
    assert near.words.text() == "Photos that look alike are let be."


def test_a_slider_that_is_not_moved_keeps_a_value_between_its_places(
    qtbot, context, ready, found
) -> None:
    page = ready()
    context.dataset.choose(replace(context.dataset.choices, burst_seconds=45))
    settle(qtbot, context, page)
    assert page.thresholds.burst.value() == 30
    with qtbot.waitSignal(page.thresholds.chosen):
        page.thresholds.near.slider.setValue(3)
    chosen = context.dataset.choices
    assert (chosen.near_distance, chosen.burst_seconds) == (BITS[3], 45)


def test_a_choice_is_not_carried_into_another_project(qtbot, context, ready, found) -> None:
    page = ready()
    with qtbot.assertNotEmitted(page.thresholds.chosen, wait=600):
        page.thresholds.near.slider.setValue(3)
        context.set_document(None)


def test_a_slider_says_how_many_pairs_it_ties(ready, found) -> None:
    page = ready()
    near = page.thresholds.near
    near.distances = (4.0, 4.0, 7.0, 12.0)
    for bits, pairs in ((0, "0 pairs"), (4, "2 pairs"), (8, "3 pairs"), (16, "4 pairs")):
        near.slider.setValue(BITS.index(bits))
        assert f"This ties {pairs}." in near.words.text()


# Trash


@pytest.fixture
def trash(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """What is sent to the trash lies in a folder of the test; these are the files."""
    gone: list[Path] = []
    (tmp_path / "trash").mkdir()

    def send(path: str) -> None:
        if Path(path).name == "IMG_3.jpg":
            raise PermissionError(13, "Permission denied", path)
        assert Path(path).is_relative_to(tmp_path)
        shutil.move(path, tmp_path / "trash" / f"{len(gone)}.jpg")
        gone.append(Path(path))

    monkeypatch.setattr("send2trash.send2trash", send)
    return gone


def dialog(page: QualityPage) -> QDialog:
    (found,) = [w for w in page.findChildren(QDialog) if w.isVisible()]
    return found


@pytest.mark.changes_photos
def test_files_go_to_the_trash_only_once_confirmed_and_those_that_stay_are_named(
    qtbot, context, ready, document, found, trash
) -> None:
    found.append(alike)
    page = ready()
    first = page.panel.cases.cases.cases[0]
    copies = [document.project.photos[subject.photo_id] for subject in first.subjects[1:]]
    action = context.commands.get("quality.trash").action
    action.trigger()
    asked = dialog(page)
    listing = asked.findChild(QPlainTextEdit, "trash_files").toPlainText()
    assert listing.splitlines() == [str(document.photo_path(photo)) for photo in copies]
    click(asked.findChild(QPushButton, "trash_cancel"))
    QApplication.processEvents()
    assert trash == [] and document.can_undo

    action.trigger()
    click(dialog(page).findChild(QPushButton, "trash_confirm"))
    qtbot.waitUntil(lambda: page.remedying.said.isVisible(), timeout=10_000)
    gone = [photo for photo in copies if not photo.path.endswith("IMG_3.jpg")]
    assert trash == [document.photo_path(photo) for photo in gone]
    said = page.remedying.said.text()
    assert said.startswith("2 files were moved to the trash. 1 file stayed where it is (")
    assert "IMG_3.jpg: you may not move it" in said
    missing = lambda: {  # noqa: E731
        photo.id for photo in document.project.photos.values() if photo.state == "missing"
    }
    qtbot.waitUntil(lambda: missing() == {photo.id for photo in gone}, timeout=10_000)


def test_of_several_that_stay_a_list_is_shown(qtbot, ready, document, found, monkeypatch) -> None:
    def refuse(path: str) -> None:
        raise OSError(30, "Read-only file system", path)

    monkeypatch.setattr("send2trash.send2trash", refuse)
    found.append(alike)
    page = ready()
    page.remedying.apply(page._open.finding(Fault.NEAR_WITHIN), "trash", None)
    click(dialog(page).findChild(QPushButton, "trash_confirm"))
    said = page.remedying.said
    qtbot.waitUntil(said.isVisible, timeout=10_000)
    assert said.text().startswith("6 files stayed where they are (")
    click(said.findChild(QPushButton, "banner_action"))
    qtbot.waitUntil(lambda: [w for w in page.findChildren(QDialog) if w.isVisible()] != [])
    lines = dialog(page).findChild(QPlainTextEdit, "report_lines").toPlainText().splitlines()
    assert len(lines) == 6 and all(line.endswith(": Read-only file system") for line in lines)
    dialog(page).close()
    assert all(document.photo_path(photo).is_file() for photo in document.project.photos.values())


def test_nothing_of_a_read_only_project_goes_to_the_trash(
    context, ready, document, found, trash
) -> None:
    found.append(alike)
    document.read_only = True
    page = ready()
    assert not context.commands.get("quality.trash").action.isEnabled()
    page.remedying.apply(page._open.finding(Fault.NEAR_WITHIN), "trash", None)
    assert not page.findChildren(QDialog) and trash == []
    document.read_only = False


# The window


def test_the_splitter_is_remembered(qtbot, context, page) -> None:
    page._splitter.setSizes([400, 600])
    page._splitter.splitterMoved.emit(400, 1)
    qtbot.waitUntil(lambda: context.settings.get("quality.splitter", []) != [])
    sizes = context.settings.get("quality.splitter", [])
    other = QualityPage(context)
    qtbot.addWidget(other)
    assert other._remembered_sizes() == sizes
    context.settings.set("quality.splitter", ["wide", -1])
    assert other._remembered_sizes() == [250, 750]


@pytest.mark.parametrize("width", [700, 1600])
def test_no_button_is_cut_off_at_any_width(qtbot, ready, document, found, width) -> None:
    found.append(lambda project: [Finding(f.fault, f.cases, ALL_REMEDIES) for f in alike(project)])
    page = ready()
    page.resize(width, 560)
    QApplication.processEvents()
    bar = page.panel.bar
    shown = [button for button in bar._buttons if button.isVisible()]
    assert len(shown) == 6 and all(button.geometry().right() <= bar.width() for button in shown)
    assert all(button.accessibleName() and button.toolTip() for button in shown)


def test_rows_are_asked_for_by_qt_as_it_likes(ready, found) -> None:
    found.append(blurred)
    page = ready()
    cases, listed = page.panel.cases.cases, page.faults.faults
    assert cases.rowCount(cases.index(0)) == 0 == listed.rowCount(listed.index(0))
    assert cases.rowCount(QModelIndex()) == 8
    role = Qt.ItemDataRole
    said = listed.index(0).data(role.AccessibleTextRole)
    assert said == "Blurred: 8 examples"
    assert "leave them out" in listed.index(0).data(role.ToolTipRole)
    assert "IMG_" in cases.index(0).data(role.ToolTipRole)
