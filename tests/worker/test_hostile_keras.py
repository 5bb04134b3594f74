"""Keras files from strangers are refused before Keras looks at them, and nothing in them runs."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from collections.abc import Callable
from typing import Any

import h5py
import numpy as np
import pytest

from landmark_gui.core.archives import ArchiveRefused
from landmark_gui.core.errors import BundleError
from landmark_gui.inference.bundle import read_bundle
from tests.keras_bundle import write_keras_bundle
from tests.thorough import thorough

pytestmark = pytest.mark.slow


def small() -> Any:
    from landmark_gui.training import models

    return models.modern(32, 2)


@pytest.fixture(scope="module")
def keras_members() -> dict[str, bytes]:
    from landmark_gui.training.bundle_writer import keras_file

    with zipfile.ZipFile(io.BytesIO(keras_file(small()))) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def refusal(file: bytes) -> str:
    from landmark_gui.training.keras_file import check_keras_file

    with pytest.raises(ArchiveRefused) as caught:
        check_keras_file(file)
    return str(caught.value)


def with_config(members: dict[str, bytes], change: Callable[[dict], None]) -> bytes:
    config = json.loads(members["config.json"])
    change(config)
    return zipped({**members, "config.json": json.dumps(config).encode()})


BACKBONES = ["mobilenet_v2", "mobilenet_v3_small"]
ALL = ["mobilenet_v3_large", "efficientnet_v2_b0", "efficientnet_v2_b3", "convnext_tiny"]


@pytest.mark.parametrize("name", thorough(BACKBONES, BACKBONES + ALL))
def test_the_backbones_pass(name):
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built
    from landmark_gui.training.bundle_writer import keras_file
    from landmark_gui.training.keras_file import check_keras_file
    from landmark_gui.training.recipes.transfer import network

    known = backbone(name, 0.35)
    check_keras_file(keras_file(network(known, built(known, 32), 32, 2, 0.1)))


@pytest.mark.parametrize("activation", ["relu", "prelu", "leaky_relu", "elu", "gelu"])
def test_the_small_networks_pass(activation):
    from landmark_gui.training import models
    from landmark_gui.training.bundle_writer import keras_file
    from landmark_gui.training.keras_file import check_keras_file

    for network in (models.plain, models.modern):
        check_keras_file(keras_file(network(32, 2, activation)))


@pytest.mark.parametrize(
    "layer",
    [
        {"module": "keras.layers", "class_name": "Lambda", "registered_name": None},
        {"module": "keras.layers", "class_name": "TFSMLayer", "registered_name": None},
        {"module": "keras.layers", "class_name": "StringLookup", "registered_name": None},
        {"module": "keras.utils", "class_name": "get_file", "registered_name": "get_file"},
        {"module": "keras.config", "class_name": "enable_unsafe_deserialization"},
        {"module": "builtins", "class_name": "function", "registered_name": "function"},
        {"module": "os", "class_name": "system", "registered_name": None},
        {"module": "keras.layers", "class_name": "Dense", "registered_name": "theirs>Dense"},
        {"module": "keras.layers.theirs", "class_name": "Dense", "registered_name": None},
        {"module": ["keras.layers"], "class_name": "Dense", "registered_name": None},
        {"module": "os", "registered_name": None},
        {"class_name": "__lambda__"},
    ],
    ids=lambda layer: str(layer.get("class_name")),
)
@pytest.mark.parametrize("place", ["layer", "initializer"])
def test_what_our_networks_do_not_have_is_refused_by_its_name(keras_members, layer, place):
    def change(config: dict) -> None:
        layers = config["config"]["layers"]
        if place == "layer":
            layers.append({**layer, "config": {"name": "theirs"}})
        else:
            layers[-1]["config"]["kernel_initializer"] = {**layer, "config": {}}

    assert str(layer.get("class_name")) in refusal(with_config(keras_members, change))


def test_a_lambda_layer_in_a_whole_bundle_runs_nothing(tmp_path, monkeypatch):
    import keras

    from landmark_gui.training.bundle_reader import load_keras

    mark = tmp_path / "it ran"
    inputs = keras.Input((32, 32, 3))
    network = small()
    model = keras.Model(inputs, keras.layers.Lambda(lambda x: x)(network(inputs)))
    path = write_keras_bundle(tmp_path / "m.landmark-model", model, ("a", "b"))
    bundle = read_bundle(path)
    monkeypatch.setattr(keras.saving, "load_model", lambda *_, **__: mark.touch())
    with pytest.raises(BundleError, match="Lambda") as caught:
        load_keras(bundle)
    assert str(path) in str(caught.value) and not mark.exists()


def test_keras_itself_refuses_it_as_well(tmp_path, monkeypatch):
    import keras

    from landmark_gui.training import bundle_reader

    inputs = keras.Input((32, 32, 3))
    model = keras.Model(inputs, keras.layers.Lambda(lambda x: x)(small()(inputs)))
    path = write_keras_bundle(tmp_path / "m.landmark-model", model, ("a", "b"))
    monkeypatch.setattr(bundle_reader, "check_keras_file", lambda content: None)
    with pytest.raises(BundleError, match="Keras refuses"):
        bundle_reader.load_keras(read_bundle(path))


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"../evil.py": b"x"}, "outside"),
        ({"assets/x": bytes(10), "/abs": b""}, "outside"),
        ({str(number): b"" for number in range(20)}, "too many"),
    ],
    ids=["slip", "absolute", "crowd"],
)
def test_it_is_a_zip_with_the_same_limits(keras_members, more, words):
    assert words in refusal(zipped({**keras_members, **more}))


def test_damaged_files_are_refused(keras_members):
    assert "could not be read" in refusal(b"not a zip")
    assert "config.json is missing" in refusal(zipped({"model.weights.h5": b""}))
    for broken in (b"[" * 100_000, b"{", b"\xff"):
        assert refusal(zipped({**keras_members, "config.json": broken}))
    assert "could not be read" in refusal(zipped({**keras_members, "model.weights.h5": b"HDF"}))


def weights(write: Callable[[h5py.File], None]) -> bytes:
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        write(file)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("write", "words"),
    [
        (lambda file: file.update(a=h5py.ExternalLink("/etc/passwd", "/")), "link"),
        (lambda file: file.update(a=h5py.SoftLink("/b")), "link"),
        (
            lambda file: file.create_dataset("a", (4,), "u1", external=[("/etc/passwd", 0, 4)]),
            "link",
        ),
        (
            lambda file: file.create_dataset(
                "deep/a", (2**14, 2**14), "u1", compression="gzip", chunks=(2**10, 2**10)
            ),
            "too large",
        ),
    ],
    ids=["another file", "a soft link", "outside", "swells"],
)
def test_weights_that_lead_outside_or_swell_are_refused(keras_members, write, words):
    file = zipped({**keras_members, "model.weights.h5": weights(write)})
    assert words in refusal(file)


def test_parts_that_do_not_fit_each_other_are_refused(tmp_path):
    from landmark_gui.training.bundle_reader import load_keras
    from landmark_gui.training.bundle_writer import keras_file

    path = write_keras_bundle(tmp_path / "m.landmark-model", small(), ("a", "b"))
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    from landmark_gui.training import models

    members["model.keras"] = keras_file(models.modern(48, 3))
    card = json.loads(members["card.json"])
    card["sha256"]["model.keras"] = hashlib.sha256(members["model.keras"]).hexdigest()
    members["card.json"] = json.dumps(card).encode()
    path.write_bytes(zipped(members))
    with pytest.raises(BundleError, match="do not fit"):
        load_keras(read_bundle(path))


def test_a_file_that_is_exchanged_after_it_was_read_is_noticed(tmp_path):
    from landmark_gui.training.bundle_reader import load_keras

    path = write_keras_bundle(tmp_path / "m.landmark-model", small(), ("a", "b"))
    bundle = read_bundle(path)
    write_keras_bundle(path, small(), ("a", "b"))  # other random weights
    with pytest.raises(BundleError, match="differs"):
        load_keras(bundle)


def test_what_is_loaded_answers_as_what_was_written(tmp_path):
    from landmark_gui.training.bundle_reader import load_keras

    model = small()
    path = write_keras_bundle(tmp_path / "m.landmark-model", model, ("a", "b"))
    pixels = np.random.default_rng(0).integers(0, 256, (2, 32, 32, 3)).astype("float32")
    again = load_keras(read_bundle(path))
    assert np.asarray(again(pixels)) == pytest.approx(np.asarray(model(pixels)), abs=1e-6)
