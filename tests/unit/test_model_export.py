"""What is asked of an export, and what is said of one."""

from __future__ import annotations

from pathlib import Path

import pytest

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.model_export import FORMS, Exported, ModelExport, form_of, how_to_use


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("towers.tflite", "litert"),
        ("towers.int8.tflite", "int8"),
        ("Towers.ONNX", "onnx"),
        ("towers", "savedmodel"),
        ("towers.v2", "savedmodel"),
    ],
)
def test_the_name_suggests_the_form(name, form):
    assert form_of(Path(name)) == form


@pytest.mark.parametrize("form", FORMS)
def test_what_is_asked_survives_the_pipe(form):
    asked = ModelExport(Path("m.landmark-model"), Path("out/x"), form, Path("p.landmarks"))
    assert ModelExport.from_dict(asked.to_dict()) == asked
    assert asked.note == Path("out/x.json")


@pytest.mark.parametrize(
    "wrong", [{"form": "exe"}, {"model": None}, {"dest": ""}, {"form": None}, {"project": None}]
)
def test_what_cannot_be_done_is_refused(wrong):
    asked = ModelExport(Path("m"), Path("x"), "int8", Path("p")).to_dict()
    with pytest.raises(TrainingError):
        ModelExport.from_dict({**asked, **wrong})


def test_int8_without_a_project_says_what_it_needs():
    with pytest.raises(TrainingError, match="project"):
        ModelExport(Path("m"), Path("x"), "int8")
    ModelExport(Path("m"), Path("x"), "onnx")


def test_what_it_costs_is_told_with_its_counts():
    found = Exported(Path("m.tflite"), "int8", 660_000, 20, True, 0.031, 40, 38, 36)
    assert found.loss == pytest.approx(0.05)
    words = " ".join(found.sentences())
    assert "0.7 MB" in words and "20 crops of the project" in words and "0.031" in words
    assert "38 of 40 before (95.0%), 36 of 40 now (90.0%)" in words
    assert Exported.from_dict(found.to_dict()) == found


def test_what_was_not_measured_is_not_told():
    found = Exported(Path("m.onnx"), "onnx", 500, 20, False, 1e-7)
    assert found.loss is None and found.to_dict()["accuracy_loss"] is None
    assert "drawn" in found.sentences()[1] and len(found.sentences()) == 2
    assert found.to_dict()["tolerance"] == 1e-3


def test_others_learn_what_the_input_is_and_what_the_outputs_mean():
    note = how_to_use("onnx", ("Tower", "Dome"), {"size": 96}, ["pixels", "probabilities"])
    assert note["labels"] == ["Tower", "Dome"]
    assert note["input"]["shape"] == ["any", 96, 96, 3] and note["input"]["range"] == [0, 255]
    assert how_to_use("int8", ("a", "b"), {"size": 8}, ["x", "y"])["output"]["shape"] == [1, 2]
