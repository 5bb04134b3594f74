"""Figures of a classifier from its labels and predictions. NumPy only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt


def confusion_matrix(
    labels: Sequence[int] | npt.NDArray[np.integer],
    predictions: Sequence[int] | npt.NDArray[np.integer],
    classes: int,
) -> npt.NDArray[np.int64]:
    """Counts of shape (classes, classes): row = true class, column = predicted class."""
    matrix = np.zeros((classes, classes), dtype=np.int64)
    np.add.at(matrix, (np.asarray(labels, int), np.asarray(predictions, int)), 1)
    return matrix


def summarize(
    labels: Sequence[int], predictions: Sequence[int], classes: Sequence[str]
) -> dict[str, Any]:
    """Accuracy, macro F1, confusion matrix and the figures of each class.

    Args:
        labels, predictions: class indices, one an example.
        classes: names, in the order of the indices.

    Returns:
        `accuracy` and `macro_f1` (0 to 1; None without examples), `chance` (1 / classes),
        `confusion` (rows are the truth), `examples`, and `per_class` with `precision`,
        `recall`, `f1` and `support`. F1 of a class that neither occurs nor is predicted is
        left out of the mean.
    """
    matrix = confusion_matrix(labels, predictions, len(classes))
    total = int(matrix.sum())
    per_class = {name: _class_figures(matrix, index) for index, name in enumerate(classes)}
    scores = [figures["f1"] for figures in per_class.values() if figures["f1"] is not None]
    return {
        "classes": list(classes),
        "examples": total,
        "accuracy": float(np.trace(matrix) / total) if total else None,
        "macro_f1": float(np.mean(scores)) if scores else None,
        "chance": 1 / len(classes),
        "confusion": matrix.tolist(),
        "per_class": per_class,
    }


def _class_figures(matrix: npt.NDArray[np.int64], index: int) -> dict[str, Any]:
    hits = int(matrix[index, index])
    support, predicted = int(matrix[index].sum()), int(matrix[:, index].sum())
    return {
        "precision": hits / predicted if predicted else None,
        "recall": hits / support if support else None,
        "f1": 2 * hits / (support + predicted) if support + predicted else None,
        "support": support,
    }
