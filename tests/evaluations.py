"""Evaluations of drawn answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from landmark_gui.core.crops import Crop
from landmark_gui.core.evaluation import CropAnswer, Evaluation

THRESHOLD = 0.5
LABELS = ("arch", "bridge", "castle", "dome")


def answer(number: int, true: str, probabilities: np.ndarray, box: str | None = "b") -> CropAnswer:
    """What a model said of the photo of this number."""
    name = f"{true}/{number}.jpg"
    crop = Crop(number, box, Path("photos") / name, "", (40, 30), None, true, "test", name)
    best = int(probabilities.argmax())
    return CropAnswer(
        *(number, box, true, LABELS[best], float(probabilities[best])),
        crop,
        tuple(probabilities.tolist()),
        *(float(probabilities[best]), bool(probabilities[best] < THRESHOLD)),
    )


def evaluation_of(truth: np.ndarray, probabilities: np.ndarray, **more: float) -> Evaluation:
    """All answers of a model.

    Args:
        truth: indices of `LABELS`.
        probabilities: shape (examples, labels).
    """
    answers = (
        answer(number, LABELS[true], row)
        for number, (true, row) in enumerate(zip(truth, probabilities, strict=True))
    )
    return Evaluation(Path("m.landmark-model"), LABELS, "test", tuple(answers), **more)
