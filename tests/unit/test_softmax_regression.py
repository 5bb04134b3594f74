"""Softmax regression against its own definition: SciPy minimises the same loss from scratch."""

from __future__ import annotations

import numpy as np
import pytest

from landmark_gui.core.softmax_regression import compressed, fit_predict


def clouds(count: int, classes: int, dimensions: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Points about a centre for each class, and their classes."""
    random = np.random.default_rng(seed)
    labels = np.arange(count) % classes
    centres = random.normal(size=(classes, dimensions))
    return centres[labels] + random.normal(size=(count, dimensions)), labels


def reference(
    features: np.ndarray, labels: np.ndarray, others: np.ndarray, classes: int, l2: float
) -> np.ndarray:
    optimize = pytest.importorskip("scipy.optimize", reason="SciPy, to compare with")
    special = pytest.importorskip("scipy.special", reason="SciPy, to compare with")
    dimensions = features.shape[1]

    def split(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        weights = flat.reshape(dimensions + 1, classes)
        return weights[:-1], weights[-1]

    def loss(flat: np.ndarray) -> float:
        weights, bias = split(flat)
        logs = special.log_softmax(features @ weights + bias, axis=1)
        penalty = l2 / 2 * (weights**2).sum() + 1e-6 / 2 * (bias**2).sum()
        return -logs[np.arange(len(labels)), labels].mean() + penalty

    found = optimize.minimize(loss, np.zeros((dimensions + 1) * classes), tol=1e-10)
    weights, bias = split(found.x)
    return special.softmax(others @ weights + bias, axis=1)


@pytest.mark.parametrize(("classes", "l2"), [(2, 1e-2), (3, 1e-2), (3, 1e-3)])
def test_it_finds_the_minimum_that_scipy_finds(classes: int, l2: float) -> None:
    features, labels = clouds(40, classes, 4, 1)
    others, _ = clouds(10, classes, 4, 2)
    np.testing.assert_allclose(
        fit_predict(features, labels, others, classes, l2),
        reference(features, labels, others, classes, l2),
        atol=5e-3,
    )


def test_it_learns_what_can_be_learned_and_says_it_in_probabilities() -> None:
    features, labels = clouds(200, 4, 30, 0)
    answers = fit_predict(features[:150], labels[:150], features[150:], 4, 1e-3)
    np.testing.assert_allclose(answers.sum(axis=1), 1)
    assert (answers.argmax(axis=1) == labels[150:]).mean() > 0.9


def test_a_class_without_an_example_has_no_probability() -> None:
    features, labels = clouds(30, 2, 5, 0)
    answers = fit_predict(features, labels * 2, features, 4, 1e-3)
    assert (answers[:, [1, 3]] == 0).all() and np.isfinite(answers).all()


def test_one_class_alone_is_certain() -> None:
    features, _ = clouds(5, 1, 3, 0)
    np.testing.assert_allclose(fit_predict(features, np.ones(5, int), features, 2, 1e-3)[:, 1], 1)


@pytest.mark.parametrize("shape", [(20, 50), (50, 20)])
def test_compressing_keeps_distances_and_sets_the_scale(shape: tuple[int, int]) -> None:
    features = np.random.default_rng(0).normal(2, 5, shape).astype(np.float32)
    rows = compressed(features)
    assert rows.shape == (shape[0], min(shape))
    assert (rows**2).sum(axis=1).mean() == pytest.approx(1)
    before = np.linalg.norm(features[:, None] - features[None], axis=2)
    after = np.linalg.norm(rows[:, None] - rows[None], axis=2)
    scale = before[0, 1] / after[0, 1]
    np.testing.assert_allclose(after * scale, before, rtol=1e-4, atol=1e-4 * scale)


def test_the_first_components_hold_most() -> None:
    features = np.random.default_rng(0).normal(size=(60, 40)) * np.linspace(5, 0.1, 40)
    rows = compressed(features, 10)
    assert rows.shape == (60, 10)
    spread = (rows**2).sum(axis=0)
    assert (np.diff(spread) <= 1e-9).all()


def test_features_that_are_all_the_same_do_no_harm() -> None:
    assert (compressed(np.ones((4, 3))) == 0).all()
