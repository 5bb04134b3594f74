"""The folder of a run: its two names, its lock, and what stays of a run that did not end."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from landmark_gui.core.errors import TrainingError
from landmark_gui.core.run_folder import RunFolder, is_running
from landmark_gui.core.run_list import read_runs
from landmark_gui.core.runs import TrainConfig

CONFIG = TrainConfig("p.landmarks", "m.landmark-model", recipe="scratch")
HOLDER = """
import sys, time
from pathlib import Path
from landmark_gui.core.run_folder import RunFolder
run = RunFolder.begin(Path(sys.argv[1]) / "runs")
run.write("config.json", {"recipe": "scratch"})
run.write_state("running")
print(run.id, flush=True)
time.sleep(600)
"""


def begun(data: Path) -> RunFolder:
    run = RunFolder.begin(data / "runs")
    run.write("config.json", CONFIG.to_dict())
    return run


def test_a_run_has_its_final_name_only_when_it_is_complete(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.write_state("running")
    (run.path / "checkpoint").mkdir()
    (unfinished,) = (tmp_path / "runs").iterdir()
    assert unfinished.suffix == ".tmp"
    final = run.finish()
    assert list((tmp_path / "runs").iterdir()) == [final] and final.name == run.id
    assert [path.name for path in final.iterdir()] == ["config.json"]
    assert json.loads((final / "config.json").read_text("utf-8"))["recipe"] == "scratch"


def test_two_runs_never_share_a_folder(tmp_path: Path) -> None:
    first, second = RunFolder.begin(tmp_path), RunFolder.begin(tmp_path)
    assert first.finish() != second.finish()


def test_only_one_process_goes_on_with_a_run(tmp_path: Path) -> None:
    run = begun(tmp_path)
    with pytest.raises(TrainingError, match="already"):
        RunFolder.reopen(tmp_path / "runs", run.id)
    run.release()
    again = RunFolder.reopen(tmp_path / "runs", run.id)
    assert (again.path, again.id) == (run.path, run.id)
    again.release()


@pytest.mark.parametrize("name", ["20260101-000000-000000", "..", "../runs", ""])
def test_a_run_that_is_not_there_cannot_be_gone_on_with(tmp_path: Path, name: str) -> None:
    begun(tmp_path).release()
    with pytest.raises(TrainingError, match="no unfinished run"):
        RunFolder.reopen(tmp_path / "runs", name)


def test_a_killed_process_leaves_an_interrupted_run(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    try:
        id_ = process.stdout.readline().strip()
        (run,) = read_runs(tmp_path)
        assert (run.id, run.state, run.can_resume) == (id_, "running", False)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()
    (run,) = read_runs(tmp_path)
    assert (run.state, run.can_resume) == ("interrupted", True)
    assert not is_running(run.folder)


def test_a_lock_that_is_a_link_is_never_followed(tmp_path: Path) -> None:
    run = begun(tmp_path)
    run.release()
    target = tmp_path / "precious"
    target.write_text("mine")
    (run.path / "lock").unlink(missing_ok=True)
    (run.path / "lock").symlink_to(target)
    assert not is_running(run.path)
    RunFolder.reopen(tmp_path / "runs", run.id).release()
    assert target.read_text() == "mine"
