"""The panel of a study on the Augment page, with a worker that learns nothing."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QMessageBox, QProgressBar

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.project_opening import open_folder, read_project
from landmark_gui.core.run_list import Run
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.settings import Settings
from landmark_gui.core.studies import variants
from landmark_gui.core.studies.journal import Journal, Trial
from landmark_gui.gui import theme
from landmark_gui.gui.choices import Choices
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.document import Document
from landmark_gui.gui.main_window import MainWindow
from landmark_gui.gui.pages.augment import AugmentPage
from landmark_gui.gui.pages.train import TrainPage
from landmark_gui.gui.studies.chart import StudyChart
from landmark_gui.gui.studies.panel import StudyPanel
from landmark_gui.jobs.worker_process import TrainingWorker, WorkerOutcome
from tests import study_child

ROTATION_AND_ZOOM = AugmentationConfig(rotation_range=20, zoom_range=(0.8, 1.2))


@pytest.fixture
def context(qapp, tmp_path: Path) -> Iterator[AppContext]:
    made = AppContext(Settings(tmp_path / "settings.toml"))
    command = [sys.executable, str(Path(study_child.__file__))]
    made._worker = TrainingWorker(command, tmp_path / "worker.log", made)
    made.augmentation = ROTATION_AND_ZOOM
    yield made
    made.shutdown()


@pytest.fixture
def page(qtbot, context, open_document, photo_folder) -> AugmentPage:
    """The Augment page with a project of two landmarks, asked which options help."""
    document = open_document(photo_folder(each=3))
    context.set_document(document)
    document.label_by_folder()
    page = AugmentPage(context)
    qtbot.addWidget(page)
    page.resize(1000, 700)
    page.show()
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._splitter)
    page.right.show_part("study")
    qtbot.waitUntil(page.right.study.start_button.isEnabled)
    return page


@pytest.fixture
def panel(page) -> StudyPanel:
    assert page.right.study is not None
    return page.right.study


@pytest.fixture
def settle(qtbot, panel) -> Callable[[], None]:
    """Waits until what is kept has been looked up."""

    def waited() -> None:
        with qtbot.waitSignal(panel.desk.changed):
            panel.desk.look()

    return waited


def set_train_form(context: AppContext, **values: object) -> None:
    context.settings.set("train.form", json.dumps(values))


def finish(qtbot, panel: StudyPanel) -> WorkerOutcome:
    with qtbot.waitSignal(panel.desk.run.ended, timeout=20_000) as caught:
        panel.start_button.click()
    qtbot.waitUntil(lambda: panel.desk._looking._running is None)  # what is kept was looked up
    return caught.args[0]


def test_before_it_starts_the_panel_says_what_it_will_do(qtbot, context, panel, settle):
    set_train_form(context, recipe="scratch", epochs=7, image_size=96)
    settle()
    planned = panel.desk.planned
    total = 5 * len(variants(planned))
    assert f"{total} trainings" in panel.state.text()
    assert "told once the first training is done" in panel.state.text()
    assert panel.choices.note.text() == "Train from scratch · crops · 7 epochs · 96 px"
    rows = panel.results.chart.rows
    assert [row.key for row in rows] == [variant.key for variant in variants(planned)]
    assert (rows[1].label, rows[1].detail) == ("Rotation", "±20°")
    assert panel.start_button.isEnabled() and panel.start_button.text() == "Start"
    assert panel.finding.isHidden() and panel.pause_button.isHidden()


def test_repeats_and_recipe_are_chosen_and_remembered(qtbot, context, panel, settle):
    panel.choices.repeats.set_value(3)
    panel.choices.recipe.set_value("scratch")
    panel.choices.changed.emit()
    assert panel.desk.planned.repeats == 3 and panel.desk.planned.base.recipe == "scratch"
    again = StudyPanel(context, "augmentation")
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: again.desk.planned is not None)
    assert again.desk.planned.repeats == 3 and again.desk.planned.base.recipe == "scratch"


def test_what_the_train_page_would_choose_is_chosen(qtbot, context, panel, settle):
    """Its suggestions come from the photos, and are the same for a study."""
    set_train_form(context, recipe="scratch")
    settle()
    train = TrainPage(context)
    qtbot.addWidget(train)
    train.show()
    document = context.document
    qtbot.waitUntil(lambda: train.form._facts.total == 6)
    would = train.form.config(document.path, context.augmentation.to_dict(), Choices())
    base = panel.desk.planned.base
    assert would.epochs > 1 and would.recipe == "scratch"
    for name in ("recipe", "backbone", "alpha", "epochs", "image_size", "batch_size"):
        assert getattr(base, name) == getattr(would, name), name


def test_a_study_from_the_button_to_the_winner(qtbot, context, page, panel, settle):
    context.augmentation = AugmentationConfig(rotation_range=20, zoom_range=(0.7, 1.1), blur=1)
    settle()
    said: list[str] = []
    lines: list[str] = []
    grown: list[int] = []
    panel.desk.run.said.connect(said.append)
    panel.desk.run.result_changed.connect(lambda result: grown.append(result.done))
    doing = context.activities
    doing.changed.connect(lambda: lines.extend(one.text for one in doing.current()))
    assert finish(qtbot, panel).kind == "done"
    assert doing.current() == []
    assert "Zoom · round 1 of 5 · epoch 2 of 3" in said
    assert any(line.startswith("Study: Zoom · round 1 of 5") for line in lines)
    assert grown[0] == 1 and grown[-1] == panel.desk.result.planned
    assert panel.desk.is_measured and panel.desk.result.winner == "zoom_range"
    assert panel.finding.sentence.text().startswith("Zoom: 0.90")
    assert "with the present settings" in panel.finding.note.text()
    rows = {row.key: row for row in panel.results.chart.rows}
    assert rows["zoom_range"].won and rows["rotation_range"].verdict == "helps"
    assert panel.start_button.isEnabled() and panel.pause_button.isHidden()

    before = context.augmentation
    panel.finding.take.click()
    assert context.augmentation == AugmentationConfig(zoom_range=(0.7, 1.1))
    assert not panel.finding.take.isEnabled()
    page.settings.back()
    assert context.augmentation == before


def test_pausing_keeps_what_is_done_and_going_on_finishes_it(qtbot, context, panel, settle):
    set_train_form(context, seed=study_child.PAUSES)
    settle()
    done = study_child.FIRST
    panel.desk.run.result_changed.connect(
        lambda result: panel.pause_button.click() if result.done == done else None
    )
    assert finish(qtbot, panel).kind == "cancelled"
    planned = panel.desk.result.planned
    assert panel.desk.result.done == done and panel.start_button.text() == "Go on"
    assert f"{done} of {planned} trainings are done" in panel.finding.sentence.text()
    assert panel.finding.take.isHidden()
    assert "Time needed:" in panel.state.text()

    counted: list[int] = []
    panel.desk.run.progressed.connect(lambda event: counted.append(event["done"]))
    assert finish(qtbot, panel).kind == "done"
    assert min(counted) == done and panel.desk.is_measured
    assert "All" in panel.state.text() and panel.start_button.text() == "Start again"


def test_while_it_runs_the_panel_shows_where_it_is(qtbot, context, panel, settle):
    set_train_form(context, seed=study_child.PAUSES)
    settle()
    with qtbot.waitSignal(panel.desk.run.result_changed, timeout=20_000):
        panel.start_button.click()
    qtbot.waitUntil(lambda: panel.desk.run.result.done == study_child.FIRST, timeout=20_000)
    bar = panel.findChild(QProgressBar, "study_bar")
    assert (bar.value(), bar.maximum()) == (study_child.FIRST, panel.desk.result.planned)
    epochs = panel.findChild(QProgressBar, "study_epochs_bar")
    assert (epochs.value(), epochs.maximum()) == (2, 3)
    assert panel.pause_button.isVisible() and not panel.start_button.isEnabled()
    assert panel.choices.isHidden() and panel.results.chart.picture.busy
    done = [row for row in panel.results.chart.rows if row.value is not None]
    assert len(done) == study_child.FIRST and not any(row.won for row in done)
    panel.pause()
    qtbot.waitUntil(lambda: not panel.desk.is_running, timeout=20_000)
    assert panel.results.chart.picture.busy == ""


def test_a_kept_result_is_shown_at_once_and_says_when_settings_differ(
    qtbot, context, panel, settle
):
    finish(qtbot, panel)
    again = StudyPanel(context, "augmentation")
    qtbot.addWidget(again)
    qtbot.waitUntil(lambda: again.desk.result is not None)
    assert again.desk.is_measured
    context.augmentation = AugmentationConfig(rotation_range=33, zoom_range=(0.8, 1.2))
    qtbot.waitUntil(lambda: "with other settings (augmentation)" in panel.finding.note.text())
    assert panel.finding.sentence.text().startswith("Zoom: 0.90")
    assert panel.results.chart.rows[1].detail == "±20°"  # as it was measured
    assert panel.start_button.text() == "Start" and panel.start_button.isEnabled()
    panel.choices.repeats.set_value(10)
    panel.choices.changed.emit()
    context.augmentation = ROTATION_AND_ZOOM
    qtbot.waitUntil(lambda: panel.start_button.text() == "Go on")


def test_an_edit_since_is_pointed_out(qtbot, context, panel, settle, monkeypatch):
    finish(qtbot, panel)
    assert "with the present settings" in panel.finding.note.text()
    monkeypatch.setattr(panel.desk.setup, "edited_since", lambda moment: True)
    settle()
    assert "The project was changed since" in panel.finding.note.text()


def test_a_failure_is_told_with_its_details(qtbot, context, panel, settle):
    set_train_form(context, seed=study_child.FAILS)
    settle()
    with qtbot.waitSignal(panel.desk.run.ended, timeout=20_000):
        panel.start_button.click()
    assert panel.banner.isVisible()
    assert "The weights cannot be had. What is done is kept." in panel.banner.text()
    assert panel.start_button.isVisible() and panel.start_button.isEnabled()


def test_a_training_and_a_study_wait_for_each_other(qtbot, context, page, panel, settle):
    train = TrainPage(context)
    qtbot.addWidget(train)
    train.show()
    set_train_form(context, seed=study_child.PAUSES)
    settle()
    with qtbot.waitSignal(panel.desk.run.result_changed, timeout=20_000):
        panel.start_button.click()
    assert context.worker.task == "study" and not context.is_training
    qtbot.waitUntil(lambda: "A study is running" in train.state.text())
    assert not train.train_button.isEnabled() and train.form.isEnabled()
    train.train()
    assert context.worker.task == "study"
    panel.pause()
    qtbot.waitUntil(lambda: train.train_button.isEnabled(), timeout=20_000)
    assert train.result.isHidden()  # a study's end is none of its business

    train.train_button.click()
    qtbot.waitUntil(lambda: context.is_training, timeout=20_000)
    qtbot.waitUntil(lambda: "A training is running" in panel.state.text(), timeout=20_000)
    assert not panel.start_button.isEnabled()
    train.cancel()
    qtbot.waitUntil(lambda: panel.start_button.isEnabled(), timeout=20_000)


def test_a_train_page_that_is_opened_during_a_study_knows_of_it(
    qtbot, context, panel, settle, tmp_path
):
    set_train_form(context, seed=study_child.PAUSES)
    settle()
    with qtbot.waitSignal(panel.desk.run.result_changed, timeout=20_000):
        panel.start_button.click()
    train = TrainPage(context)
    qtbot.addWidget(train)
    train.show()
    assert not train.train_button.isEnabled() and "A study is running" in train.state.text()
    assert not train.next.train.isEnabled()
    train.progress.write("what was learned before")
    config = TrainConfig("p.landmarks", str(tmp_path / "m.landmark-model")).to_dict()
    train.resume(Run("20260101-100000-000000", tmp_path, "cancelled", config))
    qtbot.wait(50)
    assert context.worker.task == "study" and train.progress.log.toPlainText()
    panel.pause()
    qtbot.waitUntil(lambda: train.train_button.isEnabled(), timeout=20_000)


def test_a_study_waits_for_a_search(context, panel):
    context.worker.task = "search"
    panel.desk.run.changed.emit()
    assert not panel.start_button.isEnabled() and "A search is running" in panel.state.text()
    context.worker.task = ""
    panel.desk.run.changed.emit()
    assert panel.start_button.isEnabled()


def test_closing_the_window_asks_nothing_and_loses_nothing(
    qtbot, context, photo_folder, tmp_path, monkeypatch
):
    document = Document(open_folder(photo_folder(each=3), tmp_path))
    with qtbot.waitSignal(document.scan_finished):
        document.start_scan()
    document.label_by_folder()
    context.set_document(document)
    set_train_form(context, seed=study_child.PAUSES)
    window = MainWindow(context)
    qtbot.addWidget(window)
    window.show()
    window.show_page("augment")
    page = window.page("augment")
    qtbot.waitUntil(lambda: page._stack.currentWidget() is page._splitter)
    page.right.show_part("study")
    qtbot.waitUntil(page.right.study.start_button.isEnabled)
    run, data_folder = context.studies, document.data_folder
    with qtbot.waitSignal(run.result_changed, timeout=20_000):
        page.right.study.start_button.click()
    qtbot.waitUntil(lambda: run.result.done == study_child.FIRST, timeout=20_000)
    asked: list[str] = []
    monkeypatch.setattr(
        "landmark_gui.gui.main_window.QMessageBox.question",
        lambda *args: asked.append(args[2]) or QMessageBox.StandardButton.Close,
    )
    assert window.close()
    assert "Trainings that are done are kept" in asked[0]
    assert len(list(data_folder.glob("studies/*/trials/*.json"))) == study_child.FIRST


def test_the_result_is_saved_as_picture_drawing_and_table(qtbot, context, panel, settle, tmp_path):
    finish(qtbot, panel)
    for name in ("chart.png", "chart.svg", "chart.csv"):
        with qtbot.waitSignal(panel.results.said):
            panel.results.save_to(tmp_path / name)
    image = QImage(str(tmp_path / "chart.png"))
    assert image.width() > 1500
    colors = {image.pixelColor(x, y).name() for x in range(0, 1600, 2) for y in range(0, 500, 2)}
    assert {theme.LIGHT.surface, theme.LIGHT.success} <= colors
    assert "rotation_range" in (tmp_path / "chart.csv").read_text("utf-8")
    assert (tmp_path / "chart.svg").read_text("utf-8").startswith("<svg")
    with qtbot.waitSignal(panel.results.said):
        panel.results.copy.click()
    assert not QGuiApplication.clipboard().image().isNull()


def test_a_picture_that_cannot_be_written_is_said(qtbot, panel, settle, tmp_path):
    finish(qtbot, panel)
    (tmp_path / "file").write_text("")
    panel.results.save_to(tmp_path / "file" / "chart.png")
    qtbot.waitUntil(lambda: panel.banner.isVisible())
    assert "chart.png could not be written" in panel.banner.text()


def test_one_landmark_is_too_few(qtbot, context, open_document, photo_folder):
    document = open_document(photo_folder(each=3, landmarks=("Red Tower",)))
    document.label_by_folder()
    context.set_document(document)
    panel = StudyPanel(context, "augmentation")
    qtbot.addWidget(panel)
    panel.show()
    qtbot.waitUntil(lambda: "only “Red Tower”" in panel.state.text())
    assert not panel.start_button.isEnabled()


@pytest.fixture
def chart(qtbot, panel, settle) -> StudyChart:
    finish(qtbot, panel)
    return panel.results.chart


def test_the_keys_go_from_row_to_row_and_each_is_told(qtbot, chart):
    chart.setFocus()
    told = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_Down, Qt.Key.Key_End, Qt.Key.Key_Down):
        qtbot.keyClick(chart, key)
        told.append(chart.accessibleDescription())
    assert told[0].startswith("Without augmentation: 0.60")
    assert told[1].startswith("Rotation, ±20°: +0.20")
    assert told[2] == told[3] == chart.rows[-1].told()
    assert chart.accessibleName() == "Gain in accuracy, with its 95 % interval"


def test_a_click_chooses_a_row(qtbot, chart):
    height = chart.height()
    rows = {chart._row_at(QPoint(5, y)) for y in range(height)}
    assert rows == {None, *range(len(chart.rows))}
    y = next(y for y in range(height) if chart._row_at(QPoint(5, y)) == 1)
    qtbot.mouseClick(chart, Qt.MouseButton.LeftButton, pos=QPoint(5, y + 3))
    assert chart.current == 1


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_the_chart_takes_the_colours_of_the_theme(qtbot, chart, choice):
    try:
        theme.apply(choice)
        image = chart.grab().toImage()
        seen = {
            image.pixelColor(x, y).name()
            for x in range(image.width())
            for y in range(0, image.height(), 2)
        }
        assert {theme.colors().success, theme.colors().accent, theme.colors().text} & seen
        assert theme.colors().success in seen
    finally:
        theme.apply("light")


def test_in_a_narrow_window_the_chart_is_higher(qtbot, chart):
    chart.resize(700, chart.height())
    wide = chart.minimumHeight()
    chart.resize(330, chart.height())
    assert chart.minimumHeight() > wide


def test_a_download_is_told_with_how_far_it_is(context, panel, monkeypatch):
    run = panel.desk.run
    run.study = panel.desk.planned
    monkeypatch.setattr(context.worker, "task", "study")
    got = {"title": "MobileNetV2 1", "done": 3.1e6, "total": 9e6, "seconds_left": 20}
    context.worker.event_received.emit({"event": "downloading", **got})
    assert panel.state.text() == "Fetching MobileNetV2 1: 3.1 of 9.0 MB · 20 s left"


def test_an_option_that_failed_stays_in_the_chart_with_its_reason(qtbot, context, panel, settle):
    planned = panel.desk.planned
    journal = Journal(context.document.data_folder / "studies" / "key")
    journal.begin(planned, study_child.POOL)
    for variant in variants(planned):
        for number in range(planned.repeats):
            journal.keep(Trial(variant.key, number, 0.6, 0.01))
    trials = journal.folder / "trials"
    for number in range(1, planned.repeats):
        (trials / f"{number:03}-zoom_range.json").unlink()
    journal.keep(Trial("zoom_range", 1, None, 0.01, failure="The loss is lost."))
    settle()
    qtbot.waitUntil(lambda: panel.desk.result is not None)
    done = planned.repeats * (len(variants(planned)) - 1) + 2
    assert panel.state.text().startswith(f"All {done} trainings are done.")
    assert "“Zoom” could not be trained: The loss is lost." in panel.finding.sentence.text()
    chart = panel.results.chart
    (row,) = (row for row in chart.rows if row.key == "zoom_range")
    assert (row.figure, row.told()) == ("failed", "Zoom, 0.8–1.2: The loss is lost.")
    chart.grab()


def test_a_window_that_may_only_read_studies_all_the_same(qtbot, context, panel, settle):
    first = context.document
    second = Document(read_project(first.path))
    assert second.read_only
    context.set_document(second)
    qtbot.waitUntil(panel.start_button.isEnabled)
    assert finish(qtbot, panel).kind == "done"
    context.set_document(first)
    second.close()
