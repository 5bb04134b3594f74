"""Filter, search and order of the photo list: against a plain reference, and through the menus."""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from natsort import natsort_keygen, ns
from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QLineEdit, QMenu, QPushButton, QToolButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.project import Edit, Landmark, Photo, Project
from landmark_gui.core.text_search import folded
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.label.photo_model import PHOTO_ROLE, SINGLY, PhotoListModel
from landmark_gui.gui.pages.label.photo_panel import PhotoPanel
from landmark_gui.gui.pages.label.photo_query import NO_LANDMARK, BoxCount, Kind, PhotoQuery, SortBy

RECT = Rect(1, 1, 5, 5)
natural: Callable[[str], Any] = natsort_keygen(alg=ns.IGNORECASE)


# The reference: what the list should show, worked out anew each time


def should_list(project: Project, query: PhotoQuery) -> list[int]:
    photos = [photo for photo in project.photos.values() if should_pass(project, photo, query)]
    photos.sort(key=lambda p: (natural(p.path), p.id))
    if query.sort is SortBy.NAME:
        photos.sort(key=lambda p: natural(PurePosixPath(p.path).name))
    if query.sort in (SortBy.FOLDER, SortBy.NAME):
        return [photo.id for photo in (photos[::-1] if query.descending else photos)]
    sign = -1 if query.descending else 1
    value = {photo.id: number(project, photo, query.sort) for photo in photos}
    photos.sort(key=lambda p: math.inf if value[p.id] is None else sign * value[p.id])
    return [photo.id for photo in photos]


def should_pass(project: Project, photo: Photo, query: PhotoQuery) -> bool:
    boxes = project.boxes_of(photo.id)
    labelled = bool(boxes) or photo.landmark_id is not None
    kinds = {
        Kind.ALL: True,
        Kind.TODO: photo.state == "ok" and photo.review == "",
        Kind.DONE: photo.review == "done",
        Kind.SKIPPED: photo.review == "skipped",
        Kind.LABELLED: photo.state == "ok" and labelled,
        Kind.UNLABELLED: photo.state == "ok" and not labelled,
        Kind.PROPOSED: False,  # no model has looked
        Kind.WHOLE: photo.landmark_id is not None,
        Kind.UNREADABLE: photo.state == "unreadable",
        Kind.MISSING: photo.state == "missing",
    }
    counts = {
        BoxCount.ANY: True,
        BoxCount.NONE: not boxes,
        BoxCount.ONE: len(boxes) == 1,
        BoxCount.SEVERAL: len(boxes) > 1,
    }
    marks = {box.landmark_id for box in boxes} | ({photo.landmark_id} - {None})
    wanted = query.landmarks
    landmark = not wanted or marks & wanted or (not marks and NO_LANDMARK in wanted)
    words = plain(query.text).split()
    found = all(word in plain(photo.path) for word in words)
    return bool(kinds[query.kind] and counts[query.boxes] and landmark and found)


def plain(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text.casefold())
    return "".join(c for c in letters if unicodedata.category(c) != "Mn")


def number(project: Project, photo: Photo, sort: SortBy) -> float | None:
    if sort is SortBy.BOXES:
        return len(project.boxes_of(photo.id))
    if sort is SortBy.TAKEN:
        return int(photo.taken.translate({ord(c): None for c in "-T:"})) if photo.taken else None
    if sort is SortBy.MODIFIED:
        return photo.modified or None
    if sort is SortBy.SIZE:
        return photo.width * photo.height or None
    return ("", "skipped", "done").index(photo.review) if photo.state == "ok" else None


# Random edits, filters and orders

