"""Label errors: against cleanlab, and where there is little or nothing to go by."""

from __future__ import annotations

import json
import math
import os
import subprocess
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landmark_gui.core.confident_learning import (
    confident_counts,
    confident_joint,
    label_issues,
    thresholds,
)
from tests.cleanlab_oracle import drawn

ROOT = Path(__file__).resolve().parents[2]
CASES = json.loads((ROOT / "tests/fixtures/elsewhere/cleanlab/cases.json").read_text("utf-8"))
PYTHON = os.environ.get("LANDMARK_GUI_ORACLES", "")


def arrays(case: dict[str, Any]) -> tuple[np.ndarray, np.ndarray]:
    return np.array(case["labels"]), np.array(case["probabilities"])


def check_like_cleanlab(case: dict[str, Any], answer: dict[str, Any]) -> None:
    """All alike but for ties of rounding, which cleanlab leaves to the processor."""
    labels, probabilities = arrays(case)
    np.testing.assert_allclose(thresholds(labels, probabilities), answer["thresholds"])
    counts, joint = np.array(answer["counts"]), np.array(answer["joint"])
    ours = confident_counts(labels, probabilities)
    np.fill_diagonal(ours, np.maximum(ours.diagonal(), 1))
    np.testing.assert_array_equal(ours, counts)
    calibrated = confident_joint(labels, probabilities)
    np.testing.assert_array_equal(calibrated.sum(axis=1), joint.sum(axis=1))
    assert abs(calibrated - joint).max() <= 1
    assert label_issues(labels, probabilities, joint) == answer["issues"]
    if (calibrated == joint).all():
        assert label_issues(labels, probabilities) == answer["issues"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{len(case['labels'])} examples")
def test_the_same_issues_as_cleanlab(case: dict[str, Any]) -> None:
    assert case["issues"]
    check_like_cleanlab(case, case)


def test_most_fixtures_have_no_tie() -> None:
    same = [(confident_joint(*arrays(case)) == case["joint"]).all() for case in CASES]
    assert sum(same) >= 3


@pytest.mark.skipif(not PYTHON, reason="LANDMARK_GUI_ORACLES names no Python with cleanlab")
def test_many_drawn_cases_against_cleanlab_itself() -> None:
    script = ROOT / "tests" / "cleanlab_oracle.py"
    if subprocess.run([PYTHON, "-c", "import cleanlab"], capture_output=True).returncode:
        pytest.skip(f"{PYTHON} has no cleanlab")
    cases = [drawn(20 + 7 * seed, 2 + seed % 9, seed) for seed in range(60)]
    ran = subprocess.run(
        [PYTHON, script, "answer"], input=json.dumps(cases), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    for case, answer in zip(cases, json.loads(ran.stdout), strict=True):
        check_like_cleanlab(case, answer)


def sure(labels: list[int], classes: int, confidence: float = 0.9) -> np.ndarray:
    """Probabilities of a model that says `labels`."""
    rest = (1 - confidence) / (classes - 1)
    return np.where(np.eye(classes, dtype=bool)[labels], confidence, rest)


def test_planted_errors_are_found_and_the_plainest_comes_first() -> None:
    truth = [0, 1, 2] * 10
    probabilities = sure(truth, 3)
    probabilities[4] = [0.01, 0.98, 0.01]
    labels = np.array(truth)
    labels[[4, 9]] = 2
    assert label_issues(labels, probabilities) == [4, 9]


def test_where_all_is_right_nothing_is_found() -> None:
    labels = [0, 1, 2] * 5
    assert label_issues(np.array(labels), sure(labels, 3)) == []


def test_two_classes() -> None:
    truth = [0, 1] * 10
    labels = np.array(truth)
    labels[3] = 0
    assert label_issues(labels, sure(truth, 2)) == [3]


def test_the_only_example_of_a_class_is_left_alone() -> None:
    labels = np.array([*[0, 1] * 6, 2])
    assert label_issues(labels, sure([*[0, 1] * 6, 0], 3)) == []


def test_a_class_that_nobody_has_is_no_candidate() -> None:
    labels = np.array([0, 1] * 6)
    probabilities = sure([0, 1] * 6, 3)
    probabilities[0] = [0.1, 0.1, 0.8]
    assert thresholds(labels, probabilities)[2] > 1
    assert label_issues(labels, probabilities) == []


def test_rows_that_are_no_numbers_are_passed_over() -> None:
    truth = [0, 1] * 10
    labels = np.array(truth)
    labels[[2, 3]] = [1, 0]
    probabilities = sure(truth, 2)
    probabilities[2] = math.nan
    probabilities[5, 1] = math.inf
    assert label_issues(labels, probabilities) == [3]
    assert label_issues(labels, np.full((20, 2), math.nan)) == []


def test_no_examples_have_no_issue() -> None:
    assert label_issues(np.array([], int), np.empty((0, 2))) == []


@given(st.integers(2, 6), st.integers(2, 60), st.integers(0, 99))
def test_a_class_keeps_an_example_and_each_issue_another_answer(
    classes: int, count: int, seed: int
) -> None:
    random = np.random.default_rng(seed)
    labels = random.integers(0, classes, count)
    probabilities = random.dirichlet(np.ones(classes), count)
    issues = label_issues(labels, probabilities)
    assert len(set(issues)) == len(issues)
    assert (probabilities[issues].argmax(axis=1) != labels[issues]).all()
    margins = (probabilities.max(axis=1) - probabilities[np.arange(count), labels])[issues]
    assert (np.diff(margins) <= 1e-12).all()
    np.testing.assert_array_equal(
        confident_joint(labels, probabilities).sum(axis=1),
        np.bincount(labels, minlength=classes),
    )
