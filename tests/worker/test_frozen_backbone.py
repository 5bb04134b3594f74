"""A frozen backbone looks at the crops once: the same network comes out as with fresh looks."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import Cancelled
from landmark_gui.core.runs import TrainConfig
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from tests.thorough import thorough
from tests.worker_client import config_for

pytestmark = pytest.mark.slow
GENTLE = AugmentationConfig(rotation_range=10, horizontal_flip=True)
MIXED = replace(GENTLE, mixup_alpha=0.3)


@pytest.fixture
def config(project: Path, lively_weights: Path, tmp_path: Path) -> TrainConfig:
    values = {"recipe": "transfer", "weights": str(lively_weights), "image_size": 64}
    out = tmp_path / "m.landmark-model"
    return config_for(project, out, epochs=3, learning_rate=0.01, probe=False, **values)


def run(config: TrainConfig) -> tuple[dict, list[dict]]:
    from landmark_gui.training.train import train

    events: list[dict] = []
    return train(config, events.append), events


def looks(events: list[dict]) -> list[dict]:
    return [event for event in events if event.get("features")]


@pytest.mark.parametrize("augmentation", thorough([MIXED], [None, GENTLE, MIXED]))
def test_with_a_version_for_each_epoch_nothing_differs(augmentation, config):
    config = replace(config, augmentation=augmentation and augmentation.to_dict())
    cached, events = run(config)
    fresh, others = run(replace(config, feature_cache=False))
    assert looks(events) and not looks(others)
    assert cached["best_epoch"] == fresh["best_epoch"]
    assert max(fresh["history"]["loss"]) > 1.05 * min(fresh["history"]["loss"])
    for name, values in fresh["history"].items():
        np.testing.assert_allclose(cached["history"][name], values, rtol=1e-3)
    assert cached["agreement"] < 1e-4


def test_the_looks_are_counted_and_come_before_the_epochs(config):
    metrics, events = run(replace(config, augmentation=GENTLE.to_dict()))
    learned, judged = (sum(metrics["counts"][name].values()) for name in ("train", "validation"))
    total = 3 * learned + judged
    done = [event["done"] for event in looks(events)]
    assert done[0] == 0 and done[-1] == total and done == sorted(done)
    assert {event["total"] for event in looks(events)} == {total}
    assert events.index(looks(events)[-1]) < events.index({"event": "state", "state": "training"})
    steps = next(event["steps"] for event in events if event["event"] == "dataset")
    assert [e["step"] for e in events if e["event"] == "step" and e["epoch"] == 3][-1] == steps


def test_fine_tune_looks_at_no_more_variations_than_its_head_has_epochs(config):
    tuned = replace(config, recipe="fine-tune", epochs=4, augmentation=GENTLE.to_dict())
    metrics, events = run(tuned)
    learned, judged = (sum(metrics["counts"][name].values()) for name in ("train", "validation"))
    assert {event["total"] for event in looks(events)} == {2 * learned + judged}


def test_the_model_file_holds_the_whole_network(config, project, tmp_path: Path):
    import keras

    from landmark_gui.core.crops import CropSettings
    from landmark_gui.core.dataset import load_project_examples
    from landmark_gui.inference.rendering import render_crops
    from landmark_gui.training.recipes import built_model

    run(config)
    bundle = read_bundle(Path(config.out))
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extract("model.keras", tmp_path)
    model = keras.saving.load_model(tmp_path / "model.keras", safe_mode=True)
    assert model.input_shape == (None, 64, 64, 3) and len(model.outputs) == 1
    pixels = render_crops(load_project_examples(project, CropSettings("crops")).crops, 64).images
    answers = model.predict(pixels.astype(np.float32), verbose=0)
    np.testing.assert_allclose(Classifier(bundle).predict(pixels), answers, atol=1e-5)
    untrained = built_model(config, 3, print).get_weights()
    trained = model.get_weights()
    changed = [not np.array_equal(a, b) for a, b in zip(untrained, trained, strict=True)]
    assert changed[-2:] == [True, True] and not any(changed[:-2])


@pytest.mark.parametrize(
    ("augmentation", "cached"),
    thorough([(MIXED, True), (None, False)], list(product((None, GENTLE, MIXED), (True, False)))),
)
def test_what_is_told_of_validation_is_true_of_the_model(augmentation, cached, config):
    """By hand, from the answers about plain crops: so they are not varied, nor out of order."""
    from landmark_gui.core.dataset import load_project_examples
    from landmark_gui.training import recipes
    from landmark_gui.training.data import render_examples
    from landmark_gui.training.fitting import fit

    config = replace(
        config, feature_cache=cached, augmentation=augmentation and augmentation.to_dict()
    )
    examples = load_project_examples(Path(config.project), config.crop_settings)
    data = render_examples(examples, 64, print, lambda *_: None, lambda: False)
    model = recipes.built_model(config, 3, print)
    fitted = fit(model, recipes.phases_of(config), config, data, lambda event: None, lambda: False)
    answers = model.predict(data.validation.images.astype(np.float32), verbose=0)
    own = answers[np.arange(len(answers)), data.validation.labels]
    best = {name: values[fitted.best_epoch - 1] for name, values in fitted.history.items()}
    assert best["val_loss"] == pytest.approx(-np.log(own).mean(), rel=1e-3)
    right = (answers.argmax(axis=1) == data.validation.labels).mean()
    assert best["val_accuracy"] == pytest.approx(right)


@pytest.mark.parametrize("augmentation", [GENTLE, MIXED], ids=["varied", "mixed"])
def test_of_a_few_variations_one_is_the_crop_itself(augmentation, config, monkeypatch):
    from landmark_gui.core.dataset import load_project_examples
    from landmark_gui.training import frozen, recipes
    from landmark_gui.training.data import render_examples
    from landmark_gui.training.features import feature_model
    from landmark_gui.training.fitting import training_batches, validation_batches

    config = replace(config, augmentation=augmentation.to_dict())
    examples = load_project_examples(Path(config.project), config.crop_settings)
    data = render_examples(examples, 64, print, lambda *_: None, lambda: False)
    model = recipes.built_model(config, 3, print)
    plain = feature_model(model).predict(data.train.images.astype(np.float32), verbose=0)

    def rows(count: int) -> list[np.ndarray]:
        monkeypatch.setattr(frozen, "versions", lambda *_: count)
        with training_batches(config, data) as batches, validation_batches(config, data) as judged:
            told: list[dict] = []
            given, _ = frozen.as_features(
                model, config, batches, judged, told.append, lambda: False
            )
        assert told[-1]["done"] == told[-1]["total"]
        return [version.features for version in given._versions]

    few, all_ = rows(2), rows(config.epochs)
    np.testing.assert_allclose(few[0], plain, atol=1e-4)
    np.testing.assert_array_equal(few[1], all_[1])
    assert np.abs(all_[0] - plain).max() > 0.01


def test_without_validation_there_are_features_too(config):
    metrics, _ = run(replace(config, split=(0.7, 0.0, 0.3)))
    losses = metrics["history"]["loss"]
    assert metrics["best_epoch"] == losses.index(min(losses)) + 1
    assert "val_loss" not in metrics["history"]


def test_cancel_is_heard_between_two_looks(config):
    from landmark_gui.training.train import train

    events: list[dict] = []
    with pytest.raises(Cancelled):
        train(config, events.append, lambda: len(looks(events)) > 2)
    assert len(looks(events)) == 3 and not Path(config.out).exists()


def test_the_number_of_variations_follows_the_data(monkeypatch):
    from landmark_gui.training import frozen

    monkeypatch.setattr(frozen, "free_memory", lambda: 16 * 10**9)
    wanted = {10: 20, 100: 20, 250: 8, 251: 8, 400: 5, 600: 4, 20_000: 4}
    assert {n: frozen.versions(n, 1280, 60) for n in wanted} == wanted
    assert frozen.versions(100, 1280, 7) == 7
    monkeypatch.setattr(frozen, "free_memory", lambda: 4 * 3 * 20_000 * 1280 * 4)
    assert frozen.versions(20_000, 1280, 60) == 3
    monkeypatch.setattr(frozen, "free_memory", lambda: 0)
    assert frozen.versions(20_000, 1280, 60) == 1


def test_versions_come_in_turn_in_the_orders_of_the_crops():
    from landmark_gui.training.batches import shuffled
    from landmark_gui.training.frozen import FeatureBatches, Rows

    def rows(start: int) -> Rows:
        values = np.arange(start, start + 5)
        return Rows(values[:, None].astype(np.float32), values.astype(np.int32))

    def epochs(seed: int | None) -> list[list[int]]:
        batches = FeatureBatches([rows(0), rows(10)], 2, seed)
        assert len(batches) == 3 and len(batches[2][1]) == 1
        found = []
        for _ in range(6):
            taken = zip(*(batches[step] for step in range(3)), strict=True)
            features, labels = (np.concatenate(part) for part in taken)
            np.testing.assert_array_equal(features[:, 0], labels)
            found.append(labels.tolist())
            batches.on_epoch_end()
        return found

    found = epochs(3)
    assert [min(labels) for labels in found] == [10, 0] * 3  # the epochs count from 1
    assert [[label % 10 for label in labels] for labels in found] == [
        shuffled(5, 3, epoch).tolist() for epoch in range(6)
    ]
    assert epochs(3) == found and epochs(4) != found
    assert epochs(None) == [[10, 11, 12, 13, 14], [0, 1, 2, 3, 4]] * 3


def test_only_a_frozen_backbone_is_looked_through_once(config):
    from landmark_gui.training import models, recipes
    from landmark_gui.training.frozen import is_frozen

    model = recipes.built_model(config, 3, print)
    assert is_frozen(model)
    backbone = next(layer for layer in model.layers if hasattr(layer, "layers"))
    backbone.layers[-1].trainable = backbone.trainable = True
    assert not is_frozen(model)
    assert not is_frozen(models.modern(32, 3, "relu", True, 0.3))