PATHS = ["IMG_2.jpg", "img_10.jpg", "IMG_02.jpg", "b/IMG_2.JPG", "a/École.png", "경복궁/사진 1.jpg"]
names = st.sampled_from([*PATHS, *(unicodedata.normalize("NFD", path) for path in PATHS)])
photo_rows = st.builds(
    Photo,
    id=st.just(0),
    path=names,
    size=st.just(1),
    hash=st.just(""),
    width=st.sampled_from([0, 10, 20]),
    height=st.sampled_from([10, 20]),
    state=st.sampled_from(["ok", "ok", "ok", "unreadable", "missing"]),
    landmark_id=st.sampled_from([None, None, 1, 2]),
    review=st.sampled_from(["", "", "done", "skipped"]),
    modified=st.integers(0, 3),
    taken=st.sampled_from(["", "2024-05-31T18:04:59", "2023-01-01T00:00:00"]),
)
queries = st.builds(
    PhotoQuery,
    kind=st.sampled_from([Kind.ALL, *Kind]),
    landmarks=st.frozensets(st.sampled_from([NO_LANDMARK, 1, 2]), max_size=2),
    boxes=st.sampled_from([BoxCount.ANY, *BoxCount]),
    text=st.sampled_from(["", "", "img", "ECOLE png", "경복", "2 jpg", "nowhere"]),
    sort=st.sampled_from(SortBy),
    descending=st.booleans(),
)
actions = st.lists(
    st.tuples(
        st.sampled_from(["show", "box", "unbox", "review", "whole", "scan", "new", "undo"]),
        st.integers(0, 99),
        st.integers(0, 99),
    ),
    max_size=12,
)


@dataclass
class Desk:
    """As much of a document as the model asks for."""

    project: Project
    current_id: int | None = None


class Person:
    """Edits a project at random, as the page would tell the model."""

    def __init__(self, rows: list[Photo], query: PhotoQuery) -> None:
        photos = (replace(row, id=number) for number, row in enumerate(rows, 1))
        marks = (Landmark(number, f"Mark {number}", "#123456") for number in (1, 2))
        self.desk = Desk(Project.of([*marks, *photos]))
        self.done: list[Edit] = []
        self.model = PhotoListModel()
        self.model.set_document(cast(Document, self.desk), query)

    @property
    def project(self) -> Project:
        return self.desk.project

    def act(self, action: str, first: int, second: int) -> None:
        photo = self.project.photos[first % len(self.project.photos) + 1]
        boxes = self.project.boxes_of(photo.id)
        if action == "show":
            left, self.desk.current_id = self.desk.current_id, photo.id
            if left is not None:
                self.model.settle(left)
        elif action == "scan":
            self.scanned(replace(photo, state=["ok", "missing"][second % 2], modified=second))
        elif action == "new":
            path = f"{PATHS[first % len(PATHS)]}{second}"
            self.scanned(Photo(len(self.project.photos) + 1, path, 1, "", 10, 10))
        elif action == "undo" and self.done:
            self.tell(self.done.pop().inverse())
        elif action == "box":
            self.do(edits.add_box(photo.id, second % 2 + 1, RECT))
        elif action == "unbox":
            self.do(edits.delete_boxes(boxes[:1]))
        elif action == "whole":
            self.do(edits.set_photos_landmark([photo], (None, 1, 2)[second % 3]))
        elif action == "review":
            photos = list(self.project.photos.values())[: first % 4 + 1]
            self.do(edits.review_photos(photos, ("", "done", "skipped")[second % 3]))

    def do(self, edit: Edit) -> None:
        self.done.append(edit)
        self.tell(edit)

    def tell(self, edit: Edit) -> None:
        self.project.apply(edit)
        self.model.apply(edit)

    def scanned(self, photo: Photo) -> None:
        self.project.put_photos([photo])
        self.model.take_photos()


def rows(model: PhotoListModel) -> list[int]:
    return [model.photo_id(row) for row in range(model.rowCount())]


def photo_of(index: QPersistentModelIndex) -> int:
    return index.data(PHOTO_ROLE).id


@given(st.lists(photo_rows, min_size=1, max_size=12), queries, actions)
@settings(deadline=None)
def test_the_list_is_what_a_plain_filter_and_sort_would_give(
    qapp: object, photos: list[Photo], query: PhotoQuery, steps: list[tuple[str, int, int]]
) -> None:
    person = Person(photos, query)
    model, warning = person.model, QAbstractItemModelTester.FailureReportingMode.Warning
    tester = QAbstractItemModelTester(model, warning)  # a warning fails the test
    assert rows(model) == should_list(person.project, query)
    held = {id_: QPersistentModelIndex(model.index(row)) for row, id_ in enumerate(rows(model))}
    for step in steps:
        person.act(*step)
        on_show = {person.desk.current_id}
        listed = rows(model)
        wanted = should_list(person.project, query)
        assert [i for i in listed if i not in on_show] == [i for i in wanted if i not in on_show]
        assert all(model.row_of(id_) == row for row, id_ in enumerate(listed))
        held = {id_: index for id_, index in held.items() if id_ in listed and index.isValid()}
        assert all(photo_of(index) == id_ for id_, index in held.items())
    left, person.desk.current_id = person.desk.current_id, None
    if left is not None:
        model.settle(left)
    assert rows(model) == should_list(person.project, query)
    del tester


