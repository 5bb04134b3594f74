"""The Evaluate page: a model is asked, its mistakes are looked at, put right and reported."""

from __future__ import annotations

import csv
import json
import os
import threading
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QPushButton
from pytestqt.qtbot import QtBot

from landmark_gui.core import edits
from landmark_gui.core.evaluation import PARTS
from landmark_gui.core.geometry import Rect
from landmark_gui.core.heat import HeatMap
from landmark_gui.gui import theme
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.evaluate import EvaluatePage, asking
from landmark_gui.gui.pages.evaluate.class_table import Column
from landmark_gui.gui.pages.evaluate.views import Show, View
from tests.plain_photos import COLORS, draw
from tests.tiny_bundle import write_tiny_bundle

LIES = ("red_1.png", "red_4.png")
"""Photos in the folder of red that are green."""
FIRST, SECOND = "20260101-100000-000000", "20260102-100000-000000"
TRAINING = {"use": "photos", "near_distance": None, "burst_seconds": 0}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    number = 0
    for label, color in COLORS.items():
        for count in range(6):
            name, number = f"{label}_{count}.png", number + 1
            draw(
                tmp_path / "photos" / label / name,
                COLORS["green"] if name in LIES else color,
                number,
            )
    return tmp_path / "photos"


@pytest.fixture
def document(
    context: AppContext, open_document: Callable[[Path], Document], folder: Path
) -> Document:
    made = open_document(folder)
    made.label_by_folder()
    context.set_document(made)
    return made


@pytest.fixture
def keep_run(document: Document) -> Callable[..., Path]:
    """Keeps a complete run of the project, whose model is the tiny one."""

    def kept(id_: str, **card: object) -> Path:
        run = document.data_folder / "runs" / id_
        run.mkdir(parents=True)
        write_tiny_bundle(run / "model.landmark-model", training=TRAINING, run=id_, **card)
        (run / "config.json").write_text(json.dumps({"recipe": "scratch", "use": "photos"}))
        (run / "metrics.json").write_text(json.dumps({"accuracy": 0.75, "examples": 12}))
        return run

    return kept


@pytest.fixture
def shown(qtbot: QtBot, context: AppContext, document: Document) -> EvaluatePage:
    """The page of a project that no model was trained for."""
    page = EvaluatePage(context)
    qtbot.addWidget(page)
    page.resize(1100, 760)
    page.show()
    qtbot.waitExposed(page)
    return page


@pytest.fixture
def page(qtbot: QtBot, context: AppContext, document: Document, keep_run) -> EvaluatePage:
    """The newest of two runs was asked about all photos."""
    keep_run(FIRST)
    keep_run(SECOND)
    made = EvaluatePage(context)
    qtbot.addWidget(made)
    made.resize(1100, 760)
    made.bar.set_part("all")
    made.show()
    qtbot.waitExposed(made)
    settled(qtbot, made)
    return made


def settled(qtbot: QtBot, page: EvaluatePage) -> None:
    qtbot.waitUntil(lambda: page.asked is not None and not page._asking.running, timeout=30_000)


def names(page: EvaluatePage) -> list[str]:
    return [Path(answer.crop.source).name for answer in page.gallery.answers()]


def choose(page: EvaluatePage, name: str) -> None:
    """Click the tile of a photo."""
    view = page.gallery.view
    index = view.model().index(names(page).index(name), 0)
    view.scrollTo(index)
    QTest.mouseClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.visualRect(index).center()
    )
    view.setFocus()


def photo_named(document: Document, name: str):
    return next(p for p in document.project.photos.values() if p.path.endswith(name))


def landmark_of(document: Document, name: str) -> str:
    id_ = photo_named(document, name).landmark_id
    return "" if id_ is None else document.project.landmarks[id_].name


def press(page: EvaluatePage, name: str) -> None:
    button = page.findChild(QPushButton, name)
    assert button is not None and button.isVisible() and button.isEnabled(), name
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


