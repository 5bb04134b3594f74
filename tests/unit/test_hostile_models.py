"""LiteRT models from strangers: each is refused with a reason, and none ends the process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import flatbuffers
import numpy as np
import pytest
from ai_edge_litert import schema_py_generated as schema

from landmark_gui.core.errors import BundleError
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from tests.tiny_bundle import tiny_members, tiny_model, write_zip

Change = Callable[[Any], None]


def bundle_of(path: Path, litert: bytes) -> Path:
    """A model file that vouches for this LiteRT model."""
    members = {**tiny_members(), "model.tflite": litert}
    card = json.loads(members["card.json"])
    card["sha256"]["model.tflite"] = hashlib.sha256(litert).hexdigest()
    return write_zip(path, {**members, "card.json": json.dumps(card).encode()})


def changed(change: Change) -> bytes:
    """The small model, rewritten."""
    model = schema.ModelT.InitFromObj(schema.Model.GetRootAs(tiny_model()))
    change(model)
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), b"TFL3")
    return bytes(builder.Output())


def of_another_maker(name: str) -> Change:
    def change(model: Any) -> None:
        code = model.operatorCodes[0]
        code.builtinCode = schema.BuiltinOperator.CUSTOM
        code.deprecatedBuiltinCode = schema.BuiltinOperator.CUSTOM
        code.customCode = name.encode()

    return change


def of_whole_numbers(model: Any) -> None:
    tensor = model.subgraphs[0].tensors[0]
    tensor.type = schema.TensorType.INT8


def without_input(model: Any) -> None:
    model.subgraphs[0].inputs = []


def of_another_size(model: Any) -> None:
    model.subgraphs[0].tensors[0].shape = [1, 9, 9, 3]


@pytest.mark.parametrize(
    "litert",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"TFL3" * 100, id="garbage"),
        pytest.param(bytes(1000), id="zeros"),
        pytest.param(tiny_model()[:-40], id="cut off"),
        pytest.param(changed(of_another_maker("Evil")), id="custom operator"),
        pytest.param(changed(of_another_maker("FlexReadFile")), id="TensorFlow operator"),
        pytest.param(changed(of_whole_numbers), id="int8"),
        pytest.param(changed(without_input), id="no input"),
        pytest.param(changed(of_another_size), id="another size"),
    ],
)
def test_it_is_refused_with_a_reason(tmp_path, litert):
    bundle = read_bundle(bundle_of(tmp_path / "m.landmark-model", litert))
    with pytest.raises(BundleError, match=r"m\.landmark-model") as caught:
        Classifier(bundle)
    assert len(str(caught.value)) > len(str(bundle.path)) + 20


def test_the_rewritten_model_is_usable_if_nothing_is_changed(tmp_path):
    path = bundle_of(tmp_path / "m.landmark-model", changed(lambda model: None))
    red = np.zeros((1, 8, 8, 3), np.uint8)
    red[..., 0] = 255
    assert Classifier(read_bundle(path)).predict(red)[0].argmax() == 0


@pytest.mark.parametrize("seed", range(200))
def test_flipped_bytes_are_refused_or_harmless(tmp_path, seed):
    """Whatever LiteRT makes of them, the process lives: the pictures are asked about as well."""
    random = np.random.default_rng(seed)
    litert = bytearray(tiny_model())
    for place in random.integers(8, len(litert), random.integers(1, 6)):
        litert[place] = random.integers(0, 256)
    bundle = read_bundle(bundle_of(tmp_path / "m.landmark-model", bytes(litert)))
    try:
        Classifier(bundle).predict(np.zeros((1, 8, 8, 3), np.uint8))
    except BundleError as error:
        assert str(bundle.path) in str(error)
