from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QSize, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from landmark_gui.gui.pages.classify.list_query import (
    Kind,
    ListQuery,
    SortBy,
    chosen,
    count_kinds,
    count_labels,
)
from landmark_gui.gui.pages.classify.list_texts import advice_text, count_text
from landmark_gui.gui.pages.classify.photos import Entry, PhotoList
from landmark_gui.gui.pages.classify.side import ListSide
from landmark_gui.gui.thumbnails import Thumbnails
from landmark_gui.inference.classifier import Verdict

SAID = {
    "IMG_10.jpg": ("Tower", 0.9, False),
    "IMG_9.jpg": ("Gate", 0.6, False),
    "café.jpg": ("Tower", 0.3, True),
    "deep/IMG_1.jpg": ("Tower", 0.7, False),
    "x.jpg": ("Gate", 0.4, True),
}


def verdict(path: Path, label: str, confidence: float, unknown: bool) -> Verdict:
    return Verdict(path, label, confidence, unknown, ((label, confidence),), confidence)


@pytest.fixture
def photos(qapp: object) -> PhotoList:
    """Five verdicts, a photo that cannot be read and one that waits."""
    model = PhotoList()
    paths = [Path("/in") / name for name in (*SAID, "bad.jpg", "late.jpg")]
    keys = {entry.path: entry.key for entry in model.add(paths)}
    said = [(keys[p], verdict(p, *SAID[p.relative_to("/in").as_posix()])) for p in paths[:5]]
    model.settle([*said, (keys[paths[5]], "it is damaged")])
    return model


@pytest.fixture
def side(qtbot: QtBot, photos: PhotoList) -> ListSide:
    made = ListSide(photos, Thumbnails(QSize(72, 54)))
    qtbot.addWidget(made)
    photos.setParent(made)
    made.resize(320, 600)
    made.show()
    qtbot.waitExposed(made)
    return made


def names(entries: list[Entry]) -> list[str]:
    return [entry.name for entry in entries]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        (ListQuery(kind=Kind.UNKNOWN), ["café.jpg", "x.jpg"]),
        (ListQuery(kind=Kind.NAMED), ["IMG_10.jpg", "IMG_9.jpg", "IMG_1.jpg"]),
        (ListQuery(kind=Kind.FAILED), ["bad.jpg"]),
        (ListQuery(kind=Kind.WAITING), ["late.jpg"]),
        (ListQuery(labels=frozenset({"Tower"})), ["IMG_10.jpg", "IMG_1.jpg"]),
        (ListQuery(low=0.4, high=0.6), ["IMG_9.jpg", "x.jpg"]),
        (ListQuery(text="CAFE"), ["café.jpg"]),
        (ListQuery(text="img dee"), ["IMG_1.jpg"]),
        (
            ListQuery(sort=SortBy.NAME),
            ["bad.jpg", "café.jpg", "IMG_1.jpg", "IMG_9.jpg", "IMG_10.jpg", "late.jpg", "x.jpg"],
        ),
        (
            ListQuery(sort=SortBy.CERTAINTY),
            ["café.jpg", "x.jpg", "IMG_9.jpg", "IMG_1.jpg", "IMG_10.jpg", "bad.jpg", "late.jpg"],
        ),
        (
            ListQuery(sort=SortBy.CERTAINTY, descending=True),
            ["IMG_10.jpg", "IMG_1.jpg", "IMG_9.jpg", "x.jpg", "café.jpg", "bad.jpg", "late.jpg"],
        ),
        (
            ListQuery(sort=SortBy.LABEL),
            ["IMG_9.jpg", "IMG_1.jpg", "IMG_10.jpg", "bad.jpg", "café.jpg", "late.jpg", "x.jpg"],
        ),
        (
            ListQuery(sort=SortBy.LABEL, descending=True),
            ["IMG_1.jpg", "IMG_10.jpg", "IMG_9.jpg", "bad.jpg", "café.jpg", "late.jpg", "x.jpg"],
        ),
        (ListQuery(sort=SortBy.UNKNOWN, low=0.01), ["café.jpg", "x.jpg", "IMG_9.jpg"]),
        (ListQuery(sort=SortBy.STATE, descending=True, text="a"), ["bad.jpg", "late.jpg"]),
    ],
)
def test_a_query_chooses_and_orders(
    photos: PhotoList, query: ListQuery, expected: list[str]
) -> None:
    assert names(chosen(photos.entries(), query))[: len(expected)] == expected
    if query.filters and query.sort is SortBy.ADDED:
        assert len(chosen(photos.entries(), query)) == len(expected)


def test_kinds_and_landmarks_are_counted_as_the_person_corrected_them(photos: PhotoList) -> None:
    photos.correct([photos.entries()[2].key], "Gate")
    photos.correct([photos.entries()[3].key], "New one")
    assert count_labels(photos.entries()) == {"Gate": 2, "New one": 1, "Tower": 1}
    counts = count_kinds(photos.entries())
    assert [counts[kind] for kind in Kind] == [7, 3, 2, 2, 2, 1, 1]


