"""The search as a panel: what it asks of the worker, and what it shows of what comes back."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.search import SearchConfig, SearchResult, Settings, Tried, sentence
from landmark_gui.core.search.journal import SearchJournal, search_folder
from landmark_gui.core.studies.result import Pool
from landmark_gui.gui.pages.compare.search_panel import SearchPanel
from landmark_gui.jobs.worker_process import WorkerOutcome

BASE = TrainConfig("p.landmarks", "", recipe="scratch")
BEST = Settings("transfer", 2e-3, 128, 0.5)


def result(trials: int = 2) -> SearchResult:
    tried = [Tried(None, (0.5, 0.52), "done"), Tried(BEST, (0.8, 0.83), "done")]
    tried += [Tried(BEST, (0.2,), "pruned")] * (trials - 2)
    return SearchResult(tuple(tried), Pool(500, 3, 5), 20)


@pytest.fixture
def asked(context, monkeypatch) -> list:
    """What the worker was asked to search; it starts nothing."""
    asked: list = []

    def search(config):
        asked.append(config)
        context.worker.task = "search"

    monkeypatch.setattr(context.worker, "search", search)
    monkeypatch.setattr(context.worker, "cancel", lambda: asked.append("cancel"))
    return asked


@pytest.fixture
def panel(qtbot, context, open_document, photo_folder, asked) -> SearchPanel:
    context.set_document(open_document(photo_folder(each=2)))
    made = SearchPanel(context, lambda: BASE)
    qtbot.addWidget(made)
    made.show()
    return made


def test_without_a_project_it_says_what_is_missing(qtbot, context):
    made = SearchPanel(context, lambda: None)
    qtbot.addWidget(made)
    made.show()
    assert not made.start_button.isEnabled() and "Open a folder" in made.state.text()


def test_a_search_is_asked_for_shown_and_taken(qtbot, panel, context, asked):
    panel.trials.setValue(7)
    panel.minutes.setValue(30)
    panel.start_button.click()
    qtbot.waitUntil(lambda: bool(asked))
    assert (asked[0].base, asked[0].trials, asked[0].minutes) == (BASE, 7, 30)
    assert panel.stop_button.isVisible() and not panel.start_button.isEnabled()
    context.worker.state_changed.emit("importing")
    assert panel.state.text() == "Importing TensorFlow…"
    place = {"done": 3, "total": 7}
    progress = {"event": "search_progress", "round": 0, "rounds": 5, "epoch": 2, "epochs": 9}
    context.worker.event_received.emit({**progress, **place})
    assert panel.state.text() == "Round 1 of 5, epoch 2 of 9"
    told = {"event": "tried", **place, "result": result(3).to_dict()}
    context.worker.event_received.emit(told)
    assert panel.table.rowCount() == 3 and panel.progress.bar.value() == 3
    assert not panel.take_button.isVisible()
    context.worker.task = ""
    context.worker.finished.emit(WorkerOutcome("done", metrics=result(4).to_dict(), task="search"))
    assert panel.table.rowCount() == 4 and panel.finding.text() == sentence(result(4))
    assert "128 pixels" in panel.table.item(1, 0).text()
    with qtbot.waitSignal(panel.taken) as taken:
        panel.take_button.click()
    assert taken.args == [BEST]


def test_a_trial_that_could_not_be_trained_says_so(qtbot, panel, context, asked):
    panel.start()
    qtbot.waitUntil(lambda: bool(asked))
    tried = (*result(2).tried, Tried(BEST, (), "failed", "No weights."))
    shown = SearchResult(tried, Pool(500, 3, 5), 3).to_dict()
    context.worker.event_received.emit({"event": "tried", "done": 3, "total": 3, "result": shown})
    accuracy, remark = ([panel.table.item(row, n).text() for row in (1, 2)] for n in (1, 3))
    assert accuracy[0].startswith("0.815 (±") and accuracy[1] == "failed"
    assert remark == ["", "No weights."]


def test_it_can_be_paused_and_a_failure_is_said(qtbot, panel, context, asked):
    panel.start()
    qtbot.waitUntil(lambda: bool(asked))
    panel.stop_button.click()
    assert asked[-1] == "cancel" and not panel.stop_button.isEnabled()
    context.worker.task = ""
    context.worker.finished.emit(WorkerOutcome("failed", "No weights.", task="search"))
    assert panel.banner.text() == "No weights. What is done is kept."
    assert panel.start_button.isVisible() and panel.start_button.isEnabled()


def test_another_project_shows_nothing_of_a_search_that_goes_on(
    qtbot, panel, context, asked, open_document, photo_folder
):
    panel.start()
    qtbot.waitUntil(lambda: bool(asked))
    first = context.document
    context.set_document(open_document(photo_folder("others", each=1)))
    told = {"event": "tried", "done": 3, "total": 7, "result": result(3).to_dict()}
    context.worker.event_received.emit(told)
    assert panel.table.rowCount() == 0 and not panel.stop_button.isVisible()
    assert not panel.start_button.isEnabled() and "Something else" in panel.state.text()
    context.set_document(first)
    context.worker.event_received.emit(told)
    assert panel.table.rowCount() == 3 and panel.stop_button.isVisible()


def test_while_something_else_runs_it_says_so(panel, context):
    context.worker.task = "train"
    context.worker.state_changed.emit("training")
    assert not panel.start_button.isEnabled() and "Something else" in panel.state.text()


def test_settings_that_are_none_are_refused(qtbot, panel, monkeypatch, asked):
    def wrong():
        raise TrainingError("dropout is 3")

    monkeypatch.setattr(panel, "_base", wrong)
    panel.start()
    qtbot.waitUntil(panel.banner.isVisible)
    assert panel.banner.text() == "dropout is 3" and not asked


def test_a_result_of_another_version_shows_nothing(panel, context, asked, tmp_path: Path):
    context.worker.task = "search"
    context.worker.event_received.emit({"event": "tried", "done": 1, "total": 2, "result": {}})
    assert panel.table.rowCount() == 0 and panel.finding.text() == ""


def keep(context, found: SearchResult, base: TrainConfig = BASE, **values) -> None:
    """A search of which so much was done before the page was opened."""
    config = SearchConfig(replace(base, project=str(context.document.path)), **values)
    journal = SearchJournal(search_folder(config, ["data"]))
    journal.note(config)
    journal.keep_result(found)


def look(qtbot, panel: SearchPanel) -> None:
    panel.look()
    qtbot.waitUntil(lambda: panel._looking._running is None)


def test_it_says_what_it_starts_from_and_where_that_is_changed(qtbot, panel, context):
    assert panel.start_from.text().endswith(
        "Train from scratch · crops · 20 epochs · 160 px · learning rate automatic."
    )
    with qtbot.waitSignal(context.page_requested) as asked:
        panel.change.click()
    assert asked.args == ["train"]


def test_a_kept_search_is_shown_and_goes_on(qtbot, panel, context, asked):
    assert panel.start_button.text() == "Search"
    keep(context, result(4))
    look(qtbot, panel)
    assert panel.table.rowCount() == 4 and panel.finding.text() == sentence(result(4))
    assert "starting from the present settings" in panel.note.text()
    assert panel.take_button.isVisible() and panel.trials.value() == 20
    assert panel.start_button.text() == "Go on"
    panel.trials.setValue(4)
    assert panel.start_button.text() == "Search", "all of these are done"
    panel.trials.setValue(9)
    panel.start_button.click()
    qtbot.waitUntil(lambda: bool(asked))
    assert asked[0].trials == 9 and panel.table.rowCount() == 4, "it stays while it goes on"
    for trials in (2, 4, 5):  # it is gone through again
        told = {"event": "tried", "done": trials, "total": 9, "result": result(trials).to_dict()}
        context.worker.event_received.emit(told)
        assert panel.table.rowCount() == max(4, trials)
    context.worker.task = ""
    context.worker.finished.emit(WorkerOutcome("cancelled", task="search"))
    assert panel.start_button.text() == "Go on" and panel.table.rowCount() == 5


def test_one_from_other_settings_says_so_and_is_shown_only_if_complete(qtbot, panel, context):
    other = replace(BASE, learning_rate=0.5, epochs=3)
    keep(context, result(4), other)
    look(qtbot, panel)
    assert panel.table.rowCount() == 0 and panel.start_button.text() == "Search"
    keep(context, replace(result(4), planned=4), other)
    look(qtbot, panel)
    assert panel.table.rowCount() == 4 and panel.start_button.text() == "Search"
    assert panel.note.text().endswith("starting from other settings (epochs, learning rate).")


def test_after_an_edit_a_kept_result_says_that_it_may_begin_anew(
    qtbot, panel, context, monkeypatch
):
    keep(context, result(4))
    context.document.label_by_folder()
    last = replace(context.document.history[-1], time=time.time() + 60)
    monkeypatch.setattr(type(context.document), "history", [last])
    look(qtbot, panel)
    assert panel.note.text().endswith("The project was changed since, so it may begin anew.")


def test_what_it_does_stands_in_the_status_line(qtbot, panel, context, asked):
    said: list[str] = []
    context.status_changed.connect(said.append)
    panel.start()
    qtbot.waitUntil(lambda: bool(asked))
    got = {"title": "MobileNetV2 1", "done": 3.1e6, "total": 9e6, "seconds_left": 20}
    context.worker.event_received.emit({"event": "downloading", **got})
    assert "Fetching MobileNetV2 1: 3.1 of 9.0 MB" in panel.state.text()
    (told,) = context.activities.current()
    assert (told.text, told.page) == (f"Search: {panel.state.text()}", "compare")
    context.worker.task = ""
    context.worker.finished.emit(WorkerOutcome("cancelled", task="search"))
    assert said[-1] == "Paused. What is done is kept."
    assert context.activities.current() == []
