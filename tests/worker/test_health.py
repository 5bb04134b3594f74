"""What is measured while a network trains, against plain ways to the same figures."""

from __future__ import annotations

import numpy as np
import pytest

from landmark_gui.core.errors import never_cancelled
from landmark_gui.core.runs import TrainConfig
from tests.drawn_data import SIDE, diagnosed, drawn_data

pytestmark = pytest.mark.slow


def epochs_of(events):
    return [event for event in events if event["event"] == "epoch"]


@pytest.mark.parametrize("as_shares", [False, True])
def test_accuracy_is_that_of_keras_and_the_matrix_counts_pairs(as_shares):
    import keras

    from landmark_gui.training.health import ConfusionAccuracy

    random = np.random.default_rng(0)
    metric = ConfusionAccuracy(4)
    reference = keras.metrics.SparseCategoricalAccuracy()
    expected = np.zeros((4, 4), int)
    for count in (5, 8, 1):
        truth = random.integers(0, 4, count)
        said = random.random((count, 4), np.float32)
        # Of blended labels the larger share counts.
        given = 0.6 * np.eye(4)[truth] + 0.4 * np.eye(4)[(truth + 1) % 4] if as_shares else truth
        metric.update_state(given, said)
        reference.update_state(truth, said)
        np.add.at(expected, (truth, said.argmax(axis=1)), 1)
    assert metric.matrix() == expected.tolist()
    assert float(metric.result()) == pytest.approx(float(reference.result()))
    metric.reset_state()
    assert float(metric.result()) == 0


def test_the_matrix_of_an_epoch_is_what_the_model_says_of_the_validation_photos():
    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import built_model, phases_of

    data = drawn_data(each=6, judges=4)
    config = TrainConfig("p", "o", recipe="scratch", image_size=SIDE, epochs=1, batch_size=5)
    events: list[dict] = []
    model = built_model(config, 3, print)
    fit(model, phases_of(config), config, data, events.append, never_cancelled)
    (epoch,) = epochs_of(events)
    said = model.predict(data.validation.images.astype(np.float32), verbose=0).argmax(axis=1)
    expected = np.zeros((3, 3), int)
    np.add.at(expected, (data.validation.labels, said), 1)
    assert epoch["confusion"] == expected.tolist()
    assert epoch["val_accuracy"] == pytest.approx(np.trace(expected) / 12)


def test_a_matrix_that_did_not_change_is_not_sent_again():
    _, events = diagnosed(
        drawn_data(each=4, judges=4), epochs=3, learning_rate=1e-7, batch_normalization=False
    )
    assert ["confusion" in epoch for epoch in epochs_of(events)] == [True, False, False]


def test_a_unit_that_fires_on_one_photo_is_alive():
    import keras

    from landmark_gui.training.health import Health

    images = drawn_data(each=20).train.images
    inputs = keras.Input((SIDE, SIDE, 3))
    bright = keras.layers.Conv2D(2, 1, activation="relu", name="bright")
    model = keras.Model(inputs, keras.layers.GlobalAveragePooling2D()(bright(inputs)))
    brightest = images.astype(np.float32).sum(axis=-1).max()
    bias = np.float32([1 - brightest, -1 - brightest])
    bright.set_weights([np.ones((1, 1, 3, 2), np.float32), bias])
    chosen = images[[np.argmax(images.sum(axis=-1).max(axis=(1, 2))), *range(40)]]
    health = Health((chosen, np.zeros(41, int)), 1, validates=False)
    health.set_model(model)
    health.on_epoch_end(0)
    assert health.figures["dead"] == [{"layer": "bright", "share": 0.5}]


@pytest.mark.parametrize(
    ("activation", "layers"),
    [("relu", 4), ("leaky_relu", 0), ("prelu", 0), ("elu", 0), ("gelu", 0)],
)
def test_only_what_is_zero_below_a_bound_can_die(activation, layers):
    from landmark_gui.training.health import Health
    from landmark_gui.training.models import modern

    data = drawn_data(each=4)
    health = Health((data.train.images, data.train.labels), 1, validates=False)
    health.set_model(modern(SIDE, 3, activation, True, 0.0))
    health.on_epoch_end(0)
    assert len(health.figures["dead"]) == layers
    assert 0 <= health.figures["train_eval_accuracy"] <= 1


def test_looks_are_rare_and_the_last_epoch_has_one():
    _, events = diagnosed(drawn_data(each=4, judges=4), epochs=11)
    looked = [epoch["epoch"] for epoch in epochs_of(events) if "train_eval_accuracy" in epoch]
    assert looked == [2, 5, 10, 11]
    first, second = epochs_of(events)[:2]
    assert first["memory"] > 1e8 and second["images_per_second"] > 0
    assert second["learning_rate"] == pytest.approx(3e-3)  # the warm-up of two epochs is over


@pytest.mark.parametrize(("cached", "mixed"), [(True, True), (False, False)])
def test_a_frozen_backbone_is_watched_with_and_without_features(random_weights, cached, mixed):
    from landmark_gui.core.augmentation import AugmentationConfig

    varied = AugmentationConfig(mixup_alpha=0.4).to_dict() if mixed else None
    _, events = diagnosed(
        drawn_data(each=4, judges=4),
        epochs=2,
        recipe="transfer",
        weights=str(random_weights),
        augmentation=varied,
        feature_cache=cached,
    )
    assert np.sum(epochs_of(events)[0]["confusion"]) == 12
    last = epochs_of(events)[-1]
    assert last["dead"] == [] and last["train_eval_examples"] == 12
