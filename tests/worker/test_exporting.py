"""Models handed on in other forms: each is asked by a runtime of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from landmark_gui.core.errors import Cancelled, DatasetError, TrainingError
from landmark_gui.core.model_export import SUFFIXES, ModelExport, ModelForm
from landmark_gui.core.runs import TrainConfig
from landmark_gui.inference.bundle import read_bundle
from landmark_gui.inference.classifier import Classifier
from tests.thorough import thorough
from tests.worker_client import Worker, config_for

pytestmark = pytest.mark.slow


BACKBONES = (
    *("mobilenet_v2", "mobilenet_v3_small", "mobilenet_v3_large", "efficientnet_v2_b0"),
    "efficientnet_v2_b3",
)


@pytest.fixture(scope="module")
def trained(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of the project that has learned a little."""
    from landmark_gui.training.train import train

    out = tmp_path_factory.mktemp("trained") / "towers.landmark-model"
    config: TrainConfig = config_for(project, out, epochs=6, probe=False)
    train(config, lambda event: None)
    return out


def exported(asked: ModelExport, **more: Any) -> Any:
    from landmark_gui.training.exporting import export_model

    return export_model(asked, more.pop("emit", lambda event: None), **more)


def pictures(size: int = 48) -> Any:
    return np.random.default_rng(5).integers(0, 256, (6, size, size, 3), np.uint8)


def by_litert(path: Path, images: Any) -> Any:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(path))
    interpreter.allocate_tensors()
    answers = []
    for image in images:
        given, told = interpreter.get_input_details()[0], interpreter.get_output_details()[0]
        interpreter.set_tensor(given["index"], image[None].astype(np.float32))
        interpreter.invoke()
        answers.append(interpreter.get_tensor(told["index"])[0])
    return np.array(answers)


def by_onnx(path: Path, images: Any) -> Any:
    """The reference of the ONNX project, in plain NumPy."""
    from onnx.reference import ReferenceEvaluator

    asked = {"pixels": images.astype(np.float32)}
    return ReferenceEvaluator(str(path)).run(["probabilities"], asked)[0]


def by_tensorflow(path: Path, images: Any) -> Any:
    import keras

    layer = keras.layers.TFSMLayer(str(path), call_endpoint="serving_default")
    (answers,) = layer(images.astype(np.float32)).values()
    return np.asarray(answers)


READERS: dict[ModelForm, Callable[[Path, Any], Any]] = {
    "litert": by_litert,
    "int8": by_litert,
    "onnx": by_onnx,
    "savedmodel": by_tensorflow,
}


@pytest.mark.parametrize("form", READERS)
def test_an_export_answers_as_the_model_does(trained, project, tmp_path, form):
    if form == "onnx":
        pytest.importorskip("tf2onnx")
    dest = tmp_path / "out" / f"towers{SUFFIXES[form]}"
    told = exported(ModelExport(trained, dest, form, project))
    bundle = read_bundle(trained)
    expected = Classifier(bundle).predict(pictures())
    answers = READERS[form](dest, pictures())
    allowed = 0.1 if form == "int8" else 1e-4
    assert np.abs(answers - expected).max(axis=1).mean() < allowed
    assert told.difference <= allowed and told.real and told.crops == 6
    note = json.loads((tmp_path / "out" / f"{dest.name}.json").read_text("utf-8"))
    assert note["labels"] == list(bundle.labels)
    assert note["input"]["shape"][1:] == [48, 48, 3]
    assert {path.name for path in dest.parent.iterdir()} == {dest.name, f"{dest.name}.json"}
    assert told.bytes == sum(p.stat().st_size for p in [dest, *dest.rglob("*")] if p.is_file())


def test_int8_is_smaller_and_says_what_it_costs(trained, project, tmp_path):
    from landmark_gui.core.evaluation import figures_of
    from landmark_gui.inference.evaluation import evaluated

    dest = tmp_path / "m.int8.tflite"
    told = exported(ModelExport(trained, dest, "int8", project))
    bundle = read_bundle(trained)
    before = figures_of(evaluated(bundle, project))
    assert (told.examples, told.right_before) == (
        before.examples,
        before.right,
    )
    assert dest.stat().st_size < 0.5 * len(bundle.litert)
    assert 0 <= told.right <= told.examples


@pytest.mark.parametrize("form", ["litert", "onnx", "savedmodel"])
def test_without_a_project_it_is_tried_on_drawn_pictures(trained, tmp_path, form):
    if form == "onnx":
        pytest.importorskip("tf2onnx")
    told = exported(ModelExport(trained, tmp_path / "x", form))
    assert (told.real, told.crops, told.examples) == (False, 20, 0)


def test_drawn_pictures_differ_from_each_other():
    from landmark_gui.training.exporting import drawn_pictures

    drawn = drawn_pictures(32)
    assert drawn.shape == (20, 32, 32, 3) and len({image.tobytes() for image in drawn}) == 20
    assert (drawn == drawn_pictures(32)).all()


