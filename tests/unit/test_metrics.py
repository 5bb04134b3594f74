from __future__ import annotations

import json

import pytest

from landmark_gui.core.metrics import confusion_matrix, summarize

LABELS = [0, 0, 0, 1, 1, 2]
PREDICTIONS = [0, 0, 1, 1, 0, 1]


def test_rows_are_the_truth_and_columns_the_predictions() -> None:
    assert confusion_matrix(LABELS, PREDICTIONS, 3).tolist() == [[2, 1, 0], [1, 1, 0], [0, 1, 0]]


def test_figures_worked_out_by_hand() -> None:
    figures = summarize(LABELS, PREDICTIONS, ("a", "b", "c"))
    assert figures["classes"] == ["a", "b", "c"]
    assert figures["examples"] == 6
    assert figures["accuracy"] == pytest.approx(3 / 6)
    assert figures["chance"] == pytest.approx(1 / 3)
    assert figures["per_class"]["a"] == pytest.approx(
        {"precision": 2 / 3, "recall": 2 / 3, "f1": 2 / 3, "support": 3}
    )
    assert figures["per_class"]["b"] == pytest.approx(
        {"precision": 1 / 3, "recall": 1 / 2, "f1": 2 / 5, "support": 2}
    )
    assert figures["per_class"]["c"] == {"precision": None, "recall": 0, "f1": 0, "support": 1}
    assert figures["macro_f1"] == pytest.approx((2 / 3 + 2 / 5 + 0) / 3)


def test_a_class_that_plays_no_part_does_not_count_in_the_mean() -> None:
    figures = summarize([0, 1], [0, 1], ("a", "b", "absent"))
    assert figures["macro_f1"] == 1
    assert figures["per_class"]["absent"]["f1"] is None


def test_no_examples_give_no_figures_rather_than_zeros() -> None:
    figures = summarize([], [], ("a", "b"))
    assert (figures["accuracy"], figures["macro_f1"], figures["examples"]) == (None, None, 0)
    assert figures["confusion"] == [[0, 0], [0, 0]]


def test_figures_are_plain_json() -> None:
    figures = summarize(LABELS, PREDICTIONS, ("a", "b", "c"))
    assert json.loads(json.dumps(figures, allow_nan=False)) == figures
