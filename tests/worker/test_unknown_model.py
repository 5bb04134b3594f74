"""Calibrated models that know what they have seen, with Keras itself."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.calibration import with_temperature
from landmark_gui.core.errors import Cancelled, TrainingError
from landmark_gui.core.runs import TrainConfig
from landmark_gui.inference.bundle import Bundle, read_bundle
from landmark_gui.inference.classifier import Classifier
from tests.worker_client import config_for

pytestmark = pytest.mark.slow
SIDE = 32


def pictures(count: int, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).integers(0, 256, (count, SIDE, SIDE, 3), np.uint8)


def model_of(network: str = "modern", activation: str = "relu") -> Any:
    import keras

    from landmark_gui.training.recipes import built_model

    keras.utils.set_random_seed(1)
    values = {"network": network, "activation": activation}
    return built_model(TrainConfig("", "", recipe="scratch", image_size=SIDE, **values), 3, print)


def never() -> bool:
    return False


def test_calibration_is_in_the_weights_and_changes_no_name():
    from landmark_gui.training.calibrating import calibrated

    model, images = model_of(), pictures(40)
    last = model.get_layer("probabilities")
    last.set_weights([8 * last.get_weights()[0], np.array([0.3, 0.0, -0.3])])  # far too sure
    before = model.predict(images.astype(np.float32), verbose=0)
    labels = np.random.default_rng(1).integers(0, 3, 40).astype(np.int32)
    found = calibrated(model, before, labels)
    after = model.predict(images.astype(np.float32), verbose=0)
    assert found.temperature > 1.5 and found.examples == 40
    assert found.ece_after < found.ece_before
    np.testing.assert_allclose(after, with_temperature(before, found.temperature), atol=1e-5)
    assert (after.argmax(axis=1) == before.argmax(axis=1)).all()


@pytest.mark.parametrize(("network", "activation"), [("modern", "elu"), ("log", "prelu")])
def test_the_saved_model_scores_as_the_features_say(network, activation, tmp_path: Path):
    from landmark_gui.core.unknown import UnknownRule
    from landmark_gui.training.bundle_writer import check_agreement, make_card, to_litert
    from landmark_gui.training.familiarity import asking, familiarity, remembered

    model, learned, images = model_of(network, activation), pictures(30), pictures(6, seed=7)
    ask = asking(model, never)
    memory, _ = remembered(ask(learned)[1], seed=0)
    answers, features = ask(images)
    scores = familiarity(features, memory)
    rule = UnknownRule("nearest", 0.5)
    config = TrainConfig("", "", image_size=SIDE).to_dict()
    card = make_card(threshold=0.5, metrics={}, config=config, more={"unknown": rule.to_dict()})
    bundle = Bundle(tmp_path / "m", ("a", "b", "c"), card, to_litert(model, memory))
    classifier = Classifier(bundle)
    assert check_agreement(answers, classifier, images, scores) < 1e-5
    with pytest.raises(TrainingError, match="differ"):
        check_agreement(answers, classifier, images, scores + 0.01)
    verdict = classifier.classify_image(images[0])
    assert verdict.score == pytest.approx(scores[0], abs=1e-5) != verdict.confidence
    assert verdict.unknown == (scores[0] < 0.5)
    assert classifier.classify_image(learned[3]).score == pytest.approx(1, abs=1e-5)
    np.testing.assert_allclose(
        model.predict(images.astype(np.float32), verbose=0), classifier.predict(images), atol=1e-5
    )


def test_likeness_is_the_cosine_to_the_nearest_photo():
    from scipy.spatial.distance import cdist

    from landmark_gui.training.familiarity import familiarity, left_out_familiarity, remembered

    rng = np.random.default_rng(0)
    learned = rng.random((20, 9)).astype(np.float32)
    asked = rng.random((8, 9)).astype(np.float32)
    labels, asked_labels = np.arange(20) % 3, np.arange(8) % 3
    memory, places = remembered(learned, seed=0)
    assert places.tolist() == list(range(20))
    expected = 1 - cdist(asked, learned, "cosine").min(axis=1)
    np.testing.assert_allclose(familiarity(asked, memory), expected, atol=1e-6)
    found = left_out_familiarity(asked, asked_labels, memory, labels)
    for place, label in enumerate(asked_labels):
        without = 1 - cdist(asked[place : place + 1], learned[labels != label], "cosine").min()
        assert found[place] == pytest.approx(without, abs=1e-6)


def test_nothing_in_common_and_no_features_at_all_score_nothing():
    from landmark_gui.training.familiarity import familiarity, remembered

    memory, _ = remembered(np.array([[1, 0], [2, 0]], np.float32), seed=0)
    asked = np.array([[0, 3], [-1, 0], [0, 0]], np.float32)
    np.testing.assert_allclose(familiarity(asked, memory), [0, 0, 0])


def test_of_many_photos_some_are_remembered(monkeypatch: pytest.MonkeyPatch):
    from landmark_gui.training import familiarity

    monkeypatch.setattr(familiarity, "MOST", 5)
    memory, places = familiarity.remembered(np.eye(9, dtype=np.float32), seed=3)
    assert len(memory) == len(set(places.tolist())) == 5
    np.testing.assert_array_equal(memory, np.eye(9)[places])
    again = familiarity.remembered(np.eye(9, dtype=np.float32), seed=3)[1]
    assert places.tolist() == again.tolist()


def test_asking_may_be_stopped_between_batches():
    from landmark_gui.training.familiarity import asking

    calls = iter([False, True])
    with pytest.raises(Cancelled):
        asking(model_of(), lambda: next(calls))(pictures(40))


def trained(config: TrainConfig) -> tuple[dict[str, Any], Bundle]:
    from landmark_gui.training.train import train

    return train(config, lambda event: None), read_bundle(Path(config.out))


@pytest.mark.parametrize("augmented", [False, True])
def test_a_transfer_model_knows_both_kinds_of_strangers(
    project: Path, lively_weights: Path, tmp_path: Path, augmented: bool
):
    augmentation = AugmentationConfig(rotation_range=20.0).to_dict() if augmented else None
    config = config_for(
        project,
        tmp_path / "m.landmark-model",
        recipe="transfer",
        weights=str(lively_weights),
        augmentation=augmentation,
        probe=False,
    )
    metrics, bundle = trained(config)
    rule = bundle.rule
    validation = sum(metrics["counts"]["validation"].values())
    assert (rule.kind, rule.strangers_kind) == ("nearest", "both")
    assert rule.own == 2 * validation  # each crop, and its whole photo
    learned = validation + sum(metrics["counts"]["train"].values())
    assert rule.strangers > 2 * learned  # each of them, and parts beside the boxes
    point = rule.at(rule.threshold)
    assert point is not None and point.kept >= 0.9
    assert metrics["unknown"] == rule.to_dict() and metrics["threshold"] == rule.threshold
    assert bundle.calibration is not None and metrics["calibration"]["examples"] == validation
    assert "unknown" not in bundle.card["metrics"]
    classifier = Classifier(bundle)
    scores = [
        classifier.classify(photo).score for photo in Path(project.parent, "photos").rglob("*.jpg")
    ]
    seen = sum(score == pytest.approx(1, abs=1e-4) for score in scores)
    assert seen >= sum(metrics["counts"]["train"].values())  # learned from in part, known whole


def test_both_forms_in_the_file_are_calibrated_alike(project: Path, tmp_path: Path):
    import keras

    _, bundle = trained(config_for(project, tmp_path / "m.landmark-model", probe=False))
    assert (bundle.rule.kind, bundle.rule.strangers_kind) == ("nearest", "background")
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extract("model.keras", tmp_path)
    images = np.random.default_rng(0).integers(0, 256, (4, 48, 48, 3), np.uint8)
    model = keras.models.load_model(tmp_path / "model.keras")
    answers = model.predict(images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(answers, Classifier(bundle).predict(images), atol=1e-5)


def test_whole_photos_of_a_network_from_scratch_go_by_the_confidence(project, tmp_path: Path):
    config = config_for(project, tmp_path / "m.landmark-model", use="photos", probe=False)
    metrics, bundle = trained(config)
    assert (bundle.rule.kind, bundle.rule.operating) == ("confidence", ())
    assert metrics["calibration"]["temperature"] != 1
    verdict = Classifier(bundle).classify_image(pictures(1)[0])
    assert verdict.score == verdict.confidence


def test_without_validation_photos_nothing_is_calibrated(project: Path, tmp_path: Path):
    config = config_for(project, tmp_path / "m.landmark-model", probe=False)
    metrics, bundle = trained(replace(config, split=(0.8, 0.0, 0.2)))
    assert metrics["calibration"] is bundle.calibration is None
    assert bundle.rule.kind == "confidence" and bundle.rule.threshold <= 0.5
    assert json.loads(json.dumps(metrics["unknown"])) == bundle.rule.to_dict()
