"""Every option of a training has its effect, and fine-tuning touches what it says alone."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core import backbones
from landmark_gui.core.augmentation import AugmentationConfig
from landmark_gui.core.runs import TrainConfig
from tests.thorough import thorough, when_thorough
from tests.worker_client import config_for

pytestmark = pytest.mark.slow
SIDE, CLASSES = 32, 3
MIXED = AugmentationConfig(mixup_alpha=0.4).to_dict()


@pytest.fixture
def config(tmp_path: Path, lively_weights: Path) -> TrainConfig:
    rest = {"weights": str(lively_weights), "image_size": SIDE, "dropout": 0.0, "epochs": 4}
    return config_for(tmp_path, tmp_path / "m", recipe="fine-tune", learning_rate=0.01, **rest)


def data(validation: int = 6) -> Any:
    """Three kinds of noise, in uneven numbers."""
    from landmark_gui.training.data import LabelledImages, LearningData

    rng = np.random.default_rng(0)

    def part(labels: list[int]) -> LabelledImages:
        names = np.array(labels, np.int32)
        noise = rng.integers(0, 90, (len(names), SIDE, SIDE, 3))
        return LabelledImages((noise + 80 * names[:, None, None, None]).astype(np.uint8), names)

    train = part([0] * 9 + [1] * 3 + [2] * 3)
    return LearningData(("a", "b", "c"), train, part([0, 1, 2] * (validation // 3)), {})


def fitted(config: TrainConfig, given: Any = None) -> tuple[Any, list[dict], Any]:
    """The model, its events, and the weights of its backbone before."""
    import keras

    from landmark_gui.training.backbones import backbone_in
    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import built_model, phases_of

    keras.utils.set_random_seed(3)
    model = built_model(config, CLASSES, print)
    backbone = backbone_in(model)
    before = backbone.get_weights() if backbone else []
    events: list[dict] = []
    done = fit(model, phases_of(config), config, given or data(), events.append, lambda: False)
    return done, events, before


def epochs(events: list[dict]) -> list[dict]:
    return [event for event in events if event["event"] == "epoch"]


def test_fine_tuning_moves_the_top_alone_and_no_batch_normalisation(config):
    import keras

    from landmark_gui.training.backbones import backbone_in

    done, events, before = fitted(config)
    assert [event["epoch"] for event in epochs(events)] == [1, 2, 3, 4]
    backbone = backbone_in(done.model)
    names = [layer.name for layer in backbone.layers]
    top = names.index(backbones.backbone("mobilenet_v2", 0.35).top)
    moved, place = set(), 0
    for layer in backbone.layers:
        for weight in layer.get_weights():
            if not np.array_equal(weight, before[place]):
                moved.add(layer.name)
            place += 1
    assert place == len(before)
    normal = {n.name for n in backbone.layers if isinstance(n, keras.layers.BatchNormalization)}
    free = {n.name for n in backbone.layers[top:] if n.get_weights()} - normal
    if done.best_epoch > 2:
        assert moved == free
    assert not moved - free and len(free) > 5


def test_tuning_that_makes_it_worse_is_not_kept(config):
    """At a rate that wrecks the network, what comes out is the head's best epoch."""
    wild, events, before = fitted(replace(config, learning_rate=10.0, optimizer="adam"))
    losses = [event["val_loss"] for event in epochs(events)]
    assert max(losses[2:]) > 1.5 * min(losses[:2])
    assert wild.best_epoch == losses.index(min(losses)) + 1 <= 2
    head, _, _ = fitted(replace(config, recipe="transfer", epochs=2, learning_rate=None))
    from landmark_gui.training.backbones import backbone_in

    for mine, original in zip(backbone_in(wild.model).get_weights(), before, strict=True):
        np.testing.assert_array_equal(mine, original)
    assert len(wild.model.get_weights()) == len(head.model.get_weights())
    judged = data().validation
    answers = wild.model.predict(judged.images.astype(np.float32), verbose=0)
    own = answers[np.arange(len(answers)), judged.labels]
    assert -np.log(own).mean() == pytest.approx(min(losses), rel=1e-3)