@given(
    st.integers(2, 8),
    st.sampled_from([SortBy.BOXES, SortBy.REVIEW]),
    st.booleans(),
    st.lists(
        st.tuples(
            st.sampled_from(["show", "box", "box", "unbox", "review", "undo"]),
            st.integers(0, 9),
            st.integers(0, 9),
        ),
        min_size=4,
        max_size=20,
    ),
)
@settings(deadline=None)
def test_rows_that_edits_move_stay_selected(
    qapp: object, count: int, sort: SortBy, descending: bool, steps: list[tuple[str, int, int]]
) -> None:
    photos = [Photo(0, f"{number}.jpg", 1, "", 9, 9) for number in range(count)]
    person = Person(photos, PhotoQuery(sort=sort, descending=descending))
    model, warning = person.model, QAbstractItemModelTester.FailureReportingMode.Warning
    tester = QAbstractItemModelTester(model, warning)
    held = {id_: QPersistentModelIndex(model.index(row)) for row, id_ in enumerate(rows(model))}
    for step in steps:
        person.act(*step)
        on_show, wanted = person.desk.current_id, should_list(person.project, model.query)
        others = [id_ for id_ in rows(model) if id_ != on_show]
        assert others == [id_ for id_ in wanted if id_ != on_show]
        assert {id_: photo_of(index) for id_, index in held.items()} == {i: i for i in held}
    del tester


@given(st.lists(photo_rows, min_size=1, max_size=12), queries)
@settings(deadline=None)
def test_counts_and_neighbours_agree_with_a_plain_count(
    qapp: object, photos: list[Photo], query: PhotoQuery
) -> None:
    person = Person(photos, query)
    model, project = person.model, person.project
    counted = model.table.count(Kind)
    assert counted == {kind: len(should_list(project, PhotoQuery(kind))) for kind in Kind}
    order = should_list(project, PhotoQuery(sort=query.sort, descending=query.descending))
    readable = [id_ for id_ in order if project.photos[id_].state == "ok"]
    for number, id_ in enumerate(readable):
        assert model.before(id_) == (readable[number - 1] if number else None)


@given(queries)
def test_a_query_is_kept_and_read_again(query: PhotoQuery) -> None:
    assert PhotoQuery.from_json(query.to_json()) == query


@pytest.mark.parametrize(
    "kept",
    [None, [], "x", {"kind": "newer", "landmarks": "a", "boxes": 3, "text": None, "sort": []}],
)
def test_a_query_that_is_not_understood_is_the_default(kept: object) -> None:
    assert PhotoQuery.from_json(kept) == PhotoQuery()


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ecole", "École.jpg"),
        ("ÉCOLE", unicodedata.normalize("NFD", "école.jpg")),
        ("strasse", "Straße.jpg"),
        ("경복", unicodedata.normalize("NFD", "경복궁.jpg")),
        ("겨", "경복궁.jpg"),  # a syllable half typed
        ("12", "IMG_１２.jpg"),
    ],
)
def test_search_sees_through_case_accents_and_composition(typed: str, name: str) -> None:
    assert folded(typed) in folded(name)


def test_a_photo_whose_file_was_renamed_moves_to_its_place(qapp: object) -> None:
    photos = [Photo(0, f"{letter}.jpg", 1, "", 9, 9) for letter in "abc"]
    person = Person(photos, PhotoQuery())
    person.scanned(replace(person.project.photos[1], path="d.jpg"))
    assert rows(person.model) == [2, 3, 1]


def test_a_photo_that_keeps_its_row_does_not_lead_others_astray(qapp: object) -> None:
    photos = [Photo(0, f"{letter}.jpg", 1, "", 9, 9) for letter in "abcd"]
    person = Person(photos, PhotoQuery(sort=SortBy.BOXES))
    person.desk.current_id = 3
    for photo_id in (3, 3, 2):
        person.do(edits.add_box(photo_id, 1, RECT))
    assert rows(person.model) == [1, 3, 4, 2]
    person.act("show", 0, 0)
    assert rows(person.model) == [1, 4, 2, 3]