# What is asked, and what is said


def test_the_newest_run_is_asked_on_the_first_visit(page: EvaluatePage) -> None:
    assert page.bar.model is not None and page.bar.model.run == SECOND
    assert page.summary.headline.text() == "16 of 18 right: 89% (67–97)"
    assert page.summary.meaning.text().startswith("Guessing would be right in 33%.")
    assert set(names(page)) == set(LIES)
    assert page.matrix.matrix == ((4, 2, 0), (0, 6, 0), (0, 0, 6))
    assert page.reliability.isVisibleTo(page) and page.gallery.count.text() == "2 crops"


def test_without_a_model_the_page_says_what_to_do(
    qtbot: QtBot, context: AppContext, shown: EvaluatePage
) -> None:
    assert shown.bar.model is None and not shown.ask_button.isEnabled()
    assert shown.states.currentWidget() is shown.states._no_model
    with qtbot.waitSignal(context.page_requested) as requested:
        press(shown.states._no_model, "empty_state_action")
    assert requested.args == ["train"]


def test_without_a_test_photo_the_page_says_what_to_do(
    qtbot: QtBot, document: Document, shown: EvaluatePage, keep_run
) -> None:
    document.do(edits.pin_photos(list(document.project.photos.values()), "train"))
    keep_run(FIRST)
    shown._read_runs()
    settled(qtbot, shown)
    assert shown.states.currentWidget() is shown.states._nothing
    assert not shown.export_button.isEnabled()
    shown.bar.set_part("train")
    shown.ask()
    qtbot.waitUntil(lambda: shown.states.currentWidget() is shown._content)
    assert "of 18 right" in shown.summary.headline.text()


def test_a_model_of_other_landmarks_is_told_so(
    qtbot: QtBot, context: AppContext, document: Document, shown: EvaluatePage, tmp_path: Path
) -> None:
    said: list[str] = []
    context.status_changed.connect(said.append)
    for mark in list(document.project.landmarks.values()):
        document.do(edits.rename_landmark(mark, f"{mark.name} <i>gate</i>"))
    path = write_tiny_bundle(tmp_path / "m.landmark-model", training=TRAINING)
    shown.open_model(path)
    settled(qtbot, shown)
    labels = shown.states._nothing.findChildren(type(shown.summary.headline))
    assert any("red <i>gate</i>" in label.text() for label in labels)
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
    assert not any("0 of 0" in text for text in said)
    go = shown.states._nothing.findChild(QPushButton)
    assert go.text() == "Go to Train"
    with qtbot.waitSignal(context.page_requested) as asked:
        go.click()
    assert asked.args == ["train"]


def test_a_model_file_can_be_asked(
    qtbot: QtBot, page: EvaluatePage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write_tiny_bundle(tmp_path / "elsewhere.landmark-model", size=16, training=TRAINING)
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(path), ""))
    press(page, "evaluate_open_button")
    qtbot.waitUntil(lambda: page.asked.model.path == path, timeout=20_000)
    assert page.bar.models.currentText() == "elsewhere.landmark-model"


def test_a_run_of_the_list_is_asked_though_another_is_newer(
    qtbot: QtBot, context: AppContext, document: Document, keep_run
) -> None:
    keep_run(FIRST)
    keep_run(SECOND)
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.show_page("runs")
    runs = window.page("runs")
    qtbot.waitUntil(lambda: runs.model.rowCount() == 2, timeout=20_000)
    runs.view.select([FIRST])
    runs.deeds.evaluate.trigger()
    page = window.page("evaluate")
    assert window.current_page == "evaluate"
    settled(qtbot, page)
    assert page.asked.model.run == FIRST and page.bar.model.run == FIRST
    assert not page.changes.isVisible()  # there is none before it
    context.set_document(None)  # else the window would close what the fixture closes


