"""From a fitted model to a bundle: calibrated, with a rule for "unknown", in both forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from landmark_gui.core.calibration import with_temperature
from landmark_gui.core.errors import Cancel
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.unknown import UnknownRule
from landmark_gui.inference.bundle import Bundle
from landmark_gui.inference.classifier import Classifier
from landmark_gui.training.bundle_writer import check_agreement, make_card, to_litert
from landmark_gui.training.calibrating import calibrated
from landmark_gui.training.data import LabelledImages, LearningData
from landmark_gui.training.familiarity import (
    Ask,
    asking,
    familiarity,
    left_out_familiarity,
    remembered,
)
from landmark_gui.training.features import Features
from landmark_gui.training.fitting import Fitted
from landmark_gui.training.unknown_rule import choose_threshold, rule_of

AGREEMENT_IMAGES = 32


def finished(
    config: TrainConfig, data: LearningData, fitted: Fitted, cancelled: Cancel
) -> tuple[Bundle, float]:
    """Calibrate a model, learn when it should say "unknown", and convert it.

    Without validation photos the probabilities stay as they are. Without them or any strangers,
    the confidence decides.

    Returns:
        The bundle, its card still without figures, and how far LiteRT differs from Keras.

    Raises:
        TrainingError: if the two forms of the model disagree.
        Cancelled: between two batches.
    """
    ask = asking(fitted.model, cancelled)
    judged = data.validation if len(data.validation) else data.train
    answers, features = ask(judged.images)
    told: dict[str, Any] = {}
    if len(data.validation):
        calibration = calibrated(fitted.model, answers, judged.labels)
        answers = with_temperature(answers, calibration.temperature).astype(np.float32)
        told["calibration"] = calibration.to_dict()
    memory = None
    rule = UnknownRule(threshold=choose_threshold(answers, judged.labels))
    if len(data.validation) and _has_strangers(config, data):
        memory, rule = _by_nearness(config, data, fitted, features, ask)
    told["unknown"] = rule.to_dict()
    card = make_card(threshold=rule.threshold, metrics={}, config=config.to_dict(), more=told)
    bundle = Bundle(Path(config.out), data.classes, card, to_litert(fitted.model, memory))
    compared = judged.images[:AGREEMENT_IMAGES]
    answers, features = ask(compared)  # anew: it is calibrated by now
    scores = answers.max(axis=1) if memory is None else familiarity(features, memory)
    return bundle, check_agreement(answers, Classifier(bundle), compared, scores)


def _has_strangers(config: TrainConfig, data: LearningData) -> bool:
    return len(data.strangers) > 0 or config.recipe == "transfer"


def _by_nearness(
    config: TrainConfig, data: LearningData, fitted: Fitted, features: Features, ask: Ask
) -> tuple[Features, UnknownRule]:
    """What the model remembers of its photos, and the rule that goes by it.

    Of crops it remembers the whole photos as well: it will be shown such, too.

    Args:
        features: of the validation photos.
    """
    learned = ask(data.train.images)[1] if fitted.features is None else fitted.features
    whole, judged = ask(data.whole.images)[1], _is_validation(data.whole)
    known = np.concatenate([learned, whole[~judged]])
    labels = np.concatenate([data.train.labels, data.whole.labels[~judged]])
    own = np.concatenate([features, whole[judged]])
    memory, places = remembered(known, config.seed)
    background = familiarity(ask(data.strangers)[1], memory)
    landmarks = np.empty(0, np.float32)
    if config.recipe == "transfer":  # another would know what a landmark left out looks like
        own_labels = [data.validation.labels, data.whole.labels[judged]]
        landmarks = left_out_familiarity(
            np.concatenate([known, own]),
            np.concatenate([labels, *own_labels]),
            memory,
            labels[places],
        )
    return memory, rule_of(familiarity(own, memory), background, landmarks)


def _is_validation(examples: LabelledImages) -> npt.NDArray[np.bool_]:
    return np.array([crop.split == "validation" for crop in examples.crops], bool)
