"""Grad-CAM on the networks of all recipes, and the process that answers with it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from landmark_gui.core.runs import TrainConfig
from tests.keras_bundle import write_keras_bundle
from tests.worker_client import Worker

pytestmark = pytest.mark.slow
StartWorker = Callable[..., Worker]

CORNERS = {"top left": (0, 0), "top right": (0, 1), "bottom left": (1, 0), "bottom right": (1, 1)}
KINDS = {
    "modern": TrainConfig("", "", recipe="scratch", image_size=64),
    "log": TrainConfig("", "", recipe="scratch", network="log", image_size=48),
    "transfer": TrainConfig("", "", recipe="transfer", image_size=128),
    "fine-tune": TrainConfig("", "", recipe="fine-tune", image_size=128),
}


def with_patch(image: Any, corner: str) -> Any:
    """The picture with a patch of a third of its side near a corner."""
    size, patch = len(image), len(image) // 3
    squares = np.indices((patch, patch)).sum(axis=0) // 4 % 2 * 255
    down, across = (1 + place * (size - patch - 2) for place in CORNERS[corner])
    marked = image.copy()
    marked[down : down + patch, across : across + patch] = squares[..., None]
    return marked


def built(config: TrainConfig, weights: Path) -> Any:
    import keras

    from landmark_gui.training.backbones import backbone_in, free_top
    from landmark_gui.training.recipes import built_model

    keras.utils.set_random_seed(0)
    if config.recipe != "scratch":
        config = replace(config, weights=str(weights), alpha=0.35)
    model = built_model(config, 2, print)
    if config.recipe == "fine-tune":
        free_top(backbone_in(model), "block_13_expand")
    return model


@pytest.fixture(scope="module", params=KINDS)
def model(request: pytest.FixtureRequest, lively_weights: Path) -> Any:
    return built(KINDS[request.param], lively_weights)


def read_corner(model: Any, image: Any, corner: str) -> tuple[int, int]:
    """Let the class 1 depend on one corner cell of the last maps alone; that cell is returned."""
    import keras

    places = [layer.name for layer in model.layers]
    flat = next((place for place, name in enumerate(places) if name.startswith("flatten")), None)
    averaged = [name.startswith("global_average") for name in places]
    maps = np.asarray(
        keras.Model(model.inputs, model.layers[flat or averaged.index(True)].input)(
            image[None].astype(np.float32)
        )
    )[0]
    cell = tuple(
        int(place * (side - 1)) for place, side in zip(CORNERS[corner], maps.shape, strict=False)
    )
    if flat is None:  # what is averaged is 1 in the cell and 0 elsewhere
        wanted = np.zeros(maps.shape[:2])
        wanted[cell] = 1
        weights = np.linalg.lstsq(maps.reshape(wanted.size, -1), wanted.ravel(), rcond=None)[0]
        model.layers[-1].set_weights([np.stack([-weights, weights], axis=1), np.zeros(2)])
        return cell
    dense, last = model.layers[flat + 1], model.layers[-1]
    kernel = np.zeros((*maps.shape, dense.units))
    kernel[cell] = 1
    dense.set_weights([kernel.reshape(-1, dense.units), np.zeros(dense.units)])
    last.set_weights([np.stack([-np.ones(dense.units), np.ones(dense.units)], axis=1), np.zeros(2)])
    return cell


def know_patches(model: Any) -> Any:
    """Let the last layer tell pictures with a patch from those without, wherever it is.

    Nothing is trained: it takes the difference of the mean features of both kinds.
    """
    import keras

    size = model.input_shape[1]
    plain = [noise(size, seed) for seed in range(4)]
    patch = [with_patch(image, corner) for image, corner in zip(plain, CORNERS, strict=True)]
    features = keras.Model(model.inputs, model.layers[-1].input)
    of_plain, of_patch = (
        np.asarray(features(np.stack(kind).astype(np.float32))).mean(axis=0)
        for kind in (plain, patch)
    )
    across = (of_patch - of_plain) / np.square(of_patch - of_plain).sum()
    border = across @ (of_patch + of_plain) / 2
    head = [np.stack([-across, across], axis=1) * 5, np.array([border, -border]) * 5]
    model.layers[-1].set_weights(head)
    return model


def noise(size: int, seed: int = 7) -> Any:
    return np.random.default_rng(seed).integers(90, 130, (size, size, 3), np.uint8)


@pytest.mark.parametrize("corner", CORNERS)
def test_the_heat_is_where_the_decision_is_made(model, corner):
    from landmark_gui.training.explaining import GradCam

    image = noise(model.input_shape[1])
    cell = read_corner(model, image, corner)
    heat, index = GradCam(model).heat(image, 1)
    assert (heat[cell], index) == (1, 1)
    heat[cell] = 0
    assert heat.max() < 0.01


def check_follows(model: Any) -> None:
    from landmark_gui.training.explaining import GradCam

    for corner in CORNERS:
        heat, index = GradCam(model).heat(with_patch(noise(model.input_shape[1]), corner))
        assert index == 1, "the network does not know what a patch is"
        rows, columns = (np.linspace(0, 1, side) for side in heat.shape)
        centre = (heat.sum(axis=1) @ rows, heat.sum(axis=0) @ columns) / heat.sum()
        for place, wanted in zip(centre, CORNERS[corner], strict=True):
            assert abs(place - wanted) < 0.4


def test_the_heat_follows_what_is_looked_for():
    check_follows(know_patches(built(KINDS["modern"], Path())))


@pytest.mark.shared
def test_on_a_backbone_that_has_learned_it_follows_as_well(shared):
    weights = shared / "weights" / "mobilenet_v2_0.35_224_no_top.weights.h5"
    check_follows(know_patches(built(KINDS["transfer"], weights)))


def test_the_numbers_are_those_of_the_paper(model):
    """Equations 1 and 2 of Grad-CAM, on a network that is cut in two by hand.

    Where maps are not averaged, the gradient of each cell is its own (HiResCAM).
    """
    import keras
    import tensorflow as tf

    from landmark_gui.training.explaining import GradCam

    image = with_patch(noise(model.input_shape[1]), "top right")
    heat, _ = GradCam(model).heat(image, index=1)
    cut = next(
        place
        for place, layer in enumerate(model.layers)
        if isinstance(layer, keras.layers.GlobalAveragePooling2D | keras.layers.Flatten)
    )
    maps = tf.constant(image[None], tf.float32)
    for layer in model.layers[1:cut]:
        maps = layer(maps, training=False)
    with tf.GradientTape() as tape:
        tape.watch(maps)
        features = maps
        for layer in model.layers[cut:-1]:
            features = layer(features, training=False)
        kernel, bias = model.layers[-1].get_weights()
        score = tf.linalg.matvec(tf.transpose(kernel), features[0])[1] + bias[1]
    gradients = tape.gradient(score, maps).numpy()[0].astype(np.float64)
    alpha = gradients.mean(axis=(0, 1)) if model.name != "plain" else gradients
    expected = np.maximum(0, (maps.numpy()[0].astype(np.float64) * alpha).sum(axis=-1))
    assert heat == pytest.approx(expected / expected.max(), abs=1e-3)


def test_under_an_average_it_is_a_class_activation_map():
    """Zhou et al. 2016: there, the weights of the last layer are the weights of the maps."""
    import keras

    from landmark_gui.training import models
    from landmark_gui.training.explaining import GradCam

    keras.utils.set_random_seed(3)
    model = models.modern(32, 3)
    image = np.random.default_rng(3).integers(0, 256, (32, 32, 3), np.uint8)
    maps = keras.Model(model.inputs, model.layers[-4].output)(image[None].astype("float32"))
    for index in range(3):
        weights = model.layers[-1].get_weights()[0][:, index]
        expected = np.maximum(0, np.asarray(maps)[0] @ weights)
        heat, _ = GradCam(model).heat(image, index)
        assert heat == pytest.approx(expected / (expected.max() or 1), abs=1e-3)


def test_networks_that_cannot_tell_are_refused():
    import keras

    from landmark_gui.core.backbones import backbone
    from landmark_gui.core.errors import TrainingError
    from landmark_gui.training.backbones import built
    from landmark_gui.training.explaining import GradCam
    from landmark_gui.training.recipes.transfer import network

    inputs = keras.Input((8, 8, 3))
    flat = keras.layers.Flatten()(inputs)
    with pytest.raises(TrainingError, match="kind of network"):
        GradCam(keras.Model(inputs, keras.layers.Dense(2, activation="sigmoid")(flat)))
    known = backbone("mobilenet_v2", 0.35)
    with pytest.raises(TrainingError, match="so small"):
        GradCam(network(known, built(known, 32), 32, 2, 0.0))


@pytest.fixture(scope="module")
def patch_bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("bundle") / "patch.landmark-model"
    return write_keras_bundle(
        path, know_patches(built(KINDS["modern"], Path())), ("plain", "patch")
    )


def photo_with_patch(path: Path, corner: str = "top left") -> Path:
    Image.fromarray(with_patch(noise(64), corner)).save(path)
    return path


def ask(worker: Worker, id_: int, model: Path, photo: Path, **more: Any) -> dict[str, Any]:
    asked = {"model": str(model), "photo": str(photo), "box": None, "label": None, **more}
    worker.send(command="explain", id=id_, **asked)
    return next(event for event in iter(lambda: heard(worker), None) if event.get("id") == id_)


def heard(worker: Worker) -> dict[str, Any]:
    import json

    assert worker.process.stdout is not None
    line = worker.process.stdout.readline()
    assert line, worker.log.read_text()
    return json.loads(line)


def test_one_process_answers_one_question_after_the_other(start_worker, patch_bundle, tmp_path):
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.parts import render_part
    from landmark_gui.training.bundle_reader import load_keras
    from landmark_gui.training.explaining import GradCam

    worker = start_worker()
    photo = photo_with_patch(tmp_path / "photo.png")
    damaged = tmp_path / "damaged.png"
    damaged.write_bytes(photo.read_bytes()[:200])

    whole = ask(worker, 1, patch_bundle, photo)
    assert (whole["event"], whole["label"], whole["shape"]) == ("heat", "patch", [4, 4])
    bundle = read_bundle(patch_bundle)
    grad_cam = GradCam(load_keras(bundle))
    expected, _ = grad_cam.heat(render_part(bundle, photo))
    assert np.reshape(whole["values"], (4, 4)) == pytest.approx(expected, abs=1e-3)

    told = ask(worker, 2, patch_bundle, damaged)
    assert told["event"] == "unexplained" and str(damaged) in told["message"]
    told = ask(worker, 3, tmp_path / "none.landmark-model", photo)
    assert told["event"] == "unexplained" and "none.landmark-model" in told["message"]
    told = ask(worker, 4, patch_bundle, photo, label="Eiffel Tower")
    assert told["event"] == "unexplained" and "Eiffel Tower" in told["message"]
    told = ask(worker, 5, patch_bundle, photo, box=[500, 500, 9, 9])
    assert told["event"] == "unexplained" and "not on the photo" in told["message"]
    told = ask(worker, 8, patch_bundle, photo, box=[1, "x"])
    assert told["event"] == "unexplained" and str(photo) in told["message"]

    part = ask(worker, 6, patch_bundle, photo, box=[0, 0, 24, 24], label="plain")
    assert (part["event"], part["label"]) == ("heat", "plain")
    expected, _ = grad_cam.heat(render_part(bundle, photo, (0, 0, 24, 24)), 0)
    assert part["part"] == [0, 0, 24, 24] and whole["part"] is None
    assert np.reshape(part["values"], (4, 4)) == pytest.approx(expected, abs=1e-3)
    assert ask(worker, 7, patch_bundle, photo) == {**whole, "id": 7}


def test_a_model_file_that_is_replaced_is_loaded_anew(patch_bundle, tmp_path):
    import keras

    from landmark_gui.training import models
    from landmark_gui.training.explaining import Answering

    photo, path = photo_with_patch(tmp_path / "photo.png"), tmp_path / "m.landmark-model"
    path.write_bytes(patch_bundle.read_bytes())
    command = {"command": "explain", "id": 1, "model": str(path), "photo": str(photo)}
    answering = Answering()
    assert answering.answer(command)["label"] == "patch"
    keras.utils.set_random_seed(1)
    write_keras_bundle(path, models.modern(48, 2), ("a", "b"))
    assert answering.answer(command)["label"] in ("a", "b")
