from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from landmark_gui.core import edits
from landmark_gui.core.geometry import Rect
from landmark_gui.core.search import Settings as Better
from landmark_gui.core.settings import Settings
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.pages.compare import ComparePage
from landmark_gui.gui.studies.table import ACCURACY, GAIN, NAME, TRAININGS
from landmark_gui.gui.training_settings import SETTINGS_KEY
from landmark_gui.jobs.worker_process import TrainingWorker
from tests import study_child
from tests.thorough import when_thorough


@pytest.fixture
def context(qapp, tmp_path: Path) -> Iterator[AppContext]:
    made = AppContext(Settings(tmp_path / "settings.toml"))
    command = [sys.executable, str(Path(study_child.__file__))]
    made._worker = TrainingWorker(command, tmp_path / "worker.log", made)
    yield made
    made.shutdown()


@pytest.fixture
def shown(qtbot, context) -> Callable[[], ComparePage]:
    def made() -> ComparePage:
        page = ComparePage(context)
        qtbot.addWidget(page)
        page.resize(900, 700)
        page.show()
        qtbot.waitUntil(lambda: page.panel.desk._looking._running is None)
        return page

    return made


@pytest.fixture
def document(context, open_document, photo_folder) -> Document:
    document = open_document(photo_folder(each=3))
    context.set_document(document)
    return document


def draw_boxes(document: Document) -> None:
    for photo in document.project.ordered_photos():
        assert photo.landmark_id is not None
        document.do(edits.add_box(photo.id, photo.landmark_id, Rect(5, 5, 50, 40)))


def part(page: ComparePage) -> QWidget:
    """What is shown: of the study, or in its place."""
    current = page._stack.currentWidget()
    if current is page._study and page._parts.currentWidget() is page._table:
        current = page._table.currentWidget()
    assert current is not None
    return current


def test_what_is_missing_is_said_step_by_step(qtbot, context, shown, open_document, photo_folder):
    page = shown()
    assert part(page) is page._no_project
    document = open_document(photo_folder(each=3))
    context.set_document(document)
    assert part(page) is page._no_landmarks
    document.label_by_folder()
    qtbot.waitUntil(lambda: part(page) is page._no_boxes)
    with qtbot.waitSignal(context.page_requested) as requested:
        page._no_boxes.findChild(QWidget, "empty_state_action").click()
    assert requested.args == ["label"]
    draw_boxes(document)
    qtbot.waitUntil(lambda: part(page) is page._compared)
    qtbot.waitUntil(page.panel.start_button.isEnabled)


def test_the_table_of_the_log_is_made_in_one_click(qtbot, context, shown, document):
    document.label_by_folder()
    draw_boxes(document)
    page = shown()
    panel = page.panel
    assert "20 trainings: photos and crops" in panel.state.text()
    assert panel.results.table.isHidden()
    with qtbot.waitSignal(panel.desk.run.ended, timeout=20_000):
        page.primary_action()
    qtbot.waitUntil(lambda: panel.desk.is_measured)
    model = panel.results.table.model()
    told = [
        [model.index(row, column).data() for column in (NAME, ACCURACY, GAIN, TRAININGS)]
        for row in range(model.rowCount())
    ]
    assert [row[0] for row in told] == ["Photos", "Photos, augmented", "Crops", "Crops, augmented"]
    assert [row[1][:4] for row in told] == ["0.60", "0.70", "0.80", "0.90"]
    assert told[0][2] == "" and [row[2][:5] for row in told[1:]] == ["+0.10", "+0.20", "+0.30"]
    assert {row[3] for row in told} == {"5"}
    assert model.index(3, NAME).data(Qt.ItemDataRole.FontRole).bold()
    assert panel.results.table.isVisible() and panel.finding.take.isHidden()
    assert panel.results.chart.view == "accuracy"
    assert panel.results.chart.picture.chance == 0.5
    assert panel.finding.sentence.text().startswith("Best: Crops, augmented")


