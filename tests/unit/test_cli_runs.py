"""`landmark-gui runs` and `train --resume`, without TensorFlow."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from landmark_gui import cli
from landmark_gui.core.run_folder import RunFolder
from landmark_gui.core.runs import TrainConfig
from landmark_gui.core.unknown import UnknownRule

FIGURES = {
    "accuracy": 0.75,
    "examples": 4,
    "confusion": [[1]],
    "chance": 0.5,
    "macro_f1": 0.7,
    "skipped": [],
    "probe": None,
    "unknown": UnknownRule().to_dict(),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    path = tmp_path / "p.landmarks"
    path.write_bytes(b"")
    return path


def unfinished(project: Path, **values: Any) -> str:
    run = RunFolder.begin(project.with_suffix(".data") / "runs")
    config = TrainConfig("elsewhere", "old.landmark-model", recipe="scratch", **values)
    run.write("config.json", config.to_dict())
    run.write("history.json", {"loss": [1.0, 0.5]})
    run.write_state("cancelled")
    run.release()
    return run.id


def complete(project: Path) -> str:
    run = RunFolder.begin(project.with_suffix(".data") / "runs")
    run.write("config.json", TrainConfig("p", "m", recipe="scratch").to_dict())
    run.write("metrics.json", FIGURES)
    (run.path / "notes.txt").write_text("the good one")
    return run.finish().name


def test_runs_are_listed_for_people_and_for_programs(project: Path, capsys) -> None:
    stopped, done = unfinished(project), complete(project)
    assert cli.main(["runs", str(project)]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith(f"{done}  complete  scratch") and first.endswith("the good one")
    assert "75% (30–95)" in first
    assert second.startswith(f"{stopped}  stopped after 2 epochs  scratch")
    assert cli.main(["runs", str(project), "--json"]) == 0
    values = json.loads(capsys.readouterr().out)
    assert [value["id"] for value in values] == [done, stopped]
    assert values[0]["interval"][0] < values[0]["accuracy"] < values[0]["interval"][1]
    assert (values[1]["state"], values[1]["epochs"]) == ("cancelled", 2)


def test_without_runs_or_a_project_that_is_said(project: Path, capsys) -> None:
    assert cli.main(["runs", str(project)]) == 0
    assert "No training has been kept yet." in capsys.readouterr().out
    assert cli.main(["runs", str(project) + "x"]) == 1
    assert "There is no project" in capsys.readouterr().err


@pytest.fixture
def resumed(monkeypatch: pytest.MonkeyPatch) -> list[tuple[TrainConfig, str]]:
    """What a training was asked to go on with, in place of TensorFlow's."""
    asked: list[tuple[TrainConfig, str]] = []

    def train(config: TrainConfig, emit: object, resume: str) -> dict[str, Any]:
        asked.append((config, resume))
        return FIGURES

    monkeypatch.setitem(sys.modules, "landmark_gui.training.train", SimpleNamespace(train=train))
    return asked


@pytest.mark.parametrize("named", [True, False])
def test_a_training_goes_on_with_its_own_settings(project: Path, resumed, named: bool) -> None:
    chosen = unfinished(project, epochs=7)
    other = unfinished(project, epochs=9)
    id_ = [chosen] if named else []
    out = ["--out", "new.landmark-model", "--epochs", "3"]
    assert cli.main(["train", str(project), *out, "--resume", *id_]) == 0
    ((config, resume),) = resumed
    assert (resume, config.epochs) == ((chosen, 7) if named else (other, 9))
    assert (config.project, config.out) == (str(project), "new.landmark-model")


def test_one_that_failed_at_once_is_not_gone_on_with(project: Path, resumed) -> None:
    chosen = unfinished(project)
    failed = RunFolder.begin(project.with_suffix(".data") / "runs")
    failed.write("config.json", TrainConfig("p", "m").to_dict())
    failed.write_state("failed", "The disk is nearly full.")
    failed.release()
    assert cli.main(["train", str(project), "--out", "m", "--resume"]) == 0
    assert resumed[0][1] == chosen


def test_without_an_unfinished_run_there_is_nothing_to_go_on_with(
    project: Path, resumed, capsys
) -> None:
    complete(project)
    assert cli.main(["train", str(project), "--out", "m", "--resume"]) == 1
    assert "no unfinished training" in capsys.readouterr().err
    assert cli.main(["train", str(project), "--out", "m", "--resume", "20200101"]) == 1
    assert "no run 20200101" in capsys.readouterr().err
    assert not resumed