def test_photos_that_are_found_together_are_inserted_in_blocks(qapp: object) -> None:
    photos = [Photo(0, f"{number}.jpg", 1, "", 9, 9) for number in (10, 20)]
    person = Person(photos, PhotoQuery())
    blocks: list[tuple[int, int]] = []
    person.model.rowsInserted.connect(lambda _, first, last: blocks.append((first, last)))
    found = (5, 11, 12, 13, 30, 31)
    person.project.put_photos(Photo(n + 100, f"{n}.jpg", 1, "", 9, 9) for n in found)
    person.model.take_photos()
    assert blocks == [(2, 3), (1, 3), (0, 0)]
    assert rows(person.model) == should_list(person.project, person.model.query)


@pytest.mark.parametrize("count", [80, 600])
def test_a_folder_that_is_found_all_at_once_is_listed(qapp: object, count: int) -> None:
    person = Person([Photo(0, "50.jpg", 1, "", 9, 9)], PhotoQuery(sort=SortBy.NAME))
    names = (f"{'ab'[n % 2]}/{n}.jpg" for n in range(100, 100 + count))
    person.project.put_photos(Photo(n, name, 1, "", 9, 9) for n, name in enumerate(names, 100))
    person.model.take_photos()
    assert rows(person.model) == should_list(person.project, person.model.query)


def test_a_large_edit_keeps_the_photo_on_show_in_the_list(qapp: object) -> None:
    photos = [Photo(0, f"{number}.jpg", 1, "", 9, 9) for number in range(SINGLY + 5)]
    person = Person(photos, PhotoQuery(Kind.TODO))
    person.desk.current_id = 3
    person.do(edits.review_photos(list(person.project.photos.values()), "done"))
    assert rows(person.model) == [3]
    person.act("show", 9, 0)
    assert rows(person.model) == []


# Through the widgets


@pytest.fixture
def panel(
    qtbot: QtBot, photo_folder: Callable[..., Path], open_document: Callable[[Path], Document]
) -> PhotoPanel:
    """IMG_1 … IMG_3 in each of Red Tower and Green Dome; the towers bear boxes."""
    document = open_document(photo_folder(each=3))
    document.do(edits.add_landmark(document.project, "Tower & Co"))
    document.do(edits.add_landmark(document.project, "Dome"))
    for photo in document.project.ordered_photos()[3:]:
        document.do(edits.add_box(photo.id, 1, RECT))
    widget = PhotoPanel()
    qtbot.addWidget(widget)
    widget.resize(250, 600)
    widget.set_document(document)
    widget.show()
    return widget


def paths(panel: PhotoPanel) -> list[str]:
    return [panel.model.index(r).data(PHOTO_ROLE).path for r in range(panel.model.rowCount())]


def opened(menu: QMenu) -> list[str]:
    menu.aboutToShow.emit()
    return [action.text() for action in menu.actions()]


def choose(menu: QMenu, text: str) -> None:
    opened(menu)
    next(action for action in menu.actions() if action.text() == text).trigger()


def test_the_menu_says_how_many_there_are_of_each_kind(panel: PhotoPanel) -> None:
    texts = opened(panel.filters.filter_menu)
    assert texts[:6] == [
        "All photos (6)",
        "To do (6)",
        "Done (0)",
        "Skipped (0)",
        "Labelled (3)",
        "Unlabelled (3)",
    ]


def test_filters_are_named_and_taken_away(qtbot: QtBot, panel: PhotoPanel) -> None:
    line, clear = panel.filters.line, panel.findChild(QToolButton, "clear_filters")
    assert (line.text(), clear.isVisible()) == ("All photos", False)
    choose(panel.filters.filter_menu, "Labelled (3)")
    opened(panel.filters.filter_menu)
    choose(panel.filters.box_menu, "One box")
    assert len(paths(panel)) == 3
    assert line.text() == "Labelled · One box"
    assert panel.findChild(QToolButton, "photo_filter").toolTip() == "Filter: Labelled · One box"
    qtbot.mouseClick(clear, Qt.MouseButton.LeftButton)
    assert (len(paths(panel)), line.text()) == (6, "All photos")


