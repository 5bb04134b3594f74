"""The list of runs: complete, unfinished, old and damaged ones."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.run_folder import RunFolder
from landmark_gui.core.run_list import (
    Answer,
    find_run,
    read_runs,
    unfinished_run,
    write_note,
)
from landmark_gui.core.runs import TrainConfig

CONFIG = TrainConfig("p.landmarks", "m.landmark-model", recipe="scratch").to_dict()
HISTORY = {"loss": [1.0, 0.5], "val_loss": [1.2, None], "val_accuracy": [0.5, 0.75]}
METRICS = {"accuracy": 0.75, "examples": 20, "best_epoch": 1, "seconds": 12.5, "chance": 0.5}


def kept(beside: Path, id_: str, **documents: Any) -> Path:
    folder = beside / "runs" / id_
    folder.mkdir(parents=True)
    for name, value in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(value), "utf-8")
    return folder


def test_a_complete_run_tells_what_it_came_to(tmp_path: Path) -> None:
    folder = kept(
        tmp_path,
        "20260304-050607-000008",
        config=CONFIG,
        metrics=METRICS,
        history=HISTORY,
        data={"hash": "abc"},
        answers=[
            {"photo": 3, "box": "b", "true": "A", "predicted": "B", "confidence": 0.75},
            {"photo": 4, "box": None, "true": "A", "predicted": "A", "confidence": 0.5},
        ],
    )
    (folder / "model.landmark-model").write_bytes(b"x" * 100)
    write_note(folder, "  a good one\n")
    (run,) = read_runs(tmp_path)
    assert (run.state, run.accuracy, run.tested, run.epochs) == ("done", 0.75, 20, 2)
    assert (run.validation_accuracy, run.seconds, run.data) == (0.5, 12.5, "abc")
    assert run.started is not None and run.started.isoformat() == "2026-03-04T05:06:07+00:00"
    assert run.interval is not None and run.interval.low < 0.75 < run.interval.high
    assert run.note == "a good one" and run.size > 100
    assert run.model == folder / "model.landmark-model"
    assert run.train_config().recipe == "scratch"
    assert run.answers() == (Answer(3, "b", "A", "B", 0.75), Answer(4, None, "A", "A", 0.5))


def test_a_run_of_an_older_version_is_read(tmp_path: Path) -> None:
    """As it was kept before there were answers, notes, a hash of the data, and newer settings."""
    old = {key: CONFIG[key] for key in ("project", "out", "use", "recipe", "epochs", "split")}
    kept(tmp_path, "20250101-000000-000000", config=old, metrics=METRICS, history=HISTORY)
    (run,) = read_runs(tmp_path)
    assert (run.state, run.accuracy, run.data, run.answers()) == ("done", 0.75, "", ())
    assert run.train_config().epochs == 20


def test_settings_of_a_newer_version_are_shown_but_not_trained_with(tmp_path: Path) -> None:
    kept(tmp_path, "20300101-000000-000000", config={**CONFIG, "telepathy": 3}, metrics=METRICS)
    (run,) = read_runs(tmp_path)
    assert run.state == "done" and run.config["telepathy"] == 3
    with pytest.raises(TrainingError, match="telepathy"):
        run.train_config()


@pytest.mark.parametrize("name", ["config.json", "metrics.json"])
@pytest.mark.parametrize("content", [None, b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_damaged_run_is_listed_as_one(tmp_path: Path, name: str, content: bytes | None) -> None:
    whole = kept(tmp_path, "2", config=CONFIG, metrics=METRICS, history=HISTORY)
    hurt = kept(tmp_path, "1", config=CONFIG, metrics=METRICS, history=HISTORY)
    (hurt / name).unlink()
    if content is not None:
        (hurt / name).write_bytes(content)
    first, second = read_runs(tmp_path)
    assert (first.folder, first.state) == (whole, "done")
    assert second.state == "damaged" and name in second.problem


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=8,
)
NAMES = ("config", "metrics", "history", "data", "answers", "state")
FIGURES = ("accuracy", "examples", "best_epoch", "seconds", "val_accuracy", "hash", "state")


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(NAMES), JSON), st.dictionaries(st.sampled_from(FIGURES), JSON)
)
def test_no_content_of_a_file_stops_the_list(tmp_path_factory, documents, figures) -> None:
    data = tmp_path_factory.mktemp("data")
    kept(data, "1", **documents)
    kept(data, "2.tmp", **documents)
    kept(data, "3", config=figures, metrics=figures, history=figures, data=figures, state=figures)
    kept(data, "4.tmp", config=figures, state=figures, answers=[figures])
    for run in read_runs(data):
        assert run.accuracy is None or 0 <= run.accuracy <= 1
        assert run.interval is None or 0 <= run.interval.low <= run.interval.high <= 1
        assert run.validation_accuracy is None or 0 <= run.validation_accuracy <= 1
        assert run.seconds is None or isinstance(run.seconds, float)
        run.answers(), run.started, run.epochs, run.tested


def test_unfinished_runs_say_what_became_of_them(tmp_path: Path) -> None:
    states = {"cancelled": "", "failed": "The weights cannot be had.", "running": ""}
    for state, message in states.items():
        run = RunFolder.begin(tmp_path / "runs")
        run.write("config.json", CONFIG)
        run.write("history.json", HISTORY)
        run.write_state(state, message)  # type: ignore[arg-type]
        run.release()
    newest, failed, cancelled = read_runs(tmp_path)
    assert [run.state for run in (newest, failed, cancelled)] == [
        "interrupted",
        "failed",
        "cancelled",
    ]
    assert failed.problem == "The weights cannot be had."
    assert newest.validation_accuracy == 0.75 and newest.epochs == 2
    assert all(run.can_resume and run.model is None for run in (newest, failed, cancelled))
    offered = unfinished_run(tmp_path)
    assert offered is not None and offered.id == newest.id
    kept(tmp_path, "9", config=CONFIG, metrics=METRICS)
    assert unfinished_run(tmp_path) is None, "a newer training has come since"


def unfinished(beside: Path, state: Any, message: str = "") -> str:
    run = RunFolder.begin(beside / "runs")
    run.write("config.json", CONFIG)
    run.write("history.json", HISTORY)
    run.write_state(state, message)
    run.release()
    return run.id


def test_a_run_that_diverged_is_never_offered_but_the_next_older_one_is(tmp_path: Path) -> None:
    older = unfinished(tmp_path, "cancelled")
    lost = unfinished(tmp_path, "diverged", "The loss is no longer a number.")
    run = find_run(tmp_path, lost)
    assert (run.state, run.problem, run.can_resume) == (
        *("failed", "The loss is no longer a number.", False),
    )
    offered = unfinished_run(tmp_path)
    assert offered is not None and offered.id == older
    kept(tmp_path, "90000000-000000-000000", config=CONFIG, metrics=METRICS)
    unfinished(tmp_path, "diverged")
    assert unfinished_run(tmp_path) is None, "a training was completed since"


def test_a_complete_run_is_read_again_only_if_it_changed(tmp_path: Path) -> None:
    folder = kept(tmp_path, "1", config=CONFIG, metrics=METRICS)
    (first,) = read_runs(tmp_path)
    (again,) = read_runs(tmp_path, {first.id: first})
    assert again is first
    write_note(folder, "new")
    (after,) = read_runs(tmp_path, {first.id: first})
    assert after.note == "new"


def test_a_run_is_found_by_its_name_only(tmp_path: Path) -> None:
    folder = kept(tmp_path, "20260101-000000-000000", config=CONFIG, metrics=METRICS)
    assert find_run(tmp_path, folder.name).folder == folder
    for name in ("..", "", "20200101-000000-000000", str(tmp_path)):
        with pytest.raises(TrainingError, match="no run"):
            find_run(tmp_path, name)


def test_without_runs_the_list_is_empty(tmp_path: Path) -> None:
    assert read_runs(tmp_path) == []
    (tmp_path / "runs").write_text("no folder")
    assert read_runs(tmp_path) == []


def test_a_note_goes_to_a_run_that_was_finished_meanwhile_and_makes_none(tmp_path: Path) -> None:
    folder = kept(tmp_path, "1.tmp", config=CONFIG)
    finished = folder.rename(folder.with_name("1"))
    write_note(folder, "late")
    assert (finished / "notes.txt").read_text() == "late" and not folder.exists()
    (finished / "notes.txt").unlink()
    (finished / "config.json").unlink()
    finished.rmdir()
    with pytest.raises(TrainingError, match="no run 1"):
        write_note(folder, "too late")
    assert read_runs(tmp_path) == []


@pytest.mark.parametrize("augmentation", [{"unheard_of": 1}, {"rotation_range": "far"}, [1], "all"])
def test_a_run_with_an_augmentation_that_is_none_gives_no_settings(
    tmp_path: Path, augmentation: object
) -> None:
    kept(tmp_path, "1", config={**CONFIG, "augmentation": augmentation}, metrics=METRICS)
    (run,) = read_runs(tmp_path)
    with pytest.raises(TrainingError):
        run.train_config()
