"""Runs in words: their differences, and whether two can be told apart."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from landmark_gui.core import run_texts
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.run_list import Run, read_run
from landmark_gui.core.runs import TrainConfig

CONFIG = TrainConfig("p.landmarks", "m.landmark-model", recipe="scratch")


def kept(folder: Path, answers: str, config: TrainConfig = CONFIG, **metrics: Any) -> Run:
    """A complete run: "+" is a right answer, "-" a wrong one, " " a photo that was not asked."""
    folder.mkdir()
    told = [
        {"photo": n, "box": None, "true": "A", "predicted": "A" if a == "+" else "B"}
        for n, a in enumerate(answers)
        if a != " "
    ]
    right, total = answers.count("+"), len(told)
    figures = {"accuracy": right / total if total else None, "examples": total, **metrics}
    documents = {
        "config": config.to_dict(),
        "metrics": figures,
        "data": {"hash": "abc"},
        "answers": [{**answer, "confidence": 0.5} for answer in told],
    }
    for name, value in documents.items():
        (folder / f"{name}.json").write_text(json.dumps(value))
    return read_run(folder)


def test_only_what_differs_is_named(tmp_path: Path) -> None:
    first = kept(tmp_path / "1", "+", replace(CONFIG, out="elsewhere"))
    mild = AugmentationConfig(rotation_range=10)
    second = kept(tmp_path / "2", "+", replace(CONFIG, epochs=40, augmentation=mild.to_dict()))
    third = kept(tmp_path / "3", "+", replace(CONFIG, epochs=40, split=(0.8, 0.1, 0.1)))
    strong = AugmentationConfig(rotation_range=30).to_dict()
    fourth = kept(tmp_path / "4", "+", replace(CONFIG, epochs=40, augmentation=strong))
    assert run_texts.differences([first, first]) == []
    found = {part.label: part.values for part in run_texts.differences([second, third])}
    assert found["Augmentation"] == ("on", "off")
    assert found["Shares of the splits"] == ("0.7, 0.15, 0.15", "0.8, 0.1, 0.1")
    assert len(found) == 2, "of an augmentation that is off, nothing else is said"
    found = {part.label: part.values for part in run_texts.differences([second, fourth])}
    assert found == {"Augmentation: rotation_range": ("10", "30")}
    found = {part.label: part.values for part in run_texts.differences([first, third])}
    assert found.keys() == {"Epochs", "Shares of the splits"} and found["Epochs"] == ("20", "40")


def test_runs_of_an_older_version_differ_only_where_the_default_does(tmp_path: Path) -> None:
    first, second = kept(tmp_path / "1", "+"), kept(tmp_path / "2", "+")
    old = {"project": "p", "out": "o", "recipe": "scratch", "epochs": 20}
    (second.folder / "config.json").write_text(json.dumps(old))
    (second.folder / "data.json").unlink()
    found = run_texts.differences([first, read_run(second.folder)])
    assert [(part.label, part.values) for part in found] == [
        ("Photos, boxes and splits", ("A", "not known"))
    ]


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ("++++++++--", "++++++++--", "cannot be told apart"),
        ("++++++++++", "-----+++++", "cannot be told apart"),
        ("++++++++++", "------++++", "The first is better"),
        ("------++++", "++++++++++", "The second is better"),
        ("++++++++++          ", "          ++++++++++", "intervals overlap"),
        ("++++++++++++++++++++", "----------          ", "do not overlap"),
        ("+", "-", "too small to show any difference"),
        ("", "+", "Only runs that were tested"),
    ],
)
def test_two_runs_are_told_apart_only_where_that_can_be_known(
    first: str, second: str, words: str, tmp_path: Path
) -> None:
    said = run_texts.comparison_text(kept(tmp_path / "1", first), kept(tmp_path / "2", second))
    assert words in said


def test_the_smallest_difference_that_can_show_is_said(tmp_path: Path) -> None:
    first, second = kept(tmp_path / "1", "+" * 28), kept(tmp_path / "2", "+" * 27 + "-")
    assert "differences of 22 points or more" in run_texts.comparison_text(first, second)


def test_an_accuracy_comes_with_its_interval(tmp_path: Path) -> None:
    assert run_texts.accuracy_text(kept(tmp_path / "1", "+" * 21 + "-" * 7)) == "75% (57–87)"
    assert run_texts.accuracy_text(kept(tmp_path / "2", "")) == ""


def test_what_became_of_a_run_is_said(tmp_path: Path) -> None:
    run = kept(tmp_path / "1", "+", counts={"train": {"A": 3, "B": 4}})
    assert run_texts.state_text(run) == "complete"
    assert run_texts.data_text(run) == "7 crops"
    history = {"loss": [1.0]}
    states = {
        "cancelled": "stopped after 1 epoch",
        "interrupted": "cut off after 1 epoch",
        "failed": "failed: no memory",
        "damaged": "damaged: no memory",
        "running": "running",
    }
    for state, words in states.items():
        shown = replace(run, state=state, history=history, problem="no memory")  # type: ignore[arg-type]
        assert run_texts.state_text(shown) == words


def test_every_setting_has_a_name_of_its_own() -> None:
    told = {name for name in CONFIG.to_dict() if run_texts.setting_label(name) == name}
    assert told <= {"project", "out", "probe", "fresh", "near_distance", "burst_seconds"}