def test_each_setting_of_the_optimizer_is_that_of_the_model(config):
    import keras

    from landmark_gui.training.batches import Batches
    from landmark_gui.training.recipes import built_model, phases_of

    def prepared(**values: Any) -> Any:
        settings = {"recipe": "scratch", "weights": None, "epochs": 10, **values}
        chosen = replace(config, **settings)
        model = built_model(chosen, CLASSES, print)
        with Batches(data().train, 3, workers=0) as batches:
            phases_of(chosen)[0].prepare(model, batches)
        return model.optimizer

    adam = prepared(optimizer="adam", schedule="constant", warmup_epochs=0)
    assert type(adam) is keras.optimizers.Adam and float(adam.learning_rate) == pytest.approx(0.01)
    decayed = prepared(optimizer="adamw", weight_decay=0.2)
    assert type(decayed) is keras.optimizers.AdamW and decayed.weight_decay == 0.2
    rates = rates_of(prepared(schedule="cosine", warmup_epochs=2))
    assert rates[0] == 0 and rates[10] == pytest.approx(0.01) and rates[-1] < 1e-4
    assert max(rates) == rates[10]
    steady = rates_of(prepared(schedule="constant", warmup_epochs=2))
    assert steady[0] == 0 and steady[10:] == pytest.approx([0.01] * 40)
    falling = rates_of(prepared(schedule="cosine", warmup_epochs=0))
    assert falling == sorted(falling, reverse=True) and falling[0] == pytest.approx(0.01)
    assert not prepared(averaged_weights=False).use_ema
    averaged = prepared(averaged_weights=True)
    assert averaged.use_ema and 0.5 <= averaged.ema_momentum < 1


def rates_of(optimizer: Any) -> list[float]:
    """The learning rate of each of 50 steps."""
    found = []
    for step in range(50):
        optimizer.iterations.assign(step)
        found.append(float(optimizer.learning_rate))
    return found


def test_biases_do_not_decay():
    import keras

    from landmark_gui.training.optimizing import Defaults, optimizer_of

    layer = keras.layers.Dense(2, bias_initializer="ones")
    layer.build((None, 2))
    kernel, bias = layer.get_weights()
    made = optimizer_of(Defaults(0.1, "adamw", weight_decay=0.5), 1, 1)
    made.build(layer.trainable_variables)
    nothing = [np.zeros_like(kernel), np.zeros_like(bias)]
    made.apply(nothing, layer.trainable_variables)
    np.testing.assert_allclose(layer.get_weights()[0], kernel * 0.95, rtol=1e-5)
    np.testing.assert_array_equal(layer.get_weights()[1], bias)


@pytest.mark.parametrize("soft", [False, True], ids=["indices", "shares"])
def test_the_loss_is_what_the_formula_says(soft):
    from landmark_gui.training.optimizing import Crossentropy

    rng = np.random.default_rng(1)
    answers = rng.dirichlet(np.ones(CLASSES), 5).astype(np.float32)
    labels = np.array([0, 1, 2, 2, 0])
    shares = np.eye(CLASSES)[labels]
    if soft:
        shares = 0.7 * shares + 0.3 * shares[::-1]
    weights = np.array([0.5, 1.0, 3.0], np.float32)
    target = 0.9 * shares + 0.1 / CLASSES
    expected = (-(target * np.log(answers)).sum(1) * (shares @ weights)).mean()
    given = shares.astype(np.float32) if soft else labels.astype(np.int32)
    found = float(Crossentropy(CLASSES, 0.1, weights)(given, answers))
    assert found == pytest.approx(expected, rel=1e-5)


