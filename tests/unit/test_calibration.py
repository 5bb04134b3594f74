"""Temperature and calibration error, against SciPy's minimiser and figures worked out by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from scipy.stats import gamma

from landmark_gui.core.calibration import (
    HIGHEST,
    LOWEST,
    Calibration,
    expected_calibration_error,
    fit_temperature,
    log_loss,
    reliability,
    with_temperature,
)


def drawn(
    seed: int, count: int = 400, classes: int = 5, sureness: float = 2.5
) -> tuple[np.ndarray, np.ndarray]:
    """Logits that are `sureness` times too large for the labels, which are drawn by them."""
    rng = np.random.default_rng(seed)
    honest = rng.normal(0, 2, (count, classes))
    labels = np.array([rng.choice(classes, p=row) for row in softmax(honest, axis=1)])
    return honest * sureness, labels


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("sureness", [0.4, 1.0, 4.0])
def test_the_temperature_is_that_of_the_lowest_loss(seed: int, sureness: float):
    logits, labels = drawn(seed, sureness=sureness)

    def loss(temperature: float) -> float:
        return -log_softmax(logits / temperature, axis=1)[range(len(labels)), labels].mean()

    best = minimize_scalar(loss, (0.1, 10), bounds=(LOWEST, HIGHEST), options={"xatol": 1e-9}).x
    found = fit_temperature(softmax(logits, axis=1), labels)
    assert found == pytest.approx(best, rel=1e-4)
    assert found == pytest.approx(sureness, rel=0.3)
    assert log_loss(softmax(logits, axis=1), labels) == pytest.approx(loss(1.0))


@pytest.mark.parametrize("prior", [1.0, 20.0])
def test_a_prior_is_a_gamma_distribution_of_the_inverse(prior: float):
    logits, labels = drawn(3, count=12)

    def posterior(inverse: float) -> float:
        likely = log_softmax(logits * inverse, axis=1)[range(len(labels)), labels].sum()
        return -(likely + gamma.logpdf(inverse, prior + 1, scale=1 / prior))

    best = 1 / minimize_scalar(posterior, bounds=(1 / HIGHEST, 1 / LOWEST), method="bounded").x
    assert fit_temperature(softmax(logits, axis=1), labels, prior) == pytest.approx(best, rel=1e-3)


def test_a_handful_of_right_answers_does_not_call_for_certainty():
    probabilities = np.array([[0.7, 0.2, 0.1]] * 4)
    labels = np.zeros(4, int)
    assert fit_temperature(probabilities, labels) == pytest.approx(LOWEST)
    assert 0.5 < fit_temperature(probabilities, labels, prior=5.0) < 1
    assert fit_temperature(probabilities[:0], labels[:0]) == 1.0


def test_answers_no_better_than_guesses_become_as_unsure_as_is_allowed():
    probabilities = np.array([[0.98, 0.01, 0.01]] * 3)
    assert fit_temperature(probabilities, np.array([0, 1, 2])) == pytest.approx(HIGHEST)


def test_a_temperature_divides_the_logits_and_changes_no_name():
    logits, _ = drawn(1)
    warm = with_temperature(softmax(logits, axis=1), 3.0)
    np.testing.assert_allclose(warm, softmax(logits / 3, axis=1), atol=1e-9)
    assert (warm.argmax(axis=1) == logits.argmax(axis=1)).all()


def test_a_probability_of_zero_stays_harmless():
    probabilities = np.array([[1, 0, 0], [0, 1, 0], [1, 0, 0]], np.float32)
    assert math.isfinite(fit_temperature(probabilities, np.array([0, 1, 2])))
    assert np.isfinite(with_temperature(probabilities, 20.0)).all()


CONFIDENCES = np.array([0.95, 0.95, 0.9, 0.55, 0.55, 0.2, 0.0])
RIGHT = np.array([True, True, False, True, False, False, False])


def test_bins_worked_out_by_hand():
    bins = reliability(CONFIDENCES, RIGHT, bins=10)
    assert [part.count for part in bins] == [1, 1, 0, 0, 0, 2, 0, 0, 1, 2]
    assert (bins[5].low, bins[5].high) == pytest.approx((0.5, 0.6))
    assert (bins[5].confidence, bins[5].accuracy) == pytest.approx((0.55, 0.5))
    assert (bins[8].confidence, bins[8].accuracy) == pytest.approx((0.9, 0.0))  # its upper end
    expected = (0 + 0.2 + 2 * 0.05 + 0.9 + 2 * 0.05) / 7
    assert expected_calibration_error(CONFIDENCES, RIGHT, bins=10) == pytest.approx(expected)


def test_no_verdicts_have_no_error_and_certain_ones_a_bin():
    assert expected_calibration_error(np.zeros(0), np.zeros(0, bool)) == 0
    assert expected_calibration_error(np.ones(3), np.ones(3, bool)) == 0
    assert expected_calibration_error(np.ones(4), np.array([1, 1, 1, 0], bool)) == 0.25


def test_the_right_temperature_lowers_the_error_of_many_verdicts():
    logits, labels = drawn(2, count=4000)
    before = softmax(logits, axis=1)
    after = with_temperature(before, fit_temperature(before, labels))

    def error(probabilities: np.ndarray) -> float:
        right = probabilities.argmax(axis=1) == labels
        return expected_calibration_error(probabilities.max(axis=1), right)

    assert error(before) > 0.1 > 0.04 > error(after)


def test_a_calibration_comes_back_as_it_was_written():
    kept = Calibration(1.5, 0.1, 0.05, 40)
    assert Calibration.from_dict(kept.to_dict()) == kept
