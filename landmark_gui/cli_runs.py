"""`landmark-gui runs` and `train --resume`: the trainings that were kept beside a project."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui.cli_output import Result
from landmark_gui.core.errors import ProjectError, TrainingError
from landmark_gui.core.i18n import tr
from landmark_gui.core.paths import data_folder

if TYPE_CHECKING:
    from landmark_gui.core.run_list import Run
    from landmark_gui.core.runs import TrainConfig

NEWEST = ""
"""The value of `--resume` without an id."""


def run(arguments: argparse.Namespace) -> Result:
    """List the runs of a project."""
    from landmark_gui.core.run_list import read_runs

    if not arguments.project.is_file():
        raise ProjectError(tr("There is no project {path}.", path=arguments.project))
    runs = read_runs(data_folder(arguments.project))
    lines = [_line(run) for run in runs]
    return [_value(run) for run in runs], "\n".join(lines or [tr("No training has been kept yet.")])


def to_resume(project: Path, out: Path, id_: str) -> tuple[TrainConfig, str]:
    """The settings of an unfinished run, and its id.

    Args:
        id_: `NEWEST` for the newest one.

    Raises:
        TrainingError: if there is none, or this version cannot read its settings.
    """
    from landmark_gui.core.run_list import find_run, read_runs

    if id_ == NEWEST:
        runs = [run for run in read_runs(data_folder(project)) if _was_cut_short(run)]
        if not runs:
            text = tr("There is no unfinished training of {path} to go on with.", path=project)
            raise TrainingError(text)
        chosen = runs[0]
    else:
        chosen = find_run(data_folder(project), id_)
    return replace(chosen.train_config(), project=str(project), out=str(out)), chosen.id


def _was_cut_short(run: Run) -> bool:
    """Whether it is unfinished, and did not fail before it had learned anything."""
    return run.can_resume and (run.state != "failed" or bool(run.epochs))


def _line(run: Run) -> str:
    from landmark_gui.core import run_texts

    parts = [
        run.id,
        run_texts.state_text(run),
        run_texts.recipe_text(run),
        run_texts.data_text(run) if run.state == "done" else "",
        run_texts.accuracy_text(run),
        run.note.replace("\n", " "),
    ]
    return "  ".join(filter(None, parts))


def _value(run: Run) -> dict[str, Any]:
    interval = run.interval
    return {
        "id": run.id,
        "state": run.state,
        "problem": run.problem,
        "config": dict(run.config),
        "data": run.data,
        "epochs": run.epochs,
        "accuracy": run.accuracy,
        "interval": None if interval is None else [interval.low, interval.high],
        "examples": run.tested,
        "validation_accuracy": run.validation_accuracy,
        "seconds": run.seconds,
        "bytes": run.size,
        "note": run.note,
        "model": None if run.model is None else str(run.model),
    }
