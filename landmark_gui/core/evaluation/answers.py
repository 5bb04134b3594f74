"""What a model said of each example of a project, with all that the model gave for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from landmark_gui.core.crops import Crop
from landmark_gui.core.project import SPLITS, Split
from landmark_gui.core.run_list import Answer

Part = Split | Literal["all"]
"""Which examples of a project a model is asked about."""
PARTS: tuple[Part, ...] = ("test", *(split for split in SPLITS if split != "test"), "all")

Key = tuple[int, str | None, str]
"""Photo, box and landmark of an example, as it was when the model was asked."""


@dataclass(frozen=True)
class CropAnswer(Answer):
    """An answer with the crop that was shown to the model.

    Attributes:
        probabilities: one for each label of the model, adding up to 1.
        score: how much the crop looks like what the model has learned, 0 to 1.
        unknown: whether the model says so, since the score is under its threshold. What it took
            the example for counts all the same.
    """

    crop: Crop
    probabilities: tuple[float, ...]
    score: float
    unknown: bool

    @property
    def key(self) -> Key:
        return self.photo_id, self.box_id, self.true


@dataclass(frozen=True)
class Evaluation:
    """All answers of a model about a part of a project.

    Attributes:
        model: the file that was asked.
        labels: of the model, in the order of its outputs.
        answers: of the examples whose landmark the model knows.
        skipped: (photo, reason) of what could not be read.
        foreign: how many examples show a landmark that the model does not know, by its name.
        counts: examples of the project, {"train": {name: n}, …}.
        temperature: of the model's card, by which its answers become calibrated; 1 without one.
    """

    model: Path
    labels: tuple[str, ...]
    part: Part
    answers: tuple[CropAnswer, ...]
    skipped: tuple[tuple[str, str], ...] = ()
    foreign: Mapping[str, int] = field(default_factory=dict)
    counts: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    temperature: float = 1.0
    seconds: float = 0.0

    @cached_property
    def probabilities(self) -> npt.NDArray[np.float64]:
        """Shape (answers, labels)."""
        rows = [answer.probabilities for answer in self.answers]
        return np.array(rows, float).reshape(len(rows), len(self.labels))

    @cached_property
    def truth(self) -> npt.NDArray[np.int64]:
        """The index of what each example is among the labels."""
        return self._numbers([answer.true for answer in self.answers])

    @cached_property
    def said(self) -> npt.NDArray[np.int64]:
        """The index of what the model takes each example for."""
        return self._numbers([answer.predicted for answer in self.answers])

    def _numbers(self, names: list[str]) -> npt.NDArray[np.int64]:
        number = {label: index for index, label in enumerate(self.labels)}
        return np.array([number[name] for name in names], np.int64)
