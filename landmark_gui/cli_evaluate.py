"""`landmark-gui evaluate`: how good a model is on a project, in words and as files."""

from __future__ import annotations

import argparse
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from landmark_gui import cli_arguments
from landmark_gui.cli_output import Result, progress_of, tell_skipped, writing
from landmark_gui.core.i18n import ntr, tr

if TYPE_CHECKING:
    from landmark_gui.core.evaluation import Evaluation, Part

SPLITS: dict[str, Part] = {
    "test": "test",
    "val": "validation",
    "train": "train",
    "all": "all",
}
MISTAKES_TOLD = 10


def add_options(command: argparse.ArgumentParser) -> None:
    """What is asked, and where the result goes besides."""
    cli_arguments.add_model(command)
    cli_arguments.add_project(command)
    command.add_argument(
        "--split",
        choices=tuple(SPLITS),
        default="test",
        help=tr("the photos to ask about, as the training shared them out (default: test)"),
    )
    command.add_argument(
        "--report",
        type=Path,
        metavar="FILE.html",
        help=tr("write a report with the pictures of all mistakes as well"),
    )
    command.add_argument(
        "--csv",
        type=Path,
        metavar="FILE",
        help=tr("write a table with a row for each example as well"),
    )


def evaluate(arguments: argparse.Namespace) -> Result:
    """Ask a model about a project whose landmarks are known."""
    from landmark_gui.core.evaluation.report import as_json
    from landmark_gui.inference.bundle import read_bundle
    from landmark_gui.inference.evaluation import evaluated, nothing_to_test

    bundle = read_bundle(arguments.model)
    _check_places(arguments)
    part, project = SPLITS[arguments.split], arguments.project
    evaluation = evaluated(bundle, project, part, progress_of(tr("photos")))
    tell_skipped(evaluation.skipped)
    if not evaluation.answers:
        raise nothing_to_test(project)
    written = _write(arguments, evaluation)
    value = as_json(evaluation) | {"written": [str(path) for path in written]}
    return value, "\n".join(_words(evaluation, written))


def _check_places(arguments: argparse.Namespace) -> None:
    """Before anything is asked: no file goes among the photos, or over what it is made from."""
    from landmark_gui.core.evaluation.report import check_place
    from landmark_gui.core.paths import is_same_file
    from landmark_gui.core.store import ProjectStore

    places = [path for path in (arguments.report, arguments.csv) if path is not None]
    if len({path.resolve() for path in places}) < len(places):
        arguments.refuse(tr("--report and --csv name the same file."))
    for path in places:
        if is_same_file(path, arguments.project) or is_same_file(path, arguments.model):
            arguments.refuse(
                tr("{path} is the project or the model. Choose another file.", path=path)
            )
    if places:
        with ProjectStore.open(arguments.project, read_only=True) as store:
            for path in places:
                check_place(path, store.photos_dir)


def _write(arguments: argparse.Namespace, evaluation: Evaluation) -> list[Path]:
    """The files that were asked for."""
    from landmark_gui.core.evaluation.html_report import About, write_html
    from landmark_gui.core.evaluation.report import write_csv

    written = []
    if arguments.report is not None:
        about = About(arguments.project.stem, datetime.now())
        with writing(arguments.report):
            write_html(arguments.report, evaluation, about, progress_of(tr("pictures")))
        written.append(arguments.report)
    if arguments.csv is not None:
        with writing(arguments.csv):
            write_csv(arguments.csv, evaluation)
        written.append(arguments.csv)
    return written


def _words(evaluation: Evaluation, written: list[Path]) -> list[str]:
    from landmark_gui.core.evaluation import figures_of, texts
    from landmark_gui.core.evaluation.calibration import calibration_of
    from landmark_gui.core.evaluation.mistakes import mistakes

    figures, wrong = figures_of(evaluation), mistakes(evaluation.answers)
    named = texts.figure_lines(figures, calibration_of(evaluation))
    lines = [
        f"{texts.part_name(evaluation.part)}: {texts.headline(figures)}",
        texts.meaning(figures, evaluation.part),
        " · ".join(f"{name} {value}" for name, value, _ in named),
        *texts.left_out_lines(evaluation),
    ]
    if wrong:
        lines.append(
            ntr("{n} mistake, the surest first:", "{n} mistakes, the surest first:", len(wrong))
        )
        lines += [f"  {texts.answer_text(answer)}" for answer in wrong[:MISTAKES_TOLD]]
    if len(wrong) > MISTAKES_TOLD:
        more = tr("… and {n} more; --json names them all.", n=len(wrong) - MISTAKES_TOLD)
        lines.append(f"  {more}")
    return lines + [tr("Written: {path}", path=path) for path in written]
