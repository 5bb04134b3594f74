"""The figures of an evaluation are those that Keras' metrics have for the same answers."""

from __future__ import annotations

import keras
import numpy as np
import pytest

from landmark_gui.core.evaluation import figures_of
from landmark_gui.core.evaluation.figures import TOP, top_shares
from tests.evaluations import LABELS, evaluation_of


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(11)
    truth = rng.choice(4, 300, p=(0.5, 0.3, 0.15, 0.05))
    powers = np.exp(2.5 * (rng.normal(size=(300, 4)) + 2 * np.eye(4)[truth]))
    return truth, powers / powers.sum(axis=1, keepdims=True)


def test_accuracy_and_macro_f1_are_those_of_keras(drawn):
    truth, probabilities = drawn
    figures = figures_of(evaluation_of(truth, probabilities))
    f1 = keras.metrics.F1Score(average="macro")
    f1.update_state(np.eye(4)[truth], probabilities)
    assert figures.macro_f1 == pytest.approx(float(f1.result()), abs=1e-6)
    right = keras.metrics.SparseCategoricalAccuracy()
    right.update_state(truth, probabilities)
    assert figures.accuracy == pytest.approx(float(right.result()), abs=1e-6)
    assert figures.right == round(float(right.result()) * 300)


def test_precision_and_recall_of_each_landmark_are_those_of_keras(drawn):
    truth, probabilities = drawn
    figures = figures_of(evaluation_of(truth, probabilities))
    said = np.eye(4)[probabilities.argmax(axis=1)]
    for number, of in enumerate(figures.classes):
        for metric, ours in (
            (keras.metrics.Precision, of.precision),
            (keras.metrics.Recall, of.recall),
        ):
            theirs = metric(class_id=number)
            theirs.update_state(np.eye(4)[truth], said)
            assert ours == pytest.approx(float(theirs.result()), abs=1e-6)
        assert (of.name, of.support) == (LABELS[number], int((truth == number).sum()))
        assert of.predicted == int(said[:, number].sum())


@pytest.mark.parametrize("k", [k for k in TOP if k < 4])
def test_top_k_is_that_of_keras(drawn, k: int):
    truth, probabilities = drawn
    theirs = keras.metrics.SparseTopKCategoricalAccuracy(k=k)
    theirs.update_state(truth, probabilities.astype(np.float32))
    assert top_shares(probabilities, truth)[k] == pytest.approx(float(theirs.result()), abs=1e-6)