def test_a_damaged_model_is_named_and_what_was_shown_stays(
    qtbot: QtBot, page: EvaluatePage, tmp_path: Path
) -> None:
    (tmp_path / "bad.landmark-model").write_bytes(b"no model")
    page.open_model(tmp_path / "bad.landmark-model")
    qtbot.waitUntil(page.banner.isVisible)
    assert "bad.landmark-model" in page.banner.text()
    assert page.states.currentWidget() is page._content and page.ask_button.isEnabled()


def test_the_chosen_photos_are_asked_about(qtbot: QtBot, page: EvaluatePage) -> None:
    counts = {}
    for part in PARTS:
        page.bar.set_part(part)
        page.bar.part_chosen.emit()
        qtbot.waitUntil(lambda part=part: page.asked.evaluation.part == part, timeout=20_000)
        counts[part] = page.asked.figures.examples
    assert counts["all"] == counts["test"] + counts["validation"] + counts["train"] == 18
    assert counts["test"] > 0


def test_asking_can_be_cancelled(
    qtbot: QtBot, page: EvaluatePage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worker waits until it sees the wish; what was shown before stays."""
    before, begun = page.asked, threading.Event()

    def endless(*arguments):
        from landmark_gui.core.errors import Cancelled

        cancel = arguments[-1]
        begun.set()
        while not cancel():
            threading.Event().wait(0.01)
        raise Cancelled

    monkeypatch.setattr(asking, "_evaluated", endless)
    page.ask()
    qtbot.waitUntil(begun.is_set)
    assert page.progress.isVisible() and not page.ask_button.isEnabled()
    press(page, "cancel_button")
    qtbot.waitUntil(lambda: not page._asking.running)
    assert page.asked is before and page.ask_button.isEnabled() and not page.progress.isVisible()


def test_it_can_be_cancelled_while_edits_cannot_be_saved(
    page: EvaluatePage, document: Document, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(document, "when_saved", lambda callback: None)  # a full disk
    page.ask()
    assert page.progress.isVisible()
    press(page, "cancel_button")
    assert not page.progress.isVisible() and page.ask_button.isEnabled()


@pytest.mark.changes_photos
def test_a_photo_that_became_unreadable_is_named(
    qtbot: QtBot, page: EvaluatePage, folder: Path
) -> None:

    victim = folder / "blue" / "blue_0.png"
    stat, content = victim.stat(), victim.read_bytes()
    victim.write_bytes(content[:80].ljust(len(content), b"\0"))
    os.utime(victim, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    page.ask()
    qtbot.waitUntil(lambda: page.asked.figures.examples == 17, timeout=20_000)
    assert page.summary.notes.text() == "1 example could not be read."
    assert "blue_0.png" in page.summary.notes.toolTip()


# What stands behind a figure


def cell_center(page: EvaluatePage, row: int, column: int) -> QPoint:
    return page.matrix._cell(row, column).center().toPoint()


def test_a_cell_opens_the_photos_behind_it(qtbot: QtBot, page: EvaluatePage) -> None:
    QTest.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=cell_center(page, 2, 2))
    assert sorted(names(page)) == [f"blue_{n}.png" for n in range(6)]
    assert page.gallery.choice.currentText() == "blue, recognised"
    QTest.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=cell_center(page, 0, 1))
    assert set(names(page)) == set(LIES)
    assert page.gallery.choice.currentText() == "red, taken for green"
    QTest.mouseClick(page.matrix, Qt.MouseButton.LeftButton, pos=cell_center(page, 0, 2))
    assert names(page) == []


def test_the_matrix_is_reached_by_keys(page: EvaluatePage) -> None:
    page.matrix.setFocus()
    QTest.keyClick(page.matrix, Qt.Key.Key_Right)
    assert page.matrix.current == (0, 1)
    assert "“red” taken for “green”: 2 of 6" in page.matrix.accessibleDescription()
    QTest.keyClick(page.matrix, Qt.Key.Key_Up)
    assert page.matrix.current == (0, 1)
    QTest.keyClick(page.matrix, Qt.Key.Key_Return)
    assert page.gallery.shown == View(Show.CELL, 0, 1) and page.gallery.view.hasFocus()


def test_the_choice_above_the_gallery_leads_back(page: EvaluatePage) -> None:
    page.gallery.show_view(View(Show.CELL, 2, 2))
    page.gallery.choice.setCurrentIndex(0)
    page.gallery.choice.activated.emit(0)
    assert page.gallery.shown == View(Show.MISTAKES)
    assert page.gallery.choice.findData(View(Show.CELL, 2, 2)) == -1


def test_the_least_sure_answers_come_first_among_all(page: EvaluatePage) -> None:
    page.gallery.show_view(View(Show.ALL))
    sure = [answer.confidence for answer in page.gallery.answers()]
    assert len(sure) == 18 and sure == sorted(sure)


def test_what_the_model_calls_unknown_is_shown(
    qtbot: QtBot, page: EvaluatePage, tmp_path: Path
) -> None:
    path = write_tiny_bundle(tmp_path / "shy.landmark-model", threshold=1.0, training=TRAINING)
    page.open_model(path)
    qtbot.waitUntil(lambda: page.asked.model.path == path, timeout=20_000)
    page.gallery.show_view(View(Show.UNKNOWN))
    assert len(names(page)) == page.asked.figures.unknown == 18
    assert "the model says unknown" in page.detail.truth.text()


def test_the_table_is_sorted_by_its_columns_and_opens_mistakes(page: EvaluatePage) -> None:
    table = page.classes
    table.sortByColumn(Column.RECALL, Qt.SortOrder.AscendingOrder)
    first = table.model().index(0, Column.NAME).data()
    assert first == "red" and table.model().index(0, Column.RECALL).data() == "67%"
    table.sortByColumn(Column.PRECISION, Qt.SortOrder.AscendingOrder)
    assert table.model().index(0, Column.NAME).data() == "green"
    table.setCurrentIndex(table.model().index(0, 0))
    table.setFocus()
    QTest.keyClick(table, Qt.Key.Key_Return)
    assert set(names(page)) == set(LIES)
    assert page.gallery.choice.currentText() == "Mistakes with green"


def test_an_answer_leads_to_its_photo(
    qtbot: QtBot, context: AppContext, page: EvaluatePage, document
) -> None:
    choose(page, LIES[0])
    with qtbot.waitSignal(context.box_requested) as requested:
        QTest.keyClick(page.gallery.view, Qt.Key.Key_Return)
    assert requested.args == [photo_named(document, LIES[0]).id, None]


def test_the_chosen_answer_is_told_with_its_probabilities(page: EvaluatePage) -> None:
    choose(page, LIES[1])
    assert page.detail.said.text().startswith("Taken for green (")
    assert page.detail.truth.text() == "It is labelled red"
    assert page.detail.bars.accessibleName().startswith("Most probable landmarks: green 9")
    assert page.detail.crop.picture() is None or not page.detail.crop.picture().isNull()


# What is put right


def test_the_model_is_right_in_one_key_and_undo_takes_it_back(
    page: EvaluatePage, document: Document
) -> None:
    choose(page, LIES[0])
    QTest.keyClick(page.gallery.view, Qt.Key.Key_Y)
    assert landmark_of(document, LIES[0]) == "green"
    assert page.corrections.isVisible()
    assert page.corrections.text.text().startswith("1 correction since this evaluation")
    document.undo()
    assert landmark_of(document, LIES[0]) == "red" and not page.corrections.isVisible()


def test_the_next_mistake_is_chosen_after_a_correction(page: EvaluatePage) -> None:
    first, second = names(page)
    choose(page, first)
    QTest.keyClick(page.gallery.view, Qt.Key.Key_Y)
    assert page.gallery.current().crop.source.endswith(second)
    assert names(page) == [first, second]


def test_a_digit_says_what_it_is(page: EvaluatePage, document: Document) -> None:
    blue = document.project.landmark_named("blue")
    assert blue.key
    choose(page, LIES[1])
    QTest.keyClick(page.gallery.view, blue.key)
    assert landmark_of(document, LIES[1]) == "blue"
    text = page.gallery.model.index(names(page).index(LIES[1])).data(Qt.ItemDataRole.ToolTipRole)
    assert "now blue" in text


def test_several_mistakes_are_put_right_in_one_step(page: EvaluatePage, document: Document) -> None:
    page.gallery.view.selectAll()
    page.deeds.agree.trigger()
    assert [landmark_of(document, name) for name in LIES] == ["green", "green"]
    document.undo()
    assert [landmark_of(document, name) for name in LIES] == ["red", "red"]


def test_the_menu_offers_the_other_landmarks(page: EvaluatePage, document: Document) -> None:
    choose(page, LIES[0])
    menu = page.deeds.menu()
    landmarks = next(a.menu() for a in menu.actions() if a.menu() is not None)
    enabled = {a.text().partition("\t")[0]: a.isEnabled() for a in landmarks.actions()}
    assert enabled == {"red": False, "green": True, "blue": True}
    next(a for a in landmarks.actions() if a.text().startswith("blue")).trigger()
    assert landmark_of(document, LIES[0]) == "blue"


def test_an_example_is_left_out_and_taken_in_again(page: EvaluatePage, document: Document) -> None:
    choose(page, LIES[0])
    QTest.keyClick(page.gallery.view, Qt.Key.Key_Delete)
    assert photo_named(document, LIES[0]).review == "skipped"
    choose(page, LIES[0])
    assert "left out of the dataset" in page.detail.truth.text()
    QTest.keyClick(page.gallery.view, Qt.Key.Key_Insert)
    assert photo_named(document, LIES[0]).review == ""


def test_a_box_that_is_redrawn_elsewhere_is_a_correction(
    qtbot: QtBot, page: EvaluatePage, document: Document
) -> None:
    photo, mark = photo_named(document, "blue_2.png"), document.project.landmark_named("blue")
    document.do(edits.add_box(photo.id, mark.id, Rect(3, 3, 20, 20)))
    assert page.corrections.isVisible()
    page.gallery.show_view(View(Show.CORRECTED))
    assert names(page) == ["blue_2.png"]


def test_asked_again_the_model_is_judged_by_the_corrected_labels(
    qtbot: QtBot, page: EvaluatePage, document: Document
) -> None:
    page.gallery.view.selectAll()
    page.deeds.agree.trigger()
    before = page.asked
    press(page, "evaluate_again_button")
    qtbot.waitUntil(lambda: page.asked is not before, timeout=20_000)
    assert page.summary.headline.text().startswith("18 of 18 right: 100%")
    assert not page.corrections.isVisible() and names(page) == []


def test_nothing_is_changed_in_a_project_that_is_open_for_reading_only(
    page: EvaluatePage, document: Document
) -> None:
    document.read_only = True
    choose(page, LIES[0])
    page.deeds.refresh()
    assert not page.deeds.agree.isEnabled() and not page.deeds.leave_out.isEnabled()
    QTest.keyClick(page.gallery.view, document.project.landmark_named("blue").key)
    assert landmark_of(document, LIES[0]) == "red"


# Where it looks


class FakeExplainer(QObject):
    """Answers when the test says so."""

    explained = Signal(object, object)
    failed = Signal(object, str)
    state_changed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.state = "idle"
        self.asked: list[tuple] = []
        self.cancelled = 0

    def ask(self, *question: object) -> None:
        self.asked.append(question)

    def cancel(self) -> None:
        self.cancelled += 1

    def shutdown(self) -> None:
        pass

    def answer(self, part: tuple[float, ...] | None = None, values: object = None) -> None:
        key, label = self.asked[-1][0], self.asked[-1][4]
        hot = np.array([[0, 0], [0, 1]], np.float32) if values is None else values
        self.explained.emit(key, HeatMap(hot, label, part))


@pytest.fixture
def explainer(context: AppContext) -> FakeExplainer:
    context._explainer = FakeExplainer()
    return context._explainer


def test_where_it_looks_is_laid_over_the_crop(
    qtbot: QtBot, page: EvaluatePage, explainer: FakeExplainer, folder: Path
) -> None:
    choose(page, LIES[0])
    assert not explainer.asked
    QTest.keyClick(page, Qt.Key.Key_G)
    _, model, photo, box, label = explainer.asked[-1]
    assert (model, photo.name, box, label) == (page.asked.model.path, LIES[0], None, "green")
    assert page.detail.note.text().startswith("Preparing")
    explainer.state_changed.emit("importing")
    assert "network is being loaded" in page.detail.note.text()
    qtbot.waitUntil(lambda: page.detail.crop.picture() is not None, timeout=20_000)
    plain = page.detail.crop.grab().toImage()
    explainer.answer()
    qtbot.waitUntil(lambda: page.detail.crop.overlaid is not None, timeout=20_000)
    assert page.detail.note.text() == "Bright is what speaks for “green”."
    hot = page.detail.crop.grab().toImage()
    corner = QPoint(page.detail.crop.width() - 12, page.detail.crop.height() // 2 + 70)
    assert hot.pixelColor(corner) != plain.pixelColor(corner)
    QTest.keyClick(page, Qt.Key.Key_G)
    assert page.detail.crop.overlaid is None and page.detail.note.text() == ""


def test_a_map_is_asked_for_once_and_goes_with_its_crop(
    page: EvaluatePage, explainer: FakeExplainer
) -> None:
    page.looking.action.trigger()
    explainer.answer()
    choose(page, names(page)[1])
    assert len(explainer.asked) == 2 and page.detail.crop._heat is None
    explainer.failed.emit(explainer.asked[0][0], "of the one before")
    assert "before" not in page.detail.note.text()
    explainer.failed.emit(explainer.asked[1][0], "red_4.png could not be explained: no memory")
    assert page.detail.note.text() == "red_4.png could not be explained: no memory"
    choose(page, names(page)[0])
    assert len(explainer.asked) == 2 and page.detail.crop._heat is not None


def test_what_another_page_kept_from_being_answered_is_asked_again(
    page: EvaluatePage, explainer: FakeExplainer
) -> None:
    page.looking.action.trigger()
    page.hide()
    page.show()
    assert len(explainer.asked) == 2 and explainer.asked[0] == explainer.asked[1]
    explainer.answer()
    page.hide()
    page.show()
    assert len(explainer.asked) == 2


def test_a_map_of_another_part_is_not_laid_over_the_crop(
    page: EvaluatePage, explainer: FakeExplainer
) -> None:
    page.looking.action.trigger()
    explainer.answer(part=(3.0, 3.0, 9.0, 9.0))
    assert page.detail.crop._heat is None and "changed since" in page.detail.note.text()


# What changed


def test_two_runs_are_compared_on_the_same_photos(page: EvaluatePage) -> None:
    assert page.changes.chosen is not None and page.changes.chosen.run == FIRST
    assert "the same 18 examples: 0 newly right, 0 newly wrong" in page.changes.text.text()
    press(page, "evaluate_still_wrong_button")
    assert set(names(page)) == set(LIES) and page.gallery.shown == View(Show.STILL_WRONG)


def test_the_comparison_can_be_taken_away(qtbot: QtBot, page: EvaluatePage) -> None:
    page.gallery.show_view(View(Show.STILL_WRONG))
    page.changes.earlier.setCurrentIndex(page.changes.earlier.count() - 1)
    page.changes.earlier.activated.emit(0)
    qtbot.waitUntil(lambda: page.asked.comparison is None)
    assert page.gallery.shown == View(Show.MISTAKES)


def test_after_the_next_training_the_page_says_what_changed(
    qtbot: QtBot, context: AppContext, page: EvaluatePage, keep_run
) -> None:
    third = "20260103-100000-000000"
    context.set_model(keep_run(third) / "model.landmark-model")
    qtbot.waitUntil(lambda: page.asked.model.run == third, timeout=20_000)
    assert page.asked.comparison is not None
    assert page.asked.comparison.earlier.run == SECOND


def test_an_earlier_model_that_is_damaged_is_named(
    qtbot: QtBot, page: EvaluatePage, document: Document
) -> None:
    (document.data_folder / "runs" / FIRST / "model.landmark-model").write_bytes(b"cut off")
    before = page.asked
    page.ask()
    qtbot.waitUntil(lambda: page.asked is not before, timeout=20_000)
    assert page.summary.headline.text().startswith("16 of 18")
    assert "model.landmark-model" in page.changes.text.text()


# Reports


@pytest.mark.parametrize("suffix", [".html", ".csv", ".json"])
def test_the_report_is_written_where_the_person_says(
    qtbot: QtBot, page: EvaluatePage, tmp_path: Path, monkeypatch, suffix: str
) -> None:
    path = tmp_path / f"report{suffix}"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    press(page, "evaluate_export_button")
    qtbot.waitUntil(page.banner.isVisible)
    assert str(path) in page.banner.text()
    if suffix == ".html":
        assert path.read_text("utf-8").count("data:image/jpeg") == 2
    elif suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            assert len(list(csv.DictReader(file))) == 18
    else:
        assert json.loads(path.read_text("utf-8"))["right"] == 16


def test_no_report_goes_among_the_photos(
    qtbot: QtBot, page: EvaluatePage, folder: Path, document: Document
) -> None:
    page.exporting.export(document, page.asked, folder / "report.html")
    qtbot.waitUntil(page.banner.isVisible)
    assert "among the photos" in page.banner.text()
    assert not (folder / "report.html").exists()


# Whatever else


def test_the_page_forgets_the_project_that_was_closed(
    context: AppContext, page: EvaluatePage
) -> None:
    context.set_document(None)
    assert page.asked is None and page.bar.model is None and page.gallery.answers() == ()
    assert not page.export_button.isEnabled() and not page.corrections.isVisible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_of_it_is_painted_in_both_themes(qtbot: QtBot, page: EvaluatePage, scheme: str) -> None:
    theme.apply(scheme)
    page.gallery.show_view(View(Show.ALL))
    pictures = page.gallery.delegate.pictures
    first = page.gallery.answers()[0]
    qtbot.waitUntil(lambda: any(key[0] == first.key for key in pictures._made), timeout=20_000)
    image = page.grab().toImage()
    assert image.width() == 1100
    assert page.reliability.grab().toImage().pixelColor(3, 20).name() == theme.colors().surface


@pytest.mark.parametrize("size", [(724, 540), (900, 640), (1600, 900)])
def test_nothing_of_the_chosen_crop_is_cut_off(qtbot: QtBot, page: EvaluatePage, size) -> None:
    theme.apply("light")  # whose paddings the window has
    page.resize(*size)
    choose(page, LIES[0])
    least = page.layout().totalMinimumSize()
    smallest = (724, 496) if size[1] < 640 else size  # what the smallest window leaves
    assert least.width() <= smallest[0] and least.height() <= smallest[1]
    for made in page.detail.buttons:
        place = made.mapTo(page, QPoint(made.width(), made.height()))
        assert made.isVisible() and place.x() <= size[0] and place.y() <= size[1], made.text()
    column = page.matrix.parentWidget()
    assert page.matrix.width() <= column.width() and page.changes.earlier.width() >= 60