@pytest.mark.parametrize("form", ["litert", "savedmodel"])
def test_an_export_that_answers_otherwise_is_not_left_behind(trained, tmp_path, monkeypatch, form):
    from landmark_gui.training import converting

    other = lambda images: np.full((len(images), 3), 1 / 3, np.float32)  # noqa: E731
    monkeypatch.setattr(converting, "litert_answer", lambda *_: (other, ["a", "b"]))
    monkeypatch.setattr(converting, "savedmodel_answer", lambda *_: (other, ["a", "b"]))
    with pytest.raises(TrainingError, match="differ by"):
        exported(ModelExport(trained, tmp_path / "x", form))
    assert not list(tmp_path.iterdir())


def test_an_answer_that_is_no_number_is_a_disagreement(trained, tmp_path, monkeypatch):
    from landmark_gui.training import converting

    lost = lambda images: np.full((len(images), 3), np.nan, np.float32)  # noqa: E731
    monkeypatch.setattr(converting, "litert_answer", lambda *_: (lost, ["a", "b"]))
    with pytest.raises(TrainingError, match="differ by nan"):
        exported(ModelExport(trained, tmp_path / "x", "litert"))


@pytest.mark.parametrize("name", ["x.tflite", "x.tflite.json"])
def test_what_is_there_is_not_replaced(trained, tmp_path, name):
    (tmp_path / name).write_text("theirs")
    with pytest.raises(TrainingError, match="is there already"):
        exported(ModelExport(trained, tmp_path / "x.tflite", "litert"))
    assert [path.read_text() for path in tmp_path.iterdir()] == ["theirs"]


def test_a_cancel_leaves_nothing(trained, tmp_path):
    states: list[str] = []
    for stop in ("exporting", "checking"):
        with pytest.raises(Cancelled):
            exported(
                ModelExport(trained, tmp_path / "x", "savedmodel"),
                emit=lambda event: states.append(event.get("state", "")),
                cancelled=lambda stop=stop: bool(states) and states[-1] == stop,
            )
    assert not list(tmp_path.iterdir())


def test_a_project_without_photos_is_told(trained, project, tmp_path, monkeypatch):
    from landmark_gui.inference.rendering import Rendered
    from landmark_gui.training import exporting

    nothing = Rendered(np.empty((0, 48, 48, 3), np.uint8), [], [])
    monkeypatch.setattr(exporting, "render_crops", lambda *_: nothing)
    with pytest.raises(DatasetError, match="no photo to try"):
        exported(ModelExport(trained, tmp_path / "x", "litert", project))


def test_what_a_converter_does_not_know_is_told_in_words(trained, tmp_path, monkeypatch):
    from landmark_gui.training import converting

    def refuse(model: object) -> bytes:
        raise KeyError("an operator")

    monkeypatch.setattr(converting, "as_onnx", refuse)
    with pytest.raises(TrainingError, match="onnx: 'an operator'"):
        exported(ModelExport(trained, tmp_path / "x.onnx", "onnx"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", thorough(["mobilenet_v3_small"], BACKBONES))
def test_backbones_answer_alike_as_onnx(name):
    """Normalisation with constants, functions within functions: each has its own difficulty."""
    pytest.importorskip("tf2onnx")
    from landmark_gui.core.backbones import backbone
    from landmark_gui.training.backbones import built
    from landmark_gui.training.converting import as_onnx, onnx_answer
    from landmark_gui.training.recipes.transfer import network

    known = backbone(name, 0.35)
    model = network(known, built(known, 64), 64, 3, 0.0)
    asked = pictures(64)
    expected = np.asarray(model(asked.astype(np.float32), training=False))
    assert onnx_answer(as_onnx(model))(asked) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("activation", thorough(["gelu"], ["relu", "prelu", "leaky_relu", "elu"]))
def test_small_networks_answer_alike_as_onnx(activation):
    pytest.importorskip("tf2onnx")
    from landmark_gui.training import models
    from landmark_gui.training.converting import as_onnx, onnx_answer

    for network in (models.plain, models.modern):
        model, asked = network(32, 3, activation), pictures(32)
        expected = np.asarray(model(asked.astype(np.float32), training=False))
        assert onnx_answer(as_onnx(model))(asked) == pytest.approx(expected, abs=1e-4)


def test_without_the_packages_onnx_is_refused_in_words(trained, tmp_path, monkeypatch):
    import sys

    monkeypatch.setitem(sys.modules, "tf2onnx", None)
    with pytest.raises(TrainingError, match="tf2onnx"):
        exported(ModelExport(trained, tmp_path / "x.onnx", "onnx"))
    assert not list(tmp_path.iterdir())


def test_the_worker_exports(start_worker: Callable[..., Worker], trained, project, tmp_path):
    dest = tmp_path / "m.tflite"
    worker = start_worker()
    asked = ModelExport(trained, dest, "litert", project)
    worker.send(command="convert", config=asked.to_dict())
    code, done = worker.finish()
    assert (code, done["event"]) == (0, "done")
    assert done["metrics"]["path"] == str(dest) and dest.is_file()
    states = [event["state"] for event in worker.events if event["event"] == "state"]
    assert states[-3:] == ["preparing", "exporting", "checking"]
