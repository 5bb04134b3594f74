"""`landmark-gui convert`, without TensorFlow: what it refuses, and what it hands on."""

from __future__ import annotations

import json
import sys
import types
from pathlib import Path

import pytest

from landmark_gui.cli import main
from landmark_gui.core.errors import TrainingError
from landmark_gui.core.model_export import Exported, ModelExport


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[ModelExport]:
    """What the exporting module was asked for; it is not imported."""
    made: list[ModelExport] = []

    def export_model(export: ModelExport, emit: object) -> Exported:
        made.append(export)
        if export.dest.name.startswith("broken"):
            raise TrainingError("broken.onnx was not written: it differs.")
        emit({"event": "state", "state": "exporting"})  # type: ignore[operator]
        return Exported(export.dest, export.form, 1000, 20, True, 1e-7)

    module = types.ModuleType("landmark_gui.training.exporting")
    module.export_model = export_model  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    return made


def test_the_ending_of_dest_says_the_form(asked, capsys):
    assert main(["convert", "m.landmark-model", "out/m.onnx", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert asked == [ModelExport(Path("m.landmark-model"), Path("out/m.onnx"), "onnx")]
    assert (told["form"], told["path"]) == ("onnx", str(Path("out/m.onnx")))
    assert told["note"] == str(Path("out/m.onnx.json"))


def test_a_form_that_is_given_wins(asked, capsys):
    arguments = ["m.landmark-model", "m.tflite", "--format", "int8", "--project", "p.landmarks"]
    assert main(["convert", *arguments]) == 0
    assert (asked[0].form, asked[0].project) == ("int8", Path("p.landmarks"))
    printed = capsys.readouterr()
    assert "m.tflite" in printed.out and "Exporting" in printed.err


def test_int8_without_a_project_is_a_wrong_argument(asked, capsys):
    with pytest.raises(SystemExit) as caught:
        main(["convert", "m.landmark-model", "m.int8.tflite"])
    assert caught.value.code == 2 and "project" in capsys.readouterr().err
    assert not asked


def test_a_failure_is_one_line_and_code_1(asked, capsys):
    assert main(["convert", "m.landmark-model", "broken.onnx", "--json"]) == 1
    printed = capsys.readouterr()
    assert printed.out == "" and "it differs" in printed.err
