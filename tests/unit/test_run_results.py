from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from landmark_gui.core.label_errors import LabelError
from landmark_gui.core.run_results import (
    PROBE,
    Accuracy,
    ProbeResult,
    label_errors_sentence,
    leak_sentence,
    newest_probe,
    newest_split,
)

RESULT = ProbeResult(
    honest=Accuracy(0.83, 0.04),
    naive=Accuracy(0.91, 0.03),
    leak=Accuracy(0.08, 0.03),
    chance=0.5,
    examples=120,
    alike=90,
    groups=60,
    folds=5,
    seeds=(0, 1),
    backbone="mobilenetv2_0.35_160, 160 pixels",
    unmeasured=("경복궁",),
    label_errors=(LabelError(3, "b3", "A", "B", 0.9), LabelError(4, None, "B", "A", 0.7)),
    paths={3: "/photos/3.jpg", 4: "/photos/é.jpg"},
)


def keep(data: Path, run: str, text: str) -> None:
    path = data / "runs" / run / PROBE
    path.parent.mkdir(parents=True)
    path.write_text(text, "utf-8")


def as_json(result: ProbeResult) -> str:
    return json.dumps(result.to_dict(), allow_nan=False)


def test_a_result_comes_back_from_its_run(tmp_path: Path) -> None:
    keep(tmp_path, "20260101-000000-000000", as_json(RESULT))
    assert newest_probe(tmp_path) == replace(RESULT, run="20260101-000000-000000")


def test_without_a_run_there_is_none(tmp_path: Path) -> None:
    assert newest_probe(tmp_path / "no such folder") is None
    (tmp_path / "runs" / "20260101-000000-000000").mkdir(parents=True)
    assert newest_probe(tmp_path) is None


def test_the_newest_complete_run_that_has_one_counts(tmp_path: Path) -> None:
    keep(tmp_path, "20260101-000000-000000", as_json(RESULT))
    keep(tmp_path, "20260102-000000-000000", as_json(replace(RESULT, examples=7)))
    keep(tmp_path, "20260103-000000-000000.tmp", as_json(replace(RESULT, examples=8)))
    (tmp_path / "runs" / "20260104-000000-000000").mkdir()
    found = newest_probe(tmp_path)
    assert found is not None and found.examples == 7


DAMAGED = {
    "empty": "",
    "cut": as_json(RESULT)[:200],
    "a list": "[]",
    "no figures": "{}",
    "deep": "[" * 100_000,
    "text for a number": as_json(RESULT).replace("0.83", '"a"'),
    "no number": as_json(RESULT).replace("0.83", "NaN"),
    "too large": as_json(RESULT).replace("120", "Infinity"),
    "errors that are none": as_json(replace(RESULT, label_errors=())).replace(
        '"label_errors": []', '"label_errors": [5]'
    ),
    "no errors": as_json(RESULT).replace("label_errors", "labels"),
}


@pytest.mark.parametrize("text", DAMAGED.values(), ids=DAMAGED.keys())
def test_a_damaged_one_is_passed_over_for_the_one_before(text: str, tmp_path: Path) -> None:
    keep(tmp_path, "20260101-000000-000000", as_json(RESULT))
    keep(tmp_path, "20260102-000000-000000", text)
    found = newest_probe(tmp_path)
    assert found is not None and found.run == "20260101-000000-000000"


def test_every_prefix_of_a_file_is_survived(tmp_path: Path) -> None:
    text = as_json(RESULT)
    keep(tmp_path, "20260101-000000-000000", "")
    for length in range(0, len(text), 7):
        (tmp_path / "runs" / "20260101-000000-000000" / PROBE).write_text(text[:length], "utf-8")
        assert newest_probe(tmp_path) is None


@pytest.mark.parametrize(
    ("result", "sentence"),
    [
        (
            RESULT,
            "Honest 83% (±4), naive 91%: photos that look alike in training and test are worth "
            "8 points.",
        ),
        (
            replace(RESULT, naive=Accuracy(0.84, 0.03), leak=Accuracy(0.01, 0.002)),
            "Honest 83% (±4), naive 84%: photos that look alike in training and test are worth "
            "1 point.",
        ),
        (
            replace(RESULT, leak=Accuracy(0.08, 0.09)),
            "Honest 83% (±4), naive 91%: no difference that could be told from chance.",
        ),
        (
            replace(RESULT, leak=Accuracy(-0.2, 0.1)),
            "Honest 83% (±4), naive 91%: no difference that could be told from chance.",
        ),
        (
            replace(RESULT, alike=0, naive=RESULT.honest, leak=Accuracy(0, 0.03)),
            "Honest 83% (±4), naive 83%: no two examples belong together, so nothing can leak.",
        ),
    ],
)
def test_the_sentence_says_no_more_than_the_figures(result: ProbeResult, sentence: str) -> None:
    assert leak_sentence(result) == sentence


def test_label_errors_are_counted() -> None:
    assert label_errors_sentence(RESULT) == "2 labels are likely wrong."
    assert label_errors_sentence(replace(RESULT, label_errors=())) == "No label looks wrong."


def test_the_split_of_the_newest_run_is_read_and_damage_is_none(tmp_path: Path) -> None:
    assert newest_split(tmp_path) == {}
    for name, text in (
        ("1", '{"1": "train", "2": "test"}'),
        ("2", '{"3": "validation", "4": "elsewhere"}'),
        ("3.tmp", '{"5": "train"}'),
    ):
        (tmp_path / "runs" / name).mkdir(parents=True)
        (tmp_path / "runs" / name / "split.json").write_text(text)
    assert newest_split(tmp_path) == {3: "validation"}
    (tmp_path / "runs" / "2" / "split.json").write_text("[1")
    assert newest_split(tmp_path) == {}