def test_another_threshold_judges_the_whole_list(photos: PhotoList) -> None:
    photos.judge(photos.entries(), 0.65)
    assert count_kinds(photos.entries())[Kind.UNKNOWN] == 3
    photos.judge(photos.entries(), 0.1)
    assert count_kinds(photos.entries())[Kind.UNKNOWN] == 0


def test_the_bar_filters_and_says_how_many_are_shown(side: ListSide, photos: PhotoList) -> None:
    assert side.bar.line.text() == "7 photos"
    side.bar.show_kind(Kind.UNKNOWN)
    assert side.bar.line.text() == "2 of 7 shown · Unknown"
    assert names(photos.shown) == ["café.jpg", "x.jpg"]
    QTest.keyClicks(side.bar.search, "zzz")
    assert side._stack.currentWidget() is not side.list
    side.bar.show_all()
    assert photos.rowCount() == 7 and side._stack.currentWidget() is side.list


def test_the_menus_offer_what_there_is(side: ListSide, photos: PhotoList) -> None:
    side.bar.filter_menu.aboutToShow.emit()
    texts = [action.text() for action in side.bar.filter_menu.actions()]
    assert texts[:3] == ["All photos (7)", "Named (3)", "Unknown (2)"]
    labels = {action.text(): action for action in side.bar.label_menu.actions()}
    assert list(labels) == ["Gate (1)", "Tower (2)"]
    labels["Gate (1)"].trigger()
    assert names(photos.shown) == ["IMG_9.jpg"]
    side.bar.filter_menu.aboutToShow.emit()
    side.bar.label_menu.actions()[0].trigger()
    side.bar.range.low.setValue(65)
    assert names(photos.shown) == ["IMG_10.jpg", "IMG_1.jpg"]
    side.bar.sort_menu.aboutToShow.emit()
    orders = {action.text(): action for action in side.bar.sort_menu.actions()}
    orders["Least certain first"].trigger()
    assert names(photos.shown) == ["IMG_1.jpg", "IMG_10.jpg"]


def test_the_chosen_photos_stay_chosen(side: ListSide, photos: PhotoList) -> None:
    select = QItemSelectionModel.SelectionFlag.Select
    side.list.setCurrentIndex(photos.index(0))
    side.list.selectionModel().select(photos.index(3), select)
    side.bar.sort_by(SortBy.CERTAINTY)
    assert names(side.chosen()) == ["IMG_1.jpg", "IMG_10.jpg"]
    assert side.list.currentIndex().row() == photos.row_of(Path("/in/IMG_10.jpg")) == 4
    side.bar.show_kind(Kind.UNKNOWN)  # the chosen ones are not among them: the nearest is
    assert names(side.chosen()) == ["x.jpg"]


def test_verdicts_that_come_later_find_their_place(
    qtbot: QtBot, side: ListSide, photos: PhotoList
) -> None:
    side.bar.sort_by(SortBy.CERTAINTY)
    late = photos.entries()[-1]
    photos.settle([(late.key, verdict(late.path, "Gate", 0.05, True))])
    qtbot.waitUntil(lambda: photos.shown[0] is late)
    assert photos.add([Path("/in/new.jpg")]) and photos.shown[-1].name == "new.jpg"
    photos.remove({late.key})
    assert late not in photos.shown and photos.total == 7


def test_the_advice_counts_what_is_uncertain(
    qtbot: QtBot, side: ListSide, photos: PhotoList
) -> None:
    side.set_classes(1)
    side.bar.sort_by(SortBy.CERTAINTY)
    qtbot.waitUntil(side.bar.advice.isVisible)
    assert side.bar.advice.text().startswith("4 are unknown or under 80%. Name the first 4, ")
    photos.correct([entry.key for entry in photos.entries()[1:5]], "Gate")
    assert advice_text(photos.entries(), 1) == ""
    side.bar.sort_by(SortBy.NAME)
    qtbot.waitUntil(lambda: not side.bar.advice.isVisible())


def test_moved_photos_are_followed(photos: PhotoList) -> None:
    photos.relocate({Path("/in/x.jpg"): Path("/out/Gate/x.jpg")})
    assert photos.row_of(Path("/out/Gate/x.jpg")) == 4 and photos.row_of(Path("/in/x.jpg")) == -1
    assert names(chosen(photos.entries(), ListQuery(text="gate"))) == ["x.jpg"]


def test_esc_empties_the_search_and_then_goes_back_to_the_list(side: ListSide) -> None:
    side.bar.search.take_focus()
    QTest.keyClicks(side.bar.search, "a")
    QTest.keyClick(side.bar.search, Qt.Key.Key_Escape)
    assert side.bar.query.text == "" and side.bar.search.hasFocus()
    QTest.keyClick(side.bar.search, Qt.Key.Key_Escape)
    assert side.list.hasFocus()


def test_large_numbers_are_readable() -> None:
    assert count_text(37, 2041) == "37 of 2,041 shown"
