"""The parts of a training, with Keras itself."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.errors import Cancelled, LossLost, TrainingError
from landmark_gui.core.protocol import encode
from landmark_gui.core.runs import ACTIVATIONS, NETWORKS, TrainConfig
from landmark_gui.inference.bundle import Bundle, read_bundle
from landmark_gui.inference.classifier import Classifier
from tests.thorough import thorough
from tests.worker_client import config_for

pytestmark = pytest.mark.slow


@pytest.fixture
def examples() -> Callable[[int], object]:
    from landmark_gui.training.data import LabelledImages

    def make(count: int, size: int = 32) -> LabelledImages:
        images = np.random.default_rng(0).integers(0, 256, (count, size, size, 3), np.uint8)
        return LabelledImages(images, np.arange(count, dtype=np.int32) % 2)

    return make


def run(config: TrainConfig) -> tuple[dict, list[dict]]:
    from landmark_gui.training.train import train

    events: list[dict] = []
    return train(config, events.append), events


EVERY = [(activation, network) for activation in ACTIVATIONS for network in NETWORKS]
USUAL = [("relu", "log"), *((activation, "modern") for activation in ACTIVATIONS)]


@pytest.mark.parametrize(("activation", "network"), thorough(USUAL, EVERY))
def test_both_forms_of_every_scratch_model_agree(activation, network, examples, tmp_path: Path):
    from landmark_gui.training import recipes
    from landmark_gui.training.bundle_writer import (
        check_agreement,
        make_card,
        to_litert,
        write_bundle,
    )

    values = {"activation": activation, "batch_normalization": activation != "elu"}
    scratch = TrainConfig("", "", recipe="scratch", network=network, image_size=32, **values)
    model = recipes.built_model(scratch, 2, print)
    images = examples(5).images
    config = TrainConfig("", "", image_size=32).to_dict()
    card = make_card(threshold=0.5, metrics={}, config=config)
    bundle = Bundle(tmp_path / "m.landmark-model", ("a", "b"), card, to_litert(model))
    expected = model.predict(images.astype(np.float32), verbose=0)
    assert check_agreement(expected, Classifier(bundle), images) < 1e-5
    with pytest.raises(TrainingError, match="differ"):
        check_agreement(expected + 0.01, Classifier(bundle), images)
    with pytest.raises(TrainingError, match="differ"):
        check_agreement(expected * math.nan, Classifier(bundle), images)
    write_bundle(bundle, model)
    assert read_bundle(bundle.path).litert == bundle.litert
    check_keras_form(bundle.path, expected, images)


def check_keras_form(path: Path, expected: np.ndarray, images: np.ndarray) -> None:
    import zipfile

    import keras

    with zipfile.ZipFile(path) as archive:
        archive.extract("model.keras", path.parent)
    model = keras.saving.load_model(path.parent / "model.keras", safe_mode=True)
    answers = model.predict(images.astype(np.float32), verbose=0)
    np.testing.assert_allclose(answers, expected, atol=1e-5)


def test_transfer_learns_on_weights_from_a_file(project, random_weights, tmp_path: Path):
    out = tmp_path / "m.landmark-model"
    values = {"recipe": "transfer", "weights": str(random_weights), "alpha": 1.0}
    augmentation = AugmentationConfig(rotation_range=10).to_dict()
    config = config_for(project, out, image_size=64, augmentation=augmentation, **values)
    metrics, events = run(config)
    assert any("0.35" in event["message"] for event in events if event["event"] == "log")
    assert metrics["agreement"] < 1e-4
    assert read_bundle(out).card["training"]["recipe"] == "transfer"
    with_frozen_backbone = 1280 * 3 + 3
    assert trainable_parameters(config) == with_frozen_backbone


def trainable_parameters(config: TrainConfig) -> int:
    from landmark_gui.training.recipes import built_model

    model = built_model(config, 3, log=lambda text: None)
    return sum(math.prod(weight.shape) for weight in model.trainable_weights)


def test_the_same_config_gives_the_same_model(project, tmp_path: Path):
    first, second = (
        run(config_for(project, tmp_path / name, seed=5))[0]["history"] for name in ("a", "b")
    )
    for name, values in first.items():
        np.testing.assert_allclose(values, second[name], rtol=1e-3)


def test_without_validation_the_training_loss_decides(project, tmp_path: Path):
    config = config_for(project, tmp_path / "m", split=(0.7, 0.0, 0.3), epochs=3)
    metrics, events = run(config)
    losses = metrics["history"]["loss"]
    assert metrics["best_epoch"] == losses.index(min(losses)) + 1
    assert any("validation" in event["message"] for event in events if event["event"] == "log")


def test_the_model_tells_the_shapes_of_the_boxes_it_learned_from(project, tmp_path: Path):
    from landmark_gui.core.store import ProjectStore

    run(config_for(project, tmp_path / "m", epochs=1))
    with ProjectStore.open(project, read_only=True) as store:
        known = store.load()
    photos = known.photos
    drawn = {
        (
            round(b.rect.w / photos[b.photo_id].width, 2),
            round(b.rect.h / photos[b.photo_id].height, 2),
        )
        for b in known.boxes.values()
    }
    shapes = read_bundle(tmp_path / "m").shapes
    assert shapes
    assert {(round(w, 2), round(h, 2)) for w, h in shapes} <= drawn


def test_a_photo_that_vanished_is_named_and_left_out(tmp_path: Path):
    from tests.worker_client import make_project

    project = make_project(tmp_path, each=4)
    lost = next((tmp_path / "photos").glob("iron_tower_*.jpg"))
    lost.write_bytes(b"no longer a photo")
    metrics, events = run(config_for(project, tmp_path / "m", epochs=1))
    told = [event["message"] for event in events if event["event"] == "log"]
    told += [path for path, _ in metrics["skipped"]]
    assert any(lost.name in text for text in told)


def test_a_loss_that_is_no_number_ends_the_training_in_words(examples):
    import keras

    from landmark_gui.training import models
    from landmark_gui.training.data import LearningData
    from landmark_gui.training.fitting import Phase, fit

    def prepare(model: keras.Model, batches: object) -> None:
        optimizer = keras.optimizers.SGD(1e30)
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])

    model = models.plain(32, 2)
    data = LearningData(("a", "b"), examples(8), examples(2), {})
    config = TrainConfig("", "", batch_size=2, epochs=5)
    events: list[dict] = []
    with pytest.raises(TrainingError, match="lower learning rate"):
        fit(model, [Phase(5, prepare)], config, data, events.append, lambda: False)
    last = [event for event in events if event["event"] == "step"][-1]
    assert '"loss":null' in encode(last) and '"loss_reason"' in encode(last)


def test_weights_that_break_in_the_very_last_step_make_no_model(examples):
    """Its own loss was still a number, and no step comes after it."""
    import keras

    from landmark_gui.training import models
    from landmark_gui.training.data import LearningData
    from landmark_gui.training.fitting import Phase, fit

    def prepare(model: keras.Model, batches: object) -> None:
        optimizer = keras.optimizers.SGD(float("inf"))
        model.compile(optimizer, "sparse_categorical_crossentropy", metrics=["accuracy"])

    data = LearningData(("a", "b"), examples(8), examples(2), {})
    config, events = TrainConfig("", "", batch_size=8, epochs=1), []
    with pytest.raises(LossLost, match=r"epoch 1, step 1"):
        fit(models.plain(32, 2), [Phase(1, prepare)], config, data, events.append, lambda: False)
    (step,) = (event for event in events if event["event"] == "step")
    assert 0 < step["loss"] < 100


def test_a_model_that_could_not_be_saved_is_refused_before_the_work(project, tmp_path: Path):
    (tmp_path / "file").write_text("")
    for out in (tmp_path, tmp_path / "file" / "m.landmark-model", project):
        with pytest.raises(TrainingError, match="saved"):
            run(config_for(project, out))


def test_cancel_is_heard_while_photos_are_read(project, tmp_path: Path):
    from landmark_gui.training.train import train

    with pytest.raises(Cancelled):
        train(config_for(project, tmp_path / "m"), lambda event: None, lambda: True)


def test_weights_that_do_not_fit_are_refused_by_name(tmp_path: Path, random_weights: Path):
    import keras

    from landmark_gui.training import models
    from landmark_gui.training.weights import recognised

    text = tmp_path / "text.weights.h5"
    text.write_text("not a weights file")
    cut = tmp_path / "cut.weights.h5"
    cut.write_bytes(random_weights.read_bytes()[:100_000])
    other = tmp_path / "other.weights.h5"
    models.modern(32, 2, "relu", True, 0.3).save_weights(other)
    for path in (text, cut, other, tmp_path / "missing.h5"):
        with pytest.raises(TrainingError, match="include_top=False") as caught:
            recognised(path)
        assert str(path) in str(caught.value)
    assert recognised(random_weights).key == ("mobilenet_v2", 0.35)
    topped = tmp_path / "topped.h5"
    keras.applications.MobileNetV2((64, 64, 3), 0.35, weights=None).save(topped)
    config = TrainConfig("", "", recipe="transfer", weights=str(topped), image_size=64)
    with pytest.raises(TrainingError, match="its top"):
        trainable_parameters(config)


@pytest.mark.shared
def test_published_weights_are_recognised_by_their_shapes(shared: Path):
    from landmark_gui.training.weights import recognised

    weights = shared / "weights"
    found = recognised(weights / "mobilenet_v2_0.35_224_no_top.weights.h5")
    assert found.key == ("mobilenet_v2", 0.35)
    with pytest.raises(TrainingError, match="not those of such a network"):
        recognised(weights / "mobilenet_0.25_224_no_top.h5")


def test_the_threshold_keeps_nearly_all_right_answers():
    from landmark_gui.training.unknown_rule import choose_threshold

    sure = np.array([[0.9, 0.1]] * 20, np.float32)
    assert choose_threshold(sure, np.zeros(20, np.int32)) == 0.5
    many = np.full((100, 10), 0.07, np.float32)
    many[:, 0] = np.linspace(0.2, 0.4, 100)
    threshold = choose_threshold(many, np.zeros(100, np.int32))
    assert 0.2 < threshold < 0.22
    assert (many[:, 0] >= threshold).mean() == pytest.approx(0.95)
    assert choose_threshold(sure, np.ones(20, np.int32)) == 0.5


def test_crops_in_a_file_are_those_in_memory(project, monkeypatch, tmp_path: Path):
    from landmark_gui.training import pixel_store

    cache = tmp_path / "cache"
    monkeypatch.setenv("LANDMARK_GUI_CACHE", str(cache))
    config = config_for(project, tmp_path / "m", epochs=1)
    in_memory = prepared(config)
    monkeypatch.setattr(pixel_store, "free_memory", lambda: 0)
    in_file = prepared(config)
    assert isinstance(in_file.train.images, np.memmap)
    for part in ("train", "validation"):
        mine, other = getattr(in_memory, part), getattr(in_file, part)
        np.testing.assert_array_equal(mine.images, other.images)
        np.testing.assert_array_equal(mine.labels, other.labels)
        assert mine.crops == other.crops and {crop.split for crop in mine.crops} == {part}
    _, events = run(config)
    assert any(str(cache) in event.get("message", "") for event in events)
    assert not cache.exists() or not list(cache.iterdir())


def prepared(config: TrainConfig):
    from landmark_gui.core.dataset import load_project_examples
    from landmark_gui.training.data import render_examples

    examples = load_project_examples(Path(config.project), config.crop_settings)
    return render_examples(examples, 48, print, lambda *_: None, lambda: False)