def test_several_landmarks_are_ticked_while_the_menu_stays(qtbot: QtBot, panel: PhotoPanel) -> None:
    opened(panel.filters.filter_menu)
    menu = panel.filters.landmark_menu
    menu.popup(panel.mapToGlobal(panel.rect().center()))
    texts = [action.text() for action in menu.actions()]
    assert texts == ["No landmark", "Tower && Co", "Dome"]
    for action in menu.actions()[1:]:
        place = menu.actionGeometry(action).center()
        qtbot.mouseClick(menu, Qt.MouseButton.LeftButton, pos=place)
    assert menu.isVisible()
    assert panel.model.query.landmarks == {1, 2}
    menu.setActiveAction(menu.actions()[2])
    qtbot.keyClick(menu, Qt.Key.Key_Space)
    assert panel.model.query.landmarks == {1}
    menu.close()
    assert len(paths(panel)) == 3


def test_orders_are_chosen_by_menu(panel: PhotoPanel) -> None:
    choose(panel.filters.sort_menu, "Name")
    assert [path[-5] for path in paths(panel)] == list("112233")
    choose(panel.filters.sort_menu, "Descending")
    assert [path[-5] for path in paths(panel)] == list("332211")
    assert panel.findChild(QToolButton, "photo_sort").toolTip() == "Order: Name, Descending"


def test_search_takes_several_words_of_name_and_folder(qtbot: QtBot, panel: PhotoPanel) -> None:
    search = panel.findChild(QLineEdit, "photo_search")
    qtbot.keyClicks(search, "dome 2")
    assert paths(panel) == ["Green Dome/IMG_2.jpg"]
    with qtbot.waitSignal(panel.left):
        qtbot.keyClick(search, Qt.Key.Key_Return)
    qtbot.keyClick(search, Qt.Key.Key_Escape)
    assert (search.text(), len(paths(panel))) == ("", 6)
    with qtbot.waitSignal(panel.left):
        qtbot.keyClick(search, Qt.Key.Key_Escape)


def test_the_photos_of_a_landmark_are_listed_at_a_word(panel: PhotoPanel) -> None:
    panel.filters.search.setText("nowhere")
    panel.filter_by_landmark(1)
    assert [path.partition("/")[0] for path in paths(panel)] == ["Red Tower"] * 3
    assert panel.filters.search.text() == ""
    assert panel.filters.position.text() == "1 of 3"


def test_the_number_is_right_while_a_menu_takes_the_release(
    qtbot: QtBot, panel: PhotoPanel
) -> None:
    view, right = panel.list, Qt.MouseButton.RightButton
    place = view.visualRect(view.model().index(1, 0)).center()
    qtbot.mousePress(view.viewport(), right, pos=place)
    assert (panel.row(), panel.filters.position.text()) == (1, "2 of 6")
    qtbot.mouseRelease(view.viewport(), right, pos=place)


def test_a_landmark_that_is_deleted_leaves_the_filter(panel: PhotoPanel) -> None:
    panel.filter_by_landmark(2)
    assert paths(panel) == []
    document = panel._document
    document.do(edits.delete_landmark(document.project, document.project.landmarks[2]))
    assert (len(paths(panel)), panel.filters.line.text()) == (6, "All photos")


def test_nothing_listed_has_a_way_out(qtbot: QtBot, panel: PhotoPanel) -> None:
    panel.filters.change(PhotoQuery(Kind.SKIPPED, sort=SortBy.NAME))
    qtbot.mouseClick(panel.findChild(QPushButton, "show_all_photos"), Qt.MouseButton.LeftButton)
    assert (len(paths(panel)), panel.model.query) == (6, PhotoQuery(sort=SortBy.NAME))


def test_a_filter_moves_the_photo_on_show_to_the_nearest_that_passes(panel: PhotoPanel) -> None:
    panel.show_row(1)
    panel.filters.change(PhotoQuery(Kind.LABELLED))
    assert panel._document.current_photo.path == "Red Tower/IMG_1.jpg"
    assert panel.list.currentIndex().row() == 0


def test_the_selection_survives_a_search(qtbot: QtBot, panel: PhotoPanel) -> None:
    panel.list.selectAll()
    panel.filters.search.setText("dome")
    assert len(panel.selected()) == 3