def test_weights_of_classes_make_them_count_alike():
    from landmark_gui.training.optimizing import class_weights

    labels = np.array([0] * 6 + [1] * 2 + [3] * 4)
    weights = class_weights(labels, 5)
    np.testing.assert_allclose(weights, [2 / 3, 2, 1, 1, 1])
    counted = np.bincount(labels, weights[labels], 5)
    np.testing.assert_allclose(counted[[0, 1, 3]], 4)
    np.testing.assert_allclose(class_weights(np.eye(5)[labels], 5), weights)


@pytest.mark.parametrize("augmentation", thorough([MIXED], [None, MIXED]))
@pytest.mark.parametrize(
    "changed",
    thorough(
        [{"class_weights": True, "label_smoothing": 0.2, "averaged_weights": True}],
        [{"class_weights": True}, {"label_smoothing": 0.2}, {"averaged_weights": True}],
    ),
    ids=lambda changed: " ".join(changed),
)
def test_what_is_asked_for_changes_what_is_learned(config, augmentation, changed):
    plain = replace(config, recipe="transfer", augmentation=augmentation, epochs=3)
    usual, _, _ = fitted(plain)
    other, _, _ = fitted(replace(plain, **changed))
    assert usual.history["val_loss"] != other.history["val_loss"]
    again, _, _ = fitted(replace(plain, **changed))
    assert other.history == again.history


def test_averaged_weights_are_those_judged_and_kept(config):
    """By hand: the answers of the model that comes out have the loss that was told."""
    scratch = replace(config, recipe="scratch", weights=None, batch_normalization=False)
    done, events, _ = fitted(replace(scratch, averaged_weights=True, learning_rate=0.003))
    told = [event["val_loss"] for event in epochs(events)]
    judged = data().validation
    answers = done.model.predict(judged.images.astype(np.float32), verbose=0)
    own = answers[np.arange(len(answers)), judged.labels]
    assert -np.log(own).mean() == pytest.approx(told[done.best_epoch - 1], rel=1e-3)
    plain, _, _ = fitted(replace(scratch, averaged_weights=False, learning_rate=0.003))
    assert plain.history["loss"][0] == pytest.approx(done.history["loss"][0], rel=1e-4)
    assert plain.history["val_loss"] != told


@pytest.mark.parametrize("validation", [6, 0])
def test_patience_ends_a_training_that_gets_no_better(config, validation):
    still = replace(config, recipe="transfer", epochs=30, learning_rate=1e-7, patience=2)
    hopeless = replace(still, learning_rate=10.0, schedule="constant", optimizer="adam")
    done, events, _ = fitted(hopeless, data(validation))
    losses = done.history["val_loss" if validation else "loss"]
    assert len(losses) == len(epochs(events)) < 30
    assert len(losses) - done.best_epoch == 2


@when_thorough
def test_half_precision_is_for_a_gpu_and_is_saved_as_whole(config, monkeypatch):
    import keras

    from landmark_gui.training import precision
    from landmark_gui.training.bundle_writer import to_litert
    from landmark_gui.training.recipes import built_model, exported_model

    said: list[str] = []
    halved = replace(config, recipe="transfer", mixed_precision=True, epochs=1)
    model = built_model(halved, CLASSES, said.append)
    assert model.dtype_policy.name == "float32" and "no GPU" in said[-1]
    assert exported_model(model, halved) is model
    monkeypatch.setattr(precision, "has_gpu", lambda: True)
    done, _, _ = fitted(halved)
    assert done.model.compute_dtype == "float16"
    plain = exported_model(done.model, halved)
    assert plain.compute_dtype == "float32" and to_litert(plain)
    pixels = data().validation.images.astype(np.float32)
    halves, wholes = (m.predict(pixels, verbose=0) for m in (done.model, plain))
    assert np.abs(halves - wholes).max() < 0.02
    copy = keras.models.clone_model(keras.Model(done.model.inputs, done.model.outputs))
    copy.set_weights(done.model.get_weights())  # as several devices hand it over
    saved = exported_model(copy, halved)
    assert {layer.compute_dtype for layer in saved.layers} == {"float32"}
    assert np.array_equal(saved.predict(pixels, verbose=0), wholes)
