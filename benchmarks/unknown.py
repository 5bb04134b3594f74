"""Whether a `transfer` model says what it does not know, and means its probabilities.

Each landmark is left out in turn: its photos are the strangers of a model that was trained on the
others, and nothing else knows of them. Of the other photos, groups kept whole, a sixth is for
validation and a sixth is what the model is asked about. Reference: the largest probability as the
network gives it, without temperature (Hendrycks and Gimpel). What a rule promises comes from the
training itself, which leaves out in turn what it has; beside it stands what comes true.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from benchmarks.photos import SHARED, WEIGHTS, project_of
from landmark_gui.core.backbones import backbone
from landmark_gui.core.calibration import (
    expected_calibration_error,
    log_loss,
    with_temperature,
)
from landmark_gui.core.crops import CropSettings
from landmark_gui.core.dataset import load_project_examples
from landmark_gui.core.folds import grouped_folds
from landmark_gui.core.operating import auroc
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.training_advice import usual_epochs, usual_size
from landmark_gui.core.unknown import Operating, UnknownRule

MODEL = backbone("mobilenet_v2", 0.35)
FOLDS = 6
OURS, NAIVE, WARM = "nearest photo", "confidence, naive", "confidence, temperature"


@dataclass
class Photos:
    """All photos as the network gets them and as its frozen backbone sees them."""

    images: np.ndarray
    features: np.ndarray
    labels: np.ndarray
    groups: np.ndarray
    classes: tuple[str, ...]

    def some(self, chosen: np.ndarray, labels: np.ndarray) -> Any:
        from landmark_gui.training.data import LabelledImages

        return LabelledImages(self.images[chosen], labels[chosen], (), self.features[chosen])


@dataclass
class Round:
    """What a model said that was trained without one landmark.

    Attributes:
        naive, warm: probabilities of the photos asked about, without and with temperature.
        right: whether the likeliest class is the true one.
        areas: AUROC by score.
        promised, true: what the threshold keeps and refuses.
    """

    left_out: str
    temperature: float
    naive: np.ndarray
    warm: np.ndarray
    labels: np.ndarray
    areas: dict[str, float]
    promised: Operating
    true: Operating

    @property
    def right(self) -> np.ndarray:
        return self.naive.argmax(axis=1) == self.labels


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser("python -m benchmarks unknown", description=__doc__)
    parser.add_argument("--photos", type=Path, default=SHARED / "data" / "wonders")
    parser.add_argument("--weights", type=Path, default=WEIGHTS)
    parser.add_argument("--seeds", type=int, default=1, help="repetitions with other photos")
    parser.add_argument("--epochs", type=int, default=usual_epochs("transfer"))
    parser.add_argument("--size", type=int, default=usual_size("transfer", MODEL))
    arguments = parser.parse_args(argv)
    cv2.setNumThreads(1)  # as a training has it
    config = TrainConfig(
        "",
        "",
        weights=str(arguments.weights),
        epochs=arguments.epochs,
        image_size=arguments.size,
    )
    photos = _seen(arguments.photos, config)
    rounds = []
    for seed in range(arguments.seeds):
        for left_out in range(len(photos.classes)):
            rounds.append(_round(photos, config, left_out, seed))
            _tell_round(rounds[-1])
    _tell(rounds)
    return 0


def _seen(folder: Path, config: TrainConfig) -> Photos:
    from landmark_gui.inference.rendering import render_crops
    from landmark_gui.training.familiarity import asking
    from landmark_gui.training.recipes import built_model

    with tempfile.TemporaryDirectory() as place:
        project = project_of(folder, Path(place))
        examples = load_project_examples(project, CropSettings("photos"))
        rendered = render_crops(examples.crops, config.image_size)
    ask = asking(built_model(config, 2, lambda text: None), lambda: False)
    groups = np.array([examples.group_of[crop.photo_id] for crop in rendered.crops])
    labels = np.array(examples.labels(rendered.crops), np.int32)
    return Photos(rendered.images, ask(rendered.images)[1], labels, groups, examples.classes)


def _round(photos: Photos, config: TrainConfig, left_out: int, seed: int) -> Round:
    own = np.flatnonzero(photos.labels != left_out)
    labels = np.where(photos.labels > left_out, photos.labels - 1, photos.labels)
    folds = grouped_folds(labels[own], photos.groups[own].tolist(), FOLDS, seed)
    asked, judged, learned = own[folds == 0], own[folds == 1], own[folds > 1]
    strange = np.flatnonzero(photos.labels == left_out)
    head = _Head(photos, config, labels, (learned, judged), seed)
    naive, strangers = head.answers(asked), head.answers(strange)
    temperature = head.calibrate(judged)
    warm, warm_strangers = head.answers(asked), head.answers(strange)
    np.testing.assert_allclose(warm, with_temperature(naive, temperature), atol=1e-3)
    ours, unknown, rule = _by_nearness(photos, labels, (learned, judged), asked, strange)
    areas = {
        OURS: auroc(ours, unknown),
        NAIVE: auroc(naive.max(axis=1), strangers.max(axis=1)),
        WARM: auroc(warm.max(axis=1), warm_strangers.max(axis=1)),
    }
    promised, threshold = rule.at(rule.threshold), rule.threshold
    assert promised is not None
    true = Operating(
        threshold, float((ours >= threshold).mean()), float((unknown < threshold).mean())
    )
    name = photos.classes[left_out]
    return Round(name, temperature, naive, warm, labels[asked], areas, promised, true)


class _Head:
    """A trained last layer, on features that are there already."""

    def __init__(
        self,
        photos: Photos,
        config: TrainConfig,
        labels: np.ndarray,
        parts: tuple[np.ndarray, np.ndarray],
        seed: int,
    ) -> None:
        import keras

        from landmark_gui.training.data import LearningData
        from landmark_gui.training.familiarity import before_answers
        from landmark_gui.training.fitting import fit
        from landmark_gui.training.recipes import built_model, phases_of

        keras.backend.clear_session()
        keras.utils.set_random_seed(seed)
        classes = len(photos.classes) - 1
        self._photos, self._labels = photos, labels
        self._model = built_model(config, classes, lambda text: None)
        learned, judged = (photos.some(part, labels) for part in parts)
        data = LearningData(photos.classes[:classes], learned, judged, {})
        phases = phases_of(config)
        fit(self._model, phases, config, data, lambda event: None, lambda: False)
        self._head = keras.Model(before_answers(self._model), self._model.outputs)

    def answers(self, chosen: np.ndarray) -> np.ndarray:
        return np.asarray(self._head.predict(self._photos.features[chosen], verbose=0))

    def calibrate(self, judged: np.ndarray) -> float:
        from landmark_gui.training.calibrating import calibrated

        found = calibrated(self._model, self.answers(judged), self._labels[judged])
        return found.temperature


def _by_nearness(
    photos: Photos,
    labels: np.ndarray,
    parts: tuple[np.ndarray, np.ndarray],
    asked: np.ndarray,
    strange: np.ndarray,
) -> tuple[np.ndarray, np.ndarray, UnknownRule]:
    """The scores of own photos and of strangers, and the rule as a training finds it."""
    from landmark_gui.training.familiarity import familiarity, left_out_familiarity, remembered
    from landmark_gui.training.unknown_rule import rule_of

    learned, judged = parts
    memory, places = remembered(photos.features[learned], seed=0)
    known = np.concatenate(parts)
    others = left_out_familiarity(
        photos.features[known], labels[known], memory, labels[learned][places]
    )
    rule = rule_of(familiarity(photos.features[judged], memory), np.empty(0), others)
    ours, unknown = (familiarity(photos.features[part], memory) for part in (asked, strange))
    return ours, unknown, rule


def _tell_round(found: Round) -> None:
    areas = ", ".join(f"{name} {area:.3f}" for name, area in found.areas.items())
    print(
        f"  without {found.left_out}: accuracy {found.right.mean():.3f}, "
        f"temperature {found.temperature:.2f}; AUROC {areas}",
        flush=True,
    )


def _tell(rounds: Sequence[Round]) -> None:
    print(f"unknown-detection AUROC, {len(rounds)} trainings")
    for name in (OURS, NAIVE, WARM):
        print(f"  {name}: {_spread([found.areas[name] for found in rounds])}")
    less = [found.areas[OURS] - found.areas[NAIVE] for found in rounds]
    print(f"  {OURS} less {NAIVE}: {_spread(less)}")
    print("the threshold of each training: what it promised, and what came true")
    for name in ("kept", "refused"):
        promised = _spread([getattr(found.promised, name) for found in rounds])
        print(f"  {name}: {promised} promised, {_spread([getattr(r.true, name) for r in rounds])}")
    print("calibration: naive, and with temperature")
    for name, measure in (("calibration error", _error), ("log loss", _loss)):
        before = _spread([measure(found.naive, found.labels) for found in rounds])
        after = _spread([measure(found.warm, found.labels) for found in rounds])
        print(f"  {name} of a training: {before}, {after}")
    print(f"  calibration error of all answers together: {_pooled(rounds)}")


def _error(probabilities: np.ndarray, labels: np.ndarray) -> float:
    right = probabilities.argmax(axis=1) == labels
    return expected_calibration_error(probabilities.max(axis=1), right)


def _loss(probabilities: np.ndarray, labels: np.ndarray) -> float:
    return log_loss(probabilities, labels)


def _pooled(rounds: Sequence[Round]) -> str:
    labels = np.concatenate([found.labels for found in rounds])
    before = _error(np.concatenate([found.naive for found in rounds]), labels)
    after = _error(np.concatenate([found.warm for found in rounds]), labels)
    return f"{before:.3f}, {after:.3f} (n = {len(labels)})"


def _spread(values: Sequence[float]) -> str:
    """ "0.943 (0.85 to 0.99, sd 0.05)" """
    low, high = min(values), max(values)
    return f"{np.mean(values):.3f} ({low:.3f} to {high:.3f}, sd {np.std(values, ddof=1):.3f})"
