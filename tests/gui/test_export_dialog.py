"""Handing on the model of a run, with a small program in the place of the real process."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QFileDialog

from landmark_gui.core.model_export import Exported
from landmark_gui.gui.pages.runs.export_dialog import ExportDialog
from landmark_gui.jobs.worker_process import TrainingWorker

PREAMBLE = """
import json, os, sys, time
def say(**event): print(json.dumps(event), flush=True)
def listen(): return json.loads(sys.stdin.readline() or "null")
say(event="state", state="importing")
order = listen()
config = order["config"]
say(event="state", state="preparing")
say(event="preparing", done=3, total=7)
"""
EXPORTED = Exported(Path("x"), "int8", 660_000, 20, True, 0.03, 40, 38, 36)
DONE = f"""
metrics = {EXPORTED.to_dict()!r}
say(event="done", metrics=dict(metrics, path=config["dest"]))
"""

Opened = Callable[[str], ExportDialog]


@pytest.fixture
def opened(qtbot, context, open_document, photo_folder, tmp_path) -> Iterator[Opened]:
    """The dialog of a run, whose process is a program."""
    document = open_document(photo_folder(each=1))
    context.set_document(document)

    def make(program: str) -> ExportDialog:
        path = tmp_path / "child.py"
        path.write_text(PREAMBLE + program, "utf-8")
        log = tmp_path / "log" / "export.log"
        context._exporter = TrainingWorker([sys.executable, str(path)], log, context)
        model, start = tmp_path / "m.landmark-model", tmp_path / "towers"
        dialog = ExportDialog(context, document, model, start, None)
        qtbot.addWidget(dialog)
        dialog.open()
        return dialog

    yield make
    context.set_document(None)


def test_the_ending_follows_the_form_and_each_is_explained(opened, tmp_path):
    dialog = opened("")
    assert dialog.place.text() == str(tmp_path / "towers.tflite")
    said = set()
    for form, name in (
        ("int8", "towers.int8.tflite"),
        ("onnx", "towers.onnx"),
        ("savedmodel", "towers"),
        ("litert", "towers.tflite"),
    ):
        dialog.forms.set_value(form)
        assert dialog.place.text() == str(tmp_path / name)
        said.add(dialog.about.text())
    assert len(said) == 4 and all(said)


def test_a_name_of_the_persons_own_stays(opened, tmp_path):
    dialog = opened("")
    dialog.place.setText(str(tmp_path / "mine.bin"))
    dialog.forms.set_value("onnx")
    assert dialog.place.text() == str(tmp_path / "mine.bin")
    dialog.place.setText("relative.onnx")
    assert not dialog.go.isEnabled()
    dialog.place.setText("")
    assert not dialog.go.isEnabled()


def test_browsing_adds_the_ending(opened, tmp_path, monkeypatch):
    dialog = opened("")
    chosen = str(tmp_path / "other")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (chosen, ""))
    dialog.browse.click()
    assert dialog.place.text() == chosen + ".tflite"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    dialog.browse.click()
    assert dialog.place.text() == chosen + ".tflite"


def test_what_is_chosen_is_asked_for_and_what_it_costs_is_told(qtbot, opened, context, tmp_path):
    dialog = opened("import pathlib; pathlib.Path(config['dest']).write_text(str(config))" + DONE)
    dialog.forms.set_value("int8")
    dialog.go.click()
    assert dialog.progress.isVisible() and not dialog.go.isEnabled()
    qtbot.waitUntil(dialog.told.isVisible, timeout=15_000)
    assert "38 of 40 before (95.0%), 36 of 40 now (90.0%)" in dialog.told.text()
    assert "towers.int8.tflite.json says how to use it" in dialog.told.text()
    assert not dialog.progress.isVisible() and dialog.go.isEnabled()
    asked = (tmp_path / "towers.int8.tflite").read_text()
    assert str(context.document.path) in asked and "'form': 'int8'" in asked


def test_a_file_that_is_there_is_refused_at_once(opened, context, tmp_path):
    dialog = opened(DONE)
    (tmp_path / "towers.tflite").write_bytes(b"mine")
    dialog.start()
    assert "towers.tflite is there already" in dialog.banner.text()
    assert context.exporter.task == "" and dialog.go.isEnabled()
    assert (tmp_path / "towers.tflite").read_bytes() == b"mine"


def test_progress_is_told_and_a_failure_too(qtbot, opened):
    dialog = opened(
        "assert sys.stdin.readline()\nsay(event='failed', message='x is there already.')\n"
        "sys.exit(1)"
    )
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.progress.bar.maximum() == 7, timeout=15_000)
    assert dialog.progress.bar.value() == 3
    assert dialog.close_button.text() == "Cancel"
    dialog._exporter._supervisor.send({"command": "go on"})
    qtbot.waitUntil(dialog.banner.isVisible, timeout=15_000)
    assert "is there already" in dialog.banner.text() and dialog.go.isEnabled()


def test_a_process_that_crashes_is_told(qtbot, opened):
    dialog = opened("sys.exit(5)")
    dialog.go.click()
    qtbot.waitUntil(dialog.banner.isVisible, timeout=15_000)
    assert "was not exported" in dialog.banner.text() and "exit code 5" in dialog.banner.text()


def test_closing_cancels(qtbot, opened, context):
    dialog = opened("assert listen()['command'] == 'cancel'\nsay(event='cancelled')")
    dialog.go.click()
    qtbot.waitUntil(lambda: dialog.progress.bar.maximum() == 7, timeout=15_000)
    with qtbot.waitSignal(context.exporter.finished, timeout=15_000) as caught:
        dialog.close_button.click()
    assert caught.args[0].kind == "cancelled" and not context.exporter.task


def test_a_second_export_waits_its_turn(qtbot, opened, context):
    from landmark_gui.core.model_export import ModelExport

    dialog = opened("time.sleep(600)")
    context.exporter.convert(ModelExport(Path("m"), Path("x"), "onnx"))
    dialog.go.click()
    assert "not ended" in dialog.banner.text()
    assert dialog.go.isEnabled() and not dialog.progress.isVisible()