def test_what_the_train_page_learns_from_does_not_matter(context, shown, document):
    document.label_by_folder()
    draw_boxes(document)
    page = shown()
    before = page.panel.desk.planned
    context.settings.set("train.form", '{"use": "photos"}')
    page.panel.desk.look()
    assert page.panel.desk.planned == before


def test_another_project_shows_nothing_of_the_study_that_runs(
    qtbot, context, shown, document, open_document, photo_folder
):
    document.label_by_folder()
    draw_boxes(document)
    context.settings.set("train.form", f'{{"seed": {study_child.PAUSES}}}')
    page = shown()
    with qtbot.waitSignal(context.studies.result_changed, timeout=20_000):
        page.panel.start_button.click()
    other = open_document(photo_folder("elsewhere", each=2))
    other.label_by_folder()
    draw_boxes(other)
    context.set_document(other)
    qtbot.waitUntil(lambda: page.panel.desk._looking._running is None)
    assert page.panel.desk.result is None and not page.panel.desk.is_running
    assert "Another study is running" in page.panel.state.text()
    assert not page.panel.start_button.isEnabled()
    context.set_document(document)
    assert page.panel.desk.is_running and page.panel.pause_button.isVisible()
    page.panel.pause()
    qtbot.waitUntil(lambda: not page.panel.desk.is_running, timeout=20_000)


@when_thorough
@pytest.mark.slow
def test_a_real_worker_compares_and_going_on_adds_to_what_is_done(
    qtbot, context, shown, document, tmp_path
):
    context._worker = TrainingWorker(log_path=tmp_path / "real.log", parent=context)
    document.label_by_folder()
    draw_boxes(document)
    form = {"recipe": "scratch", "epochs": 1, "image_size": 32, "batch_size": 4}
    context.settings.set("train.form", json.dumps(form))
    context.settings.set("study.compare.repeats", 3)
    page = shown()
    panel, run = page.panel, page.panel.desk.run
    pauses = [True]

    def pause_once(_: object) -> None:
        if pauses:
            pauses.pop()
            panel.pause()

    run.result_changed.connect(pause_once)
    with qtbot.waitSignal(run.ended, timeout=300_000) as ended:
        page.primary_action()
    assert ended.args[0].kind == "cancelled", ended.args[0].details
    qtbot.waitUntil(lambda: panel.start_button.text() == "Go on")
    assert 1 <= panel.desk.result.done < 12
    with qtbot.waitSignal(run.ended, timeout=300_000) as ended:
        page.primary_action()
    assert ended.args[0].kind == "done", ended.args[0].details
    qtbot.waitUntil(lambda: panel.desk.is_measured)
    told = [row.value for row in panel.results.chart.rows]
    assert len(told) == 4 and all(value is not None and 0 <= value <= 1 for value in told)
    assert panel.desk.result.examples == 6
    assert len(list(document.data_folder.glob("studies/*/trials/*.json"))) == 12


def test_a_search_betters_the_training_of_the_train_page(
    qtbot, context, shown, document, monkeypatch
):
    """It needs no boxes; and its best settings go into the form of the Train page."""
    asked: list = []
    monkeypatch.setattr(context.worker, "search", asked.append)
    document.label_by_folder()
    context.settings.set(SETTINGS_KEY, json.dumps({"use": "photos", "recipe": "scratch"}))
    context.settings.set("study.augmentation.recipe", "transfer")  # of another question
    page = shown()
    assert part(page) is page._no_boxes
    page.switch.button("search").click()
    assert page._parts.currentWidget() is page.search
    qtbot.waitUntil(lambda: page._base() is not None)
    page.search.start_button.click()
    qtbot.waitUntil(lambda: bool(asked))
    assert (asked[0].base.use, asked[0].base.recipe) == ("photos", "scratch")
    settings = Better("transfer", 2e-3, 128, 0.0)
    with qtbot.waitSignal(context.settings_requested) as told:
        page.search.taken.emit(settings)
    (config,) = told.args
    assert (config.recipe, config.image_size, config.augmentation) == ("transfer", 128, None)
