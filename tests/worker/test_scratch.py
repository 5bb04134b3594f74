"""The networks from scratch, and how they are trained."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import pytest

from landmark_gui.core.errors import never_cancelled
from landmark_gui.core.runs import TrainConfig

pytestmark = pytest.mark.slow
MODERN = TrainConfig("", "", recipe="scratch", image_size=32, batch_size=8, epochs=4)
LOG = replace(MODERN, network="log")


def built(config: TrainConfig, classes: int = 7) -> Any:
    from landmark_gui.training.recipes import built_model

    return built_model(config, classes, print)


def trained(config: TrainConfig) -> Any:
    """A model of two kinds of drawn crops: stripes that lie, and stripes that stand."""
    import keras

    from landmark_gui.training.data import LabelledImages, LearningData
    from landmark_gui.training.fitting import fit
    from landmark_gui.training.recipes import phases_of

    def part(count: int, seed: int) -> LabelledImages:
        random = np.random.default_rng(seed)
        labels = np.arange(count, dtype=np.int32) % 2
        stripes = random.integers(0, 256, (count, 32, 1, 3), np.uint8).repeat(32, axis=2)
        stripes[labels == 1] = stripes[labels == 1].transpose(0, 2, 1, 3)
        return LabelledImages(stripes, labels)

    keras.utils.set_random_seed(config.seed)
    data = LearningData(("lying", "standing"), part(48, 0), part(16, 1), {})
    return fit(
        built(config, 2), phases_of(config), config, data, lambda event: None, never_cancelled
    )


def test_the_log_has_the_layers_of_its_day():
    layers = [
        (type(layer).__name__, getattr(layer, "filters", getattr(layer, "units", None)))
        for layer in built(replace(LOG, image_size=96)).layers
    ]
    block = ["Conv2D", "Activation", "MaxPooling2D"]
    names = ["InputLayer", "Rescaling", *block * 3, "Flatten", "Dense", "Activation", "Dense"]
    assert [name for name, _ in layers] == names
    assert [size for _, size in layers if size] == [32, 64, 128, 256, 7]


def test_the_networks_are_as_large_as_is_said():
    for size in (32, 96, 160):
        assert built(replace(MODERN, image_size=size)).count_params() == 110_749
    assert built(replace(LOG, image_size=96)).count_params() == 4_813_895
    assert built(replace(LOG, image_size=160)).count_params() == 13_202_503


def test_batch_normalization_can_be_left_out_of_the_modern_network():
    kinds = {type(layer).__name__ for layer in built(MODERN).layers}
    bare = {
        type(layer).__name__ for layer in built(replace(MODERN, batch_normalization=False)).layers
    }
    assert kinds - bare == {"BatchNormalization"}


def test_a_slope_of_prelu_belongs_to_a_channel():
    import keras

    for config in (MODERN, LOG):
        slopes = [
            layer.alpha.shape
            for layer in built(replace(config, activation="prelu")).layers
            if isinstance(layer, keras.layers.PReLU)
        ]
        assert slopes and all(np.prod(shape) == shape[-1] for shape in slopes)


def test_the_waves_are_orthogonal_and_have_both_signs():
    from landmark_gui.training.models import stem_filters

    filters = stem_filters()
    one_sign, other = np.split(filters, 2, axis=-1)
    np.testing.assert_array_equal(other, -one_sign)
    rows = one_sign.reshape(75, -1).T
    rows = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    np.testing.assert_allclose(rows @ rows.T, np.eye(len(rows)), atol=1e-6)


def test_brightness_waves_are_those_of_tensorflows_cosine_transform():
    import tensorflow as tf

    from landmark_gui.training.models import stem_filters

    patch = np.random.default_rng(0).uniform(-1, 1, (5, 5)).astype(np.float32)
    theirs = tf.transpose(
        tf.signal.dct(tf.transpose(tf.signal.dct(patch, norm="ortho")), norm="ortho")
    )
    filters = stem_filters()[..., : stem_filters().shape[-1] // 2]
    grey = filters[..., np.ptp(filters, axis=2).max(axis=(0, 1)) < 1e-6]
    ours = np.einsum("ij,ijkf->f", patch, grey) / np.linalg.norm(grey, axis=(0, 1)).sum(axis=0)
    orders = [at for at in np.ndindex(5, 5) if sum(at) <= 5]
    np.testing.assert_allclose(ours, [theirs[at] for at in orders], atol=1e-5)


@pytest.mark.shared
def test_waves_of_real_photos_are_about_equally_strong(shared):
    from landmark_gui.training.models import stem_filters

    paths = sorted((shared / "data" / "towers").glob("*/*.jpg"))[::10]
    photos = [
        cv2.resize(cv2.imread(str(path)), (96, 96), interpolation=cv2.INTER_AREA) for path in paths
    ]
    patches = np.stack(
        [
            photo[y : y + 5, x : x + 5, ::-1]
            for photo in photos
            for y in range(0, 90, 9)
            for x in range(0, 90, 9)
        ]
    )
    strengths = np.einsum("nijk,ijkf->nf", patches / 127.5 - 1, stem_filters()).std(axis=0)
    assert strengths.min() > 0.2 and strengths.max() < 2


@pytest.mark.parametrize("config", [MODERN, LOG], ids=["modern", "log"])
def test_the_same_config_gives_the_same_model_and_it_learns(config):
    config = replace(config, epochs=6)
    first, second = trained(config), trained(config)
    assert first.history["val_accuracy"][-1] > 0.9
    for name, values in first.history.items():
        np.testing.assert_allclose(values, second.history[name], rtol=1e-3, atol=1e-5)


def test_the_waves_stay_as_they_are():
    from landmark_gui.training.models import stem_filters

    waves = trained(MODERN).model.get_layer("waves")
    np.testing.assert_array_equal(waves.get_weights()[0], stem_filters())


def test_the_rate_of_the_modern_network_rises_and_falls_and_that_of_the_log_does_not():
    from landmark_gui.training.optimizing import rate_of
    from landmark_gui.training.recipes.scratch import DEFAULTS

    rate = rate_of(DEFAULTS["modern"], epochs=10, steps=10)
    found = [float(rate(step)) for step in range(101)]
    top = int(np.argmax(found))
    assert top == 10 * DEFAULTS["modern"].warmup_epochs
    assert (np.diff(found[: top + 1]) > 0).all() and (np.diff(found[top:]) < 0).all()
    assert max(found) == pytest.approx(3e-3) and found[-1] == pytest.approx(0)
    assert rate_of(DEFAULTS["log"], epochs=10, steps=10) == 1e-3


def test_only_weights_that_multiply_inputs_are_decayed():
    from landmark_gui.training.recipes import phases_of

    model = trained(MODERN).model
    decayed = [w.path for w in model.trainable_weights if model.optimizer._use_weight_decay(w)]
    assert len(decayed) == 4 and all(path.endswith("kernel") for path in decayed)
    assert phases_of(MODERN)[0].epochs == MODERN.epochs
