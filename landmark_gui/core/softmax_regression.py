"""Softmax regression with L2, for features that are computed once. NumPy only."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]

ITERATIONS = 100
SETTLED = 1e-3
"""Largest step of a weight, against the largest weight, after which nothing more is learned."""


def compressed(features: npt.NDArray[np.floating], dimensions: int = 256) -> Matrix:
    """The principal components of features, scaled to a mean square of 1 an example.

    As many dimensions as examples lose nothing, and of the 1280 of a MobileNetV2 256 tell as much.

    Args:
        features: shape (n, d).
        dimensions: the most to keep.

    Returns:
        Shape (n, at most `dimensions`).
    """
    centred = np.asarray(features, np.float64)
    centred = centred - centred.mean(axis=0)
    if centred.shape[1] > len(centred):
        values, vectors = np.linalg.eigh(centred @ centred.T)
        components = vectors * np.sqrt(np.maximum(values, 0))
    else:
        components = centred @ np.linalg.eigh(centred.T @ centred)[1]
    kept: Matrix = components[:, ::-1][:, :dimensions]  # eigh has the largest last
    scale = np.sqrt((kept**2).sum(axis=1).mean())
    return kept / scale if scale > 0 else kept


def fit_predict(
    features: Matrix, labels: npt.NDArray[np.integer], others: Matrix, classes: int, l2: float
) -> Matrix:
    """Learn from some examples and give the class probabilities of others.

    Steps have the length that Böhning's bound of the Hessian allows (Annals of the Institute of
    Statistical Mathematics 44, 1992), so each lowers the loss; momentum as Nesterov's, begun anew
    where it would lead uphill. The start is all zeros: the result is the same each time.

    Args:
        features: shape (n, d).
        labels: class indices, shape (n,).
        others: shape (m, d).
        classes: their number; one without an example gets the probability 0.
        l2: the penalty is l2 / 2 times the squared weights, against the mean loss.

    Returns:
        Shape (m, classes).
    """
    inputs = _with_bias(features)
    truth = np.eye(classes)[labels]
    absent = ~truth.any(axis=0)
    penalty = np.full((inputs.shape[1], 1), l2)
    penalty[-1] = 1e-6  # the bias is free
    curvature = inputs.T @ inputs / (2 * len(inputs)) + np.diag(penalty[:, 0])
    inverse = np.linalg.inv(curvature)
    weights = ahead = np.zeros((inputs.shape[1], classes))
    pace = 1.0
    for _ in range(ITERATIONS):
        errors = _softmax(inputs @ ahead, absent) - truth
        gradient = inputs.T @ errors / len(inputs) + penalty * ahead
        following = ahead - inverse @ gradient
        step = following - weights
        if (gradient * step).sum() > 0:
            pace = 1.0
        faster = (1 + np.sqrt(1 + 4 * pace**2)) / 2
        ahead = following + (pace - 1) / faster * step
        weights, pace = following, faster
        if np.abs(step).max() <= SETTLED * np.abs(weights).max():
            break
    return _softmax(_with_bias(others) @ weights, absent)


def _with_bias(features: Matrix) -> Matrix:
    return np.hstack([features, np.ones((len(features), 1))])


def _softmax(scores: Matrix, absent: npt.NDArray[np.bool_]) -> Matrix:
    scores = np.where(absent, -np.inf, scores)
    powers: Matrix = np.exp(scores - scores.max(axis=1, keepdims=True))
    powers /= powers.sum(axis=1, keepdims=True)
    return powers
